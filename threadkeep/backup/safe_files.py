"""Files within a backup's folder, opened without ever leaving it, and copied with their hash told.

A backup is a folder from elsewhere: a link in it may lead anywhere, a pipe may never end, a file may be larger than it
says. So every part of a path is looked at before it is gone through, and nothing is read beyond the size it must have.
"""

import contextlib
import errno
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from threadkeep.files.atomic_files import PRIVATE_FOLDER, make_folder, temp_file, write_file

BLOCK = 1 << 20

NOBODYS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "lost+found"})
"""What systems leave in any folder: one that holds nothing else is empty."""

Watch = Callable[[int], object]
"""Called with how many bytes were read since it was last called."""

Sum = tuple[int, str]
"""How many bytes a file has, and their SHA-256."""


def refuse_links(folder: Path, name: str) -> Path:
    """The path ``name`` below ``folder``, none of whose parts is a link. Raises OSError where one is."""
    path = folder
    for part in name.split("/"):
        path = path / part
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISLNK(path.lstat().st_mode):
                raise OSError(errno.ELOOP, "a link, which is not followed", str(path))
    return path


def opened(folder: Path, name: str) -> BinaryIO:
    """The plain file ``name`` below ``folder``, open to be read. Raises OSError where it is anything else."""
    path = refuse_links(folder, name)
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, "not a file", str(path))
    flags = os.O_RDONLY
    if sys.platform == "win32":
        flags |= os.O_BINARY
    else:
        flags |= os.O_NOFOLLOW | os.O_NONBLOCK
    return os.fdopen(os.open(path, flags), "rb")


def sum_of(folder: Path, name: str, watch: Watch, limit: int | None = None) -> Sum:
    """The size and the SHA-256 of a file below ``folder``; no more than ``limit`` bytes and one are read."""
    digest, size = hashlib.sha256(), 0
    with opened(folder, name) as file:
        for block in _blocks(file, watch, limit):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def copy(source: BinaryIO, to: Path, drafts: Path, watch: Watch, wanted: tuple[int, str] | None = None) -> Sum | None:
    """Copy ``source`` to the file ``to``, for good; it is written in the folder ``drafts`` first.

    With ``wanted`` only if it has that size and SHA-256, and it is read no further than to know that. Returns what it
    has, or ``None`` where that is not what was wanted, and then ``to`` stays as it is. Raises OSError.
    """
    digest, size = hashlib.sha256(), 0
    make_folder(drafts, PRIVATE_FOLDER)
    with temp_file(drafts) as file:
        for block in _blocks(source, watch, wanted and wanted[0]):
            file.file.write(block)
            digest.update(block)
            size += len(block)
        found = size, digest.hexdigest()
        if wanted not in (None, found):
            return None
        make_folder(to.parent, PRIVATE_FOLDER)
        file.commit(to)
    return found


def write_whole(to: Path, drafts: Path, data: bytes) -> None:
    """Write the file ``to`` at once and for good. Raises OSError."""
    make_folder(drafts, PRIVATE_FOLDER)
    write_file(to, data, drafts)


def _blocks(file: BinaryIO, watch: Watch, limit: int | None) -> Iterator[bytes]:
    size = 0
    while limit is None or size <= limit:
        block = file.read(BLOCK if limit is None else min(BLOCK, limit + 1 - size))
        if not block:
            return
        size += len(block)
        watch(len(block))
        yield block
