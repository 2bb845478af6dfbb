"""Joining what turns out to be one: an account met by handle and by id, a post met in a paste and in an export.

    account x:~mira, account x:123 with the handle mira        -> x:123
    post x:~1f0c… by mira in a paste, post x:1750… by mira     -> x:1750…, if their words are the same

Only a record without a native id is ever joined to another, and only to one that has it: two native ids are two things.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import Connection, delete, or_, select, text, update

from threadkeep.records import Post, Ref
from threadkeep.store import tables
from threadkeep.store.bulk_sql import chunks
from threadkeep.store.captures import Captures
from threadkeep.store.content_key import LETTERS_OF_A_CUT_TEXT, content_key

MARK_ROWS = 20_000
"""How many rows are marked by one statement; a large archive has millions."""

_SAME_HANDLE = """
    SELECT same.id, same.platform, same.ref, lower(same.handle)
    FROM joining JOIN accounts AS touched ON touched.id = joining.id
    JOIN accounts AS same ON same.handle = touched.handle COLLATE NOCASE AND same.platform = touched.platform
"""
_SAME_WORDS = """
    SELECT ours.id, native.ref, native.id
    FROM joining JOIN posts AS touched ON touched.id = joining.id
    JOIN posts AS ours ON ours.author = touched.author AND ours.words = touched.words
    JOIN posts AS native ON native.author = touched.author AND native.words = touched.words
    WHERE ours.ref LIKE '~%' AND native.ref NOT LIKE '~%' AND touched.id IN (ours.id, native.id)
"""
_BEGINNING = "substr(cut.words, 1, length(cut.words) - 1)"
_BEGINS = f"""
    whole.author = cut.author AND whole.words > {_BEGINNING} AND whole.words < {_BEGINNING} || char(1114111)
    AND whole.words LIKE '%#%' AND whole.ref NOT LIKE '~%'
"""
_CUT = f"""
    SELECT cut.id, whole.ref, whole.id
    FROM joining JOIN posts AS cut ON cut.id = joining.id JOIN posts AS whole ON {_BEGINS}
    WHERE cut.words LIKE '%…' AND cut.ref LIKE '~%'
"""
_WHOLE = f"""
    SELECT cut.id, whole.ref, whole.id
    FROM joining JOIN posts AS whole ON whole.id = joining.id JOIN posts AS cut ON cut.author = whole.author
    WHERE cut.words LIKE '%…' AND cut.ref LIKE '~%' AND {_BEGINS}
"""
"""Each gives posts without a native id, with the ref and the row of a post that has one and is the same."""

_PERHAPS_ANOTHER = f"""
    SELECT DISTINCT held.id
    FROM aliases JOIN posts AS held ON held.id = aliases.record
    JOIN posts AS native ON native.author = held.author
    AND native.words >= substr(held.words, 1, {LETTERS_OF_A_CUT_TEXT})
    AND native.words < substr(held.words, 1, {LETTERS_OF_A_CUT_TEXT}) || char(1114111)
    JOIN joining ON joining.id = native.id
    WHERE aliases.kind = 'post' AND aliases.ref LIKE '~%' AND native.ref NOT LIKE '~%' AND native.ref < held.ref
"""
"""Posts to which others were joined, where one with a lower id came that begins alike."""

_NATIVE = """
    SELECT id FROM posts WHERE author = :author AND words = :words AND ref NOT LIKE '~%' ORDER BY ref LIMIT 1
"""
_NATIVE_BEGINNING = """
    SELECT id FROM posts
    WHERE author = :author AND words > :words AND words < :words || char(1114111)
    AND words LIKE '%#%' AND ref NOT LIKE '~%' ORDER BY ref LIMIT 1
"""


@dataclass(slots=True)
class DeduplicationResult:
    """Posts whose thread must be derived anew, and rows of posts that are no more."""

    touched: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)


class Deduplicator:
    """One pass over what a loading touched."""

    def __init__(self, connection: Connection, captures: Captures, revision: int) -> None:
        self._connection = connection
        self._captures = captures
        self._revision = revision
        self._joined = DeduplicationResult()

    def run(self, posts: Iterable[int], accounts: Iterable[int]) -> DeduplicationResult:
        """Join the accounts and posts in the rows given to what they are one with."""
        moved: list[int] = []
        for gone, into in list(self._same_accounts(accounts)):
            moved += self._join_account(gone, into)
        for gone, into in self._same_posts(chain(posts, moved)).items():
            self._join_post(gone, into)
        for held in list(self._connection.execute(text(_PERHAPS_ANOTHER)).scalars()):
            self._join_anew(held)
        return self._joined

    def _same_accounts(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Pairs of an account known by its handle only and the one that has this handle and an id."""
        self._mark(numbers)
        groups: dict[tuple[str, str], list[tuple[Ref, int]]] = defaultdict(list)
        for number, platform, ref, handle in self._connection.execute(text(_SAME_HANDLE)):
            groups[platform, handle].append((Ref(platform, ref), number))
        for group in groups.values():
            native = sorted((ref.id, number) for ref, number in group if ref.is_native)
            if native:
                yield from ((number, native[0][1]) for ref, number in dict.fromkeys(group) if not ref.is_native)

    def _join_account(self, gone: int, into: int) -> list[int]:
        """Returns the posts that have another author now."""
        refs = self._refs(tables.accounts, (gone, into))
        posts = tables.posts
        moved = list(self._connection.execute(select(posts.c.id).where(posts.c.author == gone)).scalars())
        self._connection.execute(
            update(posts).where(posts.c.author == gone).values(author=into, revision=self._revision)
        )
        for kind in ("repost", "pin"):
            self._readdress(kind, "account", gone, into)
        self._captures.join("account", gone, into)
        self._alias("account", refs[gone], gone, into)
        self._connection.execute(delete(tables.accounts).where(tables.accounts.c.id == gone))
        return moved

    def _same_posts(self, numbers: Iterable[int]) -> dict[int, int]:
        """For each post without a native id the one that has the same author, the same words, and an id.

        Where several have, the one with the lowest id; so it is whichever of them came first.
        """
        self._mark(numbers)
        queries = (_SAME_WORDS, _CUT, _WHOLE)
        pairs = {tuple(row) for query in queries for row in self._connection.execute(text(query))}
        return {gone: into for gone, _, into in sorted(pairs, reverse=True)}

    def _mark(self, numbers: Iterable[int]) -> None:
        """Put rows into the table ``joining``, for the queries above."""
        run = self._connection.exec_driver_sql
        run("CREATE TEMP TABLE IF NOT EXISTS joining (id INTEGER PRIMARY KEY)")
        run("DELETE FROM joining")
        for chunk in chunks(sorted(numbers), MARK_ROWS):
            run("INSERT OR IGNORE INTO joining VALUES (?)", [(number,) for number in chunk])

    def _join_post(self, gone: int, into: int) -> None:
        posts = tables.posts
        refs = self._refs(posts, (gone, into))
        below = select(posts.c.id).where(or_(posts.c.above == gone, posts.c.thread == gone))
        self._joined.touched.update(self._connection.execute(below).scalars())
        self._captures.join("post", gone, into)
        self._connection.execute(update(posts).where(posts.c.id == into).values(revision=self._revision))
        self._rename(refs[gone], refs[into])
        self._alias("post", refs[gone], gone, into)
        self._captures.posts.drop([gone])
        self._joined.gone.add(gone)
        self._joined.touched.add(into)
        self._joined.touched.discard(gone)

    def _join_anew(self, held: int) -> None:
        """Let what was joined to a post by its words stand with another that has them, too, and a lower id."""
        author = self._connection.execute(select(tables.posts.c.author).where(tables.posts.c.id == held)).scalar()

        def target(pasted: Post) -> int:
            words = content_key(pasted) or ""
            is_cut = words.endswith("…")
            values = {"author": author, "words": words[:-1] if is_cut else words}
            found = self._connection.execute(text(_NATIVE_BEGINNING if is_cut else _NATIVE), values).scalar()
            return held if found is None else int(found)

        for ref, into in self._captures.reassign_capture(held, target).items():
            self._captures.posts.add_alias(ref, into)
            self._joined.touched.update((held, into))

    def _rename(self, old: Ref, new: Ref) -> None:
        """Let everything that names the post ``old`` name ``new``."""
        posts, quotes = tables.posts, tables.quotes
        for column in (posts.c.reply_to, posts.c.root):
            named = (posts.c.platform == old.platform, column == old.id)
            self._joined.touched.update(self._connection.execute(select(posts.c.id).where(*named)).scalars())
            self._connection.execute(update(posts).where(*named).values({column.name: new.id}))
        self._connection.execute(
            update(quotes).where(quotes.c.platform == old.platform, quotes.c.ref == old.id).values(ref=new.id)
        )
        for kind in ("repost", "pin"):
            self._readdress(kind, "ref", old.id, new.id, old.platform)

    def _readdress(self, kind: str, column: str, old: Any, new: Any, platform: str | None = None) -> None:
        """Let reposts or pins with ``old`` in a column have ``new`` there, joined to those that are the same then."""
        table = self._captures.repositories[kind].table
        condition = table.c[column] == old
        if platform is not None:
            condition &= table.c.platform == platform
        for row in self._connection.execute(select(table).where(condition)).mappings().all():
            key = {"account": row["account"], "platform": row["platform"], "ref": row["ref"], column: new}
            same = select(table.c.id).where(*(table.c[name] == value for name, value in key.items()))
            twin = self._connection.execute(same).scalar()
            if twin is None:
                self._connection.execute(update(table).where(table.c.id == row["id"]).values(**key))
            else:
                self._captures.join(kind, row["id"], twin)
                self._connection.execute(delete(table).where(table.c.id == row["id"]))

    def _alias(self, kind: str, ref: Ref, gone: int, into: int) -> None:
        table = tables.aliases
        self._connection.execute(update(table).where(table.c.kind == kind, table.c.record == gone).values(record=into))
        self._captures.repositories[kind].add_alias(ref, into)

    def _refs(self, table: Any, numbers: tuple[int, ...]) -> dict[int, Ref]:
        query = select(table.c.id, table.c.platform, table.c.ref).where(table.c.id.in_(numbers))
        return {row.id: Ref(row.platform, row.ref) for row in self._connection.execute(query)}
