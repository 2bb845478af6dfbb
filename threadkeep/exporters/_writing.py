"""Write files whole or not at all: beside their place first, then moved there."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from threadkeep.errors import StorageError


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write to, which takes the name ``path`` when all is written; else what was there stays.

    Line ends are written as they come. A path that is no plain file (a pipe, ``/dev/stdout``) is written to as it is.
    Raises StorageError, also for what goes wrong inside the ``with``.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as file:
                yield file
            return
        place = path.resolve()  # a link to a file stays one
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".threadkeep-{secrets.token_hex(6)}.part")
        try:
            with _new_file(draft) as file:
                yield file
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(path, error) from error


def make_folder(path: Path) -> None:
    """Make ``path`` a folder where it is none yet. Raises StorageError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise StorageError(f"{path}: is a file, not a folder", "name a folder with --to") from error
    except OSError as error:
        raise storage_error(path, error) from error


def storage_error(path: Path, error: OSError) -> StorageError:
    """What the system said, with the path it said it of."""
    return StorageError(f"{path}: {error.strerror or error}", "make room, or choose another place with --to")


def _new_file(path: Path) -> TextIO:
    # Not a tempfile: those are for their owner alone, and the mode would stay.
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    return os.fdopen(number, "w", encoding="utf-8", newline="")
