"""The files of an index mapped into memory for reading, so that opening an index reads next to nothing of it.

Whoosh maps files too, but copies what it maps.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

import io
import mmap
import os
from typing import Any, BinaryIO, cast

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class MappedStorage(FileStorage):
    """A folder whose files are read through memory maps. They stay readable when another process deletes them."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> "MappedFile":
        """The file of that name. Raises FileNotFoundError."""
        return MappedFile(f"{self.folder}{os.sep}{name}", name)


class MappedFile(StructFile):
    """A file mapped into memory, its bytes in ``data``; several threads may read them at once."""

    def __init__(self, path: str, name: str) -> None:
        with open(path, "rb") as file:  # noqa: PTH123 - one of many at each search; a Path costs more than the call
            size = os.fstat(file.fileno()).st_size
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self.data: mmap.mmap | bytes = mapped
        super().__init__(cast(BinaryIO, mapped or io.BytesIO()), name)  # a map reads and seeks as a file does

    def get(self, position: int, length: int) -> bytes:
        """The ``length`` bytes at ``position``."""
        return self.data[position : position + length]

    def view(self, position: int, length: int) -> memoryview:
        """The same bytes, not copied."""
        return memoryview(self.data)[position : position + length]
