"""Find where posts begin in lines copied from bsky.app: the author above each, with what the app says beside them.

Three shapes occur. A copy of the page has name, handle and time, each on a line or all on one; the post that a page is
about has no time there; and some copies keep nothing but the handle:

    Mira Lane                Mira Lane                 Reposted by Mira Lane
    @mira.example.com        @mira.example.com         odo.example.org
    · 3h                     A body.                   A body.
    A body.                  July 27, 2024 at 3:45 PM

The last looks like a link typed on a line of its own, and like the domain that ends a link card. It begins a post only
where the shape of the whole dump bears that out; in doubt a line is text.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from threadkeep.parsers.bluesky._paste_lines import (
    LONGEST_MARK,
    LONGEST_NAME,
    Line,
    handle_of,
    has_clock,
    is_of_thread_page,
    name_and_handle,
    names_somebody,
    solid_lines,
)
from threadkeep.text.entities import find_links, has_known_tld

_ONE_LINE = re.compile(r"(?P<name>.*?)\s*\(?@(?P<handle>[A-Za-z0-9.-]+)\)?(?:\s*[·•]\s*|\s+(?=\d))(?P<time>.+)")
_BARE_ONE_LINE = re.compile(r"(?P<handle>[A-Za-z0-9.-]+)\s*[·•]\s*(?P<time>.+)")
HOSTS = (".bsky.social", ".brid.gy", ".blacksky.app", ".eurosky.social", ".northsky.social")
"""Domains under which people are given handles and nobody keeps pages to link to."""
_LINKED = frozenset(
    """t.co bit.ly lnkd.in arxiv.org doi.org dx.doi.org github.com gist.github.com huggingface.co youtu.be youtube.com
    en.wikipedia.org docs.google.com drive.google.com scholar.google.com forms.gle open.spotify.com medium.com
    openreview.net papers.ssrn.com biorxiv.org osf.io ssrn.com x.com twitter.com reddit.com imgur.com media.tenor.com
    tenor.com giphy.com apps.apple.com amazon.com amzn.to bsky.app go.bsky.app tinyurl.com buff.ly""".split()
)
"""Domains that cards name all the time; none of them is somebody's handle without a marker saying so."""
_MARKERS = ("pinned", "repost", "reply")
_AFTER_POSTS = ("number", "stats", "chrome", "badge", "clock")
_LEADS_TO_LINK = (":", "：", "→", "👉", "👇", "⬇️", ",", "(")
_NO_NAME_ENDS = (".", "!", "?", ":", ",", ";", "…", "。")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a post: places ``first`` to ``after`` in the list of lines.

    ``timed``: a time stands there, as in every list of posts. ``reposter`` and ``replied`` are names as the app shows
    them.
    """

    first: int
    after: int
    handle: str | None
    name: str | None = None
    when: str | None = None
    timed: bool = False
    pinned: bool = False
    reposter: str | None = None
    replied: str | None = None


def find_heads(lines: Sequence[Line], start: int, stop: int, owner: str | None, owner_name: str | None) -> list[Head]:
    """The heads between two places in ``lines``, in order. ``owner`` is the handle of whoever's profile this is."""
    region = _Region(lines, start, stop, owner, owner_name)
    heads = _without_names(lines, region.timed_heads())
    heads = sorted([*heads, *region.untimed_heads(heads)], key=lambda head: head.first)
    heads = [*heads, *region.marked_heads(heads)] if heads else region.bare_heads()
    heads.sort(key=lambda head: head.first)
    return _with_markers(lines, _with_steady_names(lines, heads, owner, owner_name), start, owner_name)


def is_full(heads: Collection[Head]) -> bool:
    """Whether the copy shows names or times, as the page does, rather than handles alone."""
    return any(head.timed or head.name for head in heads)


def _without_names(lines: Sequence[Line], heads: list[Head]) -> list[Head]:
    """Some copies have no names above the handles; what stands there ends the post before, and differs every time."""
    again = [counts for counts in _names_of(heads).values() if counts.total() > 1]
    if sum(len(counts) > 1 for counts in again) <= sum(len(counts) == 1 for counts in again):
        return heads
    return [_nameless(lines, head) for head in heads]


def _with_steady_names(lines: Sequence[Line], heads: list[Head], owner: str | None, name: str | None) -> list[Head]:
    """The heads, without what stands where a name would but is not the one that the handle has elsewhere."""
    steady = {}
    for handle, counts in _names_of(heads).items():
        (first, most), *others = counts.most_common(2)
        if most > 1 and not (others and others[0][1] == most):
            steady[handle] = first
    if name is not None:
        steady[owner] = name
    return [
        _nameless(lines, head) if head.name is not None and steady.get(head.handle, head.name) != head.name else head
        for head in heads
    ]


def _names_of(heads: Sequence[Head]) -> dict[str | None, Counter[str]]:
    names: dict[str | None, Counter[str]] = {}
    for head in heads:
        if head.name is not None:
            names.setdefault(head.handle, Counter())[head.name] += 1
    return names


def _nameless(lines: Sequence[Line], head: Head) -> Head:
    """The head without the line of its name; a name beside the handle stays."""
    alone = head.name is not None and lines[head.first].text == head.name
    return replace(head, first=head.first + 1, name=None) if alone else head


def _with_markers(lines: Sequence[Line], heads: list[Head], start: int, owner_name: str | None) -> list[Head]:
    """The heads with the lines above them that say pinned, reposted by, or reply to."""
    names = {name.casefold() for head in heads for name in (head.name, head.handle) if name}
    names |= {"you", "a post", "a blocked post", "an unknown post", (owner_name or "you").casefold()}
    marked = []
    floor = start
    for head in heads:
        above = head.first - 1
        while above >= floor and lines[above].kind in _MARKERS:
            line = lines[above]
            if line.kind == "reply" and not names_somebody(line, names):
                break
            if line.kind == "pinned":
                head = replace(head, pinned=True)  # noqa: PLW2901 - grown line by line
            elif line.kind == "repost":
                head = replace(head, reposter=line.value)  # noqa: PLW2901 - grown line by line
            else:
                head = replace(head, replied=line.value)  # noqa: PLW2901 - grown line by line
            above -= 1
        marked.append(replace(head, first=above + 1))
        floor = head.after
    return marked


class _Region:
    """The lines among which heads are looked for, and what is known of whose they are."""

    def __init__(self, lines: Sequence[Line], start: int, stop: int, owner: str | None, owner_name: str | None) -> None:
        self.lines = lines
        self.start = start
        self.stop = stop
        self.owner = owner
        self.owner_name = owner_name

    def timed_heads(self) -> list[Head]:
        """Heads with a time: nothing else looks like them."""
        heads: list[Head] = []
        floor = self.start
        for at in range(self.start, self.stop):
            if at < floor:
                continue
            head = self._one_line_head(at, floor) if self.lines[at].kind == "text" else self._timed_head(at, floor)
            if head is not None:
                heads.append(head)
                floor = head.after
        return heads

    def _one_line_head(self, at: int, floor: int) -> Head | None:
        text = self.lines[at].text
        if len(text) > LONGEST_MARK or not ("@" in text or "·" in text or "•" in text):
            return None
        if (pair := name_and_handle(text)) is not None and (time := self._time_below(at)) is not None:
            return Head(at, time[1], pair[1], pair[0], time[0].value, timed=True)
        match = _ONE_LINE.fullmatch(text) or _BARE_ONE_LINE.fullmatch(text)
        if match is None or (handle := handle_of(match["handle"])) is None or not is_time(match["time"]):
            return None
        if name := match.groupdict().get("name"):
            return Head(at, at + 1, handle, name, match["time"], timed=True)
        above = self._name_above(at, floor) if "@" in text else None
        return Head(at - (above is not None), at + 1, handle, above, match["time"], timed=True)

    def _timed_head(self, at: int, floor: int) -> Head | None:
        line = self.lines[at]
        if line.kind not in ("at", "handle"):
            return None
        below = self._time_below(at)
        if below is None:
            return None
        time, after = below
        if line.kind == "handle":
            # Under a link card stands its domain, and then, on the page of one post, date and hour.
            return None if has_clock(time) else Head(at, after, line.value, None, time.value, timed=True)
        name = self._name_above(at, floor)
        return Head(at - (name is not None), after, line.value or None, name, time.value, timed=True)

    def _time_below(self, at: int) -> tuple[Line, int] | None:
        """The line under ``at`` that names a time, past a dot, and the place after it."""
        place = at + 1
        if place < self.stop and self.lines[place].kind == "dot":
            place += 1
        if place >= self.stop or self.lines[place].kind != "time":
            return None
        return self.lines[place], place + 1

    def _name_above(self, at: int, floor: int) -> str | None:
        if at <= floor:
            return None
        above = self.lines[at - 1]
        named = above.kind in ("text", "handle", "tab", "button") and len(above.text) <= LONGEST_NAME
        return above.text if named else None

    def untimed_heads(self, timed: Sequence[Head]) -> list[Head]:
        """Heads of name and handle: the post that a page is about, and copies that left the times out."""
        taken = {place for head in timed for place in range(head.first, head.after)}
        names = {head.handle: head.name for head in timed} | {self.owner: self.owner_name}
        pairs = [
            pair for at in range(self.start, self.stop) if at not in taken and (pair := self._pair(at)) is not None
        ]
        again = {pair for pair, count in Counter((head.handle, head.name) for head in pairs).items() if count > 1}
        heads: list[Head] = []
        anchored = False
        for head in pairs:
            at = head.after - 1
            known = (head.handle in names and names[head.handle] == head.name) or (head.handle, head.name) in again
            if not known and (head.first == at or (heads and heads[-1].after >= head.first)):
                # A mention in a sentence; or one right under another head, that ends the post on a line of its own.
                continue
            anchor = not anchored and self._is_anchor(at)
            if known or anchor or self._stands_out(at, head.name or "", bool(timed)):
                heads.append(head)
                anchored = anchored or anchor
        return heads

    def _pair(self, at: int) -> Head | None:
        """A name and a handle, on two lines or on one."""
        line = self.lines[at]
        if line.kind == "at" and (name := self._name_above(at, self.start)) is not None:
            return Head(at - 1, at + 1, line.value or None, name)
        pair = name_and_handle(line.text) if line.kind == "text" else None
        return Head(at, at + 1, pair[1], pair[0]) if pair else None

    def _is_anchor(self, at: int) -> bool:
        """Whether the pair at ``at`` heads the post a page is about: it stands apart, and date and hour come below."""
        if at - 1 > self.start and self.lines[at - 2].kind not in _AFTER_POSTS:
            return False
        return any(has_clock(line) or is_of_thread_page(line) for line in self.lines[at + 1 : min(at + 60, self.stop)])

    def _stands_out(self, at: int, name: str, timed: bool) -> bool:
        if at - 1 > self.start and self.lines[at - 2].kind in ("pinned", "repost"):
            return True
        if at + 1 < self.stop and self.lines[at + 1].kind == "button":
            return True
        return (
            not timed and (at - 1 == self.start or not name.endswith(_NO_NAME_ENDS)) and self._opens_with("any", "at")
        )

    def _opens_with(self, *kinds: str) -> bool:
        """Whether the first lines, past markers, are of these kinds; ``any`` is any but a handle with ``@``."""
        first = self.start
        while first < self.stop and self.lines[first].kind in _MARKERS:
            first += 1
        found = [line.kind for line in self.lines[first : min(first + len(kinds), self.stop)]]
        return len(found) == len(kinds) and all(
            kind != "at" if wanted == "any" else kind == wanted for kind, wanted in zip(found, kinds, strict=True)
        )

    def marked_heads(self, known: Sequence[Head]) -> list[Head]:
        """Bare handles right under a marker, in a copy that shows names elsewhere."""
        taken = {place for head in known for place in range(head.first, head.after)}
        return [
            Head(at, at + 1, self.lines[at].value)
            for at in range(self.start + 1, self.stop)
            if at not in taken and self.lines[at].kind == "handle" and self.lines[at - 1].kind in ("pinned", "repost")
        ]

    def bare_heads(self) -> list[Head]:
        """Heads of a handle alone, decided from the end: a domain right above the next head ends a card."""
        kind = "at" if self._opens_with("at") else "handle"
        bare = [at for at in range(self.start, self.stop) if self.lines[at].kind == kind or self._is_signed(at)]
        places = frozenset(bare)
        openings = Counter(self.lines[at].value for at in bare if not self._ends_here(at, places))
        recurring = {handle for handle, count in openings.items() if count > 1}
        heads: list[Head] = []
        begun: set[int] = set()
        spaced = self._spacing(bare, recurring)
        for at, before in zip(bare[::-1], [*bare[-2::-1], self.start - 1], strict=False):
            if self._begins(at, before, begun, recurring, spaced):
                begun.add(at)
                named = self._is_named(at)
                heads.append(Head(at - named, at + 1, self.lines[at].value, self.lines[at - 1].text if named else None))
        return self._with_names(heads[::-1])

    def _with_names(self, heads: list[Head]) -> list[Head]:
        """The heads with the names above them, where the same one stands above a handle every time."""
        above: dict[str | None, Counter[str]] = {}
        for head in heads:
            above.setdefault(head.handle, Counter())[self._text_above(head)] += 1
        names = {handle: counts.most_common(1)[0][0] for handle, counts in above.items() if len(counts) == 1}
        shown = {handle: name for handle, name in names.items() if name and above[handle][name] > 1}
        if self.owner_name is not None:
            shown[self.owner] = self.owner_name
        return [
            replace(head, first=head.first - 1, name=shown[head.handle])
            if head.name is None and shown.get(head.handle) == self._text_above(head)
            else head
            for head in heads
        ]

    def _text_above(self, head: Head) -> str:
        """What stands right above a head, if it may be a name; else nothing."""
        above = self.lines[head.first - 1] if head.first > self.start else None
        return above.text if above and above.kind == "text" and len(above.text) <= LONGEST_NAME else ""

    def _spacing(self, bare: Sequence[int], recurring: Collection[str]) -> tuple[bool, bool]:
        """Whether blank lines stand before, and after, the handles that begin posts without doubt."""
        sure = [at for at in bare if self._is_marked(at) or self._is_somebody(self.lines[at].value, recurring)]
        before = any(at > self.start and self._gap(at - 1) for at in sure)
        return before, any(at + 1 < self.stop and self._gap(at) for at in sure)

    def _gap(self, at: int) -> bool:
        return self.lines[at + 1].number - self.lines[at].number > 1

    def _ends_here(self, at: int, begun: Collection[int]) -> bool:
        """Whether nothing of a post can follow: the dump ends, or the next post or its counts begin."""
        below = at + 1
        return below >= self.stop or below in begun or self.lines[below].kind in (*_MARKERS, *_AFTER_POSTS)

    def _begins(
        self, at: int, before: int, begun: Collection[int], recurring: Collection[str], spaced: tuple[bool, bool]
    ) -> bool:
        line = self.lines[at]
        if self._is_marked(at):
            return bool(line.value)
        ends = self._ends_here(at, begun)
        if line.kind == "at" and ends and line.value != self.owner and line.value not in recurring:
            return False
        if line.value.endswith(HOSTS):
            return True
        if self._is_somebody(line.value, recurring):
            return not (ends and self._is_card(at, before))
        if not has_known_tld(line.value):
            return False
        if at == self.start:
            return not ends
        if ends or line.value.startswith("www.") or line.value in _LINKED:
            return False
        if before == at - 1 and (self._is_marked(before) or self._is_somebody(self.lines[before].value, recurring)):
            return False
        if self.lines[at - 1].text.endswith(_LEADS_TO_LINK):
            return False
        gap_before, gap_after = self._gap(at - 1), self._gap(at)
        return (spaced[0] or not gap_before) and (spaced[1] or not gap_after)

    def _is_somebody(self, handle: str, recurring: Collection[str]) -> bool:
        return handle == self.owner or handle.endswith(HOSTS) or (handle in recurring and handle not in _LINKED)

    def _is_signed(self, at: int) -> bool:
        """Whether a handle of either kind stands under a marker, or under a name under one."""
        return self.lines[at].kind in ("at", "handle") and self._is_marked(at)

    def _is_marked(self, at: int) -> bool:
        return (at > self.start and self.lines[at - 1].kind in ("pinned", "repost")) or self._is_named(at)

    def _is_named(self, at: int) -> bool:
        """Whether a name stands between a marker and the handle."""
        return (
            at - 2 >= self.start
            and self.lines[at - 2].kind in ("pinned", "repost")
            and self.lines[at - 1].kind == "text"
            and len(self.lines[at - 1].text) <= LONGEST_NAME
            and not self.lines[at - 1].text.endswith(_NO_NAME_ENDS)
        )

    def _is_card(self, at: int, before: int) -> bool:
        """Whether a domain that is somebody's handle too ends a link card of the post above it."""
        above = self.lines[max(before + 1, at - 6) : at]
        if not above or self._gap(at - 1):
            return False
        domain = self.lines[at].value
        if any(_is_at(link.url, domain) for line in above for link in find_links(line.text[:2000])):
            return True
        texts = [line for line in above if line.kind == "text"]
        if len(texts) < 2 or any(upper.number + 1 < lower.number for upper, lower in pairwise(texts[-2:])):
            return False
        return not texts[-1].text.endswith(_NO_NAME_ENDS) and len(texts[-1].text) <= LONGEST_MARK


def _is_at(url: str | None, domain: str) -> bool:
    host = (url or "").partition("://")[2].split("/")[0].lower()
    return host.removeprefix("www.") == domain.removeprefix("www.")


def is_time(text: str) -> bool:
    """Whether ``text`` is a time as the app writes it beside an author."""
    return any(line.kind == "time" for line in solid_lines([text]))
