"""One holder at a time; where a file system has no locks, nobody is kept waiting."""

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from threadkeep.errors import ArchiveBusy
from threadkeep.files.folder_lock import exclusive_lock, try_lock

HOLDING = """
import sys
from pathlib import Path
from threadkeep.files.folder_lock import exclusive_lock
with exclusive_lock(Path(sys.argv[1]), "busy"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> "subprocess.Popen[bytes]":
    """Another process that holds the lock of ``tmp_path`` until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_lock_is_held_by_one_and_released_by_its_holders_end(
    tmp_path: Path, holder: "subprocess.Popen[bytes]"
) -> None:
    with (
        pytest.raises(ArchiveBusy, match="someone indexes"),
        exclusive_lock(tmp_path, "someone indexes", seconds=0.1),
    ):
        pass
    with exclusive_lock(tmp_path, "busy", "another-name", 0):
        pass
    holder.kill()
    holder.communicate()
    with exclusive_lock(tmp_path, "busy", seconds=0):
        pass


def test_a_file_system_without_locks_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_handle: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with exclusive_lock(tmp_path, "busy", seconds=0), (tmp_path / "file").open("w") as file:
        assert try_lock(file.fileno()) is None
