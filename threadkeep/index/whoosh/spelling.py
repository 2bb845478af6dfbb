"""Another spelling of a query that finds nothing: for each word that no post holds, a near one that many do."""

from collections.abc import Iterator

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
        for word, count in _candidates(form[0], index)
        if abs(len(word) - len(form)) <= allowed and word.isalpha() and (distance := _distance(word, form)) <= allowed
    ]
    return min(ranked, default=(0, 0, None))[2]


def _count(word: str, index: OpenIndex) -> int:
    return sum(segment.count(WORDS, word) for segment in index.segments)


def _candidates(first: str, index: OpenIndex) -> Iterator[tuple[str, int]]:
    """Words as people write them that begin with the letter ``first``, and how many posts hold each."""
    scanned = 0
    reduced: dict[str, int] = {}
    for segment in index.segments:
        for form, count, _ in segment.beginning(FORMS, first):
            reduced[term(form)] = reduced.get(term(form), 0) + count
            yield form, count
            scanned += 1
            if scanned > _SCANNED:
                break
        for word, count, _ in segment.beginning(WORDS, first):
            # A stem such as "happi" is no word: where every post that holds it has "happy", it is passed over.
            if count > reduced.get(word, 0):
                yield word, count
            scanned += 1
            if scanned > 2 * _SCANNED:
                return


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
