"""Whether a database file is ours, of a schema we know, and whole: looked at without changing it."""

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from threadkeep.errors import ArchiveError
from threadkeep.store.connections import APPLICATION_ID
from threadkeep.store.database import migrations

State = Literal["missing", "foreign", "newer", "older", "damaged", "misindexed", "whole"]

_OF_AN_INDEX = re.compile(r"(missing from|entry in|entries in) index ")
_SHOWN = 3
"""How many of SQLite's remarks are worth repeating."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a database file is. ``schema`` is its version where it could be read, ``said`` what is wrong in words.

    ``older`` is whole and only wants an upgrade; ``misindexed`` holds all its rows, and finds some of them no more.
    """

    state: State
    schema: int | None = None
    said: str = ""


def health(path: Path) -> Health:
    """How the database at ``path`` is. Reads all of it."""
    if not path.is_file() or path.stat().st_size == 0:
        return Health("missing", None, "there is no database")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA busy_timeout = 20000")
            connection.execute("PRAGMA query_only = ON")
            return _health(connection)
    except sqlite3.DatabaseError as error:
        return Health("damaged", None, str(error))


def _health(connection: sqlite3.Connection) -> Health:
    version, known = _pragma(connection, "user_version"), len(migrations())
    objects = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if objects and _pragma(connection, "application_id") != APPLICATION_ID:
        return Health("foreign", None, "it is a database, but not a threadkeep archive")
    if version > known:
        return Health("newer", version, f"made by a newer threadkeep (schema {version}; this one knows {known})")
    if not objects or version == 0:
        return Health("damaged", None, "it holds no tables")
    said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    if said == ["ok"]:
        missing, _ = schema_differences(connection, version)
        tables = [name for kind, name in missing if kind == "table"]
        if tables:
            return Health("damaged", version, f"the table {', '.join(tables)} is not there")
        if missing:
            return Health("misindexed", version, f"the index {missing[0][1]} is not there")
        return Health("whole" if version == known else "older", version, "")
    words = "; ".join(said[:_SHOWN]) + ("; …" if len(said) > _SHOWN else "")
    return Health("misindexed" if _only_indexes(said) else "damaged", version, words)


def _only_indexes(said: Iterable[str]) -> bool:
    return all(_OF_AN_INDEX.search(remark) for remark in said)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def schema_differences(
    connection: sqlite3.Connection, version: int
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What a database of schema ``version`` lacks, and what it has besides: tables, indexes, triggers, views.

    What is there under another definition is in both lists.
    """
    with closing(sqlite3.connect(":memory:")) as model:
        for statements in migrations()[:version]:
            for statement in statements:
                model.execute(statement)
        wanted, found = _objects(model), _objects(connection)
    return [kind_and_name for kind_and_name, *_ in sorted(wanted - found)], [
        kind_and_name for kind_and_name, *_ in sorted(found - wanted)
    ]


def _objects(connection: sqlite3.Connection) -> set[tuple[tuple[str, str], str]]:
    query = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%'"
    return {((kind, name), sql) for kind, name, sql in connection.execute(query)}


def strange_objects(path: Path) -> list[str]:
    """What the database at ``path`` holds that threadkeep never makes, such as ``trigger on_insert``."""
    with closing(sqlite3.connect(path)) as connection:
        _, besides = schema_differences(connection, _pragma(connection, "user_version"))
    return [f"{kind} {name}" for kind, name in besides]


def drop_strange_objects(path: Path) -> list[str]:
    """Take out of the database at ``path`` what threadkeep never makes, and say what that was.

    Raises ArchiveError where a table is not as threadkeep made it.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        lacks, besides = schema_differences(connection, _pragma(connection, "user_version"))
        changed = [name for kind, name in besides if kind == "table" and (kind, name) in lacks]
        if changed:
            raise ArchiveError(f"{path}: the table {changed[0]} is not as threadkeep made it", "threadkeep doctor")
        dropped = [(kind, name) for kind, name in besides if (kind, name) not in lacks]
        # Triggers and views first: they may name what goes after them.
        for kind, name in sorted(dropped, key=lambda one: ("trigger", "view", "index", "table").index(one[0])):
            quoted = name.replace('"', '""')
            connection.execute(f'DROP {kind} IF EXISTS "{quoted}"')
    return [f"{kind} {name}" for kind, name in dropped]


def make_indexes_anew(path: Path) -> bool:
    """Make every index of the database at ``path`` anew from its rows, and those that are not there.

    Returns whether that could be done; rows that break a rule which an index holds are the reason where it could not.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout = 20000")
        try:
            connection.execute("BEGIN IMMEDIATE")
            version = _pragma(connection, "user_version")
            missing, _ = schema_differences(connection, version)
            for statements in migrations()[:version]:
                for statement in statements:
                    match = re.search(r"^CREATE (?:UNIQUE )?INDEX (\w+)", statement, re.M)
                    if match and ("index", match[1]) in missing:
                        connection.execute(statement)
            connection.execute("REINDEX")
            connection.execute("COMMIT")
        except sqlite3.DatabaseError:
            return False
        return True


def is_being_written(path: Path) -> bool:
    """Whether another process is writing to the database at ``path`` at this moment."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


@contextlib.contextmanager
def kept_from_writers(path: Path) -> Iterator[None]:
    """Keep others from writing to the database at ``path`` as far as it is whole enough for that."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with contextlib.suppress(sqlite3.DatabaseError):
            connection.execute("BEGIN IMMEDIATE")
        yield
