"""Read a segment's dictionary where it lies in its mapped file: see ``dictionary`` for the bytes.

Whoosh's reader of the same file makes several objects for every word it passes; this one makes none until asked.
"""

from binascii import crc32
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pickle import loads
from struct import Struct
from typing import Any

from threadkeep.index.fuzzy_terms import Like
from threadkeep.index.whoosh.mmap_file import MappedFile
from threadkeep.index.whoosh.postings_reader import Postings
from threadkeep.index.whoosh.term_dictionary import EXTENT, KEY_START, VALUE
from threadkeep.index.whoosh.term_scan import Lexicon

_LENGTHS = Struct("!ii")
_SLOT = Struct("!Iq")
_TABLE = Struct("!qi")
_LENGTH = Struct("!i")
_TABLES = 256 * _TABLE.size


class Entry:
    """A word, and the posts that hold it, the forgotten ones included: ``count`` of them."""

    __slots__ = ("_dictionary", "_end", "_first", "_last", "_value", "count", "key")

    def __init__(self, dictionary: "Dictionary", key: bytes, value: int, end: int) -> None:
        self.key = key
        self._dictionary = dictionary
        self._value, self._end = value, end
        self.count: int
        _, _, self.count, _, _, _, self._first, self._last = VALUE.unpack_from(dictionary.data, value)

    @property
    def word(self) -> str:
        """The word."""
        return self.key[2:].decode()

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the posts, ascending."""
        if self.count == 1:
            return (self._first,)
        if self.count == 2:
            return self._first, self._last
        postings = self.postings
        return postings.ids_in(0) if postings.blocks == 1 else postings.ids

    @property
    def postings(self) -> Postings:
        """Which posts, how strongly, and where."""
        return self._dictionary.postings_in(self._value, self._end)


class Dictionary:
    """The words of a segment; ``data`` are the bytes of its file, ``postings`` is that of the longer postings."""

    def __init__(self, words: MappedFile, postings: MappedFile, lexicon: Lexicon) -> None:
        data: Any = words.data
        self.data = data
        self._postings = postings
        self._lexicon = lexicon
        at = len(data) - _LENGTH.size
        (length,) = _LENGTH.unpack_from(data, at)
        extras = loads(data[at - length : at])
        self._size: int = extras["indexlen"]
        self._width = 4 if extras["indextype"] == "I" else 8
        self._index = at - self._size * self._width
        self._directory = at - length - _TABLES

    def find(self, field: str, word: str) -> Entry | None:
        """The word of that field; ``None`` where no post holds it."""
        key = KEY_START[field] + word.encode()
        data, hash_ = self.data, crc32(key)
        table, slots = _TABLE.unpack_from(data, self._directory + (hash_ & 255) * _TABLE.size)
        slot = (hash_ >> 8) % slots if slots else 0
        for _ in range(slots):
            held, at = _SLOT.unpack_from(data, table + slot * _SLOT.size)
            if not at:
                return None
            if held == hash_:
                key_length, value_length = _LENGTHS.unpack_from(data, at)
                value = at + _LENGTHS.size + key_length
                if data[at + _LENGTHS.size : value] == key:
                    return Entry(self, key, value, value + value_length)
            slot = (slot + 1) % slots
        return None

    def beginning(self, field: str, start: str) -> Iterator[Entry]:
        """The words of a field that begin with ``start``, in order."""
        begun, data = KEY_START[field] + start.encode(), self.data
        first = bisect_left(range(self._size), begun, key=self._key)
        at = self._at(first) if first < self._size else 0
        for _ in range(first, self._size):
            key_length, value_length = _LENGTHS.unpack_from(data, at)
            value = at + _LENGTHS.size + key_length
            key = data[at + _LENGTHS.size : value]
            if not key.startswith(begun):
                return
            at = value + value_length
            yield Entry(self, key, value, at)

    def like(self, field: str, like: Like) -> Iterator[Entry]:
        """The words of a field that ``like`` tells."""
        if like.start:
            yield from (entry for entry in self.beginning(field, like.start) if like.fits(entry.word))
            return
        for word in self._lexicon.like(field, like):
            entry = self.find(field, word)
            if entry is not None:
                yield entry

    def postings_in(self, value: int, end: int) -> Postings:
        """The postings that a value of the dictionary holds or points at."""
        data, start = self.data, value + VALUE.size
        if data[value]:
            return Postings(data[start:end])
        return Postings(self._postings.view(*EXTENT.unpack_from(data, start)))

    def _at(self, number: int) -> int:
        """Where the entry of that number lies."""
        start = self._index + number * self._width
        return int.from_bytes(self.data[start : start + self._width], "big")

    def _key(self, number: int) -> bytes:
        at = self._at(number)
        start = at + _LENGTHS.size
        key: bytes = self.data[start : start + _LENGTHS.unpack_from(self.data, at)[0]]
        return key
