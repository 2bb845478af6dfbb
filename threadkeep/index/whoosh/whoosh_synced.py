"""A folder for an index being written, in which what takes another file's place is on the disk before it does."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

import os
from pathlib import Path

from whoosh.filedb.filestore import FileStorage


class SyncedStorage(FileStorage):
    """Whoosh's own, for the list of segments: the files of the segments themselves are synced when they are written.

    Whoosh renames nothing but that list, which makes a commit visible; after that it deletes what no segment needs.
    """

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file, and have the system write it, its name and all names before to the disk."""
        _sync(Path(self.folder, oldname))
        _sync(Path(self.folder))
        super().rename_file(oldname, newname, safe)
        _sync(Path(self.folder))


def _sync(path: Path) -> None:
    """Have the system write ``path`` to the disk now, so that losing power later does not lose it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        return  # Windows opens no folder
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems know no such thing; the index can be made again
    finally:
        os.close(handle)
