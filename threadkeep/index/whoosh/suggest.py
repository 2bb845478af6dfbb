"""Suggest a spelling for a query that finds nothing: replace each word that no post has by a similar, common one."""

from collections.abc import Iterator

from threadkeep.index.analysis import fold, query_terms, stem_term
from threadkeep.index.fuzzy_terms import edit_distance, fuzzy_pattern
from threadkeep.index.query_rewrite import drop_empty
from threadkeep.index.whoosh.searcher import top_hits
from threadkeep.index.whoosh.segment_format import FORMS, WORDS
from threadkeep.index.whoosh.segment_reader import OpenIndex, Segment
from threadkeep.query.ast import And, InThread, Node, Or, Query, Word


def suggest(query: Query, index: OpenIndex) -> Query | None:
    """Return ``query`` with its spelling corrected so that it finds something; ``None`` if no correction does."""
    corrected = _correct(query.root, index)
    root = drop_empty(corrected)
    if corrected == query.root or root is None or not top_hits(index, root, "newest", 0)[1]:
        return None
    return Query("", corrected)


def _correct(node: Node, index: OpenIndex) -> Node:
    match node:
        case Word(text):
            better = _most_similar(text, index)
            return Word(better) if better else node
        case And(parts) | Or(parts) | InThread(parts):
            return type(node)(tuple(_correct(part, index) for part in parts))
        case _:
            return node


def _most_similar(text: str, index: OpenIndex) -> str | None:
    """Return the indexed word most similar to ``text``: one edit away if that is short, at most two if it is long."""
    form = fold(text)
    if len(form) < 3 or not form.isalpha() or len(query_terms(text)) != 1 or _is_indexed(stem_term(form), index):
        return None
    edits = 1 if len(form) < 5 else 2
    ranked = (
        # Most people get the first letter right.
        (edit_distance(word, form, edits) + (word[0] != form[0]), -count, word)
        for segment in index.segments
        for word, count in _candidates(form, edits, segment)
    )
    return min(ranked, default=(0, 0, None))[2]


def _is_indexed(stem: str, index: OpenIndex) -> bool:
    return any(segment.dictionary.find(WORDS, stem) is not None for segment in index.segments)


def _candidates(form: str, edits: int, segment: Segment) -> Iterator[tuple[str, int]]:
    """Yield similar words, unstemmed, and their document frequencies."""
    _, pattern = fuzzy_pattern(form, edits)
    if pattern is None:
        return
    for entry in segment.dictionary.matching(FORMS, pattern):
        if entry.term.isalpha():
            yield entry.term, entry.doc_freq
    for entry in segment.dictionary.matching(WORDS, pattern):
        if entry.term.isalpha() and entry.doc_freq > _stemmed_count(entry.term, segment):
            yield entry.term, entry.doc_freq


def _stemmed_count(stem: str, segment: Segment) -> int:
    """Count the posts with a longer word of this stem. If all have one, the stem is not a word: "happi" of "happy"."""
    forms = segment.dictionary.with_prefix(FORMS, stem[:3])
    return sum(entry.doc_freq for entry in forms if stem_term(entry.term) == stem)
