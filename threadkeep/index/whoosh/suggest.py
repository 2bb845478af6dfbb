"""Another spelling of a query that finds nothing: for each word that no post holds, a near one that many do."""

from collections.abc import Iterator

from threadkeep.index.analysis import folded, query_terms, term
from threadkeep.index.fuzzy_terms import distance, near
from threadkeep.index.whoosh.segment_reader import OpenIndex, Segment
from threadkeep.index.whoosh.term_dictionary import FORMS, WORDS
from threadkeep.query.ast import And, InThread, Node, Or, Word


def respelled(node: Node, index: OpenIndex) -> Node:
    """``node`` with each word that the index lacks put right where a near one is there; the rest as it is."""
    match node:
        case Word(text):
            better = _nearest(text, index)
            return Word(better) if better else node
        case And(parts) | Or(parts) | InThread(parts):
            return type(node)(tuple(respelled(part, index) for part in parts))
        case _:
            return node


def _nearest(text: str, index: OpenIndex) -> str | None:
    """The word of the index that differs least from ``text``, by one letter in a short word and two in a long one."""
    form = folded(text)
    if len(form) < 3 or not form.isalpha() or len(query_terms(text)) != 1 or _is_held(term(form), index):
        return None
    allowed = 1 if len(form) < 5 else 2
    ranked = (
        # Most people get the first letter right.
        (distance(word, form, allowed) + (word[0] != form[0]), -count, word)
        for segment in index.segments
        for word, count in _candidates(form, allowed, segment)
    )
    return min(ranked, default=(0, 0, None))[2]


def _is_held(word: str, index: OpenIndex) -> bool:
    return any(segment.dictionary.find(WORDS, word) is not None for segment in index.segments)


def _candidates(form: str, allowed: int, segment: Segment) -> Iterator[tuple[str, int]]:
    """Words as people write them that are near, and how many posts hold each."""
    _, like = near(form, allowed)
    if like is None:
        return
    for form_like in segment.dictionary.like(FORMS, like):
        if form_like.word.isalpha():
            yield form_like.word, form_like.count
    for stem in segment.dictionary.like(WORDS, like):
        if stem.word.isalpha() and stem.count > _reduced(stem.word, segment):
            yield stem.word, stem.count


def _reduced(stem: str, segment: Segment) -> int:
    """How many times posts hold a word reduced to ``stem``. Where all do, the stem is no word: "happi" of "happy"."""
    return sum(form.count for form in segment.dictionary.beginning(FORMS, stem[:3]) if term(form.word) == stem)
