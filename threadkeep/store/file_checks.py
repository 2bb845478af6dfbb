"""The files in ``sources/`` and ``media/`` looked at: which there are, and whether each holds what its name says."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from threadkeep.errors import DumpError
from threadkeep.sources.source import Source
from threadkeep.store.dump_files import Note, write_source_note
from threadkeep.store.media_files import media_name

DUMP_NAME = re.compile(r"([0-9a-f]{64})(\.gz|\.zip|\.tar\.gz|\.tar\.bz2)")
NOTE_NAME = re.compile(r"([0-9a-f]{64})\.json")
MEDIA_NAME = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,5})?")
"""Whole names of files; a name from elsewhere that does not match is never made a path of."""

_DAMAGE = (OSError, EOFError, zlib.error)


def kept_files(folder: Path, name: re.Pattern[str]) -> Iterator[tuple[str, Path]]:
    """The files in the two-letter folders of ``folder`` whose whole name matches, by name; no links.

    Each comes with the hash in its name.
    """
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        match = name.fullmatch(path.name)
        if match and path.parent.name == match[1][:2] and path.is_file() and not path.is_symlink():
            yield match[1], path


def damage_of_dump(path: Path, sha256: str) -> str | None:
    """What is wrong with the kept dump at ``path``; ``None`` where it is the dump with that hash."""
    try:
        if path.suffixes == [".gz"]:
            with gzip.open(path) as file:
                found = _hash(cast(BinaryIO, file))
        else:
            with path.open("rb") as plain:
                found = _hash(plain)
            if found != sha256 and path.suffix == ".zip":  # a folder: its hash is that of its files
                found = _hash_of_members(path)
    except DumpError as error:
        return error.message
    except _DAMAGE as error:
        return f"it cannot be read: {getattr(error, 'strerror', None) or error}"
    return None if found == sha256 else f"its hash is {found[:12]}…, not {sha256[:12]}…"


def _hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _hash_of_members(path: Path) -> str:
    from threadkeep.sources.containers import container_at

    container = container_at(path.name, path)
    if container is None:
        return ""
    try:
        return container.digest()[0]
    finally:
        container.close()


def damage_of_media(path: Path) -> str | None:
    """What is wrong with the file at ``path`` in ``media/``; ``None`` where it holds what its name says."""
    try:
        with path.open("rb") as file:
            found = media_name(path.name, file)
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    return None if found == path.name else f"its hash is {found[:12]}…"


def read_note(path: Path) -> Note | None:
    """The note at ``path``; ``None`` where there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Note)
    except (OSError, msgspec.MsgspecError):
        return None


def note_path(folder: Path, sha256: str) -> Path:
    """Where the note beside the dump with that hash lies; ``folder`` is ``sources/``."""
    return folder / sha256[:2] / f"{sha256}.json"


def write_note(folder: Path, note: Note) -> None:
    """Write ``note`` beside its dump, over what is there. Raises StorageError."""
    write_source_note(folder, note)


def copy_of_original(folder: Path, source: Source, sha256: str) -> bool:
    """Keep ``source`` under ``folder``, if it is the dump with that hash; says whether it is."""
    from threadkeep.store.dump_files import store_original

    try:
        if source.sha256 != sha256:
            return False
        store_original(folder, source)
    except DumpError:
        return False
    return True
