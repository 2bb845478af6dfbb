"""Parse the lines between two headers: what the author wrote, and the card, pictures and counts below it.

    New glaze notes are up.            text
    Notes on celadon                   the title of a link card, sometimes a description below it
    kilns.example.org                  its domain, which ends it
    12                                 replies, reposts, likes

A line that is not certainly something else is text.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from threadkeep.parsers.bluesky._paste_lines import (
    MAX_APP_LINE,
    PasteLine,
    archived_date,
    has_time_of_day,
    is_reply_marker,
    is_reveal_button,
    is_thread_page_line,
    is_warning,
    join_lines,
    parse_stats,
    visible_length,
)
from threadkeep.records import Link, Media, When
from threadkeep.text.counts import read_count
from threadkeep.text.dates import read_date
from threadkeep.text.entities import find_links, find_mentions, find_tags, has_known_tld

MAX_POST_LENGTH = 300
"""The longest post, in characters as a reader counts them; the server refuses more."""
_LENGTH_TOLERANCE = 10
"""How far ``visible_length`` may be off."""

_TRANSCRIPT = re.compile(
    r"(?:transcript (?:of\b|:)|transcription (?:of\b|:)|image transcript\b|image (?:description|text) ?:|"
    r"alt(?:ernative)?[ -]?text ?:|alt ?:|\[?image description\b)",
    re.I,
)
_DEPICTION = re.compile(
    r"(?:an? |the )?(?:(?:black and white|colou?r|close-?up|satellite|bar|line|pie|scatter|stacked|old|large) )*"
    r"(?:screen ?shots?|photos?|photographs?|pictures?|images?|illustrations?|drawings?|diagrams?|graphs?|charts?|"
    r"plots?|maps?|memes?|paintings?|close-?ups?|selfies?|figures?|tables?|cartoons?|posters?|slides?|video|gif|cover|"
    r"headline|abstract|(?:first|front|title) page) (?:of|from|showing|shows|depicting|that shows|with the text|titled|"
    r"taken)\b",
    re.I,
)
_SHORTEST_DEPICTION = 40
_LIST = re.compile(r"(?:starter pack|feed|list|moderation list|user list) by (?:@\S+|you)", re.I)
_LINES_OF_LIST = 4
_LONG_DESCRIPTION = 120
_OF_VIDEO = re.compile("YouTube video by .+")
"""The line below the title of a video, on a card of YouTube."""
_TEXT_SEARCHED = 2000
_LINES_SEARCHED = 40
_COUNT_NAMES = ("replies", "reposts", "likes")


@dataclass(frozen=True, slots=True)
class PostBody:
    """A parsed post. ``counted``: counts stand below it; ``of_page``: so do lines that only a post's page shows.

    ``dated_by_copy``: ``created`` was concluded from the day on which the page was copied.
    """

    text: str = ""
    card: Link | None = None
    media: tuple[Media, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    created: When | None = None
    warning: str | None = None
    replied: str | None = None
    counted: bool = False
    of_page: bool = False
    truncated: bool = False
    dated_by_copy: bool = False


@dataclass(slots=True)
class _BodyParts:
    """The lines of a post not parsed yet, and what the parsed ones hold."""

    lines: Sequence[PasteLine]
    media: list[Media] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    created: When | None = None
    warning: str | None = None
    replied: str | None = None
    counted: bool = False
    of_page: bool = False


def read_body(
    lines: Sequence[PasteLine],
    *,
    full: bool,
    timed: bool,
    counted: bool,
    names: Collection[str],
    month_first: bool | None,
) -> PostBody:
    """Parse ``lines``. ``full``: the copy shows the page's figures and buttons; ``counted``: numbers are counts.

    ``names`` are those of the authors, case-folded: they distinguish ``Replied to Mira Lane`` from a sentence.
    """
    parts = _BodyParts(lines)
    _take_opening(parts, full, names)
    _take_closing(parts, full=full, timed=timed, counted=counted, month_first=month_first)
    card, own = _card(parts.lines)
    below = len(own)
    while below and own[below - 1].kind == "chrome":
        below -= 1
    truncated = any(line.value == "show more" for line in (*own[below:], *lines[len(lines) - 1 :]))
    own, alts = _alt_texts(own[:below]) if card is None else (own[:below], [])
    described = [Media("image", alt=alt) for alt in alts]
    return PostBody(
        text=join_lines(own),
        card=card,
        media=(*described, *parts.media[len(described) :]),
        counts=parts.counts,
        created=parts.created,
        warning=parts.warning,
        replied=parts.replied,
        counted=parts.counted,
        of_page=parts.of_page,
        truncated=truncated,
    )


def ends_in_number(lines: Sequence[PasteLine]) -> bool:
    """Whether the last line of a post is a number, as in copies with counts."""
    return bool(lines) and lines[-1].kind == "number"


def _take_opening(parts: _BodyParts, full: bool, names: Collection[str]) -> None:
    """Remove the app's lines between an author and a body: buttons, whom it replies to, a content warning."""
    lines = parts.lines
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_reply_marker(line, names) and (full or at + 1 < len(lines)):
            parts.replied = line.value
        elif is_warning(line) and at + 1 < len(lines) and is_reveal_button(lines[at + 1]):
            parts.warning = line.text
            at += 1
        elif not (full and (line.kind in ("button", "dot") or (line.kind == "chrome" and len(lines) > 1))):
            break
        at += 1
    parts.lines = lines[at:]


def _take_closing(parts: _BodyParts, *, full: bool, timed: bool, counted: bool, month_first: bool | None) -> None:
    """Remove the app's lines below a body, from the end up: buttons, counts, the page's date, badges on pictures."""
    lines = parts.lines
    end = len(lines)
    numbers: list[int | None] = []
    while end:
        line = lines[end - 1]
        if line.kind == "number" and counted and len(numbers) < 4:
            numbers.insert(0, read_count(line.text))
        elif line.kind == "stats":
            parts.counts |= {name: count for name, count in parse_stats(line.text).items() if name != "saves"}
        elif (
            end > 1 and lines[end - 2].kind == "number" and (split := parse_stats(f"{lines[end - 2].text} {line.text}"))
        ):
            parts.counts |= {name: count for name, count in split.items() if name != "saves"}
            parts.of_page = True
            end -= 1
        elif has_time_of_day(line) and (parts.of_page or (full and not timed)):
            parts.created = parts.created or read_date(line.value, month_first=month_first)
        elif (archived := archived_date(line, month_first=month_first)) is not None:
            parts.created = archived
        elif line.kind == "badge" and (full or line.text.isupper()):
            parts.media.append(Media("gif" if line.value == "gif" else "image"))
        elif line.kind == "clock" and full:
            parts.media.append(Media("video"))
        elif not (line.kind == "chrome" or (line.kind == "dot" and end < len(lines))):
            break
        parts.of_page = parts.of_page or is_thread_page_line(line)
        end -= 1
    if len(numbers) == len(_COUNT_NAMES):
        known = zip(_COUNT_NAMES, numbers, strict=True)
        parts.counts = {name: count for name, count in known if count is not None} | parts.counts
    parts.counted = bool(numbers or parts.counts)
    parts.media.reverse()
    parts.lines = lines[:end]


def _card(lines: Sequence[PasteLine]) -> tuple[Link | None, Sequence[PasteLine]]:
    """The link card that ends ``lines``, and the lines above it."""
    if (shared := _shared_list(lines)) is not None:
        return shared
    domain = _card_domain(lines[-1]) if len(lines) > 1 else None
    if domain is None or _is_gap(lines[-2], lines[-1]):
        # Alone, or as a paragraph of its own, a domain is a link that the author typed.
        return None, lines
    above, last, shown = lines[:-1], lines[-2], lines[-1].text
    if _is_address(last.text):
        return Link(url=find_links(last.text)[0].url, text=shown), above[:-1]
    known = _address_at(domain, above)
    if find_links(last.text[:_TEXT_SEARCHED]) or (len(above) == 1 and _has_entities(last.text)):
        # A title holds none of these, so the card has no title and the line is the body's.
        return (Link(url=known, text=shown), above) if known else (None, lines)
    url = known or f"https://{domain}"
    if len(above) > 1 and _is_description(above[-2], last):
        return Link(url=url, text=shown, title=above[-2].text, description=last.text), above[:-2]
    if not _is_title(last.text, alone=len(above) == 1):
        return None, lines
    return Link(url=url, text=shown, title=last.text), above[:-1]


def _shared_list(lines: Sequence[PasteLine]) -> tuple[Link, Sequence[PasteLine]] | None:
    """A shared feed, list or starter pack: its title, ``Feed by @mira.example.com``, its description."""
    for at in range(max(1, len(lines) - _LINES_OF_LIST), len(lines)):
        if _LIST.fullmatch(lines[at].text):
            shown = "\n".join(line.text for line in lines[at:])
            return Link(url=None, text=shown, title=lines[at - 1].text), lines[: at - 1]
    return None


def _address_at(domain: str, lines: Sequence[PasteLine]) -> str | None:
    """The address of the card: the only one at ``domain`` in the body."""
    found = {
        link.url
        for line in lines[-_LINES_SEARCHED:]
        for link in find_links(line.text[:_TEXT_SEARCHED])
        if link.url and _host(link.url) == _host(domain)
    }
    return found.pop() if len(found) == 1 else None


def _card_domain(line: PasteLine) -> str | None:
    if line.kind == "handle" and has_known_tld(line.value):
        return line.value
    return "bsky.app" if line.text == "Bluesky Social" else None


def _host(url: str | None) -> str:
    """``https://www.example.com/a`` and ``www.example.com`` -> ``example.com``."""
    return (url or "").rpartition("://")[2].partition("/")[0].lower().removeprefix("www.")


def _is_address(text: str) -> bool:
    links = find_links(text) if len(text) < 2000 else ()
    return len(links) == 1 and links[0].text == text and links[0].url is not None and "/" in text


def _has_entities(text: str) -> bool:
    searched = text[:_TEXT_SEARCHED]
    return bool(find_links(searched) or find_tags(searched) or find_mentions(searched))


def _is_title(text: str, *, alone: bool = False) -> bool:
    """Whether a line may be a card's title; ``alone``: it is the only line, so it may also be the body."""
    ends = (
        (".", ":", "：", ",", ";", "→", "👉", "👇", "!", "?", "…")
        if alone
        else (".", ":", "：", ",", ";", "→", "👉", "👇")
    )
    return len(text) <= MAX_APP_LINE and not text.endswith(ends)


def _is_description(title: PasteLine, description: PasteLine) -> bool:
    """Whether two lines are a card's title and description, rather than the end of a body and a title."""
    if (
        _is_gap(title, description)
        or not _is_title(title.text)
        or title.text.endswith("!")
        or _has_entities(title.text)
    ):
        return False
    if description.text.endswith((".", "…", "...")) or len(description.text) >= _LONG_DESCRIPTION:
        return True
    return _OF_VIDEO.fullmatch(description.text) is not None


def _is_gap(upper: PasteLine, lower: PasteLine) -> bool:
    return lower.number - upper.number > 1


def _alt_texts(lines: Sequence[PasteLine]) -> tuple[Sequence[PasteLine], list[str]]:
    """The lines of the body, and the alt texts below it: those that begin like one, or exceed the longest post."""
    # A description is in the last block of lines without blank ones between; a transcript may be a block of its own.
    block = max((at for at in range(1, len(lines)) if _is_gap(lines[at - 1], lines[at])), default=0)
    starts = [at for at in range(1, len(lines)) if _begins_alt_text(lines, at, block)]
    if not starts:
        overflow = _first_overflowing_line(lines)
        starts = [overflow] if overflow is not None else []
    if not starts:
        return lines, []
    pieces = [lines[first:after] for first, after in pairwise([*starts, len(lines)])]
    end = starts[0]
    while end and lines[end - 1].kind == "badge":
        end -= 1
    return lines[:end], [_without_badge(piece) for piece in pieces]


def _begins_alt_text(lines: Sequence[PasteLine], at: int, block: int) -> bool:
    if lines[at - 1].kind == "badge" and lines[at - 1].value == "alt":
        return True
    text = lines[at].text
    if _TRANSCRIPT.match(text):
        return True
    if at <= block or len(text) < _SHORTEST_DEPICTION or text.endswith((":", "?")):
        return False
    return _DEPICTION.match(text) is not None


def _first_overflowing_line(lines: Sequence[PasteLine]) -> int | None:
    """The first line beyond the longest post; None if all lines fit."""
    if len(lines) < 2 or sum(len(line.raw) for line in lines) <= MAX_POST_LENGTH + _LENGTH_TOLERANCE:
        return None
    total = 0
    for at, line in enumerate(lines):
        total += visible_length(line.raw[:_TEXT_SEARCHED]) + (line.number - lines[at - 1].number if at else 0)
        if total > MAX_POST_LENGTH + _LENGTH_TOLERANCE:
            return at or None
    return None


def _without_badge(lines: Sequence[PasteLine]) -> str:
    return join_lines([line for line in lines if line.kind != "badge"])
