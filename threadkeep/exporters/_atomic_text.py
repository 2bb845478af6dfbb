"""Write UTF-8 text files atomically: to a temporary file beside the target, then renamed."""

import contextlib
import io
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TextIO

from threadkeep.errors import StorageError
from threadkeep.files import atomic_files


@contextlib.contextmanager
def atomic_text_file(path: Path, *, fsync: bool = True) -> Iterator[TextIO]:
    """Open a UTF-8 file that replaces ``path`` at the end of the block; if the block raises, the old file stays.

    Line ends are written unchanged. The file is on disk afterwards, unless ``fsync`` is false. A path that is not
    a regular file (a pipe, ``/dev/stdout``) is written directly. Raises StorageError, also for an OSError in the block.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as file:
                yield file
            return
        place = path.resolve()  # a link to a file stays one
        atomic_files.make_folder(place.parent)
        # Readable for others by the umask, unlike a temporary file by default: an export may be shared.
        with atomic_files.temp_file(place.parent, mode=0o666) as temp_file:
            file = io.TextIOWrapper(temp_file.file, encoding="utf-8", newline="")
            yield file
            file.flush()
            file.detach()
            temp_file.commit(place, fsync=fsync)
    except OSError as error:
        raise storage_error(path, error) from error


@contextlib.contextmanager
def atomic_export_file(path: Path) -> Iterator[TextIO]:
    """Open an ``atomic_text_file`` for a one-file export, and remove what a killed export left beside it."""
    atomic_files.remove_stale_temp_files(path.parent)
    with atomic_text_file(path) as file:
        yield file


def make_folder(path: Path) -> None:
    """Create the folder ``path`` if needed, and remove what a killed export left there. Raises StorageError."""
    try:
        atomic_files.make_folder(path)
        atomic_files.remove_stale_temp_files(path)
    except FileExistsError as error:
        raise StorageError(f"{path}: is a file, not a folder", "name a folder with --to") from error
    except OSError as error:
        raise storage_error(path, error) from error


def fsync_all(paths: Collection[Path]) -> None:
    """Flush all these files to disk. Raises StorageError."""
    try:
        atomic_files.fsync_all(paths)
    except OSError as error:
        raise storage_error(Path(error.filename or next(iter(paths))), error) from error


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return a StorageError with the path and the reason the system gave."""
    return StorageError(f"{path}: {error.strerror or error}", "make room, or choose another place with --to")
