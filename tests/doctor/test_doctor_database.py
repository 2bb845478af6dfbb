"""A database that is missing, damaged or foreign: said, made anew without losing a record, and the old one kept."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from archives import aged, exported, kinds, mended, rows_of, stored_dump

from threadkeep.archive.archive import Archive
from threadkeep.doctor.doctor import check_up
from threadkeep.errors import NotFound
from threadkeep.store.database_check import health

SLOW = pytest.mark.slow


def without_logs(folder: Path) -> Path:
    """The database file, with everything in it."""
    with rows_of(folder) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "threadkeep.db"


def pages_of(path: Path, name: str) -> tuple[int, list[int]]:
    """The size of a page, and the pages of a table or an index, in the order of the file."""
    with sqlite3.connect(path) as connection:
        [size] = connection.execute("PRAGMA page_size").fetchone()
        [root] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    return size, [root]


def overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("rb+") as file:
        file.seek(offset)
        file.write(data)


def test_a_sound_archive_is_well_and_looking_at_it_changes_nothing(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "-" not in path.suffix}
    report = check_up(folder)
    assert report.is_well
    assert report.outcomes == ()
    assert set(report.seen) == {"folder", "database", "records", "dumps", "media", "threads", "index"}
    assert check_up(folder, fix=True).aside is None
    assert {path: path.read_bytes() for path in before} == before


def test_a_folder_without_an_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no archive"):
        check_up(tmp_path)


def test_a_lost_database_is_made_anew_from_the_dumps(folder: Path, model: Path) -> None:
    for path in folder.glob("threadkeep.db*"):
        path.unlink()
    mended(folder, "missing")
    assert exported(folder) == exported(model)
    with Archive(folder) as archive:
        assert archive.search("glaze").total


@SLOW
def test_a_lost_database_and_its_notes_are_made_anew_from_what_the_dumps_are(folder: Path, model: Path) -> None:
    for path in [*folder.glob("threadkeep.db*"), *folder.glob("sources/*/*.json")]:
        path.unlink()
    mended(folder, "missing")
    with Archive(folder) as archive, Archive(model) as before:
        assert archive.store.counts() == before.store.counts()


@pytest.mark.parametrize(
    "what", ["zeros", *(pytest.param(what, marks=SLOW) for what in ("header", "schema", "truncated", "text"))]
)
def test_a_damaged_database_is_made_anew_and_the_old_one_kept(folder: Path, model: Path, what: str) -> None:
    path = without_logs(folder)
    size = path.stat().st_size
    if what == "header":
        overwrite(path, 0, b"\0" * 100)
    elif what == "schema":
        overwrite(path, 105, b"\xff" * 900)
    elif what == "zeros":
        overwrite(path, 4096, bytes(size - 4096))
    elif what == "truncated":
        path.write_bytes(path.read_bytes()[: size // 2])
    else:
        path.write_bytes(b"not a database at all " * 100)
    damaged = path.read_bytes()
    report = mended(folder, "damaged")
    assert exported(folder) == exported(model)
    assert report.aside
    assert (report.aside / "threadkeep.db").read_bytes() == damaged


def test_what_a_damaged_database_still_tells_of_a_damaged_dump_is_kept(folder: Path, model: Path) -> None:
    dump = stored_dump(folder, "mastodon-export")
    shutil.rmtree(dump.parent)
    path = without_logs(folder)
    page, [root] = pages_of(path, "problems_by_source")
    overwrite(path, (root - 1) * page, b"\xff" * page)
    if health(path).state != "damaged":
        page, [root] = pages_of(path, "removed")
        overwrite(path, (root - 1) * page, b"\xff" * page)
    assert health(path).state == "damaged"
    mended(folder, "damaged")
    assert exported(folder) == exported(model)


def test_a_rebuilt_archive_goes_on_as_the_same_one(folder: Path) -> None:
    with Archive(folder) as archive:
        token, revision = archive.store.token(), archive.store.revision()
    path = without_logs(folder)
    page, [root] = pages_of(path, "removed")
    overwrite(path, (root - 1) * page, b"\xff" * page)
    mended(folder, "damaged")
    with Archive(folder) as archive:
        assert archive.store.token() == token
        assert archive.store.revision() > revision
        assert archive.search("glaze").total


def test_an_index_of_the_database_that_lacks_rows_is_made_anew(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        [sql] = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'posts_by_url'").fetchone()
        other = sql.replace("url IS NOT NULL", "url IS NULL")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'posts_by_url'", (other,))
        connection.execute("PRAGMA writable_schema = RESET")
        connection.execute("REINDEX")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'posts_by_url'", (sql,))
    assert health(folder / "threadkeep.db").state == "misindexed"
    mended(folder, "misindexed")
    assert exported(folder) == exported(model)


def test_an_index_of_the_database_that_is_gone_comes_back(folder: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("DROP INDEX posts_by_thread")
    mended(folder, "misindexed")
    with rows_of(folder) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'posts_by_thread'").fetchone()


@SLOW
def test_a_table_that_is_gone_comes_back_with_its_rows(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("DROP TABLE links")
    mended(folder, "damaged")
    assert exported(folder) == exported(model)


def test_a_newer_database_is_left_as_it_is_and_nothing_else_is_judged(folder: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("PRAGMA user_version = 99")
    report = check_up(folder, fix=True)
    assert kinds(report) == {"newer"}
    assert not report.is_well
    assert "update threadkeep" in report.outcomes[0].finding.what
    assert set(report.not_seen) == {"records", "dumps", "media", "threads", "index"}


def test_another_programs_database_is_left_as_it_is(folder: Path) -> None:
    path = folder / "threadkeep.db"
    for old in folder.glob("threadkeep.db*"):
        old.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE cookies (id)")
    before = path.read_bytes()
    report = check_up(folder, fix=True)
    assert kinds(report) == {"foreign"}
    assert path.read_bytes() == before


def test_a_rebuilding_that_was_cut_off_is_taken_away(folder: Path) -> None:
    left = folder / ".rebuilding"
    left.mkdir()
    (left / "threadkeep.db").write_bytes(b"half")
    aged(left)
    mended(folder, "draft")
    assert not left.exists()


def test_what_is_set_aside_of_rows_is_json(folder: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("INSERT INTO tags VALUES (999, 0, 'lost')")
    report = mended(folder, "tags-of-no-post")
    assert report.aside
    [line] = (report.aside / "rows.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line) == {"table": "tags", "row": {"post": 999, "position": 0, "tag": "lost"}}
