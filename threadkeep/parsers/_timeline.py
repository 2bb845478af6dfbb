"""A timeline, profile or thread copied from X in a browser: posts under headers that name their authors.

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

Only what is certain to be furniture of the page is taken from the text; in doubt a line is text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from threadkeep.parsers._split.layout import is_blank
from threadkeep.parsers._timeline_headers import NUMBER, ONLY_DOT, STAMP, Header, find_headers, stated_day
from threadkeep.parsers._timeline_profile import Profile, find_profile, is_furniture, read_count
from threadkeep.records import When

_REPLYING = re.compile(r"Replying to\s*(?P<names>(?:@\w{1,15}[\s,]*(?:and\s*)?)*(?:\d+ others?)?)", re.I | re.A)
_REPLIED = re.compile(r"(?:and\s*)?@\w{1,15},?(?:\s+and)?|and|(?:and )?\d+ others?", re.I | re.A)
_NAMES = re.compile(r"@(\w{1,15})", re.A)
_LABEL = re.compile(
    r"(?:(?P<count>[\d.,]{1,18}[KMB]?)\s+)?(?P<label>repl(?:y|ies)|reposts?|quotes?|likes?|views?|bookmarks?)", re.I
)
_CARD = re.compile(r"From (?P<domain>(?:[a-z0-9-]+\.)+[a-z]{2,})", re.I)
_LONGEST = 120

_PHRASES = frozenset({"show more", "show this thread", "translate post", "read more replies"})
_MEDIA = {"gif": "gif", "alt": "image", "image": "image", "embedded video": "video"}
_ORDER = ("replies", "reposts", "likes", "views")
_LABELS = {"repl": "replies", "repo": "reposts", "quot": "quotes", "like": "likes", "view": "views"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as the page shows it, with the lines it takes (1-based, inclusive); no ``header``: by nobody known."""

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

    @property
    def handle(self) -> str | None:
        """The author's handle, without ``@``."""
        return self.header.handle if self.header else None

    @property
    def is_quoted(self) -> bool:
        """Whether the post above quotes this one."""
        return self.header is not None and self.header.quoted


def has_headers(lines: Sequence[str]) -> bool:
    """Whether any line is the header of a post on X, its time included."""
    return bool(find_headers([line.strip() for line in lines]))


def read_page(lines: Sequence[str]) -> tuple[Profile | None, list[Shown]]:
    """The profile whose page it is, if its head is there, and the posts in the order of the page.

    What stands above the first post and is neither furniture nor profile is a post by nobody known.
    """
    plain = [line.strip() for line in lines]
    headers = find_headers(plain)
    start = headers[0].first if headers else len(plain)
    profile = find_profile(lines[:start])
    ends = [*(header.first for header in headers[1:]), len(plain)]
    bodies = [
        [index for index in range(header.after, end) if not is_blank(plain[index])]
        for header, end in zip(headers, ends, strict=False)
    ]
    has_rows = any(len(_peel(plain, list(body), has_rows=True).numbers) >= len(_ORDER) - 1 for body in bodies)
    posts = [_shown(lines, plain, header, body, has_rows) for header, body in zip(headers, bodies, strict=True)]
    return profile, [*_unheaded(lines, plain[:start], profile), *_with_counts_of_quotes(posts)]


def _unheaded(lines: Sequence[str], plain: Sequence[str], profile: Profile | None) -> list[Shown]:
    kept = [
        index
        for index, line in enumerate(plain)
        if not is_blank(line)
        and not (profile and profile.first <= index + 1 <= profile.last)
        and not is_furniture(line, profile)
    ]
    return [Shown(None, kept[0] + 1, kept[-1] + 1, _joined(lines, kept))] if kept else []


@dataclass(slots=True)
class _Foot:
    """What stands under a post's text, taken off line by line from below."""

    numbers: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    created: When | None = None
    is_stamped: bool = False
    media: list[str] = field(default_factory=list)
    card: str | None = None


def _peel(plain: Sequence[str], body: list[int], *, has_rows: bool) -> _Foot:
    """Take the furniture off the end of ``body``, which is shortened, and tell what it says.

    Numbers are counts where the page has rows of them (``has_rows``) and they stand together, four at the most.
    """
    foot = _Foot()
    in_row = True
    while body:
        line = plain[body[-1]]
        if len(line) > _LONGEST:
            break
        if NUMBER.fullmatch(line):
            if not (has_rows and in_row) or len(foot.numbers) == len(_ORDER):
                break
            foot.numbers.insert(0, read_count(line))
            body.pop()
            continue
        in_row = not foot.numbers
        if not (_peel_label(plain, body, foot) or _peel_other(line, foot)):
            break
        body.pop()
    return foot


def _peel_label(plain: Sequence[str], body: list[int], foot: _Foot) -> bool:
    """``45 Likes``, or ``Likes`` under a line that says 45; leaves the line with the label to the caller."""
    label = _LABEL.fullmatch(plain[body[-1]])
    if label is None:
        return False
    count = label["count"]
    if count is None:
        if len(body) < 2 or not NUMBER.fullmatch(plain[body[-2]]):
            return False
        count = plain[body.pop(-2)]
    if kind := _LABELS.get(label["label"][:4].lower()):
        foot.counts.setdefault(kind, read_count(count))
    return True


def _peel_other(line: str, foot: _Foot) -> bool:
    if stamp := STAMP.fullmatch(line):
        foot.created, foot.is_stamped = stated_day(line), True
        if stamp["views"]:
            foot.counts["views"] = read_count(stamp["views"])
    elif line.lower() in _MEDIA:
        foot.media.insert(0, _MEDIA[line.lower()])
    elif card := _CARD.fullmatch(line):
        foot.card = card["domain"]
    else:
        return ONLY_DOT.fullmatch(line) is not None or line.lower() in _PHRASES
    return True


def _shown(lines: Sequence[str], plain: Sequence[str], header: Header, body: list[int], has_rows: bool) -> Shown:
    last = body[-1] if body else header.after - 1
    truncated = any(plain[index].lower() == "show more" for index in body)
    foot = _peel(plain, body, has_rows=has_rows)
    replied = _take_replied(plain, body)
    return Shown(
        header,
        header.first + 1,
        last + 1,
        _joined(lines, [index for index in body if plain[index].lower() not in _PHRASES]),
        foot.created or (stated_day(header.time) if header.time else None),
        replied,
        truncated,
        _counts(foot),
        tuple(dict.fromkeys(foot.media)),
        foot.card,
    )


def _joined(lines: Sequence[str], kept: Sequence[int]) -> str:
    """The lines that are kept, with the blank ones among them."""
    wanted = set(kept)
    span = range(kept[0], kept[-1] + 1) if kept else range(0)
    return "\n".join(lines[index] for index in span if index in wanted or is_blank(lines[index])).strip()


def _take_replied(plain: Sequence[str], body: list[int]) -> tuple[str, ...]:
    """Take ``Replying to @a and @b`` off the head of ``body``, over as many lines as it has; the handles in it."""
    if not body or len(plain[body[0]]) > _LONGEST or not (match := _REPLYING.fullmatch(plain[body[0]])):
        return ()
    taken = [match["names"] or ""]
    body.pop(0)
    while body and len(plain[body[0]]) <= _LONGEST and _REPLIED.fullmatch(plain[body[0]]):
        taken.append(plain[body.pop(0)])
    return tuple(_NAMES.findall(" ".join(taken)))


def _counts(foot: _Foot) -> dict[str, int]:
    """By label, or by place where the row is complete; on a post's own page its last number is of bookmarks."""
    if len(foot.numbers) < len(_ORDER):
        return dict(foot.counts)
    order = _ORDER[:-1] if foot.is_stamped else _ORDER
    return dict(zip(order, foot.numbers, strict=False)) | foot.counts


def _with_counts_of_quotes(posts: Sequence[Shown]) -> list[Shown]:
    """The row under a quoted post belongs to the post that quotes it."""
    found: list[Shown] = []
    for post in posts:
        if post.is_quoted and found and post.counts and not found[-1].counts:
            found[-1] = replace(found[-1], counts=post.counts)
            found.append(replace(post, counts={}))
        else:
            found.append(post)
    return found
