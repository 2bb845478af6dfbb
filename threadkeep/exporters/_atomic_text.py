"""Write files whole or not at all: beside their place first, then moved there."""

import contextlib
import io
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TextIO

from threadkeep.errors import StorageError
from threadkeep.files import atomic_files


@contextlib.contextmanager
def whole_file(path: Path, *, is_settled: bool = True) -> Iterator[TextIO]:
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
        with atomic_files.draft(place.parent, mode=0o666) as draft:
            file = io.TextIOWrapper(draft.file, encoding="utf-8", newline="")
            yield file
            file.flush()
            file.detach()
            draft.keep_as(place, is_settled=is_settled)
    except OSError as error:
        raise storage_error(path, error) from error


@contextlib.contextmanager
def single_file(path: Path) -> Iterator[TextIO]:
    """``whole_file`` for an export that is one file: what a killed one left beside it goes."""
    atomic_files.sweep(path.parent)
    with whole_file(path) as file:
        yield file


def make_folder(path: Path) -> None:
    """Make ``path`` a folder where it is none yet, without what a killed export left there. Raises StorageError."""
    try:
        atomic_files.make_folder(path)
        atomic_files.sweep(path)
    except FileExistsError as error:
        raise StorageError(f"{path}: is a file, not a folder", "name a folder with --to") from error
    except OSError as error:
        raise storage_error(path, error) from error


def settle(paths: Collection[Path]) -> None:
    """Have all these files on the disk when this returns. Raises StorageError."""
    try:
        atomic_files.settle(paths)
    except OSError as error:
        raise storage_error(Path(error.filename or next(iter(paths))), error) from error


def storage_error(path: Path, error: OSError) -> StorageError:
    """What the system said, with the path it said it of."""
    return StorageError(f"{path}: {error.strerror or error}", "make room, or choose another place with --to")
