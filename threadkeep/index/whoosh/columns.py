"""What is known of each post of a segment: columns of numbers in one file, each read in one piece or a few at a time.

All numbers are little-endian.

    u32            number of columns; then for each
    u8, ASCII      its name, and how long that is
    u64, u64       where it begins and how many bytes it has
    the columns, each a number a post, beginning at a multiple of 8
"""

import sys
from array import array
from collections.abc import Mapping
from functools import cached_property
from struct import Struct
from typing import Any, cast

from whoosh.columns import Column, ColumnReader

_COUNT = Struct("<I")
_EXTENT = Struct("<QQ")


def columns_written(columns: "Mapping[str, array[int]]") -> bytes:
    """A file of the columns."""
    at = _COUNT.size + sum(1 + len(name) + _EXTENT.size for name in columns)
    head, parts = [_COUNT.pack(len(columns))], []
    for name, values in columns.items():
        at, padding = -(-at // 8) * 8, -at % 8
        data = _little_endian(values).tobytes()
        head.append(bytes((len(name),)) + name.encode("ascii") + _EXTENT.pack(at, len(data)))
        parts += [bytes(padding), data]
        at += len(data)
    return b"".join(head + parts)


def columns_in(file: Any) -> dict[str, tuple[int, int]]:
    """Where each column of the file begins, and its length in bytes."""
    columns: dict[str, tuple[int, int]] = {}
    (count,) = _COUNT.unpack(file.get(0, _COUNT.size))
    at = _COUNT.size
    for _ in range(count):
        (size,) = file.get(at, 1)
        name = file.get(at + 1, size).decode("ascii")
        columns[name] = _EXTENT.unpack(file.get(at + 1 + size, _EXTENT.size))
        at += 1 + size + _EXTENT.size
    return columns


def _little_endian(values: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values


class NumberColumn(Column):
    """One number a document, ``default`` where it has none; ``code`` is its size as in the ``array`` module.

    A number beyond what the size holds becomes the nearest that it holds.
    """

    def __init__(self, code: str, default: int = 0) -> None:
        self.code = code
        self.default = default

    @property
    def span(self) -> tuple[int, int]:
        """The least and the greatest number that the column holds."""
        bits = array(self.code).itemsize * 8
        return (-(1 << bits - 1), (1 << bits - 1) - 1) if self.code.islower() else (0, (1 << bits) - 1)

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> "NumberReader":
        """What reads the column from there."""
        return NumberReader(dbfile, basepos, length, doccount, self.code)

    def default_value(self, reverse: bool = False) -> int:
        """The number of a document that has none."""
        return self.default


class NumberReader(ColumnReader):
    """The numbers of all documents, read when they are first asked for."""

    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int, code: str) -> None:
        super().__init__(dbfile, basepos, length, doccount)
        self._code = code

    @cached_property
    def values(self) -> "array[int]":
        """All numbers, by document: for many of them."""
        values = array(self._code)
        values.frombytes(self._dbfile.get(self._basepos, self._length))
        return _little_endian(values)

    @cached_property
    def view(self) -> "memoryview[int] | array[int]":
        """The same for a few of them, without reading the others; the file must be a mapped one."""
        if sys.byteorder == "big":
            return self.values
        numbers: memoryview[int] = cast(Any, self._dbfile).view(self._basepos, self._length).cast(self._code)
        return numbers

    def __getitem__(self, docnum: int) -> int:
        return self.values[docnum]
