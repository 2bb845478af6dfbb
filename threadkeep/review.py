"""Correcting where the posts of a paste begin: the dump as text to edit, and back.

    %% threadkeep review: profile.txt
    When models are unsure, they either guess or abstain.
    🧵
    --- sure
    Sampling in parallel wastes work.
    %% check: a post may begin here
    We open-sourced the code.

Lines of ``---`` begin a post; lines that open like the first are remarks. Everything else must stay as it is.
"""

import itertools
import re
from collections.abc import Iterable, Iterator

from threadkeep.errors import ReviewError
from threadkeep.records import Boundary

_SEPARATOR = re.compile(r"[-=*_]{3,}\s*")
_CUT = re.compile(r"---(?:\s+(?:sure|likely|check))?\s*")

_ADVICE = (
    "A line of --- begins a new post. Add, move or delete such lines; change nothing else, save, and close.",
    "How sure each is stands behind it: sure, likely, check. Lines that open like this one are remarks.",
)


def review_text(name: str, text: str, boundaries: Iterable[Boundary]) -> str:
    """The dump ``text`` to be edited, with ``---`` where a post begins and a remark where one may."""
    lines = text.split("\n")
    mark = _free_mark(lines)
    at = {boundary.line: boundary for boundary in boundaries}
    out = [f"{mark} threadkeep review: {name}", *(f"{mark} {advice}" for advice in _ADVICE)]
    for number, line in enumerate(lines, 1):
        if boundary := at.get(number):
            out.append(f"--- {boundary.band}" if boundary.starts else f"{mark} check: a post may begin here")
        if not _SEPARATOR.fullmatch(line):
            out.append(line)
    return "\n".join(out).rstrip("\n") + "\n"


def reviewed_starts(text: str, edited: str) -> tuple[int, ...]:
    """The 1-based lines of the dump ``text`` on which a post begins, according to its edited review.

    Raises ReviewError, naming the line, where the review holds other words than the dump, or none.
    """
    words = iter(_content(text.split("\n")))
    starts: list[int] = []
    begins = True
    for number, line in _edited_content(edited.replace("\r\n", "\n").split("\n")):
        if line is None:
            begins = True
            continue
        expected = next(words, None)
        if expected is None or expected[1] != line:
            there = f"the dump has {_short(expected[1])!r} there" if expected else "the dump ends before it"
            raise ReviewError(
                f"line {number} of the review is {_short(line)!r}, but {there}", "move only the --- lines, then repeat"
            )
        if begins:
            starts.append(expected[0])
            begins = False
    if (missing := next(words, None)) is not None:
        raise ReviewError(
            f"the review lacks line {missing[0]} of the dump, {_short(missing[1])!r}", "move only the --- lines"
        )
    return tuple(starts)


def _free_mark(lines: Iterable[str]) -> str:
    """A remark's opening that no line of the dump has: ``%%``, or as many more ``%`` as it takes."""
    opened = {len(match[0]) for line in lines if (match := re.match("%%+", line))}
    return "%" * next(count for count in itertools.count(2) if count not in opened)


def _content(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines that belong to posts, with their numbers, trailing white space aside."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not _SEPARATOR.fullmatch(line):
            yield number, line.rstrip()


def _edited_content(lines: list[str]) -> Iterator[tuple[int, str | None]]:
    """The same of a review, with ``None`` for a place where a post begins."""
    opening = re.match("%%+", lines[0].removeprefix("\ufeff"))
    remark = re.compile(f"{opening[0] if opening else '%%'}(?!%)")
    for number, line in enumerate(lines, 1):
        if _CUT.fullmatch(line) or _SEPARATOR.fullmatch(line):
            yield number, None
        elif line.strip() and not remark.match(line.removeprefix("\ufeff")):
            yield number, line.rstrip()


def _short(line: str) -> str:
    return line if len(line) <= 40 else line[:39] + "…"
