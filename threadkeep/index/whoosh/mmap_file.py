"""The files of an index mapped into memory for reading, so that opening an index reads next to nothing of it.

Whoosh maps files too, but copies what it maps.
"""

import mmap
import os


class MappedFile:
    """A file mapped into memory, its bytes in ``data``; several threads may read them at once.

    It stays readable when another process deletes it. Raises FileNotFoundError.
    """

    data: mmap.mmap | bytes

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:  # noqa: PTH123 - one of many at each search; a Path costs more than the call
            size = os.fstat(file.fileno()).st_size
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def get(self, position: int, length: int) -> bytes:
        """The ``length`` bytes at ``position``."""
        return self.data[position : position + length]

    def view(self, position: int, length: int) -> memoryview:
        """The same bytes, not copied."""
        return memoryview(self.data)[position : position + length]
