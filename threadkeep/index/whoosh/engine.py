"""The search engine of an archive: opens the index, answers queries, and updates, locks and clears its folder."""

import os
import pickle
import struct
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from threadkeep.errors import ArchiveError, StorageError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, make_folder, remove_stale_temp_files
from threadkeep.files.folder_lock import exclusive_lock
from threadkeep.index import analysis
from threadkeep.index.engine import CountBy, Document, FacetCounts, Page, Sort, TermScore
from threadkeep.index.query_rewrite import drop_empty
from threadkeep.index.whoosh import index_meta
from threadkeep.index.whoosh.searcher import count_facets, find_hits, top_hits
from threadkeep.index.whoosh.segment_reader import OpenIndex, open_index
from threadkeep.index.whoosh.top_docs import explain_scores
from threadkeep.query.ast import Query

VERSION = 5
"""Incremented when an index written before would be read wrongly."""

LOCK_SECONDS = 5.0
"""How long to wait for another process that is writing to the index."""

DAMAGE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, NameError, AttributeError, ImportError, AssertionError),
    *(ArithmeticError, MemoryError, struct.error, pickle.UnpicklingError),
)
"""What reading a damaged index may raise, as little of what is read is checked."""


class WhooshEngine:
    """The index in ``folder``, which belongs to the engine: it may be deleted at any time, and is if it is damaged.

    ``token`` is the archive's own. An index with another token is of another archive and is not opened; the next update
    clears it. Nothing in the folder is unpickled.
    """

    def __init__(self, folder: Path, token: str = "") -> None:
        self._folder = folder
        self._state_path = str(folder / index_meta.FILE)
        self._token = token
        self._opening = threading.Lock()
        self._open: tuple[tuple[int, int], OpenIndex] | None = None

    def revision(self) -> int:
        """Return the store revision of the index; 0 if it is empty, damaged, outdated or of another archive."""
        state = self._state()
        if state is None:
            return 0
        try:
            self._index()
        except ArchiveError:
            return 0
        return state.revision

    def update(
        self, changed: Iterable[Document], removed: Iterable[int], revision: int, since: int | None = None
    ) -> bool:
        """Add or replace ``changed``, delete ``removed`` (unless they are in both), and set the revision.

        ``since`` is the revision after which ``changed`` begins. If the index is at another one, because another
        process has updated it, change nothing and return False.

        The revision is written last, so that an interrupted update can be repeated. Raises ArchiveBusy while another
        process writes, and StorageError if the disk is full.
        """
        from threadkeep.index.whoosh.whoosh_compat import create_index

        try:
            with self._lock():
                current = self._writable_revision()
                if since not in (None, current):
                    return False
                if current == 0:
                    self._wipe()
                    create_index(self._folder)
                self._apply(changed, set(removed))
                index_meta.write(
                    self._folder, _version_key(), self._token, revision, index_meta.read_segments(self._folder)
                )
        except OSError as error:
            raise StorageError(f"the search index cannot be written: {error.strerror or error}") from error
        return True

    def search(self, query: Query, sort: Sort = "relevance", limit: int | None = 20, offset: int = 0) -> Page:
        """Return the hits from ``offset`` on, at most ``limit``; all of them if that is ``None``.

        Raises ArchiveError if the index is damaged, as do all methods that read it.
        """
        index, root = self._index(), drop_empty(query.root)
        if root is None:
            return Page((), 0)
        end = index.size if limit is None else max(offset + limit, 0) if limit > 0 else 0
        with _DamageGuard():
            hits, total = top_hits(index, root, sort, end)
            if total:
                return Page(tuple(hits[max(offset, 0) :]), total)
            from threadkeep.index.whoosh.suggest import suggest

            return Page((), 0, suggest(query, index))

    def matching(self, query: Query) -> Iterator[int]:
        """Yield the row ids of all hits, in no particular order."""
        index, root = self._index(), drop_empty(query.root)
        if root is None:
            return
        with _DamageGuard():
            for hits in find_hits(index, root):
                yield from map(hits.context.segment.row_ids.__getitem__, hits.live_ids())

    def counts(self, query: Query, by: CountBy) -> FacetCounts:
        """Count the hits for each value of ``by``."""
        index, root = self._index(), drop_empty(query.root)
        if root is None:
            return FacetCounts((), 0)
        with _DamageGuard():
            return count_facets(find_hits(index, root), by)

    def explain(self, query: Query, row_ids: Sequence[int]) -> list[tuple[int, list[TermScore]]]:
        """Return the term scores of each of ``row_ids``, in that order; those of one post sum to its score.

        The highest term score comes first. Terms that a post lacks and posts that are not indexed are left out.
        """
        index, root = self._index(), drop_empty(query.root)
        with _DamageGuard():
            return explain_scores(index, root or query.root, row_ids)

    def clear(self) -> None:
        """Delete the index, damaged or not. Raises ArchiveBusy while another process writes, and StorageError."""
        try:
            with self._lock():
                self._wipe()
        except OSError as error:
            raise StorageError(f"the search index cannot be cleared: {error.strerror or error}") from error

    def _writable_revision(self) -> int:
        """Return the revision, or 0 after deleting an index whose list of segments cannot be read."""
        revision = self.revision()
        try:
            if revision:
                index_meta.read_segments(self._folder)
        except DAMAGE:
            self._wipe()
            return 0
        return revision

    def _apply(self, changed: Iterable[Document], removed: set[int]) -> None:
        """Commit ``changed``; in several commits if it holds one post twice."""
        from threadkeep.index.whoosh.index_writer import IndexWriter

        documents = iter(changed)
        document: Document | None = next(documents, None)
        while removed or document is not None:
            writer = IndexWriter(self._folder)
            try:
                while document is not None and document.row_id not in writer:
                    writer.add(document)
                    document = next(documents, None)
                writer.commit(removed)
            except BaseException:
                writer.cancel()
                raise
            removed = set()

    def _state(self) -> index_meta.IndexState | None:
        """Return the state of the index if it is of this archive and this version, and its files are complete."""
        state = index_meta.read(self._folder)
        if state is None or state.token != self._token or state.version_key != _version_key():
            return None
        return index_meta.verify(self._folder, state)

    def _index(self) -> OpenIndex:
        """Open the index as last committed; an empty one if there is none. Raises ArchiveError if it is damaged."""
        with self._opening:
            for _ in range(3):
                try:
                    stat = os.stat(self._state_path)  # noqa: PTH116 - at each search; a Path takes longer than the call
                except FileNotFoundError:
                    if not self._folder.is_dir() or not any(self._folder.glob("*.toc")):
                        return OpenIndex((), 0)
                    break
                written = (stat.st_ino, stat.st_mtime_ns)
                if self._open is not None and self._open[0] == written:
                    return self._open[1]
                state = self._state()
                if state is None:
                    break
                try:
                    self._open = written, open_index(self._folder, state.meta or index_meta.read_segments(self._folder))
                    return self._open[1]
                except FileNotFoundError:
                    continue  # another process has just committed the next generation
                except DAMAGE:
                    break
            self._open = None
            raise ArchiveError("the search index is damaged or out of date", "threadkeep reindex rebuilds it")

    def _wipe(self) -> None:
        """Delete the files of the index; other files in the folder stay."""
        import shutil

        self._open = None
        for pattern in ("_MAIN_*", "MAIN_*", f"{index_meta.FILE}*"):
            for path in self._folder.glob(pattern):
                path.unlink()
        shutil.rmtree(self._folder / "MAIN.tmp", ignore_errors=True)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        make_folder(self._folder, PRIVATE_FOLDER)
        with exclusive_lock(self._folder, "another process is writing the index", index_meta.LOCK, LOCK_SECONDS):
            remove_stale_temp_files(self._folder)
            yield


def _version_key() -> str:
    """Return the versions an index depends on, Snowball's by the stems of words on which its releases differ."""
    stems = " ".join(map(analysis.stem_term, ("evening", "universe", "organization", "past", "emergency", "lateral")))
    return f"{VERSION} {analysis.VERSION} {unicodedata.unidata_version} {stems}"


class _DamageGuard:
    """Raises ArchiveError for anything that reading a damaged index raises."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, DAMAGE):
            raise ArchiveError("the search index is damaged", "threadkeep reindex rebuilds it") from error
