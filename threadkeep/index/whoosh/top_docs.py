"""The posts found, those that answer the words of the query best first, and why they do."""

from collections.abc import Sequence
from heapq import nlargest

from threadkeep.index.analysis import query_terms
from threadkeep.index.engine import Hit, TermScore
from threadkeep.index.query_rewrite import positive, words_begun
from threadkeep.index.whoosh.block_max import best_among, topmost
from threadkeep.index.whoosh.bm25 import Collection, Scores, Weighed
from threadkeep.index.whoosh.postings_cache import Reading
from threadkeep.index.whoosh.segment_reader import OpenIndex
from threadkeep.index.whoosh.sort_by_date import Found, first_of
from threadkeep.index.whoosh.term_dictionary import WORDS
from threadkeep.query.ast import Near, Node, Phrase, Term, Word

_MANY = 20_000
"""Fewer posts are all scored; of more, only those that may be among the first."""


def weighing_words(root: Node) -> list[str]:
    """The words by which posts are scored. Filters, beginnings, shapes and what is left out do not count."""
    words: set[str] = set()
    for node in positive(root):
        match node:
            case Word(text) | Phrase(text) | Near(text):
                words.update(word for word, _ in query_terms(text))
            case Term("title" | "alt", value):
                words.update(word for word, _ in words_begun(value)[0])
    return sorted(words)


def by_relevance(index: OpenIndex, found: Sequence[Found], words: Sequence[str], count: int) -> list[Hit]:
    """The first ``count``. Posts of one score stand newest first, then by their number."""
    scores = _scores(index, [part.reading for part in found], words)
    kept: list[tuple[float, int, int]] = []
    floor = 0.0
    for part in sorted(found, key=lambda part: -part.reading.segment.size):
        segment = part.reading.segment
        scored = _scored(part, _weighed(part.reading, scores), count, floor)
        if len(scored) > count:
            floor = max(floor, nlargest(count, scored.values())[-1])
            scored = {id_: score for id_, score in scored.items() if score >= floor}
        kept += ((-score, -segment.created[id_], segment.numbers[id_]) for id_, score in scored.items())
        if len(kept) >= count:
            kept.sort()
            floor = -kept[count - 1][0]
    kept.sort()
    return [Hit(number, -score) for score, _, number in kept[:count]]


def shares(index: OpenIndex, root: Node, numbers: Sequence[int]) -> list[tuple[int, list[TermScore]]]:
    """What the words of ``root`` add to the score of each of the posts ``numbers`` that are held, the most first."""
    readings = [Reading(segment) for segment in index.segments]
    scores = _scores(index, readings, weighing_words(root))
    explained: dict[int, list[TermScore]] = {}
    for reading in readings:
        weighed = _weighed(reading, scores)
        for id_ in reading.segment.ids_of(numbers) - reading.segment.forgotten:
            found = (word.share(id_) for word in weighed)
            explained[reading.segment.numbers[id_]] = sorted(
                (share for share in found if share), key=lambda share: (-share.score, share.term)
            )
    return [(number, explained[number]) for number in numbers if number in explained]


def _scores(index: OpenIndex, readings: Sequence[Reading], words: Sequence[str]) -> dict[str, Scores]:
    """What each word adds to scores, the rarest first; those are left out that no post holds."""
    collection = Collection(index.size, index.average)
    holding = {word: sum(reading.count(WORDS, word) for reading in readings) for word in words}
    ordered = sorted((count, word) for word, count in holding.items() if count)
    return {word: Scores(collection.rarity(count), collection.average) for count, word in ordered}


def _weighed(reading: Reading, scores: dict[str, Scores]) -> list[Weighed]:
    held = ((word, reading.listing(WORDS, word), added) for word, added in scores.items())
    return [Weighed(word, listing, added, reading.segment.lengths) for word, listing, added in held if listing]


def _scored(found: Found, words: Sequence[Weighed], count: int, floor: float) -> dict[int, float]:
    """The scores of the best ``count`` posts found in a segment, and more perhaps, without those below ``floor``."""
    if found.ids is None:
        return topmost(words, found.reading, None, count, floor)
    ids = found.all_ids()
    if len(ids) <= max(_MANY, 8 * count):
        return best_among(words, ids, count, floor)
    scores = topmost(words, found.reading, ids, count, floor)
    if len(scores) < count and not floor:
        others = Found(found.reading, set(ids).difference(scores))
        scores.update(dict.fromkeys(first_of(others, count - len(scores), newest=True), 0.0))
    return scores
