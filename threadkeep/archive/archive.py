"""The archive: import dumps, search posts, show threads, export. This is threadkeep's public Python interface.

with Archive(Path("kept")) as archive:
    report = archive.import_(Source.from_path(Path("profile.txt")))
    archive.sync()
    for hit in archive.search("emergent -draft").hits:
        print(hit.kept.post.text)
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from threadkeep.archive.index_documents import documents, readable
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
from threadkeep.index.engine import CountBy, Engine, FacetCounts, Hit, Page, Sort
from threadkeep.query.ast import Query
from threadkeep.records import Account, Boundary, Parsed, Ref, Thread
from threadkeep.store.store import Store, StoredSource

if TYPE_CHECKING:  # what a search does not need is imported where it is used
    from threadkeep.sources.source import Options, Source
    from threadkeep.store.export_selection import StoredSelection

__all__ = ["Archive", "Explanation", "ImportReport", "SearchHit", "SearchPage", "StrictImportError"]


class Archive:
    """The archive in ``folder``, made where there is none unless ``create`` is false. Use it as a context manager.

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
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def engine(self) -> Engine:
        """The full-text engine. What it holds may lag behind the store until ``sync``."""
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
        from threadkeep.ingest.ingest import ingest
        from threadkeep.parsers.registry import parser_for, parser_named

        known = next((row for row in self.store.sources() if row.record.sha256 == source.sha256), None)
        if known is not None:
            source.options = _with_overrides(known.options, source.options)
            format_name = format_name or known.record.format
        parser = parser_named(format_name) if format_name else parser_for(source)
        with self.store.loading(source, parser.NAME, parser.VERSION, keep=not dry_run) as loading:
            ingest(loading, parser, source, self.store, keep=not dry_run, watch=watch)
            report = import_report(source, parser.NAME, loading.finish())
            if strict and report.problems:
                raise StrictImportError(report)
        return report

    def reread(self, row: StoredSource, options: "Options | None" = None) -> ImportReport:
        """Read a kept dump again with today's parser of its format; ``options`` go before what it was told."""
        source = self.store.kept_source(row, options)
        return self.import_(source, row.record.format)

    def rebuild(self) -> list[ImportReport]:
        """Make the database anew from the kept dumps, with today's parsers; all of it, or nothing if it raises."""
        from threadkeep.ingest.ingest import ingest
        from threadkeep.parsers.registry import parser_named

        reports = []
        with self.store.rebuilding() as loading_of:
            for note in self.store.noted():
                source, parser = self.store.kept_source(note), parser_named(note.record.format)
                with loading_of(note, source, parser.NAME, parser.VERSION) as loading:
                    ingest(loading, parser, source, self.store)
                    reports.append(import_report(source, parser.NAME, loading.finish()))
                source.close()
        return reports

    def review_text(self, name: str) -> str:
        """The paste that ``name`` means, to be edited: see ``threadkeep.review``. Raises NotFound, ReviewError."""
        from threadkeep.review import review_text

        row, source, boundaries = self._reviewable(name)
        return review_text(row.record.path, source.text(), boundaries(source))

    def apply_review(self, name: str, edited: str) -> ImportReport:
        """Read a paste again with its posts beginning where ``edited`` says. Raises NotFound, ReviewError."""
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
                f"{row.record.path}: the posts of a {row.record.format} dump are told apart by the dump itself",
                "there is nothing to review",
            )
        return row, self.store.kept_source(row), boundaries

    def sync(self, progress: Callable[[int], None] | None = None) -> None:
        """Bring the index to the store's revision; ``progress`` is called with how many posts went in so far.

        Raises ArchiveBusy where another process has the index for too long.
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
        """Make the index anew from the store."""
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
        """The posts that ``text`` finds; ``docs/query.md`` has the language. Raises QueryError.

        With ``threads`` the page is of threads, each with its best hit, and so are ``limit``, ``offset`` and ``total``.
        Posts that were not for everyone are found with ``private`` only. With ``explain`` the page says why it is so.
        """
        asked = self._asked(text, private=private)
        query = asked.query
        warnings = query.warnings + self._sync_for_reading()
        if threads:
            page = self._page_of_threads(query, sort, limit, offset)
        else:
            page = self.engine.search(query, sort, limit, offset)
        found, suggestion = self._found(query, page.hits), asked.as_typed(page.suggestion)
        explained = self._explained(asked, page.hits) if explain else None
        return SearchPage(found, page.total, suggestion, warnings, explained)

    def _explained(self, asked: ResolvedQuery, hits: Sequence[Hit]) -> Explanation:
        from threadkeep.archive.explain import explanation

        return explanation(asked, self.engine, hits)

    def _asked(self, text: str, *, private: bool) -> ResolvedQuery:
        return resolve(text, self.folder, self.store, private=private)

    def _page_of_threads(self, query: Query, sort: Sort, limit: int, offset: int) -> Page:
        page = self.engine.search(query, sort, limit=None)
        with self.store.name_lookup() as naming:
            thread_of = naming.threads_of(hit.row_id for hit in page.hits)
        best: dict[int, Hit] = {}
        for hit in page.hits:
            best.setdefault(thread_of.get(hit.row_id, hit.row_id), hit)
        return Page(tuple(best.values())[offset : offset + limit], len(best), page.suggestion)

    def _found(self, query: Query, hits: Sequence[Hit]) -> tuple[SearchHit, ...]:
        from threadkeep.index.highlight import snippet

        numbers = [hit.row_id for hit in hits]
        posts, sizes = self.store.posts(numbers), self.store.thread_sizes(numbers)
        found = []
        for hit in hits:
            if stored := posts.get(hit.row_id):
                shown = [snippet(text, query) for text in readable(stored)]
                best = next((one for one in shown if one.spans), shown[0])
                found.append(SearchHit(stored, hit.score, sizes[hit.row_id], best.text, best.spans))
        return tuple(found)

    def counts(
        self, text: str, by: CountBy, *, private: bool = False, warn: Callable[[str], object] | None = None
    ) -> FacetCounts:
        """Count the posts ``text`` finds, in all and for each author, year, …: the most first. Raises QueryError.

        ``warn`` is called with what the person ought to be told about the query.
        """
        query = self._query_for_reading(text, private, warn)
        return self.engine.counts(query, by)

    def total(self, text: str, *, private: bool = False) -> int:
        """How many posts ``text`` finds. Raises QueryError."""
        return self.engine.search(self._query_for_reading(text, private, None), "newest", 0).total

    def _query_for_reading(self, text: str, private: bool, warn: Callable[[str], object] | None) -> Query:
        query = self._asked(text, private=private).query
        for warning in query.warnings + self._sync_for_reading():
            if warn:
                warn(warning)
        return query

    def _sync_for_reading(self) -> tuple[str, ...]:
        """Heal the index before it is asked; where another process holds it, say that the newest may be missing."""
        try:
            self.sync()
        except ArchiveBusy:
            return ("another process is indexing: the newest posts may be missing from this answer",)
        except StorageError as error:
            return (f"{error.message}: the newest posts may be missing from this answer",)
        return ()

    def thread(self, name: str, *, conversation: bool = False) -> Thread:
        """The thread of the post that ``name`` (a ref, an id, a URL) means. Raises NotFound."""
        return self.store.thread(name, conversation=conversation)

    def account_names(self, refs: Iterable[Ref]) -> dict[Ref, Account]:
        """The accounts with those refs, for showing their names."""
        return self.store.accounts_named(refs)

    def source_paths(self) -> dict[str, str]:
        """Where each dump was read from, by its hash."""
        return {row.record.sha256: row.record.path for row in self.store.sources()}

    @contextlib.contextmanager
    def selection(
        self, text: str | None = None, *, private: bool = False, warn: Callable[[str], object] | None = None
    ) -> "Iterator[StoredSelection]":
        """What ``text`` finds, or everything, for an exporter, while the context lasts. Raises QueryError.

        Posts that were not for everyone are in it with ``private`` only. ``warn`` is called with what the person ought
        to be told about the query.
        """
        numbers = None
        if text:
            query = self._query_for_reading(text, private, warn)
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
