"""The lines in which headers of posts are looked for, and the header that stands above a post.

Pinned
Mira Lane                PostHeader(0, 4, "mira.example.com", "Mira Lane", time="3h", timed=True, pinned=True)
@mira.example.com
· 3h
A body.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from threadkeep.parsers.bluesky._paste_lines import MAX_NAME, PasteLine

MARKERS = ("pinned", "repost", "reply")
"""Kinds of the lines that the app writes above an author."""

BELOW_POSTS = ("number", "stats", "chrome", "badge", "clock")
"""Kinds of the lines that the app writes below a post."""

NOT_A_NAME_ENDINGS = (".", "!", "?", ":", ",", ";", "…", "。")


@dataclass(frozen=True, slots=True)
class PostHeader:
    """What the app shows above a post: the lines from ``start`` up to ``end``, as indexes into the list of lines.

    ``timed``: it has a time, as in every list of posts. ``reposter`` and ``replied`` are names as the app shows them.
    """

    start: int
    end: int
    handle: str | None
    name: str | None = None
    time: str | None = None
    timed: bool = False
    pinned: bool = False
    reposter: str | None = None
    replied: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """The lines from ``start`` up to ``stop``, and the handle and name of the profile's owner as far as known."""

    lines: Sequence[PasteLine]
    start: int
    stop: int
    owner: str | None = None
    owner_name: str | None = None

    def is_marked(self, at: int) -> bool:
        """Whether "Pinned" or "Reposted by" stands right above a line."""
        return at > self.start and self.lines[at - 1].kind in ("pinned", "repost")

    def has_gap_below(self, at: int) -> bool:
        """Whether a blank line stands between a line and the next."""
        return self.lines[at + 1].number - self.lines[at].number > 1

    def opens_with(self, *kinds: str) -> bool:
        """Whether the first lines below markers are of these kinds; ``any`` is any but a handle with ``@``."""
        first = self.start
        while first < self.stop and self.lines[first].kind in MARKERS:
            first += 1
        found = [line.kind for line in self.lines[first : min(first + len(kinds), self.stop)]]
        return len(found) == len(kinds) and all(
            kind != "at" if expected == "any" else kind == expected for kind, expected in zip(found, kinds, strict=True)
        )

    def name_above(self, at: int, floor: int) -> str | None:
        """The line right above a handle if it may be a name; ``floor`` is the first line that may."""
        if at <= floor:
            return None
        above = self.lines[at - 1]
        is_name = above.kind in ("text", "handle", "tab", "button") and len(above.text) <= MAX_NAME
        return above.text if is_name else None


def lines_of(headers: Iterable[PostHeader]) -> set[int]:
    """The indexes of the lines that belong to headers."""
    return {at for header in headers for at in range(header.start, header.end)}
