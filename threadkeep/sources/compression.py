"""Read a file compressed by itself as its content: ``tweets.jsonl.gz``, ``2015-05.json.bz2``."""

import bz2
import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, Literal, cast

Compression = Literal["gzip", "bz2"]

DAMAGED = (OSError, EOFError, zlib.error)
"""What reading a damaged file raises."""

INFLATION_LIMIT = 300
"""The largest ratio of content to file size. Posts compress 4 to 30 times; gzip's own limit is 1,032."""

INFLATION_FREE_BYTES = 64 << 20
"""Content below this size may have any ratio."""

_MAGIC: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"BZ": "bz2"}


def detect_compression(path: Path) -> Compression | None:
    """Return how the file is compressed; None if it is not, cannot be read, or contains a tar."""
    try:
        with path.open("rb") as file:
            packing = _MAGIC.get(file.read(2))
        if packing is None:
            return None
        with open_decompressed(path, packing) as file:
            return None if file.read(512)[257:262] == b"ustar" else packing
    except DAMAGED:
        return None


def open_decompressed(path: Path, packing: Compression) -> BinaryIO:
    """Open the content for reading. Raises one of ``DAMAGED``, also later while reading."""
    if packing == "gzip":
        return cast(BinaryIO, io.BufferedReader(gzip.GzipFile(path)))
    return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, bz2.BZ2File(path))))


def decompressed_limit(path: Path) -> int:
    """Return how many bytes of content are allowed, against decompression bombs."""
    return max(INFLATION_FREE_BYTES, path.stat().st_size * INFLATION_LIMIT)
