"""Read a timeline, profile or thread copied from X in a browser: posts below headers that name their authors.

    Ada Rivers
    @ada_rivers
    ·
    Jul 27, 2031            or 3h, Jul 27; or under the text: 3:45 PM · Jul 27, 2031
    Replying to
    @mo_delta
    The weir is open again.
    12                      replies, reposts, likes, views
    3
    45
    1.2K

Only lines certain to be page chrome are removed; in doubt a line is text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from threadkeep.parsers._segmentation.layout import is_blank
from threadkeep.parsers.x._paste_headers import HANDLE, ONLY_DOT, Header, find_headers
from threadkeep.parsers.x._paste_profile import Profile, find_profile, is_page_chrome
from threadkeep.parsers.x._paste_vocabulary import (
    LABEL,
    PHRASES,
    REPLIED,
    REPLYING,
    SHOW_MORE,
    SIDEBAR,
    STAMP,
    UNDER_OPENED,
    stated_day,
)
from threadkeep.records import When
from threadkeep.text.counts import is_count, read_count

_NAMES = re.compile(r"@(\w{1,15})", re.A)
_CARD = re.compile(r"From (?P<domain>(?:[a-z0-9-]+\.)+[a-z]{2,})", re.I)
_SOURCED = re.compile("sourced from across", re.I)
_LONGEST = 120
_AFTER_HEADING = 12
"""Lines below the heading of a sidebar among which one must confirm it."""

_MEDIA = {"gif": "gif", "alt": "image", "image": "image", "embedded video": "video"}
_ORDER = ("replies", "reposts", "likes", "views")

ADVERTISEMENT, SUGGESTED, PAGE_CHROME = "advertisement", "suggested post", "part of the page, not of a post"
"""Reasons for leaving something out."""


@dataclass(frozen=True, slots=True)
class PastedPost:
    """A post as the page shows it, with its lines (1-based, inclusive); without ``header`` its author is unknown.

    ``left_out`` is the reason if it is not a post of this page. ``is_dated_by_copy``: ``created`` was concluded from
    the day on which the page was copied.
    """

    header: Header | None
    first: int
    last: int
    text: str
    created: When | None = None
    replied: tuple[str, ...] = ()
    truncated: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    card: str | None = None
    card_title: str | None = None
    left_out: str | None = None
    is_dated_by_copy: bool = False

    @property
    def handle(self) -> str | None:
        """The author's handle, without ``@``."""
        return self.header.handle if self.header else None

    @property
    def is_quoted(self) -> bool:
        """Whether the post above quotes this one."""
        return self.header is not None and self.header.quoted


def has_headers(lines: Sequence[str]) -> bool:
    """Whether any line is the header of a post on X, with its time."""
    return any(not header.paid or header.time for header in find_headers([line.strip() for line in lines]))


def read_page(lines: Sequence[str]) -> tuple[Profile | None, list[PastedPost]]:
    """Return the profile, if the page begins with one, and the posts in the order of the page.

    Text above the first header that is neither page chrome nor profile is a post by an unknown author.
    """
    plain = [line.strip() for line in lines]
    headers = find_headers(plain)
    start = headers[0].first if headers else len(plain)
    profile = find_profile(lines[:start])
    suggested = _first_suggestion(plain)
    ends = [*(header.first for header in headers[1:]), len(plain)]
    ends = [
        min(end, suggested) if header.first < suggested else end for header, end in zip(headers, ends, strict=False)
    ]
    sidebars = [_sidebar_start(plain, header.after, end) for header, end in zip(headers, ends, strict=True)]
    bodies = [
        [index for index in range(header.after, to) if not is_blank(plain[index])]
        for header, to in zip(headers, sidebars, strict=True)
    ]
    has_rows = any(
        len(_strip_footer(plain, list(body), header, has_rows=True).numbers) >= len(_ORDER) - 1
        for header, body in zip(headers, bodies, strict=True)
    )
    posts = [_read_post(lines, plain, header, body, has_rows) for header, body in zip(headers, bodies, strict=True)]
    posts = [replace(post, left_out=SUGGESTED) if post.first > suggested else post for post in posts]
    left_out = [
        PastedPost(None, sidebar + 1, end, "", left_out=PAGE_CHROME)
        for sidebar, end in zip(sidebars, ends, strict=True)
        if sidebar < end
    ]
    return profile, [*_unheaded(lines, plain[:start], profile), *_with_counts_of_quotes(posts), *left_out]


def _first_suggestion(plain: Sequence[str]) -> int:
    """Return the line where X's suggestions begin: ``Discover more``, ``Sourced from across X``; else the end."""
    for index, line in enumerate(plain):
        below = plain[index + 1 : index + 3]
        if line.lower() == "discover more" and any(map(_SOURCED.match, below)):
            return index
    return len(plain)


def _sidebar_start(plain: Sequence[str], start: int, end: int) -> int:
    """Return the line in ``start:end`` where a sidebar begins (whom to follow, trends); else ``end``."""
    for index in range(start, end):
        if plain[index].lower() in SIDEBAR and any(map(_is_of_sidebar, plain[index + 1 : end][:_AFTER_HEADING])):
            return index
    return end


def _is_of_sidebar(line: str) -> bool:
    return line.lower() in SIDEBAR | SHOW_MORE | {"follow", "subscribe"} or HANDLE.fullmatch(line) is not None


def _unheaded(lines: Sequence[str], plain: Sequence[str], profile: Profile | None) -> list[PastedPost]:
    kept = [
        index
        for index, line in enumerate(plain)
        if not is_blank(line)
        and not (profile and profile.first <= index + 1 <= profile.last)
        and not is_page_chrome(line, profile)
    ]
    return [PastedPost(None, kept[0] + 1, kept[-1] + 1, _joined(lines, kept))] if kept else []


@dataclass(slots=True)
class _Footer:
    """The lines below the text of a post, stripped from the bottom up."""

    numbers: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    created: When | None = None
    is_stamped: bool = False
    media: list[str] = field(default_factory=list)
    card: str | None = None


def _strip_footer(plain: Sequence[str], body: list[int], header: Header, *, has_rows: bool) -> _Footer:
    """Strip the page chrome off the end of ``body``, in place, and return what it says.

    Numbers are counts if the page has rows of them (``has_rows``) and at most four stand together.
    """
    foot = _Footer()
    in_row = True
    while body:
        line = plain[body[-1]]
        if len(line) > _LONGEST:
            break
        if (number := read_count(line) if is_count(line) else None) is not None:
            if not (has_rows and in_row) or len(foot.numbers) == len(_ORDER):
                break
            foot.numbers.insert(0, number)
            body.pop()
            continue
        in_row = not foot.numbers
        under_opened = header.time is None and line.lower() in UNDER_OPENED
        if not (under_opened or _strip_label(plain, body, foot) or _strip_other(line, foot)):
            break
        body.pop()
    return foot


def _strip_label(plain: Sequence[str], body: list[int], foot: _Footer) -> bool:
    """Read ``45 Likes``, or ``Likes`` below a line ``45``, which is removed; the caller removes the label."""
    label = LABEL.fullmatch(plain[body[-1]])
    if label is None:
        return False
    count = label["count"]
    if count is None:
        if len(body) < 2 or not is_count(plain[body[-2]]):
            return False
        count = plain[body.pop(-2)]
    kind = label.lastgroup or ""
    if kind != "bookmarks" and (number := read_count(count)) is not None:
        foot.counts.setdefault(kind, number)
    return True


def _strip_other(line: str, foot: _Footer) -> bool:
    if stamp := STAMP.fullmatch(line):
        foot.created, foot.is_stamped = stated_day(line), True
        if stamp["views"] and (views := read_count(stamp["views"])) is not None:
            foot.counts["views"] = views
    elif line.lower() in _MEDIA:
        foot.media.insert(0, _MEDIA[line.lower()])
    elif card := _CARD.fullmatch(line):
        foot.card = card["domain"]
    else:
        return ONLY_DOT.fullmatch(line) is not None or line.lower() in PHRASES
    return True


def _read_post(
    lines: Sequence[str], plain: Sequence[str], header: Header, body: list[int], has_rows: bool
) -> PastedPost:
    last = body[-1] if body else header.after - 1
    truncated = any(plain[index].lower() in SHOW_MORE for index in body)
    foot = _strip_footer(plain, body, header, has_rows=has_rows)
    title = _take_card_title(plain, body, foot.card)
    replied = _take_replied(plain, body)
    return PastedPost(
        header,
        header.first + 1,
        last + 1,
        _joined(lines, [index for index in body if plain[index].lower() not in PHRASES]),
        foot.created or (stated_day(header.time) if header.time else None),
        replied,
        truncated,
        _counts(foot),
        tuple(dict.fromkeys(foot.media)),
        foot.card,
        title,
        ADVERTISEMENT if header.paid else None,
    )


def _take_card_title(plain: Sequence[str], body: list[int], domain: str | None) -> str | None:
    """Remove domain and title of the card whose last line is ``From a.example``, where both stand; return the title."""
    if domain is None or len(body) < 2 or plain[body[-2]].lower() != domain.lower():
        return None
    title = plain[body.pop()]
    body.pop()
    return title


def _joined(lines: Sequence[str], kept: Sequence[int]) -> str:
    """Join the lines at the indexes ``kept``, with the blank ones between them."""
    wanted = set(kept)
    span = range(kept[0], kept[-1] + 1) if kept else range(0)
    return "\n".join(lines[index] for index in span if index in wanted or is_blank(lines[index])).strip()


def _take_replied(plain: Sequence[str], body: list[int]) -> tuple[str, ...]:
    """Remove ``Replying to @a and @b``, which may take several lines, from ``body``; return the handles."""
    if not body or len(plain[body[0]]) > _LONGEST or not (match := REPLYING.fullmatch(plain[body[0]])):
        return ()
    taken = [match["names"] or ""]
    body.pop(0)
    while body and len(plain[body[0]]) <= _LONGEST and REPLIED.fullmatch(plain[body[0]]):
        taken.append(plain[body.pop(0)])
    return tuple(_NAMES.findall(" ".join(taken)))


def _counts(foot: _Footer) -> dict[str, int]:
    """Return the counts by label, or by position in a complete row; on a post's own page the last is of bookmarks."""
    if len(foot.numbers) < len(_ORDER):
        return dict(foot.counts)
    order = _ORDER[:-1] if foot.is_stamped else _ORDER
    return dict(zip(order, foot.numbers, strict=False)) | foot.counts


def _with_counts_of_quotes(posts: Sequence[PastedPost]) -> list[PastedPost]:
    """Move the counts below a quoted post to the post that quotes it."""
    found: list[PastedPost] = []
    for post in posts:
        if post.is_quoted and found and post.counts and not found[-1].counts:
            found[-1] = replace(found[-1], counts=post.counts)
            found.append(replace(post, counts={}))
        else:
            found.append(post)
    return found
