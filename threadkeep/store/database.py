"""The SQLite file of an archive for what writes: made, upgraded, copied, and its transactions. See ``sqlite``."""

import contextlib
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from threadkeep.errors import ArchiveError, ArchiveTooNew, StorageError
from threadkeep.files.atomic_files import PRIVATE_FILE, temp_file
from threadkeep.store import connections

KEPT_COPIES = 2
"""How many copies from before an upgrade of the schema are kept: ``threadkeep.db.schema-3`` and the one before it."""


def open_database(path: Path) -> Engine:
    """The database at ``path``, made or brought to today's schema. Raises ArchiveTooNew, ArchiveError, StorageError.

    Before an upgrade a copy is kept beside it: ``threadkeep.db.schema-1`` of one with schema 1.
    """
    engine = connected(path)
    _make_private(path)
    try:
        with plain_errors(path), engine.connect() as connection:
            _migrate(connection, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_private(path: Path) -> None:
    """Make the file, where there is none, one that its owner alone may read; SQLite's others take after it."""
    with contextlib.suppress(OSError):  # SQLite says it better
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))


def connected(path: Path) -> Engine:
    """The database at ``path`` whatever its schema is, to be looked at or copied; nothing is read yet."""
    engine = create_engine(URL.create("sqlite", database=str(path)), isolation_level="AUTOCOMMIT")
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.execute(f"PRAGMA busy_timeout = {connections.BUSY_SECONDS * 1000}")
    connections.harden(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # with WAL: what is acknowledged survives a power cut
    connection.execute("PRAGMA cache_size = -32000")
    connection.execute("PRAGMA temp_store = MEMORY")


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database for as long as it is open."""
    with plain_errors(_path(engine)), connections.readable_rows(_path(engine)), engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK")


@contextlib.contextmanager
def writing(engine: Engine, *, keep: bool = True) -> Iterator[Connection]:
    """A transaction: everything is kept when the block ends, nothing when it raises. Waits for other writers.

    With ``keep`` false nothing is kept either way: a rehearsal.
    """
    with plain_errors(_path(engine)), engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.exec_driver_sql("COMMIT" if keep else "ROLLBACK")
        except BaseException:
            _roll_back(connection)
            raise


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection below ``connection``, in the same transaction: for the functions that read."""
    below = connection.connection.driver_connection
    assert isinstance(below, sqlite3.Connection)
    return below


def _roll_back(connection: Connection) -> None:
    """Undo the transaction, unless that is done: SQLite does it when the disk is full, closing it when interrupted."""
    if connection.invalidated:
        connection.rollback()  # SQLAlchemy closed the file in the middle of a statement; let it forget that, too
        return
    below = connection.connection.dbapi_connection
    if isinstance(below, sqlite3.Connection) and below.in_transaction:
        below.execute("ROLLBACK")


def _path(engine: Engine) -> Path:
    return Path(engine.url.database or "")


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what the database raises into ThreadkeepError with the place and the way out."""
    try:
        with connections.plain_errors(path):
            yield
    except DBAPIError as error:
        if plain := connections.plain_error(path, str(error.orig)):
            raise plain from error
        raise


def _write_ahead(connection: Connection) -> None:
    """Have SQLite keep a write-ahead log. It does not itself wait for another process that is doing the same."""
    until = time.monotonic() + connections.BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            return
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _migrate(connection: Connection, path: Path) -> None:
    """Bring the schema to today's, a numbered step at a time, all or none."""
    version = _version(connection, path)
    steps = migrations()
    if version == len(steps):
        return
    _write_ahead(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        version = _version(connection, path)  # another process may have been first
        if 0 < version < len(steps):
            _keep_copy(connection.engine, path, version)
        for number, statements in enumerate(steps[version:], version + 1):
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {number}")
        if version == 0:
            connection.exec_driver_sql(f"PRAGMA application_id = {connections.APPLICATION_ID}")
            connection.exec_driver_sql(
                "INSERT INTO meta VALUES ('revision', '0'), ('token', ?)", (secrets.token_hex(16),)
            )
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _keep_copy(engine: Engine, path: Path, version: int) -> None:
    """Copy the database beside itself as it is, by a connection of its own while the upgrading one keeps others out."""
    try:
        write_copy(engine, path.with_name(f"{path.name}.schema-{version}"))
    except OSError as error:
        raise StorageError(
            f"{path}: no copy could be made before the upgrade: {error.strerror or error}",
            "free some space and repeat; nothing was changed",
        ) from error
    for older in kept_copies(path)[KEPT_COPIES:]:
        older.unlink(missing_ok=True)


def write_copy(engine: Engine, to: Path) -> None:
    """Write one state of the database to the file ``to``, for good. Raises OSError, and what the database raises."""
    with temp_file(to.parent) as copy:
        with engine.connect() as connection:
            # As bytes: a path need not be UTF-8, but text that is bound must be.
            connection.exec_driver_sql("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(copy.path),))
        copy.commit(to)


def kept_copies(path: Path) -> list[Path]:
    """The copies of the database at ``path`` from before upgrades, that of the newest schema first."""
    found = {
        int(match[1]): copy
        for copy in path.parent.glob(f"{path.name}.schema-*")
        if (match := re.fullmatch(r"\.schema-([0-9]+)", copy.name.removeprefix(path.name)))
    }
    return [found[version] for version in sorted(found, reverse=True)]


def _version(connection: Connection, path: Path) -> int:
    """The schema the file has, 0 for an empty one. Raises for a file that is not ours or is newer than we are."""
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    known = len(migrations())
    if version > known:
        raise ArchiveTooNew(
            f"{path}: made by a newer threadkeep (schema {version}; this one knows {known})", "update threadkeep"
        )
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
    if tables and application != connections.APPLICATION_ID:
        raise ArchiveError(f"{path}: a database, but not a threadkeep archive", "choose another --archive folder")
    return version


def migrations() -> list[list[str]]:
    """The statements of every numbered file in ``migrations/``, in order: item 0 makes schema 1 of nothing."""
    folder = resources.files("threadkeep.store").joinpath("migrations")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [_statements(file.read_text("utf-8")) for file in files]


def _statements(script: str) -> list[str]:
    """Cut at the semicolons that end a line outside comments; the comments stay: SQLite keeps them with the table."""
    parts = re.split(r";[ \t]*(?:--[^\n]*)?\n", script)
    return [part.strip() for part in parts if re.sub(r"--[^\n]*", "", part).strip()]
