"""Archives of every earlier schema open, hold what they held, and are copied before; a newer one is refused.

``old_archives/`` has one archive of each schema that was ever released: see ``keep.py`` there.
"""

import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from threadkeep.archive.archive import Archive
from threadkeep.errors import ArchiveTooNew, StorageError, ThreadkeepError
from threadkeep.exporters import jsonl
from threadkeep.store import connections, database
from threadkeep.store.database_check import health, strange_objects
from threadkeep.store.store import Store

OLD = Path(__file__).parent / "old_archives"
TODAY = len(database.migrations())
LATER = [
    ["ALTER TABLE posts ADD COLUMN mood TEXT", "UPDATE posts SET mood = 'calm'"],
    ["CREATE TABLE moods (id INTEGER PRIMARY KEY, mood TEXT NOT NULL)", "INSERT INTO moods SELECT id, mood FROM posts"],
    ["DROP TABLE moods", "ALTER TABLE posts DROP COLUMN mood"],
]
"""Migrations that a later threadkeep might have."""


def old_archive(version: int, folder: Path) -> Path:
    """The stored archive of that schema, as it lay on disk; returns its database."""
    folder.mkdir()
    path = folder / "threadkeep.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((OLD / f"schema-{version}.sql").read_text("utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def records(folder: Path) -> list[str]:
    with Archive(folder, create=False) as archive, archive.selection(private=True) as selection:
        return list(jsonl.lines(selection))


def with_later_schemas(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    steps = database.migrations()
    monkeypatch.setattr(database, "migrations", lambda: [*steps, *LATER[:count]])
    monkeypatch.setattr(connections, "SCHEMA", TODAY + count)


def versions(folder: Path) -> dict[str, int]:
    """The schemas of the database and of the copies beside it."""
    found = {}
    for path in folder.glob("threadkeep.db*"):
        if not path.name.endswith(("-wal", "-shm")):
            with closing(sqlite3.connect(path)) as connection:
                found[path.name] = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def test_there_is_an_archive_of_every_schema() -> None:
    assert {int(re.sub(r"\D", "", path.stem)) for path in OLD.glob("schema-*.sql")} == set(range(1, TODAY + 1))


@pytest.mark.parametrize("version", range(1, TODAY + 1))
def test_an_archive_of_an_earlier_schema_opens_and_holds_what_it_held(tmp_path: Path, version: int) -> None:
    path = old_archive(version, tmp_path / "old")
    expected = (OLD / f"schema-{version}.expected.jsonl").read_text("utf-8").splitlines(keepends=True)
    assert records(tmp_path / "old") == expected
    assert health(path).state == "whole"
    assert strange_objects(path) == []
    assert versions(tmp_path / "old") == {"threadkeep.db": TODAY} | (
        {f"threadkeep.db.schema-{version}": version} if version < TODAY else {}
    )
    with Archive(tmp_path / "old") as archive:
        assert archive.search("glaze").total


@pytest.mark.parametrize("count", range(1, len(LATER) + 1))
def test_every_archive_goes_through_later_migrations_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    old_archive(TODAY, tmp_path / "old")
    before = records(tmp_path / "old")
    with_later_schemas(monkeypatch, count)
    assert records(tmp_path / "old") == before
    assert versions(tmp_path / "old")["threadkeep.db"] == TODAY + count
    assert versions(tmp_path / "old")[f"threadkeep.db.schema-{TODAY}"] == TODAY
    (tmp_path / "new").mkdir()
    with Store(tmp_path / "new"):
        assert schema(tmp_path / "old") == schema(tmp_path / "new"), "an upgraded archive is as a new one"


def schema(folder: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "threadkeep.db")) as connection:
        return set(connection.execute("SELECT name, sql FROM sqlite_schema"))


def test_the_copies_of_the_last_two_upgrades_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_archive(TODAY, tmp_path / "old")
    steps = database.migrations()
    for count in range(1, 4):
        monkeypatch.setattr(database, "migrations", lambda count=count: [*steps, *LATER[:count]])
        monkeypatch.setattr(connections, "SCHEMA", TODAY + count)
        Store(tmp_path / "old").close()
    copies = {name: version for name, version in versions(tmp_path / "old").items() if "schema" in name}
    assert copies == {f"threadkeep.db.schema-{version}": version for version in (TODAY + 1, TODAY + 2)}
    assert database.KEPT_COPIES == 2


def test_a_copy_is_a_whole_archive_of_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_archive(TODAY, tmp_path / "old")
    before = records(tmp_path / "old")
    with_later_schemas(monkeypatch, 1)
    Store(tmp_path / "old").close()
    monkeypatch.undo()
    with pytest.raises(ArchiveTooNew):
        Store(tmp_path / "old")
    (tmp_path / "back").mkdir()
    (tmp_path / "old" / f"threadkeep.db.schema-{TODAY}").rename(tmp_path / "back" / "threadkeep.db")
    assert records(tmp_path / "back") == before
    assert health(tmp_path / "back" / "threadkeep.db").state == "whole"


def test_a_migration_that_fails_leaves_the_archive_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_archive(TODAY, tmp_path / "old")
    before, steps = records(tmp_path / "old"), database.migrations()
    monkeypatch.setattr(database, "migrations", lambda: [*steps, *LATER[:2], ["INSERT INTO nowhere VALUES (1)"]])
    monkeypatch.setattr(connections, "SCHEMA", TODAY + 3)
    with pytest.raises(OperationalError, match="nowhere"):
        Store(tmp_path / "old")
    monkeypatch.undo()
    assert records(tmp_path / "old") == before
    assert versions(tmp_path / "old")["threadkeep.db"] == TODAY


def test_without_room_for_a_copy_nothing_is_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_archive(TODAY, tmp_path / "old")
    before = records(tmp_path / "old")
    (tmp_path / "old" / f"threadkeep.db.schema-{TODAY}").mkdir()  # as good as a full disk: it cannot be written
    with_later_schemas(monkeypatch, 1)
    with pytest.raises(StorageError, match=r"no copy could be made.*nothing was changed"):
        Store(tmp_path / "old")
    monkeypatch.undo()
    assert records(tmp_path / "old") == before


def test_two_that_open_an_old_archive_at_once_upgrade_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_archive(TODAY, tmp_path / "old")
    with_later_schemas(monkeypatch, 1)  # adding a column twice would fail
    wrong: list[Exception] = []

    def open_it() -> None:
        try:
            Store(tmp_path / "old").close()
        except (ThreadkeepError, OperationalError) as error:
            wrong.append(error)

    openers = [threading.Thread(target=open_it) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert not wrong
    assert versions(tmp_path / "old") == {"threadkeep.db": TODAY + 1, f"threadkeep.db.schema-{TODAY}": TODAY}


def test_a_newer_archive_is_refused_by_every_command_in_words(tmp_path: Path) -> None:
    path = old_archive(TODAY, tmp_path / "old")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for arguments in (["search", "glaze"], ["backup", str(tmp_path / "backup")]):
        command = [sys.executable, "-m", "threadkeep", "--archive", str(tmp_path / "old"), *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert run.returncode == 1
        assert "made by a newer threadkeep" in run.stderr
        assert "update threadkeep" in run.stderr
    assert path.read_bytes() == before
