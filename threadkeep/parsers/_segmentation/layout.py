"""A paste as lines with what stands between them: nothing, a blank line, several, or a line that separates by itself.

Good morning!            line 1
Coffee first.            line 2, after nothing
                         (blank)
New post is up           line 4, after a blank line
---                      (separator, of no post)
See you there            line 6, after a separator
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Space = Literal["nothing", "blank", "blanks", "rule"]
"""What stands between two lines; ``blanks`` are two or more blank lines, ``rule`` is ``---`` or its like."""

_RULE = re.compile(r"\s*([-=*_])\1{2,}\s*")
_UNSEEN = str.maketrans(
    "", "", "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\0"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with something on it: its 1-based ``number`` in the dump, its ``text``, and the ``space`` before it."""

    number: int
    text: str
    space: Space


def read_rows(lines: Sequence[str]) -> list[Row]:
    """The lines of a paste that hold text, each with the space before it; the first stands after nothing."""
    rows: list[Row] = []
    blanks, ruled = 0, False
    for number, line in enumerate(lines, 1):
        if is_blank(line):
            blanks += 1
        elif is_rule(line):
            ruled = True
        else:
            rows.append(Row(number, line.strip(), _space(blanks, ruled) if rows else "nothing"))
            blanks, ruled = 0, False
    return rows


def _space(blanks: int, ruled: bool) -> Space:
    if ruled:
        return "rule"
    return "nothing" if blanks == 0 else "blank" if blanks == 1 else "blanks"


def is_blank(line: str) -> bool:
    """Whether nothing on the line can be seen."""
    return not line or line.isspace() or not line.translate(_UNSEEN).strip()


def is_rule(line: str) -> bool:
    """Whether the line separates: three or more of ``-``, ``=``, ``*`` or ``_`` and nothing else."""
    return len(line) < 1000 and _RULE.fullmatch(line) is not None


def text_between(lines: Sequence[str], first: int, last: int) -> str:
    """The text of the lines ``first`` to ``last`` (1-based, inclusive), without separators and without blank ends."""
    return "\n".join(line for line in lines[first - 1 : last] if not is_rule(line)).strip()
