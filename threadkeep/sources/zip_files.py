"""Read the members of a zip, also of one that is cut off or damaged.

    its list of files is whole         every member by that list
    the list is missing or damaged     every member by the header before its data, found one after the other

A member's bytes are given up to the place where it is damaged; the error comes after them. Of a million members only
their names and places are in memory: ``zipfile`` holds half a kilobyte of each.
"""

import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct
from typing import IO, BinaryIO, NamedTuple, cast

from threadkeep.errors import DumpError, DumpTooLarge
from threadkeep.sources.compression import CUT_OFF, RAW_DEFLATE, ChunkStream, inflate

STORED, DEFLATED = 0, 8

_END, _END64, _LOCATOR64 = Struct("<4s4H2LH"), Struct("<4sQ2H2L4Q"), Struct("<4sLQL")
_LISTED = Struct("<4s6H3L5H2L")
_HEADER = Struct("<4s5H3L2H")
_END_SIGN, _END64_SIGN, _LOCATOR64_SIGN = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_LISTED_SIGN, _HEADER_SIGN, _TRAILER_SIGN = b"PK\x01\x02", b"PK\x03\x04", b"PK\x07\x08"
_COMMENT_BYTES = 0xFFFF
_UNKNOWN = 0xFFFFFFFF
_BLOCK_BYTES = 1 << 20
_ENCRYPTED, _TRAILER, _UTF8 = 1, 8, 0x800


class ZipMember(NamedTuple):
    """A member: its place in the file, the bytes it has there and unpacked, and its checksum.

    ``at`` is the offset of the header before its data. ``size`` and ``crc`` are None where only the data tell.
    """

    name: str
    at: int
    flags: int
    method: int
    packed: int
    size: int | None
    crc: int | None
    mode: int
    is_cut_off: bool = False

    @property
    def is_encrypted(self) -> bool:
        """Whether its data are encrypted."""
        return bool(self.flags & _ENCRYPTED)


class ZipList:
    """The list of files at the end of a zip, as bytes; members are decoded when they are asked for."""

    def __init__(self, listed: bytes, shift: int, count: int) -> None:
        self._listed = listed
        self._shift = shift
        self.count = count

    def __iter__(self) -> Iterator[tuple[int, ZipMember]]:
        """Yield the members, each after its place in the list. Raises DumpError where the list is damaged."""
        at = 0
        for _ in range(self.count):
            member, after = self._decode(at)
            yield at, member
            at = after

    def member(self, at: int) -> ZipMember:
        """Return the member at a place in the list."""
        return self._decode(at)[0]

    def _decode(self, at: int) -> tuple[ZipMember, int]:
        if len(self._listed) < at + _LISTED.size or self._listed[at : at + 4] != _LISTED_SIGN:
            raise DumpError("its list of files is damaged")
        fields = _LISTED.unpack_from(self._listed, at)
        flags, method, crc, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
        name_end = at + _LISTED.size + fields[10]
        extra = self._listed[name_end : name_end + fields[11]]
        offset = fields[16]
        if _UNKNOWN in (packed, size, offset):
            size, packed, offset = _large(extra, size, packed, offset)
        name = _name(self._listed[at + _LISTED.size : name_end], flags)
        member = ZipMember(name, offset + self._shift, flags, method, packed, size, crc, fields[15] >> 16)
        return member, name_end + fields[11] + fields[12]


def _name(raw: bytes, flags: int) -> str:
    """Decode a name; one that is not UTF-8 though the zip says so keeps its bytes as lone surrogates."""
    try:
        return raw.decode()  # many programs write UTF-8 and do not say so
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if flags & _UTF8 else raw.decode("cp437")


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Return the numbers of a member of 4 GiB or more: of each that does not fit, eight bytes in its extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = int.from_bytes(extra[at : at + 2], "little"), int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == 1:
            held = [int.from_bytes(extra[place : place + 8], "little") for place in range(at + 4, at + 4 + length, 8)]
            numbers = [held.pop(0) if number == _UNKNOWN and held else number for number in (size, packed, offset)]
            return numbers[0], numbers[1], numbers[2]
        at += 4 + length
    return size, packed, offset


def read_list(file: BinaryIO, limit: int) -> ZipList | None:
    """Return the list of files; None if there is none. Raises DumpTooLarge for more than ``limit`` members."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _COMMENT_BYTES - _END.size))
    tail = file.read()
    found = tail.rfind(_END_SIGN)
    if found < 0 or len(tail) < found + _END.size:
        return None
    _, _, _, _, count, length, offset, _ = _END.unpack_from(tail, found)
    place = end - len(tail) + found
    large = _read_large_end(file, place)
    if large is not None:
        count, length, offset, place = large
    if count > limit:
        raise DumpTooLarge(f"{count:,} files in it are more than an export has")
    if length > place:
        return None
    file.seek(place - length)
    # What stands before a zip, as in one that unpacks itself, shifts all offsets.
    return ZipList(file.read(length), place - length - offset, count)


def _read_large_end(file: BinaryIO, place: int) -> tuple[int, int, int, int] | None:
    """Return count, length and offset of the list, and where it ends, of a zip of more than 65,535 files or 4 GiB."""
    if place < _LOCATOR64.size:
        return None
    file.seek(place - _LOCATOR64.size)
    sign, _, offset, _ = _LOCATOR64.unpack(file.read(_LOCATOR64.size))
    if sign != _LOCATOR64_SIGN:
        return None
    for start in (offset, place - _LOCATOR64.size - _END64.size):
        if 0 <= start <= place - _END64.size:
            file.seek(start)
            fields = _END64.unpack(file.read(_END64.size))
            if fields[0] == _END64_SIGN:
                return fields[7], fields[8], fields[9], start
    return None


def find_members(file: BinaryIO) -> Iterator[ZipMember]:
    """Find the members by the headers before their data. One that the end of the file cuts off comes, too."""
    end = file.seek(0, os.SEEK_END)
    at = _next_header(file, 0)
    while at is not None:
        file.seek(at)
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _HEADER.unpack(head)
        name, extra = file.read(name_length), file.read(extra_length)
        start = at + _HEADER.size + name_length + extra_length
        if len(name) < name_length:
            return
        size, packed, _ = _large(extra, size, packed, 0) if _UNKNOWN in (packed, size) else (size, packed, 0)
        if flags & _TRAILER and not packed:
            packed, is_cut_off = _measured(file, start, method, end)
            yield ZipMember(_name(name, flags), at, flags, method, packed, None, None, 0, is_cut_off)
        else:
            yield ZipMember(_name(name, flags), at, flags, method, packed, size, crc, 0, start + packed > end)
        after = start + packed
        at = _next_header(file, after if after <= end and _is_boundary(file, after, end) else start)


def _is_boundary(file: BinaryIO, at: int, end: int) -> bool:
    """Whether a member may end there: another one, a trailer, the list of files, or the end of the file follows."""
    file.seek(at)
    return at == end or file.read(4) in (_HEADER_SIGN, _TRAILER_SIGN, _LISTED_SIGN, _END64_SIGN, _END_SIGN)


def _measured(file: BinaryIO, start: int, method: int, end: int) -> tuple[int, bool]:
    """Return how many bytes a member has whose header does not say so, and whether the file ends inside it."""
    if method == DEFLATED:
        file.seek(start)
        inflater = zlib.decompressobj(RAW_DEFLATE)
        try:
            while not inflater.eof and (block := inflater.unconsumed_tail or file.read(_BLOCK_BYTES)):
                inflater.decompress(block, _BLOCK_BYTES)
            if inflater.eof:
                return file.tell() - len(inflater.unused_data) - start, False
        except zlib.error:
            pass
    found = _search(file, start, (_TRAILER_SIGN, _HEADER_SIGN, _LISTED_SIGN))
    return (end if found is None else found) - start, found is None


def _next_header(file: BinaryIO, at: int) -> int | None:
    return _search(file, at, (_HEADER_SIGN,))


def _search(file: BinaryIO, at: int, signs: tuple[bytes, ...]) -> int | None:
    """Return the first place from ``at`` on where one of ``signs`` stands."""
    while True:
        file.seek(at)
        block = file.read(_BLOCK_BYTES)
        found = min((place for sign in signs if (place := block.find(sign)) >= 0), default=None)
        if found is not None:
            return at + found
        if len(block) < _BLOCK_BYTES:
            return None
        at += len(block) - 3


def open_member(path: Path, member: ZipMember) -> IO[bytes]:
    """Open a member. Reading raises EOFError, zlib.error or BadZipFile after all that is whole.

    Raises BadZipFile if its header is damaged, NotImplementedError for a compression that is not known.
    """
    file = path.open("rb")
    try:
        file.seek(member.at)
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size or head[:4] != _HEADER_SIGN:
            raise zipfile.BadZipFile("it is not where the list of files says")
        name_length, extra_length = _HEADER.unpack(head)[9:]
        file.seek(member.at + _HEADER.size + name_length + extra_length)
        window = _Window(file, member.packed)
        return cast(IO[bytes], ChunkStream(_checked(_unpacked(window.read, member.method), member), file))
    except BaseException:
        file.close()
        raise


class _Window:
    """The next ``length`` bytes of a file."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def read(self, count: int) -> bytes:
        data = self._file.read(min(count, self._left))
        self._left -= len(data)
        return data


def _unpacked(read: Callable[[int], bytes], method: int) -> Iterator[bytes]:
    if method == DEFLATED:
        yield from inflate(read, RAW_DEFLATE)
    elif method == STORED:
        while data := read(_BLOCK_BYTES):
            yield data
    elif method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        unpacker = zipfile._get_decompressor(method)  # type: ignore[attr-defined]  # lzma has a header of its own there
        while not unpacker.eof:
            if not (data := read(_BLOCK_BYTES)):
                raise EOFError(CUT_OFF)
            yield unpacker.decompress(data)
    else:
        raise NotImplementedError(f"its compression (method {method}) is not known")


def _checked(chunks: Iterator[bytes], member: ZipMember) -> Iterator[bytes]:
    crc, size = 0, 0
    for chunk in chunks:
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
        yield chunk
    if member.size is not None and size < member.size:
        raise EOFError(CUT_OFF)
    if member.crc is not None and crc != member.crc:
        raise zipfile.BadZipFile("its checksum is wrong")


def write_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a new member of ``archive`` for writing: the same bytes every time for the same content."""
    info = _AnyName(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(info, "w", force_zip64=True)


class _AnyName(zipfile.ZipInfo):
    """A member whose name may have bytes that are not UTF-8, as lone surrogates."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the name that zipfile calls
        name = self.filename.encode("utf-8", "surrogateescape")
        return name, self.flag_bits if name.isascii() else self.flag_bits | _UTF8
