"""Where each kind of record is kept: finding it by what identifies it, adding, changing and dropping it.

A shelf knows one kind of record and its tables, and nothing of dumps or merging.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Connection, Table, delete, func, select

from threadkeep.records import Account, Gap, Pin, Post, Record, Ref, Repost
from threadkeep.store import row_mapping, tables
from threadkeep.store.bulk_sql import Values, chunks, insert_rows, update_rows
from threadkeep.store.connections import rows_among, rows_with
from threadkeep.store.database import driver
from threadkeep.store.record_reader import read_pins, read_posts, read_reposts
from threadkeep.store.row_mapping import Row

R = TypeVar("R", bound=Record)
Key = tuple[str | int, ...]


class Repository(Generic[R]):
    """One kind of record. ``kind`` is what ``captures.kind`` calls it; ``columns`` are those of ``values``."""

    kind: str
    table: Table
    columns: tuple[str, ...]
    key_columns: tuple[str, ...] = ("platform", "ref")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._next: int | None = None

    def next_id(self) -> int:
        """A row number that no record of this kind has or had."""
        if self._next is None:
            self._next = self._highest() + 1
        number = self._next
        self._next += 1
        return number

    def _highest(self) -> int:
        return int(self.connection.execute(select(func.coalesce(func.max(self.table.c.id), 0))).scalar_one())

    def key(self, record: R) -> Key:
        """What identifies ``record`` in the columns ``key_columns``."""
        raise NotImplementedError

    def values(self, record: R) -> Values:
        """The row of ``record``, without its id."""
        raise NotImplementedError

    def records(self, found: Sequence[Row]) -> Iterator[R]:
        """The records in the rows ``found``."""
        raise NotImplementedError

    def by_key(self, keys: Iterable[Key]) -> dict[Key, tuple[int, R]]:
        """The records that have one of ``keys``, with their row numbers."""
        wanted = dict.fromkeys(keys)
        found: dict[Key, tuple[int, R]] = {
            tuple([row[name] for name in self.key_columns]): (row["id"], record)
            for row, record in self._read(self.key_columns, wanted)
        }
        numbers = self._aliased(key for key in wanted if key not in found)
        records = self.by_id(numbers.values())
        return found | {key: (number, records[number]) for key, number in numbers.items()}

    def _aliased(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The rows of records that are now known by another key."""
        if self.kind not in ("account", "post"):
            return {}
        ours = ((self.kind, *key) for key in keys if str(key[1]).startswith("~"))
        found = rows_with(driver(self.connection), "aliases", ("kind", "platform", "ref"), ours)
        return {(row["platform"], row["ref"]): row["record"] for some in found for row in some}

    def add_alias(self, ref: Ref, number: int) -> None:
        """Let ``ref`` name the record in the row ``number`` from now on, and whatever named a row that is gone."""
        names, row = ("kind", "platform", "ref", "record"), (self.kind, ref.platform, ref.id, number)
        insert_rows(self.connection, tables.aliases, names, [row], replacing=True)

    def by_id(self, numbers: Iterable[int]) -> dict[int, R]:
        """The records in the rows ``numbers``."""
        return {row["id"]: record for row, record in self._read(("id",), ((number,) for number in set(numbers)))}

    def _read(self, names: tuple[str, ...], keys: Iterable[Key]) -> Iterator[tuple[Row, R]]:
        for found in rows_with(driver(self.connection), self.table.name, names, keys):
            yield from zip(found, self.records(found), strict=True)

    def add(self, items: Sequence[tuple[int, R]]) -> None:
        """Put new records in the rows given."""
        added = [(number, *self.values(record)) for number, record in items]
        insert_rows(self.connection, self.table, ("id", *self.columns), added)

    def change(self, items: Sequence[tuple[int, R]]) -> None:
        """Put other contents in rows that are there."""
        changed = [(*self.values(record), number) for number, record in items]
        update_rows(self.connection, self.table, self.columns, changed)

    def drop(self, numbers: Sequence[int]) -> None:
        """Remove the rows ``numbers``."""
        for chunk in chunks(numbers):
            self.connection.execute(delete(self.table).where(self.table.c.id.in_(chunk)))


class AccountRepository(Repository[Account]):
    """Accounts; the others ask it for the row of an account they name."""

    kind = "account"
    table = tables.accounts
    columns = row_mapping.ACCOUNT_COLUMNS

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._rows: dict[Ref, int] = {}
        self._own: dict[Ref, Ref] = {}

    def key(self, record: Account) -> Key:
        return (record.ref.platform, record.ref.id)

    def values(self, record: Account) -> Values:
        return row_mapping.account_values(record)

    def records(self, found: Sequence[Row]) -> Iterator[Account]:
        return map(row_mapping.account_of, found)

    def ensure_rows(self, refs: Iterable[Ref]) -> None:
        """Make sure that each account has a row: one that no dump has described yet gets a bare one."""
        missing = {ref for ref in refs if ref not in self._rows}
        if not missing:
            return
        for key, (number, account) in self.by_key((ref.platform, ref.id) for ref in missing).items():
            self._know(Ref(str(key[0]), str(key[1])), number, account)
        bare = [(self.next_id(), Account(ref)) for ref in sorted(missing, key=str) if ref not in self._rows]
        self.add(bare)
        for number, account in bare:
            self._know(account.ref, number, account)

    def _know(self, ref: Ref, number: int, account: Account) -> None:
        self._rows[ref] = number
        self._own[ref] = account.ref

    def canonical_ref(self, ref: Ref) -> Ref:
        """The ref by which the account is known: its native id, where a dump shows the handle only."""
        own = self._own.get(ref)
        if own is None:
            self.ensure_rows((ref,))
            own = self._own[ref]
        return own

    def forget(self, ref: Ref) -> None:
        """From now on ``ref`` names an account of its own again."""
        self._rows.pop(ref, None)
        self._own.pop(ref, None)

    def rename(self, ref: Ref, number: int, account: Account) -> None:
        """From now on ``ref`` names ``account``, which is in the row ``number``."""
        self._know(ref, number, account)

    def row_of(self, ref: Ref) -> int:
        """The row of an account."""
        number = self._rows.get(ref)
        if number is None:
            self.ensure_rows((ref,))
            number = self._rows[ref]
        return number


class PostRepository(Repository[Post]):
    """Posts with their links, media, tags, mentions and quotes."""

    kind = "post"
    table = tables.posts
    columns = (*row_mapping.POST_COLUMNS, "revision")

    def __init__(self, connection: Connection, accounts: AccountRepository, revision: int) -> None:
        super().__init__(connection)
        self._accounts = accounts
        self._revision = revision

    def _highest(self) -> int:
        once = self.connection.execute(select(func.coalesce(func.max(tables.removed.c.post), 0))).scalar_one()
        return max(super()._highest(), int(once))

    def key(self, record: Post) -> Key:
        return (record.ref.platform, record.ref.id)

    def values(self, record: Post) -> Values:
        author = self._accounts.row_of(record.author) if record.author else None
        return (*row_mapping.post_values(record, author), self._revision)

    def records(self, found: Sequence[Row]) -> Iterator[Post]:
        return read_posts(driver(self.connection), found)

    def add(self, items: Sequence[tuple[int, Post]]) -> None:
        self._accounts.ensure_rows(post.author for _, post in items if post.author)
        added = [(number, number, *self.values(record)) for number, record in items]
        insert_rows(self.connection, self.table, ("id", "thread", *self.columns), added)
        self._add_parts(items)

    def change(self, items: Sequence[tuple[int, Post]]) -> None:
        self._accounts.ensure_rows(post.author for _, post in items if post.author)
        super().change(items)
        for part in tables.PARTS:
            for chunk in chunks(number for number, _ in items):
                self.connection.execute(delete(part).where(part.c.post.in_(chunk)))
        self._add_parts(items)

    def aliased_refs(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Ref]:
        """For those of ``keys`` that are aliases, the ref by which the post is known."""
        aliased = self._aliased(keys)
        query = f"SELECT id, platform, ref FROM {self.table.name} WHERE id IN ({{keys}})"
        found = rows_among(driver(self.connection), query, set(aliased.values()))
        refs = {row["id"]: Ref(row["platform"], row["ref"]) for row in found}
        return {(str(key[0]), str(key[1])): refs[number] for key, number in aliased.items()}

    def drop(self, numbers: Sequence[int]) -> None:
        super().drop(numbers)
        insert_rows(
            self.connection, tables.removed, ("post", "revision"), [(number, self._revision) for number in numbers]
        )

    def _add_parts(self, items: Sequence[tuple[int, Post]]) -> None:
        parts: dict[str, list[Values]] = defaultdict(list)
        for number, post in items:
            row_mapping.collect_part_rows(post, number, parts)
        for part in tables.PARTS:
            insert_rows(self.connection, part, tuple(part.c.keys()), parts[part.name])


class RepostRepository(Repository[Repost]):
    """Reposts, each known by who passed on what."""

    kind = "repost"
    table = tables.reposts
    key_columns = ("account", "platform", "ref")
    columns = (*key_columns, "created", "precision", "origin")

    def __init__(self, connection: Connection, accounts: AccountRepository) -> None:
        super().__init__(connection)
        self._accounts = accounts

    def key(self, record: Repost) -> Key:
        account = self._accounts.row_of(record.account)
        return (account, record.post.platform, record.post.id)

    def values(self, record: Repost) -> Values:
        return (*self.key(record), *row_mapping.when_values(record.created))

    def records(self, found: Sequence[Row]) -> Iterator[Repost]:
        return read_reposts(driver(self.connection), found)


class PinRepository(Repository[Pin]):
    """Pins, each known by who keeps what at the top."""

    kind = "pin"
    table = tables.pins
    key_columns = ("account", "platform", "ref")
    columns = key_columns

    def __init__(self, connection: Connection, accounts: AccountRepository) -> None:
        super().__init__(connection)
        self._accounts = accounts

    def key(self, record: Pin) -> Key:
        account = self._accounts.row_of(record.account)
        return (account, record.post.platform, record.post.id)

    def values(self, record: Pin) -> Values:
        return self.key(record)

    def records(self, found: Sequence[Row]) -> Iterator[Pin]:
        return read_pins(driver(self.connection), found)


class GapRepository(Repository[Gap]):
    """Posts known to be missing."""

    kind = "gap"
    table = tables.gaps
    columns = ("platform", "ref", "reason")

    def key(self, record: Gap) -> Key:
        return (record.ref.platform, record.ref.id)

    def values(self, record: Gap) -> Values:
        return (record.ref.platform, record.ref.id, record.reason)

    def records(self, found: Sequence[Row]) -> Iterator[Gap]:
        return (Gap(Ref(row["platform"], row["ref"]), row["reason"]) for row in found)
