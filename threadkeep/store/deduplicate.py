"""Joining what turns out to be one: an account met by handle and by id, a post met in a paste and in an export.

    account x:~mira, account x:123 with the handle mira        -> x:123
    post x:~1f0c… by mira in a paste, post x:1750… by mira     -> x:1750…, if all that the paste shows agrees

Only what a dump shows without a native id is ever joined to something, and only to what has one: two native ids are two
things. Which account or post that is depends on the set of what is held, not on the order in which it came: what was
joined leaves again when a second post comes with which it agrees as well, or when its own is no more.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, delete

from threadkeep.records import Account, Post, Record, Ref
from threadkeep.store import tables
from threadkeep.store.bulk_sql import chunks
from threadkeep.store.captures import Capture, Captures, RecordState, Shown, with_identity
from threadkeep.store.content_key import content_key
from threadkeep.store.identity import best_match
from threadkeep.store.merge import merged

MARK_ROWS = 20_000
"""How many rows are marked by one statement; a large archive has millions."""

BATCH = 400
"""How many posts shown without an id are looked at together."""

_SAME_HANDLE = """
    SELECT DISTINCT same.id FROM joining JOIN accounts AS touched ON touched.id = joining.id
    JOIN accounts AS same ON same.handle = touched.handle COLLATE NOCASE AND same.platform = touched.platform
    WHERE same.ref LIKE '~%' OR EXISTS (SELECT 1 FROM aliases WHERE kind = 'account' AND record = same.id)
    UNION SELECT joining.id FROM joining JOIN aliases ON aliases.kind = 'account' AND aliases.record = joining.id
"""
_WITH_HANDLE = """
    SELECT id, ref FROM accounts WHERE handle = ? COLLATE NOCASE AND platform = ? AND ref NOT LIKE '~%'
"""
_LETTERS = "substr(touched.words, 1, 30)"
_SAME_BEGINNING = f"""
    SELECT DISTINCT other.id FROM joining CROSS JOIN posts AS touched ON touched.id = joining.id
    CROSS JOIN posts AS other
    ON other.author = touched.author AND other.words >= {_LETTERS} AND other.words < {_LETTERS} || char(1114111)
    WHERE other.ref LIKE '~%' OR EXISTS (SELECT 1 FROM aliases WHERE kind = 'post' AND record = other.id)
"""
_ALIASED = """
    SELECT DISTINCT joining.id FROM joining CROSS JOIN aliases ON aliases.kind = 'post' AND aliases.record = joining.id
    UNION
    SELECT DISTINCT held.id FROM aliases CROSS JOIN posts AS held ON held.id = aliases.record
    WHERE aliases.kind = 'post' AND held.edits <> '[]'
    AND held.author IN (SELECT author FROM posts JOIN joining ON joining.id = posts.id)
"""
"""Posts to which others are joined, where that may change: they were touched, or have earlier texts."""

_LEFT = """
    SELECT id FROM posts WHERE author = ?1 AND words >= substr(?2, 1, 30) AND words < substr(?2, 1, 30) || char(1114111)
    AND (ref LIKE '~%' OR EXISTS (SELECT 1 FROM aliases WHERE kind = 'post' AND record = posts.id))
"""
_CANDIDATES = """
    SELECT shown.n, posts.id FROM shown CROSS JOIN posts
    ON posts.author = shown.author AND posts.words >= shown.words AND posts.words <= shown.upto
    WHERE posts.ref NOT LIKE '~%'
    UNION SELECT shown.n, earlier.post FROM shown JOIN earlier
    ON earlier.author = shown.author AND earlier.words >= shown.words AND earlier.words <= shown.upto
"""

NoteKnown = Callable[[str, RecordState], None]
"""Told of every record about to change, as it stood."""


@dataclass(slots=True)
class DeduplicationResult:
    """Posts whose thread must be derived anew, rows of posts that are no more, and whether anything changed."""

    touched: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    changed: bool = False


class Deduplicator:
    """One pass over what a loading touched."""

    def __init__(self, connection: Connection, captures: Captures, revision: int, note_known: NoteKnown) -> None:
        self._connection = connection
        self._captures = captures
        self._revision = revision
        self._note_known = note_known
        self._result = DeduplicationResult()
        self._run = connection.exec_driver_sql

    def run(
        self, posts: Iterable[int], accounts: Iterable[int], left: Iterable[tuple[int, str]] = ()
    ) -> DeduplicationResult:
        """Join what the rows given show without ids to what it is one with, and part what is one no more.

        ``left`` are authors and words of posts that went.
        """
        self._forget_names_of_nothing()
        for numbers in chunks(self._marked(accounts, _SAME_HANDLE), BATCH):
            self._join_accounts(numbers)
        posts = {*posts, *self._result.touched}
        affected = {*self._marked(posts, _SAME_BEGINNING, _ALIASED), *self._with_earlier_texts(posts)}
        for author, words in left:
            affected.update(row[0] for row in self._run(_LEFT, (author, words)))
        for numbers in chunks(sorted(affected), BATCH):
            self._join_posts(numbers)
        return self._result

    def _marked(self, numbers: Iterable[int], *queries: str) -> list[int]:
        """What the queries find for the rows ``numbers``, which they read from the table ``joining``."""
        self._run("CREATE TEMP TABLE IF NOT EXISTS joining (id INTEGER PRIMARY KEY)")
        self._run("DELETE FROM joining")
        for chunk in chunks(sorted(numbers), MARK_ROWS):
            self._run("INSERT OR IGNORE INTO joining VALUES (?)", [(number,) for number in chunk])
        return sorted({row[0] for query in queries for row in self._run(query)})

    def _with_earlier_texts(self, numbers: Iterable[int]) -> Iterator[int]:
        """Posts shown without an id whose words one of the posts ``numbers`` had before an edit."""
        rows = self._run(
            "SELECT posts.id FROM joining JOIN posts ON posts.id = joining.id WHERE posts.edits <> '[]'"
        ).all()
        for chunk in chunks(row[0] for row in rows):
            for author, words, _ in self._earlier(self._captures.posts.by_id(chunk)):
                yield from (row[0] for row in self._run(_LEFT, (author, words)))

    def _earlier(self, posts: dict[int, Post]) -> Iterator[tuple[int, str, int]]:
        for number, post in posts.items():
            for edit in post.edits:
                words = content_key(replace(post, text=edit.text, links=()))
                if words and post.author:
                    yield self._captures.accounts.row_of(post.author), words, number

    # Accounts

    def _join_accounts(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            held = self._captures.accounts.by_id((number,))
            if number not in held:
                continue
            state = self._captures.states_in("account", held)[number]
            self._forget_names("account", state)
            for ref, shown in self._parts_of(state).items():
                account = merged([cast(Account, part.record) for _, part in shown])
                into = self._account_with(account)
                stands = state.before is not None and cast(Account, state.before).ref == ref
                if into != number and not (into is None and stands):
                    self._move("account", number, ref, into)

    def _account_with(self, account: Account) -> int | None:
        """The row of the oldest account that has an id and this handle."""
        if not account.handle:
            return None
        rows = self._run(_WITH_HANDLE, (account.handle, account.ref.platform)).all()
        return min(((Ref("", ref).age, number) for number, ref in rows), default=(None, None))[1]

    # Posts

    def _join_posts(self, numbers: Sequence[int]) -> None:
        states = self._captures.states_in("post", self._captures.posts.by_id(numbers))
        shown: list[tuple[int, Ref, Post]] = []
        for number, state in states.items():
            self._forget_names("post", state)
            for ref, parts in self._parts_of(state).items():
                self._captures.learn_names("post", [part.record for _, part in parts])
                post = self._captures.merge("post", [(source, part.record) for source, part in parts])
                shown.append((number, ref, cast(Post, post)))
        candidates = self._candidates([post for _, _, post in shown])
        for place, (number, ref, post) in enumerate(shown):
            found = candidates.get(place, {})
            into = best_match(post, found)
            held = states[number].before
            is_native = held is not None and held.ref.is_native if isinstance(held, Post) else False
            stands = isinstance(held, Post) and held.ref == ref and not is_native
            row = number
            if into is not None and into != number:
                self._move("post", number, ref, into)
            elif into is None and not stands:
                row = self._move("post", number, ref, None)
            if into is None:
                self._mark_doubtful(row, doubtful=bool(found))

    def _candidates(self, shown: Sequence[Post]) -> dict[int, dict[int, Post]]:
        """The posts with ids that may be those ``shown``, by their rows, as the dumps show them with their ids."""
        self._run(
            "CREATE TEMP TABLE IF NOT EXISTS shown (n INTEGER PRIMARY KEY, author INTEGER, words TEXT, upto TEXT)"
        )
        self._run("CREATE TEMP TABLE IF NOT EXISTS earlier (author INTEGER, words TEXT, post INTEGER)")
        self._run("DELETE FROM shown")
        self._run("DELETE FROM earlier")
        rows = []
        for place, post in enumerate(shown):
            words = content_key(post)
            if words and post.author:
                whole = not words.endswith("…")
                low = words if whole else words[:-1]
                rows.append(
                    (place, self._captures.accounts.row_of(post.author), low, low if whole else low + "\U0010ffff")
                )
        if not rows:
            return {}
        self._run("INSERT INTO shown VALUES (?, ?, ?, ?)", rows)
        edited = self._run(
            "SELECT id FROM posts WHERE edits <> '[]' AND ref NOT LIKE '~%' AND author IN (SELECT author FROM shown)"
        ).all()
        for chunk in chunks(row[0] for row in edited):
            earlier = list(self._earlier(self._captures.posts.by_id(chunk)))
            if earlier:
                self._run("INSERT INTO earlier VALUES (?, ?, ?)", earlier)
        pairs = [(row[0], row[1]) for row in self._run(_CANDIDATES)]
        natives = self._as_native({number for _, number in pairs})
        found: dict[int, dict[int, Post]] = defaultdict(dict)
        for place, number in pairs:
            found[place][number] = natives[number]
        return found

    def _as_native(self, numbers: set[int]) -> dict[int, Post]:
        """The posts in the rows ``numbers`` as the dumps show them with their ids."""
        posts = self._captures.posts.by_id(numbers)
        mixed = {row[0] for row in self._run("SELECT record FROM aliases WHERE kind = 'post'")} & numbers
        for number, state in self._captures.states_in("post", {one: posts[one] for one in mixed}).items():
            native = [
                (source, record)
                for source, record in state.shown()
                if isinstance(record, Post) and record.ref.is_native
            ]
            if native:
                self._captures.learn_names("post", [record for _, record in native])
                posts[number] = cast(Post, self._captures.merge("post", native))
        return posts

    def _mark_doubtful(self, number: int, *, doubtful: bool) -> None:
        """Say of a post that stands alone whether it may be another."""
        post = self._captures.posts.by_id((number,)).get(number)
        if post is None or ("identity" in post.inferred) == doubtful:
            return
        state = self._captures.states_in("post", {number: post})[number]
        self._note_known("post", state)
        marked = with_identity(post, doubtful=doubtful)
        for source, capture in state.captures.items():
            if capture.payload is None:
                state.captures[source] = replace(capture, payload=with_identity(post, doubtful=False))
        state.before = marked
        self._captures.posts.change([(number, marked)])
        self._captures.write_merged("post", [state])
        self._touch(number)

    # Moving what was shown under one name from row to row

    def _parts_of(self, state: RecordState) -> dict[Ref, list[tuple[int, Shown]]]:
        """What dumps show in a row without a native id, by the name under which they do, behind the dumps' rows."""
        found: dict[Ref, list[tuple[int, Shown]]] = defaultdict(list)
        for source, capture in state.captures.items():
            for name, part in capture.parts(state.before).items():
                if isinstance(name, Ref):
                    found[name].append((source, part))
        return dict(sorted(found.items(), key=lambda item: str(item[0])))

    def _forget_names(self, kind: str, state: RecordState) -> None:
        """Take back names of a record under which no dump shows it any more."""
        own = cast(Any, state.before).ref
        query = "SELECT platform, ref FROM aliases WHERE kind = ? AND record = ?"
        names = {Ref(row[0], row[1]) for row in self._run(query, (kind, state.number))}
        for ref in sorted(names - self._parts_of(state).keys() | names & {own}, key=str):
            namers = self._all_namers(ref) if ref == own else self._namers(kind, state.number, own, ref)
            self._alias(kind, ref, state.number, is_own=True)
            if kind == "post":
                self._captures.rename_post(ref, ref)
            else:
                self._captures.accounts.forget(ref)
            self._derive_again(namers)
            self._result.changed = True

    def _forget_names_of_nothing(self) -> None:
        """Take back names of posts that are no more."""
        gone = """
            SELECT platform, ref, record FROM aliases
            WHERE kind = 'post' AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = aliases.record)
        """
        for platform, ref, number in self._run(gone).all():
            name = Ref(platform, ref)
            self._alias("post", name, number, is_own=True)
            self._captures.rename_post(name, name)
            self._derive_again(self._all_namers(name))
            self._result.changed = True

    def _move(self, kind: str, number: int, ref: Ref, into: int | None) -> int:
        """Let what dumps show under ``ref`` in the row ``number`` stand in the row ``into``, or in one of its own."""
        repository = self._captures.repositories[kind]
        giver = self._captures.states_in(kind, repository.by_id((number,)))[number]
        if into is None:
            taker = RecordState(repository.next_id(), None, {})
        else:
            taker = self._captures.states_in(kind, repository.by_id((into,)))[into]
            self._note_known(kind, taker)
        self._note_known(kind, giver)
        old = cast(Any, giver.before).ref
        kept: dict[int, Capture] = {}
        for source, capture in giver.captures.items():
            parts = capture.parts(giver.before)
            part = parts.pop(ref, None)
            if parts:
                kept[source] = Capture.of(parts)
            if part is not None:
                there = taker.captures.get(source)
                taker.captures[source] = (
                    Capture.of({ref: part}) if there is None else there.joined_to(taker.before, [part])
                )
        self._captures.forget_captures(kind, number, giver.captures)
        giver.captures = kept
        namers = self._namers(kind, number, old, ref) if old.is_native or old == ref else self._all_namers(ref)
        if kept:
            self._captures.write_merged(kind, [giver])
        [*_, after] = [self._captures.merge(kind, self._learnt(kind, taker))]
        known_as = cast(Any, after).ref
        self._captures.write_merged(kind, [taker])
        if kind == "account":
            self._captures.accounts.rename(ref, taker.number, cast(Account, after))
        else:
            self._captures.rename_post(ref, known_as)
        self._alias(kind, ref, taker.number, is_own=known_as == ref)
        self._derive_again(namers)
        if not kept:
            self._drop(kind, number, taker.number)
        for row in (number, taker.number) if kind == "post" else ():
            self._touch(row)
        self._result.changed = True
        return taker.number

    def _learnt(self, kind: str, state: RecordState) -> list[tuple[int, Record]]:
        shown = state.shown()
        self._captures.learn_names(kind, [record for _, record in shown])
        return shown

    def _alias(self, kind: str, ref: Ref, number: int, *, is_own: bool) -> None:
        table = tables.aliases
        mine = (table.c.kind == kind, table.c.platform == ref.platform, table.c.ref == ref.id)
        self._connection.execute(delete(table).where(*mine))
        if not is_own:
            self._captures.repositories[kind].add_alias(ref, number)

    def _drop(self, kind: str, number: int, into: int) -> None:
        """Take out a row of which nothing is shown any more; what hung below it hangs below another."""
        self._run("UPDATE aliases SET record = ? WHERE kind = ? AND record = ?", (into, kind, number))
        if kind == "post":
            below = self._run("SELECT id FROM posts WHERE above = ?1 OR thread = ?1", (number,))
            self._result.touched.update(row[0] for row in below)
            self._captures.posts.drop([number])
            self._result.touched.discard(number)
            self._result.gone.add(number)
        else:
            self._captures.repositories[kind].drop([number])

    def _touch(self, number: int) -> None:
        if number not in self._result.gone:
            self._run("UPDATE posts SET revision = ? WHERE id = ?", (self._revision, number))
            self._result.touched.add(number)
            self._result.changed = True

    def _namers(self, kind: str, number: int, old: Ref, ref: Ref) -> dict[str, list[int]]:
        """The rows of records that name the account or post in the row ``number`` as ``ref``."""
        if kind == "account":
            queries = {name: f"SELECT id FROM {name}s WHERE {column} = ?" for name, column in _ACCOUNT_COLUMNS.items()}
            values: tuple[Any, ...] = (number,)
        else:
            queries = {name: f"SELECT id FROM {name}s WHERE platform = ?1 AND ref = ?2" for name in ("repost", "pin")}
            queries["post"] = """
                SELECT id FROM posts WHERE platform = ?1 AND reply_to = ?2
                UNION SELECT id FROM posts WHERE platform = ?1 AND root = ?2
                UNION SELECT post FROM quotes WHERE platform = ?1 AND ref = ?2
            """
            values = (old.platform, old.id)
        found = {name: [row[0] for row in self._run(query, values)] for name, query in queries.items()}
        if old == ref:
            return found
        written = "%" + msgspec.json.encode(ref.id).decode() + "%"
        named = "SELECT 1 FROM captures WHERE kind = ? AND record = ? AND payload LIKE ? LIMIT 1"
        return {
            name: [row for row in rows if self._run(named, (name, row, written)).first()]
            for name, rows in found.items()
        }

    def _all_namers(self, ref: Ref) -> dict[str, list[int]]:
        """The rows of all records that dumps show naming ``ref``, where what it was known by is no more."""
        query = "SELECT DISTINCT record FROM captures WHERE kind = ? AND payload LIKE ?"
        written = "%" + msgspec.json.encode(ref.id).decode() + "%"
        return {kind: [row[0] for row in self._run(query, (kind, written))] for kind in _ACCOUNT_COLUMNS}

    def _derive_again(self, namers: dict[str, list[int]]) -> None:
        """Derive anew what names something that is known by another name now."""
        for chunk in chunks(namers["post"]):
            states = self._captures.states_in("post", self._captures.posts.by_id(chunk))
            for state in states.values():
                self._note_known("post", state)
            self._captures.write_merged("post", list(states.values()))
            self._result.touched.update(states)
        for kind in ("repost", "pin"):
            for number in namers[kind]:
                self._address_again(kind, number)

    def _address_again(self, kind: str, number: int) -> None:
        """Let a repost or a pin stand where its account and post, by the names they have now, put it."""
        repository = self._captures.repositories[kind]
        state = self._captures.states_in(kind, repository.by_id((number,)))[number]
        self._note_known(kind, state)
        self._captures.learn_names(kind, [record for _, record in state.shown()])
        moving: dict[Any, list[tuple[int, Shown]]] = defaultdict(list)
        for source, capture in state.captures.items():
            for part in capture.parts(state.before).values():
                moving[repository.key(self._captures.with_known_names(part.record))].append((source, part))
        own = tuple(self._run(f"SELECT account, platform, ref FROM {kind}s WHERE id = ?", (number,)).one())
        if set(moving) == {own}:
            return
        self._captures.forget_captures(kind, number, state.captures)
        repository.drop([number])
        self._run("DELETE FROM captures WHERE kind = ? AND record = ?", (kind, number))
        for key, taker in self._captures.states(kind, moving).items():
            fresh = taker.before is None
            if fresh and len(moving) == 1:
                taker.number = number
            self._note_known(kind, taker) if not fresh or len(moving) > 1 else None
            for source, part in moving[key]:
                there = taker.captures.get(source)
                name: Hashable = next(iter(Capture(part.locator, part.record).parts(None)))
                taker.captures[source] = (
                    Capture.of({name: part}) if there is None else there.joined_to(taker.before, [part])
                )
            self._captures.write_merged(kind, [taker])


_ACCOUNT_COLUMNS = {"post": "author", "repost": "account", "pin": "account"}
