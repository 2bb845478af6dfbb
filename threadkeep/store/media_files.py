"""The pictures, videos and sounds that came with dumps: files in ``media/``, named by the SHA-256 of their contents.

media/3f/3fa9…c1.jpg
"""

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from threadkeep.errors import StorageError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, fsync_file, make_folder, temp_file

BLOCK_BYTES = 1 << 20

MANY = 64
"""From so many new files on, one sync of everything takes less time than one of each."""


def media_name(name: str, file: BinaryIO) -> str:
    """The name that ``MediaFolder.keep`` would give a copy, without making one."""
    digest = hashlib.sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest() + _ending(name)


def _ending(name: str) -> str:
    match = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return match[0].lower() if match else ""


class MediaFolder:
    """Copies going into ``folder``. Each is whole or not there, and outlasts a power cut after ``fsync_all``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsynced: set[Path] = set()

    def keep(self, name: str, file: BinaryIO) -> str:
        """Put a copy of ``file`` there; ``name`` gives it its ending. Returns its name there.

        Raises StorageError where it cannot be written, DumpError where ``file`` cannot be read to its end.
        """
        with self._plain_errors():
            block = file.read(BLOCK_BYTES)
            if len(block) == BLOCK_BYTES:
                return self._keep_large(name, block, file)
            path = self._path(hashlib.sha256(block).hexdigest() + _ending(name))
            if path not in self._unsynced:
                self._write(path, block)
                self._unsynced.add(path)
            return path.name

    def note(self, name: str) -> None:
        """Include a file that a worker process stored in the next ``fsync_all``."""
        self._unsynced.add(self._path(name))

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                f"{self.folder}: {error.strerror or error}", "free some space; nothing was lost"
            ) from error

    def _write(self, path: Path, contents: bytes) -> None:
        if not _holds(path, contents):
            make_folder(path.parent, PRIVATE_FOLDER)
            with temp_file(self.folder) as copy:
                copy.file.write(contents)
                copy.file.close()
                copy.path.replace(path)

    def _keep_large(self, name: str, block: bytes, file: BinaryIO) -> str:
        digest = hashlib.sha256()
        make_folder(self.folder, PRIVATE_FOLDER)
        with temp_file(self.folder) as copy:
            while block:
                digest.update(block)
                copy.file.write(block)
                block = file.read(BLOCK_BYTES)
            copy.file.close()
            path = self._path(digest.hexdigest() + _ending(name))
            make_folder(path.parent, PRIVATE_FOLDER)
            copy.path.replace(path)
        self._unsynced.add(path)
        return path.name

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def fsync_all(self) -> None:
        """Have what was kept on the disk, contents and names, when this returns. Raises StorageError.

        All at once: a file at a time, each would wait for the disk twice.
        """
        with self._plain_errors():
            if len(self._unsynced) >= MANY and sys.platform == "linux":
                os.sync()  # waits for all of it there, says sync(2)
            else:
                for path in sorted(self._unsynced):
                    fsync_file(path)
        self._unsynced.clear()


def _holds(path: Path, contents: bytes) -> bool:
    """Whether the file is there and whole: an import that was killed may have left it without what it should hold."""
    try:
        return path.read_bytes() == contents
    except FileNotFoundError:
        return False
