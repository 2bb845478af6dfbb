"""Rows are found by any number of keys of any shape, and through an index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from threadkeep.store import tables
from threadkeep.store.bulk_sql import chunks, insert_rows, update_rows
from threadkeep.store.connections import rows_with
from threadkeep.store.database import driver, open_database, reading, writing

COUNT = 2500


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    engine = open_database(tmp_path_factory.mktemp("archive") / "threadkeep.db")
    with writing(engine) as connection:
        rows = [(number, "x", str(number), "here") for number in range(1, COUNT + 1)]
        insert_rows(connection, tables.gaps, ("id", "platform", "ref", "reason"), [*rows])
        update_rows(connection, tables.gaps, ("reason",), [("deleted", 7)])
        update_rows(connection, tables.gaps, ("reason",), [])
    with reading(engine) as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("size", [0, 1, 449, 450, 451, 900, COUNT])
def test_every_key_finds_its_row_and_no_other(connection: Connection, size: int) -> None:
    keys = [("x", str(number)) for number in range(1, size + 1)]
    found = [row["id"] for some in rows_with(driver(connection), "gaps", ("platform", "ref"), keys) for row in some]
    assert sorted(found) == list(range(1, size + 1))
    ids = [row["ref"] for some in rows_with(driver(connection), "gaps", ("id",), ((n,) for n in found)) for row in some]
    assert sorted(map(int, ids)) == sorted(found)


def test_keys_that_nothing_has_find_nothing(connection: Connection) -> None:
    keys = [("x", "0"), ("mastodon", "7"), ("x", "07")]
    assert [row for some in rows_with(driver(connection), "gaps", ("platform", "ref"), keys) for row in some] == []


def test_a_row_is_changed_alone(connection: Connection) -> None:
    [[seven, eight]] = rows_with(driver(connection), "gaps", ("id",), [(7,), (8,)])
    assert (seven["reason"], eight["reason"]) == ("deleted", "here")


@pytest.mark.parametrize("table", [tables.posts, tables.accounts, tables.gaps])
def test_rows_are_found_through_an_index(connection: Connection, table: object) -> None:
    plan = connection.exec_driver_sql(
        f"EXPLAIN QUERY PLAN WITH wanted (key0, key1) AS (VALUES ('x', '1'), ('x', '2')) SELECT found.* FROM wanted "
        f"CROSS JOIN {table} AS found ON found.platform = wanted.key0 AND found.ref = wanted.key1"
    )
    assert any("SEARCH found USING INDEX" in row[3] for row in plan)


def test_chunks_hold_everything_once_and_in_order() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunks([], 2)) == []
