"""Whether the threads in the database are those that the replies give, and making them so.

Threads are derived in a copy of what they are derived from, by the very code that derives them at every import.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from threadkeep.store.threads import derive_threads

_COPY = (
    "CREATE TEMP TABLE posts (id INTEGER PRIMARY KEY, platform TEXT, ref TEXT, reply_to TEXT, root TEXT, "
    "above INTEGER, thread INTEGER, revision INTEGER)",
    "CREATE TEMP TABLE circles (post INTEGER PRIMARY KEY)",
    "INSERT INTO temp.posts SELECT id, platform, ref, reply_to, root, NULL, id, 0 FROM main.posts",
    "CREATE INDEX temp.copied_by_ref ON posts (platform, ref)",
    "CREATE INDEX temp.copied_by_reply_to ON posts (platform, reply_to) WHERE reply_to IS NOT NULL",
    "CREATE INDEX temp.copied_by_root ON posts (platform, root) WHERE root IS NOT NULL",
    "CREATE INDEX temp.copied_by_above ON posts (above) WHERE above IS NOT NULL",
)
"""Tables that stand before those of the same name in the database for as long as they are there."""

_MISPLACED = """
    SELECT held.id FROM main.posts AS held JOIN temp.posts AS derived ON derived.id = held.id
    WHERE held.above IS NOT derived.above OR held.thread <> derived.thread
"""
_CIRCLES = "SELECT post FROM main.circles EXCEPT SELECT post FROM temp.circles"
_CIRCLES_TOO = "SELECT post FROM temp.circles EXCEPT SELECT post FROM main.circles"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """How many posts hang at another place than their replies say, and how many circles are opened elsewhere."""

    posts: int
    circles: int


def misplaced(connection: Connection) -> Misplaced:
    """Compare the threads with what deriving them anew gives. Nothing in the database is changed."""
    _derive_copy(connection)
    try:
        return _compare(connection)
    finally:
        _drop_copy(connection)


def rebuild_threads(connection: Connection, revision: int) -> Misplaced:
    """Put every post where its replies say; the posts that move, and the roots they move between, get ``revision``."""
    _derive_copy(connection)
    try:
        found = _compare(connection)
        moved = connection.execute(text(_MISPLACED)).scalars().all()
        connection.execute(text("CREATE TEMP TABLE moved (id INTEGER PRIMARY KEY)"))
        if moved:
            connection.execute(text("INSERT INTO moved VALUES (:id)"), [{"id": number} for number in moved])
        renewed = """
            UPDATE main.posts SET revision = :revision WHERE id IN (
                SELECT id FROM moved
                UNION SELECT thread FROM main.posts WHERE id IN (SELECT id FROM moved)
                UNION SELECT thread FROM temp.posts WHERE id IN (SELECT id FROM moved)
            )
        """
        connection.execute(text(renewed), {"revision": revision})
        placed = """
            UPDATE main.posts AS held SET above = derived.above, thread = derived.thread FROM temp.posts AS derived
            WHERE derived.id = held.id AND held.id IN (SELECT id FROM moved)
        """
        connection.execute(text(placed))
        connection.execute(text("DELETE FROM main.circles"))
        connection.execute(text("INSERT INTO main.circles SELECT post FROM temp.circles"))
        connection.execute(text("DROP TABLE temp.moved"))
        return found
    finally:
        _drop_copy(connection)


def _derive_copy(connection: Connection) -> None:
    _drop_copy(connection)
    for statement in _COPY:
        connection.execute(text(statement))
    numbers = connection.execute(text("SELECT id FROM temp.posts")).scalars().all()
    derive_threads(connection, numbers, 0)


def _drop_copy(connection: Connection) -> None:
    for name in ("posts", "circles", "moved"):
        connection.execute(text(f"DROP TABLE IF EXISTS temp.{name}"))


def _compare(connection: Connection) -> Misplaced:
    circles = {number for query in (_CIRCLES, _CIRCLES_TOO) for number in connection.execute(text(query)).scalars()}
    posts = connection.execute(text(f"SELECT count(*) FROM ({_MISPLACED})")).scalar_one()
    return Misplaced(int(posts), len(circles))
