"""Read a CAR file, version 1: a sequence of blocks, each after its address (CID), which is also its checksum.

    varint 58 · {"roots": [CID], "version": 1} · varint 291 · CID, 36 bytes · block, 255 bytes · varint …

Damaged and truncated blocks are left out and reported; whole blocks after a damaged place are found by their hashes.
"""

import contextlib
import io
import mmap
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from threadkeep.errors import DumpError, EmptyDump
from threadkeep.parsers.bluesky._dag_cbor import decode
from threadkeep.sources.source import Source

IN_MEMORY_BYTES = 64 << 20
"""Files up to this size are read into memory; of larger ones, mapped, only the index of blocks is in memory."""

_SIZE_BITS = 24
BLOCK_LIMIT_BYTES = (1 << _SIZE_BITS) - 1
"""The longest block read. Records and tree nodes have at most a megabyte or two."""

_SEARCH_BYTES = 256 << 20
"""How many bytes are hashed in search of whole blocks after damaged places."""

_PAGE_SHARE = 8
"""Reading a block maps whole pages: about this many times the bytes of the block."""

_DAG_CBOR_SHA256 = b"\x01\x71\x12\x20"
_PREFIXES = (_DAG_CBOR_SHA256, b"\x01\x55\x12\x20")
"""The first bytes of CIDs: version 1, DAG-CBOR or raw bytes, SHA-256, 32 bytes."""
_CID_BYTES = 36
_SHA256 = 0x12

_MAX_FAULTS_LISTED = 3


def is_car(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a CAR file, of any version."""
    try:
        return _header(head)[0] in (1, 2)
    except ValueError:
        return False


@contextlib.contextmanager
def open_car(source: Source) -> "Iterator[CarBlocks]":
    """The blocks of the CAR file ``source`` while the context lasts. Raises DumpError if it is not a CAR file."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(source.open())
            if source.size <= IN_MEMORY_BYTES:
                data: bytes | mmap.mmap = file.read()
            else:
                data = stack.enter_context(_memory_map(stack.enter_context(_uncompressed(file))))
        except (OSError, EOFError, zlib.error) as error:
            raise DumpError(f"{source.name}: {error}") from error
        yield CarBlocks(data, source.name)


@contextlib.contextmanager
def _uncompressed(file: BinaryIO) -> Iterator[BinaryIO]:
    """``file`` if it is on disk, else a temporary copy of its contents."""
    if isinstance(file, io.BufferedReader) and isinstance(file.raw, io.FileIO):
        yield file
        return
    with tempfile.TemporaryFile(prefix="threadkeep-") as spool:
        shutil.copyfileobj(file, spool, 1 << 20)
        spool.flush()
        yield spool


def _memory_map(file: BinaryIO) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class CarBlocks:
    """The whole blocks of a CAR file by CID, in the order of the file. ``roots`` are the CIDs in its header.

    Every block has been checked against the hash in its CID.
    """

    def __init__(self, data: bytes | mmap.mmap, name: str) -> None:
        self._data = data
        self._locations: dict[bytes, int] = {}
        self._damaged: dict[bytes, str] = {}
        self._faults: list[str] = []
        self._more_faults = 0
        self._bytes_read = 0
        self._search_left = _SEARCH_BYTES
        if not len(data):
            raise EmptyDump(f"{name}: the file is empty", "export or download it once more")
        try:
            version, self.roots, at = _header(data)
        except ValueError as error:
            raise DumpError(f"{name}: this is not a CAR file: {error}") from error
        if version != 1:
            raise DumpError(f"{name}: CAR files of version {version} are not read, only version 1")
        self._index(at)

    def __len__(self) -> int:
        return len(self._locations)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._locations)

    def get(self, cid: bytes) -> bytes | None:
        """The block with that address, None if it is missing or damaged."""
        location = self._locations.get(cid)
        if location is None:
            return None
        at, size = location >> _SIZE_BITS, location & BLOCK_LIMIT_BYTES
        self._bytes_read += size
        if self._bytes_read > IN_MEMORY_BYTES // _PAGE_SHARE:
            self._release_pages()
        return self._data[at : at + size]

    def missing_reason(self, cid: bytes) -> str:
        """Why ``get`` returns None: ``its block is missing``."""
        return self._damaged.get(cid, "its block is missing")

    def damage(self) -> str | None:
        """What is wrong with the file itself, as a sentence without its full stop; None if nothing is."""
        parts = list(self._faults)
        if self._more_faults:
            parts.append(f"{self._more_faults:,} more places are damaged")
        if damaged := sum(cid not in self._locations for cid in self._damaged):
            parts.append(f"{damaged:,} of its blocks {'is' if damaged == 1 else 'are'} damaged")
        return "; ".join(parts) or None

    def _index(self, at: int) -> None:
        """Index the blocks from byte ``at`` to the end, checking their hashes."""
        data, locations, end = self._data, self._locations, len(self._data)
        while at < end:
            stop = min(end, at + IN_MEMORY_BYTES)
            while at < stop:
                size, begin = data[at], at + 1
                if size >= 0x80:
                    size, begin = _varint(data, at)
                after = begin + size
                cid = data[begin : begin + _CID_BYTES]
                if (
                    cid[:4] == _DAG_CBOR_SHA256
                    and _CID_BYTES < size <= BLOCK_LIMIT_BYTES
                    and after <= end
                    and sha256(data[begin + _CID_BYTES : after]).digest() == cid[4:]
                ):
                    locations[cid] = begin + _CID_BYTES << _SIZE_BITS | size - _CID_BYTES
                    at = after
                else:
                    at = self._resume_after(at, begin, size)
            self._release_pages()

    def _release_pages(self) -> None:
        """Release the pages of a mapped file; they are read again when needed."""
        self._bytes_read = 0
        if isinstance(self._data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self._data.madvise(mmap.MADV_DONTNEED)

    def _resume_after(self, start: int, begin: int, size: int) -> int:
        """The position after the bytes at ``start``, which are not a block in the usual form."""
        after, end = begin + size, len(self._data)
        if size == 0 and begin > start and self._is_zero_padding(start):
            return end
        if 0 < size <= BLOCK_LIMIT_BYTES and after <= end:
            is_whole = self._index_unusual(begin, after)
            if is_whole or self._is_block_start(after):
                if not is_whole:
                    self._mark_damaged(begin, after)
                return after
        resumed = self._find_whole_block(start + 1)
        if resumed is not None:
            self._add_fault(f"bytes {start:,} to {resumed:,} are damaged")
            return resumed
        if begin > start and after > end:
            self._add_fault(f"the file is cut off: it ends at byte {end:,}, in a block that begins at {start:,}")
        else:
            self._add_fault(f"from byte {start:,} on nothing can be read")
        return end

    def _add_fault(self, words: str) -> None:
        if len(self._faults) < _MAX_FAULTS_LISTED:
            self._faults.append(words)
        else:
            self._more_faults += 1

    def _index_unusual(self, begin: int, after: int) -> bool:
        """Index a block with a CID of another kind; False if its hash is not the one in its CID."""
        length = _cid_length(self._data, begin, after)
        cid = self._data[begin : begin + (length or 0)]
        if length is None or not _states_sha256(cid):
            return False
        if sha256(self._data[begin + length : after]).digest() != cid[-32:]:
            return False
        self._locations[cid] = begin + length << _SIZE_BITS | after - begin - length
        return True

    def _mark_damaged(self, begin: int, after: int) -> None:
        """Record a block that does not have the hash in its CID."""
        length = _cid_length(self._data, begin, after)
        if length is None:
            self._add_fault(f"the block at byte {begin:,} has no address")
            return
        cid = self._data[begin : begin + length]
        is_usual = _states_sha256(cid)
        self._damaged[cid] = (
            "its block is damaged: it does not have the hash it should"
            if is_usual
            else "its block has a hash of a kind that is not in use"
        )

    def _is_block_start(self, at: int) -> bool:
        """Whether a block seems to begin at ``at``, or the file ends there."""
        if at == len(self._data):
            return True
        size, begin = _varint(self._data, at)
        return begin > at and (size == 0 or self._data[begin : begin + 4] in _PREFIXES)

    def _find_whole_block(self, at: int) -> int | None:
        """The start of the next block with the right hash, from ``at`` on."""
        data, lowest = self._data, at
        while self._search_left > 0 and (found := data.find(_DAG_CBOR_SHA256, at)) >= 0:
            for start in range(found - 1, max(lowest, found - 4) - 1, -1):
                size, begin = _varint(data, start)
                if begin != found or not _CID_BYTES < size <= BLOCK_LIMIT_BYTES or found + size > len(data):
                    continue
                self._search_left -= size
                digest = sha256(data[found + _CID_BYTES : found + size]).digest()
                if digest == data[found + 4 : found + _CID_BYTES]:
                    return start
            at = found + 1
        return None

    def _is_zero_padding(self, at: int) -> bool:
        """Whether only zeros follow: some tools pad files with them."""
        step = 1 << 20
        return not any(self._data[place : place + step].strip(b"\0") for place in range(at, len(self._data), step))


def _header(data: bytes | mmap.mmap) -> tuple[int, tuple[bytes, ...], int]:
    """The version of a CAR file, its roots, and the position of its first block. Raises ValueError."""
    size, begin = _varint(data, 0)
    block = data[begin : begin + size] if size <= BLOCK_LIMIT_BYTES else b""
    # Its keys are "roots" and "version": a map of one or two pairs.
    if begin == 0 or len(block) < size or block[:1] not in (b"\xa1", b"\xa2"):
        raise ValueError("it does not begin with a header")
    header = decode(block)
    version, roots = header.get("version"), header.get("roots") or []
    if not isinstance(version, int) or not isinstance(roots, list):
        raise ValueError("its header names no version")
    return version, tuple(root for root in roots if isinstance(root, bytes)), begin + size


def _varint(data: bytes | mmap.mmap, at: int) -> tuple[int, int]:
    """The number at ``at``, seven bits a byte, and the position after it; ``(0, at)`` if it has more than 9 bytes."""
    value = shift = 0
    for place in range(at, min(at + 9, len(data))):
        byte = data[place]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place + 1
        shift += 7
    return 0, at


def _cid_length(data: bytes | mmap.mmap, begin: int, after: int) -> int | None:
    """The length in bytes of the CID at ``begin``; None if there is none with a block after it."""
    if data[begin : begin + 2] == b"\x12\x20":  # version 0: the bare hash
        return 34 if begin + 34 < after else None
    version, at = _varint(data, begin)
    if version != 1:
        return None
    for _ in ("codec", "kind of hash"):
        _, at = _varint(data, at)
    size, at = _varint(data, at)
    length = at + size - begin
    return length if 4 <= length < after - begin else None


def _states_sha256(cid: bytes) -> bool:
    if cid[:2] == b"\x12\x20":
        return True
    _, at = _varint(cid, 1)
    kind, at = _varint(cid, at)
    return kind == _SHA256 and cid[at : at + 1] == b"\x20" and len(cid) == at + 33
