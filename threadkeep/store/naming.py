"""What people call posts, threads, dumps, accounts and tags, the rows that are meant, and the threads those are in."""

from collections.abc import Iterable
from pathlib import PurePath

from sqlalchemy import Connection, select

from threadkeep.store import tables
from threadkeep.store.lookup import numbers_named
from threadkeep.store.statements import chunks

_MOST = 1000
"""How many posts one name may mean: ``~`` ids may be cut short."""

_SHORTEST_HASH = 4


class Naming:
    """Names looked up over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def posts(self, name: str) -> frozenset[int]:
        """The rows of the posts that ``name`` may mean: a ref, a native id, the beginning of a ``~`` id, or a URL."""
        return frozenset(numbers_named(self._connection, name, _MOST))

    def in_threads(self, name: str) -> frozenset[int]:
        """The rows of all posts in the threads of the posts that ``name`` may mean."""
        posts = tables.posts
        roots = select(posts.c.thread).where(posts.c.id.in_(self.posts(name)))
        return frozenset(self._connection.execute(select(posts.c.id).where(posts.c.thread.in_(roots))).scalars())

    def threads_of(self, numbers: Iterable[int]) -> dict[int, int]:
        """The row of each post's thread's root, by the post's row."""
        posts = tables.posts
        return {
            row[0]: row[1]
            for chunk in chunks(numbers)
            for row in self._connection.execute(select(posts.c.id, posts.c.thread).where(posts.c.id.in_(chunk)))
        }

    def in_sources(self, name: str) -> frozenset[int] | None:
        """The rows of the posts that the dumps called ``name`` showed; ``None`` where no dump is called so.

        A dump is called by its path, the last part or any parts of that in a row, its file name without what follows
        the dot, or the beginning of its hash.
        """
        sources, captures = tables.sources, tables.captures
        found = self._connection.execute(select(sources.c.id, sources.c.path, sources.c.sha256))
        numbers = [number for number, path, sha256 in found if _is_called(name, path, sha256)]
        query = select(captures.c.record).where(captures.c.kind == "post", captures.c.source.in_(numbers))
        return frozenset(self._connection.execute(query).scalars()) if numbers else None

    def handles(self, start: str, limit: int) -> list[str]:
        """Handles that begin so, whatever the case of their letters."""
        accounts = tables.accounts
        query = select(accounts.c.handle).where(accounts.c.handle.istartswith(start, autoescape=True)).distinct()
        found: Iterable[str | None] = self._connection.execute(query.order_by(accounts.c.handle).limit(limit)).scalars()
        return [handle for handle in found if handle]

    def tags(self, start: str, limit: int) -> list[str]:
        """Tags that begin so, whatever the case of their letters."""
        tags = tables.tags
        query = select(tags.c.tag).where(tags.c.tag.istartswith(start, autoescape=True)).distinct()
        return list(self._connection.execute(query.order_by(tags.c.tag).limit(limit)).scalars())

    def dumps(self) -> list[str]:
        """The paths from which dumps were read."""
        return list(self._connection.execute(select(tables.sources.c.path).order_by(tables.sources.c.id)).scalars())


def _is_called(name: str, path: str, sha256: str) -> bool:
    name = name.lower()
    if name == path.lower() or (len(name) >= _SHORTEST_HASH and sha256.startswith(name)):
        return True
    parts, wanted = PurePath(path.lower()).parts, PurePath(name).parts
    runs = (parts[i : i + len(wanted)] for i in range(len(parts)))
    return bool(wanted) and (wanted in runs or PurePath(path.lower()).stem == name)
