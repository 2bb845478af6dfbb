"""The archive: import sources, search posts, show threads, export. This is threadkeep's public Python interface.

with Archive(Path("archive")) as archive:
    for report in archive.import_paths(["profile.txt"]):
        print(report.source, report.new)
    archive.sync()
    for hit in archive.search("emergent -draft").hits:
        print(hit.stored.post.text)
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from threadkeep.archive.index_documents import documents
from threadkeep.archive.query_resolution import ResolvedQuery, resolve
from threadkeep.archive.reports import (
    Explanation,
    ImportReport,
    SearchHit,
    SearchPage,
    StrictImportError,
    import_report,
)
from threadkeep.errors import ArchiveBusy, NotFound, ReviewError, StorageError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, make_folder
from threadkeep.index.engine import CountBy, Engine, FacetCounts, Sort
from threadkeep.query.ast import Query, Term, with_filter
from threadkeep.records import Account, Boundary, Parsed, Ref, Thread
from threadkeep.store.store import Store, StoredSource

if TYPE_CHECKING:  # what a search does not need is imported where it is used
    from threadkeep.sources.source import Options, Source
    from threadkeep.store.export_selection import StoredSelection

__all__ = ["Archive", "Explanation", "ImportReport", "SearchHit", "SearchPage", "StrictImportError"]


class Archive:
    """The archive in ``folder``, created if missing unless ``create`` is false. Use it as a context manager.

    Raises NotFound (no archive there), ArchiveTooNew, ArchiveError, StorageError.
    """

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.folder = folder
        if not (folder / "threadkeep.db").exists():
            if not create:
                raise NotFound(f"{folder}: there is no archive", "threadkeep import PATH makes one")
            _make_folder(folder)
        self.store = Store(folder)

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def engine(self) -> Engine:
        """The full-text engine. It may lag behind the store until ``sync``."""
        from threadkeep.index.whoosh.engine import WhooshEngine

        return WhooshEngine(self.folder / "index", self.store.token())

    def import_(
        self,
        source: "Source",
        format_name: str | None = None,
        *,
        dry_run: bool = False,
        strict: bool = False,
        watch: Callable[[str, Parsed], None] | None = None,
    ) -> ImportReport:
        """Read ``source`` with the parser named ``format_name``, or the one that recognizes it, and keep what it holds.

        One transaction: all or nothing. Options of an earlier import of the same source apply again unless
        ``format_name`` and ``source.options`` override them. ``watch`` is called with every locator and what the
        parser yielded there. With ``dry_run`` nothing is stored; with ``strict`` a source with problems is not stored
        and raises StrictImportError. Raises DumpError for a source that cannot be read at all.
        """
        from threadkeep.ingest.import_session import ImportSession
        from threadkeep.parsers.registry import parser_for, parser_named

        known = next((row for row in self.store.sources() if row.record.sha256 == source.sha256), None)
        if known is not None:
            source.options = _with_overrides(known.options, source.options)
            format_name = format_name or known.record.format
        parser = parser_named(format_name) if format_name else parser_for(source)
        with ImportSession.open(self.store, source, parser.NAME, parser.VERSION, keep=not dry_run) as session:
            report = import_report(source, parser.NAME, session.run(parser, watch))
            if strict and report.problems:
                raise StrictImportError(report)
        return report

    def import_paths(
        self,
        paths: "Iterable[str | Path | Source]",
        format_name: str | None = None,
        *,
        options: "Options | None" = None,
        dry_run: bool = False,
        strict: bool = False,
        watch: "Callable[[Source, str, Parsed], None] | None" = None,
        on_ignored: Callable[[Path, str], None] | None = None,
    ) -> Iterator[ImportReport]:
        """Import files, folders, patterns and open sources; yield a report for each source.

        ``options`` apply to every path. A source that fails has ``error`` in its report and does not stop the others.
        ``on_ignored`` is called with each file of a folder that is not read, and the reason.
        """
        from threadkeep.archive.path_import import import_paths

        return import_paths(
            self,
            paths,
            format_name,
            options=options,
            dry_run=dry_run,
            strict=strict,
            watch=watch,
            on_ignored=on_ignored,
        )

    def reread(self, row: StoredSource, options: "Options | None" = None) -> ImportReport:
        """Read a stored source again with today's parser of its format; ``options`` replace those of its import."""
        source = self.store.kept_source(row, options)
        return self.import_(source, row.record.format)

    def rebuild(self) -> list[ImportReport]:
        """Rebuild the database from the stored sources with today's parsers, in one transaction."""
        from threadkeep.ingest.import_session import ImportSession
        from threadkeep.parsers.registry import parser_named

        reports = []
        with ImportSession.rebuild(self.store) as open_session:
            for note in self.store.noted():
                source, parser = self.store.kept_source(note), parser_named(note.record.format)
                with open_session(note, source, parser.NAME, parser.VERSION) as session:
                    reports.append(import_report(source, parser.NAME, session.run(parser)))
                source.close()
        return reports

    def review_text(self, name: str) -> str:
        """Return the paste ``name`` as a review to edit, see ``threadkeep.review``. Raises NotFound, ReviewError."""
        from threadkeep.review import review_text

        row, source, boundaries = self._reviewable(name)
        return review_text(row.record.path, source.text(), boundaries(source))

    def apply_review(self, name: str, edited: str) -> ImportReport:
        """Read a paste again, its posts beginning where the ``edited`` review says. Raises NotFound, ReviewError."""
        from threadkeep.review import reviewed_starts

        row, source, _ = self._reviewable(name)
        starts = reviewed_starts(source.text(), edited)
        return self.reread(row, replace(row.options, starts=starts, posts=None, split="auto"))

    def _reviewable(self, name: str) -> "tuple[StoredSource, Source, Callable[[Source], Iterable[Boundary]]]":
        from threadkeep.parsers.registry import parser_named

        row = self.store.source(name)
        boundaries = getattr(parser_named(row.record.format), "boundaries", None)
        if boundaries is None:
            raise ReviewError(
                f"{row.record.path}: a {row.record.format} source itself says where its posts begin",
                "there is nothing to review",
            )
        return row, self.store.kept_source(row), boundaries

    def sync(self, progress: Callable[[int], None] | None = None) -> None:
        """Bring the index to the store's revision; ``progress`` is called with the number of posts indexed so far.

        Raises ArchiveBusy if another process holds the index for too long.
        """
        while (held := self.engine.revision()) != (now := self.store.revision()):
            if held > now:  # an older database was put in place of the one that was indexed
                self.engine.clear()
                continue
            with self.store.changes_since(held) as changes:
                found = documents(changes.changed, progress)
                if self.engine.update(found, changes.removed, changes.revision, since=held):
                    return

    def reindex(self, progress: Callable[[int], None] | None = None) -> None:
        """Rebuild the index from the store."""
        self.engine.clear()
        self.sync(progress)

    def search(
        self,
        text: str,
        sort: Sort = "relevance",
        limit: int = 20,
        offset: int = 0,
        *,
        threads: bool = False,
        private: bool = False,
        explain: bool = False,
    ) -> SearchPage:
        """Find posts; ``docs/query.md`` describes the language of ``text``. Raises QueryError.

        With ``threads`` the page is of threads, each with its best hit, and so are ``limit``, ``offset`` and ``total``.
        Followers-only and direct posts are found with ``private`` only. With ``explain`` the page has an explanation.
        """
        from threadkeep.archive.search import search

        resolved = self._resolve(text, private=private)
        warnings = resolved.query.warnings + self._sync_before_reading()
        return search(
            self.store,
            self.engine,
            resolved,
            sort=sort,
            limit=limit,
            offset=offset,
            threads=threads,
            explain=explain,
            warnings=warnings,
        )

    def _resolve(self, text: str, *, private: bool) -> ResolvedQuery:
        return resolve(text, self.folder, self.store, private=private)

    def counts(
        self, text: str, by: CountBy, *, private: bool = False, warn: Callable[[str], object] | None = None
    ) -> FacetCounts:
        """Count the posts ``text`` finds, in all and for each author, year, …: the most first. Raises QueryError.

        ``warn`` is called with each warning about the query.
        """
        query = self._query_to_run(text, private, warn)
        return self.engine.counts(query, by)

    def matching(
        self, text: str, *, private: bool = False, warn: Callable[[str], object] | None = None
    ) -> Iterator[int]:
        """Yield the rows of all posts that ``text`` finds, in no particular order. Raises QueryError.

        ``warn`` is called with each warning about the query.
        """
        return self.engine.matching(self._query_to_run(text, private, warn))

    def left_out(self, text: str) -> int:
        """Count the followers-only and direct posts that ``text`` would find if they were asked for."""
        resolved = self._resolve(text, private=False)
        if not resolved.added:
            return 0
        return self.engine.search(with_filter(resolved.typed, Term("is", "private")), "newest", 0).total

    def total(self, text: str, *, private: bool = False) -> int:
        """Count the posts ``text`` finds. Raises QueryError."""
        return self.engine.search(self._query_to_run(text, private, None), "newest", 0).total

    def _query_to_run(self, text: str, private: bool, warn: Callable[[str], object] | None) -> Query:
        query = self._resolve(text, private=private).query
        for warning in query.warnings + self._sync_before_reading():
            if warn:
                warn(warning)
        return query

    def _sync_before_reading(self) -> tuple[str, ...]:
        """Sync the index before a query; return a warning if that is not possible now."""
        try:
            self.sync()
        except ArchiveBusy:
            return ("another process is indexing: the newest posts may be missing from this answer",)
        except StorageError as error:
            return (f"{error.message}: the newest posts may be missing from this answer",)
        return ()

    def thread(self, name: str, *, conversation: bool = False) -> Thread:
        """Return the thread of the post ``name``: a ref, an id or a URL. Raises NotFound."""
        return self.store.thread(name, conversation=conversation)

    def account_names(self, refs: Iterable[Ref]) -> dict[Ref, Account]:
        """Return the accounts with those refs."""
        return self.store.accounts_named(refs)

    def source_paths(self) -> dict[str, str]:
        """Return the path of each source by its SHA-256."""
        return {row.record.sha256: row.record.path for row in self.store.sources()}

    @contextlib.contextmanager
    def selection(
        self, text: str | None = None, *, private: bool = False, warn: Callable[[str], object] | None = None
    ) -> "Iterator[StoredSelection]":
        """Select what ``text`` finds, or everything, for an exporter while the context lasts. Raises QueryError.

        Followers-only and direct posts are selected with ``private`` only. ``warn`` is called with each warning about
        the query.
        """
        numbers = None
        if text:
            query = self._query_to_run(text, private, warn)
            numbers = self.engine.matching(query)
        with self.store.selection(numbers, private=private) as selection:
            yield selection


def _make_folder(folder: Path) -> None:
    try:
        make_folder(folder, PRIVATE_FOLDER)
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror}", "choose another --archive folder") from error


def _with_overrides(stored: "Options", override: "Options") -> "Options":
    """Return ``stored`` with each non-default field of ``override``; a new split or count drops a reviewed split."""
    from threadkeep.sources.source import Options

    default = asdict(Options())
    now = {name: value for name, value in asdict(override).items() if value != default[name]}
    if "posts" in now or "split" in now:
        stored = replace(stored, starts=None, posts=None, split="auto")
    return replace(stored, **now)
