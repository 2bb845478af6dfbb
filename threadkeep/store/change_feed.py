"""What the index wants to know of posts that changed, straight from the tables: of a million posts it reads a million.

Nothing is made a record that the index would only take apart again.
"""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from threadkeep.store.bulk_sql import CHUNK


class ChangedPost(NamedTuple):
    """A post as the index wants it. ``number`` and ``thread`` are rows of posts, ``thread`` of the thread's root.

    ``created`` is as in the table. ``author`` and ``addressee`` are handles, or else names; the addressee wrote
    the post it answers. ``continues``: it answers its own author or is answered by it. ``has_gap``: the post it
    answers is not held. ``poll`` has the texts of its options. ``links`` are an address, and the title and the
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
    visibility: str | None
    is_reply: bool
    is_edited: bool
    is_truncated: bool
    author: str | None
    addressee: str | None
    has_gap: bool
    continues: bool
    has_thread: bool
    is_pinned: bool
    is_reposted: bool
    has_quotes: bool
    counts: dict[str, int]
    poll: Sequence[str]
    links: Sequence[tuple[str | None, str | None, str | None]]
    media: Sequence[tuple[str, str | None]]
    tags: Sequence[str]
    mentions: Sequence[str]


_POSTS = """
    SELECT
        posts.counts, posts.poll, posts.id, posts.thread, posts.platform, posts.title, posts.text, posts.created,
        posts.language, posts.warning, posts.visibility,
        posts.reply_to IS NOT NULL, posts.edits <> '[]' OR posts.edited IS NOT NULL,
        instr(posts.inferred, '"truncated"') > 0,
        coalesce(nullif(author.handle, ''), nullif(author.name, '')),
        coalesce(nullif(addressee.handle, ''), nullif(addressee.name, '')),
        posts.reply_to IS NOT NULL AND above.id IS NULL,
        coalesce(above.author = posts.author, 0) OR EXISTS (
            SELECT 1 FROM posts AS below
            WHERE below.platform = posts.platform AND below.reply_to = posts.ref AND +below.author = posts.author
        ),
        EXISTS (SELECT 1 FROM posts AS other WHERE other.thread = posts.thread AND other.id <> posts.id),
        EXISTS (SELECT 1 FROM pins WHERE pins.platform = posts.platform AND pins.ref = posts.ref),
        EXISTS (SELECT 1 FROM reposts WHERE reposts.platform = posts.platform AND reposts.ref = posts.ref),
        EXISTS (SELECT 1 FROM quotes WHERE quotes.post = posts.id)
    FROM posts
    LEFT JOIN accounts AS author ON author.id = posts.author
    LEFT JOIN posts AS above ON above.platform = posts.platform AND above.ref = posts.reply_to
    LEFT JOIN accounts AS addressee ON addressee.id = above.author
    WHERE posts.id IN ({keys})
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

    posts = {row[2]: row for row in found(_POSTS)}
    links, media = map(_tuples, map(found, _PARTS))
    tags, mentions = map(_lists, map(found, _WORDS))
    decode = msgspec.json.decode
    for number in numbers:
        counts, poll, *columns = posts[number]
        options = () if poll == "[]" else tuple(option["text"] for option in decode(poll))
        parts = (links.get(number, ()), media.get(number, ()), tags.get(number, ()), mentions.get(number, ()))
        yield ChangedPost._make((*columns, {} if counts == "{}" else decode(counts), options, *parts))


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
