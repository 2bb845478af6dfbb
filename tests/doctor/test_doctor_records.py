"""Rows that refer to nothing, records that no dump shows, threads that are not what replies give: all set right."""

import json
import sqlite3
from pathlib import Path

import pytest
from archives import exported, kinds, mended, rows_of, stored_dump

from threadkeep.archive.archive import Archive
from threadkeep.doctor.doctor import check_up
from threadkeep.store import tables
from threadkeep.store.orphans import RULES

DAMAGES = {
    "links-of-no-post": "INSERT INTO links VALUES (9999, 0, 'https://a.test', NULL, NULL, NULL, NULL, NULL)",
    "media-of-no-post": "INSERT INTO media VALUES (9999, 0, 'image', NULL, NULL, 'a kiln')",
    "tags-of-no-post": "INSERT INTO tags VALUES (9999, 0, 'pottery')",
    "mentions-of-no-post": "INSERT INTO mentions VALUES (9999, 0, 'mira')",
    "quotes-of-no-post": "INSERT INTO quotes VALUES (9999, 0, 'x', '1')",
    "circles-of-no-post": "INSERT INTO circles VALUES (9999)",
    "captures-of-no-dump": "INSERT INTO captures VALUES ('post', 5, 9999, 'line 1', NULL, NULL)",
    "captures-of-no-post": "INSERT INTO captures VALUES ('post', 9999, 1, 'line 1', NULL, NULL)",
    "captures-of-no-account": "INSERT INTO captures VALUES ('account', 9999, 1, 'line 1', NULL, NULL)",
    "captures-of-no-repost": "DELETE FROM reposts WHERE id = (SELECT min(id) FROM reposts)",
    "captures-of-no-pin": "DELETE FROM pins WHERE id = (SELECT min(id) FROM pins)",
    "captures-of-no-gap": "DELETE FROM gaps WHERE id = (SELECT min(id) FROM gaps)",
    "problems-of-no-dump": "INSERT INTO problems VALUES (1, 9999, 'line 1', 'no post', '{}')",
    "aliases-of-no-account": "INSERT INTO aliases VALUES ('account', 'x', '~nobody', 9999)",
    "aliases-of-no-post": "INSERT INTO aliases VALUES ('post', 'x', '~nothing', 9999)",
    "posts-of-no-account": "DELETE FROM accounts WHERE id = (SELECT author FROM posts WHERE id = 3)",
    "reposts-of-no-account": "UPDATE reposts SET account = 9999 WHERE id = (SELECT min(id) FROM reposts)",
    "pins-of-no-account": "UPDATE pins SET account = 9999 WHERE id = (SELECT min(id) FROM pins)",
    "posts-of-no-dump": "DELETE FROM captures WHERE kind = 'post' AND record IN (1, 2, 3)",
    "reposts-of-no-dump": "DELETE FROM captures WHERE kind = 'repost'",
    "pins-of-no-dump": "DELETE FROM captures WHERE kind = 'pin'",
    "gaps-of-no-dump": "DELETE FROM captures WHERE kind = 'gap'",
    "misplaced": "UPDATE posts SET thread = 1, above = NULL",
}


@pytest.mark.parametrize("group", range(3))
def test_damage_to_rows_is_found_and_set_right_without_losing_a_record(folder: Path, model: Path, group: int) -> None:
    damages = list(DAMAGES.items())[group::3]
    with rows_of(folder) as connection:
        for kind, statement in damages:
            assert kind not in kinds(check_up(folder))
            connection.execute(statement)
            assert kind in kinds(check_up(folder))
    mended(folder, *(kind for kind, _ in damages))
    assert exported(folder) == exported(model)
    with Archive(folder) as archive, Archive(model) as before:
        assert archive.search("is:thread").total == before.search("is:thread").total


def test_every_rule_about_rows_has_a_damage_that_breaks_it() -> None:
    assert {rule.name for rule in RULES} <= set(DAMAGES)


def test_every_foreign_key_of_the_schema_is_looked_at() -> None:
    looked_at = {rule.condition for rule in RULES}
    for table in tables.metadata.sorted_tables:
        for key in table.foreign_keys:
            if (table.name, key.parent.name) != ("posts", "above"):  # derived: the check of threads sees to it
                wanted = f"{key.column.table.name}.id = {table.name}.{key.parent.name}"
                assert any(wanted in condition for condition in looked_at), key


@pytest.mark.slow
def test_posts_that_are_gone_come_back_from_their_dumps(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        for table in ("posts", "links", "tags", "mentions", "media", "quotes"):
            connection.execute(f"DELETE FROM {table}")
    mended(folder, "captures-of-no-post")
    assert exported(folder) == exported(model)


def test_parts_of_a_post_that_is_gone_do_not_stand_in_its_way(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("DELETE FROM posts WHERE id >= (SELECT max(id) - 4 FROM posts)")
        connection.execute("DELETE FROM captures WHERE kind = 'post' AND record NOT IN (SELECT id FROM posts)")
    mended(folder)
    assert exported(folder) == exported(model)


UNREADABLE = {
    ("posts", 1): "UPDATE posts SET counts = '{' WHERE id = 1",
    ("posts", 2): "UPDATE posts SET edits = '[{}]' WHERE id = 2",
    ("posts", 3): "UPDATE posts SET inferred = 'no' WHERE id = 3",
    ("posts", 4): "UPDATE posts SET created = 'yesterday', precision = 'day' WHERE id = 4",
    ("captures", 5): "UPDATE captures SET payload = '{\"ref\":' WHERE kind = 'post' AND record = 5",
    ("captures", 6): "UPDATE captures SET origins = 'x' WHERE kind = 'post' AND record = 6",
    ("reposts", 1): "UPDATE reposts SET created = '2024-13-45' WHERE id = 1",
}


def test_a_row_that_makes_no_record_is_set_aside_and_read_again(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        for count, statement in enumerate(UNREADABLE.values(), 1):
            assert connection.execute(statement).rowcount == 1
            assert sum(one.finding.kind == "unreadable" for one in check_up(folder).outcomes) == min(count, 6)
    report = mended(folder, "unreadable")
    assert report.aside
    lines = [json.loads(line) for line in (report.aside / "rows.jsonl").read_text("utf-8").splitlines()]
    aside = {(line["table"], line["row"].get("record", line["row"].get("id"))) for line in lines}
    assert UNREADABLE.keys() <= aside
    assert exported(folder) == exported(model)


def test_what_no_dump_shows_becomes_a_dump_of_its_own(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute(
            "INSERT INTO posts SELECT 5000, platform, '4711', author, title, 'Nobody showed this.', created, precision,"
            " origin, url, NULL, NULL, NULL, 5000, language, warning, visibility, counts, edits, inferred, NULL,"
            " revision, poll, NULL FROM posts WHERE id = 2"
        )
        connection.execute("INSERT INTO tags VALUES (5000, 0, 'orphan')")
    mended(folder, "posts-of-no-dump")
    before = exported(folder)
    with Archive(folder) as archive:
        [hit] = archive.search('"Nobody showed this"').hits
        assert hit.stored.post.tags == ("orphan",)
        assert len(hit.stored.sources) == 1
        archive.rebuild()
    assert exported(folder) == before, "it is in sources/ now"
    assert len(before) == len(exported(model)) + 1


def test_a_post_that_hangs_below_one_that_is_gone_finds_its_place(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("UPDATE posts SET above = 9999 WHERE above IS NOT NULL")
    mended(folder, "misplaced")
    assert exported(folder) == exported(model)


def test_a_circle_of_replies_is_opened_where_deriving_opens_it(tmp_path: Path) -> None:
    from threadkeep.sources.source import Source

    dump, folder = tmp_path / "circle.jsonl", tmp_path / "archive"
    posts = [{"type": "post", "platform": "x", "id": i, "text": f"post {i}", "reply_to": r} for i, r in ("12", "21")]
    dump.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    with Archive(folder) as archive:
        archive.import_(Source.from_path(dump))
    assert check_up(folder).is_well
    with rows_of(folder) as connection:
        connection.execute("DELETE FROM circles")
    mended(folder, "misplaced")
    with rows_of(folder) as connection:
        assert connection.execute("SELECT count(*) FROM circles").fetchone() == (1,)


def test_several_damages_at_once_are_all_repair(folder: Path, model: Path) -> None:
    with rows_of(folder) as connection:
        for kind in ("captures-of-no-pin", "posts-of-no-account", "misplaced", "tags-of-no-post"):
            connection.execute(DAMAGES[kind])
    for path in (*folder.glob("index/*.toc"), *folder.glob("sources/*/*.json")):
        path.write_bytes(b"\0")
    stored_dump(folder, "export.jsonl").unlink()
    folder.chmod(0o755)
    mended(folder, "captures-of-no-pin", "posts-of-no-account", "misplaced", "tags-of-no-post", "note", "missing-dump")
    assert exported(folder) == exported(model)


def test_rows_are_taken_out_only_once_they_are_written_down(folder: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute(DAMAGES["tags-of-no-post"])
    (folder / "aside").write_text("in the way", encoding="utf-8")
    with pytest.raises(Exception, match="aside"):
        check_up(folder, fix=True)
    with rows_of(folder) as connection:
        assert connection.execute("SELECT count(*) FROM tags WHERE post = 9999").fetchone() == (1,)
    assert kinds(check_up(folder)) == {"tags-of-no-post"}


def test_a_check_up_waits_for_who_writes_and_then_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from threadkeep.errors import ArchiveBusy
    from threadkeep.store import connections

    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.1)
    with rows_of(folder) as connection:
        connection.execute(DAMAGES["tags-of-no-post"])
    with sqlite3.connect(folder / "threadkeep.db", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert kinds(check_up(folder)) == {"tags-of-no-post"}
        with pytest.raises(ArchiveBusy, match="another process"):
            check_up(folder, fix=True)
        writer.execute("ROLLBACK")
    mended(folder, "tags-of-no-post")


def test_two_doctors_do_not_set_right_the_same_archive_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from threadkeep.errors import ArchiveBusy
    from threadkeep.files import folder_lock

    monkeypatch.setattr(folder_lock, "WAIT_SECONDS", 0.1)
    with folder_lock.exclusive_lock(folder, "busy"):
        assert check_up(folder).is_well, "looking waits for nobody"
        with pytest.raises(ArchiveBusy, match="another doctor"):
            check_up(folder, fix=True)
    assert check_up(folder, fix=True).is_well
