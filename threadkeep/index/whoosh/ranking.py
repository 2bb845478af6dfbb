"""In which order the posts found are shown: BM25 over weighted words, or their dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log
from typing import TypeVar

from threadkeep.index import Hit, Sort
from threadkeep.index.analysis import sought
from threadkeep.index.wanted import positive, words_begun
from threadkeep.index.whoosh.gathering import WORDS
from threadkeep.index.whoosh.segments import UNDATED, OpenIndex, Segment
from threadkeep.query.ast import Node, Phrase, Term, Word

_K1, _B = 1.2, 0.75
_Key = TypeVar("_Key", int, float)


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of the posts found in a segment."""

    segment: Segment
    ids: set[int]


def ranked(index: OpenIndex, found: Sequence[Found], root: Node, sort: Sort, count: int) -> list[Hit]:
    """The first ``count`` of the posts found. Posts of one score stand newest first, then by their number."""
    if sort != "relevance":
        return _by_date(found, count, newest=sort == "newest")
    words = sorted(_words(root))
    if not words:
        return _by_date(found, count, newest=True)
    scores = _scores(index, found, words)
    kept = [
        (score, part.segment.created[id_], part.segment.numbers[id_])
        for part, scored in zip(found, scores, strict=True)
        for id_, score in _best(scored, count)
    ]
    kept.sort(key=lambda hit: (-hit[0], -hit[1], hit[2]))
    return [Hit(number, score) for score, _, number in kept[:count]]


def _by_date(found: Sequence[Found], count: int, newest: bool) -> list[Hit]:
    kept: list[tuple[int, int]] = []
    for part in found:
        created = part.segment.created
        # The greater the key, the earlier a post is shown; without a date it is shown last either way.
        keys = {id_: created[id_] if newest or created[id_] == UNDATED else -created[id_] for id_ in part.ids}
        kept += ((-key, part.segment.numbers[id_]) for id_, key in _best(keys, count))
    kept.sort()
    return [Hit(number, 0.0) for _, number in kept[:count]]


def _best(keys: dict[int, _Key], count: int) -> Iterable[tuple[int, _Key]]:
    """The posts with the ``count`` greatest keys, and all that equal the least of those."""
    if len(keys) <= count or not count:
        return keys.items() if count else ()
    least = nlargest(count, keys.values())[-1]
    return [(id_, key) for id_, key in keys.items() if key >= least]


def _words(root: Node) -> set[str]:
    """The words by which posts are scored. Filters, beginnings and what is left out do not count."""
    words: set[str] = set()
    for node in positive(root):
        match node:
            case Word(text) | Phrase(text):
                words.update(word for word, _ in sought(text))
            case Term("title", value):
                words.update(word for word, _ in words_begun(value)[0])
    return words


def _scores(index: OpenIndex, found: Sequence[Found], words: Sequence[str]) -> list[dict[int, float]]:
    """BM25, with a word's frequency weighted by where it stands (as in BM25F), for each post found."""
    scores = [dict.fromkeys(part.ids, 0.0) for part in found]
    size = index.size
    average = sum(sum(segment.lengths) for segment in index.segments) / size if size else 1.0
    norms = _Norms(average or 1.0)
    for word in words:
        holding = sum(segment.count(WORDS, word) for segment in index.segments)
        rarity = log(1 + (size - holding + 0.5) / (holding + 0.5))
        for part, scored in zip(found, scores, strict=True):
            postings = part.segment.postings(WORDS, word) if scored else None
            if postings is None:
                continue
            lengths = part.segment.lengths
            weights = postings.weights or [1.0] * len(postings.ids)
            for id_, weight in zip(postings.ids, weights, strict=True):
                if id_ in scored:
                    scored[id_] += rarity * weight * (_K1 + 1) / (weight + norms[lengths[id_]])
    return scores


class _Norms(dict[int, float]):
    """What a word's weight is measured against in a post of so many words."""

    def __init__(self, average: float) -> None:
        super().__init__()
        self._average = average

    def __missing__(self, length: int) -> float:
        norm = self[length] = _K1 * (1 - _B + _B * length / self._average)
        return norm
