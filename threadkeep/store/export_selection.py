"""What is to be exported, streamed from the database: everything, or some posts with what belongs to them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, or_, select, text, tuple_

from threadkeep.files.plain_files import is_plain
from threadkeep.records import PRIVATE, Account, Gap, Pin, Ref, Repost, SourceRecord, StoredPost, Thread
from threadkeep.store import row_mapping, tables
from threadkeep.store.bulk_sql import chunks
from threadkeep.store.database import driver
from threadkeep.store.post_queries import pins_of, placed_threads, reposts_of, thread_of
from threadkeep.store.thread_order import in_reading_order


class StoredSelection:
    """An ``exporters.Selection`` over one connection. ``numbers`` are rows of posts; ``None`` means everything.

    ``media`` is the archive's folder of them. With ``private`` false, posts that were not for everyone are left out,
    and so are reposts and pins of them.
    """

    def __init__(
        self,
        connection: Connection,
        numbers: Iterable[int] | None = None,
        *,
        private: bool = True,
        media: Path | None = None,
    ) -> None:
        self._connection = connection
        self._media = media
        self._chosen: ColumnElement[bool] | None = None
        self._hidden = {} if private else self._private_posts()
        if numbers is not None:
            connection.execute(text("CREATE TEMP TABLE IF NOT EXISTS selected (id INTEGER PRIMARY KEY)"))
            connection.execute(text("DELETE FROM selected"))
            for chunk in chunks(numbers, 5000):
                connection.execute(
                    text("INSERT OR IGNORE INTO selected VALUES (:id)"), [{"id": number} for number in chunk]
                )
            self._chosen = tables.posts.c.id.in_(text("SELECT id FROM selected"))

    def _private_posts(self) -> dict[int, Ref]:
        posts = tables.posts
        query = select(posts.c.id, posts.c.platform, posts.c.ref).where(posts.c.visibility.in_(PRIVATE))
        return {row.id: Ref(row.platform, row.ref) for row in self._connection.execute(query)}

    def accounts(self) -> Iterator[Account]:
        """The accounts that the other records name, by platform and id."""
        accounts, posts = tables.accounts, tables.posts
        query = select(accounts).order_by(accounts.c.platform, accounts.c.ref)
        if self._chosen is not None:
            keys = select(posts.c.platform, posts.c.ref).where(self._chosen)
            query = query.where(
                or_(
                    accounts.c.id.in_(select(posts.c.author).where(self._chosen)),
                    *(
                        accounts.c.id.in_(
                            select(table.c.account).where(tuple_(table.c.platform, table.c.ref).in_(keys))
                        )
                        for table in (tables.reposts, tables.pins)
                    ),
                )
            )
        yield from map(row_mapping.account_of, self._connection.execute(query).mappings())

    def posts(self) -> Iterator[StoredPost]:
        """The posts, thread by thread in reading order."""
        chosen = None if self._chosen is None else set(self._numbers())
        for placed in placed_threads(driver(self._connection), self._roots()):
            for item in in_reading_order(placed):
                if item.number not in self._hidden and (chosen is None or item.number in chosen):
                    yield item.stored

    def threads(self) -> Iterator[Thread]:
        """The threads in which the posts stand, whole, in the order their roots came into the archive."""
        for placed in placed_threads(driver(self._connection), self._roots()):
            shown = [item for item in in_reading_order(placed) if item.number not in self._hidden]
            if shown:
                yield thread_of(driver(self._connection), shown)

    def reposts(self) -> Iterator[Repost]:
        """The reposts of the posts; of everything, also those of posts that are not held."""
        hidden = set(self._hidden.values())
        return (repost for repost in reposts_of(driver(self._connection), self._keys()) if repost.post not in hidden)

    def pins(self) -> Iterator[Pin]:
        """The pins of the posts; of everything, also those of posts that are not held."""
        hidden = set(self._hidden.values())
        return (pin for pin in pins_of(driver(self._connection), self._keys()) if pin.post not in hidden)

    def gaps(self) -> Iterator[Gap]:
        """The posts known to be missing, of everything; in a choice of posts there is none."""
        if self._chosen is None:
            gaps = tables.gaps
            query = select(gaps).order_by(gaps.c.platform, gaps.c.ref)
            yield from (Gap(Ref(row.platform, row.ref), row.reason) for row in self._connection.execute(query))

    def account(self, ref: Ref) -> Account | None:
        """The account with that ref."""
        accounts = tables.accounts
        query = select(accounts).where(accounts.c.platform == ref.platform, accounts.c.ref == ref.id)
        row = self._connection.execute(query).mappings().first()
        return row_mapping.account_of(row) if row else None

    def source(self, sha256: str) -> SourceRecord | None:
        """The dump with that hash; ``None`` for one that only an earlier archive held."""
        sources = tables.sources
        row = self._connection.execute(select(sources).where(sources.c.sha256 == sha256)).mappings().first()
        return row_mapping.source_of(row) if row else None

    def medium(self, file: str) -> Path | None:
        """Where the archive keeps the file that a medium names; ``None`` where it does not."""
        from threadkeep.store.file_checks import MEDIA_NAME

        if self._media is None or not MEDIA_NAME.fullmatch(file):  # an export may name anything
            return None
        path = self._media / file[:2] / file
        if not is_plain(path):
            return None
        return path if path.is_file() else None

    def _numbers(self) -> list[int]:
        return list(self._connection.execute(text("SELECT id FROM selected")).scalars())

    def _roots(self) -> list[int]:
        posts = tables.posts
        query = select(posts.c.thread).distinct().order_by(posts.c.thread)
        if self._chosen is not None:
            query = query.where(self._chosen)
        return list(self._connection.execute(query).scalars())

    def _keys(self) -> list[tuple[str, str]] | None:
        """The chosen posts by platform and ref; ``None`` for everything."""
        if self._chosen is None:
            return None
        posts = tables.posts
        query = select(posts.c.platform, posts.c.ref).where(self._chosen).order_by(posts.c.id)
        return [(row[0], row[1]) for row in self._connection.execute(query)]
