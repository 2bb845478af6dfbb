"""BM25 scoring, a term's frequency weighted by field (as in BM25F).

score = sum over the terms of  idf * weight * (K1 + 1) / (weight + K1 * (1 - B + B * length / average length))
idf   = log(1 + (posts - doc_freq + 0.5) / (doc_freq + 0.5))
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, repeat
from math import log
from operator import add, eq, itemgetter

from threadkeep.index.engine import TermScore
from threadkeep.index.whoosh.postings_cache import TermPostings
from threadkeep.index.whoosh.postings_reader import PLAIN, best_pairs

K1, B = 1.2, 0.75

_SHIFT = 16


@dataclass(frozen=True, slots=True)
class CollectionStats:
    """The number of posts, including those deleted but not yet merged away, and their average length in words."""

    size: int
    average: float

    def idf(self, doc_freq: int) -> float:
        """Return the inverse document frequency of a term in ``doc_freq`` posts."""
        return log(1 + (self.size - doc_freq + 0.5) / (doc_freq + 0.5))


class ScoreTable(dict[int, float]):
    """The scores of a term, computed on first use, by ``weight in tenths << 16 | length``."""

    def __init__(self, idf: float, average: float) -> None:
        super().__init__()
        self.idf = idf
        self._average = average

    def __missing__(self, key: int) -> float:
        weight, length = (key >> _SHIFT) / 10, key & 0xFFFF
        norm = K1 * (1 - B + B * length / self._average)
        score = self[key] = self.idf * weight * (K1 + 1) / (weight + norm)
        return score

    @property
    def upper_bound(self) -> float:
        """The limit of the score as the weight grows."""
        return self.idf * (K1 + 1)


class TermScorer:
    """Scores the posts of a segment for one term."""

    def __init__(self, term: str, postings: TermPostings, table: ScoreTable, lengths: Sequence[int]) -> None:
        self.postings = postings
        self._term = term
        self._table = table
        self._lengths = lengths

    @cached_property
    def block_bounds(self) -> list[float]:
        """An upper bound of the scores in each block."""
        bests = self.postings.postings.bests
        if not bests:
            return [self._table.upper_bound]
        by_best = {
            best: max(self._table[weight << _SHIFT | length] for weight, length in best_pairs(best))
            for best in set(bests)
        }
        return [by_best[best] for best in bests]

    @cached_property
    def max_score(self) -> float:
        """An upper bound of the scores in the segment."""
        return max(self.block_bounds)

    def score_block(self, block: int) -> list[float]:
        """Return the scores of the posts of a block, in their order."""
        return self._scores(self.postings.ids_in(block), self.postings.postings.weights_in(block))

    def score_docs(self, ascending: Sequence[int]) -> list[float]:
        """Return the scores of the posts ``ascending``; 0 for those without the term."""
        lasts, at = self.postings.postings.lasts, 0
        found: list[float] = []
        while at < len(ascending):
            block = bisect_left(lasts, ascending[at])
            if block == len(lasts):
                found += repeat(0.0, len(ascending) - at)
                break
            end = bisect_right(ascending, lasts[block], at)
            found += self._scores_within(block, ascending[at:end])
            at = end
        return found

    def explain(self, doc_id: int) -> TermScore | None:
        """Return the score of a post with its factors; ``None`` if the post lacks the term."""
        postings = self.postings
        block = bisect_left(postings.postings.lasts, doc_id)
        ids = postings.ids_in(block) if block < postings.blocks else []
        i = bisect_left(ids, doc_id)
        if i == len(ids) or ids[i] != doc_id:
            return None
        weights = postings.postings.weights_in(block)
        weight = PLAIN if weights is None else weights[i]
        score = self._table[weight << _SHIFT | self._lengths[doc_id]]
        return TermScore(self._term, self._table.idf, weight / 10, score)

    def _scores(self, ids: Sequence[int], weights: Iterable[int] | None) -> list[float]:
        """Return the scores of the posts ``ids`` with these weights in tenths; ``None`` if all are 10."""
        if not ids:
            return []
        lengths = itemgetter(*ids)(self._lengths) if len(ids) > 1 else (self._lengths[ids[0]],)
        if weights is None:
            keys = map((PLAIN << _SHIFT).__add__, lengths)
        else:
            keys = map(add, map((1 << _SHIFT).__mul__, weights), lengths)
        return list(map(self._table.__getitem__, keys))

    def _scores_within(self, block: int, wanted: Sequence[int]) -> Iterable[float]:
        """As ``score_docs``, of posts that are all within the range of a block."""
        ids, weights = self.postings.ids_in(block), self.postings.postings.weights_in(block)
        indexes = list(map(bisect_left, repeat(ids), wanted))
        holding = list(map(eq, map(ids.__getitem__, indexes), wanted))
        if not all(holding):
            wanted, indexes = list(compress(wanted, holding)), list(compress(indexes, holding))
        scores = self._scores(wanted, None if weights is None else map(weights.__getitem__, indexes))
        if len(scores) == len(holding):
            return scores
        following = iter(scores)
        return [next(following) if held else 0.0 for held in holding]
