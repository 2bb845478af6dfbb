"""Read the columns of a segment, what is known of each post: one in one piece, or a few numbers of it at a time.

See ``columns`` for the bytes.
"""

import sys
from array import array
from functools import cached_property
from struct import Struct
from typing import Any, Protocol, cast

COUNT = Struct("<I")
EXTENT = Struct("<QQ")


class Bytes(Protocol):
    """A mapped file, ours or as Whoosh has it."""

    def get(self, position: int, length: int, /) -> bytes:
        """The ``length`` bytes at ``position``."""

    def view(self, position: int, length: int, /) -> memoryview:
        """The same bytes, not copied."""


class Numbers:
    """A column: the numbers of all posts by id, each of the size ``code`` as in the ``array`` module.

    It lies in ``file`` at ``position``, ``length`` bytes long, and is read when it is first asked for.
    """

    def __init__(self, file: Bytes, position: int, length: int, code: str) -> None:
        self._file = file
        self._extent = position, length
        self._code = code

    @cached_property
    def values(self) -> "array[int]":
        """All numbers: for many of them."""
        values = array(self._code)
        values.frombytes(self._file.get(*self._extent))
        return little_endian(values)

    @cached_property
    def view(self) -> "memoryview[int] | array[int]":
        """The same for a few of them, without reading the others."""
        if sys.byteorder == "big":
            return self.values
        numbers: Any = self._file.view(*self._extent).cast(cast(Any, self._code))
        return cast("memoryview[int]", numbers)


def columns_in(file: Bytes) -> dict[str, tuple[int, int]]:
    """Where each column of the file begins, and its length in bytes."""
    columns: dict[str, tuple[int, int]] = {}
    (count,) = COUNT.unpack(file.get(0, COUNT.size))
    at = COUNT.size
    for _ in range(count):
        (size,) = file.get(at, 1)
        name = file.get(at + 1, size).decode("ascii")
        columns[name] = EXTENT.unpack(file.get(at + 1 + size, EXTENT.size))
        at += 1 + size + EXTENT.size
    return columns


def little_endian(values: "array[int]") -> "array[int]":
    """The numbers as they lie in the file, or back: the same but where the machine has the great end first."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values
