"""The truth of an archive: its SQLite database and the dumps it was read from.

Everything that reads or writes ``threadkeep.db`` is in this package; SQLAlchemy is named nowhere else, and loaded only
for what writes or exports: see ``sqlite``.
"""

import contextlib
import itertools
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from threadkeep.errors import NotFound
from threadkeep.files.atomic_files import remove_stale_temp_files
from threadkeep.records import Account, Problem, Ref, SourceRecord, StoredPost, Thread
from threadkeep.store import post_queries, row_mapping
from threadkeep.store.connections import Readers, rows_among, rows_of, rows_with
from threadkeep.store.name_lookup import NameLookup

if TYPE_CHECKING:  # the writing half, imported where it is used: a search should not wait for it
    from sqlalchemy import Engine

    from threadkeep.sources.source import Options, Source
    from threadkeep.store.change_feed import ChangedPost
    from threadkeep.store.dump_files import Note
    from threadkeep.store.export_selection import StoredSelection

__all__ = ["Store", "StoredSource"]


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A dump as the store lists it, with what the person importing told, and what its last reading left to check."""

    record: SourceRecord
    options: "Options"
    bytes: int
    encoding: str | None
    parser_version: int
    entries: int
    skipped: dict[str, int]
    to_check: int
    problems: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index must take in and forget to hold ``revision``."""

    changed: "Iterator[ChangedPost]"
    removed: list[int]
    revision: int


class Store:
    """The database of the archive in ``folder`` and the dumps in its ``sources/``. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.originals = folder / "sources"
        self.media_folder = folder / "media"
        self._has_removed_stale = False
        self._database = folder / "threadkeep.db"
        self._readers = Readers(self._database)
        if not self._readers.is_current():
            self.engine  # noqa: B018 - opening it makes the database, or brings it to today's schema

    @cached_property
    def engine(self) -> "Engine":
        """The SQLAlchemy engine that writes and exports. Raises ArchiveTooNew, ArchiveError, StorageError."""
        from threadkeep.store.database import open_database

        return open_database(self._database)

    def close(self) -> None:
        """Let go of the database."""
        self._readers.close()
        if "engine" in vars(self):
            self.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def revision(self) -> int:
        """Counted up by every change."""
        with self._readers.reading() as connection:
            return int(_meta(connection, "revision"))

    def token(self) -> str:
        """A random word made with the archive; what is made from it carries it."""
        return self._meta("token")

    def _meta(self, name: str) -> str:
        with self._readers.reading() as connection:
            return _meta(connection, name)

    def remove_stale_temp_files(self) -> None:
        """Delete what killed processes left half written, once for each time the archive is opened."""
        if not self._has_removed_stale:
            self._has_removed_stale = True
            for folder in (self.originals.parent, self.originals, self.media_folder):
                remove_stale_temp_files(folder)

    def noted(self) -> "list[Note]":
        """The notes beside the kept dumps, in the order in which these were first imported.

        Of a dump whose note is gone, what the database knows.
        """
        from threadkeep.store.dump_files import Note, read_source_notes

        notes = list(read_source_notes(self.originals))
        told = {note.record.sha256 for note in notes}
        notes += [Note(row.record, row.options) for row in self.sources() if row.record.sha256 not in told]
        return sorted(notes, key=lambda note: (note.record.imported, note.record.sha256))

    @contextlib.contextmanager
    def changes_since(self, revision: int) -> Iterator[Changes]:
        """What happened to posts after ``revision``, as of one moment while the context lasts."""
        from threadkeep.store.change_feed import changed_posts

        with self._readers.reading() as connection:
            gone = rows_of(connection, "SELECT post FROM removed WHERE revision > ?", (revision,))
            yield Changes(
                changed_posts(connection, revision),
                [row["post"] for row in gone],
                int(_meta(connection, "revision")),
            )

    def posts(self, numbers: Sequence[int]) -> dict[int, StoredPost]:
        """The posts in the rows ``numbers``; rows that are no more are left out."""
        with self._readers.reading() as connection:
            return post_queries.posts_in(connection, numbers)

    def thread_sizes(self, numbers: Sequence[int]) -> dict[int, int]:
        """How many posts stand in the thread of each post, by the post's row."""
        with self._readers.reading() as connection:
            thread_of = post_queries.threads_of(connection, numbers)
            sizes = post_queries.thread_sizes(connection, set(thread_of.values()))
            return {number: sizes[thread] for number, thread in thread_of.items()}

    def has_private(self) -> bool:
        """Whether any post held was not for everyone."""
        query = "SELECT 1 FROM posts WHERE visibility IN ('followers', 'direct') LIMIT 1"
        with self._readers.reading() as connection:
            return bool(rows_of(connection, query))

    @contextlib.contextmanager
    def name_lookup(self) -> Iterator[NameLookup]:
        """What people call posts, threads, dumps, accounts and tags, while the context lasts."""
        with self._readers.reading() as connection:
            yield NameLookup(connection)

    def thread(self, name: str, *, conversation: bool = False) -> Thread:
        """The thread of the post that ``name`` means (a ref, an id, a URL). Raises NotFound."""
        with self._readers.reading() as connection:
            found = post_queries.numbers_named(connection, name)
            if not found:
                raise NotFound(f"no post here is called {name!r}", "threadkeep search finds posts by their words")
            if len(found) > 1:
                refs = ", ".join(str(stored.post.ref) for stored in post_queries.posts_in(connection, found).values())
                raise NotFound(f"{name!r} may mean {refs}", "give more of it")
            return post_queries.thread_around(connection, found[0], conversation=conversation)

    @contextlib.contextmanager
    def selection(self, numbers: Iterable[int] | None = None, *, private: bool = True) -> "Iterator[StoredSelection]":
        """Everything, or the posts in the rows ``numbers``, to be exported while the context lasts.

        With ``private`` false, without the posts that were not for everyone.
        """
        from threadkeep.store.database import reading
        from threadkeep.store.export_selection import StoredSelection

        with reading(self.engine) as connection:
            yield StoredSelection(connection, numbers, private=private, media=self.media_folder)

    def sources(self) -> list[StoredSource]:
        """The dumps, in the order they came."""
        query = """
            SELECT *, (SELECT count(*) FROM problems WHERE source = sources.id) AS problems FROM sources ORDER BY id
        """
        with self._readers.reading() as connection:
            return [_source_row(row) for row in rows_of(connection, query)]

    def source(self, name: str) -> StoredSource:
        """The dump that ``name`` means: its path, its file name, or the beginning of its hash. Raises NotFound."""
        rows_ = self.sources()
        exact = [row for row in rows_ if name in (row.record.path, row.record.sha256)]
        near = [
            row
            for row in rows_
            if Path(row.record.path).name == Path(name).name or (len(name) >= 4 and row.record.sha256.startswith(name))
        ]
        found = exact or near
        if not found:
            raise NotFound(f"no dump here is called {name!r}", "threadkeep sources lists them")
        if len(found) > 1:
            hashes = ", ".join(row.record.sha256[:12] for row in found)
            raise NotFound(f"{len(found)} dumps are called {name!r}", f"name one by its hash: {hashes}")
        return found[0]

    def kept_source(self, note: "StoredSource | Note", options: "Options | None" = None) -> "Source":
        """The dump as it came, open to be read again. Raises NotFound where its file is gone."""
        from threadkeep.store.dump_files import kept_source

        return kept_source(self.originals, note.record.sha256, note.record.path, options or note.options)

    def problems(self, source: str | None = None) -> list[tuple[str, Problem]]:
        """Entries that could not be read, each with its dump's path; of all dumps, or of the one ``source`` means."""
        sha256 = None if source is None else self.source(source).record.sha256
        query = """
            SELECT sources.path, problems.* FROM problems JOIN sources ON sources.id = problems.source
            WHERE ?1 IS NULL OR sources.sha256 = ?1 ORDER BY problems.id
        """
        with self._readers.reading() as connection:
            return [
                (row["path"], Problem(row["locator"], row["reason"], row["raw"]))
                for row in rows_of(connection, query, (sha256,))
            ]

    def counts(self) -> dict[str, int]:
        """How many records of each kind the archive holds, how many threads of several posts, and how many dumps."""
        counted = {name: name for name in ("accounts", "posts", "reposts", "pins", "gaps", "sources", "problems")}
        counted["threads"] = "(SELECT thread FROM posts GROUP BY thread HAVING count(*) > 1)"
        with self._readers.reading() as connection:
            return {name: rows_of(connection, f"SELECT count(*) FROM {of}")[0][0] for name, of in counted.items()}

    def accounts(self) -> list[tuple[Account, int]]:
        """The accounts with how many of their posts are held, the most first."""
        query = """
            SELECT *, (SELECT count(*) FROM posts WHERE author = accounts.id) AS held FROM accounts
            WHERE handle IS NOT NULL OR name IS NOT NULL OR bio IS NOT NULL OR held > 0 ORDER BY held DESC, ref
        """
        with self._readers.reading() as connection:
            return [(row_mapping.account_of(row), row["held"]) for row in rows_of(connection, query)]

    def authors_of(self, numbers: Iterable[int]) -> list[tuple[Account, int]]:
        """The accounts that wrote the posts in the rows ``numbers``, with how many of these, the most first."""
        query = "SELECT author FROM posts WHERE id IN ({keys}) AND author IS NOT NULL"
        with self._readers.reading() as connection:
            counts = Counter(row[0] for row in rows_among(connection, query, numbers))
            query = "SELECT * FROM accounts WHERE id IN ({keys})"
            found = [(row_mapping.account_of(row), counts[row["id"]]) for row in rows_among(connection, query, counts)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].ref.id))

    def accounts_named(self, refs: Iterable[Ref]) -> dict[Ref, Account]:
        """The accounts with those refs; refs that name none are left out."""
        keys = sorted({(ref.platform, ref.id) for ref in refs})
        with self._readers.reading() as connection:
            found = [row for some in rows_with(connection, "accounts", ("platform", "ref"), keys) for row in some]
            return {account.ref: account for account in map(row_mapping.account_of, found)}

    def threads(self, numbers: Iterable[int] | None = None, limit: int | None = None) -> list[tuple[StoredPost, int]]:
        """The threads of several posts: the root and how many posts, the longest first.

        ``numbers`` are rows of posts: only the threads in which one of them stands are returned, at most ``limit``.
        """
        query = "SELECT thread, count(*) FROM posts GROUP BY thread HAVING count(*) > 1 ORDER BY count(*) DESC, thread"
        with self._readers.reading() as connection:
            wanted = None if numbers is None else set(post_queries.threads_of(connection, list(numbers)).values())
            rows = (row for row in rows_of(connection, query) if wanted is None or row[0] in wanted)
            sizes = {row[0]: row[1] for row in itertools.islice(rows, limit)}
            roots = post_queries.posts_in(connection, sizes)
            return [(roots[number], count) for number, count in sizes.items()]


def _meta(connection: sqlite3.Connection, name: str) -> str:
    return str(rows_of(connection, "SELECT value FROM meta WHERE name = ?", (name,))[0][0])


def _source_row(row: row_mapping.Row) -> StoredSource:
    import msgspec

    from threadkeep.sources.source import Options

    return StoredSource(
        row_mapping.source_of(row),
        msgspec.json.decode(row["options"], type=Options),
        row["bytes"],
        row["encoding"],
        row["parser_version"],
        row["entries"],
        json.loads(row["skipped"]),
        row["to_check"],
        row["problems"],
    )
