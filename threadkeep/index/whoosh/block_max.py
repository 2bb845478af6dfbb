"""Find the highest-scoring posts of a segment without scoring all (MaxScore over blocks).

Each block of postings has an upper bound on what its term adds to a score. Terms are processed the rarest first. Once
there are as many posts as wanted, a block is skipped if its bound, plus all that the remaining terms can add, is below
the lowest of their scores.
"""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import accumulate, compress
from operator import add, itemgetter

from threadkeep.index.whoosh.bm25 import TermScorer
from threadkeep.index.whoosh.postings_cache import DocIds, SegmentQueryContext

_FIRST_BATCH = 8
"""Blocks scored before the threshold is recomputed; doubles each round."""

_LEADERS = 4
"""With more than so many times as many candidates as wanted, the leading ones are scored first."""

_ROUNDING = 1e-9
"""Sums of the same numbers in another order differ by less, relatively."""


class TopK:
    """The best posts so far. ``threshold`` is the lowest score among them, once there are ``count``."""

    def __init__(self, count: int, threshold: float = 0.0) -> None:
        self.count = count
        self.threshold = threshold
        self.scores: dict[int, float] = {}

    def offer(self, scores: dict[int, float]) -> None:
        """Keep the posts whose scores are high enough."""
        threshold = self.threshold
        self.scores.update((doc_id, score) for doc_id, score in scores.items() if score >= threshold)
        if len(self.scores) > self.count:
            self.threshold = max(threshold, nlargest(self.count, self.scores.values())[-1])
            self.scores = {doc_id: score for doc_id, score in self.scores.items() if score >= self.threshold}


def score_blocks(
    scorers: Sequence[TermScorer], context: SegmentQueryContext, within: DocIds | None, count: int, threshold: float
) -> dict[int, float]:
    """Return the scores of the ``count`` best posts of ``within`` (``None``: of all live posts), and maybe of others.

    ``scorers`` are in the order in which scores are summed. Posts below ``threshold`` and posts with none of the terms
    are left out.
    """
    if not scorers:
        return {}
    best = TopK(count, threshold)
    suffix_bounds = [*accumulate((scorer.max_score for scorer in reversed(scorers[1:])), initial=0.0)][::-1]
    seen: set[int] = set()
    for i, (scorer, remaining) in enumerate(zip(scorers, suffix_bounds, strict=True)):
        order = sorted(range(scorer.postings.blocks), key=scorer.block_bounds.__getitem__, reverse=True)
        size = _FIRST_BATCH
        while order and scorer.block_bounds[order[0]] + remaining >= best.threshold * (1 - _ROUNDING):
            batch, order, size = sorted(order[:size]), order[size:], size * 2
            minimum = best.threshold * (1 - _ROUNDING)
            chosen = [block for block in batch if scorer.block_bounds[block] + remaining >= minimum]
            scores = _block_scores(scorer, chosen, context, within, minimum - remaining)
            if seen:
                scores = {doc_id: score for doc_id, score in scores.items() if doc_id not in seen}
            if i + 1 < len(scorers):
                seen.update(scores)
                scores = _completed(scores, scorers[i + 1 :])
            best.offer(scores)
    return best.scores


def score_candidates(
    scorers: Sequence[TermScorer], ids: Iterable[int], count: int, threshold: float
) -> dict[int, float]:
    """Return the scores of the ``count`` best of the posts ``ids``, and maybe of others; for some thousands of them.

    ``scorers`` are in the order in which scores are summed; posts below ``threshold`` may be left out. After each term,
    the leading posts are scored completely, and posts are dropped that the remaining terms cannot lift as high.
    """
    ascending = sorted(ids)
    scores = [0.0] * len(ascending)
    remaining = sum(scorer.max_score for scorer in scorers)
    for i, scorer in enumerate(scorers):
        if i and len(scores) > _LEADERS * count:
            leaders = nlargest(count, zip(scores, ascending, strict=True))
            completed = _completed({doc_id: score for score, doc_id in sorted(leaders, key=itemgetter(1))}, scorers[i:])
            threshold = max(threshold, min(completed.values()))
        minimum = threshold * (1 - _ROUNDING) - remaining
        if minimum > 0:
            kept = list(map(minimum.__le__, scores))
            ascending, scores = list(compress(ascending, kept)), list(compress(scores, kept))
        scores = list(map(add, scores, scorer.score_docs(ascending)))
        remaining -= scorer.max_score
    return dict(zip(ascending, scores, strict=True))


def _completed(scores: dict[int, float], scorers: Iterable[TermScorer]) -> dict[int, float]:
    """Add the scores of ``scorers`` to ``scores``, which ascend by doc id."""
    ascending, sums = list(scores), list(scores.values())
    for scorer in scorers:
        sums = list(map(add, sums, scorer.score_docs(ascending)))
    return dict(zip(ascending, sums, strict=True))


def _block_scores(
    scorer: TermScorer, blocks: Sequence[int], context: SegmentQueryContext, within: DocIds | None, minimum: float
) -> dict[int, float]:
    """Return the scores of one term in some blocks, by ascending doc id, without those below ``minimum``."""
    scores: dict[int, float] = {}
    for block in blocks:
        found = zip(scorer.postings.ids_in(block), scorer.score_block(block), strict=True)
        scores.update(found if minimum <= 0 else [(doc_id, score) for doc_id, score in found if score >= minimum])
    if within is not None:
        return {doc_id: score for doc_id, score in scores.items() if doc_id in within}
    deleted = context.segment.deleted
    return {doc_id: score for doc_id, score in scores.items() if doc_id not in deleted} if deleted else scores
