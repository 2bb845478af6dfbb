"""The ledger of captures: which dumps showed a record, what each showed of it, and so what the record is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, delete, insert, select

from threadkeep.records import Record, Ref
from threadkeep.store import rows, tables
from threadkeep.store.merge import merged
from threadkeep.store.shelves import AccountShelf, GapShelf, Key, PinShelf, PostShelf, RepostShelf, Shelf, chunks

Item = tuple[int, Record]
"""A record with its row."""


@dataclass(slots=True)
class Capture:
    """What one dump showed of a record; ``payload`` is None where that equals the record as it stands."""

    locator: str
    payload: Record | None
    origins: tuple[str, ...] = ()


@dataclass(slots=True)
class State:
    """A record as it stood before, and what the dumps show of it, by the rows of their sources."""

    number: int
    before: Record | None
    captures: dict[int, Capture]

    def shown(self) -> list[Record]:
        """What each dump showed."""
        return [capture.payload or cast(Record, self.before) for capture in self.captures.values()]


class Ledger:
    """The shelves of every kind of record, and the captures of what stands on them."""

    def __init__(self, connection: Connection, revision: int) -> None:
        self._connection = connection
        self.accounts = AccountShelf(connection)
        self.posts = PostShelf(connection, self.accounts, revision)
        self.shelves: dict[str, Shelf[Any]] = {
            "account": self.accounts,
            "post": self.posts,
            "repost": RepostShelf(connection, self.accounts),
            "pin": PinShelf(connection, self.accounts),
            "gap": GapShelf(connection),
        }

    def states(self, kind: str, keys: Iterable[Key]) -> dict[Key, State]:
        """The records of those keys; for a key that nothing has, a fresh row. Two keys may name one record."""
        shelf, wanted = self.shelves[kind], dict.fromkeys(keys)
        held = shelf.by_key(wanted)
        by_number = self.states_in(kind, dict(held.values()))
        return {key: by_number[held[key][0]] if key in held else State(shelf.next_id(), None, {}) for key in wanted}

    def states_in(self, kind: str, records: Mapping[int, Record]) -> dict[int, State]:
        """The states of records given with their rows."""
        captures = self.captures(kind, records)
        return {number: State(number, record, captures.get(number, {})) for number, record in records.items()}

    def captures(self, kind: str, numbers: Iterable[int]) -> dict[int, dict[int, Capture]]:
        """What the dumps showed of the records in the rows ``numbers``; a record that none showed is left out."""
        table, found = tables.captures, defaultdict[int, dict[int, Capture]](dict)
        for chunk in chunks(numbers):
            query = select(table).where(table.c.kind == kind, table.c.record.in_(chunk))
            for row in self._connection.execute(query).mappings():
                payload = row["payload"] and rows.payload_of(rows.KINDS[kind], row["payload"])
                origins = tuple(msgspec.json.decode(row["origins"])) if row["origins"] else ()
                found[row["record"]][row["source"]] = Capture(row["locator"], payload, origins)
        return found

    def settle(self, kind: str, states: Sequence[State]) -> list[Item]:
        """Write what the captures of each record add up to, and the captures; return the records that changed."""
        shelf, new, changed, captures = self.shelves[kind], [], [], []
        for state in states:
            shown = state.shown()
            after = merged(shown)
            if state.before is None:
                new.append((state.number, after))
            elif after != state.before:
                changed.append((state.number, after))
            captures += [
                _capture_row(kind, state.number, source, capture, None if payload == after else payload)
                for (source, capture), payload in zip(state.captures.items(), shown, strict=True)
            ]
        shelf.add(new)
        shelf.change(changed)
        if captures:
            self._connection.execute(insert(tables.captures).prefix_with("OR REPLACE"), captures)
        return new + changed

    def own_post_refs(self, refs: Iterable[Ref]) -> dict[Ref, Ref]:
        """For those of ``refs`` that are ids of ours, the native id by which the store knows the post, if it does."""
        ours = {(ref.platform, ref.id): ref for ref in refs if not ref.is_native}
        found = self.posts.by_key(ours) if ours else {}
        return {ours[cast(Any, key)]: post.ref for key, (_, post) in found.items() if post.ref.is_native}

    def join(self, kind: str, gone: int, into: int) -> list[Item]:
        """Make two records one: what dumps showed of the row ``gone`` is now shown of the row ``into``.

        The row ``gone`` loses its captures and is left to the caller to drop. Returns what ``settle`` returns.
        """
        records = self.shelves[kind].by_id((gone, into))
        states = self.states_in(kind, records)
        self._move(states[gone], states[into], list(states[gone].captures))
        table = tables.captures
        self._connection.execute(delete(table).where(table.c.kind == kind, table.c.record == gone))
        return self.settle(kind, [states[into]])

    def _move(self, giver: State, taker: State, sources: Iterable[int]) -> None:
        for source in sources:
            given = giver.captures[source]
            shown = given.payload or cast(Record, giver.before)
            if source in taker.captures:
                there = taker.captures[source]
                both = merged([there.payload or cast(Record, taker.before), shown])
                taker.captures[source] = replace(there, payload=both)
            else:
                taker.captures[source] = replace(given, payload=shown)


def _capture_row(kind: str, number: int, source: int, capture: Capture, payload: Record | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "record": number,
        "source": source,
        "locator": capture.locator,
        "payload": None if payload is None else rows.payload_text(payload),
        "origins": msgspec.json.encode(capture.origins).decode() if capture.origins else None,
    }
