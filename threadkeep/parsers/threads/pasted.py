"""Read posts of Threads that somebody copied from a page and pasted into a file.

kiln.diary
2d
First firing with the new thermocouple.
Translate
120                     likes, replies, reposts
14
6

-> a post by kiln.diary with its counts
"""

from collections.abc import Iterator, Sequence

from threadkeep.parsers._pasted_posts import (
    PastedPost,
    bare_headers,
    ends_of,
    has_bare_headers,
    joined,
    pasted_entries,
    pasted_records,
    take_counts,
)
from threadkeep.parsers.entry import Entry
from threadkeep.platforms import threads
from threadkeep.records import Parsed
from threadkeep.sources.source import Source

NAME = "threads-text"
TITLE = "Threads posts, pasted"
VERSION = 1

_ROW = ("likes", "replies", "reposts", "shares")
_CHROME = frozenset(
    "translate|see translation|like|reply|repost|share|more|author|edited|verified|follow|view activity|thread|pinned|"
    "liked by original author|übersetzen|traduire|traducir|翻訳|top|recent|view all|log in to see more replies.".split(
        "|"
    )
)


def recognizes(source: Source) -> bool:
    """Whether handles without ``@`` stand above ages, and counts or another such post below."""
    head = source.head
    if head is None or head.lstrip().startswith(("<", "{", "[", "---\n", "# ")):
        return False
    return has_bare_headers(head.split("\n"))


def entries(source: Source) -> Iterator[Entry]:
    """The posts in the order of the page."""
    lines = source.text().split("\n")
    plain = [line.strip() for line in lines]
    starts = bare_headers(plain)
    ends = ends_of(starts, len(plain))
    posts = [_post(lines, plain, start, end) for start, end in zip(starts, ends, strict=True)]
    yield from pasted_entries(posts, lines, source)


def parse(entry: Entry) -> Iterator[Parsed]:
    """The author, the post, and what of the page stood beside it."""
    yield from pasted_records(entry.data, entry.locator)


def _post(lines: Sequence[str], plain: Sequence[str], start: int, end: int) -> PastedPost:
    body = [index for index in range(start + 2, end) if plain[index]]
    chrome = _trim(plain, body)
    counts = take_counts(plain, body, _ROW)
    chrome += _trim(plain, body)
    while body and plain[body[0]].lower() in _CHROME:
        chrome += 1
        body.pop(0)
    counts.pop("shares", None)
    text = joined(lines, body)
    return PastedPost(threads.NAME, plain[start], None, text, plain[start + 1], counts, start + 1, end, chrome=chrome)


def _trim(plain: Sequence[str], body: list[int]) -> int:
    """Remove labels of the page from the end of ``body``; return how many."""
    removed = 0
    while body and plain[body[-1]].lower() in _CHROME:
        body.pop()
        removed += 1
    return removed
