"""The manifest of one state of a backup: every file that belongs to it, with its size and its SHA-256.

    {"format": 1, "state": "2026-05-01T120000Z", "archive": "5f0c…", "schema": 1, "revision": 812,
     "records": {"posts": 5120, …}, "lacking": [],
     "files": [{"path": "sources/3f/3fa9…c1.gz", "bytes": 4120, "sha256": "…"}, …]}

A manifest comes from elsewhere as much as the files do, so nothing in it is believed: a path is one of the few that we
would have written, or the manifest is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from threadkeep.archive.config import CONFIG, SEARCHES
from threadkeep.backup.safe_files import opened
from threadkeep.errors import ArchiveTooNew, BackupError
from threadkeep.store.file_checks import DUMP_NAME, MEDIA_NAME

FORMAT = 1
"""Counted up whenever an older threadkeep could not read the backups of this one."""

NAME = "manifest.json"
SUMS = "SHA256SUMS"
README = "README.txt"
DATABASE = "threadkeep.db"
RECORDS = "records.jsonl"
SOURCES = "sources.jsonl"

OF_STATE = (DATABASE, RECORDS, SOURCES, README)
"""The files in the folder of a state that its manifest lists; it cannot list itself, nor what sums it up."""

SETTINGS = (CONFIG, SEARCHES)
"""What a person told the archive, where they did; listed too."""

STATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z")
SIZE_LIMIT_BYTES = 1 << 30
"""A manifest of five million files is smaller."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Item:
    """A file of a backup. ``path`` is relative to the backup's folder, with ``/`` between its parts."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """A file that the archive should have had when it was backed up, and why it is not in the backup."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state of an archive. ``archive`` tells archives apart, ``records`` counts what is in ``records.jsonl``."""

    format: int
    threadkeep: str
    state: str
    archive: str
    schema: int
    revision: int
    records: dict[str, int]
    files: tuple[Item, ...]
    lacking: tuple[Lacking, ...] = ()

    def item(self, name: str) -> Item:
        """The file ``name`` of the state's own folder. Raises BackupError."""
        path = f"{self.state}/{name}"
        found = next((item for item in self.files if item.path == path), None)
        if found is None:
            raise BackupError(f"{self.state}/{NAME}: it lists no {name}", "choose another state, or another backup")
        return found


def states_in(folder: Path) -> list[str]:
    """The names of the states in the backup ``folder``, the oldest first."""
    try:
        return sorted(path.name for path in folder.iterdir() if STATE.fullmatch(path.name))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BackupError(f"{folder}: {error.strerror or error}") from error


def read_manifest(folder: Path, state: str) -> Manifest:
    """The manifest of ``state`` in the backup ``folder``. Raises BackupError, ArchiveTooNew."""
    name = f"{state}/{NAME}"
    try:
        with opened(folder, name) as file:
            data = file.read(SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        raise BackupError(f"{folder / name}: {error.strerror or error}", "this state cannot be trusted") from error
    try:
        if len(data) > SIZE_LIMIT_BYTES:
            raise ValueError("larger than any manifest")
        newer = msgspec.json.decode(data, type=_Versioned).format
        if newer > FORMAT:
            raise ArchiveTooNew(
                f"{folder / name}: made by a newer threadkeep (backup format {newer})", "update threadkeep"
            )
        manifest = msgspec.json.decode(data, type=Manifest)
        for why in _wrongs(manifest, state):
            raise ValueError(why)
    except (ValueError, RecursionError) as error:
        raise BackupError(f"{folder / name}: damaged: {error}", "this state cannot be trusted") from error
    return manifest


@dataclass(frozen=True, slots=True)
class _Versioned:
    format: int


def _wrongs(manifest: Manifest, state: str) -> Iterator[str]:
    if manifest.state != state:
        yield f"it says it is of {manifest.state[:40]!r}"
    paths = {item.path for item in manifest.files}
    if len(paths) != len(manifest.files):
        yield "it lists a file twice"
    for item in manifest.files:
        if not is_path(item.path, state):
            yield f"it lists {item.path[:120]!r}, which no backup of ours has"
        if item.bytes < 0 or not _SHA256.fullmatch(item.sha256):
            yield f"it tells no size and hash of {item.path}"


def is_path(path: str, state: str) -> bool:
    """Whether ``path`` is one that a manifest of ``state`` may list."""
    folder, slash, rest = path.partition("/")
    if folder == state:
        return rest in OF_STATE or rest in SETTINGS
    pattern = {"sources": DUMP_NAME, "media": MEDIA_NAME}.get(folder)
    letters, another, name = rest.partition("/")
    return bool(slash and another and pattern and pattern.fullmatch(name) and letters == name[:2])


def manifest_text(manifest: Manifest) -> bytes:
    """The manifest as it is written."""
    return msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"


def sums_text(manifest: Manifest, sha256: str, readme: str | None) -> bytes:
    """The same for ``sha256sum -c``, run in the backup's folder; ``sha256`` is that of the manifest's own file.

    ``readme`` is that of the backup's ``README.txt``, which backups of threadkeep 0.2 do not list.
    """
    lines = [f"{item.sha256}  {item.path}\n" for item in manifest.files]
    lines += [f"{readme}  {README}\n"] if readme else []
    return "".join([*lines, f"{sha256}  {manifest.state}/{NAME}\n"]).encode()
