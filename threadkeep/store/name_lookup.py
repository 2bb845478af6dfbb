"""What people call posts, threads, dumps, accounts and tags, the rows that are meant, and the threads those are in."""

import sqlite3
from collections.abc import Iterable
from pathlib import PurePath

from threadkeep.store.connections import rows_among, rows_of
from threadkeep.store.post_queries import literally, numbers_named, threads_of

_MOST = 1000
"""How many posts one name may mean: ``~`` ids may be cut short."""

_SHORTEST_HASH = 4


class NameLookup:
    """Names looked up over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def posts(self, name: str) -> frozenset[int]:
        """The rows of the posts that ``name`` may mean: a ref, a native id, the beginning of a ``~`` id, or a URL."""
        return frozenset(numbers_named(self._connection, name, _MOST))

    def in_threads(self, name: str) -> frozenset[int]:
        """The rows of all posts in the threads of the posts that ``name`` may mean."""
        roots = set(self.threads_of(self.posts(name)).values())
        query = "SELECT id FROM posts WHERE thread IN ({keys})"
        return frozenset(row[0] for row in rows_among(self._connection, query, roots))

    def threads_of(self, numbers: Iterable[int]) -> dict[int, int]:
        """The row of each post's thread's root, by the post's row."""
        return threads_of(self._connection, numbers)

    def in_sources(self, name: str) -> frozenset[int] | None:
        """The rows of the posts that the dumps called ``name`` showed; ``None`` where no dump is called so.

        A dump is called by its path, the last part or any parts of that in a row, its file name without what follows
        the dot, or the beginning of its hash; where none is called so, by any piece of its path.
        """
        found = rows_of(self._connection, "SELECT id, path, sha256 FROM sources")
        numbers = [number for number, path, sha256 in found if _is_called(name, path, sha256)]
        numbers = numbers or [number for number, path, _ in found if name.lower() in path.lower()]
        query = "SELECT record FROM captures WHERE kind = 'post' AND source IN ({keys})"
        return frozenset(row[0] for row in rows_among(self._connection, query, numbers)) if numbers else None

    def handles(self, start: str, limit: int) -> list[str]:
        """Handles that begin so, whatever the case of their letters."""
        return [handle for handle in self._begun("accounts", "handle", start, limit) if handle]

    def tags(self, start: str, limit: int) -> list[str]:
        """Tags that begin so, whatever the case of their letters."""
        return self._begun("tags", "tag", start, limit)

    def _begun(self, table: str, column: str, start: str, limit: int) -> list[str]:
        query = f"""
            SELECT DISTINCT {column} FROM {table}
            WHERE lower({column}) LIKE lower(?) || '%' ESCAPE '/' ORDER BY {column} LIMIT ?
        """
        return [row[0] for row in rows_of(self._connection, query, (literally(start), limit))]

    def dumps(self) -> list[str]:
        """The paths from which dumps were read."""
        return [row[0] for row in rows_of(self._connection, "SELECT path FROM sources ORDER BY id")]


def _is_called(name: str, path: str, sha256: str) -> bool:
    name = name.lower()
    if name == path.lower() or (len(name) >= _SHORTEST_HASH and sha256.startswith(name)):
        return True
    parts, wanted = PurePath(path.lower()).parts, PurePath(name).parts
    runs = (parts[i : i + len(wanted)] for i in range(len(parts)))
    return bool(wanted) and (wanted in runs or PurePath(path.lower()).stem == name)
