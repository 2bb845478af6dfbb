"""Taking one dump's records into the store: new, updated, unchanged or repeated, counted so that everything adds up.

Each record remembers which dumps showed it (``captures``). Where they differ, what each showed is kept as its capture's
payload, and the record is what ``merge.merged`` makes of them; so a dump can be read again, or taken away, at any time
without leaving a trace of what it showed before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from threadkeep.records import Account, Boundary, Gap, Parsed, Pin, Post, Problem, Record, Repost, Skipped
from threadkeep.store import rows, tables
from threadkeep.store.merge import merged
from threadkeep.store.shelves import (
    AccountShelf,
    GapShelf,
    Key,
    PinShelf,
    PostShelf,
    RepostShelf,
    Shelf,
    chunks,
)
from threadkeep.store.threads import derive_threads

BATCH = 2000
"""How many records are taken in at a time; this, not the size of a dump, bounds memory."""

RAW_LIMIT = 4000
"""How much of an entry that could not be read is kept beside its problem, in code points."""

REPEATED = "repeated in this dump"


@dataclass(slots=True)
class Tally:
    """What became of what was read. ``read`` is counted as things come in, the others as they find their place."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    to_check: int = 0
    removed: int = 0
    """Posts an earlier reading of this dump had given that this one does not."""
    held: dict[str, int] = field(default_factory=dict)
    """How many distinct records of each kind the dump holds."""


@dataclass(slots=True)
class _Capture:
    """What one dump showed of a record; ``payload`` is None where that equals the record as it stands."""

    locator: str
    payload: Record | None
    origins: tuple[str, ...] = ()


@dataclass(slots=True)
class _State:
    """A record being taken in: as it stood before, and what the dumps show of it."""

    number: int
    before: Record | None
    captures: dict[int, _Capture]
    first_seen: bool = False


class Loading:
    """One dump being taken in, inside one transaction. ``source`` is its row in ``sources``."""

    def __init__(self, connection: Connection, source: int, revision: int) -> None:
        self.tally = Tally()
        self._connection = connection
        self._source = source
        self._revision = revision
        accounts = AccountShelf(connection)
        self._shelves: dict[str, Shelf[Any]] = {
            "account": accounts,
            "post": PostShelf(connection, accounts, revision),
            "repost": RepostShelf(connection, accounts),
            "pin": PinShelf(connection, accounts),
            "gap": GapShelf(connection),
        }
        self._pending: dict[str, list[tuple[Record, str]]] = defaultdict(list)
        self._pending_count = 0
        self._seen: dict[str, set[int]] = defaultdict(set)
        self._touched: set[int] = set()
        """Posts whose place in a thread may have changed."""
        self._changed = False

    def add(self, parsed: Parsed, locator: str) -> None:
        """Take in what a parser yielded for the entry at ``locator``."""
        if isinstance(parsed, Boundary):
            self.tally.to_check += parsed.band == "check"
            return
        self.tally.read += 1
        if isinstance(parsed, Skipped):
            self.tally.skipped[parsed.reason] += 1
            return
        self._pending[_KIND_OF[type(parsed)]].append((parsed, locator))
        self._pending_count += 1
        if self._pending_count >= BATCH:
            self._flush()

    def problem(self, problem: Problem) -> None:
        """Take in an entry that could not be read."""
        self.tally.read += 1
        self.tally.problems.append(replace(problem, raw=problem.raw[:RAW_LIMIT]))

    def finish(self) -> Tally:
        """Take in the rest, let go what the dump no longer shows, and derive the threads."""
        self._flush()
        for kind in reversed(self._shelves):
            self._forget_unseen(kind)
        if derive_threads(self._connection, self._touched, self._revision):
            self._changed = True
        self._write_problems()
        held = select(tables.captures.c.kind, func.count()).where(tables.captures.c.source == self._source)
        self.tally.held = {row[0]: row[1] for row in self._connection.execute(held.group_by(tables.captures.c.kind))}
        return self.tally

    @property
    def changed(self) -> bool:
        """Whether any record differs from before."""
        return self._changed

    def _flush(self) -> None:
        for kind in self._shelves:
            if batch := self._pending.pop(kind, None):
                self._take(kind, batch)
        self._pending_count = 0

    def _take(self, kind: str, batch: Sequence[tuple[Record, str]]) -> None:
        shelf = self._shelves[kind]
        states = self._states(shelf, [shelf.key(record) for record, _ in batch])
        for shown, locator in batch:
            state = states[shelf.key(shown)]
            record, origins = _without_origins(shown)
            if state.number in self._seen[kind]:
                self.tally.skipped[REPEATED] += 1
                earlier = state.captures[self._source]
                both = merged([earlier.payload or cast(Record, state.before), record])
                state.captures[self._source] = replace(earlier, payload=both)
            else:
                self._seen[kind].add(state.number)
                state.first_seen = True
                self._count(state, record)
                state.captures[self._source] = _Capture(locator, record, origins)
        self._settle(shelf, list(states.values()))

    def _states(self, shelf: Shelf[Any], keys: Iterable[Key]) -> dict[Key, _State]:
        """Every record of a batch by key, as it stands in the store."""
        wanted = dict.fromkeys(keys)
        held = shelf.by_key(wanted)
        captures = self._captures(shelf.kind, [number for number, _ in held.values()])
        states = {}
        for key in wanted:
            number, before = held.get(key, (None, None))
            states[key] = (
                _State(shelf.next_id(), None, {})
                if number is None
                else _State(number, before, captures.get(number, {}))
            )
        return states

    def _captures(self, kind: str, numbers: Iterable[int]) -> dict[int, dict[int, _Capture]]:
        table, found = tables.captures, defaultdict[int, dict[int, _Capture]](dict)
        for chunk in chunks(numbers):
            query = select(table).where(table.c.kind == kind, table.c.record.in_(chunk))
            for row in self._connection.execute(query).mappings():
                payload = row["payload"] and rows.payload_of(rows.KINDS[kind], row["payload"])
                origins = tuple(msgspec.json.decode(row["origins"])) if row["origins"] else ()
                found[row["record"]][row["source"]] = _Capture(row["locator"], payload, origins)
        return found

    def _count(self, state: _State, record: Record) -> None:
        """Say what becomes of a record met for the first time in this dump, before its capture is replaced."""
        if not state.captures:
            self.tally.new += 1
            return
        shown = [
            capture.payload or cast(Record, state.before)
            for source, capture in state.captures.items()
            if source != self._source
        ]
        if merged([*shown, record]) == state.before:
            self.tally.unchanged += 1
        else:
            self.tally.updated += 1

    def _settle(self, shelf: Shelf[Any], states: Sequence[_State]) -> None:
        """Write what the captures of each record now add up to, and the captures."""
        new, changed, captures = [], [], []
        for state in states:
            shown = [capture.payload or cast(Record, state.before) for capture in state.captures.values()]
            after = merged(shown)
            if state.before is None:
                new.append((state.number, after))
            elif after != state.before:
                changed.append((state.number, after))
            for source, capture, payload in zip(state.captures, state.captures.values(), shown, strict=True):
                captures.append(
                    {
                        "kind": shelf.kind,
                        "record": state.number,
                        "source": source,
                        "locator": capture.locator,
                        "payload": None if payload == after else rows.payload_text(payload),
                        "origins": msgspec.json.encode(capture.origins).decode() if capture.origins else None,
                    }
                )
        shelf.add(new)
        shelf.change(changed)
        if captures:
            self._connection.execute(insert(tables.captures).prefix_with("OR REPLACE"), captures)
        self._note_change(shelf.kind, new + changed)

    def _note_change(self, kind: str, items: Sequence[tuple[int, Record]]) -> None:
        """Remember what else must be looked at: threads of posts, and posts whose author, pins or reposts changed."""
        if not items:
            return
        self._changed = True
        posts = tables.posts
        if kind == "post":
            self._touched.update(number for number, _ in items)
        elif kind == "account":
            self._renew(posts.c.author.in_(chunk) for chunk in chunks(number for number, _ in items))
        elif kind in ("repost", "pin"):
            named = {(record.post.platform, record.post.id) for _, record in cast(Any, items)}
            self._renew(_is_one_of(chunk) for chunk in chunks(sorted(named)))

    def _renew(self, conditions: Iterable[Any]) -> None:
        """Give posts the revision of this loading, so that the index takes them in again."""
        for condition in conditions:
            self._connection.execute(update(tables.posts).where(condition).values(revision=self._revision))

    def _forget_unseen(self, kind: str) -> None:
        """Take away this dump's captures of records it shows no more, and what no dump shows at all."""
        table = tables.captures
        mine = select(table.c.record).where(table.c.kind == kind, table.c.source == self._source)
        gone = [number for number in self._connection.execute(mine).scalars() if number not in self._seen[kind]]
        shelf = self._shelves[kind]
        for chunk in chunks(gone):
            of_this = (table.c.kind == kind, table.c.record.in_(chunk))
            self._connection.execute(delete(table).where(*of_this, table.c.source == self._source))
            captures, held = self._captures(kind, chunk), shelf.by_id(chunk)
            orphans = [number for number in chunk if number not in captures]
            self._settle(shelf, [_State(n, held[n], captures[n]) for n in chunk if n in captures])
            self._drop(shelf, [(number, held[number]) for number in orphans])

    def _drop(self, shelf: Shelf[Any], items: Sequence[tuple[int, Record]]) -> None:
        numbers = [number for number, _ in items]
        if shelf.kind == "account":
            numbers = self._unnamed(numbers)
        elif shelf.kind == "post":
            self._touch_threads_of(numbers)
            self.tally.removed += len(numbers)
        else:
            self._note_change(shelf.kind, items)
        self._changed = self._changed or bool(numbers)
        shelf.drop(numbers)

    def _touch_threads_of(self, numbers: Sequence[int]) -> None:
        """Have the threads of posts about to be dropped derived anew, and their other posts indexed anew."""
        posts = tables.posts
        threads = select(posts.c.thread).where(posts.c.id.in_(numbers))
        self._touched.update(self._connection.execute(select(posts.c.id).where(posts.c.thread.in_(threads))).scalars())
        self._touched.difference_update(numbers)
        self._renew([posts.c.thread.in_(threads)])

    def _unnamed(self, numbers: Sequence[int]) -> list[int]:
        """Those accounts that no post, repost or pin names; the others keep their row, with what was known of them."""
        named: set[int | None] = set()
        for column in (tables.posts.c.author, tables.reposts.c.account, tables.pins.c.account):
            named.update(self._connection.execute(select(column).where(column.in_(numbers)).distinct()).scalars())
        return [number for number in numbers if number not in named]

    def _write_problems(self) -> None:
        table = tables.problems
        self._connection.execute(delete(table).where(table.c.source == self._source))
        found = [
            {"source": self._source, "locator": p.locator, "reason": p.reason, "raw": p.raw}
            for p in self.tally.problems
        ]
        if found:
            self._connection.execute(insert(table), found)


_KIND_OF: dict[type[Any], str] = {Account: "account", Post: "post", Repost: "repost", Pin: "pin", Gap: "gap"}


def _without_origins(record: Record) -> tuple[Record, tuple[str, ...]]:
    """A record apart from the dumps an earlier archive had it from: these belong to the capture."""
    if isinstance(record, Post) and record.origins:
        return replace(record, origins=()), record.origins
    return record, ()


def _is_one_of(keys: Sequence[tuple[str, str]]) -> Any:
    return tuple_(tables.posts.c.platform, tables.posts.c.ref).in_(keys)
