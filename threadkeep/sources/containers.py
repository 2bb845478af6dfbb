"""Folders, zips and tars seen as one: names, and bytes by name. Nothing is ever unpacked to a name the dump chose.

What a container says of itself is not believed: names that lead outside, links, devices and duplicates are refused and
listed; a member that turns out longer than it claimed, or inflates beyond reason, stops being read.
"""

import bz2
import contextlib
import gzip
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from threadkeep.errors import DumpError, DumpTooLarge

MEMBERS_LIMIT = 2_000_000
"""More files than any export has."""

INFLATION_LIMIT = 300
"""How many times its packed size a member may have. Posts pack 4 to 30 times; deflate's own limit is 1,032."""

INFLATION_FREE_BYTES = 64 << 20
"""Below this size a member may inflate as it likes."""

UNPACKED_TAR_LIMIT_BYTES = 200 << 30
"""How much a packed tar may unpack to, in our own temporary file."""

_DAMAGED = (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a container: its size, and how to open it."""

    size: int
    packed: int
    open: Callable[[], IO[bytes]]


class Container:
    """The files of one folder, zip or tar. ``names`` are sorted; ``refused`` are those not opened, with the reason."""

    def __init__(self, dump: str, members: dict[str, Member], refused: list[tuple[str, str]], owned: IO[bytes] | None):
        self._dump = dump
        self._members = members
        self._owned = owned
        self.names = tuple(sorted(members))
        self.refused = tuple(refused)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """How many bytes the member says it has; 0 where there is none."""
        return self._members[name].size if name in self._members else 0

    def open(self, name: str) -> BinaryIO:
        """The bytes of one member. Raises DumpError, also later, while it is read."""
        if name not in self._members:
            raise DumpError(f"{self._dump}: there is no {name} in it")
        member = self._members[name]
        if member.size > max(INFLATION_FREE_BYTES, member.packed * INFLATION_LIMIT):
            raise DumpTooLarge(
                f"{self._dump}: {name} claims to inflate {member.size / max(1, member.packed):,.0f} times",
                "it looks made to fill disks; unpack it by hand if you trust it",
            )
        try:
            return cast(BinaryIO, io.BufferedReader(_Limited(f"{self._dump}: {name}", member)))
        except _DAMAGED as error:
            raise DumpError(f"{self._dump}: {name}: {error}") from error

    def digest(self) -> tuple[str, int]:
        """A SHA-256 over the names and contents of all members, and their sizes together."""
        whole, total = hashlib.sha256(), 0
        for name in self.names:
            with self.open(name) as file:
                digest = hashlib.sha256()
                while block := file.read(1 << 20):
                    digest.update(block)
            whole.update(f"{digest.hexdigest()}  {name}\n".encode("utf-8", "surrogateescape"))
            total += self.size(name)
        return whole.hexdigest(), total

    def close(self) -> None:
        """Let go of the file underneath."""
        if self._owned is not None:
            self._owned.close()


class _Limited(io.RawIOBase):
    """A member that is read no further than it said it goes."""

    def __init__(self, name: str, member: Member) -> None:
        self._name = name
        self._file = member.open()
        self._left = member.size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        try:
            data = self._file.read(len(view))
        except _DAMAGED as error:
            raise DumpError(f"{self._name}: damaged: {error}") from error
        self._left -= len(data)
        if self._left < 0:
            raise DumpTooLarge(f"{self._name}: goes on longer than it said", "it looks made to fill memory")
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def container_at(dump: str, path: Path) -> Container | None:
    """The container at ``path``; ``None`` for a plain file. Raises DumpError for a damaged one."""
    if path.is_dir():
        return _folder(dump, path)
    try:
        with path.open("rb") as opened:
            head = opened.read(512)
    except OSError as error:
        raise DumpError(f"{dump}: {error.strerror or error}") from error
    try:
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip(dump, path)
        if head.startswith((b"\x1f\x8b", b"BZh")):
            return _packed_tar(dump, path, head)
        if head[257:262] == b"ustar":
            file = path.open("rb")
            try:
                return _tar(dump, file)
            except BaseException:
                file.close()
                raise
    except _DAMAGED as error:
        raise DumpError(f"{dump}: damaged: {error}", "fetch or copy it once more") from error
    return None


def _folder(dump: str, folder: Path) -> Container:
    members, refused = {}, []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            path = Path(parent, file)
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file():
                refused.append((name, "a link or a device, not a file"))
            elif not file.startswith("."):
                size = path.stat().st_size
                members[name] = Member(size, size, partial(_opened, path))
    return Container(dump, members, refused, None)


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _zip(dump: str, path: Path) -> Container:
    archive = zipfile.ZipFile(path)
    members: dict[str, Member] = {}
    refused: list[tuple[str, str]] = []
    if len(archive.infolist()) > MEMBERS_LIMIT:
        raise DumpTooLarge(f"{dump}: {len(archive.infolist()):,} files in it are more than an export has")
    for info in archive.infolist():
        if info.is_dir():
            continue
        # Some programs on Windows write data\\tweets.js.
        name = info.filename.replace("\\", "/")
        reason = _why_not(name, members)
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            reason = "a link, not a file"
        elif info.flag_bits & 1:
            reason = "encrypted"
        if reason:
            refused.append((info.filename, reason))
        else:
            members[name] = Member(info.file_size, info.compress_size, partial(archive.open, info))
    return Container(dump, members, refused, cast(IO[bytes], archive))


def _packed_tar(dump: str, path: Path, head: bytes) -> Container | None:
    """A .tar.gz or .tar.bz2, unpacked into a temporary file of ours so that members can be read in any order."""
    unpack = gzip.open if head.startswith(b"\x1f\x8b") else bz2.open
    with unpack(path, "rb") as packed:
        if cast(IO[bytes], packed).read(512)[257:262] != b"ustar":
            return None
    limit = min(UNPACKED_TAR_LIMIT_BYTES, max(INFLATION_FREE_BYTES, path.stat().st_size * INFLATION_LIMIT))
    spool = tempfile.TemporaryFile(prefix="threadkeep-")  # noqa: SIM115 - closed by the container
    try:
        with unpack(path, "rb") as packed:
            written = 0
            with contextlib.suppress(EOFError):  # a truncated one still has its first members
                while block := cast(IO[bytes], packed).read(1 << 20):
                    written += spool.write(block)
                    if written > limit:
                        raise DumpTooLarge(
                            f"{dump}: unpacks to more than {limit:,} bytes", "it looks made to fill disks"
                        )
        return _tar(dump, spool)
    except BaseException:
        spool.close()
        raise


def _tar(dump: str, file: IO[bytes]) -> Container:
    file.seek(0)
    archive = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 - read through as long as the container is open
    members: dict[str, Member] = {}
    refused: list[tuple[str, str]] = []
    end = file.seek(0, os.SEEK_END)
    with contextlib.suppress(tarfile.ReadError):  # a truncated one still has its first members
        for info in archive:
            name = info.name.removeprefix("./")
            if info.isdir():
                continue
            reason = _why_not(name, members) if info.isreg() else "a link or a device, not a file"
            if info.isreg() and info.offset_data + info.size > end:
                reason = "cut off: the dump ends inside it"
            if reason:
                refused.append((name, reason))
            else:
                members[name] = Member(info.size, info.size, partial(_window, file, info))
            if len(members) > MEMBERS_LIMIT:
                raise DumpTooLarge(f"{dump}: more files in it than an export has")
    return Container(dump, members, refused, file)


class _Window(io.RawIOBase):
    """The bytes of one member within an open tar; several may be open at once."""

    def __init__(self, file: IO[bytes], info: tarfile.TarInfo) -> None:
        self._file = file
        self._at = info.offset_data
        self._end = info.offset_data + info.size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data


def _window(file: IO[bytes], info: tarfile.TarInfo) -> IO[bytes]:
    return cast(IO[bytes], _Window(file, info))


def _why_not(name: str, members: dict[str, Member]) -> str | None:
    """Why a member of that name is refused, if it is."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\x00" in name:
        return "its name leads outside"
    return "there is another file of that name" if name in members else None


def pack_folder(container: Container, to: IO[bytes]) -> None:
    """Write the members as a zip that is the same every time for the same files."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in container.names:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            with container.open(name) as file, archive.open(info, "w", force_zip64=True) as packed:
                shutil.copyfileobj(file, packed, 1 << 20)
