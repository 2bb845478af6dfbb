"""Decompress to the last byte before any damage, and read a file compressed by itself as its content.

    tweets.jsonl.gz, cut after 2,000 of 5,000 bytes   ->   what the 2,000 bytes hold, then EOFError

The decompressors of the standard library drop what they have decoded of a block when the block turns out damaged.
"""

import bz2
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, cast

Compression = Literal["gzip", "bz2"]

DAMAGED = (OSError, EOFError, zlib.error)
"""What reading a damaged file raises."""

INFLATION_LIMIT = 300
"""The largest ratio of content to file size. Posts compress 4 to 30 times; gzip's own limit is 1,032."""

INFLATION_FREE_BYTES = 64 << 20
"""Content below this size may have any ratio."""

CUT_OFF = "it is cut off"
"""What EOFError says of a file that ends too early."""

GZIP_FORMAT, RAW_DEFLATE = 31, -15
"""The formats that zlib reads, as it numbers them: gzip with its checksum, and bare deflate as in zips."""

_BLOCK_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20
_MAGIC: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"BZ": "bz2"}


def inflate(read: Callable[[int], bytes], window_bits: int) -> Iterator[bytes]:
    """Yield the decompressed bytes of the stream that ``read`` gives, at most 1 MiB at a time.

    Of gzip every member is read, and zeros after the last one are ignored. Raises zlib.error or EOFError, after all
    that could be decompressed.
    """
    rest = b""
    while True:
        inflater = zlib.decompressobj(window_bits)
        while not inflater.eof:
            block = rest or read(_BLOCK_BYTES)
            rest = b""
            if not block:
                raise EOFError(CUT_OFF)
            while block and not inflater.eof:
                before = inflater.copy()
                try:
                    data = inflater.decompress(block, _PIECE_BYTES)
                except zlib.error:
                    yield from _bytewise(before, block)
                    raise
                if data:
                    yield data
                block = inflater.unconsumed_tail
        rest = inflater.unused_data
        if window_bits != GZIP_FORMAT:
            return
        while not rest.strip(b"\0"):
            if not (rest := read(_BLOCK_BYTES)):
                return
        rest = rest.lstrip(b"\0")
        if len(rest) < 2:
            rest += read(_BLOCK_BYTES)
        if not rest.startswith(b"\x1f\x8b"):
            return  # whatever was appended to it, gzip itself ignores it, too


def _bytewise(inflater: "zlib._Decompress", block: bytes) -> Iterator[bytes]:
    """Yield what decompresses of a block with damage in it."""
    for at in range(len(block)):
        try:
            if data := inflater.decompress(block[at : at + 1]):
                yield data
        except zlib.error:
            return


def _bunzip(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the decompressed bytes of a bzip2 stream. Raises OSError or EOFError, after the blocks that are whole."""
    rest = b""
    while True:
        inflater = bz2.BZ2Decompressor()
        while not inflater.eof:
            block = b""
            if inflater.needs_input and not (block := rest or read(_BLOCK_BYTES)):
                raise EOFError(CUT_OFF)
            rest = b""
            if data := inflater.decompress(block, _PIECE_BYTES):
                yield data
        rest = inflater.unused_data or read(_BLOCK_BYTES)
        if not rest.startswith(b"BZ"):
            return


class ChunkStream(io.RawIOBase):
    """The bytes of an iterator as a file, closing ``file`` with it. What the iterator raises comes after all bytes."""

    def __init__(self, chunks: Iterator[bytes], file: BinaryIO | None = None) -> None:
        self._chunks = chunks
        self._file = file
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read into ``buffer`` and return how many bytes that were."""
        view = memoryview(cast(bytearray, buffer))
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def close(self) -> None:
        """Close the file underneath."""
        if self._file is not None:
            self._file.close()
        super().close()


def decompressed(file: BinaryIO, compression: Compression) -> Iterator[bytes]:
    """Yield the content of an open file. Raises one of ``DAMAGED``, after all that could be decompressed."""
    return inflate(file.read, GZIP_FORMAT) if compression == "gzip" else _bunzip(file.read)


def detect_compression(path: Path) -> Compression | None:
    """Return how the file is compressed; None if it is not, cannot be read, or contains a tar."""
    try:
        with path.open("rb") as file:
            compression = _MAGIC.get(file.read(2))
        if compression is None:
            return None
        with open_decompressed(path, compression) as content:
            head = content.read(512)
    except DAMAGED:
        return None
    return compression if head and head[257:262] != b"ustar" else None


def open_decompressed(path: Path, compression: Compression, *, whole: bool = False) -> io.BufferedReader:
    """Open the content for reading; it ends where it is damaged. With ``whole``, one of ``DAMAGED`` is raised there."""
    file = path.open("rb")
    chunks = decompressed(file, compression)
    return io.BufferedReader(ChunkStream(chunks if whole else _up_to_damage(chunks), file), _BLOCK_BYTES)


def _up_to_damage(chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    except DAMAGED:
        return


def damage_in_words(error: Exception) -> str:
    """Return what ``error``, raised by reading a damaged file, means for the person who has the file."""
    if isinstance(error, EOFError):
        return CUT_OFF
    if isinstance(error, zlib.error):
        return "its checksum is wrong" if "check" in str(error) else "it is damaged"
    return f"it is damaged: {error.strerror or error}" if isinstance(error, OSError) else f"it is damaged: {error}"


def decompressed_limit(path: Path) -> int:
    """Return how many bytes of content are allowed, against decompression bombs."""
    return max(INFLATION_FREE_BYTES, path.stat().st_size * INFLATION_LIMIT)
