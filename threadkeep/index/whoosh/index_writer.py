"""Change an index: add and delete posts and merge segments, all in one commit."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from threadkeep.index.engine import Document
from threadkeep.index.whoosh.merge import MergedSegment, select_merge
from threadkeep.index.whoosh.parallel_writer import IndexBuilder
from threadkeep.index.whoosh.segment_reader import Segment
from threadkeep.index.whoosh.segment_writer import write_segment
from threadkeep.index.whoosh.whoosh_compat import DatedSegment, TocTransaction


class DenseRowIds:
    """A set of row ids: one byte each up to the greatest, as a database counts its rows up."""

    _DENSE = 1 << 26

    def __init__(self) -> None:
        self._dense = bytearray()
        self._others: set[int] = set()

    def __contains__(self, row_id: int) -> bool:
        if 0 <= row_id < len(self._dense):
            return self._dense[row_id] == 1
        return row_id in self._others

    def __iter__(self) -> Iterator[int]:
        at = self._dense.find(1)
        while at >= 0:
            yield at
            at = self._dense.find(1, at + 1)
        yield from self._others

    def add(self, row_id: int) -> None:
        """Add a row id."""
        if not 0 <= row_id < self._DENSE:
            self._others.add(row_id)
            return
        if row_id >= len(self._dense):
            self._dense.extend(bytes(2 * row_id + 1024 - len(self._dense)))
        self._dense[row_id] = 1


class IndexWriter:
    """One change to the index in ``folder``, invisible until ``commit``. Raises ArchiveBusy if the index is locked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._toc = TocTransaction(folder)
        self._builder = IndexBuilder(folder)
        self._row_ids = DenseRowIds()

    def __contains__(self, row_id: int) -> bool:
        """Whether this change adds that post. It cannot add two versions of one post."""
        return row_id in self._row_ids

    def add(self, document: Document) -> None:
        """Add a post, or replace its earlier version."""
        self._row_ids.add(document.row_id)
        self._builder.add(document)

    def commit(self, removed: set[int]) -> None:
        """Write the posts added, and delete their earlier versions and the row ids ``removed``.

        All files are on the disk before the list of segments that names them replaces the one before.
        """
        added = self._builder.finish()
        segments = self._toc.segments
        deleted = {*self._row_ids, *removed} if segments else ()
        for segment in segments:
            _mark_deleted(self._folder, segment, deleted)
        segments = [segment for segment in segments if segment.live] + added
        kept, sizes = [one.live for one in segments], [one.size for one in segments]
        chosen = select_merge(kept, sizes, len(added))
        if chosen:
            merged = self._merge([segments[i] for i in sorted(chosen)])
            segments = [segment for i, segment in enumerate(segments) if i not in chosen] + [merged]
        self._toc.commit(segments)
        self._close()

    def cancel(self) -> None:
        """Leave the index as it was. The next commit deletes files already written."""
        self._close()

    def _close(self) -> None:
        self._builder.stop()
        self._toc.release()

    def _merge(self, segments: list[DatedSegment]) -> DatedSegment:
        """Write the live posts of several segments as one."""
        merged = MergedSegment([Segment(str(self._folder), segment.meta()) for segment in segments])
        return write_segment(self._folder, merged.columns, merged.entries())


def _mark_deleted(folder: Path, segment: DatedSegment, row_ids: Iterable[int]) -> None:
    segment.delete(Segment(str(folder), segment.meta()).doc_ids_of(row_ids))
