"""The database file: its schema, its migrations, and what is said when it cannot be used."""

import re
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine

from threadkeep.errors import ArchiveBusy, ArchiveError, ArchiveTooNew, StorageError
from threadkeep.ingest.import_session import ImportSession
from threadkeep.sources.source import Source
from threadkeep.store import connections, database, tables
from threadkeep.store.store import Store


def test_the_tables_we_name_are_the_tables_migrations_make(tmp_path: Path) -> None:
    Store(tmp_path).close()
    made = MetaData()
    made.reflect(create_engine(f"sqlite:///{tmp_path / 'threadkeep.db'}"))
    assert set(made.tables) == set(tables.metadata.tables)
    for name, table in tables.metadata.tables.items():
        there = made.tables[name]
        assert [(c.name, c.nullable, c.primary_key) for c in there.columns] == [
            (c.name, c.nullable, c.primary_key) for c in table.columns
        ], name


PLAIN = set("id platform bio url name handle title text bytes created precision origin account author value".split())
PLAIN |= set("kind position post reason locator source followers following posts".split())


def test_every_column_that_does_not_explain_itself_is_explained_in_the_file(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "threadkeep.db") as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    silent = {
        (name, match[1])
        for name, sql in rows
        for match in re.finditer(r'^    "?(\w+)"? (?:TEXT|INTEGER)(?![^\n]*--)', sql, re.M)
    }
    assert {column for _, column in silent} <= PLAIN | {"end"}


def test_todays_schema_is_what_all_migrations_make() -> None:
    assert len(database.migrations()) == connections.SCHEMA


def test_foreign_keys_are_enforced(tmp_path: Path) -> None:
    with Store(tmp_path) as store, pytest.raises(Exception, match="FOREIGN KEY"), database.writing(store.engine) as c:
        c.exec_driver_sql("INSERT INTO problems VALUES (1, 99, 'a', 'b', 'c')")


def test_a_newer_archive_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    Store(tmp_path).close()
    path = tmp_path / "threadkeep.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(ArchiveTooNew, match=r"schema 99.*update threadkeep"):
        Store(tmp_path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "threadkeep.db") as connection:
        connection.execute("CREATE TABLE cookies (id)")
    with pytest.raises(ArchiveError, match="not a threadkeep archive"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "threadkeep.db").write_bytes(b"hello " * 1000)
    with pytest.raises(ArchiveError, match="not a database"):
        Store(tmp_path)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    from threadkeep.records import Post, Ref

    dump = tmp_path / "dump"
    dump.write_text("x", encoding="utf-8")
    with Store(tmp_path) as store:
        with ImportSession.open(store, Source("a", dump), "jsonl", 1) as loading:
            loading.add(Post(Ref("x", "1"), None, "kept"), "line 1")
            loading.finish()
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
        dump.write_text("y", encoding="utf-8")
        with (
            pytest.raises(StorageError, match="disk is full"),
            ImportSession.open(store, Source("b", dump), "jsonl", 1) as loading,
        ):
            for number in range(5000):
                loading.add(Post(Ref("x", f"new{number}"), None, "words " * 50), "line")
            loading.finish()
        assert [row.record.path for row in store.sources()] == ["a"]
        assert store.counts()["posts"] == 1


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.2)
    with Store(tmp_path) as first, Store(tmp_path) as second:
        with (
            database.writing(first.engine),
            pytest.raises(ArchiveBusy, match="another process"),
            database.writing(second.engine),
        ):
            pytest.fail("two writers at once")
        released = threading.Event()

        def hold() -> None:
            with database.writing(first.engine):
                released.wait(0.1)

        holder = threading.Thread(target=hold)
        holder.start()
        with database.writing(second.engine):
            released.set()
        holder.join()


def test_a_failed_migration_leaves_no_half_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).close()
    steps = database.migrations()
    monkeypatch.setattr(database, "migrations", lambda: [*steps, ["CREATE TABLE later (id)", "NONSENSE"]])
    monkeypatch.setattr(connections, "SCHEMA", len(steps) + 1)
    with pytest.raises(Exception, match="syntax error"):
        Store(tmp_path)
    monkeypatch.undo()
    with Store(tmp_path) as store:
        assert store.revision() == 0
