"""A column of 64-bit numbers that is read in one piece; Whoosh's own is read a number at a time."""

import sys
from array import array
from functools import cached_property
from typing import Any

from whoosh.columns import Column, ColumnReader, ColumnWriter


class Int64Column(Column):
    """One signed 64-bit number a document; ``default`` where it has none."""

    def __init__(self, default: int = 0) -> None:
        self._default = default

    def writer(self, dbfile: Any) -> "Int64Writer":
        """What writes the column to ``dbfile``."""
        return Int64Writer(dbfile, self._default)

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> "Int64Reader":
        """What reads the column from there."""
        return Int64Reader(dbfile, basepos, length, doccount)

    def default_value(self, reverse: bool = False) -> int:
        """The number of a document that has none."""
        return int(self._default)


class Int64Writer(ColumnWriter):
    """Gathers the numbers and writes them at the end."""

    def __init__(self, dbfile: Any, default: int) -> None:
        super().__init__(dbfile)
        self._default = default
        self._values = array("q")

    def add(self, docnum: int, value: int) -> None:
        """Take the number of a document; documents come in order, and some may be left out."""
        self._fill(docnum)
        self._values.append(value)

    def finish(self, docnum: int) -> None:
        """Write the numbers of all ``docnum`` documents."""
        self._fill(docnum)
        if sys.byteorder == "big":
            self._values.byteswap()
        self._dbfile.write(self._values.tobytes())

    def _fill(self, docnum: int) -> None:
        self._values.extend([self._default] * (docnum - len(self._values)))


class Int64Reader(ColumnReader):
    """The numbers of all documents, read when they are first asked for."""

    @cached_property
    def values(self) -> "array[int]":
        """All numbers, by document."""
        values = array("q")
        values.frombytes(self._dbfile.get(self._basepos, self._length))
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def __getitem__(self, docnum: int) -> int:
        return self.values[docnum]
