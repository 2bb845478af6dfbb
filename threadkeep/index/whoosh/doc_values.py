"""What is known of each post of a segment: columns of numbers in one file, each read in one piece or a few at a time.

All numbers are little-endian.

    u32            number of columns; then for each
    u8, ASCII      its name, and how long that is
    u64, u64       where it begins and how many bytes it has
    the columns, each a number a post, beginning at a multiple of 8
"""

from array import array
from collections.abc import Mapping
from typing import Any

from whoosh.columns import Column, ColumnReader

from threadkeep.index.whoosh.doc_values_reader import COUNT, EXTENT, Numbers, little_endian
from threadkeep.index.whoosh.segment_reader import CODES, COUNTS, CREATED, UNCOUNTED, UNDATED


def columns_written(columns: "Mapping[str, array[int]]") -> bytes:
    """A file of the columns."""
    at = COUNT.size + sum(1 + len(name) + EXTENT.size for name in columns)
    head, parts = [COUNT.pack(len(columns))], []
    for name, values in columns.items():
        at, padding = -(-at // 8) * 8, -at % 8
        data = little_endian(values).tobytes()
        head.append(bytes((len(name),)) + name.encode("ascii") + EXTENT.pack(at, len(data)))
        parts += [bytes(padding), data]
        at += len(data)
    return b"".join(head + parts)


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
        self._numbers = Numbers(dbfile, basepos, length, code)

    @property
    def values(self) -> "array[int]":
        """All numbers, by document: for many of them."""
        return self._numbers.values

    @property
    def view(self) -> "memoryview[int] | array[int]":
        """The same for a few of them, without reading the others; the file must be a mapped one."""
        return self._numbers.view

    def __getitem__(self, docnum: int) -> int:
        return self.values[docnum]


COLUMNS = {
    name: NumberColumn(code, UNDATED if name == CREATED else UNCOUNTED if name in COUNTS else 0)
    for name, code in CODES.items()
}
"""What is known of each post, as Whoosh's schema has it: see ``segments``."""
