"""Whoosh's third codec with postings and columns of our own: how a segment's files are read, by us and by Whoosh.

    .trm   the words: see ``dictionary``
    .pst   the postings that do not lie in the dictionary, one after the other: see ``postings``
    .doc   what is known of each post: see ``columns``
    .lex   the words once more, for our own reading: see ``lexicon``

They are written by ``segment_writing``, not through Whoosh's writers.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

from collections.abc import Iterator
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader, W3Segment, W3TermInfo, W3TermsReader
from whoosh.formats import Positions
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermNotFound

from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.doc_values import COLUMNS
from threadkeep.index.whoosh.doc_values_reader import columns_in
from threadkeep.index.whoosh.postings_reader import Postings
from threadkeep.index.whoosh.segment_reader import DOCUMENTS_EXT, LENGTH
from threadkeep.index.whoosh.term_dictionary import EXTENT, LENGTHS, VALUE


class Codec(W3Codec):
    """What segments are read with. Whoosh pickles it into the list of segments, so it holds nothing."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> "DatedSegment":
        """A segment not yet written."""
        return DatedSegment(self, indexname)

    def per_document_reader(self, storage: Any, segment: Any) -> "DocumentsReader":
        """What reads what is known of a segment's posts."""
        return DocumentsReader(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "PostingsReader":
        """What reads a segment's words."""
        name = segment.make_filename(self.TERMS_EXT)
        return PostingsReader(
            self, storage.open_file(name), storage.file_length(name), segment.open_file(storage, self.POSTS_EXT)
        )

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> ListMatcher:
        """For Whoosh's own queries, which work on such an index; the engine does not use them."""
        return PostingsMatcher(terminfo.postings(dbfile), format_, scorer, term, terminfo)


class DatedSegment(W3Segment):
    """A segment as the list of segments has it.

    ``in_date_order``: its posts' dates do not ascend from id to id, and those without a date come last.
    """

    in_date_order = False
    _fieldlengths: dict[str, int]

    def words(self) -> int:
        """The sum of the posts' lengths, those of forgotten posts included."""
        return int(self._fieldlengths.get("words", 0))


class TermInfo(W3TermInfo):
    """What the dictionary tells of a word."""

    @classmethod
    def from_bytes(cls, value: bytes) -> "TermInfo":
        """Read a value of the dictionary."""
        info = cls()
        inline, info._weight, info._df, *_, info._maxweight, info._minid, info._maxid = VALUE.unpack_from(value)
        info._minlength, info._maxlength = 0, 1 << 16
        if inline:
            info._inlined = value[VALUE.size :]
        else:
            info._offset, info._length = EXTENT.unpack_from(value, VALUE.size)
        return info

    def postings(self, file: Any) -> Postings:
        """The word's postings; ``file`` holds those that are not in the dictionary."""
        if self._inlined is not None:
            return Postings(self._inlined)
        view = getattr(file, "view", file.get)
        return Postings(view(self._offset, self._length))


class PostingsReader(W3TermsReader):
    """The words of a segment and their postings."""

    def term_info(self, fieldname: str, tbytes: bytes) -> TermInfo:
        """What the dictionary tells of a word. Raises TermNotFound."""
        try:
            return TermInfo.from_bytes(self._tindex[self._keycoder(fieldname, tbytes)])
        except KeyError:
            raise TermNotFound(f"No term {fieldname}:{tbytes!r}") from None

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """All words in order."""
        return ((self._keydecoder(key), TermInfo.from_bytes(value)) for key, value in self._tindex.items())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """The words from ``prefix`` on, in order; those of the fields after this one too."""
        entries = self._tindex.items_from(self._keycoder(fieldname, prefix))
        return ((self._keydecoder(key), TermInfo.from_bytes(value)) for key, value in entries)

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All keys and values as they lie in the dictionary, in order; the file must be a mapped one."""
        data, position, end = self._dbfile.data, self._tindex.startofdata, self._tindex.endofdata
        unpack = LENGTHS.unpack_from
        while position < end:
            key_size, value_size = unpack(data, position)
            start = position + LENGTHS.size
            value = start + key_size
            position = value + value_size
            yield bytes(data[start:value]), bytes(data[value:position])

    def postings_in(self, value: bytes) -> Postings:
        """The postings that a value of the dictionary points at."""
        return TermInfo.from_bytes(value).postings(self._postfile)


class DocumentsReader(W3PerDocReader):
    """What is known of a segment's posts, all columns in one file."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        self._file = segment.open_file(storage, DOCUMENTS_EXT)
        self._columns = columns_in(self._file)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def has_column(self, fieldname: str) -> bool:
        """Whether there is such a column."""
        return fieldname in self._columns

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """What reads the column of that name."""
        offset, length = self._columns[fieldname]
        return column.reader(self._file, offset, length, self._doccount)

    # For Whoosh's own scoring, which then reckons with the exact lengths.

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The length of a post."""
        if fieldname != "words":
            return default
        return int(self._lengths[docnum])

    def doc_field_length_reader(self, fieldname: str, default: int = 0) -> Any:
        """What tells the length of a post."""
        return lambda docnum: self.doc_field_length(docnum, fieldname, default)

    def min_field_length(self, fieldname: str) -> int:
        """The least length of a post."""
        return min(self._lengths, default=0) if fieldname == "words" else 0

    def max_field_length(self, fieldname: str) -> int:
        """The greatest length of a post."""
        return max(self._lengths, default=0) if fieldname == "words" else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Nothing: the store has what posts say."""
        return {}

    @property
    def _lengths(self) -> Any:
        return self.column_reader(LENGTH, COLUMNS[LENGTH]).values


class PostingsMatcher(ListMatcher):
    """All postings of a word, for Whoosh's own queries."""

    def __init__(self, postings: Postings, format_: Any, scorer: Any, term: Any, terminfo: Any) -> None:
        values = [one.encode("utf-8", "surrogatepass") for one in postings.places or ()]
        super().__init__(postings.ids, postings.weights, values, format_, scorer=scorer, term=term, terminfo=terminfo)
        self._postings = postings

    def copy(self) -> "PostingsMatcher":
        """Another one that stands where this one does."""
        other = PostingsMatcher(self._postings, self._format, self._scorer, self._term, self._terminfo)
        other._i = self._i
        return other

    def spans(self) -> list[Any]:
        """Where in the post the word stands."""
        from whoosh.query.spans import Span

        return [Span(place) for place in self.value_as("positions")]


class PlacesFormat(Positions):
    """Tells Whoosh's own queries how places are packed."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """The places of a word in a post."""
        return positions.unpacked(valuestring.decode("utf-8", "surrogatepass"))

    def decode_frequency(self, valuestring: bytes) -> int:
        """At how many places the word stands."""
        return len(self.decode_positions(valuestring))
