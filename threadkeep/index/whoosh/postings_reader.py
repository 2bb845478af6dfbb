"""A word's postings as bytes: which posts of a segment hold it, how strongly, and where; read block by block.

All numbers are little-endian and lie without gaps. An id is a post's number within its segment, from 0 on. Weights are
in tenths (a word in the running text weighs 10), lengths are a post's number of words, both at most 65535.

Up to 512 posts are one block and its places. More are a table, the blocks (512 posts each, the last one fewer), and
then the places of all blocks, so that ids and weights are read without them:

    table    u16 0, u16 0, u32 number of posts; then, for each of the n blocks,
             u32[n]    its last id
             u32[n]    where it ends, counted from the first block's beginning
             u32[n]    where its places end, counted from the beginning of the first block's; 0 where none are kept
             24 B[n]   its best posts: see ``best_pairs``
    block    u16       number of posts, from 1 on
             u8        size of an id's difference to the one before: 1, 2 or 4; the first one's is to the last id of the
                       block before, in the first block to 0
             u8        size of a weight: 1 or 2; 0 where all are 10
             differences, weights
    places   u8        size of a number of places: 1, 2 or 4; 0 where each post has one place, 255 where the numbers are
                       the weights divided by 10
             numbers of places
             places    each a character of UTF-8, surrogates included, a post's ascending
"""

import sys
from array import array
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from struct import Struct

BLOCK = 512
"""How many posts a block holds at most."""

PLAIN = 10
"""The weight, in tenths, of a word that stands once in the running text."""

PAIRS = 6
"""How many pairs tell a block's best posts."""

TABLE_HEAD = Struct("<HHI")
BLOCK_HEAD = Struct("<HBB")
BEST = Struct(f"<{2 * PAIRS}H")
AS_WEIGHTS = 255
CODES = {1: "B", 2: "H", 4: "I"}


@lru_cache(maxsize=50_000)
def best_pairs(best: bytes) -> tuple[tuple[int, int], ...]:
    """Weights and lengths of which each post of a block is outdone by one: it weighs no more and is no shorter.

    ``best`` is 24 bytes of a table: u16[6] weights, the least first, and u16[6] lengths. Whatever grows with a post's
    weight and falls with its length (BM25 does) is over the whole block at most what it is at one of the pairs.
    """
    values = BEST.unpack(best)
    return tuple(dict.fromkeys(zip(values[:PAIRS], values[PAIRS:], strict=True)))


class Postings:
    """The posts that hold a word, decoded as far as they are asked for.

    ``data`` is what ``postings_writing`` made; it is kept, not copied. Blocks are numbered from 0 on. What is damaged
    raises ValueError, IndexError or struct.error sooner or later.
    """

    def __init__(self, data: "bytes | memoryview") -> None:
        self._data = data
        first, _, count = TABLE_HEAD.unpack_from(data) if len(data) >= TABLE_HEAD.size else (1, 0, 0)
        if first:
            self.count: int = BLOCK_HEAD.unpack_from(data)[0]
            self.blocks = 1
            self._blocks_at = 0
        else:
            self.count = count
            self.blocks = -(-count // BLOCK)
            self._blocks_at = TABLE_HEAD.size + self.blocks * (12 + BEST.size)

    def __len__(self) -> int:
        return self.count

    # The whole, for whom all of it is wanted

    @cached_property
    def ids(self) -> list[int]:
        """The ids, ascending. Not to be changed."""
        found: list[int] = []
        for block in range(self.blocks):
            found += self.ids_in(block)
        return found

    @cached_property
    def weights(self) -> list[float] | None:
        """How much the word counts in each post; ``None`` where that is 1 in all."""
        found: list[float] = []
        plain = True
        for block in range(self.blocks):
            tenths = self.weights_in(block)
            plain = plain and tenths is None
            found += [1.0] * self.size_of(block) if tenths is None else [tenth / 10 for tenth in tenths]
        return None if plain else found

    @cached_property
    def places(self) -> list[str] | None:
        """Where the word stands in each post, for ``places.unpacked``; ``None`` where that is not kept."""
        if not self.has_places:
            return None
        found: list[str] = []
        for block in range(self.blocks):
            places, ends = self.places_in_block(block)
            found += places if ends is None else [places[start:end] for start, end in pairwise((0, *ends))]
        return found

    # Block by block

    @cached_property
    def lasts(self) -> Sequence[int]:
        """The last id of each block, ascending."""
        return self._table(0) if self._blocks_at else self.ids_in(0)[-1:]

    @cached_property
    def bests(self) -> list[bytes]:
        """What ``best_pairs`` takes, of each block; empty where there is one block only."""
        if not self._blocks_at:
            return []
        at = TABLE_HEAD.size + 12 * self.blocks
        table, size = bytes(self._data[at : at + BEST.size * self.blocks]), BEST.size
        return [table[i : i + size] for i in range(0, len(table), size)]

    def size_of(self, block: int) -> int:
        """How many posts the block holds."""
        return min(BLOCK, self.count - block * BLOCK)

    def ids_in(self, block: int, most: int = BLOCK) -> list[int]:
        """The ids in a block, ascending, no more than ``most`` of them: a new list."""
        count, id_size, _, at = self._block(block)
        count = min(count, most)
        differences = self._numbers(id_size, at, count)
        if not block:
            return list(accumulate(differences))
        ids = list(accumulate(differences, initial=self.lasts[block - 1]))
        del ids[0]
        return ids

    def weights_in(self, block: int) -> "bytes | array[int] | None":
        """The weights in a block, in tenths; ``None`` where all are 10."""
        count, id_size, weight_size, at = self._block(block)
        return self._numbers(weight_size, at + count * id_size, count) if weight_size else None

    @property
    def has_places(self) -> bool:
        """Whether it is kept where the word stands."""
        if self._blocks_at:
            return self._place_ends[0] > 0
        return len(self._data) > self._places_at

    def places_in_block(self, block: int) -> tuple[str, list[int] | None]:
        """The places in a block, a character each, and where in that each post's end; ``None`` for one place each.

        Without ends, ``ord(places[i])`` is the place in the i-th post.
        """
        start = self._places_at + (self._place_ends[block - 1] if block else 0)
        end = self._places_at + self._place_ends[block] if self._blocks_at else len(self._data)
        size, count, start = self._data[start], self.size_of(block), start + 1
        if size == 0:
            return str(self._data[start:end], "utf-8", "surrogatepass"), None
        if size == AS_WEIGHTS:
            ends = list(accumulate(weight // PLAIN for weight in self.weights_in(block) or ()))
        else:
            ends = list(accumulate(self._numbers(size, start, count)))
            start += size * count
        return str(self._data[start:end], "utf-8", "surrogatepass"), ends

    # Where things lie

    def _block(self, block: int) -> tuple[int, int, int, int]:
        """Of a block: how many posts, the sizes of a difference and of a weight, and where the differences begin."""
        at = self._blocks_at + (self._ends[block - 1] if block else 0)
        count, id_size, weight_size = BLOCK_HEAD.unpack_from(self._data, at)
        return count, id_size, weight_size, at + BLOCK_HEAD.size

    @cached_property
    def _ends(self) -> "array[int]":
        return self._table(1)

    @cached_property
    def _place_ends(self) -> "array[int]":
        return self._table(2)

    @cached_property
    def _places_at(self) -> int:
        if self._blocks_at:
            return self._blocks_at + self._ends[-1]
        count, id_size, weight_size, at = self._block(0)
        return at + count * (id_size + weight_size)

    def _table(self, column: int) -> "array[int]":
        numbers = self._numbers(4, TABLE_HEAD.size + 4 * self.blocks * column, self.blocks)
        assert isinstance(numbers, array)
        return numbers

    def _numbers(self, size: int, at: int, count: int) -> "bytes | array[int]":
        data = bytes(self._data[at : at + size * count])
        if size == 1:
            return data
        numbers = array(CODES[size], data)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers
