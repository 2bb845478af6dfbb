"""Where each kind of record is kept: finding it by what identifies it, adding, changing and dropping it.

A shelf knows one kind of record and its tables, and nothing of dumps or merging.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, tuple_, update

from threadkeep.records import Account, Gap, Pin, Post, Record, Ref, Repost
from threadkeep.store import rows, tables
from threadkeep.store.rows import Row

R = TypeVar("R", bound=Record)
Key = tuple[str | int, ...]
T = TypeVar("T")

CHUNK = 400
"""How many keys one statement asks for: two variables each stay below SQLite's oldest limit of 999."""


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


class Shelf(Generic[R]):
    """One kind of record. ``kind`` is what ``captures.kind`` calls it."""

    kind: str
    table: Table
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

    def columns(self, record: R) -> dict[str, Any]:
        """The row of ``record``, without its id."""
        raise NotImplementedError

    def records(self, found: Sequence[Row]) -> Iterator[R]:
        """The records in the rows ``found``."""
        raise NotImplementedError

    def by_key(self, keys: Iterable[Key]) -> dict[Key, tuple[int, R]]:
        """The records that have one of ``keys``, with their row numbers."""
        names = [self.table.c[name] for name in self.key_columns]
        wanted = list(keys)
        found: dict[Key, tuple[int, R]] = {
            tuple(row[name] for name in self.key_columns): (row["id"], record)
            for chunk in chunks(wanted)
            for row, record in self._select(tuple_(*names).in_(chunk))
        }
        numbers = self._aliased(key for key in wanted if key not in found)
        records = self.by_id(numbers.values())
        return found | {key: (number, records[number]) for key, number in numbers.items()}

    def _aliased(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The rows of records that are now known by another key."""
        table = tables.aliases
        ours = [key for key in keys if self.kind in ("account", "post") and str(key[1]).startswith("~")]
        return {
            (row.platform, row.ref): row.record
            for chunk in chunks(ours)
            for row in self.connection.execute(
                select(table).where(table.c.kind == self.kind, tuple_(table.c.platform, table.c.ref).in_(chunk))
            )
        }

    def add_alias(self, ref: Ref, number: int) -> None:
        """Let ``ref`` name the record in the row ``number`` from now on, and whatever named a row that is gone."""
        table = tables.aliases
        row = {"kind": self.kind, "platform": ref.platform, "ref": ref.id, "record": number}
        self.connection.execute(insert(table).prefix_with("OR REPLACE"), [row])

    def by_id(self, numbers: Iterable[int]) -> dict[int, R]:
        """The records in the rows ``numbers``."""
        return {
            row["id"]: record for chunk in chunks(numbers) for row, record in self._select(self.table.c.id.in_(chunk))
        }

    def _select(self, condition: Any) -> Iterator[tuple[Row, R]]:
        found = self.connection.execute(select(self.table).where(condition)).mappings().all()
        return zip(found, self.records(found), strict=True)

    def add(self, items: Sequence[tuple[int, R]]) -> None:
        """Put new records in the rows given."""
        if items:
            self.connection.execute(
                insert(self.table), [{"id": number, **self.columns(record)} for number, record in items]
            )

    def change(self, items: Sequence[tuple[int, R]]) -> None:
        """Put other contents in rows that are there."""
        if items:
            changes = [{"row": number, **self.columns(record)} for number, record in items]
            names = [name for name in changes[0] if name != "row"]
            self.connection.execute(
                update(self.table)
                .where(self.table.c.id == bindparam("row"))
                .values({name: bindparam(name) for name in names}),
                changes,
            )

    def drop(self, numbers: Sequence[int]) -> None:
        """Remove the rows ``numbers``."""
        for chunk in chunks(numbers):
            self.connection.execute(delete(self.table).where(self.table.c.id.in_(chunk)))


class AccountShelf(Shelf[Account]):
    """Accounts; the others ask it for the row of an account they name."""

    kind = "account"
    table = tables.accounts

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._rows: dict[Ref, int] = {}
        self._own: dict[Ref, Ref] = {}

    def key(self, record: Account) -> Key:
        return (record.ref.platform, record.ref.id)

    def columns(self, record: Account) -> dict[str, Any]:
        return rows.account_columns(record)

    def records(self, found: Sequence[Row]) -> Iterator[Account]:
        return map(rows.account_of, found)

    def meet(self, refs: Iterable[Ref]) -> None:
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

    def own_ref(self, ref: Ref) -> Ref:
        """The ref by which the account is known: its native id, where a dump shows the handle only."""
        if ref not in self._own:
            self.meet((ref,))
        return self._own[ref]

    def row_of(self, ref: Ref) -> int:
        """The row of an account."""
        if ref not in self._rows:
            self.meet((ref,))
        return self._rows[ref]


class PostShelf(Shelf[Post]):
    """Posts with their links, media, tags, mentions and quotes."""

    kind = "post"
    table = tables.posts

    def __init__(self, connection: Connection, accounts: AccountShelf, revision: int) -> None:
        super().__init__(connection)
        self._accounts = accounts
        self._revision = revision

    def _highest(self) -> int:
        once = self.connection.execute(select(func.coalesce(func.max(tables.removed.c.post), 0))).scalar_one()
        return max(super()._highest(), int(once))

    def key(self, record: Post) -> Key:
        return (record.ref.platform, record.ref.id)

    def columns(self, record: Post) -> dict[str, Any]:
        author = self._accounts.row_of(record.author) if record.author else None
        return {**rows.post_columns(record, author), "revision": self._revision}

    def records(self, found: Sequence[Row]) -> Iterator[Post]:
        return read_posts(self.connection, found)

    def add(self, items: Sequence[tuple[int, Post]]) -> None:
        self._accounts.meet(post.author for _, post in items if post.author)
        if items:
            self.connection.execute(
                insert(self.table),
                [{"id": number, "thread": number, **self.columns(record)} for number, record in items],
            )
        self._add_parts(items)

    def change(self, items: Sequence[tuple[int, Post]]) -> None:
        self._accounts.meet(post.author for _, post in items if post.author)
        super().change(items)
        for part in tables.PARTS:
            for chunk in chunks(number for number, _ in items):
                self.connection.execute(delete(part).where(part.c.post.in_(chunk)))
        self._add_parts(items)

    def drop(self, numbers: Sequence[int]) -> None:
        super().drop(numbers)
        if numbers:
            self.connection.execute(
                insert(tables.removed), [{"post": number, "revision": self._revision} for number in numbers]
            )

    def _add_parts(self, items: Sequence[tuple[int, Post]]) -> None:
        gathered: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for number, post in items:
            if post.links or post.media or post.tags or post.mentions or post.quotes:
                for name, part_rows in rows.part_columns(post, number).items():
                    gathered[name] += part_rows
        for part in tables.PARTS:
            if gathered[part.name]:
                self.connection.execute(insert(part), gathered[part.name])


class RepostShelf(Shelf[Repost]):
    """Reposts, each known by who passed on what."""

    kind = "repost"
    table = tables.reposts
    key_columns = ("account", "platform", "ref")

    def __init__(self, connection: Connection, accounts: AccountShelf) -> None:
        super().__init__(connection)
        self._accounts = accounts

    def key(self, record: Repost) -> Key:
        account = self._accounts.row_of(record.account)
        return (account, record.post.platform, record.post.id)

    def columns(self, record: Repost) -> dict[str, Any]:
        account, platform, ref = self.key(record)
        return {"account": account, "platform": platform, "ref": ref, **rows.when_columns(record.created)}

    def records(self, found: Sequence[Row]) -> Iterator[Repost]:
        return read_reposts(self.connection, found)


class PinShelf(Shelf[Pin]):
    """Pins, each known by who keeps what at the top."""

    kind = "pin"
    table = tables.pins
    key_columns = ("account", "platform", "ref")

    def __init__(self, connection: Connection, accounts: AccountShelf) -> None:
        super().__init__(connection)
        self._accounts = accounts

    def key(self, record: Pin) -> Key:
        account = self._accounts.row_of(record.account)
        return (account, record.post.platform, record.post.id)

    def columns(self, record: Pin) -> dict[str, Any]:
        return dict(zip(self.key_columns, self.key(record), strict=True))

    def records(self, found: Sequence[Row]) -> Iterator[Pin]:
        return read_pins(self.connection, found)


class GapShelf(Shelf[Gap]):
    """Posts known to be missing."""

    kind = "gap"
    table = tables.gaps

    def key(self, record: Gap) -> Key:
        return (record.ref.platform, record.ref.id)

    def columns(self, record: Gap) -> dict[str, Any]:
        return {"platform": record.ref.platform, "ref": record.ref.id, "reason": record.reason}

    def records(self, found: Sequence[Row]) -> Iterator[Gap]:
        return (Gap(Ref(row["platform"], row["ref"]), row["reason"]) for row in found)


def account_refs(connection: Connection, numbers: Iterable[int]) -> dict[int, Ref]:
    """The refs of the accounts in the rows ``numbers``."""
    table = tables.accounts
    return {
        row.id: Ref(row.platform, row.ref)
        for chunk in chunks(sorted(numbers))
        for row in connection.execute(select(table.c.id, table.c.platform, table.c.ref).where(table.c.id.in_(chunk)))
    }


def read_posts(connection: Connection, found: Sequence[Row]) -> Iterator[Post]:
    """The posts in the rows ``found``, with their parts."""
    parts: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for chunk in chunks(row["id"] for row in found):
        for table in tables.PARTS:
            query = select(table).where(table.c.post.in_(chunk)).order_by(table.c.post, table.c.position)
            for part in connection.execute(query).mappings():
                parts[part["post"]][table.name].append(part)
    refs = account_refs(connection, {row["author"] for row in found if row["author"] is not None})
    no_parts: Mapping[str, list[Row]] = {}
    for row in found:
        author = None if row["author"] is None else refs[row["author"]]
        yield rows.post_of(row, author, parts.get(row["id"], no_parts))


def read_reposts(connection: Connection, found: Sequence[Row]) -> Iterator[Repost]:
    """The reposts in the rows ``found``."""
    refs = account_refs(connection, {row["account"] for row in found})
    return (Repost(refs[row["account"]], Ref(row["platform"], row["ref"]), rows.when_of(row)) for row in found)


def read_pins(connection: Connection, found: Sequence[Row]) -> Iterator[Pin]:
    """The pins in the rows ``found``."""
    refs = account_refs(connection, {row["account"] for row in found})
    return (Pin(refs[row["account"]], Ref(row["platform"], row["ref"])) for row in found)
