"""The database of an archive looked at row by row, and set right: what ``threadkeep doctor`` sees of it."""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from sqlalchemy import Connection, text

from threadkeep.records import Account
from threadkeep.store import captured_records, orphans, row_mapping, thread_check
from threadkeep.store.captured_records import Shown
from threadkeep.store.database import open_database, reading, writing
from threadkeep.store.file_checks import MEDIA_NAME
from threadkeep.store.orphans import RULES, UNSHOWN, Rule, Unreadable
from threadkeep.store.thread_check import Misplaced

__all__ = ["Inspection", "Misplaced", "Rule", "Shown", "Unreadable"]


class Aside(Protocol):
    """Where rows go that are taken out."""

    def row(self, table: str, row: dict[str, Any]) -> None:
        """Take in a row of ``table``."""

    def fsync_all(self) -> None:
        """Have all that was taken in on the disk: now the rows go."""


class Inspection:
    """The rows of the archive in ``folder``, whose database is whole. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._engine = open_database(folder / "threadkeep.db")

    def __enter__(self) -> "Inspection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def dangling(self) -> list[tuple[Rule, int]]:
        """The rules about rows that refer to nothing which are broken, with how many rows break each."""
        return self._broken(RULES)

    def unshown(self) -> list[tuple[Rule, int]]:
        """The kinds of records of which some are shown by no dump, with how many."""
        return self._broken(UNSHOWN)

    def _broken(self, rules: tuple[Rule, ...]) -> list[tuple[Rule, int]]:
        with reading(self._engine) as connection:
            counted = [(rule, orphans.count(connection, rule)) for rule in rules]
        return [(rule, count) for rule, count in counted if count]

    def unreadable(self) -> list[Unreadable]:
        """The rows that make no record."""
        with reading(self._engine) as connection:
            return list(orphans.unreadable_rows(connection))

    def take_out(self, aside: Aside) -> None:
        """Take out every row that refers to nothing or cannot be read, each given to ``aside`` before."""
        with self._mending() as (connection, revision):
            for rule in RULES:
                orphans.take_out(connection, rule, aside.row)
            for row in list(orphans.unreadable_rows(connection)):
                orphans.take_out_unreadable(connection, row, revision, aside.row)
            aside.fsync_all()

    def misplaced(self) -> Misplaced:
        """How many posts do not stand in their threads where their replies say."""
        with reading(self._engine) as connection:
            return thread_check.misplaced(connection)

    def rebuild_threads(self) -> None:
        """Put every post in its thread where its replies say."""
        with self._mending() as (connection, revision):
            thread_check.rebuild_threads(connection, revision)

    def records_of_source(self, sha256: str) -> Iterator[tuple[Shown, Account | None]]:
        """What the dump with that hash showed, as the database knows it; see ``store.shown``."""
        with reading(self._engine) as connection:
            number = connection.execute(text("SELECT id FROM sources WHERE sha256 = :it"), {"it": sha256}).scalar()
            yield from captured_records.records_of_source(connection, int(number or 0), sha256)

    def records_without_source(self) -> Iterator[tuple[Shown, Account | None]]:
        """The records that no dump shows, as the database knows them; see ``store.shown``."""
        with reading(self._engine) as connection:
            yield from captured_records.records_without_source(connection)

    def drop_source(self, sha256: str, aside: Aside) -> None:
        """Forget the dump with that hash, where another shows all that it showed; its problems go to ``aside``."""
        with self._mending() as (connection, revision):
            number = connection.execute(text("SELECT id FROM sources WHERE sha256 = :it"), {"it": sha256}).scalar()
            here = {"source": number}
            for table in ("sources", "problems"):
                column = "id" if table == "sources" else "source"
                for row in connection.execute(text(f"SELECT * FROM {table} WHERE {column} = :source"), here).mappings():
                    aside.row(table, {str(name): value for name, value in row.items()})
            aside.fsync_all()
            shown_here = "SELECT record FROM captures WHERE kind = 'post' AND source = :source"
            connection.execute(
                text(f"UPDATE posts SET revision = :revision WHERE id IN ({shown_here})"),
                {**here, "revision": revision},
            )
            for table in ("captures", "problems"):
                connection.execute(text(f"DELETE FROM {table} WHERE source = :source"), here)
            connection.execute(text("DELETE FROM sources WHERE id = :source"), here)

    def date_source(self, sha256: str, imported: datetime) -> None:
        """Say that the dump with that hash was first imported then."""
        with writing(self._engine) as connection:
            connection.execute(
                text("UPDATE sources SET imported = :imported WHERE sha256 = :it"),
                {"imported": row_mapping.instant_text(imported), "it": sha256},
            )

    def media_files(self) -> dict[str, set[int]]:
        """The files in ``media/`` that posts or captures name, with the rows of the posts."""
        found: dict[str, set[int]] = {}
        with reading(self._engine) as connection:
            for name, number in captured_records.media_files(connection):
                found.setdefault(name, set()).add(number)
        return found

    def sources_of_posts(self, numbers: set[int]) -> Mapping[str, str]:
        """The dumps that show the posts in those rows: their formats, by hash."""
        query = """
            SELECT sources.sha256, sources.format FROM captures JOIN sources ON sources.id = captures.source
            WHERE captures.kind = 'post' AND captures.record = :number
        """
        with reading(self._engine) as connection:
            return {row[0]: row[1] for number in numbers for row in connection.execute(text(query), {"number": number})}

    def knows(self, sha256: str) -> bool:
        """Whether the dump with that hash was imported."""
        with reading(self._engine) as connection:
            return (
                connection.execute(text("SELECT 1 FROM sources WHERE sha256 = :it"), {"it": sha256}).first() is not None
            )

    def counts(self) -> dict[str, int]:
        """How many rows the tables of posts and captures have."""
        with reading(self._engine) as connection:
            return {
                name: int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())
                for name in ("posts", "captures")
            }

    def lost_media(self, media: Path, names_only: str) -> list[tuple[str, list[str]]]:
        """The names of files that posts or captures have and the folder ``media`` has not, with the dumps to ask.

        Dumps of the format ``names_only`` bring names and no files; what only they name was never here.
        """
        lost = []
        for name, numbers in sorted(self.media_files().items()):
            if MEDIA_NAME.fullmatch(name) and not (media / name[:2] / name).is_file():
                dumps = sorted(
                    sha for sha, format_name in self.sources_of_posts(numbers).items() if format_name != names_only
                )
                if dumps:
                    lost.append((name, dumps))
        return lost

    def continues(self, token: str, revision: int) -> None:
        """Let this database go on for one that had that token and stood at that revision."""
        with writing(self._engine) as connection:
            for name, value in (("token", token), ("revision", str(revision + 1))):
                connection.execute(
                    text("UPDATE meta SET value = :value WHERE name = :name"), {"value": value, "name": name}
                )

    def numbers(self) -> tuple[int, list[int]]:
        """The archive's revision, and the rows of its posts in order."""
        with reading(self._engine) as connection:
            found = connection.execute(text("SELECT id FROM posts ORDER BY id")).scalars().all()
            return _revision(connection), list(found)

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """Keep all writers out while files are moved that one of them may be about to name. Waits for who writes."""
        with writing(self._engine, keep=False):
            yield

    @contextlib.contextmanager
    def _mending(self) -> Iterator[tuple[Connection, int]]:
        """A transaction that counts the revision up."""
        with writing(self._engine) as connection:
            revision = _revision(connection) + 1
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            yield connection, revision
            connection.execute(text("UPDATE meta SET value = :it WHERE name = 'revision'"), {"it": str(revision)})


def _revision(connection: Connection) -> int:
    return int(connection.execute(text("SELECT value FROM meta WHERE name = 'revision'")).scalars().all()[0])
