"""Rows that refer to nothing, and records that nothing refers to: what must never be, and how it is taken out.

A part of a post without the post, a capture without its record or its dump, a record that no dump shows. Each is found
by one condition; taking rows out gives them to the caller first, so that nothing is thrown away.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, text

from threadkeep.store import row_mapping, tables
from threadkeep.store.bulk_sql import chunks
from threadkeep.store.captures import Captures
from threadkeep.store.repositories import Repository


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of ``table`` for which ``condition`` holds are wrong. ``name`` tells the rules apart, ``what`` says it.

    Where ``emptied`` names a column the row stays and that column becomes unknown; else the row goes.
    """

    name: str
    table: str
    condition: str
    what: str
    emptied: str | None = None


def _without(table: str, column: str, other: str, more: str = "") -> str:
    return f"NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.id = {table}.{column}){more}"


def _capture_of(kind: str, table: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM captures WHERE captures.kind = '{kind}' AND captures.record = {table}.id)"


_KINDS = {"account": "accounts", "post": "posts", "repost": "reposts", "pin": "pins", "gap": "gaps"}
_SHOWN = {kind: table for kind, table in _KINDS.items() if kind != "account"}
"""Accounts are left out: one that only a post names has a row and no capture."""

_PARTS = (*(str(part.name) for part in tables.PARTS), "circles")

RULES: tuple[Rule, ...] = (
    *(Rule(f"{part}-of-no-post", part, _without(part, "post", "posts"), "belong to no post") for part in _PARTS),
    Rule("captures-of-no-dump", "captures", _without("captures", "source", "sources"), "name no dump"),
    *(
        Rule(
            f"captures-of-no-{kind}",
            "captures",
            _without("captures", "record", table, f" AND captures.kind = '{kind}'"),
            f"are of {'an' if kind == 'account' else 'a'} {kind} that is not there",
        )
        for kind, table in _KINDS.items()
    ),
    Rule("problems-of-no-dump", "problems", _without("problems", "source", "sources"), "name no dump"),
    *(
        Rule(
            f"aliases-of-no-{kind}",
            "aliases",
            _without("aliases", "record", table, f" AND aliases.kind = '{kind}'"),
            f"lead to {'an' if kind == 'account' else 'a'} {kind} that is not there",
        )
        for kind, table in (("account", "accounts"), ("post", "posts"))
    ),
    Rule(
        "posts-of-no-account",
        "posts",
        _without("posts", "author", "accounts", " AND posts.author IS NOT NULL"),
        "name an author that is not there",
        "author",
    ),
    *(
        Rule(
            f"{table}-of-no-account",
            table,
            _without(table, "account", "accounts"),
            "name an account that is not there",
        )
        for table in ("reposts", "pins")
    ),
)
"""What refers to nothing. Every foreign key of the schema is here, but ``posts.above``, which is derived."""

UNSHOWN: tuple[Rule, ...] = tuple(
    Rule(f"{table}-of-no-dump", table, _capture_of(kind, table), "are shown by no dump")
    for kind, table in _SHOWN.items()
)
"""Records without captures."""


def count(connection: Connection, rule: Rule) -> int:
    """How many rows break ``rule``."""
    return int(connection.execute(text(f"SELECT count(*) FROM {rule.table} WHERE {rule.condition}")).scalar_one())


def take_out(connection: Connection, rule: Rule, keep: Callable[[str, dict[str, Any]], object]) -> None:
    """Give the rows that break ``rule`` to ``keep``, with the name of their table, and take them out."""
    for row in connection.execute(text(f"SELECT * FROM {rule.table} WHERE {rule.condition}")).mappings():
        keep(rule.table, _plain(row))
    if rule.emptied:
        connection.execute(text(f"UPDATE {rule.table} SET {rule.emptied} = NULL WHERE {rule.condition}"))
    else:
        connection.execute(text(f"DELETE FROM {rule.table} WHERE {rule.condition}"))


def _plain(row: RowMapping) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that makes no record, and why. ``key`` are its columns that identify it."""

    table: str
    key: dict[str, Any]
    why: str


_UNREADABLE = (ValueError, TypeError, KeyError, LookupError, OverflowError)
"""What making a record of a row raises where a value in it cannot be."""


def unreadable_rows(connection: Connection) -> Iterator[Unreadable]:
    """The rows of records and captures that cannot be read, though they refer to nothing that is not there."""
    captures = Captures(connection, 0)
    for kind, repository in captures.repositories.items():
        broken = [rule.condition for rule in RULES if rule.table == repository.table.name]
        others = " AND ".join(f"NOT ({condition})" for condition in broken) or "TRUE"
        query = text(f"SELECT id FROM {repository.table.name} WHERE {others} ORDER BY id")
        numbers = connection.execute(query).scalars().all()
        for chunk in chunks(numbers):
            yield from _unreadable_records(repository, chunk)
        yield from _unreadable_captures(connection, kind)


def _unreadable_records(repository: Repository[Any], numbers: list[int]) -> Iterator[Unreadable]:
    try:
        repository.by_id(numbers)
    except _UNREADABLE as error:
        if len(numbers) == 1:
            yield Unreadable(repository.table.name, {"id": numbers[0]}, str(error) or type(error).__name__)
            return
        middle = len(numbers) // 2
        yield from _unreadable_records(repository, numbers[:middle])
        yield from _unreadable_records(repository, numbers[middle:])


def _unreadable_captures(connection: Connection, kind: str) -> Iterator[Unreadable]:
    query = """
        SELECT record, source, payload, origins FROM captures
        WHERE kind = :kind AND (payload IS NOT NULL OR origins IS NOT NULL)
    """
    for record, source, payload, origins in connection.execute(text(query), {"kind": kind}):
        try:
            if payload:
                row_mapping.payload_of(row_mapping.KINDS[kind], payload)
            if origins:
                msgspec.json.decode(origins, type=tuple[str, ...])
        except _UNREADABLE as error:
            yield Unreadable("captures", {"kind": kind, "record": record, "source": source}, str(error))


def take_out_unreadable(
    connection: Connection, row: Unreadable, revision: int, keep: Callable[[str, dict[str, Any]], object]
) -> None:
    """Give a row that cannot be read to ``keep``, with its table, and take it out; of a post also its parts.

    The index will forget such a post at ``revision``.
    """
    where = " AND ".join(f"{name} = :{name}" for name in row.key)
    for found in connection.execute(text(f"SELECT * FROM {row.table} WHERE {where}"), row.key).mappings():
        keep(row.table, _plain(found))
    if row.table == "posts":
        for part in tables.PARTS:
            query = text(f"SELECT * FROM {part.name} WHERE post = :id ORDER BY position")
            for found in connection.execute(query, row.key).mappings():
                keep(part.name, _plain(found))
        gone = {**row.key, "revision": revision}
        connection.execute(text("INSERT OR REPLACE INTO removed VALUES (:id, :revision)"), gone)
    connection.execute(text(f"DELETE FROM {row.table} WHERE {where}"), row.key)
