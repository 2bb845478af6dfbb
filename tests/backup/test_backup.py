"""Backups: whole, incremental, readable by anything, checked, and brought back equal."""

import gzip
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from archives import aged, exported, rows_of, stored_dump

from threadkeep.archive.archive import Archive
from threadkeep.backup.create import back_up
from threadkeep.backup.restore import restore
from threadkeep.backup.verify import verify
from threadkeep.doctor.doctor import check_up
from threadkeep.errors import ArchiveBusy, ArchiveError, ArchiveTooNew, BackupError, NotFound
from threadkeep.sources.source import Source

POST = '{"type":"post","platform":"x","id":"4711","text":"Ash, and then rain.","visibility":"direct"}\n'


def state_of(backup: Path) -> Path:
    """The folder of the newest state."""
    return max(path for path in backup.iterdir() if path.name[0] == "2")


def add_post(folder: Path, text: str = POST) -> None:
    dump = folder.parent / "more.jsonl"
    dump.write_text(text, encoding="utf-8")
    with Archive(folder) as archive:
        archive.import_(Source.from_path(dump))


def wrongs(backup: Path) -> set[tuple[str, str]]:
    """What a check of the backup finds wrong: in a word, and the file's folder or name."""
    return {(flaw.kind, flaw.path) for flaw in verify(backup).flaws if not flaw.is_harmless}


def test_a_backup_is_restored_to_an_equal_archive(folder: Path, backup: Path, tmp_path: Path) -> None:
    assert verify(backup).is_whole
    assert verify(backup).flaws == ()
    report = restore(backup, tmp_path / "restored")
    assert report.damaged == ()
    assert exported(tmp_path / "restored") == exported(folder)
    assert check_up(tmp_path / "restored").is_well
    with Archive(tmp_path / "restored") as restored, Archive(folder) as archive:
        assert restored.store.sources() == archive.store.sources()
        assert restored.store.revision() == archive.store.revision()
        assert restored.search("glaze").total == archive.search("glaze").total
    assert (tmp_path / "restored").stat().st_mode & 0o777 == 0o700
    with sqlite3.connect(tmp_path / "restored" / "threadkeep.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_backup_can_be_read_without_threadkeep(folder: Path, backup: Path) -> None:
    add_post(folder)
    back_up(folder, backup)
    state = state_of(backup)
    records = [json.loads(line) for line in (state / "records.jsonl").read_text("utf-8").splitlines()]
    assert "Ash, and then rain." in {record.get("text") for record in records}, "private ones, too"
    sources = [json.loads(line) for line in (state / "sources.jsonl").read_text("utf-8").splitlines()]
    assert len(sources) == 6
    for source in sources:
        data = (backup / source["file"]).read_bytes()
        if source["path"].endswith((".txt", ".jsonl")):
            assert hashlib.sha256(gzip.decompress(data)).hexdigest() == source["sha256"]
    [readme] = {path.read_text("utf-8") for path in backup.rglob("README.txt")}
    for path in [*state.iterdir(), backup / "sources", backup / "media"]:
        assert path.name in readme
    with sqlite3.connect(state / "threadkeep.db") as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchone()[0] > 20
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--quiet", f"{state.name}/SHA256SUMS"], cwd=backup, check=True)


def test_the_manifest_lists_every_file_with_its_size_and_hash(backup: Path) -> None:
    state = state_of(backup)
    manifest = json.loads((state / "manifest.json").read_text("utf-8"))
    listed = {item["path"]: (item["bytes"], item["sha256"]) for item in manifest["files"]}
    there = {
        path.relative_to(backup).as_posix(): (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in backup.rglob("*")
        if path.is_file() and path.name not in ("manifest.json", "SHA256SUMS", ".lock")
    }
    del there["README.txt"]
    assert listed == there


def test_a_second_backup_copies_only_what_is_new(folder: Path, backup: Path) -> None:
    marks = {path: path.stat().st_mtime_ns for path in backup.glob("[sm]*/*/*")}
    again = back_up(folder, backup)
    assert (again.is_new, again.copied, again.there) == (False, 0, len(marks))
    add_post(folder)
    third = back_up(folder, backup)
    assert (third.is_new, third.copied, third.there) == (True, 1, len(marks))
    assert {path: path.stat().st_mtime_ns for path in marks} == marks
    assert verify(backup).is_whole
    assert len(verify(backup).states) == 2


def test_the_newest_states_are_kept_and_each_can_be_restored(folder: Path, backup: Path, tmp_path: Path) -> None:
    first, before = state_of(backup).name, exported(folder)
    add_post(folder)
    back_up(folder, backup)
    restore(backup, tmp_path / "then", state=first)
    restore(backup, tmp_path / "now")
    assert exported(tmp_path / "then") == before
    assert exported(tmp_path / "now") == exported(folder)
    add_post(folder, POST.replace("4711", "4712"))
    assert back_up(folder, backup).dropped == (first,)
    assert len(verify(backup).states) == 2
    assert back_up(folder, backup, keep=1).dropped
    assert verify(backup).is_whole
    with pytest.raises(BackupError, match="no snapshot"):
        restore(backup, tmp_path / "gone", state=first)


def test_states_stand_in_order_whatever_the_clock_says(folder: Path, backup: Path) -> None:
    future = backup / "2999-01-01T000000Z"
    state = state_of(backup)
    text = (state / "manifest.json").read_text("utf-8").replace(state.name, future.name)
    state.rename(future)
    (future / "manifest.json").write_text(text, encoding="utf-8")
    add_post(folder)
    assert back_up(folder, backup).state == "2999-01-01T000001Z"


def test_settings_and_saved_searches_come_along(folder: Path, tmp_path: Path) -> None:
    (folder / "config.toml").write_text('owner = "mira.example.com"\n', encoding="utf-8")
    (folder / "searches.toml").write_text('ash = "glaze"\n', encoding="utf-8")
    back_up(folder, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored")
    for name in ("config.toml", "searches.toml"):
        assert (tmp_path / "restored" / name).read_bytes() == (folder / name).read_bytes()


def test_neither_the_index_nor_what_is_set_aside_is_in_a_backup(folder: Path, tmp_path: Path) -> None:
    (folder / "aside").mkdir()
    (folder / "aside" / "x").write_text("x", encoding="utf-8")
    back_up(folder, tmp_path / "backup")
    assert {path.name for path in (tmp_path / "backup").iterdir()} - {state_of(tmp_path / "backup").name} == {
        "README.txt",
        "sources",
        "media",
        ".lock",
    }


@pytest.mark.parametrize("place", ["", "backup", "sources/deep/down", "../archive/x", ".."])
def test_a_backup_in_or_around_the_archive_is_refused(folder: Path, place: str) -> None:
    with pytest.raises(BackupError, match="archive"):
        back_up(folder, folder / place)
    assert check_up(folder).is_well


def test_a_backup_through_a_link_into_the_archive_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(BackupError, match="inside the archive"):
        back_up(folder, tmp_path / "link" / "backup")


def test_a_folder_with_other_things_a_file_and_no_archive_are_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("a", encoding="utf-8")
    with pytest.raises(BackupError, match="thesis"):
        back_up(folder, other)
    with pytest.raises(BackupError, match="file"):
        back_up(folder, other / "thesis.txt")
    with pytest.raises(NotFound, match="no archive"):
        back_up(tmp_path / "nowhere", tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_another_archives_backup_is_not_mixed_with(folder: Path, backup: Path, tmp_path: Path) -> None:
    with Archive(tmp_path / "second"):
        pass
    add_post(tmp_path / "second")
    with pytest.raises(BackupError, match="another archive"):
        back_up(tmp_path / "second", backup)
    assert verify(backup).flaws == ()


def test_what_a_backup_that_was_cut_off_left_is_used_and_taken_away(folder: Path, backup: Path) -> None:
    shutil.rmtree(state_of(backup))
    (backup / ".unfinished" / "2024-05-01T120000Z").mkdir(parents=True)
    (backup / ".unfinished" / ".threadkeep-0123456789ab.part").write_bytes(b"half")
    report = back_up(folder, backup)
    assert report.copied == 0
    assert not (backup / ".unfinished").exists()
    assert verify(backup).flaws == ()


@pytest.mark.slow
@pytest.mark.parametrize("limit", [100, 5_000, 60_000])
def test_a_backup_that_fills_the_disk_leaves_the_earlier_one_whole(folder: Path, backup: Path, limit: int) -> None:
    add_post(folder)
    assert back_up_with_files_up_to(limit, folder, backup) == 1
    assert verify(backup).is_whole
    assert back_up(folder, backup).is_new
    assert {flaw.path for flaw in verify(backup).flaws} == set()


def back_up_with_files_up_to(limit: int, folder: Path, backup: Path) -> int:
    """Run the command in a process that may write no file larger than ``limit`` bytes; its exit code."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-m", "threadkeep", "--archive", str(folder), "backup", str(backup)]
    run = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in run.stderr
    assert run.stderr
    return run.returncode


@pytest.mark.slow
def test_a_backup_sees_one_moment_while_others_import(folder: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def import_more() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            add_post(folder, "".join(POST.replace("4711", f"{number}{one}") for one in range(3)))

    writer = threading.Thread(target=import_more)
    writer.start()
    try:
        for _ in range(3):
            back_up(folder, tmp_path / "backup")
            assert verify(tmp_path / "backup").is_whole
    finally:
        stop.set()
        writer.join()
    restore(tmp_path / "backup", tmp_path / "restored")
    assert check_up(tmp_path / "restored").is_well
    with Archive(tmp_path / "restored") as archive:
        counts = archive.store.counts()
    records = (state_of(tmp_path / "backup") / "records.jsonl").read_text("utf-8").splitlines()
    assert sum('"type":"post"' in line for line in records) == counts["posts"]


def test_two_backups_into_one_folder_wait_for_each_other(
    folder: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threadkeep.files import folder_lock

    monkeypatch.setattr(folder_lock, "WAIT_SECONDS", 0.2)
    with folder_lock.exclusive_lock(backup, "busy"), pytest.raises(ArchiveBusy, match="another backup"):
        back_up(folder, backup)
    assert not back_up(folder, backup).is_new


def test_a_damaged_database_is_not_backed_up(folder: Path, backup: Path) -> None:
    with rows_of(folder) as connection:
        connection.execute("DROP INDEX posts_by_thread")
    with pytest.raises(ArchiveError, match=r"damaged.*doctor"):
        back_up(folder, backup)
    assert verify(backup).is_whole


def test_what_the_archive_itself_lacks_is_told_and_the_rest_backed_up(folder: Path, tmp_path: Path) -> None:
    stored_dump(folder, "x-export").unlink()
    damaged = stored_dump(folder, "bluesky-profile.txt")
    damaged.write_bytes(damaged.read_bytes()[:-9])
    next(folder.glob("media/*/*")).unlink()
    report = back_up(folder, tmp_path / "backup")
    assert len(report.lacking) == 3
    assert {flaw.kind for flaw in verify(tmp_path / "backup").flaws} == {"lacking"}
    restore(tmp_path / "backup", tmp_path / "restored")
    assert exported(tmp_path / "restored") == exported(folder)
    assert check_up(tmp_path / "restored", fix=True).is_well


def test_what_the_archive_has_lost_since_stays_in_the_backup(folder: Path, backup: Path, tmp_path: Path) -> None:
    stored_dump(folder, "x-export").unlink()
    shutil.rmtree(folder / "media")
    add_post(folder)
    report = back_up(folder, backup)
    assert report.lacking == ()
    restore(backup, tmp_path / "restored")
    assert check_up(tmp_path / "restored").is_well


def test_a_copy_that_rotted_is_made_anew_when_asked(folder: Path, backup: Path) -> None:
    for path in backup.glob("[sm]*/*/*"):
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
    assert not verify(backup).is_whole
    back_up(folder, backup, recheck=True)
    assert verify(backup).is_whole


def test_a_state_that_rotted_is_made_anew(folder: Path, backup: Path) -> None:
    records = state_of(backup) / "records.jsonl"
    records.write_bytes(records.read_bytes() + b"\n")
    assert back_up(folder, backup).is_new
    assert not verify(backup).is_whole, "the old one is still told"
    assert back_up(folder, backup, keep=1).dropped
    assert verify(backup).is_whole


def test_a_backup_of_an_older_archive_restores_and_upgrades(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threadkeep.store import connections, database

    steps = database.migrations()
    restore(backup, tmp_path / "old")
    monkeypatch.setattr(database, "migrations", lambda: [*steps, ["CREATE TABLE later (id)"]])
    monkeypatch.setattr(connections, "SCHEMA", len(steps) + 1)
    with Archive(tmp_path / "old") as archive:
        assert archive.store.counts()["posts"]
    assert (tmp_path / "old" / f"threadkeep.db.schema-{len(steps)}").exists()


def test_a_newer_backup_is_refused_in_words(backup: Path, tmp_path: Path) -> None:
    manifest = state_of(backup) / "manifest.json"
    text = manifest.read_text("utf-8")
    manifest.write_text(re.sub(r'"schema": \d+', '"schema": 99', text), encoding="utf-8")
    with pytest.raises(ArchiveTooNew, match=r"schema 99.*update threadkeep"):
        restore(backup, tmp_path / "restored")
    manifest.write_text(text.replace('"format": 1', '"format": 99'), encoding="utf-8")
    with pytest.raises(ArchiveTooNew, match=r"format 99.*update threadkeep"):
        restore(backup, tmp_path / "restored")
    with pytest.raises(ArchiveTooNew):
        verify(backup)
    assert not (tmp_path / "restored").exists()


def test_restoring_writes_over_nothing(folder: Path, backup: Path, tmp_path: Path) -> None:
    before = exported(folder)
    with pytest.raises(BackupError, match="something already"):
        restore(backup, folder)
    assert exported(folder) == before
    notes = tmp_path / "notes"
    notes.mkdir()
    restore(backup, notes)
    assert exported(notes) == before, "an empty folder is no obstacle"
    with pytest.raises(BackupError, match="no backup"):
        restore(tmp_path / "nowhere", tmp_path / "restored")
    (tmp_path / "file").write_text("a", encoding="utf-8")
    with pytest.raises(BackupError, match="a file"):
        restore(backup, tmp_path / "file")


def test_a_restore_that_was_cut_off_goes_on(folder: Path, backup: Path, tmp_path: Path) -> None:
    to = tmp_path / "restored"
    restore(backup, to)
    (to / "threadkeep.db").rename(to / "threadkeep.db.restoring")
    shutil.rmtree(to / "media")
    next(to.glob("sources/*/*.gz")).write_bytes(b"half")
    aged(to / "threadkeep.db.restoring")
    restore(backup, to)
    assert exported(to) == exported(folder)
    assert check_up(to).is_well
    assert not (to / "threadkeep.db.restoring").exists()


DAMAGES = ["missing", "flipped", "longer", "shorter", "a link", "a folder", "a pipe"]
OF_STATE = ["threadkeep.db", "records.jsonl", "sources.jsonl", "README.txt", "manifest.json", "SHA256SUMS"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_any_change_of_a_states_file_is_found(backup: Path, tmp_path: Path, damage: str) -> None:
    for name in OF_STATE:
        path = state_of(backup) / name
        data = path.read_bytes()
        break_(path, damage, tmp_path)
        found = {path for _, path in wrongs(backup)}
        assert found & {f"{path.parent.name}/{name}", f"{path.parent.name}/SHA256SUMS"}
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        path.write_bytes(data)
        assert verify(backup).is_whole


@pytest.mark.parametrize("kind", ["sources", "media"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_changed_dump_or_picture_is_found_and_the_rest_restored(
    backup: Path, tmp_path: Path, kind: str, damage: str
) -> None:
    path = sorted(backup.glob(f"{kind}/*/*"))[0]
    break_(path, damage, tmp_path)
    assert {path_ for _, path_ in wrongs(backup)} == {path.relative_to(backup).as_posix()}
    report = restore(backup, tmp_path / "restored")
    assert report.damaged == (path.relative_to(backup).as_posix(),)
    assert not check_up(tmp_path / "restored").is_well


def break_(path: Path, damage: str, scratch: Path) -> None:
    data = path.read_bytes()
    if damage in ("missing", "a link", "a folder", "a pipe"):
        path.unlink()
    if damage == "flipped":
        path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    elif damage == "longer":
        path.write_bytes(data + b"\n")
    elif damage == "shorter":
        path.write_bytes(data[:-1])
    elif damage == "a link":
        (scratch / "elsewhere").write_bytes(data)
        path.symlink_to(scratch / "elsewhere")
    elif damage == "a folder":
        path.mkdir()
    elif damage == "a pipe":
        os.mkfifo(path)


@pytest.mark.parametrize("damage", ["missing", "flipped", "shorter", "a link"])
def test_a_damaged_database_in_a_backup_is_never_restored(backup: Path, tmp_path: Path, damage: str) -> None:
    break_(state_of(backup) / "threadkeep.db", damage, tmp_path)
    with pytest.raises(BackupError, match="its database is damaged"):
        restore(backup, tmp_path / "restored")
    assert not (tmp_path / "restored" / "threadkeep.db").exists()


def test_what_is_there_besides_is_told_and_is_not_wrong(backup: Path, tmp_path: Path) -> None:
    (backup / "notes.txt").write_text("mine", encoding="utf-8")
    (backup / "sources" / "link").symlink_to(tmp_path)
    found = verify(backup)
    assert found.is_whole
    assert {(flaw.kind, flaw.path) for flaw in found.flaws} == {("extra", "notes.txt"), ("extra", "sources/link")}
