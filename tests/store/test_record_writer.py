"""What becomes of records on their way into the store: every one counted once, none lost, none left behind."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from threadkeep.ingest.import_session import ImportSession
from threadkeep.records import (
    Account,
    Boundary,
    Edit,
    Gap,
    Media,
    Parsed,
    Pin,
    Post,
    Problem,
    Ref,
    Repost,
    Skipped,
    When,
)
from threadkeep.sources.source import Options, Source
from threadkeep.store import record_writer as taking_in
from threadkeep.store.record_writer import ImportCounts
from threadkeep.store.store import Store

ADA = Account(Ref("x", "1"), "ada", "Ada", "counts", None, 3, 2, 1)
FIRST = Post(Ref("x", "10"), ADA.ref, "A first post", media=(Media("image", "https://example.com/a.png"),))
SECOND = Post(Ref("x", "11"), ADA.ref, "A second post", reply_to=FIRST.ref, tags=("notes",), mentions=("bea",))


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    with Store(tmp_path) as store:
        yield store


def dump(tmp_path: Path, name: str) -> Source:
    path = tmp_path / name
    path.write_text(name, encoding="utf-8")
    return Source(name, path, Options())


def load(store: Store, source: Source, *records: Parsed, keep: bool = True) -> ImportCounts:
    with ImportSession.open(store, source, "jsonl", 1, keep=keep) as loading:
        for number, record in enumerate(records, 1):
            loading.add(record, f"line {number}")
        return loading.finish()


def contents(store: Store) -> list[object]:
    with store.selection() as selection:
        return [
            *selection.accounts(),
            *((stored.post, stored.thread) for stored in selection.posts()),
            *selection.reposts(),
            *selection.pins(),
            *selection.gaps(),
        ]


def test_records_come_back_as_they_went_in(store: Store, tmp_path: Path) -> None:
    when = When(datetime(2024, 5, 1, 12, 30, 15, 250000, tzinfo=UTC))
    full = replace(FIRST, title="T", created=when, url="https://example.com/10", language="en", counts={"likes": 3})
    repost, pin, gap = Repost(Ref("x", "2"), FIRST.ref, when), Pin(ADA.ref, FIRST.ref), Gap(Ref("x", "9"), "deleted")
    counts = load(store, dump(tmp_path, "a"), ADA, full, SECOND, repost, pin, gap)
    assert (counts.read, counts.new) == (6, 6)
    assert counts.held == {"account": 1, "post": 2, "repost": 1, "pin": 1, "gap": 1}
    with store.selection() as selection:
        assert [stored.post for stored in selection.posts()] == [full, SECOND]
        assert list(selection.reposts()) == [repost]
        assert list(selection.pins()) == [pin]
        assert list(selection.gaps()) == [gap]
        assert selection.account(ADA.ref) == ADA


def test_importing_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    records = (ADA, FIRST, SECOND, Pin(ADA.ref, FIRST.ref), Repost(ADA.ref, FIRST.ref), Gap(Ref("x", "9"), "blocked"))
    load(store, dump(tmp_path, "a"), *records)
    before, revision = contents(store), store.revision()
    counts = load(store, dump(tmp_path, "a"), *records)
    assert (counts.new, counts.updated, counts.unchanged) == (0, 0, 6)
    assert contents(store) == before
    assert store.revision() == revision


def test_a_record_repeated_in_a_dump_is_counted_once_as_new(store: Store, tmp_path: Path) -> None:
    counts = load(store, dump(tmp_path, "a"), FIRST, FIRST, Skipped("an advertisement"), Boundary(3, True, "check"))
    assert (counts.read, counts.new, dict(counts.skipped)) == (
        3,
        1,
        {"repeated in this dump": 1, "an advertisement": 1},
    )
    assert counts.to_check == 1


def test_what_a_dump_no_longer_shows_is_taken_away(store: Store, tmp_path: Path) -> None:
    load(store, dump(tmp_path, "a"), ADA, FIRST, SECOND, Pin(ADA.ref, SECOND.ref))
    counts = load(store, dump(tmp_path, "a"), ADA, FIRST)
    assert counts.removed == 1
    assert counts.held == {"account": 1, "post": 1}
    assert contents(store) == [ADA, (FIRST, FIRST.ref)]
    with store.changes_since(1) as changes:
        assert changes.removed == [2]


def test_what_another_dump_shows_too_stays(store: Store, tmp_path: Path) -> None:
    load(store, dump(tmp_path, "a"), ADA, FIRST)
    load(store, dump(tmp_path, "b"), FIRST)
    load(store, dump(tmp_path, "a"))
    assert (FIRST, FIRST.ref) in contents(store)


def test_two_dumps_of_one_post_are_one_post_better_than_each(store: Store, tmp_path: Path) -> None:
    cut = replace(
        FIRST, text="A first…", inferred=("truncated",), created=When(datetime(2024, 5, 1, tzinfo=UTC), "day")
    )
    alt = replace(FIRST, media=(replace(FIRST.media[0], alt="a chart"),))
    load(store, dump(tmp_path, "a"), cut)
    counts = load(store, dump(tmp_path, "b"), alt)
    assert (counts.new, counts.updated) == (0, 1)
    both = replace(alt, created=cut.created)
    assert contents(store)[1:] == [(both, FIRST.ref)]
    with store.selection() as selection:
        assert len(next(selection.posts()).sources) == 2


def test_taking_a_dump_away_takes_only_what_it_gave(store: Store, tmp_path: Path) -> None:
    alt = replace(FIRST, media=(replace(FIRST.media[0], alt="a chart"),))
    load(store, dump(tmp_path, "a"), FIRST)
    load(store, dump(tmp_path, "b"), alt)
    assert contents(store)[1:] == [(alt, FIRST.ref)]
    load(store, dump(tmp_path, "b"))
    assert contents(store)[1:] == [(FIRST, FIRST.ref)]


def test_an_account_that_posts_name_outlives_its_description(store: Store, tmp_path: Path) -> None:
    load(store, dump(tmp_path, "a"), ADA)
    load(store, dump(tmp_path, "b"), FIRST)
    load(store, dump(tmp_path, "a"))
    with store.selection() as selection:
        assert next(selection.posts()).post.author == ADA.ref


def test_a_loading_that_raises_leaves_nothing(store: Store, tmp_path: Path) -> None:
    load(store, dump(tmp_path, "a"), FIRST)
    before = contents(store)
    with pytest.raises(KeyboardInterrupt), ImportSession.open(store, dump(tmp_path, "b"), "jsonl", 1) as loading:
        loading.add(SECOND, "line 1")
        loading.finish()
        raise KeyboardInterrupt
    assert contents(store) == before
    assert [row.record.path for row in store.sources()] == ["a"]
    assert len(list((tmp_path / "sources").rglob("*.gz"))) == 1


def test_a_rehearsal_counts_and_stores_nothing(store: Store, tmp_path: Path) -> None:
    counts = load(store, dump(tmp_path, "a"), ADA, FIRST, keep=False)
    assert counts.new == 2
    assert contents(store) == []
    assert not (tmp_path / "sources").exists()


def test_problems_are_listed_with_their_dump_and_renewed_with_it(store: Store, tmp_path: Path) -> None:
    for reason in ("no date", "no text"):
        with ImportSession.open(store, dump(tmp_path, "a"), "jsonl", 1) as loading:
            loading.problem(Problem("line 7", reason, "x" * 5000))
            counts = loading.finish()
        assert (counts.read, len(counts.problems)) == (1, 1)
    [(path, problem)] = store.problems()
    assert (path, problem.locator, problem.reason, len(problem.raw)) == ("a", "line 7", "no text", 4000)


def test_a_post_kept_from_an_export_keeps_the_dumps_it_came_from(store: Store, tmp_path: Path) -> None:
    load(store, dump(tmp_path, "a"), replace(FIRST, origins=("aa" * 32,)))
    with store.selection() as selection:
        assert next(selection.posts()).sources == ("aa" * 32,)


def test_many_records_arrive_in_batches_and_all_of_them(store: Store, tmp_path: Path) -> None:
    posts = [replace(FIRST, ref=Ref("x", str(number))) for number in range(1, 4501)]
    counts = load(store, dump(tmp_path, "a"), *posts, *posts[:10])
    assert (counts.new, dict(counts.skipped), store.counts()["posts"]) == (4500, {"repeated in this dump": 10}, 4500)


def test_changes_name_every_post_an_index_must_see_again(store: Store, tmp_path: Path) -> None:
    load(store, dump(tmp_path, "a"), ADA, FIRST)
    revision = store.revision()
    load(store, dump(tmp_path, "b"), SECOND, Pin(ADA.ref, FIRST.ref))
    with store.changes_since(revision) as changes:
        seen = {post.text: post for post in changes.changed}
    assert set(seen) == {FIRST.text, SECOND.text}
    assert ["pinned" in seen[post.text].flags for post in (FIRST, SECOND)] == [True, False]
    assert ["thread" in seen[post.text].flags for post in (FIRST, SECOND)] == [True, True]
    revision = store.revision()
    load(store, dump(tmp_path, "c"), replace(ADA, handle="ada_lovelace", name=None))
    with store.changes_since(revision) as changes:
        assert {post.text for post in changes.changed} == {FIRST.text, SECOND.text}


@pytest.mark.parametrize("limit", [0, 3000, 10**6])
def test_the_first_large_dump_leaves_every_index_and_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(taking_in, "INDEXED_LATER", limit)
    posts = [
        replace(SECOND, ref=Ref("x", str(n)), text=f"post {n}", reply_to=Ref("x", str(n * 7 % 4300)))
        for n in range(4300, 0, -1)
    ]
    states = []
    for name, before in (("at-once", ()), ("after-another", (FIRST,))):
        (tmp_path / name).mkdir()
        with Store(tmp_path / name) as store:
            if before:
                load(store, dump(tmp_path / name, "a"), ADA, replace(FIRST, ref=Ref("x", "9999")))
            load(store, dump(tmp_path / name, "b"), ADA, *posts)
        with closing(sqlite3.connect(tmp_path / name / "threadkeep.db")) as connection:
            rows = "SELECT ref, above IS NULL, (SELECT ref FROM posts AS root WHERE root.id = posts.thread) FROM posts"
            schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
            threads = {row for row in connection.execute(rows) if row[0] != "9999"}
            states.append((connection.execute(schema).fetchall(), threads))
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert states[0] == states[1]


def test_a_first_large_dump_that_breaks_off_leaves_the_indexes(store: Store, tmp_path: Path) -> None:
    posts = [replace(FIRST, ref=Ref("x", str(number))) for number in range(1, 2500)]
    with pytest.raises(KeyboardInterrupt), ImportSession.open(store, dump(tmp_path, "a"), "jsonl", 1) as taking:
        for post in posts:
            taking.add(post, "line")
        raise KeyboardInterrupt
    assert store.counts()["posts"] == 0
    with store.engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'posts_*'").scalar_one()
    assert names == 9


def test_two_posts_of_one_dump_with_one_id_stay_two_and_a_problem_names_both(store: Store, tmp_path: Path) -> None:
    bea = Account(Ref("x", "2"), "bea")
    others = (
        replace(FIRST, author=bea.ref),
        replace(FIRST, text="Salt glaze all over the shelf"),
    )
    source = dump(tmp_path, "a")
    counts = load(store, source, ADA, bea, FIRST, *others, FIRST)
    assert [(one.locator, "line 3" in one.reason) for one in counts.problems] == [("line 4", True), ("line 5", True)]
    assert (counts.new, counts.skipped, counts.held["post"]) == (5, {"repeated in this dump": 1}, 3)
    assert counts.read == counts.new + counts.updated + counts.unchanged + counts.skipped.total() + len(counts.problems)
    with store.selection() as selection:
        found = [stored.post for stored in selection.posts()]
    assert sorted((post.author == ADA.ref, post.text, post.ref.is_native, post.inferred) for post in found) == [
        (False, "A first post", False, ("id",)),
        (True, "A first post", True, ()),
        (True, "Salt glaze all over the shelf", False, ("id",)),
    ]
    again = load(store, source, ADA, bea, FIRST, *others, FIRST)
    assert (again.new, again.updated, again.removed, len(again.problems)) == (0, 0, 0, 2)


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRST, text="A first…", inferred=("truncated",)),
        replace(FIRST, text="@bea A first post https://a.example/x"),
        replace(FIRST, text="No post at all", edited=When(datetime(2024, 5, 1, tzinfo=UTC))),
        replace(FIRST, text="Now corrected words", edits=(Edit("A first post"),)),
        replace(FIRST, author=Ref("x", "~ada")),
        replace(FIRST, author=None, text="A first, post!"),
    ],
)
def test_another_reading_of_a_post_is_the_same_post(store: Store, tmp_path: Path, other: Post) -> None:
    counts = load(store, dump(tmp_path, "a"), ADA, FIRST, other)
    assert (counts.problems, counts.skipped, counts.held["post"]) == ([], {"repeated in this dump": 1}, 1)
