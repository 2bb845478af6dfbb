"""The truth of an archive: its SQLite database and the dumps it was read from.

Everything that reads or writes ``threadkeep.db`` is in this package; SQLAlchemy is named nowhere else.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, literal, or_, select, text, update

from threadkeep.durable import sweep
from threadkeep.errors import ArchiveBusy, NotFound, ThreadkeepError
from threadkeep.records import KeptPost, KeptSource, Problem, Thread
from threadkeep.sources import Options, Source
from threadkeep.store import lookup, rows, tables
from threadkeep.store.database import open_database, reading, writing
from threadkeep.store.lookup import IndexedPost
from threadkeep.store.naming import Naming
from threadkeep.store.selection import StoredSelection

if TYPE_CHECKING:  # the writing half, imported where it is used: a search should not wait for it
    from threadkeep.store.kept_dumps import Note
    from threadkeep.store.kept_media import MediaFolder
    from threadkeep.store.loading import Loading, Tally

__all__ = ["IndexedPost", "SourceRow", "Store", "StoredSelection"]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A dump as the store lists it, with what the person importing told, and what its last reading left to check."""

    kept: KeptSource
    options: Options
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

    changed: Iterator[IndexedPost]
    removed: list[int]
    revision: int


class Store:
    """The database of the archive in ``folder`` and the dumps in its ``sources/``. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._dumps = folder / "sources"
        self._media = folder / "media"
        self._is_swept = False
        self._new_media: MediaFolder | None = None
        self._engine = open_database(folder / "threadkeep.db")

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def revision(self) -> int:
        """Counted up by every change."""
        return int(self._meta("revision"))

    def token(self) -> str:
        """A random word made with the archive; what is made from it carries it."""
        return self._meta("token")

    def _meta(self, name: str) -> str:
        with reading(self._engine) as connection:
            query = select(tables.meta.c.value).where(tables.meta.c.name == name)
            return str(connection.execute(query).scalar_one())

    @contextlib.contextmanager
    def loading(self, source: Source, form: str, version: int, *, keep: bool = True) -> "Iterator[Loading]":
        """Take in the records of ``source``, read by the parser ``form``: all of them, or nothing if the block raises.

        Records that an earlier reading of the same dump gave and this one does not are taken away. With ``keep`` false
        everything is counted and nothing is stored.
        """
        from threadkeep.store.kept_dumps import Note, keep_dump, note_dump
        from threadkeep.store.loading import Loading

        if keep:
            self._sweep()
            keep_dump(self._dumps, source)  # before others must wait: packing a large one takes long
        is_ending = False
        try:
            with writing(self._engine, keep=keep) as connection:
                if keep:
                    keep_dump(self._dumps, source)  # again where an import of the same that failed took it away
                revision = _revision(connection) + 1
                number = _enter_source(connection, source, form, version)
                loading = Loading(connection, number, revision)
                yield loading
                _close_source(connection, number, loading.tally)
                if loading.changed:
                    _set_revision(connection, revision)
                row = connection.execute(select(tables.sources).where(tables.sources.c.id == number)).mappings().one()
                if keep:
                    self._settle_media()
                    note_dump(self._dumps, Note(rows.source_of(row), source.options))
                is_ending = True  # a transaction whose end fails may yet turn out to be on the disk
        except BaseException as error:
            if keep and not is_ending and not isinstance(error, ArchiveBusy):
                self._let_go(source.sha256)
            raise

    def _settle_media(self) -> None:
        """Have the files of media on the disk before the database names them."""
        if self._new_media is not None:
            self._new_media.settle()

    def _sweep(self) -> None:
        """Take away what killed processes left half written, once for each time the archive is opened."""
        if not self._is_swept:
            self._is_swept = True
            for folder in (self._dumps.parent, self._dumps, self._media):
                sweep(folder)

    def _let_go(self, sha256: str) -> None:
        """Take away the copy of a dump that was not taken in, unless another process takes it in just now, or has."""
        from threadkeep.store.kept_dumps import drop_dump

        with contextlib.suppress(ThreadkeepError, OSError), writing(self._engine, keep=False) as connection:
            if connection.execute(select(tables.sources.c.id).where(tables.sources.c.sha256 == sha256)).first() is None:
                drop_dump(self._dumps, sha256)

    def noted(self) -> "list[Note]":
        """The notes beside the kept dumps, in the order in which these were first imported.

        Of a dump whose note is gone, what the database knows.
        """
        from threadkeep.store.kept_dumps import Note, noted_dumps

        notes = list(noted_dumps(self._dumps))
        told = {note.kept.sha256 for note in notes}
        notes += [Note(row.kept, row.options) for row in self.sources() if row.kept.sha256 not in told]
        return sorted(notes, key=lambda note: (note.kept.imported, note.kept.sha256))

    @contextlib.contextmanager
    def rebuilding(self) -> "Iterator[Callable[[Note, Source, str, int], AbstractContextManager[Loading]]]":
        """Make everything anew, in one transaction: the block is given a ``loading`` for each kept dump in turn."""
        from threadkeep.store.loading import Loading

        with writing(self._engine) as connection:
            revision = _revision(connection) + 1
            posts, removed = tables.posts, tables.removed
            gone = select(posts.c.id, literal(revision)).where(posts.c.id.not_in(select(removed.c.post)))
            connection.execute(insert(removed).from_select(["post", "revision"], gone))
            for table in reversed(tables.metadata.sorted_tables):
                if table not in (tables.meta, removed):
                    connection.execute(delete(table))

            @contextlib.contextmanager
            def loading(note: "Note", source: Source, form: str, version: int) -> Iterator[Loading]:
                number = _enter_source(connection, source, form, version, note.kept.imported)
                one = Loading(connection, number, revision)
                yield one
                _close_source(connection, number, one.tally)

            yield loading
            self._settle_media()
            _set_revision(connection, revision)

    @contextlib.contextmanager
    def changes_since(self, revision: int) -> Iterator[Changes]:
        """What happened to posts after ``revision``, as of one moment while the context lasts."""
        with reading(self._engine) as connection:
            gone = select(tables.removed.c.post).where(tables.removed.c.revision > revision)
            yield Changes(
                lookup.changed_posts(connection, revision),
                list(connection.execute(gone).scalars()),
                _revision(connection),
            )

    def posts(self, numbers: Sequence[int]) -> dict[int, KeptPost]:
        """The posts in the rows ``numbers``; rows that are no more are left out."""
        with reading(self._engine) as connection:
            return lookup.posts_in(connection, numbers)

    def thread_sizes(self, numbers: Sequence[int]) -> dict[int, int]:
        """How many posts stand in the thread of each post, by the post's row."""
        posts, others = tables.posts, tables.posts.alias()
        query = (
            select(posts.c.id, func.count())
            .join(others, others.c.thread == posts.c.thread)
            .where(posts.c.id.in_(numbers))
            .group_by(posts.c.id)
        )
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def has_private(self) -> bool:
        """Whether any post held was not for everyone."""
        with reading(self._engine) as connection:
            query = text("SELECT 1 FROM posts WHERE visibility IN ('followers', 'direct') LIMIT 1")
            return connection.execute(query).first() is not None

    @contextlib.contextmanager
    def naming(self) -> Iterator[Naming]:
        """What people call posts, threads, dumps, accounts and tags, while the context lasts."""
        with reading(self._engine) as connection:
            yield Naming(connection)

    def thread(self, name: str, *, conversation: bool = False) -> Thread:
        """The thread of the post that ``name`` means (a ref, an id, a URL). Raises NotFound."""
        with reading(self._engine) as connection:
            found = lookup.numbers_named(connection, name)
            if not found:
                raise NotFound(f"no post here is called {name!r}", "threadkeep search finds posts by their words")
            if len(found) > 1:
                refs = ", ".join(str(kept.post.ref) for kept in lookup.posts_in(connection, found).values())
                raise NotFound(f"{name!r} may mean {refs}", "give more of it")
            return lookup.thread_around(connection, found[0], conversation=conversation)

    @contextlib.contextmanager
    def selection(self, numbers: Iterable[int] | None = None, *, private: bool = True) -> Iterator[StoredSelection]:
        """Everything, or the posts in the rows ``numbers``, to be exported while the context lasts.

        With ``private`` false, without the posts that were not for everyone.
        """
        with reading(self._engine) as connection:
            yield StoredSelection(connection, numbers, private=private, media=self._media)

    def sources(self) -> list[SourceRow]:
        """The dumps, in the order they came."""
        table, problems = tables.sources, tables.problems
        count = select(func.count()).where(problems.c.source == table.c.id).scalar_subquery()
        with reading(self._engine) as connection:
            query = select(table, count.label("problems")).order_by(table.c.id)
            return [_source_row(row) for row in connection.execute(query).mappings()]

    def source(self, name: str) -> SourceRow:
        """The dump that ``name`` means: its path, its file name, or the beginning of its hash. Raises NotFound."""
        rows_ = self.sources()
        exact = [row for row in rows_ if name in (row.kept.path, row.kept.sha256)]
        near = [
            row
            for row in rows_
            if Path(row.kept.path).name == Path(name).name or (len(name) >= 4 and row.kept.sha256.startswith(name))
        ]
        found = exact or near
        if not found:
            raise NotFound(f"no dump here is called {name!r}", "threadkeep sources lists them")
        if len(found) > 1:
            hashes = ", ".join(row.kept.sha256[:12] for row in found)
            raise NotFound(f"{len(found)} dumps are called {name!r}", f"name one by its hash: {hashes}")
        return found[0]

    def kept_source(self, note: "SourceRow | Note", options: Options | None = None) -> Source:
        """The dump as it came, open to be read again. Raises NotFound where its file is gone."""
        from threadkeep.store.kept_dumps import kept_source

        return kept_source(self._dumps, note.kept.sha256, note.kept.path, options or note.options)

    def keep_media(self, source: Source, member: str, *, keep: bool = True) -> str:
        """Keep a file that came with a dump; returns its name in ``media/``. Raises DumpError, StorageError."""
        from threadkeep.store.kept_media import MediaFolder, media_name

        with source.open_member(member) as file:
            if not keep:
                return media_name(member, file)
            if self._new_media is None:
                self._new_media = MediaFolder(self._media)
            return self._new_media.keep(member, file)

    def problems(self, source: str | None = None) -> list[tuple[str, Problem]]:
        """Entries that could not be read, each with its dump's path; of all dumps, or of the one ``source`` means."""
        table, sources = tables.problems, tables.sources
        query = select(sources.c.path, table).join(sources, sources.c.id == table.c.source).order_by(table.c.id)
        if source is not None:
            query = query.where(sources.c.sha256 == self.source(source).kept.sha256)
        with reading(self._engine) as connection:
            return [
                (row["path"], Problem(row["locator"], row["reason"], row["raw"]))
                for row in connection.execute(query).mappings()
            ]

    def counts(self) -> dict[str, int]:
        """How many records of each kind the archive holds, how many threads of several posts, and how many dumps."""
        names = ("accounts", "posts", "reposts", "pins", "gaps", "sources", "problems")
        named = {name: tables.metadata.tables[name] for name in names}
        posts = tables.posts
        several = select(posts.c.thread).group_by(posts.c.thread).having(func.count() > 1).subquery()
        with reading(self._engine) as connection:
            counts = {n: connection.execute(select(func.count()).select_from(t)).scalar_one() for n, t in named.items()}
            counts["threads"] = connection.execute(select(func.count()).select_from(several)).scalar_one()
            return counts

    def accounts(self) -> list[tuple[Any, int]]:
        """The accounts with how many of their posts are held, the most first."""
        accounts, posts = tables.accounts, tables.posts
        held = select(func.count()).where(posts.c.author == accounts.c.id).scalar_subquery()
        described = or_(*(accounts.c[name].is_not(None) for name in ("handle", "name", "bio")), held > 0)
        query = select(accounts, held.label("held")).where(described).order_by(held.desc(), accounts.c.ref)
        with reading(self._engine) as connection:
            return [(rows.account_of(row), row["held"]) for row in connection.execute(query).mappings()]

    def threads(self) -> list[tuple[KeptPost, int]]:
        """The threads of several posts: the root and how many posts, the longest first."""
        posts = tables.posts
        size = func.count()
        query = select(posts.c.thread, size).group_by(posts.c.thread).having(size > 1)
        with reading(self._engine) as connection:
            sizes = {row[0]: row[1] for row in connection.execute(query.order_by(size.desc(), posts.c.thread))}
            roots = lookup.posts_in(connection, list(sizes))
            return [(roots[number], count) for number, count in sizes.items()]


def _revision(connection: Connection) -> int:
    query = select(tables.meta.c.value).where(tables.meta.c.name == "revision")
    return int(connection.execute(query).scalar_one())


def _enter_source(
    connection: Connection, source: Source, form: str, version: int, imported: datetime | None = None
) -> int:
    """The row of a dump about to be read: a new one, or its old one brought up to date."""
    table = tables.sources
    told = {
        "format": form,
        "parser_version": version,
        "options": msgspec.json.encode(source.options).decode(),
        "owner": source.options.owner or source.options.author,
    }
    number = connection.execute(select(table.c.id).where(table.c.sha256 == source.sha256)).scalar()
    if number is not None:
        connection.execute(update(table).where(table.c.id == number).values(**told))
        return int(number)
    number = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one() + 1
    row = {
        "id": number,
        "sha256": source.sha256,
        "path": source.name,
        "bytes": source.size,
        "encoding": source.encoding,
        "imported": rows.instant_text(imported or datetime.now(UTC)),
        "entries": 0,
        "skipped": "{}",
        "to_check": 0,
    }
    connection.execute(insert(table), [{**row, **told}])
    return int(number)


def _close_source(connection: Connection, number: int, tally: "Tally") -> None:
    table = tables.sources
    connection.execute(
        update(table)
        .where(table.c.id == number)
        .values(entries=tally.read, skipped=json.dumps(tally.skipped), to_check=tally.to_check)
    )


def _set_revision(connection: Connection, revision: int) -> None:
    connection.execute(update(tables.meta).where(tables.meta.c.name == "revision").values(value=str(revision)))


def _source_row(row: rows.Row) -> SourceRow:
    return SourceRow(
        rows.source_of(row),
        msgspec.json.decode(row["options"], type=Options),
        row["bytes"],
        row["encoding"],
        row["parser_version"],
        row["entries"],
        json.loads(row["skipped"]),
        row["to_check"],
        row["problems"],
    )
