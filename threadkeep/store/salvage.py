"""What can still be read of a damaged database, copied row by row into a sound one.

SQLite stops where a page is damaged; the rows before it, and those behind it from the other end, are still there.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from threadkeep.store import tables
from threadkeep.store.connections import APPLICATION_ID
from threadkeep.store.database import migrations

_STEP = 200
"""How many rows are asked for at once; where that fails, they are asked for one by one."""


def salvage(path: Path, to: Path) -> int:
    """Copy the rows that can be read of the database at ``path`` into the new file ``to``; returns how many.

    ``to`` gets the schema that ``path`` says it has, or today's. Its rows may refer to rows that could not be read.
    """
    to.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as damaged:
        version = _version(damaged)
        with closing(sqlite3.connect(to, isolation_level=None)) as sound:
            for statements in migrations()[:version]:
                for statement in statements:
                    sound.execute(statement)
            sound.execute(f"PRAGMA user_version = {version}")
            sound.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            sound.execute("BEGIN")
            count = sum(_copy(damaged, sound, name) for name in tables.metadata.tables)
            for name, value in (("revision", "0"), ("token", secrets.token_hex(16))):
                sound.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, value))
            sound.execute("COMMIT")
    return count


def _version(damaged: sqlite3.Connection) -> int:
    with contextlib.suppress(sqlite3.Error):
        version = int(damaged.execute("PRAGMA user_version").fetchone()[0])
        if 0 < version <= len(migrations()):
            return version
    return len(migrations())


def _copy(damaged: sqlite3.Connection, sound: sqlite3.Connection, table: str) -> int:
    columns = [row[1] for row in sound.execute(f"PRAGMA table_info({table})")]
    if not columns:
        return 0
    names = ", ".join(f'"{name}"' for name in columns)
    into = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    keys = [row[1] for row in sorted(sound.execute(f"PRAGMA table_info({table})"), key=lambda row: row[5]) if row[5]]
    read = _by_number if keys == ["id"] else _from_both_ends
    before = sound.total_changes
    for row in read(damaged, table, names, keys):
        with contextlib.suppress(sqlite3.IntegrityError):
            sound.execute(into, row)
    return sound.total_changes - before


def _by_number(damaged: sqlite3.Connection, table: str, names: str, _keys: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table that has numbers, those within damaged pages passed over."""
    last, end = 0, _highest(damaged, table)
    while last < end:
        query = f"SELECT {names} FROM {table} WHERE id > ? AND id <= ? ORDER BY id"
        try:
            found = damaged.execute(query, (last, last + _STEP)).fetchall()
        except sqlite3.DatabaseError:
            found = []
            for number in range(last + 1, last + _STEP + 1):
                with contextlib.suppress(sqlite3.DatabaseError):
                    found += damaged.execute(f"SELECT {names} FROM {table} WHERE id = ?", (number,)).fetchall()
        yield from found
        last += _STEP


def _highest(damaged: sqlite3.Connection, table: str) -> int:
    """The highest number of a row; where even that cannot be read, more than it can be by the size of the file."""
    with contextlib.suppress(sqlite3.DatabaseError):
        return int(damaged.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])
    with contextlib.suppress(sqlite3.DatabaseError):
        return int(damaged.execute("PRAGMA page_count").fetchone()[0]) * 100
    return 0


def _from_both_ends(damaged: sqlite3.Connection, table: str, names: str, keys: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows up to the first damaged page, and from the last one on; a row may come twice."""
    for direction in ("", " DESC"):
        order = ", ".join(f'"{key}"{direction}' for key in keys)
        with contextlib.suppress(sqlite3.DatabaseError):
            yield from damaged.execute(f"SELECT {names} FROM {table} ORDER BY {order}")
            return
