"""Kept dumps, notes, media, settings and drafts that are damaged, missing or left over: found, and set right."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import aged, exported, kinds, mended, rows_of, stored_dump

from threadkeep.archive.archive import Archive
from threadkeep.doctor.doctor import check_up
from threadkeep.sources.source import Source

Damage = Callable[[Path], object]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def forget_where_dumps_came_from(folder: Path) -> None:
    """As if the files that were imported lay there no more."""
    with rows_of(folder) as connection:
        connection.execute("UPDATE sources SET path = 'gone/' || path")


def packed(folder: Path, data: bytes) -> Path:
    """A dump in ``sources/`` that no import ever took in, a day old."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = folder / "sources" / sha256[:2] / f"{sha256}.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(data))
    return aged(path)


POST = b'{"type":"post","platform":"x","id":"4711","text":"An ash that nobody imported."}\n'


LOST = ["bluesky-profile.txt", "export.jsonl", "x-export", "mastodon-export"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(Path.unlink, id="missing"),
        pytest.param(flip, id="flipped", marks=pytest.mark.slow),
        pytest.param(cut, id="cut", marks=pytest.mark.slow),
    ],
)
def test_a_lost_dump_is_copied_again_from_where_it_was_read(folder: Path, model: Path, damage: Damage) -> None:
    for name in LOST:
        damage(stored_dump(folder, name))
    mended(folder, "missing-dump" if damage is Path.unlink else "damaged-dump")
    assert exported(folder) == exported(model)
    for name in LOST:
        assert stored_dump(folder, name).exists()


@pytest.mark.parametrize(
    "damage", [pytest.param(Path.unlink, id="missing", marks=pytest.mark.slow), pytest.param(flip, id="flipped")]
)
def test_a_dump_lost_for_good_is_made_up_for_by_what_is_known_of_it(folder: Path, model: Path, damage: Damage) -> None:
    dumps = [stored_dump(folder, name) for name in LOST]
    forget_where_dumps_came_from(folder)
    for path in dumps:
        damage(path)
    report = mended(folder, "missing-dump" if damage is Path.unlink else "damaged-dump", "note")
    assert exported(folder) == exported(model), "with the dumps that each record was first seen in"
    if damage is flip:
        assert report.aside
        assert {path.name for path in (report.aside / "sources").glob("*/*")} >= {path.name for path in dumps}
    with Archive(folder) as archive:
        archive.rebuild()
    assert exported(folder) == exported(model), "the database can be made again from sources/"


def test_what_could_not_be_read_of_a_lost_dump_is_set_aside(folder: Path, tmp_path: Path) -> None:
    dump = tmp_path / "broken.jsonl"
    dump.write_bytes(POST + b'{"type":"post","platform":"x"}\n')
    with Archive(folder) as archive:
        assert archive.import_(Source.from_path(dump)).problems
    stored_dump(folder, "broken.jsonl").unlink()
    dump.unlink()
    report = mended(folder, "missing-dump")
    assert report.aside
    rows = [json.loads(line) for line in (report.aside / "rows.jsonl").read_text("utf-8").splitlines()]
    assert [row["row"]["raw"] for row in rows if row["table"] == "problems"] == ['{"type":"post","platform":"x"}']
    with Archive(folder) as archive:
        assert archive.search("nobody imported").total == 1


def test_a_file_that_changed_since_is_not_taken_for_the_lost_dump(folder: Path, model: Path, tmp_path: Path) -> None:
    dump = tmp_path / "posts.jsonl"
    dump.write_bytes(POST)
    with Archive(folder) as archive:
        archive.import_(Source.from_path(dump))
    before = exported(folder)
    stored_dump(folder, "posts.jsonl").unlink()
    dump.write_bytes(POST.replace(b"nobody", b"somebody"))
    mended(folder, "missing-dump")
    assert exported(folder) == before


@pytest.mark.parametrize("text", [None, "{", '{"kept": {}}', ""])
def test_a_note_that_tells_nothing_is_written_anew(folder: Path, text: str | None) -> None:
    for note in folder.glob("sources/*/*.json"):
        if text is None:
            note.unlink()
        else:
            note.write_text(text, encoding="utf-8")
    mended(folder, "note")
    assert len(list(folder.glob("sources/*/*.json"))) == 5


def test_a_note_that_says_other_than_the_database_is_kept_aside(folder: Path) -> None:
    note = next(folder.glob("sources/*/*.json"))
    other = note.read_text("utf-8").replace('"imported": "2', '"imported": "1')
    note.write_text(other, encoding="utf-8")
    report = mended(folder, "note")
    assert report.aside
    assert [path.read_text("utf-8") for path in report.aside.glob("sources/*/*")] == [other]


def test_a_dump_the_database_does_not_know_is_imported_as_its_note_says(folder: Path, model: Path) -> None:
    with Archive(folder) as archive:
        before = archive.store.source("bluesky-profile.txt")
    with rows_of(folder) as connection:
        for table in ("captures", "problems"):
            connection.execute(f"DELETE FROM {table} WHERE source = 1")
        connection.execute("DELETE FROM sources WHERE id = 1")
    assert mended(folder, "unknown-dump").aside is None
    assert exported(folder) == exported(model)
    with Archive(folder) as archive:
        after = archive.store.source("bluesky-profile.txt")
    assert after.record == before.record, "with the date it was first imported"


def test_a_dump_that_can_be_read_no_more_stays_aside_and_is_not_called_fixed(folder: Path) -> None:
    path = packed(folder, b"\0\1\2 no dump")
    kept = {"sha256": path.name[:64], "path": "a.jsonl", "format": "jsonl", "imported": "2024-05-01T00:00:00Z"}
    note = {"kept": {**kept, "owner": None}, "options": {}}
    path.with_name(f"{path.name[:64]}.json").write_text(json.dumps(note), encoding="utf-8")
    report = check_up(folder, fix=True)
    assert kinds(report) == {"unknown-dump"}
    assert not report.is_well
    assert report.aside
    assert (report.aside / path.relative_to(folder)).exists()


def test_what_an_import_that_did_not_end_left_is_set_aside_once_it_is_old(folder: Path) -> None:
    path = packed(folder, POST)
    path.touch()
    assert check_up(folder, fix=True).outcomes == (), "it may be that of an import that is running"
    aged(path)
    report = mended(folder, "unfinished-dump")
    assert report.aside
    assert gzip.decompress((report.aside / path.relative_to(folder)).read_bytes()) == POST


def test_an_unknown_dump_that_is_damaged_and_a_note_of_nothing_are_set_aside(folder: Path) -> None:
    path = packed(folder, POST)
    flip(path)
    aged(path)
    note = path.with_name(f"{'0' * 64}.json")
    place = folder / "sources" / "00" / note.name
    place.parent.mkdir(exist_ok=True)
    place.write_text("{}", encoding="utf-8")
    aged(place)
    report = mended(folder, "unknown-damaged-dump", "note-of-nothing")
    assert report.aside
    assert len(list(report.aside.glob("sources/*/*"))) == 2


@pytest.mark.parametrize("damage", [Path.unlink, flip, cut], ids=["missing", "flipped", "cut"])
def test_lost_media_come_back_from_the_dumps_they_came_with(folder: Path, model: Path, damage: Damage) -> None:
    files = sorted(folder.glob("media/*/*"))
    assert files
    for path in files:
        damage(path)
    mended(folder, "missing-media" if damage is Path.unlink else "damaged-media")
    assert exported(folder) == exported(model)
    for path in files:
        assert path.read_bytes() == (model / path.relative_to(folder)).read_bytes()


def test_media_that_no_post_names_are_set_aside_once_they_are_old(folder: Path) -> None:
    data = b"\x89PNG nobody's picture"
    name = f"{hashlib.sha256(data).hexdigest()}.png"
    path = folder / "media" / name[:2] / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    assert check_up(folder).is_well
    aged(path)
    report = mended(folder, "unnamed-media")
    assert report.aside
    assert (report.aside / "media" / name[:2] / name).read_bytes() == data


def test_media_lost_with_their_dumps_are_not_called_fixed(folder: Path) -> None:
    forget_where_dumps_came_from(folder)
    for name in ("x-export", "mastodon-export"):
        stored_dump(folder, name).unlink()
    shutil.rmtree(folder / "media")
    report = check_up(folder, fix=True)
    left = {outcome.finding.kind for outcome in report.outcomes if not outcome.is_fixed}
    assert left == {"missing-media"}
    assert not report.is_well


def test_an_export_that_names_media_and_brings_none_is_not_wrong(tmp_path: Path) -> None:
    dump = tmp_path / "export.jsonl"
    post = json.loads(POST) | {"media": [{"kind": "image", "file": f"{'ab' * 32}.jpg"}]}
    dump.write_text(json.dumps(post) + "\n", encoding="utf-8")
    with Archive(tmp_path / "archive") as archive:
        archive.import_(Source.from_path(dump))
    assert check_up(tmp_path / "archive").is_well


def test_a_folder_that_others_may_enter_is_closed(folder: Path) -> None:
    folder.chmod(0o755)
    mended(folder, "open")
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["config.toml", "searches.toml"])
def test_settings_that_cannot_be_read_are_set_aside(folder: Path, name: str) -> None:
    (folder / name).write_text("owner = [", encoding="utf-8")
    report = mended(folder, "settings")
    assert report.aside
    assert (report.aside / name).read_text("utf-8") == "owner = ["


def test_settings_that_can_be_read_are_well(folder: Path) -> None:
    (folder / "config.toml").write_text('owner = "mira.example.com"\n', encoding="utf-8")
    assert check_up(folder).is_well


def test_drafts_are_deleted_once_nobody_can_be_writing_them(folder: Path) -> None:
    places = [folder, folder / "sources", folder / "media", next((folder / "sources").glob("??"))]
    drafts = [place / f".threadkeep-{number:012x}.part" for number, place in enumerate(places)]
    for path in drafts:
        path.write_bytes(b"half")
    assert check_up(folder).is_well
    for path in drafts:
        aged(path)
    report = mended(folder, "draft")
    assert report.aside is None
    assert not any(path.exists() for path in drafts)


def test_an_index_that_cannot_be_used_is_made_anew(folder: Path) -> None:
    for path in folder.glob("index/*"):
        if path.is_file() and path.stat().st_size > 8:
            flip(path)
    mended(folder, "unusable")
    with Archive(folder) as archive:
        assert archive.search("glaze").total


def test_an_index_ahead_of_the_database_is_made_anew(folder: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE name = 'revision'")
    mended(folder, "ahead")


def test_an_index_that_holds_other_posts_than_the_database_is_made_anew(folder: Path) -> None:
    with rows_of(folder) as connection:
        [gone] = connection.execute("SELECT max(id) FROM posts WHERE above IS NULL AND thread = id").fetchone()
        connection.execute("DELETE FROM captures WHERE kind = 'post' AND record = ?", (gone,))
        for table in ("links", "media", "tags", "mentions", "quotes"):
            connection.execute(f"DELETE FROM {table} WHERE post = ?", (gone,))
        connection.execute("DELETE FROM posts WHERE id = ?", (gone,))
        connection.execute("UPDATE posts SET above = NULL, thread = id WHERE thread = ?", (gone,))
    mended(folder, "differs")


def test_an_index_that_is_behind_or_not_there_is_not_wrong(folder: Path, tmp_path: Path) -> None:
    dump = tmp_path / "new.jsonl"
    dump.write_bytes(POST)
    with Archive(folder) as archive:
        archive.import_(Source.from_path(dump))
    assert "behind" in check_up(folder).seen["index"]
    shutil.rmtree(folder / "index")
    assert "none yet" in check_up(folder).seen["index"]
