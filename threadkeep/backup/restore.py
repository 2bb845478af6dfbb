"""Bringing an archive back from a backup: its database, dumps and media, each checked while it is copied.

The database takes its name last, so a restore that is cut off leaves no archive, and the same command goes on with it.
The search index is not in a backup; it is made anew at the next search.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from threadkeep.backup import manifest as names
from threadkeep.backup.create import SourceLine
from threadkeep.backup.manifest import Item, Manifest, read_manifest, states_in
from threadkeep.backup.safe_files import NOBODYS, copy, opened, refuse_links
from threadkeep.errors import ArchiveTooNew, BackupError, StorageError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, fsync_folder, make_folder, remove_stale_temp_files, rename
from threadkeep.records import SourceRecord
from threadkeep.store.database import migrations
from threadkeep.store.database_check import health, strange_objects
from threadkeep.store.dump_files import Note
from threadkeep.store.file_checks import write_note
from threadkeep.store.snapshot import enable_wal

UNFINISHED = "threadkeep.db.restoring"
"""The database until everything else is there; in a folder that has it, a restore goes on."""

Watch = Callable[[float | None, int], object]


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was brought back: of which state, how many dumps and media; ``damaged`` are files that could not be."""

    state: str
    dumps: int
    media: int
    records: dict[str, int]
    damaged: tuple[str, ...]


def restore(backup: Path, to: Path, *, state: str | None = None, watch: Watch | None = None) -> RestoreReport:
    """Make the folder ``to`` the archive that ``backup`` holds, as it was at ``state`` or at the newest one.

    A dump or a file of media that is damaged in the backup is left out and told; a damaged database is an error.
    Raises BackupError, also where ``to`` holds anything, ArchiveTooNew, StorageError.
    """
    manifest = read_manifest(backup, _chosen(backup, state))
    if manifest.schema > len(migrations()):
        raise ArchiveTooNew(
            f"{backup}: made by a newer threadkeep (schema {manifest.schema}; this one knows {len(migrations())})",
            "update threadkeep",
        )
    _refuse_full(to)
    try:
        return _Restoring(backup, to, manifest, watch or (lambda _part, _count: None)).run()
    except OSError as error:
        raise StorageError(
            f"{error.filename or to}: {error.strerror or error}", "free some space or check your rights, then repeat"
        ) from error


def _chosen(backup: Path, state: str | None) -> str:
    states = states_in(backup)
    if not states:
        raise BackupError(f"{backup}: there is no backup", "threadkeep backup DIR makes one")
    if state is not None and state not in states:
        raise BackupError(f"{backup}: there is no snapshot {state!r}", f"there are {', '.join(states)}")
    return state or states[-1]


def _refuse_full(to: Path) -> None:
    if to.exists() and not to.is_dir():
        raise BackupError(f"{to}: is a file, not a folder", "name a new folder with --archive")
    remove_stale_temp_files(to)
    there = {path.name for path in to.iterdir()} - NOBODYS if to.is_dir() else set()
    if there and (UNFINISHED not in there or names.DATABASE in there):
        raise BackupError(
            f"{to}: there is something already, and nothing is written over it", "name a new folder with --archive"
        )


class _Restoring:
    """One restore in progress."""

    def __init__(self, backup: Path, to: Path, manifest: Manifest, watch: Watch) -> None:
        self._backup = backup
        self._to = to
        self._manifest = manifest
        self._watch = watch
        self._whole = sum(item.bytes for item in manifest.files) or 1
        self._read = self._count = 0
        self._damaged: list[str] = []

    def run(self) -> RestoreReport:
        make_folder(self._to, PRIVATE_FOLDER)
        remove_stale_temp_files(self._to / "sources")
        database = self._to / UNFINISHED
        if not self._fetch(self._manifest.item(names.DATABASE), database):
            raise BackupError(
                f"{self._backup / self._manifest.state}: its database is damaged",
                "choose another snapshot with --snapshot, or import the dumps in sources/ into a new archive",
            )
        _refuse_strange(database)
        enable_wal(database)
        fetched = {"sources": 0, "media": 0}
        for item in self._manifest.files:
            folder = item.path.partition("/")[0]
            if folder in fetched:
                fetched[folder] += self._fetch(item, refuse_links(self._to, item.path))
            elif item.path.endswith(names.SETTINGS):
                self._fetch(item, self._to / item.path.rpartition("/")[2])
        self._write_notes()
        if (self._to / "sources").is_dir():
            fsync_folder(self._to / "sources")  # the drafts of notes were there
        rename(database, self._to / names.DATABASE)
        return RestoreReport(
            self._manifest.state, fetched["sources"], fetched["media"], self._manifest.records, tuple(self._damaged)
        )

    def _fetch(self, item: Item, to: Path) -> bool:
        """Copy a file of the backup, if it is what the manifest says."""
        self._count += 1
        try:
            with opened(self._backup, item.path) as file:
                copied = copy(file, to, self._to, self._progress, (item.bytes, item.sha256))
        except OSError as error:
            if error.filename is None or not Path(str(error.filename)).is_relative_to(self._backup):
                raise
            copied = None
        if copied is None:
            self._damaged.append(item.path)
        return copied is not None

    def _progress(self, size: int) -> None:
        self._read += size
        self._watch(min(1.0, self._read / self._whole), self._count)

    def _write_notes(self) -> None:
        """Write the note beside every dump, from what the backup says of it."""
        item = self._manifest.item(names.SOURCES)
        lines = self._to / f"{names.SOURCES}.restoring"
        if not self._fetch(item, lines):
            return  # the database knows the same; doctor writes them from there
        held = {one.path for one in self._manifest.files}
        with lines.open("rb") as file:
            for line in file:
                try:
                    source = msgspec.json.decode(line, type=SourceLine)
                except msgspec.MsgspecError:
                    continue
                if source.file in held and source.file.split("/")[2].startswith(f"{source.sha256}."):
                    stored = SourceRecord(source.sha256, source.path, source.format, source.imported, source.owner)
                    write_note(self._to / "sources", Note(stored, source.options))
        lines.unlink()


def _refuse_strange(database: Path) -> None:
    """Raise BackupError for a database that threadkeep did not make: a trigger in one would run at the next import."""
    found = health(database)
    if found.state not in ("whole", "older", "misindexed"):
        database.unlink()
        raise BackupError(f"the database in the backup cannot be used: {found.said}", "choose another snapshot")
    if strange := strange_objects(database):
        database.unlink()
        raise BackupError(
            f"the database in the backup holds what threadkeep never makes: the {strange[0]}",
            "do not trust this backup; import its dumps in sources/ instead",
        )
