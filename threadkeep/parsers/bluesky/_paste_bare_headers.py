"""Find where posts begin in a copy of bsky.app that kept nothing but the handles of authors.

    Reposted by Mira Lane
    odo.example.org
    A body.

Such a handle looks like a link typed on a line of its own, and like the domain that ends a link card. It begins a post
only where the shape of the whole copy supports that; in doubt the line is text.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from threadkeep.parsers.bluesky._paste_lines import MAX_APP_LINE, MAX_NAME
from threadkeep.parsers.bluesky._paste_region import BELOW_POSTS, MARKERS, NOT_A_NAME_ENDINGS, PostHeader, Region
from threadkeep.text.entities import find_links, has_known_tld

HOSTS = (".bsky.social", ".brid.gy", ".blacksky.app", ".eurosky.social", ".northsky.social")
"""Domains under which people are given handles and nobody keeps pages to link to."""

_LINKED_DOMAINS = frozenset(
    """t.co bit.ly lnkd.in arxiv.org doi.org dx.doi.org github.com gist.github.com huggingface.co youtu.be youtube.com
    en.wikipedia.org docs.google.com drive.google.com scholar.google.com forms.gle open.spotify.com medium.com
    openreview.net papers.ssrn.com biorxiv.org osf.io ssrn.com x.com twitter.com reddit.com imgur.com media.tenor.com
    tenor.com giphy.com apps.apple.com amazon.com amzn.to bsky.app go.bsky.app tinyurl.com buff.ly""".split()
)
"""Domains that cards often name; none of them is a person's handle unless a marker says so."""

_LEADS_TO_LINK = (":", "：", "→", "👉", "👇", "⬇️", ",", "(")
_CARD_LINES = 6
"""A card is looked for in so many lines above its domain."""
_SEARCH_LIMIT = 2000


def find_bare_headers(region: Region) -> list[PostHeader]:
    """The headers that are a handle alone, with the name above it where the same one stands there every time."""
    finder = _BareHandles(region)
    return _with_names(region, finder.headers())


class _BareHandles:
    """The handles that stand alone on a line, and what the whole copy says of them.

    ``_recurring`` are the handles that open more than one post. The first post is decided last, since a domain right
    above the next header ends a card.
    """

    def __init__(self, region: Region) -> None:
        self._region = region
        self._lines = region.lines
        kind = "at" if region.opens_with("at") else "handle"
        self._places = [
            at for at in range(region.start, region.stop) if self._lines[at].kind == kind or self._is_signed(at)
        ]
        places = frozenset(self._places)
        openings = Counter(self._lines[at].value for at in self._places if not self._ends_post(at, places))
        self._recurring = {handle for handle, count in openings.items() if count > 1}
        certain = [at for at in self._places if self._is_marked(at) or self._is_person(self._lines[at].value)]
        self._blank_above = any(at > region.start and region.has_gap_below(at - 1) for at in certain)
        self._blank_below = any(at + 1 < region.stop and region.has_gap_below(at) for at in certain)

    def headers(self) -> list[PostHeader]:
        """The headers in order."""
        found: list[PostHeader] = []
        begun: set[int] = set()
        for at, before in zip(self._places[::-1], [*self._places[-2::-1], self._region.start - 1], strict=False):
            if self._begins_post(at, before, begun):
                begun.add(at)
                named = self._has_name(at)
                name = self._lines[at - 1].text if named else None
                found.append(PostHeader(at - named, at + 1, self._lines[at].value, name))
        return found[::-1]

    def _begins_post(self, at: int, before: int, begun: Collection[int]) -> bool:
        """Whether the handle at ``at`` begins a post; ``before`` is the one above it, ``begun`` are those below."""
        line = self._lines[at]
        if self._is_marked(at):
            return bool(line.value)
        ends = self._ends_post(at, begun)
        if line.kind == "at" and ends and line.value != self._region.owner and line.value not in self._recurring:
            return False
        if line.value.endswith(HOSTS):
            return True
        if self._is_person(line.value):
            return not (ends and self._ends_card(at, before))
        if not has_known_tld(line.value):
            return False
        if at == self._region.start:
            return not ends
        return not ends and self._is_plausible(at, before)

    def _is_plausible(self, at: int, before: int) -> bool:
        """Whether a domain seen once may be an author: no link text leads to it, and it is spaced as others are."""
        domain = self._lines[at].value
        if domain.startswith("www.") or domain in _LINKED_DOMAINS:
            return False
        if before == at - 1 and (self._is_marked(before) or self._is_person(self._lines[before].value)):
            return False
        if self._lines[at - 1].text.endswith(_LEADS_TO_LINK):
            return False
        above, below = self._region.has_gap_below(at - 1), self._region.has_gap_below(at)
        return (self._blank_above or not above) and (self._blank_below or not below)

    def _ends_post(self, at: int, begun: Collection[int]) -> bool:
        """Whether no text of a post can follow: the copy ends, or the next post or a count begins."""
        below = at + 1
        return below >= self._region.stop or below in begun or self._lines[below].kind in (*MARKERS, *BELOW_POSTS)

    def _is_person(self, handle: str) -> bool:
        if handle == self._region.owner or handle.endswith(HOSTS):
            return True
        return handle in self._recurring and handle not in _LINKED_DOMAINS

    def _is_signed(self, at: int) -> bool:
        """Whether a handle of either kind stands below a marker, or below a name below a marker."""
        return self._lines[at].kind in ("at", "handle") and self._is_marked(at)

    def _is_marked(self, at: int) -> bool:
        return self._region.is_marked(at) or self._has_name(at)

    def _has_name(self, at: int) -> bool:
        """Whether a name stands between a marker and the handle."""
        if at - 1 <= self._region.start or not self._region.is_marked(at - 1):
            return False
        above = self._lines[at - 1]
        return above.kind == "text" and len(above.text) <= MAX_NAME and not above.text.endswith(NOT_A_NAME_ENDINGS)

    def _ends_card(self, at: int, before: int) -> bool:
        """Whether a domain that is also a person's handle ends a link card of the post above it."""
        above = self._lines[max(before + 1, at - _CARD_LINES) : at]
        if not above or self._region.has_gap_below(at - 1):
            return False
        domain = self._lines[at].value
        if any(_is_at(link.url, domain) for line in above for link in find_links(line.text[:_SEARCH_LIMIT])):
            return True
        texts = [line for line in above if line.kind == "text"]
        if len(texts) < 2 or any(upper.number + 1 < lower.number for upper, lower in pairwise(texts[-2:])):
            return False
        return not texts[-1].text.endswith(NOT_A_NAME_ENDINGS) and len(texts[-1].text) <= MAX_APP_LINE


def _with_names(region: Region, headers: Sequence[PostHeader]) -> list[PostHeader]:
    """``headers`` with the names above them, where the same one stands above a handle every time."""
    above: dict[str | None, Counter[str]] = {}
    for header in headers:
        above.setdefault(header.handle, Counter())[_text_above(region, header)] += 1
    steady = {handle: counts.most_common(1)[0][0] for handle, counts in above.items() if len(counts) == 1}
    names = {handle: name for handle, name in steady.items() if name and above[handle][name] > 1}
    if region.owner_name is not None:
        names[region.owner] = region.owner_name
    return [
        replace(header, start=header.start - 1, name=names[header.handle])
        if header.name is None and names.get(header.handle) == _text_above(region, header)
        else header
        for header in headers
    ]


def _text_above(region: Region, header: PostHeader) -> str:
    """The line right above a header if it may be a name, else an empty string."""
    above = region.lines[header.start - 1] if header.start > region.start else None
    return above.text if above and above.kind == "text" and len(above.text) <= MAX_NAME else ""


def _is_at(url: str | None, domain: str) -> bool:
    host = (url or "").partition("://")[2].split("/")[0].lower()
    return host.removeprefix("www.") == domain.removeprefix("www.")
