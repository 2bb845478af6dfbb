"""Finding posts and reading them with what belongs to them: author, thread, and the dumps that showed them."""

import json
import re
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from threadkeep.platforms import bluesky
from threadkeep.platforms.registry import ref_of_url
from threadkeep.records import Pin, Ref, Repost, StoredPost, Thread
from threadkeep.store.bulk_sql import chunks
from threadkeep.store.connections import rows_among, rows_of, rows_with
from threadkeep.store.record_reader import accounts_in, read_pins, read_posts, read_reposts
from threadkeep.store.row_mapping import Row
from threadkeep.store.thread_order import Placed, in_reading_order, own_chain, with_gaps

Keys = Sequence[tuple[str, str]]
"""Posts by platform and ref."""

NOT_HELD = "not held"
"""The reason of a gap that no dump explains: a post answers it, and nothing shows it."""


def stored_posts(connection: sqlite3.Connection, found: Sequence[Row]) -> Iterator[StoredPost]:
    """The posts in the rows ``found`` with author, thread and sources."""
    authors = accounts_in(connection, {row["author"] for row in found if row["author"] is not None})
    roots = _refs_of_posts(connection, {row["thread"] for row in found})
    sources = _sources_of(connection, [row["id"] for row in found])
    for row, post in zip(found, read_posts(connection, found), strict=True):
        yield StoredPost(post, authors.get(row["author"]), roots[row["thread"]], sources.get(row["id"], ()))


def posts_in(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, StoredPost]:
    """The posts in the rows ``numbers``; rows that are no more are left out."""
    found = _rows_in(connection, numbers)
    return {row["id"]: stored for row, stored in zip(found, stored_posts(connection, found), strict=True)}


def _rows_in(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[sqlite3.Row]:
    return list(rows_among(connection, "SELECT * FROM posts WHERE id IN ({keys})", numbers))


def _refs_of_posts(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Ref]:
    found = rows_among(connection, "SELECT id, platform, ref FROM posts WHERE id IN ({keys})", sorted(numbers))
    return {row["id"]: Ref(row["platform"], row["ref"]) for row in found}


def _sources_of(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """By post: the hashes of the dumps that showed it; for what came by an export, of those it had come from."""
    query = """
        SELECT captures.record, captures.origins, sources.sha256
        FROM captures JOIN sources ON sources.id = captures.source
        WHERE captures.kind = 'post' AND captures.record IN ({keys})
        ORDER BY captures.record, sources.id
    """
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for number, origins, sha256 in rows_among(connection, query, numbers):
        found[number].update(dict.fromkeys(json.loads(origins) if origins else (sha256,)))
    return {number: tuple(hashes) for number, hashes in found.items()}


def thread_sizes(connection: sqlite3.Connection, roots: Iterable[int]) -> dict[int, int]:
    """How many posts the threads have, by the rows of their roots."""
    query = "SELECT thread, count(*) FROM posts WHERE thread IN ({keys}) GROUP BY thread"
    return {row[0]: row[1] for row in rows_among(connection, query, roots)}


def threads_of(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, int]:
    """The row of each post's thread's root, by the post's row."""
    found = rows_among(connection, "SELECT id, thread FROM posts WHERE id IN ({keys})", numbers)
    return {row["id"]: row["thread"] for row in found}


def thread_around(connection: sqlite3.Connection, number: int, *, conversation: bool) -> Thread:
    """The thread in which the post in row ``number`` stands: its author's own chain, or the whole conversation."""
    order = in_reading_order(next(placed_threads(connection, threads_of(connection, [number]).values())))
    return thread_of(connection, order if conversation else own_chain(order, number))


def placed_threads(connection: sqlite3.Connection, roots: Iterable[int]) -> Iterator[list[Placed]]:
    """The posts of each thread, given the rows of their roots, in no order."""
    for chunk in chunks(roots):
        found = list(rows_among(connection, "SELECT * FROM posts WHERE thread IN ({keys})", chunk))
        threads: dict[int, list[Placed]] = {root: [] for root in chunk}
        for row, stored in zip(found, stored_posts(connection, found), strict=True):
            threads[row["thread"]].append(Placed(row["id"], row["above"], stored))
        yield from threads.values()


def thread_of(connection: sqlite3.Connection, order: Sequence[Placed]) -> Thread:
    """The posts in ``order`` as a thread, with its gaps, reposts and pins."""
    refs = [(item.stored.post.ref.platform, item.stored.post.ref.id) for item in order]
    return Thread(
        order[0].stored.thread,
        with_gaps(order, _gap_reasons(connection, order)),
        tuple(reposts_of(connection, refs)),
        tuple(pins_of(connection, refs)),
    )


def _gap_reasons(connection: sqlite3.Connection, order: Sequence[Placed]) -> dict[Ref, str]:
    """Why each post that one of ``order`` answers is missing; those that are held are left out."""
    parents = {item.stored.post.reply_to for item in order if item.stored.post.reply_to is not None}
    reasons = dict.fromkeys(parents, NOT_HELD)
    keys = sorted((ref.platform, ref.id) for ref in parents)
    for known in rows_with(connection, "gaps", ("platform", "ref"), keys):
        reasons |= {Ref(row["platform"], row["ref"]): row["reason"] for row in known}
    for held in rows_with(connection, "posts", ("platform", "ref"), keys):
        for row in held:
            del reasons[Ref(row["platform"], row["ref"])]
    return reasons


def reposts_of(connection: sqlite3.Connection, keys: Keys | None) -> Iterator[Repost]:
    """The reposts of the posts ``keys``, or all."""
    for found in _naming(connection, "reposts", keys):
        yield from read_reposts(connection, found)


def pins_of(connection: sqlite3.Connection, keys: Keys | None) -> Iterator[Pin]:
    """The pins of the posts ``keys``, or all."""
    for found in _naming(connection, "pins", keys):
        yield from read_pins(connection, found)


def _naming(connection: sqlite3.Connection, table: str, keys: Keys | None) -> Iterator[Sequence[Row]]:
    """The rows of reposts or pins that name one of the posts ``keys``, some at a time."""
    if keys is None:
        numbers = array("q", (row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id")))
        for chunk in chunks(numbers):
            yield list(rows_among(connection, f"SELECT * FROM {table} WHERE id IN ({{keys}}) ORDER BY id", chunk))
    else:
        for found in rows_with(connection, table, ("platform", "ref"), keys):
            yield sorted(found, key=lambda row: int(row["id"]))


def numbers_named(connection: sqlite3.Connection, name: str, limit: int = 5) -> list[int]:
    """The rows of the posts that ``name`` may mean: a ref, a native id, the beginning of a ``~`` id, or a URL."""
    for condition, values in _readings(name.strip()):
        query = f"SELECT id FROM posts WHERE {condition} ORDER BY id LIMIT ?"
        if found := [row[0] for row in rows_of(connection, query, (*values, limit))]:
            return found
    return []


def _readings(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What ``name`` may mean, the most certain first, as conditions on posts and the values in them."""
    platform, colon, ref = name.partition(":")
    if colon:
        yield "platform = ? AND ref = ?", (platform.lower(), ref)
    yield "ref = ?", (name,)
    if (found := ref_of_url(name)) is not None:
        yield "platform = ? AND ref = ?", (found.platform, found.id)
        if found.platform == bluesky.NAME:  # its id has the author's DID where the address has the handle
            rkey = found.id.rpartition("/")[2]
            ending = literally(f"/{bluesky.POST}/{rkey}")
            yield "platform = ? AND ref LIKE '%' || ? ESCAPE '/'", (found.platform, ending)
    if name.startswith(("http://", "https://")):
        bare = name.partition("#")[0].rstrip("/")
        yield "url IN (?, ?, ?)", (name, bare, bare + "/")
    if name.startswith("~") and len(name) >= 5:
        yield "ref LIKE ? || '%' ESCAPE '/'", (literally(name),)


def literally(text: str) -> str:
    """``text`` for a ``LIKE`` that knows ``/`` as its escape."""
    return re.sub("[/%_]", r"/\g<0>", text)
