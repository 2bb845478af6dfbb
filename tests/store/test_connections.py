"""What only reads asks SQLite itself: one state at a time, from any thread, and what goes wrong is told in words."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from threadkeep.errors import ArchiveBusy, ArchiveError, QueryError, StorageError
from threadkeep.ingest.import_session import ImportSession
from threadkeep.records import Account, Post, Ref
from threadkeep.sources.source import Source
from threadkeep.store.connections import SCHEMA, Readers, plain_error, rows_among, rows_of, rows_with
from threadkeep.store.database import driver, open_database, writing
from threadkeep.store.store import Store

NAME = "threadkeep.db"


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    Store(tmp_path).close()
    found = Readers(tmp_path / NAME)
    yield found
    found.close()


def revision(connection: sqlite3.Connection) -> str:
    return str(rows_of(connection, "SELECT value FROM meta WHERE name = 'revision'")[0]["value"])


def change(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
    connection.close()


def test_a_reader_sees_one_state_and_the_next_one_sees_what_came_meanwhile(readers: Readers, tmp_path: Path) -> None:
    with readers.reading() as connection:
        assert revision(connection) == "0"
        change(tmp_path / NAME)
        assert revision(connection) == "0"
    with readers.reading() as connection:
        assert revision(connection) == "1"


def test_a_connection_is_used_again_but_not_while_it_is_in_use(readers: Readers) -> None:
    with readers.reading() as first, readers.reading() as second:
        assert first is not second
    with readers.reading() as third:
        assert third in (first, second)


def test_a_reader_cannot_write(readers: Readers) -> None:
    with pytest.raises(StorageError, match="readonly"), readers.reading() as connection:
        connection.execute("DELETE FROM meta")


def test_what_ends_a_reading_early_leaves_the_next_one_a_fresh_state(readers: Readers, tmp_path: Path) -> None:
    with pytest.raises(QueryError), readers.reading() as connection:
        revision(connection)
        raise QueryError("no", "query", 0)
    change(tmp_path / NAME)
    with readers.reading() as connection:
        assert revision(connection) == "1"


def test_nothing_is_left_beside_the_database_when_it_is_let_go(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with Store(tmp_path) as store:
        store.revision()
        store.sources()
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_threads_may_ask_at_once(readers: Readers) -> None:
    met = threading.Barrier(4)
    seen: list[str] = []

    def ask() -> None:
        with readers.reading() as connection:
            met.wait(10)
            seen.append(revision(connection))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["0"] * 4


def empty(path: Path) -> None:
    path.touch()


def older(path: Path) -> None:
    Store(path.parent).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA - 1}")


def newer(path: Path) -> None:
    Store(path.parent).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


@pytest.mark.parametrize("make", [lambda _: None, empty, older, newer, foreign])
def test_only_an_archive_with_todays_schema_is_read_as_it_is(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / NAME)
    assert not Readers(tmp_path / NAME).is_current()


def test_an_archive_with_todays_schema_is_one(readers: Readers) -> None:
    assert readers.is_current()


def test_a_database_that_is_damaged_is_told_of_when_it_is_read(tmp_path: Path) -> None:
    Store(tmp_path).close()
    data = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(ArchiveError, match=r"malformed.*restore a backup"), Store(tmp_path) as store:
        store.accounts()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("database is locked", ArchiveBusy),
        ("database or disk is full", StorageError),
        ("attempt to write a readonly database", StorageError),
        ("unable to open database file", StorageError),
        ("disk I/O error", StorageError),
        ("file is not a database", ArchiveError),
        ("database disk image is malformed", ArchiveError),
    ],
)
def test_what_sqlite_says_is_told_with_the_place_and_a_way_out(said: str, kind: type[ArchiveError]) -> None:
    error = plain_error(Path("kept/threadkeep.db"), said)
    assert type(error) is kind
    assert str(Path("kept/threadkeep.db")) in error.message
    assert error.hint


def test_a_mistake_of_ours_is_not_made_to_look_like_theirs(readers: Readers) -> None:
    assert plain_error(Path("kept"), "no such table: nowhere") is None
    with pytest.raises(sqlite3.OperationalError, match="nowhere"), readers.reading() as connection:
        rows_of(connection, "SELECT * FROM nowhere")


def test_who_writes_reads_what_it_has_written_and_others_do_not(readers: Readers, tmp_path: Path) -> None:
    engine = open_database(tmp_path / NAME)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '7' WHERE name = 'revision'")
        assert revision(driver(connection)) == "7"
        with readers.reading() as other:
            assert revision(other) == "0"
    engine.dispose()


@pytest.mark.parametrize("count", [0, 1, 400, 401, 2000])
def test_rows_are_found_among_any_number_of_keys(count: int) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO posts VALUES (?)", ((number,) for number in range(count)))
    found = rows_among(connection, "SELECT id FROM posts WHERE id IN ({keys})", range(-5, count + 5))
    assert sorted(row["id"] for row in found) == list(range(count))
    asked = rows_with(connection, "posts", ("id",), ((number,) for number in range(-5, count + 5)))
    assert sorted(row["id"] for some in asked for row in some) == list(range(count))


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Store]:
    dump = tmp_path / "dump"
    dump.write_text("x", encoding="utf-8")
    with Store(tmp_path) as store:
        with ImportSession.open(store, Source("dump", dump), "jsonl", 1) as loading:
            for id_ in ("~ab%cd", "~ab_cd", "~abxcd", "~ab/cd", "at://did:plc:a/app.bsky.feed.post/k_y"):
                loading.add(Post(Ref("bluesky", id_), Ref("bluesky", f"~{id_}"), id_, tags=(id_,)), id_)
                loading.add(Account(Ref("bluesky", f"~{id_}"), handle=id_.upper()), id_)
            loading.finish()
        yield store


@pytest.mark.parametrize("id_", ["~ab%cd", "~ab_cd", "~abxcd", "~ab/cd"])
def test_signs_that_stand_for_others_in_sql_stand_for_themselves_in_names(named: Store, id_: str) -> None:
    with named.name_lookup() as naming:
        [number] = naming.posts(id_[:5])
        assert naming.handles(id_[:4], 9) == [id_.upper()]
        assert naming.tags(id_[:4], 9) == [id_]
    assert named.posts([number])[number].post.text == id_


def test_an_underscore_in_a_link_is_no_wildcard(named: Store) -> None:
    with named.name_lookup() as naming:
        assert len(naming.posts("https://bsky.app/profile/mira.example.com/post/k_y")) == 1
        assert not naming.posts("https://bsky.app/profile/mira.example.com/post/_xy")


def test_accounts_are_found_by_their_refs(named: Store) -> None:
    held, missing = Ref("bluesky", "~~abxcd"), Ref("x", "~~abxcd")
    assert {ref: account.handle for ref, account in named.accounts_named([held, missing, held]).items()} == {
        held: "~ABXCD"
    }
