"""The ledger of captures: which dumps showed a record, what each showed of it, and so what the record is."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import Connection, delete, text

from threadkeep.records import Account, Gap, Post, Record, Ref
from threadkeep.store import row_mapping, tables
from threadkeep.store.bulk_sql import Values, insert_rows
from threadkeep.store.connections import rows_with
from threadkeep.store.database import driver
from threadkeep.store.merge import merged
from threadkeep.store.repositories import (
    AccountRepository,
    GapRepository,
    Key,
    PinRepository,
    PostRepository,
    Repository,
    RepostRepository,
)

Item = tuple[int, Record]
"""A record with its row."""


class Shown(NamedTuple):
    """What one dump showed of a record under one name, as it showed it, and where."""

    locator: str
    record: Record
    origins: tuple[str, ...] = ()


@dataclass(slots=True)
class Capture:
    """What one dump showed of a record; ``payload`` is None where that equals the record as it stands.

    A source that shows a post with its id may show it without, too, and several times: these are the ``others``, as
    each may turn out to be another post.
    """

    locator: str
    payload: Record | None
    origins: tuple[str, ...] = ()
    others: tuple[Shown, ...] = ()

    def all(self, before: Record | None) -> list[Record]:
        """What the dump showed of a record that stood as ``before``."""
        payload = self.payload or cast(Record, before)
        return [payload, *(other.record for other in self.others)] if self.others else [payload]

    def parts(self, before: Record | None) -> dict[Hashable, Shown]:
        """What the dump showed, by the name under which it did; ``None`` is the id of the network."""
        first = Shown(self.locator, self.payload or cast(Record, before), self.origins)
        return {_name_in(shown.record): shown for shown in (first, *self.others)}

    @staticmethod
    def of(parts: Mapping[Hashable, Shown]) -> "Capture":
        """The capture of a dump that showed ``parts``, of which there is at least one."""
        first, *others = (parts[name] for name in sorted(parts, key=lambda name: (name is not None, str(name))))
        return Capture(first.locator, first.record, first.origins, tuple(others))

    def joined_to(self, before: Record | None, shown: Iterable[Shown]) -> "Capture":
        """The capture of a dump that showed these as well."""
        parts = self.parts(before)
        for part in shown:
            name = _name_in(part.record)
            held = parts.get(name)
            if held is None:
                parts[name] = part
            elif held.record != part.record:
                parts[name] = held._replace(record=merged([held.record, part.record]))
        return Capture.of(parts)


def _name_in(record: Record) -> Hashable:
    """Under which name a dump shows a record: None for the id that the network gave."""
    if isinstance(record, Post | Account | Gap):
        return None if record.ref.is_native else record.ref
    return None if record.account.is_native and record.post.is_native else (record.account, record.post)


@dataclass(slots=True)
class RecordState:
    """A record as it stood before, and what the dumps show of it, by the rows of their sources."""

    number: int
    before: Record | None
    captures: dict[int, Capture]

    def shown(self) -> list[tuple[int, Record]]:
        """What each dump showed, behind the row of the dump."""
        found = self.captures.items()
        return [(source, record) for source, capture in found for record in capture.all(self.before)]


class Captures:
    """The shelves of every kind of record, and the captures of what stands on them."""

    def __init__(self, connection: Connection, revision: int) -> None:
        self._connection = connection
        self.accounts = AccountRepository(connection)
        self.posts = PostRepository(connection, self.accounts, revision)
        self.repositories: dict[str, Repository[Any]] = {
            "account": self.accounts,
            "post": self.posts,
            "repost": RepostRepository(connection, self.accounts),
            "pin": PinRepository(connection, self.accounts),
            "gap": GapRepository(connection),
        }
        self._post_names: dict[Ref, Ref] = {}
        """By ids of ours, those by which the store knows the posts."""
        self._exported: dict[int, datetime | None] | None = None

    def set_exported(self, source: int, when: datetime) -> None:
        """Say when the export in the row ``source`` was made."""
        self._export_dates()[source] = when

    def _export_dates(self) -> dict[int, datetime | None]:
        if self._exported is None:
            rows = self._connection.execute(text("SELECT id, exported FROM sources WHERE exported IS NOT NULL"))
            self._exported = {row[0]: datetime.fromisoformat(row[1]) for row in rows}
        return self._exported

    def states(self, kind: str, keys: Iterable[Key]) -> dict[Key, RecordState]:
        """The records of those keys; for a key that nothing has, a fresh row. Two keys may name one record."""
        repository, wanted = self.repositories[kind], dict.fromkeys(keys)
        held = repository.by_key(wanted)
        by_number = self.states_in(kind, dict(held.values()))
        return {
            key: by_number[held[key][0]] if key in held else RecordState(repository.next_id(), None, {})
            for key in wanted
        }

    def states_in(self, kind: str, records: Mapping[int, Record]) -> dict[int, RecordState]:
        """The states of records given with their rows."""
        captures = self.captures(kind, records)
        return {number: RecordState(number, record, captures.get(number, {})) for number, record in records.items()}

    def captures(self, kind: str, numbers: Iterable[int]) -> dict[int, dict[int, Capture]]:
        """What the dumps showed of the records in the rows ``numbers``; a record that none showed is left out."""
        found = defaultdict[int, dict[int, Capture]](dict)
        keys = ((kind, number) for number in numbers)
        for some in rows_with(driver(self._connection), "captures", ("kind", "record"), keys):
            for row in some:
                payload = row["payload"] and row_mapping.payload_of(row_mapping.KINDS[kind], row["payload"])
                origins = tuple(msgspec.json.decode(row["origins"])) if row["origins"] else ()
                told = row_mapping.others_of(row_mapping.KINDS[kind], row["payload"], row["locator"]) if payload else ()
                others = tuple(Shown(*other) for other in told)
                found[row["record"]][row["source"]] = Capture(row["locator"], payload, origins, others)
        return found

    def write_merged(self, kind: str, states: Sequence[RecordState]) -> tuple[list[Item], list[Item]]:
        """Write what the captures of each record add up to, and the captures.

        Returns the records that are new, and those that changed.
        """
        repository, new, changed = self.repositories[kind], list[Item](), list[Item]()
        captures: list[Values] = []
        shown_by_state = [state.shown() for state in states]
        self.learn_names(kind, [record for shown in shown_by_state for _, record in shown])
        for state, shown in zip(states, shown_by_state, strict=True):
            after = self.merge(kind, shown)
            before = state.before
            if before is None:
                new.append((state.number, after))
            else:
                if isinstance(before, Post) and "identity" in before.inferred and isinstance(after, Post):
                    after = with_identity(after, doubtful=not after.ref.is_native)
                if after != before:
                    changed.append((state.number, after))
            for source, capture in state.captures.items():
                payload = capture.payload or before
                same = not capture.others and (payload is after or payload == after)
                captures.append(_capture_row(kind, state.number, source, capture, None if same else payload))
        repository.add(new)
        repository.change(changed)
        insert_rows(self._connection, tables.captures, tuple(tables.captures.c.keys()), captures, replacing=True)
        return new, changed

    def merge(self, kind: str, shown: Sequence[tuple[int, Record]]) -> Record:
        """What dumps ``shown`` add up to, each given behind the row of its dump; names must have been learnt."""
        records = [self.with_known_names(record) for _, record in shown] if kind in _NAMING else [r for _, r in shown]
        if len(records) == 1:
            return records[0]
        dates = self._export_dates() if kind == "post" else {}
        return merged(records, [dates.get(source) for source, _ in shown] if dates else ())

    def learn_names(self, kind: str, records: Iterable[Record]) -> None:
        """Look up by which refs the store knows the accounts and posts that ``records`` name."""
        if kind not in _NAMING:
            return
        posts: set[Ref] = set()
        accounts: set[Ref] = set()
        for record in cast(Iterable[Any], records):
            if kind == "post":
                if record.author is not None:
                    accounts.add(record.author)
                if record.reply_to is not None or record.root is not None or record.quotes:
                    posts.update(ref for ref in (record.reply_to, record.root, *record.quotes) if ref is not None)
            else:
                accounts.add(record.account)
                posts.add(record.post)
        self.accounts.ensure_rows(accounts)
        ours = {(ref.platform, ref.id): ref for ref in posts if not ref.is_native and ref not in self._post_names}
        if ours:
            known = self.posts.aliased_refs(ours)
            self._post_names.update({ref: known.get(key, ref) for key, ref in ours.items()})

    def rename_post(self, ref: Ref, known_as: Ref) -> None:
        """From now on the store knows the post ``ref`` as ``known_as``."""
        self._post_names[ref] = known_as

    def with_known_names(self, record: Record) -> Record:
        """``record`` with every account and post it names called as the store knows it."""
        return _renamed(record, self._post_names, self.accounts)

    def forget_captures(self, kind: str, number: int, sources: Iterable[int]) -> None:
        """Take out what the dumps ``sources`` showed of a record."""
        table = tables.captures
        mine = (table.c.kind == kind, table.c.record == number, table.c.source.in_(list(sources)))
        self._connection.execute(delete(table).where(*mine))


_NAMING = ("post", "repost", "pin")
"""Kinds of records that name accounts and posts."""


def with_identity(post: Post, *, doubtful: bool) -> Post:
    """``post`` marked as one that may be another, or not so."""
    names = [name for name in post.inferred if name != "identity"]
    return (
        replace(post, inferred=tuple(sorted([*names, "identity"])))
        if doubtful
        else replace(post, inferred=tuple(names))
    )


def _renamed(record: Any, posts: Mapping[Ref, Ref], accounts: AccountRepository) -> Record:
    if isinstance(record, Post):
        author = record.author and accounts.canonical_ref(record.author)
        if author == record.author and not (posts and _names_any(record, posts)):
            return record
        return replace(
            record,
            author=author,
            reply_to=record.reply_to and posts.get(record.reply_to, record.reply_to),
            root=record.root and posts.get(record.root, record.root),
            quotes=tuple(posts.get(ref, ref) for ref in record.quotes),
        )
    by, post = accounts.canonical_ref(record.account), posts.get(record.post, record.post)
    named: Record = record if (by, post) == (record.account, record.post) else replace(record, account=by, post=post)
    return named


def _names_any(post: Post, refs: Mapping[Ref, Ref]) -> bool:
    return post.reply_to in refs or post.root in refs or any(ref in refs for ref in post.quotes)


def _capture_row(kind: str, number: int, source: int, capture: Capture, payload: Record | None) -> Values:
    return (
        kind,
        number,
        source,
        capture.locator,
        None if payload is None else row_mapping.payload_text(payload, capture.others),
        msgspec.json.encode(capture.origins).decode() if capture.origins else None,
    )
