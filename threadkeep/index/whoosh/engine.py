"""The default engine: what it is asked, and when its folder may be opened, must be cleared, or is being written."""

import os
import pickle
import struct
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from threadkeep.errors import ArchiveBusy, ArchiveError, StorageError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, make_folder
from threadkeep.index import analysis
from threadkeep.index.engine import CountBy, Document, FacetCounts, Page, Sort, TermScore
from threadkeep.index.query_rewrite import searchable
from threadkeep.index.whoosh import index_meta
from threadkeep.index.whoosh.searcher import answered, found_by
from threadkeep.index.whoosh.segment_reader import OpenIndex, opened
from threadkeep.index.whoosh.top_docs import shares
from threadkeep.query.ast import Query

VERSION = 4
"""Counted up whenever an index made before would be read wrongly."""

LOCK_SECONDS = 5.0
"""How long to wait for another process that writes to the same index."""

DAMAGE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, NameError, AttributeError, ImportError, AssertionError),
    *(ArithmeticError, MemoryError, struct.error, pickle.UnpicklingError),
)
"""What reading a damaged index may raise: little of what is read is checked."""


class WhooshEngine:
    """The index in ``folder``, which is the engine's own: it may be deleted at any time, and is when it is no good.

    ``token`` is a secret of the archive. An index with another one comes from elsewhere and is never opened, since
    opening an index runs what its files say; it is cleared when next fed.
    """

    def __init__(self, folder: Path, token: str = "") -> None:
        self._folder = folder
        self._stated = str(folder / index_meta.FILE)
        self._token = token
        self._opening = threading.Lock()
        self._open: tuple[tuple[int, int], OpenIndex] | None = None

    def revision(self) -> int:
        """The last store revision it holds; 0 for an index that is empty, damaged, outdated or not ours."""
        held = self._state()
        if held is None:
            return 0
        try:
            self._index()
        except ArchiveError:
            return 0
        return held.revision

    def update(
        self, changed: Iterable[Document], removed: Iterable[int], revision: int, since: int | None = None
    ) -> bool:
        """Take in ``changed``, forget ``removed`` (a post in both is kept), and hold ``revision``.

        With ``since``, what follows that revision is given: an index that does not hold it by now, since another
        process has written to it, takes nothing in and returns False.

        Until the end the index says it holds what it held before, so that an update which is cut off can be made again.
        Raises ArchiveBusy while another process writes, and StorageError when the disk is full.
        """
        from threadkeep.index.whoosh.index_writer import create
        from threadkeep.index.whoosh.whoosh_toc import contents_of

        try:
            with self._locked():
                held = self._revision_to_go_on_from()
                if since not in (None, held):
                    return False
                if held == 0:
                    self._wipe()
                    create(self._folder)
                self._apply(changed, set(removed))
                index_meta.written(self._folder, _made(), self._token, revision, contents_of(self._folder))
        except OSError as error:
            raise StorageError(f"the search index cannot be written: {error.strerror or error}") from error
        return True

    def _revision_to_go_on_from(self) -> int:
        """As ``revision``, of an index that can be written to; one of which Whoosh cannot read the list is wiped."""
        from threadkeep.index.whoosh.whoosh_toc import contents_of

        held = self.revision()
        try:
            if held:
                contents_of(self._folder)
        except DAMAGE:
            self._wipe()
            return 0
        return held

    def search(self, query: Query, sort: Sort = "relevance", limit: int | None = 20, offset: int = 0) -> Page:
        """Return the hits from ``offset`` on, at most ``limit``; all of them if that is ``None``.

        Raises ArchiveError if the index is damaged, as do all methods that read it.
        """
        index, root = self._index(), searchable(query.root)
        if root is None:
            return Page((), 0)
        end = index.size if limit is None else max(offset + limit, 0) if limit > 0 else 0
        with _Reading():
            hits, total = answered(index, root, sort, end)
            return Page(tuple(hits[max(offset, 0) :]), total, None if total else _suggestion(query, index))

    def matching(self, query: Query) -> Iterator[int]:
        """Yield the row ids of all hits, in no particular order."""
        index, root = self._index(), searchable(query.root)
        if root is None:
            return
        with _Reading():
            for part in found_by(index, root):
                yield from map(part.reading.segment.numbers.__getitem__, part.all_ids())

    def counts(self, query: Query, by: CountBy) -> FacetCounts:
        """Count the hits for each value of ``by``."""
        from threadkeep.index.whoosh.facets import counted

        index, root = self._index(), searchable(query.root)
        if root is None:
            return FacetCounts((), 0)
        with _Reading():
            return counted(found_by(index, root), by)

    def explain(self, query: Query, row_ids: Sequence[int]) -> list[tuple[int, list[TermScore]]]:
        """Return the term scores of each of ``row_ids``, in that order; those of one post sum to its score.

        The highest term score comes first. Terms that a post lacks and posts that are not indexed are left out.
        """
        index, root = self._index(), searchable(query.root)
        with _Reading():
            return shares(index, root or query.root, row_ids)

    def clear(self) -> None:
        """Forget everything, also what is damaged."""
        try:
            with self._locked():
                self._wipe()
        except OSError as error:
            raise StorageError(f"the search index cannot be cleared: {error.strerror or error}") from error

    def _apply(self, changed: Iterable[Document], removed: set[int]) -> None:
        """Commit ``changed``, in several pieces where it holds one post twice."""
        from threadkeep.index.whoosh.index_writer import Change

        documents = iter(changed)
        held: Document | None = next(documents, None)
        while removed or held is not None:
            change = Change(self._folder)
            try:
                while held is not None and held.row_id not in change:
                    change.add(held)
                    held = next(documents, None)
                change.commit(removed)
            except BaseException:
                change.cancel()
                raise
            removed = set()

    def _state(self) -> index_meta.State | None:
        """What the index says it holds, if it is ours, up to date and whole."""
        held = index_meta.read(self._folder)
        if held is None or held.token != self._token or held.made != _made():
            return None
        return index_meta.whole(self._folder, held)

    def _index(self) -> OpenIndex:
        """The index as last written; an empty one where there is none. Raises ArchiveError where it is damaged."""
        with self._opening:
            for _ in range(3):
                try:
                    stat = os.stat(self._stated)  # noqa: PTH116 - at each search; a Path takes longer than the call
                except FileNotFoundError:
                    if not self._folder.is_dir() or not any(self._folder.glob("*.toc")):
                        return OpenIndex((), 0)
                    break
                written = (stat.st_ino, stat.st_mtime_ns)
                if self._open is not None and self._open[0] == written:
                    return self._open[1]
                held = self._state()
                if held is None:
                    break
                try:
                    self._open = written, opened(self._folder, held.contents)
                    return self._open[1]
                except FileNotFoundError:
                    continue  # another process has just written the next generation; it is there by now
                except DAMAGE:
                    break
            self._open = None
            raise ArchiveError("the search index is damaged or out of date", "threadkeep reindex makes it anew")

    def _wipe(self) -> None:
        """Delete the index, whole or not. Whatever else lies in the folder is not ours."""
        import shutil

        self._open = None
        for pattern in ("_MAIN_*", "MAIN_*", f"{index_meta.FILE}*"):
            for path in self._folder.glob(pattern):
                path.unlink()
        shutil.rmtree(self._folder / "MAIN.tmp", ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from whoosh.index import LockError
        from whoosh.util.filelock import FileLock, try_for

        make_folder(self._folder, PRIVATE_FOLDER)
        lock = FileLock(str(self._folder / index_meta.LOCK))
        if not try_for(lock.acquire, timeout=LOCK_SECONDS, delay=0.05):
            raise ArchiveBusy("another process is writing the search index", "try again when it is done")
        try:
            yield
        except LockError:
            raise ArchiveBusy("another process is writing the search index", "try again when it is done") from None
        finally:
            lock.release()


def _made() -> str:
    """The versions of all that an index depends on, the stemmer's told from words that its releases disagree on."""
    stems = " ".join(map(analysis.term, ("evening", "universe", "organization", "past", "emergency", "lateral")))
    return f"{VERSION} {analysis.VERSION} {unicodedata.unidata_version} {stems}"


def _suggestion(query: Query, index: OpenIndex) -> Query | None:
    """Return the query with its spelling corrected so that it finds something; ``None`` if no similar one does."""
    from threadkeep.index.whoosh.suggest import respelled

    better = respelled(query.root, index)
    root = searchable(better)
    if better == query.root or root is None or not answered(index, root, "newest", 0)[1]:
        return None
    return Query("", better)


class _Reading:
    """Turns what reading a damaged index raises into an error that says so."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, DAMAGE):
            raise ArchiveError("the search index is damaged", "threadkeep reindex makes it anew") from error
