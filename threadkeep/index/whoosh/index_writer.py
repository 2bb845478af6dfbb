"""Change an index: add posts, forget posts, keep the number of segments small, all in one commit."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.index import TOC, LockError, clean_files

from threadkeep.index.engine import Document
from threadkeep.index.whoosh.doc_values import COLUMNS, NumberColumn
from threadkeep.index.whoosh.merge import Merged, Part, worth_merging
from threadkeep.index.whoosh.parallel_writer import Building
from threadkeep.index.whoosh.segment_reader import BY_NUMBER, NAME, NUMBER
from threadkeep.index.whoosh.segment_writer import write_segment
from threadkeep.index.whoosh.term_dictionary import FORMS, KEYS, WORDS
from threadkeep.index.whoosh.whoosh_codec import Codec, DatedSegment, PlacesFormat
from threadkeep.index.whoosh.whoosh_storage import MappedStorage
from threadkeep.index.whoosh.whoosh_synced import SyncedStorage


def create(folder: Path) -> None:
    """Make an empty index in ``folder``, which holds none."""
    TOC.create(SyncedStorage(str(folder)), _schema(), NAME)


def _schema() -> fields.Schema:
    words = fields.ID()
    words.format, words.scorable = PlacesFormat(), True
    return fields.Schema(
        **{FORMS: fields.ID(), KEYS: fields.ID(), WORDS: words},
        **{name: fields.COLUMN(column) for name, column in COLUMNS.items()},
    )


class Numbers:
    """Numbers of posts: a byte each up to the greatest, since they are rows that a database counts up."""

    _DENSE = 1 << 26

    def __init__(self) -> None:
        self._dense = bytearray()
        self._others: set[int] = set()

    def __contains__(self, number: int) -> bool:
        if 0 <= number < len(self._dense):
            return self._dense[number] == 1
        return number in self._others

    def __iter__(self) -> Iterator[int]:
        at = self._dense.find(1)
        while at >= 0:
            yield at
            at = self._dense.find(1, at + 1)
        yield from self._others

    def add(self, number: int) -> None:
        """Add a number."""
        if not 0 <= number < self._DENSE:
            self._others.add(number)
            return
        if number >= len(self._dense):
            self._dense.extend(bytes(2 * number + 1024 - len(self._dense)))
        self._dense[number] = 1


class Change:
    """A change to the index in ``folder``: nothing shows before ``commit``, and nothing of it ever without."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = SyncedStorage(str(folder))
        self._lock = self._storage.lock(f"{NAME}_WRITELOCK")
        if not self._lock.acquire():
            raise LockError
        self._contents = TOC.read(self._storage, NAME)
        self._building = Building(folder)
        self._numbers = Numbers()

    def __contains__(self, number: int) -> bool:
        """Whether this change adds the post of that number. It cannot take two forms of one post."""
        return number in self._numbers

    def add(self, document: Document) -> None:
        """Add a post, or replace its earlier form."""
        self._numbers.add(document.row_id)
        self._building.add(document)

    def commit(self, removed: set[int]) -> None:
        """Write what was added, and forget the posts numbered in ``removed`` and the earlier forms of those added.

        All files are on the disk before the list of segments that names them takes the place of the one before.
        """
        added = self._building.finish()
        segments: list[DatedSegment] = self._contents.segments
        forgotten = {*self._numbers, *removed} if segments else ()
        for segment in segments:
            _forget(self._folder, segment, forgotten)
        segments = [segment for segment in segments if segment.doc_count()] + added
        kept, sizes = [one.doc_count() for one in segments], [one.doc_count_all() for one in segments]
        chosen = worth_merging(kept, sizes, len(added))
        if chosen:
            merged = self._merged([segments[i] for i in sorted(chosen)])
            segments = [segment for i, segment in enumerate(segments) if i not in chosen] + [merged]
        generation = self._contents.generation + 1
        TOC(self._contents.schema, segments, generation).write(self._storage, NAME)
        clean_files(self._storage, NAME, generation, segments)
        self._close()

    def cancel(self) -> None:
        """Leave the index as it was. Files that were begun go with the next commit."""
        self._close()

    def _close(self) -> None:
        self._building.stop()
        self._lock.release()

    def _merged(self, segments: list[DatedSegment]) -> DatedSegment:
        """Write the posts of several segments as one."""
        merged = Merged([_part(self._folder, segment) for segment in segments])
        return write_segment(self._folder, merged.columns, merged.entries())


def _part(folder: Path, segment: DatedSegment) -> Part:
    storage = MappedStorage(str(folder))
    documents = Codec().per_document_reader(storage, segment)
    columns = {name: documents.column_reader(name, column).values for name, column in COLUMNS.items()}
    words = Codec().terms_reader(storage, segment)
    return Part(columns, frozenset(segment.deleted_docs()), words.entries(), words.postings_in)


def _forget(folder: Path, segment: DatedSegment, numbers: Iterable[int]) -> None:
    """Mark the posts of the segment that have one of ``numbers`` as forgotten."""
    documents: Any = Codec().per_document_reader(MappedStorage(str(folder)), segment)
    held = documents.column_reader(NUMBER, COLUMNS[NUMBER]).view
    order = documents.column_reader(BY_NUMBER, NumberColumn("I")).view
    least, greatest = held[order[0]], held[order[-1]]
    for number in numbers:
        if least <= number <= greatest:
            at = bisect_left(order, number, key=held.__getitem__)
            if held[order[at]] == number:
                segment.delete_document(order[at])
