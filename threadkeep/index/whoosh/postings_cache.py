"""A segment and its postings during one query: only the blocks needed are read, each decoded once."""

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import chain, compress

from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.postings_reader import Postings
from threadkeep.index.whoosh.segment_reader import Segment
from threadkeep.index.whoosh.term_dictionary import TermEntry
from threadkeep.query.ast import Node

DocIds = set[int] | range
"""Posts of a segment by doc id; a range stands for all ids in it."""

_SPARSE = 8
"""Up to so many candidates a block, the blocks that may hold them are looked up; with more, hardly one is skipped."""

_DENSE = 8
"""If at least one in so many posts of a block is wanted, scanning the block is faster than looking each up."""


class TermPostings:
    """The postings of a term, deleted posts included: ``doc_freq`` posts. Blocks that a query skips are not decoded."""

    def __init__(self, entry: TermEntry) -> None:
        self.doc_freq = entry.doc_freq
        self._entry = entry
        self._decoded: dict[int, list[int]] = {}

    @cached_property
    def postings(self) -> Postings:
        """The encoded postings."""
        return self._entry.postings

    @cached_property
    def blocks(self) -> int:
        """The number of blocks."""
        return self.postings.blocks

    def ids_in(self, block: int) -> list[int]:
        """Return the doc ids in a block, ascending. Do not change the list."""
        ids = self._decoded.get(block)
        if ids is None:
            ids = self._decoded[block] = self.postings.ids_in(block)
        return ids

    @cached_property
    def ids(self) -> list[int]:
        """All doc ids, ascending. Do not change the list."""
        if self.blocks == 1:
            return self.ids_in(0)
        return list(chain.from_iterable(map(self.ids_in, range(self.blocks))))

    def intersect(self, within: DocIds) -> set[int]:
        """Return those of ``within`` that have the term."""
        if isinstance(within, range):
            return set(self._slice(within))
        return within.intersection(chain.from_iterable(map(self.ids_in, self.blocks_with(within))))

    def blocks_with(self, within: DocIds) -> list[int] | range:
        """Return the blocks, ascending, that may have posts of ``within``."""
        lasts = self.postings.lasts
        if isinstance(within, range):
            if not within:
                return range(0)
            return range(bisect_left(lasts, within[0]), min(bisect_left(lasts, within[-1]) + 1, self.blocks))
        if self.blocks == 1 or len(within) > self.blocks * _SPARSE:
            return range(self.blocks)
        found = {bisect_left(lasts, doc_id) for doc_id in within}
        found.discard(self.blocks)
        return sorted(found)

    def positions_in(self, within: set[int]) -> list[int]:
        """Return the positions of the term in the posts ``within``: ``doc_id << positions.BITS | position``.

        All posts of ``within`` must have the term.
        """
        found: list[int] = []
        lasts, ascending, at = self.postings.lasts, sorted(within), 0
        while at < len(ascending):
            block = bisect_left(lasts, ascending[at])
            end = bisect_right(ascending, lasts[block], at)
            self._add_positions(block, ascending[at:end], within, found)
            at = end
        return found

    def _slice(self, within: range) -> list[int]:
        if within.start <= 0 and self.postings.lasts[-1] < within.stop:
            return self.ids
        ids = list(chain.from_iterable(map(self.ids_in, self.blocks_with(within))))
        return ids[bisect_left(ids, within.start) : bisect_left(ids, within.stop)]

    def _add_positions(self, block: int, wanted: list[int], within: set[int], found: list[int]) -> None:
        """Add to ``found`` the positions in the posts ``wanted``, which are those of ``within`` in the block."""
        ids = self.ids_in(block)
        characters, ends = self.postings.positions_in_block(block)
        if len(wanted) * _DENSE < len(ids):
            for doc_id in wanted:
                i = bisect_left(ids, doc_id)
                held = characters[i] if ends is None else characters[ends[i - 1] if i else 0 : ends[i]]
                found += [doc_id << positions.BITS | ord(character) for character in held]
        elif ends is None:
            chosen = compress(characters, map(within.__contains__, ids))
            pairs = zip(wanted, chosen, strict=True)
            found += [doc_id << positions.BITS | ord(character) for doc_id, character in pairs]
        else:
            start = 0
            for doc_id, end in zip(ids, ends, strict=True):
                if doc_id in within:
                    found += [doc_id << positions.BITS | ord(character) for character in characters[start:end]]
                start = end


class SegmentQueryContext:
    """A segment during one query; each term is looked up once.

    ``threads`` are the root row ids of the threads that match each ``InThread`` of the query.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.everything = range(segment.size)
        self.threads: dict[Node, frozenset[int]] = {}
        self._postings: dict[tuple[str, str], TermPostings | None] = {}

    def term_postings(self, field: str, term: str) -> TermPostings | None:
        """Return the postings of a term; ``None`` if no post has it."""
        key = field, term
        if key not in self._postings:
            entry = self.segment.dictionary.find(field, term)
            self._postings[key] = None if entry is None else TermPostings(entry)
        return self._postings[key]

    def doc_freq(self, field: str, term: str) -> int:
        """Return how many posts have a term, deleted ones included."""
        postings = self.term_postings(field, term)
        return postings.doc_freq if postings else 0
