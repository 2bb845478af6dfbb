"""Write a segment's dictionary: the bytes that Whoosh would write an entry at a time, gathered in large pieces."""

import pickle
import sys
from array import array
from binascii import crc32
from struct import Struct
from typing import BinaryIO

from threadkeep.index.whoosh.dictionary import EXTENT, FIELDS, LENGTHS, VALUE
from threadkeep.index.whoosh.postings_writing import Written

INLINE = 48
"""Postings of no more bytes lie in the dictionary, the others in a file of their own."""

_HEAD = b"HSH3" + bytes((1, *bytes(8)))
_SLOT = Struct("!Iq")
_TABLE = Struct("!qi")
_LENGTH = Struct("!i")
_EMPTY = bytes(_SLOT.size)
_BUFFERED = 1 << 20

_UP = 1 + 2**-22
"""A greatest weight in tenths has no exact float of 32 bits; what is stored must not be less than it is."""


class DictionaryWriter:
    """Writes the words of a segment, given in order, and their postings."""

    def __init__(self, words: BinaryIO, postings: BinaryIO) -> None:
        self._words = words
        self._postings = postings
        self._position = len(_HEAD)
        self._offset = 0
        self._pending = [_HEAD]
        self._pending_postings: list[bytes] = []
        self._buffered = 0
        self._positions = array("q")
        self._hashes = array("I")

    def add(self, key: bytes, written: Written) -> None:
        """Write the postings of the word ``key``, which begins with the number of its field."""
        data, count, weight, greatest, first, last = written
        size = len(data)
        if size <= INLINE:
            value = VALUE.pack(1, weight / 10, count, 0, 255, greatest / 10 * _UP, first, last) + data
        else:
            value = VALUE.pack(0, weight / 10, count, 0, 255, greatest / 10 * _UP, first, last)
            value += EXTENT.pack(self._offset, size)
            self._pending_postings.append(data)
            self._offset += size
        entry = LENGTHS.pack(len(key), len(value)) + key + value
        self._pending.append(entry)
        self._hashes.append(crc32(key))
        self._positions.append(self._position)
        self._position += len(entry)
        self._buffered += len(entry) + size
        if self._buffered > _BUFFERED:
            self._flush()

    def close(self) -> None:
        """Write what is left and what finds the words. The files stay open."""
        self._flush()
        words = self._words
        tables = []
        for entries in self._tables():
            slots = 2 * len(entries)
            table = [_EMPTY] * slots
            for hash_, position in entries:
                slot = (hash_ >> 8) % slots
                while table[slot] is not _EMPTY:
                    slot = (slot + 1) % slots
                table[slot] = _SLOT.pack(hash_, position)
            tables.append(_TABLE.pack(self._position, slots))
            words.write(b"".join(table))
            self._position += slots * _SLOT.size
        words.write(b"".join(tables))
        code = "I" if not self._positions or self._positions[-1] < 1 << 32 else "q"
        extras = {"fieldmap": FIELDS, "indextype": code, "indexlen": len(self._positions)}
        positions = array(code, self._positions)
        if sys.byteorder == "little":
            positions.byteswap()
        tail = pickle.dumps(extras, 2) + positions.tobytes()
        words.write(tail + _LENGTH.pack(len(tail)))

    def _flush(self) -> None:
        self._words.write(b"".join(self._pending))
        self._postings.write(b"".join(self._pending_postings))
        self._pending, self._pending_postings, self._buffered = [], [], 0

    def _tables(self) -> list[list[tuple[int, int]]]:
        tables: list[list[tuple[int, int]]] = [[] for _ in range(256)]
        for entry in zip(self._hashes, self._positions, strict=True):
            tables[entry[0] & 255].append(entry)
        return tables
