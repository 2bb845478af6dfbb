"""Words told by their looks: those of a shape such as ``w?rd`` or ``kil*s``, and those a letter or two from another.

    shapes("wood-f?re")   wood, and words such as fire
    near("kilm", 1)       words such as kiln, kilms, klim

Both come down to a regular expression over a word, which an engine may try on its whole dictionary.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from threadkeep.index.analysis import TERM_LENGTH, beginning, folded, is_spaceless

MOST_EDITS = 2
"""More letters apart, and nearly every word is like every other."""

_LONG = 24
"""The ways to change two letters of a longer word are more than one regular expression takes in quickly."""

Row = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Like:
    """The words that the regular expression ``source`` matches from end to end; all of them begin with ``start``.

    ``shortest`` and ``longest`` are the fewest and the most letters that any of them has.
    """

    start: str
    source: str
    shortest: int = 0
    longest: int = TERM_LENGTH

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.source, re.S)

    def fits(self, word: str) -> bool:
        """Whether ``word`` is one of them."""
        return self._pattern.fullmatch(word) is not None


@lru_cache(maxsize=100)
def shapes(pattern: str) -> tuple[tuple[str, ...], tuple[Like, ...]]:
    """The whole words in ``pattern``, and the shapes of others in it; each of both must be found.

    >>> shapes("wood-f?re")
    (('wood',), (Like(start='f', source='f.re', shortest=4, longest=4),))
    """
    kept = (char if _stands_in_words(char) else " " for char in folded(pattern))
    parts = "".join(kept).split()
    shaped = [part for part in parts if {"*", "?"}.intersection(part)]
    return tuple(part for part in parts if part not in shaped), tuple(_shape(part) for part in shaped if part != "*")


def _stands_in_words(char: str) -> bool:
    return char in "*?" or unicodedata.category(char) == "So" or unicodedata.category(char)[0] in "LMN"


def _shape(part: str) -> Like:
    """One word's shape. What a star has skipped is not skipped again, so that no shape takes long on any word."""
    first, *rest = re.sub(r"\*+", "*", part).split("*")
    literals = [_literal(piece) for piece in rest]
    source = _literal(first) + "".join(f"(?>.*?{literal})" for literal in literals[:-1])
    source += f".*{literals[-1]}" if literals else ""
    shortest = sum(map(len, (first, *rest)))
    return Like(first.partition("?")[0][:TERM_LENGTH], source, shortest, TERM_LENGTH if rest else shortest)


def _literal(piece: str) -> str:
    return ".".join(map(re.escape, piece.split("?")))


@lru_cache(maxsize=100)
def near(text: str, edits: int) -> tuple[Row, Like | None]:
    """The whole words before the last one of ``text``, and the words at most ``edits`` letters away from that.

    A word of one letter, or in a script without spaces, has none that are near: it is sought as it is. A very long one
    has only those that are one letter away.
    """
    row, form = beginning(text)
    if not form:
        return row, None
    most = 0 if len(form) < 2 or is_spaceless(form) else MOST_EDITS if len(form) <= _LONG else 1
    edits = min(edits, most)
    return row, Like("", _nearby(form, edits), len(form) - edits, len(form) + edits)


def _nearby(form: str, edits: int) -> str:
    """A regular expression for the words in which at most ``edits`` letters are put in, left out, changed or swapped.

    A letter that was swapped with the next is not changed again (the optimal string alignment distance).
    """
    if not edits:
        return re.escape(form)
    if not form:
        return f".{{0,{edits}}}"
    first, rest = re.escape(form[0]), form[1:]
    ways = [first + _nearby(rest, edits), f".?{_nearby(rest, edits - 1)}", f".{_nearby(form, edits - 1)}"]
    if rest and rest[0] != form[0]:
        ways.append(re.escape(rest[0]) + first + _nearby(rest[1:], edits - 1))
    return f"(?:{'|'.join(ways)})"


def distance(a: str, b: str, far: int) -> int:
    """How many letters must be put in, left out, changed or swapped with the next; ``far + 1`` for more than ``far``.

    A letter that was swapped is not changed again.
    """
    if abs(len(a) - len(b)) > far:
        return far + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > far:
            return far + 1
        before, last = last, row
    return min(last[-1], far + 1)
