"""The dumps as they came: gzipped files in ``sources/``, named by the SHA-256 of their contents.

    sources/3f/3fa9…c1.gz       a file, gzipped
    sources/3f/3fa9…c1.zip      a zip as it came, or a folder packed into one
    sources/3f/3fa9…c1.tar.gz   a packed tar as it came
    sources/3f/3fa9…c1.json     beside each: where it was read from, as what, and what the person importing told

Any tool that knows these reads them. A dump is written once, whole or not at all, and never changed; it is on the disk
for good before the database names it.
"""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from threadkeep.errors import NotFound, StorageError, ThreadkeepError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, make_folder, temp_file
from threadkeep.files.plain_files import is_plain
from threadkeep.records import SourceRecord
from threadkeep.sources.source import Options, Source

LARGE_BYTES = 4 << 20
"""From this size on a file is copied while its records are taken in."""


ENDINGS = (".gz", ".zip", ".tar.gz", ".tar.bz2")
"""What the name of a kept dump ends in."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Note(msgspec.Struct, frozen=True, rename={"record": "kept"}):
    """The JSON file beside an original dump, from which the database can be rebuilt."""

    record: SourceRecord
    options: Options


def store_original(folder: Path, source: Source) -> Path:
    """Put a copy of ``source`` under ``folder``, unless it is there. Raises StorageError."""
    if known := dump_path(folder, source.sha256):
        return known
    path = folder / source.sha256[:2] / f"{source.sha256}{source.stored_suffix}"
    _write(path, source.write_stored_copy)
    return path


class OriginalCopy:
    """A dump being kept. A large file is copied, by a thread, while its records are taken in; the rest before that.

    Packing takes a tenth of the time of an import, and little of it holds the interpreter.
    """

    def __init__(self, folder: Path, source: Source) -> None:
        self._folder = folder
        self._source = source
        self._is_given_up = threading.Event()
        self._thread: threading.Thread | None = None
        # Packing a folder of videos may take longer than taking it in, and all that while others could not write.
        if source.is_folder or source.size < LARGE_BYTES or dump_path(folder, source.sha256):
            store_original(folder, source)
        else:
            path = folder / source.sha256[:2] / f"{source.sha256}{source.stored_suffix}"
            self._thread = threading.Thread(target=self._copy, args=(path,), daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Have the copy there for good, also where another import of the same took it away. Raises StorageError."""
        if self._thread is not None:
            self._thread.join()
        store_original(self._folder, self._source)

    def give_up(self) -> None:
        """Stop copying."""
        self._is_given_up.set()
        if self._thread is not None:
            self._thread.join()

    def _copy(self, path: Path) -> None:
        with contextlib.suppress(ThreadkeepError):  # ``finish`` tries once more, and tells
            write_copy = self._source.write_stored_copy
            _write(path, lambda file: write_copy(cast(BinaryIO, _Stoppable(file, self._is_given_up))))


class _Stoppable:
    """A file to which nothing more can be written once an event is set."""

    def __init__(self, file: BinaryIO, is_given_up: threading.Event) -> None:
        self._file = file
        self._is_given_up = is_given_up

    def write(self, data: bytes) -> int:
        if self._is_given_up.is_set():
            raise StorageError("the copy is not wanted any more")
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def write_source_note(folder: Path, note: Note) -> None:
    """Write ``note`` beside its dump. Raises StorageError."""
    text = msgspec.json.format(msgspec.json.encode(note))
    _write(folder / note.record.sha256[:2] / f"{note.record.sha256}.json", lambda file: file.write(text))


def read_source_notes(folder: Path) -> Iterator[Note]:
    """The notes beside the kept dumps."""
    return (msgspec.json.decode(path.read_bytes(), type=Note) for path in folder.glob("??/*.json") if is_plain(path))


def drop_dump(folder: Path, sha256: str) -> None:
    """Take away the dump with that hash and its note, if they are there."""
    if path := dump_path(folder, sha256):
        path.unlink()
    (folder / sha256[:2] / f"{sha256}.json").unlink(missing_ok=True)


def _write(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file whole or not at all, and for good."""
    try:
        make_folder(path.parent, PRIVATE_FOLDER)
        with temp_file(path.parent.parent) as copy:
            write(copy.file)
            copy.commit(path)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}", "free some space or check your rights; nothing was lost"
        ) from error


def kept_source(folder: Path, sha256: str, name: str, options: Options) -> Source:
    """The kept dump with that hash, open to be read again. Raises NotFound."""
    path = dump_path(folder, sha256)
    if path is None:
        raise NotFound(f"{folder / sha256[:2] / sha256}: the kept copy of {name} is not there")
    return Source.from_stored(name, path, sha256, options)


def dump_path(folder: Path, sha256: str) -> Path | None:
    """Where the dump with that hash lies, if it does: a plain file of a name that we give."""
    if not _SHA256.fullmatch(sha256):
        return None
    paths = (folder / sha256[:2] / f"{sha256}{ending}" for ending in ENDINGS)
    return next((path for path in paths if is_plain(path)), None)
