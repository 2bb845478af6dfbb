"""Read a Mastodon thread or timeline that somebody copied from a page and pasted into a file.

Lena Voss
@lena@social.example
Today I moved the choir's archive.

Mar 5, 2026, 18:22        the post that the page is about: its date below its text
·
Web
·
14 boosts

Pieter de Groot           an answer: its age below, or above, its author
@pieter@mastodon.example
3d
@lena Which format?

-> two posts; the second answers the first, for it names her
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from threadkeep.parsers._pasted_posts import (
    PastedPost,
    ends_of,
    has_signed_handles,
    is_age,
    is_full_handle,
    is_name,
    joined,
    pasted_entries,
    pasted_records,
    take_counts,
)
from threadkeep.parsers.entry import Entry
from threadkeep.platforms import mastodon
from threadkeep.records import Parsed
from threadkeep.sources.source import Source
from threadkeep.text.counts import COUNT, read_count
from threadkeep.text.dates import read_date

NAME = "mastodon-text"
TITLE = "Mastodon thread or timeline, pasted"
VERSION = 1

_LOCAL_HANDLE = re.compile(r"@[\w.-]{1,64}")
_LABELS = {
    "reposts": r"boosts?|partages?|geteilt|impulsos?|reblogs?|ブースト",
    "likes": r"favou?rites?|favoris?|Favorit(?:en)?|favoritos?|お気に入り",
    "quotes": r"quotes?|Zitate?|citations?|citas?|引用",
    "replies": r"repl(?:y|ies)|Antwort(?:en)?|réponses?|respuestas?|返信",
}
_LABEL = re.compile(
    rf"(?P<count>{COUNT})\s*(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items()) + ")", re.I
)
_CHROME = frozenset("back reply boost favorite favourite bookmark more translate share alt zurück retour".split()) | {
    "show more",
    "show less",
    "hide",
    "see translation",
    "show thread",
    "pinned post",
    "continued thread",
    "public",
    "unlisted",
    "quiet public",
}
_CONTEXT = re.compile(
    r".{1,100} boosted|(?:In reply to|Replied to|Reply to) .{1,100}|Pinned(?: post)?|Continued thread", re.I
)
_MENTIONED = re.compile(r"@([\w.-]{1,64})(?:@[\w.-]{1,253})?")
_ROW = ("replies", "reposts", "likes")


@dataclass(frozen=True, slots=True)
class _Header:
    """Name, handle and age of a post: the lines ``first:after`` (indexes)."""

    first: int
    after: int
    handle: str
    name: str
    time: str | None


def recognizes(source: Source) -> bool:
    """Whether handles with their servers sign posts in the text."""
    head = source.head
    if head is None or head.lstrip().startswith(("<", "{", "[", "---\n", "# ")):
        return False
    return has_signed_handles(head.split("\n"))


def entries(source: Source) -> Iterator[Entry]:
    """The posts in the order of the page."""
    lines = source.text().split("\n")
    yield from pasted_entries(_with_answers(_posts(lines)), lines, source)


def parse(entry: Entry) -> Iterator[Parsed]:
    """The author, the post, and what of the page stood beside it."""
    yield from pasted_records(entry.data, entry.locator)


def _posts(lines: Sequence[str]) -> list[PastedPost]:
    plain = [line.strip() for line in lines]
    headers = list(_headers(plain))
    ends = ends_of([header.first for header in headers], len(plain))
    servers = {
        (header.handle.partition("@")[0], header.name): header.handle for header in headers if "@" in header.handle
    }
    return [
        _post(lines, plain, replace(header, handle=servers.get((header.handle, header.name), header.handle)), end)
        for header, end in zip(headers, ends, strict=True)
    ]


def _headers(plain: Sequence[str]) -> Iterator[_Header]:
    floor = 0
    for index, line in enumerate(plain):
        is_full = is_full_handle(line)
        if (
            index <= floor - 1
            or index == 0
            or not (is_full or _LOCAL_HANDLE.fullmatch(line))
            or not is_name(plain[index - 1])
        ):
            continue
        below = plain[index + 1] if index + 1 < len(plain) else ""
        above = plain[index - 2] if index - 2 >= floor else ""
        time = below if is_age(below) else above if is_age(above) else None
        if time is None and not is_full:
            continue
        first = index - 2 if time is above and time else index - 1
        while first - 1 >= floor and _CONTEXT.fullmatch(plain[first - 1]):
            first -= 1
        after = index + 2 if time is below and time else index + 1
        yield _Header(
            first,
            after,
            line.strip("\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e")[1:],
            plain[index - 1],
            time,
        )
        floor = after


def _post(lines: Sequence[str], plain: Sequence[str], header: _Header, end: int) -> PastedPost:
    body = [index for index in range(header.after, end) if plain[index]]
    counts: dict[str, int] = {}
    shown = len(body)
    stamp = next((at for at in reversed(range(len(body))) if _is_stamp(plain, body[at:])), None)
    time = header.time
    if stamp is not None:
        for index in body[stamp + 1 :]:
            if (label := _LABEL.fullmatch(plain[index])) is not None and (
                count := read_count(label["count"])
            ) is not None:
                counts[label.lastgroup or ""] = count
        time = plain[body[stamp]]
        body = body[:stamp]
    while body and plain[body[-1]].lower() in _CHROME:
        body.pop()
    if stamp is None and len(body) > 1:
        counts = take_counts(plain, body, _ROW)
    while body and plain[body[0]].lower() in _CHROME:
        body.pop(0)
    return PastedPost(
        mastodon.NAME, header.handle, header.name, joined(lines, body), time, counts, header.first + 1, end,
        chrome=max(0, shown - len(body) - (stamp is not None) - len(counts)),
    )  # fmt: skip


def _is_stamp(plain: Sequence[str], rest: Sequence[int]) -> bool:
    """Whether a full date begins the lines below a post that its own page shows: date, ``·``, ``Web``."""
    below = [plain[index] for index in rest[1:]]
    return (
        read_date(plain[rest[0]]) is not None
        and bool(below)
        and below[0] == "·"
        and all(len(line) < 40 for line in below)
    )


def _with_answers(posts: Sequence[PastedPost]) -> list[PastedPost]:
    """A post that begins with a handle answers the last post of that person above it."""
    found: list[PastedPost] = []
    for post in posts:
        named = _MENTIONED.match(post.text)
        answered = None
        if named is not None:
            answered = next((other for other in reversed(found) if _is_called(other, named[1])), None)
        root = found[0].root or found[0].ref if found and answered else None
        found.append(replace(post, answers=answered.ref, root=root) if answered else post)
    return found


def _is_called(post: PastedPost, name: str) -> bool:
    return (post.handle or "").partition("@")[0].casefold() == name.casefold()
