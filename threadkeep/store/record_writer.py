"""Taking one dump's records into the store: new, updated, unchanged or repeated, counted so that everything adds up.

Each record remembers which dumps showed it (``captures``). Where they differ, what each showed is kept as its capture's
payload, and the record is what ``merge.merged`` makes of them; so a dump can be read again, or taken away, at any time
without leaving a trace of what it showed before.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, delete, insert, select

from threadkeep.records import (
    Account,
    Boundary,
    Exported,
    Gap,
    Parsed,
    Pin,
    Post,
    Problem,
    Record,
    Repost,
    Skipped,
    post_ref,
)
from threadkeep.store import tables
from threadkeep.store.bulk_sql import chunks
from threadkeep.store.captures import Capture, Captures, Item, RecordState, Shown, with_identity
from threadkeep.store.content_key import contradicts
from threadkeep.store.deduplicate import Deduplicator
from threadkeep.store.deferred_indexes import drop_indexes, holds_posts
from threadkeep.store.repositories import Repository
from threadkeep.store.row_mapping import payload_text
from threadkeep.store.threads import derive_threads

BATCH = 2000
"""How many records are taken in at a time; this, not the size of a dump, bounds memory."""

INDEXED_LATER = 500_000
"""Up to how many records indexes are put off: SQLite sorts their rows in memory, some 150 bytes a post."""

RAW_LIMIT = 4000
"""How much of an entry that could not be read is kept beside its problem, in code points."""

REPEATED = "repeated in this dump"


@dataclass(slots=True)
class ImportCounts:
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
    exported: datetime | None = None
    """When the network made the export, where it says so."""
    held: dict[str, int] = field(default_factory=dict)
    """How many distinct records of each kind the dump holds."""


class RecordWriter:
    """One dump being taken in, inside one transaction. ``source`` is its row in ``sources``."""

    def __init__(self, connection: Connection, source: int, revision: int) -> None:
        self.counts = ImportCounts()
        self._connection = connection
        self._source = source
        self._revision = revision
        self._captures = Captures(connection, revision)
        self._pending: dict[str, list[tuple[Record, str]]] = defaultdict(list)
        self._pending_count = 0
        self._seen_ids: dict[str, set[int]] = defaultdict(set)
        self._known_digests: dict[str, dict[int, bytes]] = defaultdict(dict)
        """The records that were held before this dump was read, as they stood then."""
        self._new_ids: dict[str, set[int]] = defaultdict(set)
        """The records that nothing had shown before this dump."""
        self._taken = 0
        """How many records were given, repeated ones included."""
        self._left: set[tuple[int, str]] = set()
        """Authors and words of posts that are no more, or no more have these words."""
        self._dirty_threads: set[int] = set()
        """Posts whose place in a thread may have changed."""
        self._dirty_accounts: set[int] = set()
        """Accounts of which something changed."""
        self._accounts_with_posts: set[int] = set()
        """Those of them that had a row before, and so perhaps posts."""
        self._changed = False
        self._is_bare = not holds_posts(connection)
        self._put_off: list[str] = []
        self._is_first = not self._shows_anything()

    def _shows_anything(self) -> bool:
        """Whether an earlier reading of the dump gave anything."""
        table = tables.captures
        return (
            self._connection.execute(select(table.c.kind).where(table.c.source == self._source).limit(1)).first()
            is not None
        )

    def add(self, parsed: Parsed, locator: str) -> None:
        """Take in what a parser yielded for the entry at ``locator``."""
        if isinstance(parsed, Boundary):
            self.counts.to_check += parsed.band == "check"
            return
        if isinstance(parsed, Exported):
            self.counts.exported = parsed.when
            self._captures.set_exported(self._source, parsed.when)
            return
        self.counts.read += 1
        if isinstance(parsed, Skipped):
            self.counts.skipped[parsed.reason] += 1
            return
        self._pending[_KIND_OF[type(parsed)]].append((parsed, locator))
        self._pending_count += 1
        if self._pending_count >= BATCH:
            if self._is_bare:
                self._is_bare, self._put_off = False, drop_indexes(self._connection)
            self._flush()
            if self.counts.read > INDEXED_LATER:
                self._make_indexes()

    def problem(self, problem: Problem) -> None:
        """Take in an entry that could not be read."""
        self.counts.read += 1
        self.counts.problems.append(replace(problem, raw=problem.raw[:RAW_LIMIT]))

    def finish(self) -> ImportCounts:
        """Take in the rest, let go what the dump no longer shows, and derive the threads."""
        self._flush()
        self._make_indexes()
        if not self._is_first:
            for kind in reversed(self._captures.repositories):
                self._forget_unseen(kind)
        self._renew("author = ?", [(number,) for number in sorted(self._accounts_with_posts)])
        joined = Deduplicator(self._connection, self._captures, self._revision, self._note_known).run(
            self._dirty_threads, self._dirty_accounts, self._left
        )
        self._dirty_threads.update(joined.touched)
        self._dirty_threads.difference_update(joined.gone)
        self._changed = self._changed or joined.changed
        if derive_threads(self._connection, self._dirty_threads, self._revision):
            self._changed = True
        self._write_problems()
        self._count_held()
        return self.counts

    def _make_indexes(self) -> None:
        for statement in self._put_off:
            self._connection.exec_driver_sql(statement)
        self._put_off = []

    @property
    def changed(self) -> bool:
        """Whether any record differs from before."""
        return self._changed

    def _flush(self) -> None:
        for kind in self._captures.repositories:
            if batch := self._pending.pop(kind, None):
                self._take(kind, batch)
        self._pending_count = 0

    def _take(self, kind: str, batch: Sequence[tuple[Record, str]]) -> None:
        repository, seen = self._captures.repositories[kind], self._seen_ids[kind]
        self._taken += len(batch)
        self._captures.learn_names(kind, [record for record, _ in batch])
        known = self._captures.with_known_names if kind in ("repost", "pin") else _as_it_is
        keys = [repository.key(known(record)) for record, _ in batch]
        states = self._captures.states(kind, keys)
        apart: list[tuple[Record, str]] = []
        for key, (given, locator) in zip(keys, batch, strict=True):
            state = states[key]
            shown = _shown(given, locator)
            if state.number in seen:
                earlier = state.captures[self._source]
                if (other := self._set_apart(shown.record, locator, earlier, state.before)) is not None:
                    apart.append((other, locator))
                    continue
                if shown.record not in earlier.all(state.before):
                    state.captures[self._source] = earlier.joined_to(state.before, [shown])
            else:
                seen.add(state.number)
                self._note_known(kind, state)
                earlier_one = state.captures.get(self._source)
                state.captures[self._source] = Capture(shown.locator, shown.record, shown.origins)
                if earlier_one is not None and (earlier_one.others or not _has_id(earlier_one.payload)):
                    self._note_without_id(kind, state.number)
            if not _has_id(shown.record):
                self._note_without_id(kind, state.number)
        self._note_change(kind, *self._captures.write_merged(kind, list({id(s): s for s in states.values()}.values())))
        if apart:
            self._taken -= len(apart)
            self._take(kind, apart)

    def _set_apart(self, record: Record, locator: str, earlier: Capture, before: Record | None) -> Post | None:
        """The post that has the id of an earlier one of this dump and is another, without that id; None if it is not.

        A problem names both: one of the two has an id that is not its own, and nobody knows which.
        """
        first = earlier.all(before)[0]
        if not (isinstance(record, Post) and isinstance(first, Post) and record.ref.is_native):
            return None
        if not contradicts(first, record):
            return None
        reason = (
            f"another post than {earlier.locator} has the same id, {record.ref.id}: both are kept, this one without it"
        )
        self.problem(Problem(locator, reason, record.text))
        own = post_ref(record.ref.platform, record.ref.id, record.text, record.created)
        return replace(record, ref=own, inferred=(*record.inferred, "id"))

    def _note_without_id(self, kind: str, number: int) -> None:
        """Remember a row of which something is shown without an id: what that is is looked at again."""
        if kind == "post":
            self._dirty_threads.add(number)
        elif kind == "account":
            self._dirty_accounts.add(number)

    def _note_known(self, kind: str, state: RecordState) -> None:
        """Remember how a record stood before this dump, before its captures change; or that nothing had shown it.

        Whether a known one is updated shows only at the end, since the dump may show it again, and more of it.
        """
        if state.number in self._known_digests[kind] or state.number in self._new_ids[kind]:
            return
        if state.captures and state.before is not None:
            self._known_digests[kind][state.number] = _digest(state.before)
        else:
            self._new_ids[kind].add(state.number)

    def _count_held(self) -> None:
        """Count what this dump holds now: what is joined to something else in it was repeated, not new."""
        for kind, repository in self._captures.repositories.items():
            mine = select(tables.captures.c.record).where(
                tables.captures.c.kind == kind, tables.captures.c.source == self._source
            )
            held = set(self._connection.execute(mine).scalars())
            if held:
                self.counts.held[kind] = len(held)
            known = {number: digest for number, digest in self._known_digests[kind].items() if number in held}
            self.counts.new += len(held) - len(known)
            for chunk in chunks(known):
                for number, record in repository.by_id(chunk).items():
                    if _digest(record) == known[number]:
                        self.counts.unchanged += 1
                    else:
                        self.counts.updated += 1
        if repeated := self._taken - sum(self.counts.held.values()):
            self.counts.skipped[REPEATED] += repeated

    def _note_change(self, kind: str, new: Sequence[Item], changed: Sequence[Item]) -> None:
        """Remember what else must be looked at: threads of posts, and posts whose author, pins or reposts changed."""
        items = [*new, *changed]
        if not items:
            return
        self._changed = True
        if kind == "post":
            self._dirty_threads.update(number for number, _ in items)
        elif kind == "account":
            self._dirty_accounts.update(number for number, _ in items)
            self._accounts_with_posts.update(number for number, _ in changed)
        elif kind in ("repost", "pin"):
            named = {(record.post.platform, record.post.id) for _, record in cast(Any, items)}
            self._renew("platform = ? AND ref = ?", sorted(named))

    def _renew(self, condition: str, values: Sequence[tuple[str | int, ...]]) -> None:
        """Give the posts of which ``condition`` holds the revision of this loading: the index takes them in again."""
        if values:
            revision = self._revision
            self._connection.exec_driver_sql(
                f"UPDATE posts SET revision = {revision} WHERE {condition} AND revision <> {revision}", list(values)
            )

    def _forget_unseen(self, kind: str) -> None:
        """Take away this dump's captures of records it shows no more, and what no dump shows at all."""
        table = tables.captures
        mine = select(table.c.record).where(table.c.kind == kind, table.c.source == self._source)
        gone = [number for number in self._connection.execute(mine).scalars() if number not in self._seen_ids[kind]]
        repository = self._captures.repositories[kind]
        for chunk in chunks(gone):
            of_this = (table.c.kind == kind, table.c.record.in_(chunk))
            self._connection.execute(delete(table).where(*of_this, table.c.source == self._source))
            states = self._captures.states_in(kind, repository.by_id(chunk)).values()
            for state in states:
                if state.captures:
                    self._note_without_id(kind, state.number)
            self._note_change(kind, *self._captures.write_merged(kind, [state for state in states if state.captures]))
            orphans = [(state.number, state.before) for state in states if not state.captures]
            self._drop(repository, cast(Any, orphans))

    def _drop(self, repository: Repository[Any], items: Sequence[tuple[int, Record]]) -> None:
        numbers = [number for number, _ in items]
        if repository.kind == "account":
            numbers = self._unreferenced(numbers)
        elif repository.kind == "post":
            self._touch_threads_of(numbers)
            self._note_left(numbers)
            self.counts.removed += len(numbers)
        else:
            self._note_change(repository.kind, (), items)
        self._changed = self._changed or bool(numbers)
        repository.drop(numbers)

    def _note_left(self, numbers: Sequence[int]) -> None:
        """Remember author and words of posts: what is shown without an id may be another one of them now."""
        posts = tables.posts
        found = select(posts.c.author, posts.c.words).where(posts.c.id.in_(numbers), posts.c.words.is_not(None))
        self._left.update((row[0], row[1]) for row in self._connection.execute(found) if row[0] is not None)

    def _touch_threads_of(self, numbers: Sequence[int]) -> None:
        """Have the threads of posts about to be dropped derived anew, and their other posts indexed anew."""
        posts = tables.posts
        threads = select(posts.c.thread).where(posts.c.id.in_(numbers))
        self._dirty_threads.update(
            self._connection.execute(select(posts.c.id).where(posts.c.thread.in_(threads))).scalars()
        )
        self._dirty_threads.difference_update(numbers)
        self._renew("thread IN (SELECT thread FROM posts WHERE id = ?)", [(number,) for number in numbers])

    def _unreferenced(self, numbers: Sequence[int]) -> list[int]:
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
            for p in self.counts.problems
        ]
        if found:
            self._connection.execute(insert(table), found)


_KIND_OF: dict[type[Any], str] = {Account: "account", Post: "post", Repost: "repost", Pin: "pin", Gap: "gap"}


def _digest(record: Record) -> bytes:
    return hashlib.blake2b(payload_text(record).encode(), digest_size=16).digest()


def _has_id(record: Record | None) -> bool:
    return not isinstance(record, Post | Account) or record.ref.is_native


def _as_it_is(record: Record) -> Record:
    return record


def _shown(record: Record, locator: str) -> Shown:
    """A record apart from the dumps an earlier archive had it from, and from what that archive thought of it."""
    if not isinstance(record, Post):
        return Shown(locator, record)
    origins = record.origins
    if origins or "identity" in record.inferred:
        record = with_identity(replace(record, origins=()), doubtful=False)
    return Shown(locator, record, origins)
