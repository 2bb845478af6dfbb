"""Finding posts and reading them with what belongs to them: author, thread, and the dumps that showed them."""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from threadkeep.records import Account, KeptPost, Pin, Ref, Repost, Thread
from threadkeep.store import rows, tables
from threadkeep.store.answers import ALONE, Answer, answers_of
from threadkeep.store.reading_order import Placed, in_reading_order, own_chain, with_gaps
from threadkeep.store.rows import Row
from threadkeep.store.shelves import read_pins, read_posts, read_reposts
from threadkeep.store.statements import chunks, rows_with

Keys = Sequence[tuple[str, str]]
"""Posts by platform and ref."""

NOT_HELD = "not held"
"""The reason of a gap that no dump explains: a post answers it, and nothing shows it."""


@dataclass(frozen=True, slots=True)
class IndexedPost:
    """A post as the index wants it. ``number`` and ``thread`` are rows of posts, ``thread`` of the thread's root.

    ``answer`` is what is known of the post it answers and of those that answer it.
    """

    number: int
    thread: int
    kept: KeptPost
    thread_size: int
    is_pinned: bool
    is_reposted: bool
    answer: Answer = ALONE


def accounts_in(connection: Connection, numbers: Iterable[int]) -> dict[int, Account]:
    """The accounts in the rows ``numbers``."""
    table = tables.accounts
    return {
        row["id"]: rows.account_of(row)
        for chunk in chunks(sorted(numbers))
        for row in connection.execute(select(table).where(table.c.id.in_(chunk))).mappings()
    }


def kept_posts(connection: Connection, found: Sequence[Row]) -> Iterator[KeptPost]:
    """The posts in the rows ``found`` with author, thread and sources."""
    authors = accounts_in(connection, {row["author"] for row in found if row["author"] is not None})
    roots = _refs_of_posts(connection, {row["thread"] for row in found})
    sources = _sources_of(connection, [row["id"] for row in found])
    for row, post in zip(found, read_posts(connection, found), strict=True):
        yield KeptPost(post, authors.get(row["author"]), roots[row["thread"]], sources.get(row["id"], ()))


def posts_in(connection: Connection, numbers: Sequence[int]) -> dict[int, KeptPost]:
    """The posts in the rows ``numbers``; rows that are no more are left out."""
    table = tables.posts
    found: list[Row] = []
    for chunk in chunks(numbers):
        found += connection.execute(select(table).where(table.c.id.in_(chunk))).mappings().all()
    return {row["id"]: kept for row, kept in zip(found, kept_posts(connection, found), strict=True)}


def _refs_of_posts(connection: Connection, numbers: Iterable[int]) -> dict[int, Ref]:
    table = tables.posts
    return {
        row.id: Ref(row.platform, row.ref)
        for chunk in chunks(sorted(numbers))
        for row in connection.execute(select(table.c.id, table.c.platform, table.c.ref).where(table.c.id.in_(chunk)))
    }


def _sources_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """By post: the hashes of the dumps that showed it; for what came by an export, of those it had come from."""
    captures, sources = tables.captures, tables.sources
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for chunk in chunks(numbers):
        query = (
            select(captures.c.record, captures.c.origins, sources.c.sha256)
            .join(sources, sources.c.id == captures.c.source)
            .where(captures.c.kind == "post", captures.c.record.in_(chunk))
            .order_by(captures.c.record, sources.c.id)
        )
        for number, origins, sha256 in connection.execute(query):
            found[number].update(dict.fromkeys(msgspec.json.decode(origins) if origins else (sha256,)))
    return {number: tuple(hashes) for number, hashes in found.items()}


def thread_around(connection: Connection, number: int, *, conversation: bool) -> Thread:
    """The thread in which the post in row ``number`` stands: its author's own chain, or the whole conversation."""
    root = connection.execute(select(tables.posts.c.thread).where(tables.posts.c.id == number)).scalar_one()
    order = in_reading_order(next(placed_threads(connection, [root])))
    return thread_of(connection, order if conversation else own_chain(order, number))


def placed_threads(connection: Connection, roots: Iterable[int]) -> Iterator[list[Placed]]:
    """The posts of each thread, given the rows of their roots, in no order."""
    table = tables.posts
    for chunk in chunks(roots):
        found = connection.execute(select(table).where(table.c.thread.in_(chunk))).mappings().all()
        threads: dict[int, list[Placed]] = {root: [] for root in chunk}
        for row, kept in zip(found, kept_posts(connection, found), strict=True):
            threads[row["thread"]].append(Placed(row["id"], row["above"], kept))
        yield from threads.values()


def thread_of(connection: Connection, order: Sequence[Placed]) -> Thread:
    """The posts in ``order`` as a thread, with its gaps, reposts and pins."""
    refs = [(item.kept.post.ref.platform, item.kept.post.ref.id) for item in order]
    return Thread(
        order[0].kept.thread,
        with_gaps(order, _gap_reasons(connection, order)),
        tuple(reposts_of(connection, refs)),
        tuple(pins_of(connection, refs)),
    )


def _gap_reasons(connection: Connection, order: Sequence[Placed]) -> dict[Ref, str]:
    """Why each post that one of ``order`` answers is missing; those that are held are left out."""
    parents = {item.kept.post.reply_to for item in order if item.kept.post.reply_to is not None}
    reasons = dict.fromkeys(parents, NOT_HELD)
    posts, gaps = tables.posts, tables.gaps
    keys = sorted((ref.platform, ref.id) for ref in parents)
    for known in rows_with(connection, gaps, ("platform", "ref"), keys):
        reasons |= {Ref(row["platform"], row["ref"]): row["reason"] for row in known}
    for held in rows_with(connection, posts, ("platform", "ref"), keys):
        for row in held:
            del reasons[Ref(row["platform"], row["ref"])]
    return reasons


def reposts_of(connection: Connection, keys: Keys | None) -> Iterator[Repost]:
    """The reposts of the posts ``keys``, or all."""
    for found in _naming(connection, tables.reposts, keys):
        yield from read_reposts(connection, found)


def pins_of(connection: Connection, keys: Keys | None) -> Iterator[Pin]:
    """The pins of the posts ``keys``, or all."""
    for found in _naming(connection, tables.pins, keys):
        yield from read_pins(connection, found)


def _naming(connection: Connection, table: Table, keys: Keys | None) -> Iterator[Sequence[Row]]:
    """The rows of reposts or pins that name one of the posts ``keys``, some at a time."""
    query = select(table).order_by(table.c.id)
    if keys is None:
        yield from connection.execute(query).mappings().partitions(1000)
    else:
        for found in rows_with(connection, table, ("platform", "ref"), keys):
            yield sorted(found, key=lambda row: int(row["id"]))


def changed_posts(connection: Connection, revision: int, size: int = 1000) -> Iterator[IndexedPost]:
    """The posts changed after ``revision``, newest first and the undated last, a few at a time.

    That is the order in which an index wants them: in it, the newest are found without looking at all.
    """
    posts = tables.posts
    query = select(posts.c.id).where(posts.c.revision > revision).order_by(posts.c.created.desc(), posts.c.id)
    numbers = array("q", connection.execute(query).scalars())
    for start in range(0, len(numbers), size):
        some = numbers[start : start + size].tolist()
        found = {
            row["id"]: row
            for chunk in chunks(some)
            for row in connection.execute(select(posts).where(posts.c.id.in_(chunk))).mappings()
        }
        yield from _indexed(connection, [found[number] for number in some])


def _indexed(connection: Connection, found: Sequence[Row]) -> Iterator[IndexedPost]:
    posts = tables.posts
    sizes: dict[int, int] = {}
    for chunk in chunks({row["thread"] for row in found}):
        query = select(posts.c.thread, func.count()).where(posts.c.thread.in_(chunk)).group_by(posts.c.thread)
        sizes |= {row[0]: row[1] for row in connection.execute(query)}
    numbers = [row["id"] for row in found]
    pinned, reposted = (_named_in(connection, table, numbers) for table in (tables.pins, tables.reposts))
    answers = answers_of(connection, found)
    for row, kept in zip(found, kept_posts(connection, found), strict=True):
        number, size = row["id"], sizes[row["thread"]]
        is_pinned, is_reposted = number in pinned, number in reposted
        yield IndexedPost(number, row["thread"], kept, size, is_pinned, is_reposted, answers.get(number, ALONE))


def _named_in(connection: Connection, table: Table, numbers: Sequence[int]) -> set[int]:
    """Those of the posts in the rows ``numbers`` that a row of pins or of reposts names."""
    posts = tables.posts
    named = table.c
    found: set[int] = set()
    for chunk in chunks(numbers):
        same = exists().where(and_(named.platform == posts.c.platform, named.ref == posts.c.ref))
        found.update(connection.execute(select(posts.c.id).where(posts.c.id.in_(chunk), same)).scalars())
    return found


_STATUS = re.compile(r"https?://(?:[\w-]+\.)*(?:twitter|x)\.com/(?:i/web|[^/]+)/status(?:es)?/(\d+)", re.I)
_BLUESKY = re.compile(r"https?://bsky\.app/profile/([^/\s]+)/post/([^/?#\s]+)", re.I)


def numbers_named(connection: Connection, name: str, limit: int = 5) -> list[int]:
    """The rows of the posts that ``name`` may mean: a ref, a native id, the beginning of a ``~`` id, or a URL."""
    for condition in _readings(name.strip()):
        query = select(tables.posts.c.id).where(condition).order_by(tables.posts.c.id).limit(limit)
        if found := [row[0] for row in connection.execute(query)]:
            return found
    return []


def _readings(name: str) -> Iterator[ColumnElement[bool]]:
    """What ``name`` may mean, the most certain first, as conditions on posts."""
    posts = tables.posts
    platform, colon, ref = name.partition(":")
    if colon:
        yield and_(posts.c.platform == platform.lower(), posts.c.ref == ref)
    yield posts.c.ref == name
    if match := _STATUS.match(name):
        yield and_(posts.c.platform == "x", posts.c.ref == match[1])
    if match := _BLUESKY.match(name):
        owner, key = match[1], match[2]
        yield posts.c.ref == f"at://{owner}/app.bsky.feed.post/{key}"
        yield and_(
            posts.c.platform == "bluesky",
            posts.c.ref.endswith(f"/app.bsky.feed.post/{key}", autoescape=True),
        )
    if name.startswith(("http://", "https://")):
        bare = name.partition("#")[0].rstrip("/")
        yield or_(posts.c.url == name, posts.c.url == bare, posts.c.url == bare + "/")
    if name.startswith("~") and len(name) >= 5:
        yield posts.c.ref.startswith(name, autoescape=True)
