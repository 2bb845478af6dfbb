"""Drafts show only when they are whole, killed ones are swept away, and an archive is for its owner alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.files.atomic_files import (
    PRIVATE_FOLDER,
    fsync_file,
    make_folder,
    remove_stale_temp_files,
    temp_file,
    write_file,
)
from threadkeep.sources.source import Source


def test_a_kept_draft_replaces_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    with temp_file(tmp_path) as copy:
        copy.file.write(b"after")
        assert (tmp_path / "file").read_text() == "before"
        copy.commit(tmp_path / "file")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "after")]


def test_a_draft_that_is_not_kept_is_gone(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), temp_file(tmp_path) as copy:
        copy.file.write(b"half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from threadkeep.files.atomic_files import temp_file
with temp_file(Path(sys.argv[1])) as copy:
    copy.file.write(b"half")
    copy.file.flush()
    print("written", flush=True)
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that cannot be caught")
def test_drafts_of_killed_processes_are_swept_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writing:
        assert writing.stdout
        assert writing.stdout.readline() == b"written\n"
        remove_stale_temp_files(tmp_path)
        assert len(list(tmp_path.iterdir())) == 1
        with temp_file(tmp_path) as copy:
            remove_stale_temp_files(tmp_path)
            copy.commit(tmp_path / "ours")
        writing.communicate(b"")
    assert len(list(tmp_path.iterdir())) == 2
    remove_stale_temp_files(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ours"]


def test_a_folder_is_made_with_those_above_it_and_one_that_is_there_stays(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "c").write_text("c")
    fsync_file(tmp_path / "a" / "b" / "c")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / "c").read_text() == "c"
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "a" / "b" / "c")


@pytest.mark.skipif(os.name != "posix", reason="needs the rights of POSIX")
@pytest.mark.parametrize("is_there", [False, True])
def test_an_archive_is_for_its_owner_alone_even_in_a_folder_for_all(
    seeds: Path, tmp_path: Path, is_there: bool
) -> None:
    before = os.umask(0o022)
    try:
        folder = tmp_path / "above" / "archive"
        if is_there:
            make_folder(folder, 0o755)
        with Archive(folder) as archive:
            archive.import_(Source.from_path(seeds / "x-archive/x-export"))
            archive.sync()
            assert len(list(folder.glob("threadkeep.db*"))) == 3
            found = {path: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    finally:
        os.umask(before)
    assert {mode for path, mode in found.items() if path.is_dir()} == {PRIVATE_FOLDER}
    readable = {path.relative_to(folder).parts[0] for path, mode in found.items() if path.is_file() and mode & 0o077}
    assert readable <= {"index"}, "the index is in a folder that nobody else enters"
    if not is_there:
        assert stat.S_IMODE(folder.stat().st_mode) == PRIVATE_FOLDER


def test_a_written_file_is_synced_before_it_has_its_name_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        done.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        sync(handle)

    def replaced(path: Path, to: Path) -> Path:
        done.append("rename")
        return replace(path, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    write_file(tmp_path / "state", b"whole")
    assert done == ["sync file", "rename", "sync folder"]
    assert (tmp_path / "state").read_bytes() == b"whole"
    (tmp_path / "drafts").mkdir()
    done.clear()
    write_file(tmp_path / "state", b"new", tmp_path / "drafts")
    assert done == ["sync file", "rename", "sync folder", "sync folder"]
    assert list((tmp_path / "drafts").iterdir()) == []
