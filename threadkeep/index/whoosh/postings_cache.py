"""A segment, and the postings of its words, as one query reads them: only the blocks it needs, each decoded once."""

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import chain, compress

from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.postings_reader import Postings
from threadkeep.index.whoosh.segment_reader import Segment
from threadkeep.index.whoosh.term_dictionary_reader import Entry
from threadkeep.query.ast import Node

Ids = set[int] | range
"""Some posts of a segment by their ids: a range stands for all from one id up to another."""

_FEW = 8
"""Up to so many posts a block, it is looked up which blocks may hold them; of more, hardly any block holds none."""

_DENSE = 8
"""If every eighth post of a block is asked for or more, going through all of it is faster than finding each."""


class Listing:
    """The posts that hold a word: ``count`` of them, the forgotten ones included.

    Ids that a query leaves out are not decoded, as far as whole blocks go.
    """

    def __init__(self, entry: Entry) -> None:
        self.count = entry.count
        self._entry = entry
        self._decoded: dict[int, list[int]] = {}

    @cached_property
    def postings(self) -> Postings:
        """The bytes to be decoded."""
        return self._entry.postings

    @cached_property
    def blocks(self) -> int:
        """How many blocks there are."""
        return self.postings.blocks

    def ids_in(self, block: int) -> list[int]:
        """The ids in a block, ascending. Not to be changed."""
        ids = self._decoded.get(block)
        if ids is None:
            ids = self._decoded[block] = self.postings.ids_in(block)
        return ids

    @cached_property
    def ids(self) -> list[int]:
        """All ids, ascending. Not to be changed."""
        if self.blocks == 1:
            return self.ids_in(0)
        return list(chain.from_iterable(map(self.ids_in, range(self.blocks))))

    def among(self, within: Ids) -> set[int]:
        """Those of ``within`` that hold the word."""
        if isinstance(within, range):
            return set(self._sliced(within))
        return within.intersection(chain.from_iterable(map(self.ids_in, self.blocks_with(within))))

    def blocks_with(self, within: Ids) -> list[int] | range:
        """The blocks, ascending, in which posts of ``within`` may be."""
        lasts = self.postings.lasts
        if isinstance(within, range):
            if not within:
                return range(0)
            return range(bisect_left(lasts, within[0]), min(bisect_left(lasts, within[-1]) + 1, self.blocks))
        if self.blocks == 1 or len(within) > self.blocks * _FEW:
            return range(self.blocks)
        found = {bisect_left(lasts, id_) for id_ in within}
        found.discard(self.blocks)
        return sorted(found)

    def stands(self, within: set[int]) -> list[int]:
        """Where the word stands in the posts ``within``, which all hold it: ``id << places.BITS | place`` of each."""
        found: list[int] = []
        lasts, ascending, at = self.postings.lasts, sorted(within), 0
        while at < len(ascending):
            block = bisect_left(lasts, ascending[at])
            end = bisect_right(ascending, lasts[block], at)
            self._add_places(block, ascending[at:end], within, found)
            at = end
        return found

    def _sliced(self, within: range) -> list[int]:
        if within.start <= 0 and self.postings.lasts[-1] < within.stop:
            return self.ids
        ids = list(chain.from_iterable(map(self.ids_in, self.blocks_with(within))))
        return ids[bisect_left(ids, within.start) : bisect_left(ids, within.stop)]

    def _add_places(self, block: int, wanted: list[int], within: set[int], found: list[int]) -> None:
        """Add to ``found`` where the word stands in the posts ``wanted`` of a block, which are those of ``within``."""
        ids = self.ids_in(block)
        characters, ends = self.postings.places_in_block(block)
        if len(wanted) * _DENSE < len(ids):
            for id_ in wanted:
                i = bisect_left(ids, id_)
                held = characters[i] if ends is None else characters[ends[i - 1] if i else 0 : ends[i]]
                found += [id_ << positions.BITS | ord(place) for place in held]
        elif ends is None:
            shown = compress(characters, map(within.__contains__, ids))
            found += [id_ << positions.BITS | ord(place) for id_, place in zip(wanted, shown, strict=True)]
        else:
            start = 0
            for id_, end in zip(ids, ends, strict=True):
                if id_ in within:
                    found += [id_ << positions.BITS | ord(place) for place in characters[start:end]]
                start = end


class Reading:
    """A segment while one query is answered: no word is looked up twice.

    ``threads`` are those that each ``InThread`` of the query has turned out to mean.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.everything = range(segment.size)
        self.threads: dict[Node, frozenset[int]] = {}
        self._listings: dict[tuple[str, str], Listing | None] = {}

    def listing(self, field: str, word: str) -> Listing | None:
        """The posts that hold ``word``, the forgotten ones included; ``None`` where there are none."""
        key = field, word
        if key not in self._listings:
            entry = self.segment.dictionary.find(field, word)
            self._listings[key] = None if entry is None else Listing(entry)
        return self._listings[key]

    def count(self, field: str, word: str) -> int:
        """How many posts hold ``word``, the forgotten ones included."""
        listing = self.listing(field, word)
        return listing.count if listing else 0
