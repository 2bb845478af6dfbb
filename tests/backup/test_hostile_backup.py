"""A backup made by somebody else: nothing outside it is read, and nothing outside the archive is written."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archives import exported

from threadkeep.backup.create import back_up
from threadkeep.backup.manifest import is_path
from threadkeep.backup.restore import restore
from threadkeep.backup.verify import verify
from threadkeep.errors import BackupError

SHA = "ab" * 32


def state_of(backup: Path) -> Path:
    return next(path for path in backup.iterdir() if path.name[0] == "2")


def rewrite(backup: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest as someone would who wants it believed."""
    path = state_of(backup) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


ESCAPES = [
    "../outside",
    "/etc/passwd",
    "sources/../../outside",
    f"sources/ab/../../{SHA}.gz",
    f"sources/cd/{SHA}.gz",
    f"sources/ab/{SHA}.json",
    f"sources/ab/{SHA}.gz/x",
    f"sources\\ab\\{SHA}.gz",
    f"media/ab/{SHA}.jpg\n",
    f"media/ab/{SHA}.jpg\x00",
    f"media/ab/{SHA}.toolong",
    "index/state.json",
    "index/_MAIN_1.toc",
    "config.toml",
    "C:/x",
    "",
    "sources",
    "2024-05-01T120000Z/threadkeep.db",
]


@pytest.mark.parametrize("path", ESCAPES)
def test_a_manifest_that_lists_what_no_backup_has_is_refused(backup: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_bytes(b"secret")
    rewrite(backup, lambda manifest: manifest["files"].append({"path": path, "bytes": 6, "sha256": SHA}))
    with pytest.raises(BackupError, match=r"no backup of ours has|lists a file twice"):
        restore(backup, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    assert not verify(backup).is_whole


@pytest.mark.parametrize("path", ESCAPES)
def test_no_such_path_is_one_of_ours(path: str) -> None:
    assert not is_path(path, "2026-05-01T120000Z")


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(files=None),
        lambda manifest: manifest.update(files=[{"path": 1}]),
        lambda manifest: manifest.update(state="2020-01-01T000000Z"),
        lambda manifest: manifest["files"].append(manifest["files"][0]),
        lambda manifest: manifest["files"][0].update(bytes=-1),
        lambda manifest: manifest["files"][0].update(sha256="AB"),
        lambda manifest: manifest.update(schema="1"),
        lambda manifest: manifest.clear(),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    backup: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    rewrite(backup, change)
    with pytest.raises(BackupError, match=r"damaged"):
        restore(backup, tmp_path / "restored")
    assert {flaw.kind for flaw in verify(backup).flaws if not flaw.is_harmless} == {"unreadable"}


@pytest.mark.parametrize("data", [b"", b"[" * 100_000, b"\xff\xfe", b"null", b'{"format": 1e999}'])
def test_a_manifest_of_any_bytes_is_refused_in_words(backup: Path, tmp_path: Path, data: bytes) -> None:
    (state_of(backup) / "manifest.json").write_bytes(data)
    with pytest.raises(BackupError, match="damaged"):
        restore(backup, tmp_path / "restored")
    assert not verify(backup).is_whole


@pytest.mark.parametrize("name", ["sources", "media", "state"])
def test_links_to_folders_are_not_followed(backup: Path, tmp_path: Path, name: str) -> None:
    place = state_of(backup) if name == "state" else backup / name
    shutil.move(place, tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    assert not verify(backup).is_whole
    if name == "state":
        with pytest.raises(BackupError, match="link"):
            restore(backup, tmp_path / "restored")
    else:
        report = restore(backup, tmp_path / "restored")
        assert report.damaged
        assert not list((tmp_path / "restored").glob(f"{name}/*/*.[gzjp]*[!n]"))


def test_a_backup_is_not_written_through_links(folder: Path, backup: Path, tmp_path: Path) -> None:
    for name in ("sources", "media", ".unfinished"):
        place = backup / name
        if place.exists():
            shutil.rmtree(place)
        (tmp_path / "elsewhere").mkdir(exist_ok=True)
        place.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(Exception, match="link"):
            back_up(folder, backup)
        assert not list((tmp_path / "elsewhere").iterdir())
        place.unlink()


def test_a_file_larger_than_it_says_is_read_no_further(backup: Path, tmp_path: Path) -> None:
    path = next(backup.glob("sources/*/*.gz"))
    with path.open("ab") as file:
        file.truncate(1 << 40)  # a terabyte of nothing
    found = verify(backup)
    assert found.bytes < 1 << 26
    assert restore(backup, tmp_path / "restored").damaged == (path.relative_to(backup).as_posix(),)


STRANGE = [
    "CREATE TRIGGER harm AFTER INSERT ON posts BEGIN DELETE FROM posts; END",
    "CREATE VIEW harm AS SELECT * FROM posts",
    "CREATE TABLE harm (id)",
    "CREATE INDEX harm ON posts (text)",
]


@pytest.mark.parametrize("statement", STRANGE)
def test_a_database_with_more_in_it_than_we_make_is_refused(backup: Path, tmp_path: Path, statement: str) -> None:
    import hashlib

    path = state_of(backup) / "threadkeep.db"
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    data = path.read_bytes()

    def agree(manifest: dict[str, Any]) -> None:
        [item] = [item for item in manifest["files"] if item["path"].endswith("threadkeep.db")]
        item.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    rewrite(backup, agree)
    with pytest.raises(BackupError, match=r"never makes: the .* harm"):
        restore(backup, tmp_path / "restored")
    assert not list((tmp_path / "restored").iterdir())


def test_an_index_in_a_backup_is_not_opened_nor_restored(folder: Path, backup: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "index", backup / "index")
    assert verify(backup).is_whole
    restore(backup, tmp_path / "restored")
    assert not (tmp_path / "restored" / "index").exists()
    assert exported(tmp_path / "restored") == exported(folder)


def test_notes_from_a_backup_go_beside_dumps_only(backup: Path, tmp_path: Path) -> None:
    import hashlib

    lines = state_of(backup) / "sources.jsonl"
    first = json.loads(lines.read_text("utf-8").splitlines()[0])
    others = [
        {**first, "sha256": "../../outside"},
        {**first, "sha256": SHA},
        {**first, "sha256": ""},
        {**first, "file": f"sources/ab/{SHA}.gz", "sha256": SHA},
        {"sha256": 1},
    ]
    data = "".join(json.dumps(one) + "\n" for one in [first, *others]).encode() + b"\xff no JSON\n"
    lines.write_bytes(data)

    def agree(manifest: dict[str, Any]) -> None:
        [item] = [item for item in manifest["files"] if item["path"].endswith("sources.jsonl")]
        item.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    rewrite(backup, agree)
    restore(backup, tmp_path / "restored")
    notes = [path.stem for path in (tmp_path / "restored").rglob("*.json")]
    assert notes == [first["sha256"]]
    assert not (tmp_path / "outside.json").exists()


def test_a_name_that_is_no_text_can_be_told(backup: Path) -> None:
    name = b"caf\xe9.txt"
    try:
        (backup / os.fsdecode(name)).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system has no such names")
    [flaw] = verify(backup).flaws
    assert flaw.path == "caf\ufffd.txt"
