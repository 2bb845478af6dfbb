"""Rows made records again, with what of them lies in other tables: a post's parts, and the accounts that are named."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from threadkeep.records import Account, Pin, Post, Ref, Repost
from threadkeep.store import row_mapping
from threadkeep.store.connections import rows_among
from threadkeep.store.row_mapping import Row

_PARTS = ("links", "media", "tags", "mentions", "quotes")


def accounts_in(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Account]:
    """The accounts in the rows ``numbers``."""
    found = rows_among(connection, "SELECT * FROM accounts WHERE id IN ({keys})", sorted(numbers))
    return {row["id"]: row_mapping.account_of(row) for row in found}


def account_refs(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Ref]:
    """The refs of the accounts in the rows ``numbers``."""
    found = rows_among(connection, "SELECT id, platform, ref FROM accounts WHERE id IN ({keys})", sorted(numbers))
    return {row["id"]: Ref(row["platform"], row["ref"]) for row in found}


def read_posts(connection: sqlite3.Connection, found: Sequence[Row]) -> Iterator[Post]:
    """The posts in the rows ``found``, with their parts."""
    parts: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    numbers = [row["id"] for row in found]
    for table in _PARTS:
        query = f"SELECT * FROM {table} WHERE post IN ({{keys}}) ORDER BY post, position"
        for part in rows_among(connection, query, numbers):
            parts[part["post"]][table].append(part)
    refs = account_refs(connection, {row["author"] for row in found if row["author"] is not None})
    no_parts: Mapping[str, list[Row]] = {}
    for row in found:
        author = None if row["author"] is None else refs[row["author"]]
        yield row_mapping.post_of(row, author, parts.get(row["id"], no_parts))


def read_reposts(connection: sqlite3.Connection, found: Sequence[Row]) -> Iterator[Repost]:
    """The reposts in the rows ``found``."""
    refs = account_refs(connection, {row["account"] for row in found})
    return (Repost(refs[row["account"]], Ref(row["platform"], row["ref"]), row_mapping.when_of(row)) for row in found)


def read_pins(connection: sqlite3.Connection, found: Sequence[Row]) -> Iterator[Pin]:
    """The pins in the rows ``found``."""
    refs = account_refs(connection, {row["account"] for row in found})
    return (Pin(refs[row["account"]], Ref(row["platform"], row["ref"])) for row in found)
