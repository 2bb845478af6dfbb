"""A copy of the database as it is at one moment, while others read and write it."""

from pathlib import Path

from threadkeep.errors import StorageError
from threadkeep.files.atomic_files import fsync_file
from threadkeep.store.database import connected, plain_errors, write_copy


def snapshot(path: Path, to: Path) -> None:
    """Write the database at ``path`` to the file ``to``: one state of it, packed, on the disk when this returns.

    Nobody waits for it: a reader sees one state, and writers go on beside it. The same contents give the same bytes as
    long as SQLite is the same. Raises ArchiveError, StorageError.
    """
    engine = connected(path)
    try:
        with plain_errors(path):
            write_copy(engine, to)
    except OSError as error:
        raise StorageError(f"{to}: {error.strerror or error}", "free some space; nothing was lost") from error
    finally:
        engine.dispose()


def enable_wal(path: Path) -> None:
    """Make the snapshot at ``path`` a database that many may use at once, as every archive's is."""
    engine = connected(path)
    try:
        with plain_errors(path), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    finally:
        engine.dispose()
    fsync_file(path)


def checkpoint(path: Path) -> None:
    """Have all that was written to the database at ``path`` in that one file, which nobody has open now."""
    engine = connected(path)
    try:
        with plain_errors(path), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
    fsync_file(path)
