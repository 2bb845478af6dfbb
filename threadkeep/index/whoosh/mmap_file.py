"""Memory-mapped files, so that opening an index reads next to nothing. Whoosh maps files too, but copies them."""

import mmap
import os


class MappedFile:
    """A memory-mapped file, its bytes in ``data``; several threads may read it at once.

    It stays readable if another process deletes it. Raises FileNotFoundError.
    """

    data: mmap.mmap | bytes

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:  # noqa: PTH123 - one of many at each search; a Path costs more than the call
            size = os.fstat(file.fileno()).st_size
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def get(self, position: int, length: int) -> bytes:
        """Return the ``length`` bytes at ``position``."""
        return self.data[position : position + length]

    def view(self, position: int, length: int) -> memoryview:
        """Return the same bytes without copying them."""
        return memoryview(self.data)[position : position + length]
