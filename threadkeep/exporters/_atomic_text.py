"""Write files whole or not at all: beside their place first, then moved there."""

import contextlib
import io
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TextIO

from threadkeep.errors import StorageError
from threadkeep.files import atomic_files


@contextlib.contextmanager
def whole_file(path: Path, *, fsync: bool = True) -> Iterator[TextIO]:
    """A UTF-8 file to write to, which takes the name ``path`` when all is written; else what was there stays.

    Line ends are written as they come. What was written outlasts a power cut, unless it is to be settled later. A path
    that is no plain file (a pipe, ``/dev/stdout``) is written to as it is. Raises StorageError, also for what goes
    wrong inside the ``with``.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as file:
                yield file
            return
        place = path.resolve()  # a link to a file stays one
        atomic_files.make_folder(place.parent)
        # Not for the owner alone, as drafts are by themselves: an export is for whoever may read its folder.
        with atomic_files.temp_file(place.parent, mode=0o666) as temp_file:
            file = io.TextIOWrapper(temp_file.file, encoding="utf-8", newline="")
            yield file
            file.flush()
            file.detach()
            temp_file.commit(place, fsync=fsync)
    except OSError as error:
        raise storage_error(path, error) from error


@contextlib.contextmanager
def single_file(path: Path) -> Iterator[TextIO]:
    """``whole_file`` for an export that is one file: what a killed one left beside it goes."""
    atomic_files.remove_stale_temp_files(path.parent)
    with whole_file(path) as file:
        yield file


def make_folder(path: Path) -> None:
    """Make ``path`` a folder where it is none yet, without what a killed export left there. Raises StorageError."""
    try:
        atomic_files.make_folder(path)
        atomic_files.remove_stale_temp_files(path)
    except FileExistsError as error:
        raise StorageError(f"{path}: is a file, not a folder", "name a folder with --to") from error
    except OSError as error:
        raise storage_error(path, error) from error


def fsync_all(paths: Collection[Path]) -> None:
    """Have all these files on the disk when this returns. Raises StorageError."""
    try:
        atomic_files.fsync_all(paths)
    except OSError as error:
        raise storage_error(Path(error.filename or next(iter(paths))), error) from error


def storage_error(path: Path, error: OSError) -> StorageError:
    """What the system said, with the path it said it of."""
    return StorageError(f"{path}: {error.strerror or error}", "make room, or choose another place with --to")
