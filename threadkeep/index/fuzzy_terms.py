"""Wildcard and fuzzy terms: words such as ``w?rd`` or ``kil*s``, and words within a small edit distance.

    shapes("wood-f?re")   wood, and words such as fire
    near("kilm", 1)       words such as kiln, kilms, klim

Both become a regular expression for a term, which an engine can run over its whole dictionary.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from threadkeep.index.analysis import TERM_LENGTH, fold, is_spaceless, split_prefix

MAX_EDITS = 2
"""With more edits, nearly every word is similar to every other."""

_LONG = 24
"""For two edits of a longer word the regular expression is too large to compile quickly."""

PhraseTerms = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class TermPattern:
    """The terms that ``regex`` matches in full; all begin with ``prefix`` and have a length within the bounds."""

    prefix: str
    regex: str
    min_length: int = 0
    max_length: int = TERM_LENGTH

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.regex, re.S)

    def matches(self, term: str) -> bool:
        """Return whether ``term`` is one of them."""
        return self._compiled.fullmatch(term) is not None


@lru_cache(maxsize=100)
def wildcard_patterns(pattern: str) -> tuple[tuple[str, ...], tuple[TermPattern, ...]]:
    """Return the whole words in ``pattern`` and the patterns in it; a post must match all of them.

    >>> shapes("wood-f?re")
    (('wood',), (TermPattern(prefix='f', regex='f.re', min_length=4, max_length=4),))
    """
    kept = (char if _is_word_char(char) else " " for char in fold(pattern))
    parts = "".join(kept).split()
    wildcards = [part for part in parts if {"*", "?"}.intersection(part)]
    return tuple(part for part in parts if part not in wildcards), tuple(
        _compile_wildcard(part) for part in wildcards if part != "*"
    )


def _is_word_char(char: str) -> bool:
    return char in "*?" or unicodedata.category(char) == "So" or unicodedata.category(char)[0] in "LMN"


def _compile_wildcard(part: str) -> TermPattern:
    """Compile one wildcard word. Atomic groups keep the matching linear."""
    first, *rest = re.sub(r"\*+", "*", part).split("*")
    literals = [_literal(piece) for piece in rest]
    source = _literal(first) + "".join(f"(?>.*?{literal})" for literal in literals[:-1])
    source += f".*{literals[-1]}" if literals else ""
    min_length = sum(map(len, (first, *rest)))
    return TermPattern(first.partition("?")[0][:TERM_LENGTH], source, min_length, TERM_LENGTH if rest else min_length)


def _literal(piece: str) -> str:
    return ".".join(map(re.escape, piece.split("?")))


@lru_cache(maxsize=100)
def fuzzy_pattern(text: str, edits: int) -> tuple[PhraseTerms, TermPattern | None]:
    """Return the terms before the last word of ``text``, and the terms at most ``edits`` edits away from that word.

    A word of one letter, or in a script without spaces, matches only itself; a very long one allows one edit.
    """
    row, form = split_prefix(text)
    if not form:
        return row, None
    most = 0 if len(form) < 2 or is_spaceless(form) else MAX_EDITS if len(form) <= _LONG else 1
    edits = min(edits, most)
    return row, TermPattern("", _fuzzy_regex(form, edits), len(form) - edits, len(form) + edits)


def _fuzzy_regex(form: str, edits: int) -> str:
    """Return a regular expression for the words at most ``edits`` insertions, deletions, changes or swaps away.

    Swapped letters are not edited again (optimal string alignment distance).
    """
    if not edits:
        return re.escape(form)
    if not form:
        return f".{{0,{edits}}}"
    first, rest = re.escape(form[0]), form[1:]
    ways = [
        first + _fuzzy_regex(rest, edits),
        f".?{_fuzzy_regex(rest, edits - 1)}",
        f".{_fuzzy_regex(form, edits - 1)}",
    ]
    if rest and rest[0] != form[0]:
        ways.append(re.escape(rest[0]) + first + _fuzzy_regex(rest[1:], edits - 1))
    return f"(?:{'|'.join(ways)})"


def edit_distance(a: str, b: str, limit: int) -> int:
    """Return the optimal string alignment distance of two words; ``limit + 1`` if it is above ``limit``."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)
