"""What the index wants to know of posts that changed, straight from the tables: of a million posts it reads a million.

Nothing is made a record that the index would only take apart again.
"""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from threadkeep.query.flags import FLAGS
from threadkeep.store.bulk_sql import CHUNK


class ChangedPost(NamedTuple):
    """A post as the index wants it. ``number`` and ``thread`` are rows of posts, ``thread`` of the thread's root.

    ``created`` is as in the table. ``author`` and ``addressee`` are handles, or else names; the addressee wrote
    the post it answers. ``poll`` has the texts of its options. ``links`` are an address, and the title and the
    description of its card; ``media`` a kind and an alt.
    """

    number: int
    thread: int
    platform: str
    title: str | None
    text: str
    created: str | None
    language: str | None
    warning: str | None
    author: str | None
    addressee: str | None
    counts: dict[str, int]
    poll: Sequence[str]
    links: Sequence[tuple[str | None, str | None, str | None]]
    media: Sequence[tuple[str, str | None]]
    tags: Sequence[str]
    mentions: Sequence[str]
    flags: Sequence[str]


_STORED_FLAGS = tuple((flag.name, flag.sql) for flag in FLAGS if flag.sql is not None)
_SHOWN_FLAGS = tuple((flag.name, flag.holds) for flag in FLAGS if flag.holds is not None)

_POSTS = f"""
    SELECT
        {", ".join(f"({sql})" for _, sql in _STORED_FLAGS)},
        posts.counts, posts.poll, posts.id, posts.thread, posts.platform, posts.title, posts.text, posts.created,
        posts.language, posts.warning,
        coalesce(nullif(author.handle, ''), nullif(author.name, '')),
        coalesce(nullif(addressee.handle, ''), nullif(addressee.name, ''))
    FROM posts
    LEFT JOIN accounts AS author ON author.id = posts.author
    LEFT JOIN posts AS above ON above.platform = posts.platform AND above.ref = posts.reply_to
    LEFT JOIN accounts AS addressee ON addressee.id = above.author
    WHERE posts.id IN ({{keys}})
"""

_PARTS = (
    "SELECT post, url, title, description FROM links WHERE post IN ({keys}) ORDER BY post, position",
    "SELECT post, kind, alt FROM media WHERE post IN ({keys}) ORDER BY post, position",
)
_WORDS = (
    "SELECT post, tag FROM tags WHERE post IN ({keys}) ORDER BY post, position",
    "SELECT post, handle FROM mentions WHERE post IN ({keys}) ORDER BY post, position",
)


def changed_posts(connection: sqlite3.Connection, revision: int) -> Iterator[ChangedPost]:
    """The posts changed after ``revision``, newest first and the undated last, a few at a time.

    That is the order in which an index wants them: in it, the newest are found without looking at all.
    """
    query = "SELECT id FROM posts WHERE revision > ? ORDER BY created DESC, id"
    numbers = array("q", (row[0] for row in connection.execute(query, (revision,))))
    for start in range(0, len(numbers), CHUNK):
        yield from _some(connection, numbers[start : start + CHUNK].tolist())


def _some(connection: sqlite3.Connection, numbers: list[int]) -> Iterator[ChangedPost]:
    keys = ", ".join("?" * len(numbers))

    def found(query: str) -> sqlite3.Cursor:
        return connection.execute(query.format(keys=keys), numbers)

    count = len(_STORED_FLAGS)
    posts = {row[count + 2]: row for row in found(_POSTS)}
    links, media = map(_tuples, map(found, _PARTS))
    tags, mentions = map(_lists, map(found, _WORDS))
    decode = msgspec.json.decode
    for number in numbers:
        row = posts[number]
        counts, poll, *columns = row[count:]
        options = () if poll == "[]" else tuple(option["text"] for option in decode(poll))
        parts = (links.get(number, ()), media.get(number, ()), tags.get(number, ()), mentions.get(number, ()))
        flags = [name for (name, _), holds in zip(_STORED_FLAGS, row, strict=False) if holds]
        post = ChangedPost._make((*columns, {} if counts == "{}" else decode(counts), options, *parts, flags))
        flags += [name for name, holds in _SHOWN_FLAGS if holds(post)]
        yield post


def _tuples(rows: sqlite3.Cursor) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for post, *values in rows:
        found[post].append(tuple(values))
    return found


def _lists(rows: sqlite3.Cursor) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for post, word in rows:
        found[post].append(word)
    return found
