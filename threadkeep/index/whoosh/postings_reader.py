"""Decode the postings of a term block by block: doc ids, weights and positions.

All numbers are little-endian, without padding. Weights are in tenths (a word in the running text weighs 10), lengths
are a post's number of words, both at most 65535.

Up to 512 posts are one block and its positions. More are a table, the blocks (512 posts each, the last one fewer), and
then the positions of all blocks, so that ids and weights are read without them:

    table    u16 0, u16 0, u32 number of posts; then, for each of the n blocks,
             u32[n]    its last doc id
             u32[n]    its end, from the start of the first block
             u32[n]    the end of its positions, from the start of the first block's; 0 if there are none
             24 B[n]   its best posts: see ``best_pairs``
    block    u16       number of posts, from 1 on
             u8        size of a delta between doc ids: 1, 2 or 4; the first delta is to the last id of the previous
                       block, in the first block to 0
             u8        size of a weight: 1 or 2; 0 if all are 10
             deltas, weights
    positions u8       size of a position count: 1, 2 or 4; 0 if each post has one position, 255 if the counts are the
                       weights divided by 10
             position counts
             positions, each a code point of UTF-8, surrogates included, ascending in each post
"""

import sys
from array import array
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from struct import Struct

BLOCK = 512
"""The greatest number of posts in a block."""

PLAIN = 10
"""The weight, in tenths, of a word that occurs once in the running text."""

PAIRS = 6
"""The number of (weight, length) pairs that bound the scores of a block."""

TABLE_HEAD = Struct("<HHI")
BLOCK_HEAD = Struct("<HBB")
BEST = Struct(f"<{2 * PAIRS}H")
AS_WEIGHTS = 255
CODES = {1: "B", 2: "H", 4: "I"}


@lru_cache(maxsize=50_000)
def best_pairs(best: bytes) -> tuple[tuple[int, int], ...]:
    """Return (weight, length) pairs that dominate each post of a block: it weighs no more than one and is no shorter.

    ``best`` is 24 bytes of a table: u16[6] weights, ascending, and u16[6] lengths. A score that grows with the weight
    and falls with the length, as BM25 does, is in the whole block at most its maximum over the pairs.
    """
    values = BEST.unpack(best)
    return tuple(dict.fromkeys(zip(values[:PAIRS], values[PAIRS:], strict=True)))


class Postings:
    """The postings of a term, decoded on demand.

    ``data`` is what ``postings_writer`` encoded; it is referenced, not copied. Blocks are numbered from 0. Damaged data
    raises ValueError, IndexError or struct.error at some point.
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

    # All blocks

    @cached_property
    def ids(self) -> list[int]:
        """The doc ids, ascending. Do not change the list."""
        found: list[int] = []
        for block in range(self.blocks):
            found += self.ids_in(block)
        return found

    @cached_property
    def weights(self) -> list[float] | None:
        """The weight in each post; ``None`` if it is 1 in all."""
        found: list[float] = []
        plain = True
        for block in range(self.blocks):
            tenths = self.weights_in(block)
            plain = plain and tenths is None
            found += [1.0] * self.size_of(block) if tenths is None else [tenth / 10 for tenth in tenths]
        return None if plain else found

    @cached_property
    def positions(self) -> list[str] | None:
        """The positions in each post, for ``positions.decode``; ``None`` if they are not stored."""
        if not self.has_positions:
            return None
        found: list[str] = []
        for block in range(self.blocks):
            characters, ends = self.positions_in_block(block)
            found += characters if ends is None else [characters[start:end] for start, end in pairwise((0, *ends))]
        return found

    # Block by block

    @cached_property
    def lasts(self) -> Sequence[int]:
        """The last doc id of each block, ascending."""
        return self._table(0) if self._blocks_at else self.ids_in(0)[-1:]

    @cached_property
    def bests(self) -> list[bytes]:
        """The argument of ``best_pairs`` for each block; empty if there is only one block."""
        if not self._blocks_at:
            return []
        at = TABLE_HEAD.size + 12 * self.blocks
        table, size = bytes(self._data[at : at + BEST.size * self.blocks]), BEST.size
        return [table[i : i + size] for i in range(0, len(table), size)]

    def size_of(self, block: int) -> int:
        """Return the number of posts in a block."""
        return min(BLOCK, self.count - block * BLOCK)

    def ids_in(self, block: int, most: int = BLOCK) -> list[int]:
        """Return the doc ids in a block, ascending, at most ``most`` of them: a new list."""
        count, id_size, _, at = self._block(block)
        count = min(count, most)
        deltas = self._numbers(id_size, at, count)
        if not block:
            return list(accumulate(deltas))
        ids = list(accumulate(deltas, initial=self.lasts[block - 1]))
        del ids[0]
        return ids

    def weights_in(self, block: int) -> "bytes | array[int] | None":
        """Return the weights in a block, in tenths; ``None`` if all are 10."""
        count, id_size, weight_size, at = self._block(block)
        return self._numbers(weight_size, at + count * id_size, count) if weight_size else None

    @property
    def has_positions(self) -> bool:
        """Whether positions are stored."""
        if self._blocks_at:
            return self._position_ends[0] > 0
        return len(self._data) > self._positions_at

    def positions_in_block(self, block: int) -> tuple[str, list[int] | None]:
        """Return the positions in a block, one character each, and the end of each post's; ``None`` for one each.

        Without ends, ``ord(characters[i])`` is the position in the i-th post.
        """
        start = self._positions_at + (self._position_ends[block - 1] if block else 0)
        end = self._positions_at + self._position_ends[block] if self._blocks_at else len(self._data)
        size, count, start = self._data[start], self.size_of(block), start + 1
        if size == 0:
            return str(self._data[start:end], "utf-8", "surrogatepass"), None
        if size == AS_WEIGHTS:
            ends = list(accumulate(weight // PLAIN for weight in self.weights_in(block) or ()))
        else:
            ends = list(accumulate(self._numbers(size, start, count)))
            start += size * count
        return str(self._data[start:end], "utf-8", "surrogatepass"), ends

    # Offsets

    def _block(self, block: int) -> tuple[int, int, int, int]:
        """Return the number of posts of a block, the sizes of a delta and a weight, and the offset of the deltas."""
        at = self._blocks_at + (self._ends[block - 1] if block else 0)
        count, id_size, weight_size = BLOCK_HEAD.unpack_from(self._data, at)
        return count, id_size, weight_size, at + BLOCK_HEAD.size

    @cached_property
    def _ends(self) -> "array[int]":
        return self._table(1)

    @cached_property
    def _position_ends(self) -> "array[int]":
        return self._table(2)

    @cached_property
    def _positions_at(self) -> int:
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
