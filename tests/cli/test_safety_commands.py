"""doctor, backup, verify and restore as commands: what they print, and how they end."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Threadkeep = Callable[..., Any]


@pytest.fixture
def archive(tmp_path: Path, archive_of_samples: Path) -> Path:
    """The archive that the commands use."""
    return shutil.copytree(archive_of_samples, tmp_path / "archive")


def test_a_sound_archive_is_said_to_be_well(threadkeep: Threadkeep, archive: Path) -> None:
    run = threadkeep("doctor")
    assert run.code == 0
    assert [line.split()[:2] for line in run.out.splitlines()] == [
        ["ok", name] for name in ("folder", "database", "records", "dumps", "media", "threads", "index")
    ]
    assert run.err == "no problems found\n"
    assert all(found["ok"] for found in threadkeep("doctor", "--json").objects)


def test_what_is_wrong_is_said_with_what_would_be_done_and_done(threadkeep: Threadkeep, archive: Path) -> None:
    for note in archive.glob("sources/*/*.json"):
        note.unlink()
    archive.chmod(0o755)
    run = threadkeep("doctor")
    assert run.code == 1
    assert "WRONG folder    .: others on this computer can read the archive (mode 755)" in run.out
    assert "--fix would make it readable for you only (mode 700)" in run.out
    assert "threadkeep doctor --fix" in run.err
    found = [one for one in threadkeep("doctor", "--json").objects if not one["ok"]]
    assert {one["found"] for one in found} == {"open", "note"}
    assert all(set(one) == {"check", "ok", "found", "where", "what", "fix", "fixed"} for one in found)
    assert {one["fixed"] for one in found} == {None}
    fixed = threadkeep("doctor", "--fix", "--json")
    assert fixed.code == 0
    assert {one["fixed"] for one in fixed.objects if "fixed" in one} == {True}


def test_what_cannot_be_set_right_is_said_and_ends_with_1(threadkeep: Threadkeep, archive: Path) -> None:
    import sqlite3

    with sqlite3.connect(archive / "threadkeep.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    run = threadkeep("doctor", "--fix")
    assert run.code == 1
    assert "made by a newer threadkeep" in run.out
    assert "threadkeep cannot fix this" in run.out
    assert run.out.count("not checked: the database must be repaired first") == 5
    states = {one["check"]: one["ok"] for one in threadkeep("doctor", "--json").objects}
    assert states["database"] is False
    assert states["records"] is None


def test_a_backup_is_made_checked_and_restored(threadkeep: Threadkeep, archive: Path, tmp_path: Path) -> None:
    run = threadkeep("backup", "kept")
    assert run.code == 0
    assert run.out.startswith("kept: 2")
    [again] = threadkeep("backup", "kept", "--json").objects
    assert (again["new"], again["copied"], again["lacking"]) == (False, 0, [])
    shutil.move(archive, tmp_path / "away")
    verified = threadkeep("verify", "kept")
    assert verified.code == 0
    assert verified.out.endswith("1 snapshot: intact\n")
    assert threadkeep("restore", "kept").out.startswith(f"{archive}: restored from {again['state']}: ")
    assert threadkeep("stats").out == threadkeep("--archive", str(tmp_path / "away"), "stats").out
    refused = threadkeep("restore", "kept")
    assert refused.code == 1
    assert "there is something already" in refused.err


def test_a_damaged_backup_is_told_and_ends_with_1(threadkeep: Threadkeep, archive: Path, tmp_path: Path) -> None:
    threadkeep("backup", "kept")
    shutil.rmtree(archive)
    lost = next((tmp_path / "kept").glob("media/*/*"))
    lost.unlink()
    (tmp_path / "kept" / "mine.txt").write_text("mine", encoding="utf-8")
    run = threadkeep("verify", "kept")
    assert run.code == 1
    assert f"missing  media/{lost.parent.name}/{lost.name}: it is not there" in run.out
    assert "extra  mine.txt: in no manifest" in run.out
    assert run.out.endswith("damaged\n")
    kinds = [one.get("found") for one in threadkeep("verify", "kept", "--json").objects]
    assert kinds == ["missing", "extra", None]
    restored = threadkeep("restore", "kept", "--json")
    assert restored.code == 1
    assert restored.objects[0]["damaged"] == [f"media/{lost.parent.name}/{lost.name}"]
    assert threadkeep("doctor", "--fix").code == 0, "the dump brings its picture back"


@pytest.mark.slow
def test_what_the_archive_lacks_is_said_by_its_backup(threadkeep: Threadkeep, archive: Path) -> None:
    for path in archive.glob("media/*/*"):
        path.write_bytes(b"not this")
    run = threadkeep("backup", "kept", "--json")
    assert run.code == 1
    assert len(run.objects[0]["lacking"]) == len(list(archive.glob("media/*/*")))
    assert "threadkeep doctor checks the archive" in run.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["doctor"], "there is no archive"),
        (["backup", "kept"], "there is no archive"),
        (["verify", "nowhere"], "there is no backup"),
        (["restore", "nowhere"], "there is no backup"),
    ],
)
def test_where_there_is_nothing_that_is_said(threadkeep: Threadkeep, arguments: list[str], said: str) -> None:
    run = threadkeep(*arguments)
    assert run.code == 1
    assert said in run.err
    assert run.out == ""


@pytest.mark.slow
def test_names_in_a_backup_reach_no_terminal_alive(threadkeep: Threadkeep, archive: Path, tmp_path: Path) -> None:
    threadkeep("backup", "kept")
    (tmp_path / "kept" / "a\x1b[31mred\u202e").write_text("x", encoding="utf-8")
    for run in (threadkeep("verify", "kept"), threadkeep("verify", "kept", "--json")):
        assert run.code == 0
        assert "\x1b" not in run.out
        assert "\u202e" not in run.out
    state = next(path for path in (tmp_path / "kept").iterdir() if path.name[0] == "2")
    manifest = json.loads((state / "manifest.json").read_text("utf-8"))
    manifest["lacking"] = [{"path": "\x1b]0;owned\x07", "why": "\x1b[2J"}]
    (state / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "\x1b" not in threadkeep("verify", "kept").out
