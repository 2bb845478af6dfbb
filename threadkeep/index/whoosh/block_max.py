"""The posts of a segment that score highest, found without scoring all: the best blocks first, until none can matter.

A block tells the most that its word adds to a score. Words are gone through the rarest first. Once there are as many
posts as are asked for, a block is passed over whose best, with all that the words after it can add, stays below the
least of their scores (MaxScore over blocks).
"""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import accumulate, compress
from operator import add, itemgetter

from threadkeep.index.whoosh.bm25 import Weighed
from threadkeep.index.whoosh.postings_cache import Ids, Reading

_BATCH = 8
"""How many blocks are read before the least score that matters is reckoned anew; each time twice as many."""

_LEADING = 4
"""Of so many times the posts asked for, it pays to score the leading ones first."""

_ROUNDING = 1e-9
"""Sums of the same numbers in another order differ by less, relatively."""


class Topmost:
    """The best posts so far. ``floor`` is the least score of them, once there are ``count``."""

    def __init__(self, count: int, floor: float = 0.0) -> None:
        self.count = count
        self.floor = floor
        self.scores: dict[int, float] = {}

    def take(self, scores: dict[int, float]) -> None:
        """Take in what scores high enough."""
        floor = self.floor
        self.scores.update((id_, score) for id_, score in scores.items() if score >= floor)
        if len(self.scores) > self.count:
            self.floor = max(floor, nlargest(self.count, self.scores.values())[-1])
            self.scores = {id_: score for id_, score in self.scores.items() if score >= self.floor}


def topmost(
    words: Sequence[Weighed], reading: Reading, within: Ids | None, count: int, floor: float
) -> dict[int, float]:
    """The scores of the best ``count`` posts of ``within`` (``None``: of all that are not forgotten), and more perhaps.

    ``words`` are in the order in which scores are summed. Posts that score less than ``floor`` are left out, and those
    with none of the words.
    """
    if not words:
        return {}
    best = Topmost(count, floor)
    rests = [*accumulate((word.bound for word in reversed(words[1:])), initial=0.0)][::-1]
    seen: set[int] = set()
    for i, (word, rest) in enumerate(zip(words, rests, strict=True)):
        order = sorted(range(word.listing.blocks), key=word.bounds.__getitem__, reverse=True)
        size = _BATCH
        while order and word.bounds[order[0]] + rest >= best.floor * (1 - _ROUNDING):
            batch, order, size = sorted(order[:size]), order[size:], size * 2
            least = best.floor * (1 - _ROUNDING)
            chosen = [block for block in batch if word.bounds[block] + rest >= least]
            scores = _scored(word, chosen, reading, within, least - rest)
            if seen:
                scores = {id_: score for id_, score in scores.items() if id_ not in seen}
            if i + 1 < len(words):
                seen.update(scores)
                scores = _whole(scores, words[i + 1 :])
            best.take(scores)
    return best.scores


def best_among(words: Sequence[Weighed], ids: Iterable[int], count: int, floor: float) -> dict[int, float]:
    """The scores of the best ``count`` of the posts ``ids``, and more perhaps; for no more than some thousands of them.

    ``words`` are in the order in which scores are summed; posts that score less than ``floor`` may be left out. Word by
    word, those that lead so far are scored to the end, and those are let go that the words to come cannot lift so high.
    """
    ascending = sorted(ids)
    scores = [0.0] * len(ascending)
    rest = sum(word.bound for word in words)
    for i, word in enumerate(words):
        if i and len(scores) > _LEADING * count:
            leading = nlargest(count, zip(scores, ascending, strict=True))
            whole = _whole({id_: score for score, id_ in sorted(leading, key=itemgetter(1))}, words[i:])
            floor = max(floor, min(whole.values()))
        least = floor * (1 - _ROUNDING) - rest
        if least > 0:
            kept = list(map(least.__le__, scores))
            ascending, scores = list(compress(ascending, kept)), list(compress(scores, kept))
        scores = list(map(add, scores, word.adds(ascending)))
        rest -= word.bound
    return dict(zip(ascending, scores, strict=True))


def _whole(scores: dict[int, float], words: Iterable[Weighed]) -> dict[int, float]:
    """``scores``, by ascending id, with what ``words`` add to them."""
    ascending, sums = list(scores), list(scores.values())
    for word in words:
        sums = list(map(add, sums, word.adds(ascending)))
    return dict(zip(ascending, sums, strict=True))


def _scored(
    word: Weighed, blocks: Sequence[int], reading: Reading, within: Ids | None, least: float
) -> dict[int, float]:
    """What ``word`` adds to the posts of some blocks, by ascending id, without those to which it adds too little."""
    scores: dict[int, float] = {}
    for block in blocks:
        found = zip(word.listing.ids_in(block), word.scored(block), strict=True)
        scores.update(found if least <= 0 else [(id_, score) for id_, score in found if score >= least])
    if within is not None:
        return {id_: score for id_, score in scores.items() if id_ in within}
    forgotten = reading.segment.forgotten
    return {id_: score for id_, score in scores.items() if id_ not in forgotten} if forgotten else scores
