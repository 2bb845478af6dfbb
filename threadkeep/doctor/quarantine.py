"""Quarantine: what doctor removes from an archive moves to the folder ``aside/`` in it, and is never deleted.

aside/2026-05-01T120000Z/
  threadkeep.db                    a database that was damaged
  sources/3f/3fa9…c1.gz            a dump that was
  rows.jsonl                       rows that referred to nothing: {"table": "links", "row": {"post": 12, …}}
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from threadkeep.errors import StorageError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, make_folder, rename, temp_file, write_file

NAME = "aside"


class Aside:
    """The folder for what one check-up of the archive in ``folder`` takes out; made when something is."""

    def __init__(self, folder: Path) -> None:
        self._archive = folder
        self._made: Path | None = None
        self._rows: list[bytes] = []

    @property
    def folder(self) -> Path | None:
        """Where things were put; ``None`` where nothing was."""
        return self._made

    def move(self, path: Path) -> None:
        """Put the file ``path`` of the archive aside, under the name it had there. Raises StorageError."""
        try:
            place = self._place(path)
            rename(path, place)
        except OSError as error:
            raise _storage_error(path, error) from error

    def copy(self, path: Path) -> Path:
        """Put a copy of the file ``path`` aside, and leave it where it is; returns the copy. Raises StorageError."""
        try:
            place = self._place(path)
            with path.open("rb") as file, temp_file(place.parent) as draft:
                shutil.copyfileobj(file, draft.file)
                draft.commit(place)
        except OSError as error:
            raise _storage_error(path, error) from error
        return place

    def take_back(self, copy: Path) -> None:
        """Delete a copy that is needed no more, and the folders that it leaves empty."""
        copy.unlink(missing_ok=True)
        for parent in copy.parents:
            if parent == self._archive or any(parent.iterdir()):
                break
            parent.rmdir()
            if parent == self._made:
                self._made = None

    def row(self, table: str, row: dict[str, Any]) -> None:
        """Take in a row of ``table`` that is about to go."""
        self._rows.append(msgspec.json.encode({"table": str(table), "row": row}) + b"\n")

    def fsync_all(self) -> None:
        """Have the rows taken in written down, on the disk. Raises StorageError."""
        if not self._rows:
            return
        try:
            place = self._own_folder() / "rows.jsonl"
            earlier = place.read_bytes() if place.exists() else b""
            write_file(place, earlier + b"".join(self._rows))
        except OSError as error:
            raise _storage_error(self._archive / NAME, error) from error
        self._rows = []

    def _place(self, path: Path) -> Path:
        """A free name for ``path`` in our folder."""
        wanted = self._own_folder() / path.relative_to(self._archive)
        make_folder(wanted.parent, PRIVATE_FOLDER)
        place, count = wanted, 1
        while place.exists():
            count += 1
            place = wanted.with_name(f"{wanted.name}.{count}")
        return place

    def _own_folder(self) -> Path:
        if self._made is None:
            name, count = f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}", 1
            made = self._archive / NAME / name
            while made.exists():
                count += 1
                made = made.with_name(f"{name}.{count}")
            make_folder(made, PRIVATE_FOLDER)
            self._made = made
        return self._made


def _storage_error(path: Path, error: OSError) -> StorageError:
    return StorageError(f"{path}: {error.strerror or error}", "free some space or check your rights; nothing was lost")
