"""The terms of a segment as text, which a regular expression scans for wildcards, fuzzy words and suggestions.

u32    number of blocks; then for each, little-endian
u8     number of its field (keywords have no block)
u8     how many letters each of its terms has
u32    its size in bytes
the blocks, in UTF-8: a line break before each term and one after the last; terms ascend
"""

import re
from collections.abc import Iterator
from struct import Struct

from threadkeep.index.fuzzy_terms import TermPattern
from threadkeep.index.whoosh.mmap_file import MappedFile
from threadkeep.index.whoosh.segment_format import FIELDS, KEYS

_COUNT = Struct("<I")
_BLOCK = Struct("<BBI")
_KEYS = FIELDS[KEYS]


class TermListWriter:
    """Collects the terms of a segment, in the order and form of the dictionary keys."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[int, int], bytearray] = {}

    def add(self, key: bytes) -> None:
        """Add a term; keywords are skipped."""
        field = key[1]
        if field == _KEYS:
            return
        length = len(key) - 2 if key.isascii() else len(key[2:].decode())
        block = self._blocks.get((field, length))
        if block is None:
            block = self._blocks[field, length] = bytearray()
        block += b"\n"
        block += key[2:]

    def encode(self) -> bytes:
        """Encode the file."""
        blocks = [block + b"\n" for block in self._blocks.values()]
        heads = [_BLOCK.pack(*key, len(block)) for key, block in zip(self._blocks, blocks, strict=True)]
        return b"".join((_COUNT.pack(len(blocks)), *heads, *blocks))


class TermList:
    """Scans the terms of a segment."""

    def __init__(self, file: MappedFile) -> None:
        self._data = file.data
        self._blocks: dict[tuple[int, int], tuple[int, int]] | None = None

    def matching(self, field: str, pattern: TermPattern) -> Iterator[str]:
        """Yield the terms of a field that match ``pattern``."""
        # Terms hold no line breaks. Line by line, most fail at the first letter, which costs next to nothing.
        lines = re.compile(rf"\n(?=({pattern.regex})\n)")
        for length in range(pattern.min_length, pattern.max_length + 1):
            for found in lines.finditer(self._text(field, length)):
                yield found[1]

    def _text(self, field: str, length: int) -> str:
        if self._blocks is None:
            self._blocks = self._extents()
        start, end = self._blocks.get((FIELDS[field], length), (0, 0))
        return self._data[start:end].decode()

    def _extents(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return the start and end of the block of each field and length."""
        (count,) = _COUNT.unpack_from(self._data)
        start = _COUNT.size + count * _BLOCK.size
        blocks: dict[tuple[int, int], tuple[int, int]] = {}
        for field, length, size in _BLOCK.iter_unpack(self._data[_COUNT.size : start]):
            blocks[field, length] = start, start + size
            start += size
        return blocks
