"""Files that are whole or not there, and that outlast a power cut once they are said to be written.

    write_file(folder / "searches.toml", b"...")

    with temp_file(folder) as copy:
        copy.file.write(b"...")
        copy.commit(folder / "3f" / "3fa9.gz")

A name is in its folder for certain only when the folder itself was synced; a file has its contents for certain only
when it was. What a killed process leaves behind is a draft, and ``remove_stale_temp_files`` takes it away.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from threadkeep.files.folder_lock import try_lock

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
"""Who may enter and read what an archive holds: its owner."""

_MANY = 64
"""From so many files on they are settled by writing out everything at once."""

_OPENING, _ENDING = ".threadkeep-", ".part"


class TempFile:
    """A file being written beside its place. Nothing of it shows before ``commit``, nor ever without."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.file = file

    def commit(self, path: Path, *, fsync: bool = True) -> None:
        """Give the file its name, in place of what had it; when this returns, that outlasts a power cut.

        Unless it is to be settled later, with many others.
        """
        self.file.flush()
        if fsync:
            _fsync(self.file.fileno())
        self.file.close()
        if fsync:
            rename(self.path, path)
        else:
            self.path.replace(path)


@contextlib.contextmanager
def temp_file(folder: Path, mode: int = PRIVATE_FILE) -> Iterator[TempFile]:
    """A new file to write, on the disk of ``folder``; it is gone afterwards unless it was kept. Raises OSError."""
    path, file = _opened(folder, mode)
    try:
        yield TempFile(path, file)
    finally:
        # What goes wrong here has gone wrong before, and was told then.
        with contextlib.suppress(OSError):
            file.close()
        with contextlib.suppress(OSError):
            path.unlink()


def write_file(path: Path, data: bytes, drafts: Path | None = None) -> None:
    """Write the file ``path`` whole or not at all, so that it outlasts a power cut. Raises OSError.

    It is written in the folder ``drafts`` first, on the same disk, or beside its place.
    """
    with temp_file(drafts or path.parent) as copy:
        copy.file.write(data)
        copy.commit(path)


def rename(path: Path, to: Path) -> None:
    """Give ``path``, whose contents are on the disk, the name ``to`` in place of what had it; it outlasts a power cut.

    Raises OSError.
    """
    path.replace(to)
    fsync_folder(to.parent)
    if path.parent != to.parent:
        fsync_folder(path.parent)


def remove_stale_temp_files(folder: Path) -> None:
    """Delete the drafts that killed processes left in ``folder``; one that is being written stays."""
    for path in folder.glob(f"{_OPENING}*{_ENDING}"):
        with contextlib.suppress(OSError), path.open("rb") as file:  # Windows deletes no file that someone writes
            if _claimed(file):
                path.unlink()


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make ``path`` a folder where it is none yet, and those above it, so that they outlast a power cut."""
    if path.is_dir():
        return
    if path != path.parent:
        make_folder(path.parent, mode)
    path.mkdir(mode, exist_ok=True)
    fsync_folder(path.parent)


def fsync_file(path: Path) -> None:
    """Have what is in the file ``path`` on the disk when this returns, and its name in its folder."""
    with path.open("rb+") as file:
        _fsync(file.fileno())
    fsync_folder(path.parent)


def fsync_all(paths: Collection[Path]) -> None:
    """Have all these files and their names on the disk when this returns: much faster than one after another."""
    if len(paths) >= _MANY and hasattr(os, "sync"):
        os.sync()  # no promise everywhere, but then little is left to do below
    for path in sorted(paths):
        with path.open("rb+") as file:
            _fsync(file.fileno())
    for folder in {path.parent for path in paths}:
        fsync_folder(folder)


def fsync_folder(path: Path) -> None:
    """Have the names in the folder ``path`` on the disk when this returns, on systems that can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        return  # Windows opens no folder; elsewhere one may write into a folder that one may not read
    try:
        _fsync(handle)
    finally:
        os.close(handle)


def _fsync(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that knows no such thing
            raise


def _opened(folder: Path, mode: int) -> tuple[Path, BinaryIO]:
    while True:
        path = folder / f"{_OPENING}{os.urandom(6).hex()}{_ENDING}"
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
        if _claimed(file) and path.exists():
            return path, file
        file.close()  # swept away between its making and its claim


def _claimed(file: BinaryIO) -> bool:
    """Whether the open ``file`` is now this process's own: a lock says so for as long as it is open."""
    if sys.platform == "win32":
        return True  # no file that is open can be deleted there
    is_ours = try_lock(file.fileno())
    return file.writable() if is_ours is None else is_ours  # without locks whoever writes a draft has it
