"""Import one source into an archive: all of it in one transaction, or nothing.

with ImportSession.open(store, source, parser.NAME, parser.VERSION) as session:
    counts = session.run(parser)
"""

import contextlib
import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from threadkeep.errors import ArchiveBusy, DumpError, ThreadkeepError
from threadkeep.ingest.subprocess_runner import parse_results
from threadkeep.parsers.entry import Parser
from threadkeep.records import Parsed, Problem
from threadkeep.sources.source import Source
from threadkeep.store import row_mapping
from threadkeep.store.connections import rows_of
from threadkeep.store.database import driver, writing
from threadkeep.store.dump_files import Note, OriginalCopy, drop_dump, write_source_note
from threadkeep.store.media_files import MediaFolder, media_name
from threadkeep.store.record_writer import ImportCounts, RecordWriter
from threadkeep.store.source_rows import delete_everything, finish_source, revision_of, set_revision, upsert_source
from threadkeep.store.store import Store
from threadkeep.text.control_chars import escape_undecodable, replace_unstorable

GC_THRESHOLD = 100_000
"""Garbage collection threshold (generation 0) during an import: about the objects of one batch of records."""

WHOLE_SOURCE = "the whole dump"
"""The locator of a problem that concerns the source and not one of its entries."""

Watch = Callable[[str, Parsed], None]
"""Called with every locator and what the parser yielded there."""

OpenSession = Callable[[Note, Source, str, int], AbstractContextManager["ImportSession"]]
"""Opens the session of one source of a rebuild: its note, the source, and the name and version of its parser."""


class ImportSession:
    """The import of one source into an archive, in one transaction.

                 add(), problem()
                     +----+
                     v    |    finish()               end of the block
        open() --> reading ----------------> counted -------------------> committed
                     |                          |
                     | exception                | exception
                     v                          v
                 rolled back: no record, no note, and no copy of the original that nothing else names

    A copy of the original is written beside the import (a large file by a thread). Before the commit, the original,
    its note and all files of media are on the disk; after a failure, the copy of the original is deleted unless
    another import has it. Files of media stay: ``doctor`` finds those that no post names. With ``keep`` false the
    transaction is rolled back either way and no file is written.
    """

    def __init__(self, source: Source, writer: RecordWriter, media: MediaFolder | None) -> None:
        self._source = source
        self._writer = writer
        self._media = media

    @classmethod
    @contextlib.contextmanager
    def open(
        cls, store: Store, source: Source, format_name: str, version: int, *, keep: bool = True
    ) -> Iterator["ImportSession"]:
        """Open a session for ``source``, read by version ``version`` of the parser ``format_name``.

        Records that an earlier import of the same source had and this one has not are removed. Raises ArchiveBusy,
        StorageError.
        """
        if keep:
            store.remove_stale_temp_files()
        original = OriginalCopy(store.originals, source) if keep else None  # before others must wait: it may take long
        is_committing = False
        try:
            with writing(store.engine, keep=keep) as connection:
                revision = revision_of(connection) + 1
                row_id = upsert_source(connection, source, format_name, version)
                session = cls(
                    source,
                    RecordWriter(connection, row_id, revision),
                    MediaFolder(store.media_folder) if keep else None,
                )
                yield session
                finish_source(connection, row_id, session.counts)
                if session.changed:
                    set_revision(connection, revision)
                [row] = rows_of(driver(connection), "SELECT * FROM sources WHERE id = ?", (row_id,))
                if original:
                    session.fsync_media()
                    original.finish()
                    write_source_note(store.originals, Note(row_mapping.source_of(row), source.options))
                is_committing = True  # a transaction whose end fails may yet turn out to be on the disk
        except BaseException as error:
            if original:
                original.give_up()
            if keep and not is_committing and not isinstance(error, ArchiveBusy):
                _drop_original(store, source.sha256)
            raise

    @classmethod
    @contextlib.contextmanager
    def rebuild(cls, store: Store) -> Iterator[OpenSession]:
        """Delete all records and import the kept originals again, in one transaction.

        Yields what opens the session of each source in turn. Raises ArchiveBusy, StorageError.
        """
        with writing(store.engine) as connection:
            revision = revision_of(connection) + 1
            delete_everything(connection, revision)
            media = MediaFolder(store.media_folder)

            @contextlib.contextmanager
            def open_session(note: Note, source: Source, format_name: str, version: int) -> Iterator[ImportSession]:
                row_id = upsert_source(connection, source, format_name, version, note.record.imported)
                session = cls(source, RecordWriter(connection, row_id, revision), media)
                yield session
                finish_source(connection, row_id, session.counts)

            yield open_session
            media.fsync_all()
            set_revision(connection, revision)

    @property
    def counts(self) -> ImportCounts:
        """What became of everything read so far; complete after ``finish``."""
        return self._writer.counts

    @property
    def changed(self) -> bool:
        """Whether any record differs from before."""
        return self._writer.changed

    def add(self, parsed: Parsed, locator: str) -> None:
        """Store what a parser yielded for the entry at ``locator``."""
        self._writer.add(parsed, locator)

    def problem(self, problem: Problem) -> None:
        """Store an entry that could not be read."""
        self._writer.problem(problem)

    def finish(self) -> ImportCounts:
        """Write pending records, remove those the source no longer shows, and derive the threads."""
        return self._writer.finish()

    def run(self, parser: Parser, watch: Watch | None = None) -> ImportCounts:
        """Read the whole source with ``parser``, store what it yields, and ``finish``.

        An entry that cannot be read becomes a problem. Raises DumpError where nothing at all can be read.
        """
        for name, reason in self._source.refused:
            self.problem(_problem_of_file(name, reason))
        try:
            self._store_results(parser, watch)
        except DumpError as error:
            if not self.counts.read:
                raise
            self.problem(Problem(WHOLE_SOURCE, str(error), ""))
        told = {problem.locator for problem in self.counts.problems}
        for name, reason in self._source.damaged:
            if (problem := _problem_of_file(name, reason)).locator not in told:
                self.problem(problem)
        if not self.counts.read:
            self.problem(Problem(WHOLE_SOURCE, "there is nothing in it that could be read", ""))
        return self.finish()

    def _store_results(self, parser: Parser, watch: Watch | None) -> None:
        with (
            _rare_garbage_collection(),
            parse_results(parser, self._source, self._store_media, self._media) as results,
        ):
            for locator, item in results:
                if isinstance(item, Problem):
                    self.problem(item)
                    continue
                self.add(item, locator)
                if watch:
                    watch(locator, item)

    def _store_media(self, source: Source, member: str) -> str:
        """Store a file that came with the source; return its name in ``media/``. Raises DumpError, StorageError."""
        with source.open_member(member) as file:
            return media_name(member, file) if self._media is None else self._media.keep(member, file)

    def fsync_media(self) -> None:
        """Sync the files of media to the disk, before the database names them. Raises StorageError."""
        if self._media is not None:
            self._media.fsync_all()


def _problem_of_file(name: str, reason: str) -> Problem:
    """Return the problem of a file in a source, or of the whole source if it has no name."""
    return replace_unstorable(Problem(escape_undecodable(name) or WHOLE_SOURCE, reason, ""))


def _drop_original(store: Store, sha256: str) -> None:
    """Delete the copy of a source that was not imported, unless another process imports it now, or has."""
    with contextlib.suppress(ThreadkeepError, OSError), writing(store.engine, keep=False) as connection:
        if not rows_of(driver(connection), "SELECT id FROM sources WHERE sha256 = ?", (sha256,)):
            drop_dump(store.originals, sha256)


@contextlib.contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Raise the threshold of the garbage collector: records have no cycles, and looking for them costs 5 %."""
    usual = gc.get_threshold()
    gc.set_threshold(max(GC_THRESHOLD, usual[0]), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
