"""Statements that run for every record of a dump: text made once, given to the driver with rows as tuples.

For a hundred thousand rows SQLAlchemy's compiling and binding would take longer than SQLite's own work. What runs once
for a dump is left to it.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # not for what only reads, which uses a part of this
    from sqlalchemy import Connection, Table

T = TypeVar("T")
Values = tuple[Any, ...]
"""A row, or a part of one, in the order of the columns named."""

CHUNK = 400
"""How many keys one statement asks for where it has one or two variables for each."""

VARIABLES = 900
"""How many variables one statement has: SQLite's oldest limit is 999."""


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """``items`` in lists of at most ``size``."""
    pending: list[T] = []
    for item in items:
        pending.append(item)
        if len(pending) == size:
            yield pending
            pending = []
    if pending:
        yield pending


def insert_rows(
    connection: "Connection", table: "Table", names: tuple[str, ...], found: list[Values], *, replacing: bool = False
) -> None:
    """Put rows into ``table``, each the values of the columns ``names``; ``replacing`` those with the same key."""
    if found:
        connection.exec_driver_sql(_insert(table.name, names, replacing), found)


@cache
def _insert(table: str, names: tuple[str, ...], replacing: bool) -> str:
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    return f"INSERT {'OR REPLACE ' if replacing else ''}INTO {table} ({columns}) VALUES ({places})"


def update_rows(connection: "Connection", table: "Table", names: tuple[str, ...], found: list[Values]) -> None:
    """Change the columns ``names`` of rows that are there; each of ``found`` has their values and then the row's id."""
    if found:
        connection.exec_driver_sql(_update(table.name, names), found)


@cache
def _update(table: str, names: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = ?' for name in names)
    return f"UPDATE {table} SET {changes} WHERE id = ?"
