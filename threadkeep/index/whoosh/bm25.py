"""How well a post answers the words of a query: BM25, a word's frequency weighted by where it stands (as in BM25F).

score = sum over the words of  rarity * weight * (K1 + 1) / (weight + K1 * (1 - B + B * length / average length))
rarity = log(1 + (posts - posts with the word + 0.5) / (posts with the word + 0.5))
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, repeat
from math import log
from operator import add, eq, itemgetter

from threadkeep.index.engine import TermScore
from threadkeep.index.whoosh.postings_cache import Listing
from threadkeep.index.whoosh.postings_reader import PLAIN, best_pairs

K1, B = 1.2, 0.75

_SHIFT = 16


@dataclass(frozen=True, slots=True)
class Collection:
    """All posts together: how many there are, those forgotten but not yet gone included, and their average length."""

    size: int
    average: float

    def rarity(self, holding: int) -> float:
        """How much a word counts that so many posts hold."""
        return log(1 + (self.size - holding + 0.5) / (holding + 0.5))


class Scores(dict[int, float]):
    """What a word of some rarity adds to the score of a post, by ``weight in tenths << 16 | length``."""

    def __init__(self, rarity: float, average: float) -> None:
        super().__init__()
        self.rarity = rarity
        self._average = average

    def __missing__(self, key: int) -> float:
        weight, length = (key >> _SHIFT) / 10, key & 0xFFFF
        norm = K1 * (1 - B + B * length / self._average)
        score = self[key] = self.rarity * weight * (K1 + 1) / (weight + norm)
        return score

    @property
    def limit(self) -> float:
        """What no post reaches, however often it holds the word."""
        return self.rarity * (K1 + 1)


class Weighed:
    """A word of a query in one segment: the posts that hold it, and what it adds to the score of each."""

    def __init__(self, word: str, listing: Listing, scores: Scores, lengths: Sequence[int]) -> None:
        self.listing = listing
        self._word = word
        self._scores = scores
        self._lengths = lengths

    @cached_property
    def bounds(self) -> list[float]:
        """For each block, the most that the word adds to the score of a post in it."""
        bests = self.listing.postings.bests
        if not bests:
            return [self._scores.limit]
        by_best = {
            best: max(self._scores[weight << _SHIFT | length] for weight, length in best_pairs(best))
            for best in set(bests)
        }
        return [by_best[best] for best in bests]

    @cached_property
    def bound(self) -> float:
        """The most that the word adds to any post of the segment."""
        return max(self.bounds)

    def scored(self, block: int) -> list[float]:
        """What the word adds to each post of a block, in their order."""
        return self._added(self.listing.ids_in(block), self.listing.postings.weights_in(block))

    def adds(self, ascending: Sequence[int]) -> list[float]:
        """What the word adds to the score of each of the posts ``ascending``: 0 to one that lacks it."""
        lasts, at = self.listing.postings.lasts, 0
        found: list[float] = []
        while at < len(ascending):
            block = bisect_left(lasts, ascending[at])
            if block == len(lasts):
                found += repeat(0.0, len(ascending) - at)
                break
            end = bisect_right(ascending, lasts[block], at)
            found += self._adds_in(block, ascending[at:end])
            at = end
        return found

    def share(self, id_: int) -> TermScore | None:
        """What the word adds to the score of a post; ``None`` where the post lacks it."""
        listing = self.listing
        block = bisect_left(listing.postings.lasts, id_)
        ids = listing.ids_in(block) if block < listing.blocks else []
        i = bisect_left(ids, id_)
        if i == len(ids) or ids[i] != id_:
            return None
        weights = listing.postings.weights_in(block)
        weight = PLAIN if weights is None else weights[i]
        score = self._scores[weight << _SHIFT | self._lengths[id_]]
        return TermScore(self._word, self._scores.rarity, weight / 10, score)

    def _added(self, ids: Sequence[int], weights: Iterable[int] | None) -> list[float]:
        """What the word adds to the posts ``ids``, in which it has these weights; ``None`` where all are plain."""
        if not ids:
            return []
        lengths = itemgetter(*ids)(self._lengths) if len(ids) > 1 else (self._lengths[ids[0]],)
        if weights is None:
            keys = map((PLAIN << _SHIFT).__add__, lengths)
        else:
            keys = map(add, map((1 << _SHIFT).__mul__, weights), lengths)
        return list(map(self._scores.__getitem__, keys))

    def _adds_in(self, block: int, wanted: Sequence[int]) -> Iterable[float]:
        """The same for posts of which none lies behind the block, nor before it."""
        ids, weights = self.listing.ids_in(block), self.listing.postings.weights_in(block)
        places = list(map(bisect_left, repeat(ids), wanted))
        holding = list(map(eq, map(ids.__getitem__, places), wanted))
        if not all(holding):
            wanted, places = list(compress(wanted, holding)), list(compress(places, holding))
        added = self._added(wanted, None if weights is None else map(weights.__getitem__, places))
        if len(added) == len(holding):
            return added
        following = iter(added)
        return [next(following) if held else 0.0 for held in holding]
