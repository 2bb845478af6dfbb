"""All that depends on Whoosh: the schema, the segment list (TOC), the locks, the storage and the codec of an index.

A commit is Whoosh's: its lock, its TOC, which makes new segments visible, and its removal of unused files. The files
of a segment are ours (see ``segment_format``), written without Whoosh's writers; the codec lets Whoosh's own queries
read them, which the tests compare with ours. A search at the command line does not import this module.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from whoosh import fields
from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader, W3Segment, W3TermInfo, W3TermsReader
from whoosh.columns import Column, ColumnReader
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Positions
from whoosh.index import TOC, clean_files
from whoosh.matching.mcore import ListMatcher
from whoosh.query.spans import Span
from whoosh.reading import TermNotFound

from threadkeep.errors import ArchiveBusy
from threadkeep.files.atomic_files import fsync_file, rename
from threadkeep.index.whoosh import index_meta, positions
from threadkeep.index.whoosh.doc_values import ColumnValues, column_extents
from threadkeep.index.whoosh.mmap_file import MappedFile
from threadkeep.index.whoosh.postings_reader import Postings
from threadkeep.index.whoosh.segment_format import (
    CODES,
    COUNTS,
    CREATED,
    DOC_VALUES_EXT,
    FORMS,
    KEYS,
    LENGTH,
    NAME,
    POSTINGS_EXT,
    TERMS_EXT,
    UNCOUNTED,
    UNDATED,
    WORDS,
    IndexMeta,
    SegmentMeta,
)
from threadkeep.index.whoosh.term_dictionary import EXTENT, VALUE

# Storage


class MappedStorage(FileStorage):
    """A folder whose files are read through memory maps."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> "MappedStructFile":
        """Open a file. Raises FileNotFoundError."""
        return MappedStructFile(f"{self.folder}{os.sep}{name}", name)


class MappedStructFile(MappedFile, StructFile):
    """A memory-mapped file with Whoosh's methods for reading numbers and strings."""

    def __init__(self, path: str, name: str) -> None:
        MappedFile.__init__(self, path)
        # A map reads and seeks as a file does.
        StructFile.__init__(self, cast(BinaryIO, self.data or io.BytesIO()), name)


class SyncedStorage(FileStorage):
    """A folder in which a renamed file is on the disk before it takes its name.

    Whoosh renames only the TOC, which makes a commit visible; segment files are synced when they are written.
    """

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Sync a file and its folder, rename it, and sync the folder again. Raises OSError."""
        fsync_file(Path(self.folder, oldname))
        rename(Path(self.folder, oldname), Path(self.folder, newname))


# Schema and segment list


class NumberColumn(Column):
    """One number a post, ``default`` where it has none; ``code`` is its type code as in the ``array`` module."""

    def __init__(self, code: str, default: int = 0) -> None:
        self.code = code
        self.default = default

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> "NumberReader":
        """Return a reader of the column."""
        return NumberReader(dbfile, basepos, length, doccount, self.code)

    def default_value(self, reverse: bool = False) -> int:
        """Return the number of a post that has none."""
        return self.default


class NumberReader(ColumnReader):
    """The numbers of all posts, read on first use."""

    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int, code: str) -> None:
        super().__init__(dbfile, basepos, length, doccount)
        self._column = ColumnValues(dbfile, basepos, length, code)

    def __getitem__(self, docnum: int) -> int:
        return self._column.values[docnum]


class PositionsFormat(Positions):
    """Decodes positions for Whoosh's own queries."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions of a term in a post."""
        return positions.decode(valuestring.decode("utf-8", "surrogatepass"))

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return how many positions the term has."""
        return len(self.decode_positions(valuestring))


def _schema() -> fields.Schema:
    words = fields.ID()
    words.format, words.scorable = PositionsFormat(), True
    columns = {
        name: NumberColumn(code, UNDATED if name == CREATED else UNCOUNTED if name in COUNTS else 0)
        for name, code in CODES.items()
    }
    return fields.Schema(
        **{FORMS: fields.ID(), KEYS: fields.ID(), WORDS: words},
        **{name: fields.COLUMN(column) for name, column in columns.items()},
    )


class DatedSegment(W3Segment):
    """A segment in the TOC. ``in_date_order`` is as in ``SegmentMeta``."""

    in_date_order = False
    _fieldlengths: dict[str, int]

    def words(self) -> int:
        """Return the sum of the posts' lengths, deleted posts included."""
        return int(self._fieldlengths.get(WORDS, 0))

    @property
    def size(self) -> int:
        """The number of posts, deleted ones included."""
        return int(self.doc_count_all())

    @property
    def live(self) -> int:
        """The number of posts that are not deleted."""
        return int(self.doc_count())

    def delete(self, doc_ids: Iterable[int]) -> None:
        """Mark posts as deleted."""
        for doc_id in doc_ids:
            self.delete_document(doc_id)

    def meta(self) -> SegmentMeta:
        """Return the metadata of the segment."""
        deleted = tuple(sorted(self.deleted_docs()))
        return SegmentMeta(self.segment_id(), self.size, self.words(), self.in_date_order, deleted)


def create_index(folder: Path) -> None:
    """Create an empty index in ``folder``, which holds none."""
    index_meta.write_segments(folder, IndexMeta((), 0))
    TOC(_schema(), [], 0).write(SyncedStorage(str(folder)), NAME)


def new_segment(size: int, words: int, *, in_date_order: bool) -> DatedSegment:
    """Return a segment of ``size`` posts with so many words, to be written and committed."""
    segment = Codec().new_segment(None, NAME)
    segment.set_doc_count(size)
    segment.in_date_order = in_date_order
    segment._fieldlengths = {WORDS: words}
    return segment


def _segment_of(meta: SegmentMeta) -> DatedSegment:
    """Return the segment in a TOC that ``meta`` describes."""
    segment = new_segment(meta.size, meta.words, in_date_order=meta.in_date_order)
    segment.segid = meta.name.removeprefix(f"{NAME}_")
    segment.delete(meta.deleted)
    return segment


class TocTransaction:
    """The write lock and the segments of the index in ``folder``, for one commit. Raises ArchiveBusy if it is locked.

    The TOC is written for Whoosh, and the list of segments beside it is what is read (see ``index_meta``).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = SyncedStorage(str(folder))
        self._lock = self._storage.lock(f"{NAME}_WRITELOCK")
        if not self._lock.acquire():
            raise ArchiveBusy("another process is writing the search index", "try again when it is done")
        found = index_meta.read_segments(folder)
        self._generation = found.generation
        self.segments = [_segment_of(meta) for meta in found.segments]
        """The committed segments."""

    def commit(self, segments: list[DatedSegment]) -> None:
        """Replace the TOC by one of ``segments``, whose files are on the disk, and delete files no longer used."""
        generation = self._generation + 1
        index_meta.write_segments(self._folder, IndexMeta(tuple(one.meta() for one in segments), generation))
        TOC(_schema(), segments, generation).write(self._storage, NAME)
        clean_files(self._storage, NAME, generation, segments)
        index_meta.drop_segments_before(self._folder, generation)

    def release(self) -> None:
        """Release the lock."""
        self._lock.release()


# The codec


class Codec(W3Codec):
    """Reads segments for Whoosh. It is pickled into the TOC, so it has no state."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> DatedSegment:
        """Return a segment not yet written."""
        return DatedSegment(self, indexname)

    def per_document_reader(self, storage: Any, segment: Any) -> "DocValuesReader":
        """Return a reader of a segment's doc values."""
        return DocValuesReader(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "TermsReader":
        """Return a reader of a segment's terms."""
        name = segment.make_filename(TERMS_EXT)
        return TermsReader(
            self, storage.open_file(name), storage.file_length(name), segment.open_file(storage, POSTINGS_EXT)
        )

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> ListMatcher:
        """Return a matcher for Whoosh's own queries; the engine does not use it."""
        return PostingsMatcher(terminfo.postings(dbfile), format_, scorer, term, terminfo)


class TermInfo(W3TermInfo):
    """The dictionary value of a term."""

    @classmethod
    def from_bytes(cls, value: bytes) -> "TermInfo":
        """Decode a dictionary value."""
        info = cls()
        inline, info._weight, info._df, *_, info._maxweight, info._minid, info._maxid = VALUE.unpack_from(value)
        info._minlength, info._maxlength = 0, 1 << 16
        if inline:
            info._inlined = value[VALUE.size :]
        else:
            info._offset, info._length = EXTENT.unpack_from(value, VALUE.size)
        return info

    def postings(self, file: Any) -> Postings:
        """Return the term's postings; ``file`` holds those that are not inline."""
        if self._inlined is not None:
            return Postings(self._inlined)
        view = getattr(file, "view", file.get)
        return Postings(view(self._offset, self._length))


class TermsReader(W3TermsReader):
    """The terms of a segment and their postings."""

    def term_info(self, fieldname: str, tbytes: bytes) -> TermInfo:
        """Return the dictionary value of a term. Raises TermNotFound."""
        try:
            return TermInfo.from_bytes(self._tindex[self._keycoder(fieldname, tbytes)])
        except KeyError:
            raise TermNotFound(f"No term {fieldname}:{tbytes!r}") from None

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Return all terms in order."""
        return ((self._keydecoder(key), TermInfo.from_bytes(value)) for key, value in self._tindex.items())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Return the terms from ``prefix`` on, in order, those of later fields included."""
        entries = self._tindex.items_from(self._keycoder(fieldname, prefix))
        return ((self._keydecoder(key), TermInfo.from_bytes(value)) for key, value in entries)


class DocValuesReader(W3PerDocReader):
    """The doc values of a segment, all columns in one file."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        self._file = segment.open_file(storage, DOC_VALUES_EXT)
        self._columns = column_extents(self._file)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def has_column(self, fieldname: str) -> bool:
        """Return whether there is such a column."""
        return fieldname in self._columns

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """Return a reader of the column of that name."""
        offset, length = self._columns[fieldname]
        return column.reader(self._file, offset, length, self._doccount)

    # For Whoosh's own scoring, which then uses the exact lengths.

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a post."""
        if fieldname != WORDS:
            return default
        return int(self._lengths[docnum])

    def doc_field_length_reader(self, fieldname: str, default: int = 0) -> Any:
        """Return a function from doc id to length."""
        return lambda docnum: self.doc_field_length(docnum, fieldname, default)

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a post."""
        return min(self._lengths, default=0) if fieldname == WORDS else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a post."""
        return max(self._lengths, default=0) if fieldname == WORDS else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return nothing: the store holds the posts."""
        return {}

    @property
    def _lengths(self) -> Any:
        return ColumnValues(self._file, *self._columns[LENGTH], CODES[LENGTH]).values


class PostingsMatcher(ListMatcher):
    """All postings of a term, for Whoosh's own queries."""

    def __init__(self, postings: Postings, format_: Any, scorer: Any, term: Any, terminfo: Any) -> None:
        values = [one.encode("utf-8", "surrogatepass") for one in postings.positions or ()]
        super().__init__(postings.ids, postings.weights, values, format_, scorer=scorer, term=term, terminfo=terminfo)
        self._postings = postings

    def copy(self) -> "PostingsMatcher":
        """Return another matcher at the same posting."""
        other = PostingsMatcher(self._postings, self._format, self._scorer, self._term, self._terminfo)
        other._i = self._i
        return other

    def spans(self) -> list[Any]:
        """Return the positions of the term in the post."""
        return [Span(position) for position in self.value_as("positions")]
