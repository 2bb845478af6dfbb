"""The ledger of captures: which dumps showed a record, what each showed of it, and so what the record is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, delete

from threadkeep.records import Post, Record, Ref
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


@dataclass(slots=True)
class Capture:
    """What one dump showed of a record; ``payload`` is None where that equals the record as it stands.

    A source that shows a post with its id may show it without, too: that is ``unidentified``, as it may turn out to be
    another post.
    """

    locator: str
    payload: Record | None
    origins: tuple[str, ...] = ()
    unidentified: Post | None = None

    def all(self, before: Record | None) -> list[Record]:
        """What the dump showed of a record that stood as ``before``."""
        payload = self.payload or cast(Record, before)
        return [payload] if self.unidentified is None else [payload, self.unidentified]

    def pasted(self) -> Post | None:
        """What the dump showed of a post without its id."""
        if self.unidentified is None and isinstance(self.payload, Post) and not self.payload.ref.is_native:
            return self.payload
        return self.unidentified

    def joined_to(self, before: Record | None, shown: Iterable[Record]) -> "Capture":
        """The capture of a dump that showed these as well."""
        by_kind: dict[bool, list[Record]] = defaultdict(list)
        for record in (*self.all(before), *shown):
            by_kind[isinstance(record, Post) and not record.ref.is_native].append(record)
        named, pasted = by_kind[False], by_kind[True]
        unidentified = cast(Post, merged(pasted)) if named and pasted else None
        return replace(self, payload=merged(named or pasted), unidentified=unidentified)


@dataclass(slots=True)
class RecordState:
    """A record as it stood before, and what the dumps show of it, by the rows of their sources."""

    number: int
    before: Record | None
    captures: dict[int, Capture]

    def shown(self) -> list[Record]:
        """What each dump showed."""
        return [record for capture in self.captures.values() for record in capture.all(self.before)]


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
                unidentified = row_mapping.unidentified_of(row["payload"]) if payload else None
                found[row["record"]][row["source"]] = Capture(row["locator"], payload, origins, unidentified)
        return found

    def write_merged(self, kind: str, states: Sequence[RecordState]) -> tuple[list[Item], list[Item]]:
        """Write what the captures of each record add up to, and the captures.

        Returns the records that are new, and those that changed.
        """
        repository, new, changed = self.repositories[kind], list[Item](), list[Item]()
        captures: list[Values] = []
        for state in states:
            after = merged(state.shown())
            if state.before is None:
                new.append((state.number, after))
            elif after != state.before:
                changed.append((state.number, after))
            for source, capture in state.captures.items():
                payload = capture.payload or state.before
                same = capture.unidentified is None and (payload is after or payload == after)
                captures.append(_capture_row(kind, state.number, source, capture, None if same else payload))
        repository.add(new)
        repository.change(changed)
        insert_rows(self._connection, tables.captures, tuple(tables.captures.c.keys()), captures, replacing=True)
        return new, changed

    def canonical_post_refs(self, refs: Iterable[Ref]) -> dict[Ref, Ref]:
        """For those of ``refs`` that are ids of ours, the native id by which the store knows the post, if it does."""
        ours = {(ref.platform, ref.id): ref for ref in refs if not ref.is_native}
        return {ours[key]: ref for key, ref in self.posts.aliased_refs(ours).items() if ref.is_native}

    def join(self, kind: str, gone: int, into: int) -> None:
        """Make two records one: what dumps showed of the row ``gone`` is now shown of the row ``into``.

        The row ``gone`` loses its captures and is left to the caller to drop.
        """
        records = self.repositories[kind].by_id((gone, into))
        states = self.states_in(kind, records)
        self._move(states[gone], states[into], list(states[gone].captures))
        table = tables.captures
        self._connection.execute(delete(table).where(table.c.kind == kind, table.c.record == gone))
        self.write_merged(kind, [states[into]])

    def reassign_capture(self, number: int, target: Callable[[Post], int]) -> dict[Ref, int]:
        """Give what dumps showed of the post in the row ``number`` without its id to the row that ``target`` names.

        Returns the ids of ours that mean another row now.
        """
        giver = self.states_in("post", self.posts.by_id((number,)))[number]
        moved: dict[Ref, int] = {}
        for source, capture in list(giver.captures.items()):
            pasted = capture.pasted()
            into = number if pasted is None else target(pasted)
            if pasted is None or into == number:
                continue
            taker = self.states_in("post", self.posts.by_id((into,)))[into]
            given = replace(capture, payload=pasted, unidentified=None)
            there = taker.captures.get(source)
            taker.captures[source] = given if there is None else there.joined_to(taker.before, [pasted])
            self.write_merged("post", [taker])
            moved[pasted.ref] = into
            if capture.unidentified is not None:
                giver.captures[source] = replace(capture, unidentified=None)
            else:
                del giver.captures[source]
                table = tables.captures
                mine = (table.c.kind == "post", table.c.record == number, table.c.source == source)
                self._connection.execute(delete(table).where(*mine))
        if moved:
            self.write_merged("post", [giver])
        return moved

    def _move(self, giver: RecordState, taker: RecordState, sources: Iterable[int]) -> None:
        for source in sources:
            given = giver.captures[source]
            shown = given.all(giver.before)
            if source in taker.captures:
                taker.captures[source] = taker.captures[source].joined_to(taker.before, shown)
            else:
                taker.captures[source] = replace(given, payload=shown[0])


def _capture_row(kind: str, number: int, source: int, capture: Capture, payload: Record | None) -> Values:
    return (
        kind,
        number,
        source,
        capture.locator,
        None if payload is None else row_mapping.payload_text(payload, capture.unidentified),
        msgspec.json.encode(capture.origins).decode() if capture.origins else None,
    )
