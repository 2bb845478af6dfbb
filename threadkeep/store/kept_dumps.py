"""The dumps as they came: gzipped files in ``sources/``, named by the SHA-256 of their contents.

    sources/3f/3fa9…c1.gz       a file, gzipped
    sources/3f/3fa9…c1.zip      a zip as it came, or a folder packed into one
    sources/3f/3fa9…c1.tar.gz   a packed tar as it came
    sources/3f/3fa9…c1.json     beside each: where it was read from, as what, and what the person importing told

Any tool that knows these reads them. A dump is written once, whole or not at all, and never changed; it is on the disk
for good before the database names it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from threadkeep.durable import PRIVATE_FOLDER, draft, make_folder
from threadkeep.errors import NotFound, StorageError
from threadkeep.records import KeptSource
from threadkeep.sources import Options, Source


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a kept dump, so that a database can be made from ``sources/`` alone."""

    kept: KeptSource
    options: Options


def keep_dump(folder: Path, source: Source) -> Path:
    """Put a copy of ``source`` under ``folder``, unless it is there. Raises StorageError."""
    if known := dump_path(folder, source.sha256):
        return known
    path = folder / source.sha256[:2] / f"{source.sha256}{source.kept_suffix}"
    _write(path, source.write_kept)
    return path


def note_dump(folder: Path, note: Note) -> None:
    """Write ``note`` beside its dump. Raises StorageError."""
    text = msgspec.json.format(msgspec.json.encode(note))
    _write(folder / note.kept.sha256[:2] / f"{note.kept.sha256}.json", lambda file: file.write(text))


def noted_dumps(folder: Path) -> Iterator[Note]:
    """The notes beside the kept dumps."""
    return (msgspec.json.decode(path.read_bytes(), type=Note) for path in folder.glob("??/*.json"))


def drop_dump(folder: Path, sha256: str) -> None:
    """Take away the dump with that hash and its note, if they are there."""
    if path := dump_path(folder, sha256):
        path.unlink()
    (folder / sha256[:2] / f"{sha256}.json").unlink(missing_ok=True)


def _write(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file whole or not at all, and for good."""
    try:
        make_folder(path.parent, PRIVATE_FOLDER)
        with draft(path.parent.parent) as copy:
            write(copy.file)
            copy.keep_as(path)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}", "free some space or check your rights; nothing was lost"
        ) from error


def kept_source(folder: Path, sha256: str, name: str, options: Options) -> Source:
    """The kept dump with that hash, open to be read again. Raises NotFound."""
    path = dump_path(folder, sha256)
    if path is None:
        raise NotFound(f"{folder / sha256[:2] / sha256}: the kept copy of {name} is not there")
    return Source.of_kept(name, path, sha256, options)


def dump_path(folder: Path, sha256: str) -> Path | None:
    """Where the dump with that hash lies, if it does."""
    found = (path for path in (folder / sha256[:2]).glob(f"{sha256}.*") if path.suffix != ".json")
    return next(found, None)
