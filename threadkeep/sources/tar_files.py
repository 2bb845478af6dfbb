"""Find the members of a tar, also of one that is cut off or has a damaged header.

A header whose checksum is wrong is believed where the next member stands just where it says that its own data end.
"""

import os
import tarfile
from collections.abc import Iterator
from typing import IO, NamedTuple

_BLOCK = tarfile.BLOCKSIZE
_CHECKSUM = slice(148, 156)
_ENCODING = "utf-8", "surrogateescape"
_SCANNED_BYTES = 1 << 20

CUT_OFF = "cut off: the dump ends inside it"


class TarMember(NamedTuple):
    """A member: its name, the place of its data, and what is wrong with it.

    ``kind`` is "file", "folder" or "other" (a link, a device), or "lost" for one of which only the name is left.
    """

    name: str
    kind: str
    at: int
    size: int
    damage: str | None = None


def find_members(file: IO[bytes]) -> Iterator[TarMember]:
    """Yield the members in their order; a last one with an empty name tells of damage that concerns none of them."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    expected, is_cut_off = 0, False
    for info in _headers(file):
        yield from _between(file, expected, info.offset)
        expected = info.offset_data + _rounded(info.size if info.isreg() else 0)
        is_cut_off = info.isreg() and info.offset_data + info.size > end
        kind = "file" if info.isreg() else "folder" if info.isdir() else "other"
        yield TarMember(info.name, kind, info.offset_data, info.size, CUT_OFF if is_cut_off else None)
    if expected < end:
        yield from _between(file, expected, end)
    elif not is_cut_off and expected:
        yield TarMember("", "lost", end, 0, "cut off: the mark at its end is missing")


def _headers(file: IO[bytes]) -> Iterator[tarfile.TarInfo]:
    try:
        archive = tarfile.TarFile.open(fileobj=file, mode="r:", ignore_zeros=True)
        while (info := archive.next()) is not None:
            yield info
            archive.members.clear()  # type: ignore[attr-defined]  # otherwise it keeps a kilobyte of each
    except tarfile.TarError:
        return  # the end of the file cuts a header or the data before it off


def _rounded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _between(file: IO[bytes], start: int, end: int) -> Iterator[TarMember]:
    """Yield the member that a damaged header between two whole ones tells of."""
    place = _first_filled(file, start, end)
    if place is None:
        return
    file.seek(place)
    block = file.read(_BLOCK)
    if len(block) < _BLOCK:
        yield TarMember("", "lost", place, 0, "cut off: the dump ends in the header of a file")
        return
    info = _believed(block)
    if info is None:
        yield TarMember("", "lost", place, 0, f"damaged: {end - place:,} bytes from byte {place:,} on are of no file")
        return
    after = place + _BLOCK + _rounded(info.size)
    is_next = after <= end and _first_filled(file, after, min(end, after + 2 * _BLOCK)) is None
    if info.isreg() and (after == end or is_next):
        yield TarMember(info.name, "file", place + _BLOCK, info.size, "its header is damaged")
    else:
        yield TarMember(info.name, "lost", place, 0, "its header is damaged, so that it cannot be read")


def _believed(block: bytes) -> tarfile.TarInfo | None:
    """Read a header whose checksum is wrong; None if it does not look like one."""
    patched = bytearray(block)
    try:
        patched[_CHECKSUM] = b"%06o\0 " % tarfile.calc_chksums(block)[0]  # type: ignore[attr-defined]
        info = tarfile.TarInfo.frombuf(bytes(patched), *_ENCODING)
    except (tarfile.TarError, ValueError):
        return None
    return info if info.name and info.name.isprintable() else None


def _first_filled(file: IO[bytes], start: int, end: int) -> int | None:
    """Return the first block between two places that is not all zeros."""
    at = start
    while at < end:
        file.seek(at)
        data = file.read(min(_SCANNED_BYTES, end - at))
        if not data:
            return None
        if stripped := data.lstrip(b"\0"):
            return at + (len(data) - len(stripped)) // _BLOCK * _BLOCK
        at += len(data)
    return None
