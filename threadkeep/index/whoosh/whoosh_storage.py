"""The folder of an index as Whoosh's own classes read it: its files mapped into memory as ours are."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

import io
import os
from typing import Any, BinaryIO, cast

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from threadkeep.index.whoosh.mmap_file import MappedFile


class MappedStorage(FileStorage):
    """A folder whose files are read through memory maps."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> "MappedStructFile":
        """The file of that name. Raises FileNotFoundError."""
        return MappedStructFile(f"{self.folder}{os.sep}{name}", name)


class MappedStructFile(MappedFile, StructFile):
    """A mapped file that gives numbers and strings as Whoosh asks for them."""

    def __init__(self, path: str, name: str) -> None:
        MappedFile.__init__(self, path)
        # A map reads and seeks as a file does.
        StructFile.__init__(self, cast(BinaryIO, self.data or io.BytesIO()), name)
