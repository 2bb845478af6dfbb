"""A dump that somebody packed by itself, to be read as what is inside: ``tweets.jsonl.gz``, ``2015-05.json.bz2``."""

import bz2
import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, Literal, cast

Compression = Literal["gzip", "bz2"]

DAMAGED = (OSError, EOFError, zlib.error)
"""What reading a damaged one raises."""

INFLATION_LIMIT = 300
"""How many times its packed size a dump may have. Posts pack 4 to 30 times; gzip's own limit is 1,032."""

INFLATION_FREE_BYTES = 64 << 20
"""Below this size a dump may inflate as it likes."""

_MAGIC: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"BZ": "bz2"}


def detect_compression(path: Path) -> Compression | None:
    """How the file is packed; ``None`` for one that is not, cannot be read, or holds a tar."""
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
    """The bytes inside. Raises one of ``DAMAGED``, also later, while they are read."""
    if packing == "gzip":
        return cast(BinaryIO, io.BufferedReader(gzip.GzipFile(path)))
    return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, bz2.BZ2File(path))))


def decompressed_limit(path: Path) -> int:
    """How many bytes may be inside before it looks made to fill disks."""
    return max(INFLATION_FREE_BYTES, path.stat().st_size * INFLATION_LIMIT)
