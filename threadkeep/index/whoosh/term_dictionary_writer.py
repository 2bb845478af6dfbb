"""Write the term dictionary of a segment in bulk: the same bytes that Whoosh writes entry by entry."""

import pickle
import sys
from array import array
from binascii import crc32
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from threadkeep.index.whoosh.postings_writer import EncodedPostings
from threadkeep.index.whoosh.segment_format import FIELDS
from threadkeep.index.whoosh.term_dictionary import EXTENT, HEAD, LENGTHS, TABLE, TAIL, VALUE

INLINE = 48
"""Postings of at most so many bytes are inline, longer ones in a separate file."""

_SLOT_SIZE = 12

_UP = 1 + 2**-22
"""A weight in tenths has no exact 32-bit float; the stored upper bound must not be below it."""

_LITTLE = sys.byteorder == "little"
_LOW, _HIGH = (0, 1) if _LITTLE else (1, 0)


def write_dictionary(entries: Iterable[tuple[bytes, EncodedPostings]], words: BinaryIO, postings: BinaryIO) -> None:
    """Write terms and their postings to two new files, which stay open. ``entries`` ascend by dictionary key."""
    hashes, positions = array("I"), array("Q")
    position, offset = len(HEAD), 0
    words.write(HEAD)
    for key, (data, count, weight, greatest, first, last) in entries:
        size = len(data)
        if size <= INLINE:
            value = VALUE.pack(1, weight / 10, count, 0, 255, greatest / 10 * _UP, first, last) + data
        else:
            value = VALUE.pack(0, weight / 10, count, 0, 255, greatest / 10 * _UP, first, last)
            value += EXTENT.pack(offset, size)
            postings.write(data)
            offset += size
        entry = LENGTHS.pack(len(key), len(value)) + key + value
        words.write(entry)
        hashes.append(crc32(key))
        positions.append(position)
        position += len(entry)
    heads = []
    for slots, table in _tables(hashes, positions):
        heads.append(TABLE.pack(position, slots))
        words.write(table)
        position += len(table)
    words.write(b"".join(heads))
    code = "I" if not positions or positions[-1] < 1 << 32 else "q"
    extras = {"fieldmap": FIELDS, "indextype": code, "indexlen": len(positions)}
    tail = pickle.dumps(extras, 2) + _big_endian(array(code, positions))
    words.write(tail + TAIL.pack(len(tail)))


def _tables(hashes: "array[int]", positions: "array[int]") -> Iterator[tuple[int, bytes]]:
    """Yield the number of slots of each hash table, and its bytes."""
    held: list[list[int]] = [[] for _ in range(256)]
    for entry, table in enumerate(hashes.tobytes()[0 if _LITTLE else 3 :: 4]):
        held[table].append(entry)
    for entries in held:
        slots = 2 * len(entries)
        filled, pointed = array("I", bytes(4 * slots)), array("Q", bytes(8 * slots))
        for entry in entries:
            hash_ = hashes[entry]
            slot = (hash_ >> 8) % slots
            while pointed[slot]:
                slot = (slot + 1) % slots
            filled[slot], pointed[slot] = hash_, positions[entry]
        halves = array("I", pointed.tobytes())
        table_ = array("I", bytes(_SLOT_SIZE * slots))
        table_[0::3], table_[1::3], table_[2::3] = filled, halves[_HIGH::2], halves[_LOW::2]
        yield slots, _big_endian(table_)


def _big_endian(numbers: "array[int]") -> bytes:
    if _LITTLE:
        numbers.byteswap()
    return numbers.tobytes()
