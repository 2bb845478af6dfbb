"""The database asked through Python's own ``sqlite3``: whatever only reads is here, and need not wait for SQLAlchemy.

    with Readers(folder / "threadkeep.db").reading() as connection:
        rows_of(connection, "SELECT text FROM posts WHERE id = ?", (812,))[0]["text"]

A function that reads takes the driver's connection. What writes asks it the same over its own: ``driver`` in
``database`` gives that, and the transaction is the same.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from threadkeep.errors import ArchiveBusy, ArchiveError, StorageError, ThreadkeepError
from threadkeep.store.bulk_sql import VARIABLES, chunks

SCHEMA = 2
"""The newest schema: the number of the last file in ``migrations/``."""

APPLICATION_ID = 0x746B6570
"""``tkep``, in the header of the file: SQLite's ``PRAGMA application_id``."""

BUSY_SECONDS = 20
"""How long to wait for another process that writes."""


class Readers:
    """Connections to the database at ``path`` that read: opened as they are needed, and kept to be used again.

    Any number of threads may ask at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database for as long as it is open.

        Raises ArchiveBusy, ArchiveError, StorageError, also in the place of what the block raises.
        """
        with plain_errors(self._path), readable_rows(self._path), contextlib.ExitStack() as stack:
            connection = self._taken()
            stack.callback(connection.close)
            connection.execute("BEGIN")
            yield connection
            connection.execute("ROLLBACK")
            stack.pop_all()
            self._idle.append(connection)

    def _taken(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return _connected(self._path)

    def is_current(self) -> bool:
        """Whether there is an archive's database with today's schema, so that it can be read as it is."""
        if not self._path.exists():
            return False
        with self.reading() as connection:
            return all(
                connection.execute(f"PRAGMA {name}").fetchone()[0] == wanted
                for name, wanted in (("user_version", SCHEMA), ("application_id", APPLICATION_ID))
            )

    def close(self) -> None:
        """Let go of the database."""
        while self._idle:
            self._idle.pop().close()


def _connected(path: Path) -> sqlite3.Connection:
    # It may not write, though it could: SQLite's log beside the database is then seen to as by everyone else.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    harden(connection)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cache_size = -32000")
    return connection


def harden(connection: sqlite3.Connection) -> None:
    """Let the database at the other end of ``connection`` do nothing by itself. Raises ArchiveError for a trigger.

    It may come from someone else: what its schema calls must be harmless, what a damaged page says is checked, and
    a trigger, which threadkeep never makes, would run at the next import.
    """
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1").fetchone()
    if found is not None:
        raise ArchiveError(
            f"the database holds the trigger {str(found[0])[:80]!r}, which would run at the next change",
            "threadkeep makes none: remove it, or import the files in sources/ into a new archive",
        )


def rows_of(connection: sqlite3.Connection, statement: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
    """The rows that ``statement`` finds, each with its values by column and by place."""
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row  # of this cursor alone: the connection may be SQLAlchemy's
    return cursor.execute(statement, values).fetchall()


def rows_among(connection: sqlite3.Connection, statement: str, keys: Iterable[int]) -> Iterator[sqlite3.Row]:
    """The rows that ``statement`` finds for ``keys``, some at a time: ``{keys}`` in it stands for those of one time."""
    for chunk in chunks(keys):
        yield from rows_of(connection, statement.format(keys=", ".join("?" * len(chunk))), chunk)


def rows_with(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], keys: Iterable[Sequence[Any]]
) -> Iterator[list[sqlite3.Row]]:
    """The rows of ``table`` whose columns ``names`` hold one of ``keys``, some at a time.

    The columns should begin an index. ``(a, b) IN (…)`` would not do: SQLite reads the whole table for it.
    """
    for chunk in chunks(keys, VARIABLES // len(names)):
        yield rows_of(connection, _wanted(table, names, len(chunk)), [value for key in chunk for value in key])


@cache
def _wanted(table: str, names: tuple[str, ...], count: int) -> str:
    row = f"({', '.join('?' * len(names))})"
    keys = ", ".join(f"key{number}" for number in range(len(names)))
    same = " AND ".join(f'found."{name}" = wanted.key{number}' for number, name in enumerate(names))
    return (
        f"WITH wanted ({keys}) AS (VALUES {', '.join([row] * count)}) "
        f"SELECT found.* FROM wanted CROSS JOIN {table} AS found ON {same}"
    )


@contextlib.contextmanager
def readable_rows(path: Path) -> Iterator[None]:
    """Raise ArchiveError where the block meets a value that no row of ours has, a date or JSON that is none."""
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        said = str(error) or type(error).__name__
        raise ArchiveError(
            f"{path}: a row holds what threadkeep never writes: {said}", "threadkeep doctor --fix sets it aside"
        ) from error


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into ThreadkeepError with the place and the way out."""
    try:
        yield
    except sqlite3.Error as error:
        if plain := plain_error(path, str(error)):
            raise plain from error
        raise


def plain_error(path: Path, said: str) -> ThreadkeepError | None:
    """What it means to a person that SQLite ``said`` so; ``None`` where it means that we are wrong."""
    if "locked" in said or "busy" in said:
        return ArchiveBusy(
            f"{path}: another process has been writing for {BUSY_SECONDS} seconds", "wait for it, then try again"
        )
    if "is full" in said:
        return StorageError(f"{path}: the disk is full", "free some space and repeat; nothing was lost")
    if "readonly" in said or "unable to open" in said or "I/O error" in said:
        return StorageError(f"{path}: {said}", "check the disk and your rights to that folder")
    if "not a database" in said or "malformed" in said:
        return ArchiveError(f"{path}: {said}", "restore a backup, or import the files in sources/ again")
    return None
