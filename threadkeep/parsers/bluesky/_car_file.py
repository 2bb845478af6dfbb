"""Read a CAR file, version 1: blocks one after the other, each behind its address (CID), which is also its checksum.

    varint 58 · {"roots": [CID], "version": 1} · varint 291 · CID, 36 bytes · block, 255 bytes · varint …

What is damaged or cut off is left out and told of; whole blocks behind a damaged place are found again by their hashes.
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
"""Files up to this size are read at once; larger ones are mapped, so that only an index of blocks is in memory."""

_PLACE_BITS = 24
BLOCK_LIMIT_BYTES = (1 << _PLACE_BITS) - 1
"""The longest block taken. Records and tree nodes have at most a megabyte or two."""

_SEARCH_BYTES = 256 << 20
"""How much is hashed in search of whole blocks behind damaged places before that is given up."""

_PAGE_SHARE = 8
"""About how much of the memory that reading a block takes is the block: whole pages are read, blocks are shorter."""

_DAG_CBOR_SHA256 = b"\x01\x71\x12\x20"
_PREFIXES = (_DAG_CBOR_SHA256, b"\x01\x55\x12\x20")
"""How CIDs begin: version 1, DAG-CBOR or raw bytes, SHA-256, 32 bytes."""
_CID_BYTES = 36
_SHA256 = 0x12

_FAULTS_TOLD = 3


def is_car(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a CAR file, of any version."""
    try:
        return _header(head)[0] in (1, 2)
    except ValueError:
        return False


@contextlib.contextmanager
def open_blocks(source: Source) -> "Iterator[Blocks]":
    """The blocks of the CAR file ``source`` while the context lasts. Raises DumpError where it is none at all."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(source.open())
            if source.size <= IN_MEMORY_BYTES:
                data: bytes | mmap.mmap = file.read()
            else:
                data = stack.enter_context(_mapped(stack.enter_context(_uncompressed(file))))
        except (OSError, EOFError, zlib.error) as error:
            raise DumpError(f"{source.name}: {error}") from error
        yield Blocks(data, source.name)


@contextlib.contextmanager
def _uncompressed(file: BinaryIO) -> Iterator[BinaryIO]:
    """``file`` if it is one on disk, else a temporary copy of what it gives."""
    if isinstance(file, io.BufferedReader) and isinstance(file.raw, io.FileIO):
        yield file
        return
    with tempfile.TemporaryFile(prefix="threadkeep-") as spool:
        shutil.copyfileobj(file, spool, 1 << 20)
        spool.flush()
        yield spool


def _mapped(file: BinaryIO) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Blocks:
    """The whole blocks of a CAR file by CID, in the order of the file. ``roots`` are the CIDs its header names.

    Every block here has the hash its CID states.
    """

    def __init__(self, data: bytes | mmap.mmap, name: str) -> None:
        self._data = data
        self._places: dict[bytes, int] = {}
        self._refused: dict[bytes, str] = {}
        self._faults: list[str] = []
        self._more_faults = 0
        self._given = 0
        self._search_left = _SEARCH_BYTES
        if not len(data):
            raise EmptyDump(f"{name}: the file is empty", "export or download it once more")
        try:
            version, self.roots, at = _header(data)
        except ValueError as error:
            raise DumpError(f"{name}: this is no CAR file: {error}") from error
        if version != 1:
            raise DumpError(f"{name}: CAR files of version {version} are not read, only version 1")
        self._index(at)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._places)

    def get(self, cid: bytes) -> bytes | None:
        """The block with that address, None where the file does not hold it whole."""
        place = self._places.get(cid)
        if place is None:
            return None
        at, size = place >> _PLACE_BITS, place & BLOCK_LIMIT_BYTES
        self._given += size
        if self._given > IN_MEMORY_BYTES // _PAGE_SHARE:
            self._let_go()
        return self._data[at : at + size]

    def why_not(self, cid: bytes) -> str:
        """Why ``get`` gives nothing: ``its block is missing``."""
        return self._refused.get(cid, "its block is missing")

    def complaint(self) -> str | None:
        """What is wrong with the file itself, in one sentence without its end; None where nothing is."""
        parts = list(self._faults)
        if self._more_faults:
            parts.append(f"{self._more_faults:,} more places are damaged")
        if damaged := sum(cid not in self._places for cid in self._refused):
            parts.append(f"{damaged:,} of its blocks {'is' if damaged == 1 else 'are'} damaged")
        return "; ".join(parts) or None

    def _index(self, at: int) -> None:
        """Note where each block stands, checking its hash, from byte ``at`` to the end."""
        data, places, end = self._data, self._places, len(self._data)
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
                    places[cid] = begin + _CID_BYTES << _PLACE_BITS | size - _CID_BYTES
                    at = after
                else:
                    at = self._beyond(at, begin, size)
            self._let_go()

    def _let_go(self) -> None:
        """Give the memory of what was read of a mapped file back; it is read again where it is needed again."""
        self._given = 0
        if isinstance(self._data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self._data.madvise(mmap.MADV_DONTNEED)

    def _beyond(self, start: int, begin: int, size: int) -> int:
        """Where to read on after what stands from ``start``, which is no block in the usual form."""
        after, end = begin + size, len(self._data)
        if size == 0 and begin > start and self._is_zero_from(start):
            return end
        if 0 < size <= BLOCK_LIMIT_BYTES and after <= end:
            is_whole = self._take_unusual(begin, after)
            if is_whole or self._is_frame(after):
                if not is_whole:
                    self._refuse(begin, after)
                return after
        resumed = self._next_whole(start + 1)
        if resumed is not None:
            self._fault(f"bytes {start:,} to {resumed:,} are damaged")
            return resumed
        if begin > start and after > end:
            self._fault(f"the file is cut off: it ends at byte {end:,}, in a block that begins at {start:,}")
        else:
            self._fault(f"from byte {start:,} on nothing can be read")
        return end

    def _fault(self, words: str) -> None:
        if len(self._faults) < _FAULTS_TOLD:
            self._faults.append(words)
        else:
            self._more_faults += 1

    def _take_unusual(self, begin: int, after: int) -> bool:
        """Note a block whose CID is of another kind, if it has the hash that its CID states; say whether it has."""
        length = _cid_length(self._data, begin, after)
        cid = self._data[begin : begin + (length or 0)]
        if length is None or not _states_sha256(cid):
            return False
        if sha256(self._data[begin + length : after]).digest() != cid[-32:]:
            return False
        self._places[cid] = begin + length << _PLACE_BITS | after - begin - length
        return True

    def _refuse(self, begin: int, after: int) -> None:
        """Note a block that stands in its place but is not what its CID states."""
        length = _cid_length(self._data, begin, after)
        if length is None:
            self._fault(f"the block at byte {begin:,} has no address")
            return
        cid = self._data[begin : begin + length]
        is_usual = _states_sha256(cid)
        self._refused[cid] = (
            "its block is damaged: it does not have the hash it should"
            if is_usual
            else "its block has a hash of a kind that is not in use"
        )

    def _is_frame(self, at: int) -> bool:
        """Whether a block seems to begin at ``at``, or the file ends there."""
        if at == len(self._data):
            return True
        size, begin = _varint(self._data, at)
        return begin > at and (size == 0 or self._data[begin : begin + 4] in _PREFIXES)

    def _next_whole(self, at: int) -> int | None:
        """Where the next block with the right hash begins, from ``at`` on."""
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

    def _is_zero_from(self, at: int) -> bool:
        """Whether nothing but zeros follows: some tools pad files with them."""
        step = 1 << 20
        return not any(self._data[place : place + step].strip(b"\0") for place in range(at, len(self._data), step))


def _header(data: bytes | mmap.mmap) -> tuple[int, tuple[bytes, ...], int]:
    """The version of a CAR file, its roots, and where its blocks begin. Raises ValueError."""
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
    """The number at ``at``, seven bits a byte, and where it ends; ``(0, at)`` where there is none of up to 9 bytes."""
    value = shift = 0
    for place in range(at, min(at + 9, len(data))):
        byte = data[place]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place + 1
        shift += 7
    return 0, at


def _cid_length(data: bytes | mmap.mmap, begin: int, after: int) -> int | None:
    """How many bytes the CID at ``begin`` has; None where no CID with a block behind it stands there."""
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
