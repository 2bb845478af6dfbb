"""Doc values: one column of numbers a field, for all posts of a segment. Read whole, or a few numbers at a time.

All numbers are little-endian.

    u32            number of columns; then for each
    u8, ASCII      length of its name, its name
    u64, u64       its offset and size in bytes
    the columns, one number a post, each starting at a multiple of 8
"""

import sys
from array import array
from collections.abc import Mapping
from functools import cached_property
from struct import Struct
from typing import Any, Protocol, cast

_COUNT = Struct("<I")
_EXTENT = Struct("<QQ")


class ByteSource(Protocol):
    """A memory-mapped file: ours, or one that Whoosh has opened."""

    def get(self, position: int, length: int, /) -> bytes:
        """Return the ``length`` bytes at ``position``."""

    def view(self, position: int, length: int, /) -> memoryview:
        """Return the same bytes without copying them."""


class ColumnValues:
    """A column: one number a post, by doc id; ``code`` is its type code as in the ``array`` module.

    It occupies ``length`` bytes of ``file`` at ``position``, and is read on first use.
    """

    def __init__(self, file: ByteSource, position: int, length: int, code: str) -> None:
        self._file = file
        self._extent = position, length
        self._code = code

    @cached_property
    def values(self) -> "array[int]":
        """All numbers, copied: for reading many of them."""
        values = array(self._code)
        values.frombytes(self._file.get(*self._extent))
        return little_endian(values)

    @cached_property
    def view(self) -> "memoryview[int] | array[int]":
        """All numbers, not copied: for reading a few of them."""
        if sys.byteorder == "big":
            return self.values
        numbers: Any = self._file.view(*self._extent).cast(cast(Any, self._code))
        return cast("memoryview[int]", numbers)


def encode_columns(columns: "Mapping[str, array[int]]") -> bytes:
    """Encode the columns as a file."""
    at = _COUNT.size + sum(1 + len(name) + _EXTENT.size for name in columns)
    head, parts = [_COUNT.pack(len(columns))], []
    for name, values in columns.items():
        at, padding = -(-at // 8) * 8, -at % 8
        data = little_endian(values).tobytes()
        head.append(bytes((len(name),)) + name.encode("ascii") + _EXTENT.pack(at, len(data)))
        parts += [bytes(padding), data]
        at += len(data)
    return b"".join(head + parts)


def column_extents(file: ByteSource) -> dict[str, tuple[int, int]]:
    """Read the offset and the size in bytes of each column of a file."""
    columns: dict[str, tuple[int, int]] = {}
    (count,) = _COUNT.unpack(file.get(0, _COUNT.size))
    at = _COUNT.size
    for _ in range(count):
        (size,) = file.get(at, 1)
        name = file.get(at + 1, size).decode("ascii")
        columns[name] = _EXTENT.unpack(file.get(at + 1 + size, _EXTENT.size))
        at += 1 + size + _EXTENT.size
    return columns


def value_range(code: str) -> tuple[int, int]:
    """Return the least and the greatest number of a type code.

    >>> value_range("H")
    (0, 65535)
    """
    bits = array(code).itemsize * 8
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if code.islower() else (0, (1 << bits) - 1)


def little_endian(values: "array[int]") -> "array[int]":
    """Convert between native and little-endian byte order."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values
