"""Threads, derived from replies: which post hangs below which, and which one each thread begins with.

A post hangs below the post it answers; where that is not held, below the first post of its conversation, if the dump
states that one and it is held; else it begins a thread of its own. Parents may arrive after their replies, and leave
again: only the threads of the posts touched, and of what hangs below them, are derived anew.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from threadkeep.records import Ref
from threadkeep.store.bulk_sql import chunks

TOUCHED = 20_000
"""How many rows are touched by one statement; a large archive has millions."""

_BELOW_ITS_PARENT = """
    SELECT child.id, parent.id FROM {first} JOIN posts AS {second}
    ON parent.platform = child.platform AND parent.ref = child.reply_to
    WHERE child.id <> parent.id AND child.above IS NOT parent.id
"""
_BELOW_ITS_ROOT = """
    SELECT child.id, root.id FROM {first} JOIN posts AS {second}
    ON root.platform = child.platform AND root.ref = child.root
    WHERE child.id <> root.id AND child.above IS NULL
"""
_TOUCHED = "touched JOIN posts AS {name} ON {name}.id = touched.id"

_FORGET_THE_LONE = """
    DELETE FROM touched WHERE id IN (
        SELECT post.id FROM touched JOIN posts AS post ON post.id = touched.id
        WHERE post.above IS NULL AND post.thread = post.id
        AND NOT EXISTS (SELECT 1 FROM posts AS child WHERE child.above = post.id)
    )
"""
"""Most posts hang below nothing, and nothing below them: there is nothing to derive anew."""

_TREE = """
    WITH RECURSIVE
    below(id) AS (SELECT id FROM touched UNION SELECT posts.id FROM below JOIN posts ON posts.above = below.id),
    tree(id, thread) AS (
        SELECT post.id, coalesce(parent.thread, post.id)
        FROM below JOIN posts AS post ON post.id = below.id LEFT JOIN posts AS parent ON parent.id = post.above
        WHERE post.above IS NULL OR post.above NOT IN (SELECT id FROM below)
        UNION
        SELECT posts.id, tree.thread FROM tree JOIN posts ON posts.above = tree.id
    )
"""
_MOVED = (
    _TREE
    + "SELECT tree.id, posts.thread, tree.thread FROM tree JOIN posts ON posts.id = tree.id "
    + "WHERE posts.thread <> tree.thread"
)
_UNREACHED = (
    _TREE
    + "SELECT below.id, posts.above, posts.ref FROM below JOIN posts ON posts.id = below.id "
    + "WHERE below.id NOT IN (SELECT id FROM tree)"
)


def derive_threads(connection: Connection, touched: Iterable[int], revision: int) -> bool:
    """Set ``above`` and ``thread`` for the posts ``touched`` and what hangs below them; say whether any changed.

    ``touched`` are posts that are new, whose reply or root changed, or whose parent is gone. Posts that change get
    ``revision``. A chain of replies that bites its own tail is cut above its lowest ref.
    """
    connection.execute(text("CREATE TEMP TABLE IF NOT EXISTS touched (id INTEGER PRIMARY KEY)"))
    connection.execute(text("DELETE FROM touched"))
    for chunk in chunks(touched, TOUCHED):
        connection.exec_driver_sql("INSERT INTO touched VALUES (?)", [(number,) for number in chunk])
    if connection.execute(text("SELECT 1 FROM touched LIMIT 1")).first() is None:
        return False
    # What opened a circle may find its place again once the circle has changed.
    connection.execute(text("INSERT OR IGNORE INTO touched SELECT post FROM circles"))
    connection.execute(text("DELETE FROM circles"))
    _detach(connection)
    for query, other in ((_BELOW_ITS_PARENT, "parent"), (_BELOW_ITS_ROOT, "root")):
        _attach(connection, query.format(first=_TOUCHED.format(name="child"), second=other), revision)
        _attach(connection, query.format(first=_TOUCHED.format(name=other), second="child"), revision)
    connection.execute(text(_FORGET_THE_LONE))
    _cut_circles(connection)
    moved = [tuple(row) for row in connection.execute(text(_MOVED))]
    if moved:
        connection.exec_driver_sql(
            "UPDATE posts SET thread = ? WHERE id = ?", [(after, number) for number, _, after in moved]
        )
        # A root stands alone or not according to what hangs below it, so it changes with that.
        changed = {number for row in moved for number in row}
        connection.exec_driver_sql(
            "UPDATE posts SET revision = ?1 WHERE id = ?2 AND revision <> ?1",
            [(revision, number) for number in changed],
        )
    return bool(moved)


def _detach(connection: Connection) -> None:
    """Let go of an upper post that is no longer the one the post names."""
    connection.execute(
        text("""
            UPDATE posts SET above = NULL
            WHERE id IN (SELECT id FROM touched) AND above IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM posts AS upper WHERE upper.id = posts.above AND upper.ref IN (posts.reply_to, posts.root)
            )
        """)
    )


def _attach(connection: Connection, query: str, revision: int) -> None:
    found = [(upper, revision, child) for child, upper in connection.execute(text(query))]
    if found:
        run = connection.exec_driver_sql
        # Both are searched by what they hang on: a post answers its own author, is answered by it, or hangs on nothing.
        run("UPDATE posts SET above = ? WHERE id = ?", [(upper, child) for upper, _, child in found])
        run("UPDATE posts SET revision = ?2 WHERE id IN (?1, ?3) AND revision <> ?2", found)
        run("INSERT OR IGNORE INTO touched VALUES (?)", [row[2:] for row in found])


def _cut_circles(connection: Connection) -> None:
    """Open every circle of replies above the post with the lowest ref, so that each post has a way up to a root."""
    stuck = {number: (above, ref) for number, above, ref in connection.execute(text(_UNREACHED))}
    done: set[int] = set()
    for start in stuck:
        way: dict[int, None] = {}
        number = start
        while number not in done and number not in way:
            way[number] = None
            number = stuck[number][0]
        if number in way:
            walked = list(way)
            circle = walked[walked.index(number) :]
            opened = min(circle, key=lambda member: Ref("", stuck[member][1]).age)
            connection.execute(text("UPDATE posts SET above = NULL WHERE id = :id"), {"id": opened})
            connection.execute(text("INSERT INTO circles VALUES (:id)"), {"id": opened})
            connection.execute(text("INSERT OR IGNORE INTO touched VALUES (:id)"), {"id": opened})
        done.update(way)
