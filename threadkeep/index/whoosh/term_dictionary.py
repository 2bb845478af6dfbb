"""The term dictionary of a segment: an ordered hash file in Whoosh's format, read where it is mapped.

All numbers are big-endian, as Whoosh requires.

    "HSH3", u8 1 (keys are hashed by CRC-32), i32 0, i32 0
    entries      i32 length of the key, i32 length of the value, key, value; ascending by key
    256 tables   slots of u32 hash, i64 offset of the entry; twice as many as entries, the empty ones 0; an entry is
                 in table hash & 255, in the slot hash >> 8 modulo their number or the next free one
    256 times    i64 offset of the table, i32 its number of slots
    pickle       {"fieldmap": {field: number}, "indextype": "I" or "q", "indexlen": number of entries}: for Whoosh
                 alone, as a pickle can run programs when it is read; the tables tell the same
    offset of each entry, u32 or i64
    i32          size of the pickle and of what follows it

A key is the number of its field, u16, then the term in UTF-8. A value is

    u8 1 if the postings follow inline, 0 if they are in the postings file
    f32 sum of the weights, u32 document frequency, u8 0, u8 255, f32 greatest weight
    u32 first doc id, u32 last doc id
    the postings, or their offset and size in the postings file, i64 and i32

Whoosh's own reader creates several objects for every term it passes; this one creates none until asked.
"""

from binascii import crc32
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Any

from threadkeep.index.fuzzy_terms import TermPattern
from threadkeep.index.whoosh.mmap_file import MappedFile
from threadkeep.index.whoosh.postings_reader import Postings
from threadkeep.index.whoosh.segment_format import KEY_START
from threadkeep.index.whoosh.term_scan import TermList

HEAD = b"HSH3" + bytes((1, *bytes(8)))
LENGTHS = Struct("!ii")
VALUE = Struct("!BfIBBfII")
EXTENT = Struct("!qi")
_SLOT = Struct("!Iq")
TABLE = Struct("!qi")
TAIL = Struct("!i")
_TABLES = 256 * TABLE.size


class TermEntry:
    """A term and its postings, deleted posts included: ``doc_freq`` posts."""

    __slots__ = ("_dictionary", "_end", "_first", "_last", "_value", "doc_freq", "key")

    def __init__(self, dictionary: "TermDictionary", key: bytes, value: int, end: int) -> None:
        self.key = key
        self._dictionary = dictionary
        self._value, self._end = value, end
        self.doc_freq: int
        _, _, self.doc_freq, _, _, _, self._first, self._last = VALUE.unpack_from(dictionary.data, value)

    @property
    def term(self) -> str:
        """The term."""
        return self.key[2:].decode()

    @property
    def ids(self) -> Sequence[int]:
        """The doc ids, ascending."""
        if self.doc_freq == 1:
            return (self._first,)
        if self.doc_freq == 2:
            return self._first, self._last
        postings = self.postings
        return postings.ids_in(0) if postings.blocks == 1 else postings.ids

    @property
    def postings(self) -> Postings:
        """The postings."""
        return self._dictionary.postings_at(self._value, self._end)


class TermDictionary:
    """The terms of a segment. ``terms`` and ``postings`` are its files, ``term_list`` the terms as text."""

    def __init__(self, terms: MappedFile, postings: MappedFile, term_list: TermList) -> None:
        data: Any = terms.data
        self.data = data
        self._postings = postings
        self._term_list = term_list
        at = len(data) - TAIL.size
        (length,) = TAIL.unpack_from(data, at)
        self._directory = at - length - _TABLES
        if self._directory < len(HEAD):
            raise ValueError("no term dictionary")
        tables = TABLE.iter_unpack(data[self._directory : self._directory + _TABLES])
        self._size = sum(slots for _, slots in tables) // 2
        # Offsets take eight bytes where the last entry lies beyond four gigabytes, and then there are many.
        is_wide = self._directory >= 1 << 32 and 8 * self._size < length
        self._width = 8 if is_wide else 4
        self._index = at - self._size * self._width

    def find(self, field: str, term: str) -> TermEntry | None:
        """Look up a term of a field; ``None`` if no post has it."""
        key = KEY_START[field] + term.encode()
        data, hash_ = self.data, crc32(key)
        table, slots = TABLE.unpack_from(data, self._directory + (hash_ & 255) * TABLE.size)
        slot = (hash_ >> 8) % slots if slots else 0
        for _ in range(slots):
            held, at = _SLOT.unpack_from(data, table + slot * _SLOT.size)
            if not at:
                return None
            if held == hash_:
                key_length, value_length = LENGTHS.unpack_from(data, at)
                value = at + LENGTHS.size + key_length
                if data[at + LENGTHS.size : value] == key:
                    return TermEntry(self, key, value, value + value_length)
            slot = (slot + 1) % slots
        return None

    def with_prefix(self, field: str, prefix: str) -> Iterator[TermEntry]:
        """Yield the terms of a field that begin with ``prefix``, in order."""
        start, data = KEY_START[field] + prefix.encode(), self.data
        first = bisect_left(range(self._size), start, key=self._key)
        at = self._offset(first) if first < self._size else 0
        for _ in range(first, self._size):
            key_length, value_length = LENGTHS.unpack_from(data, at)
            value = at + LENGTHS.size + key_length
            key = data[at + LENGTHS.size : value]
            if not key.startswith(start):
                return
            at = value + value_length
            yield TermEntry(self, key, value, at)

    def matching(self, field: str, pattern: TermPattern) -> Iterator[TermEntry]:
        """Yield the terms of a field that match ``pattern``."""
        if pattern.prefix:
            yield from (entry for entry in self.with_prefix(field, pattern.prefix) if pattern.matches(entry.term))
            return
        for term in self._term_list.matching(field, pattern):
            entry = self.find(field, term)
            if entry is not None:
                yield entry

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield all keys and values in order."""
        data, at = self.data, len(HEAD)
        for _ in range(self._size):
            key_length, value_length = LENGTHS.unpack_from(data, at)
            start = at + LENGTHS.size
            value = start + key_length
            at = value + value_length
            yield data[start:value], data[value:at]

    def postings_of(self, value: bytes) -> Postings:
        """Return the postings of a value that ``entries`` yielded."""
        if value[0]:
            return Postings(value[VALUE.size :])
        return Postings(self._postings.view(*EXTENT.unpack_from(value, VALUE.size)))

    def postings_at(self, value: int, end: int) -> Postings:
        """Return the postings of the value at this offset, which ends at ``end``."""
        data, start = self.data, value + VALUE.size
        if data[value]:
            return Postings(data[start:end])
        return Postings(self._postings.view(*EXTENT.unpack_from(data, start)))

    def _offset(self, number: int) -> int:
        """Return the offset of an entry."""
        start = self._index + number * self._width
        return int.from_bytes(self.data[start : start + self._width], "big")

    def _key(self, number: int) -> bytes:
        at = self._offset(number)
        start = at + LENGTHS.size
        key: bytes = self.data[start : start + LENGTHS.unpack_from(self.data, at)[0]]
        return key
