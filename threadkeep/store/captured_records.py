"""What one dump showed, as the database knows it, and what no dump shows: for the day the dump itself is gone."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from threadkeep.records import Account, Pin, Post, Record, Ref, Repost, StoredPost
from threadkeep.store import row_mapping, tables
from threadkeep.store.bulk_sql import chunks
from threadkeep.store.captures import Captures

Shown = StoredPost | Record
"""A post comes with its author and the dumps it was seen in, everything else as it is."""


def records_of_source(connection: Connection, source: int, sha256: str) -> Iterator[tuple[Shown, Account | None]]:
    """What the dump in row ``source`` showed, and the account that a repost or a pin names; accounts come first.

    It is what the dump itself showed, not what all dumps add up to.
    """
    for kind in row_mapping.KINDS:
        query = text("SELECT record FROM captures WHERE source = :source AND kind = :kind ORDER BY record")
        numbers = connection.execute(query, {"source": source, "kind": kind}).scalars().all()
        captures = Captures(connection, 0)
        for chunk in chunks(numbers):
            of_rows = captures.captures(kind, chunk)
            held = captures.repositories[kind].by_id(chunk)
            shown = [
                part
                for number in chunk
                if (capture := of_rows[number][source]).payload or number in held
                for part in capture.parts(held.get(number)).values()
            ]
            yield from _with_accounts(connection, [(part.record, part.origins or (sha256,)) for part in shown])


def records_without_source(connection: Connection) -> Iterator[tuple[Shown, Account | None]]:
    """The records without a capture, behind the accounts they name."""
    from threadkeep.store.orphans import UNSHOWN

    captures = Captures(connection, 0)
    repository_of = {repository.table.name: repository for repository in captures.repositories.values()}
    for rule in UNSHOWN:
        query = text(f"SELECT id FROM {rule.table} WHERE {rule.condition} ORDER BY id")
        for chunk in chunks(connection.execute(query).scalars().all()):
            found: list[tuple[Any, tuple[str, ...]]] = [
                (one, ()) for one in repository_of[rule.table].by_id(chunk).values()
            ]
            yield from _with_accounts(connection, found)


def _with_accounts(
    connection: Connection, found: Sequence[tuple[Any, tuple[str, ...]]]
) -> Iterator[tuple[Shown, Account | None]]:
    named = {ref for record, _ in found if (ref := _account_of(record)) is not None}
    accounts = _accounts(connection, named)
    for record, origins in found:
        account = accounts.get(_account_of(record) or Ref("", ""))
        if isinstance(record, Post):
            yield StoredPost(record, account, record.root or record.ref, origins), account
        else:
            yield record, account


def _account_of(record: Record) -> Ref | None:
    if isinstance(record, Post):
        return record.author
    return record.account if isinstance(record, Repost | Pin) else None


def _accounts(connection: Connection, refs: set[Ref]) -> dict[Ref, Account]:
    """The accounts with those refs, also where one is known by another now."""
    from threadkeep.store.repositories import AccountRepository

    repository = AccountRepository(connection)
    found = repository.by_key([(ref.platform, ref.id) for ref in sorted(refs, key=str)])
    return {Ref(str(key[0]), str(key[1])): account for key, (_, account) in found.items()}


def media_files(connection: Connection) -> Iterator[tuple[str, int]]:
    """The names of files in ``media/`` that posts or captures name, each with the row of the post."""
    table = tables.media
    for row in connection.execute(text("SELECT file, post FROM media WHERE file IS NOT NULL ORDER BY file, post")):
        yield row[0], row[1]
    query = text(
        f"SELECT record, payload FROM captures WHERE kind = 'post' AND payload LIKE '%\"{table.c.file.name}\":\"%'"
    )
    for record, payload in connection.execute(query):
        post = row_mapping.payload_of(Post, payload)
        others = [other for _, other, _ in row_mapping.others_of(Post, payload, "")]
        for item in (item for one in (post, *others) if isinstance(one, Post) for item in one.media):
            if item.file:
                yield item.file, record
