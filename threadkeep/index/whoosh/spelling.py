"""Another spelling of a query that finds nothing: for each word that no post holds, a near one that many do."""

from collections.abc import Iterator
from itertools import islice

from threadkeep.index.analysis import folded, sought, term
from threadkeep.index.whoosh.gathering import FORMS, WORDS
from threadkeep.index.whoosh.segments import OpenIndex
from threadkeep.query.ast import And, Node, Not, Or, Word

_SCANNED = 20_000
"""How many words are looked at for one misspelt: more take longer than an answer is worth."""

_FAR = 3


def respelled(node: Node, index: OpenIndex) -> Node:
    """``node`` with each word that the index lacks put right where a near one is there; the rest as it is."""
    match node:
        case Word(text):
            near = _nearest(text, index)
            return Word(near) if near else node
        case And(parts) | Or(parts):
            return type(node)(tuple(respelled(part, index) for part in parts))
        case Not():
            return node
        case _:
            return node


def _nearest(text: str, index: OpenIndex) -> str | None:
    """The word of the index that differs least from ``text``, by one letter in a short word and two in a long one."""
    form = folded(text)
    if len(form) < 3 or not form.isalpha() or len(sought(text)) != 1 or _count(term(form), index):
        return None
    allowed = 1 if len(form) < 5 else 2
    ranked = [
        (distance, -count, word)
        for word, count in _candidates(form, allowed, index)
        if (distance := _distance(word, form)) <= allowed
    ]
    return min(ranked, default=(0, 0, None))[2]


def _count(word: str, index: OpenIndex) -> int:
    return sum(segment.count(WORDS, word) for segment in index.segments)


def _candidates(sought_form: str, allowed: int, index: OpenIndex) -> Iterator[tuple[str, int]]:
    """Words as people write them that may be near, and how many posts hold each; all begin with the same letter."""
    first, letters, length = sought_form[0], set(sought_form), len(sought_form)

    def may_be_near(word: str) -> bool:
        # Each change of a letter adds one and takes one: a test in C that spares nearly all words the slow one.
        return abs(len(word) - length) <= allowed and len(letters.symmetric_difference(word)) <= 2 * allowed

    for segment in index.segments:
        forms = [(form, count) for form, count, _ in islice(segment.beginning(FORMS, first), _SCANNED)]
        yield from ((form, count) for form, count in forms if may_be_near(form) and form.isalpha())
        for word, count, _ in islice(segment.beginning(WORDS, first), _SCANNED):
            if may_be_near(word) and word.isalpha():
                # A stem such as "happi" is no word: where every post that holds it has "happy", it is passed over.
                reduced = sum(c for form, c in forms if form.startswith(word[:3]) and term(form) == word)
                if count > reduced:
                    yield word, count


def _distance(a: str, b: str) -> int:
    """How many letters must be put in, left out, changed or swapped with the next; ``_FAR`` for more than two."""
    if abs(len(a) - len(b)) >= _FAR:
        return _FAR
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) >= _FAR:
            return _FAR
        before, last = last, row
    return min(last[-1], _FAR)
