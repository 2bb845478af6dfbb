"""The words of a segment once more, as texts that a regular expression goes through: for shapes and misspellings.

u32    number of texts; then for each, little-endian
u8     the number of its field (see ``dictionary``; keys have no text)
u8     how many letters each of its words has
u32    how many bytes it has
the texts, one after the other, in UTF-8: a line break before each word and one after the last; words ascend
"""

import re
from collections.abc import Iterator
from struct import Struct

from threadkeep.index.fuzzy_terms import Like
from threadkeep.index.whoosh.mmap_file import MappedFile
from threadkeep.index.whoosh.term_dictionary import FIELDS, KEYS

LEXICON_EXT = ".lex"

_COUNT = Struct("<I")
_TEXT = Struct("<BBI")
_KEYS = FIELDS[KEYS]


class LexiconWriter:
    """Gathers the words of a segment, given in order as the dictionary's keys."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int, int], bytearray] = {}

    def add(self, key: bytes) -> None:
        """Add a word; a key is passed over."""
        field = key[1]
        if field == _KEYS:
            return
        length = len(key) - 2 if key.isascii() else len(key[2:].decode())
        text = self._texts.get((field, length))
        if text is None:
            text = self._texts[field, length] = bytearray()
        text += b"\n"
        text += key[2:]

    def written(self) -> bytes:
        """The bytes of the file."""
        texts = [text + b"\n" for text in self._texts.values()]
        heads = [_TEXT.pack(*key, len(text)) for key, text in zip(self._texts, texts, strict=True)]
        return b"".join((_COUNT.pack(len(texts)), *heads, *texts))


class Lexicon:
    """Finds words by their looks."""

    def __init__(self, file: MappedFile) -> None:
        self._data = file.data
        self._texts: dict[tuple[int, int], tuple[int, int]] | None = None

    def like(self, field: str, like: Like) -> Iterator[str]:
        """The words of a field that ``like`` tells."""
        # Words hold no line breaks. Line by line, most are given up at the first letter, at next to no cost.
        pattern = re.compile(rf"\n(?=({like.source})\n)")
        for length in range(like.shortest, like.longest + 1):
            for found in pattern.finditer(self._text(field, length)):
                yield found[1]

    def _text(self, field: str, length: int) -> str:
        if self._texts is None:
            self._texts = self._found()
        start, end = self._texts.get((FIELDS[field], length), (0, 0))
        return self._data[start:end].decode()

    def _found(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Where the text of each field and length begins and ends."""
        (count,) = _COUNT.unpack_from(self._data)
        start = _COUNT.size + count * _TEXT.size
        texts: dict[tuple[int, int], tuple[int, int]] = {}
        for field, length, size in _TEXT.iter_unpack(self._data[_COUNT.size : start]):
            texts[field, length] = start, start + size
            start += size
        return texts
