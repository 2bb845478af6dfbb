"""Folders, zips and tars seen as one: names, and bytes by name. Nothing is ever unpacked to a name the dump chose.

What a container says of itself is not believed: names that lead outside, links, devices and duplicates are refused and
listed; a member that turns out longer than it claimed, or inflates beyond reason, stops being read. One that is cut off
or damaged gives what is whole of it, and the others are not affected.
"""

import hashlib
import io
import os
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from threadkeep.errors import DumpError, DumpTooLarge
from threadkeep.sources import tar_files, zip_files
from threadkeep.sources.compression import Compression, damage_in_words, decompressed
from threadkeep.text.control_chars import escape_undecodable

MEMBERS_LIMIT = 2_000_000
"""More files than any export has."""

INFLATION_LIMIT = 300
"""How many times its packed size a member may have. Posts pack 4 to 30 times; deflate's own limit is 1,032."""

INFLATION_FREE_BYTES = 64 << 20
"""Below this size a member may inflate as it likes."""

UNPACKED_TAR_LIMIT_BYTES = 200 << 30
"""How much a packed tar may unpack to, in our own temporary file."""

DAMAGED = (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error, NotImplementedError, RuntimeError)
"""What reading a damaged container raises."""

_CUT_OFF = tar_files.CUT_OFF

Listed = list[tuple[str, str]]
"""Names of members, each with what is to be said of it; an empty name means the container itself."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a container: the most bytes it may have, and how to open it. ``damage`` says what is wrong with it.

    ``size`` is what it claims to have, None where nothing says so.
    """

    size: int | None
    packed: int
    open: Callable[[], IO[bytes]]
    damage: str | None = None

    @property
    def limit(self) -> int:
        """How many bytes of it are read at most."""
        return self.allowed if self.size is None else self.size

    @property
    def allowed(self) -> int:
        """How many bytes may come out of as many as it has packed."""
        return max(INFLATION_FREE_BYTES, self.packed * INFLATION_LIMIT)


class Container:
    """The files of one folder, zip or tar.

    ``names`` are sorted; ``refused`` are members that are not opened, with the reason; ``damaged`` those that are not
    whole, with what is wrong. ``places`` are the members by name as ``member`` takes them.
    """

    def __init__(
        self,
        dump: str,
        places: Mapping[str, Any],
        member: Callable[[Any], Member],
        refused: Listed,
        *,
        damaged: Listed,
        owned: IO[bytes] | None = None,
    ) -> None:
        self._dump = dump
        self._places = places
        self._member = member
        self._owned = owned
        self.names = tuple(sorted(places))
        self.refused = tuple(refused)
        self.damaged = tuple(damaged)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def open(self, name: str) -> io.BufferedReader:
        """The bytes of one member. Raises DumpError, also later, while it is read, after all that is whole."""
        shown = escape_undecodable(name)
        if name not in self._places:
            raise DumpError(f"there is no {shown} in {self._dump}")
        try:
            member = self._member(self._places[name])
            if member.size is not None and member.size > member.allowed:
                raise DumpTooLarge(
                    f"{shown} claims to inflate {member.size / max(1, member.packed):,.0f} times",
                    "it looks made to fill disks; unpack it by hand if you trust it",
                )
            return io.BufferedReader(_Limited(shown, member))
        except DAMAGED as error:
            raise DumpError(f"{shown}: {_in_words(error)}") from error

    def digest(self) -> tuple[str, int]:
        """A SHA-256 over the names and contents of all members, and their sizes together.

        A member that the system cannot read is one of ``damaged`` from then on.
        """
        whole, total = hashlib.sha256(), 0
        for name in self.names:
            digest = hashlib.sha256()
            try:
                with self.open(name) as file:
                    while block := file.read1(1 << 20):
                        digest.update(block)
                        total += len(block)
            except DumpError as error:
                self.damaged = (*self.damaged, (name, str(error).removeprefix(f"{escape_undecodable(name)}: ")))
            whole.update(f"{digest.hexdigest()}  {name}\n".encode("utf-8", "surrogateescape"))
        return whole.hexdigest(), total

    def close(self) -> None:
        """Let go of the file underneath."""
        if self._owned is not None:
            self._owned.close()


def _in_words(error: Exception) -> str:
    if isinstance(error, zipfile.BadZipFile | NotImplementedError | RuntimeError):
        return str(error)
    return error.strerror if isinstance(error, OSError) and error.strerror else damage_in_words(error)


class _Limited(io.RawIOBase):
    """A member that is read no further than it said it goes. An error comes after all the bytes before it."""

    def __init__(self, name: str, member: Member) -> None:
        self._name = name
        self._file = member.open()
        self._left = member.limit
        self._damage = member.damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        try:
            data = self._file.read(len(view))
        except DAMAGED as error:
            raise DumpError(f"{self._name}: {_in_words(error)}") from error
        if not data and self._damage:
            raise DumpError(f"{self._name}: {self._damage}")
        if len(data) > self._left:
            if not self._left:
                raise DumpTooLarge(f"{self._name}: goes on longer than it said", "it looks made to fill memory")
            data = data[: self._left]
        self._left -= len(data)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def container_at(dump: str, path: Path) -> Container | None:
    """The container at ``path``; ``None`` for a plain file. Raises DumpError for one of which nothing can be read."""
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
            return _packed_tar(dump, path, "gzip" if head.startswith(b"\x1f\x8b") else "bz2")
        if head[257:262] == b"ustar":
            file = path.open("rb")
            try:
                return _tar(dump, file, None)
            except BaseException:
                file.close()
                raise
    except DAMAGED as error:
        raise DumpError(f"{dump}: damaged: {_in_words(error)}", "fetch or copy it once more") from error
    return None


def _folder(dump: str, folder: Path) -> Container:
    places: dict[str, Path] = {}
    refused: Listed = []
    damaged: Listed = []

    def note(error: OSError) -> None:
        damaged.append((Path(os.fsdecode(error.filename)).relative_to(folder).as_posix(), error.strerror or str(error)))

    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            path = Path(parent, file)
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file():
                refused.append((name, "a link or a device, not a file"))
            elif not file.startswith("."):
                places[name] = path
    return Container(dump, places, _file_member, refused, damaged=damaged)


def _file_member(path: Path) -> Member:
    size = path.stat().st_size
    return Member(size, size, partial(_opened, path))


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _zip(dump: str, path: Path) -> Container:
    with path.open("rb") as file:
        try:
            listed = zip_files.read_list(file, MEMBERS_LIMIT)
            reason = "cut off: the list of files at its end is missing"
            if listed is not None:
                try:
                    return _listed_zip(dump, path, listed)
                except DumpError as error:
                    reason = f"{error}; its files were found one by one"
            places: dict[str, zip_files.ZipMember] = {}
            refused: Listed = []
            damaged: Listed = [("", reason)]
            for member in zip_files.find_members(file):
                _add(places, member, member, refused)
                if len(places) > MEMBERS_LIMIT:
                    raise DumpTooLarge("more files in it than an export has")
                if listed is None and member.is_cut_off:
                    damaged = [(member.name.replace("\\", "/"), _CUT_OFF)]
        except DumpTooLarge as error:
            raise DumpTooLarge(f"{dump}: {error}") from None
    if not places and not refused:
        raise zipfile.BadZipFile(reason)
    return Container(dump, places, partial(_zip_member, path, None), refused, damaged=damaged)


def _listed_zip(dump: str, path: Path, listed: zip_files.ZipList) -> Container:
    places: dict[str, int] = {}
    refused: Listed = []
    for place, member in listed:
        _add(places, member, place, refused)
    return Container(dump, places, partial(_zip_member, path, listed), refused, damaged=[])


def _add(places: dict[str, Any], member: zip_files.ZipMember, place: object, refused: Listed) -> None:
    if member.name.endswith("/"):
        return
    # Some programs on Windows write data\\tweets.js.
    name = member.name.replace("\\", "/")
    reason = _why_not(name, places)
    if member.mode & 0o170000 == 0o120000:
        reason = "a link, not a file"
    elif member.is_encrypted:
        reason = "encrypted"
    if reason:
        refused.append((member.name, reason))
    else:
        places[name] = place


def _zip_member(path: Path, listed: zip_files.ZipList | None, place: Any) -> Member:
    member: zip_files.ZipMember = place if listed is None else listed.member(place)
    return Member(member.size, member.packed, partial(zip_files.open_member, path, member))


def _packed_tar(dump: str, path: Path, compression: Compression) -> Container | None:
    """A .tar.gz or .tar.bz2, unpacked into a temporary file of ours so that members can be read in any order."""
    limit = min(UNPACKED_TAR_LIMIT_BYTES, max(INFLATION_FREE_BYTES, path.stat().st_size * INFLATION_LIMIT))
    spool = tempfile.TemporaryFile(prefix="threadkeep-")  # noqa: SIM115 - closed by the container
    damage: str | None = None
    try:
        with path.open("rb") as file:
            chunks, head = decompressed(file, compression), b""
            while True:
                try:
                    chunk = next(chunks, None)
                except DAMAGED as error:
                    damage, chunk = damage_in_words(error), None
                head += chunk[: 512 - len(head)] if chunk and len(head) < 512 else b""
                if (chunk is None or len(head) == 512) and head[257:262] != b"ustar":
                    spool.close()
                    return None
                if chunk is None:
                    break
                if spool.tell() + len(chunk) > limit:
                    raise DumpTooLarge(f"{dump}: unpacks to more than {limit:,} bytes", "it looks made to fill disks")
                spool.write(chunk)
        return _tar(dump, spool, damage or "")
    except BaseException:
        spool.close()
        raise


def _tar(dump: str, file: IO[bytes], damage: str | None) -> Container:
    """The members of a tar. ``damage`` is what is wrong with the packed file around it, empty if it is whole."""
    places: dict[str, tuple[int, int, str | None]] = {}
    refused: Listed = []
    damaged: Listed = []
    for member in tar_files.find_members(file):
        name = member.name.removeprefix("./")
        if member.kind == "folder":
            continue
        if member.kind == "lost":
            if name or damage is None:
                damaged.append((name, member.damage or ""))
            continue
        reason = _why_not(name, places) if member.kind == "file" else "a link or a device, not a file"
        if reason:
            refused.append((name, reason))
            continue
        cut_off = _CUT_OFF if member.damage == _CUT_OFF else None
        places[name] = (member.at, member.size, cut_off)
        if member.damage:
            damaged.append((name, member.damage))
        if len(places) > MEMBERS_LIMIT:
            raise DumpTooLarge(f"{dump}: more files in it than an export has")
    if damage and not damaged:
        damaged.append(("", damage))
    return Container(dump, places, partial(_tar_member, file), refused, damaged=damaged, owned=file)


def _tar_member(file: IO[bytes], place: tuple[int, int, str | None]) -> Member:
    at, size, damage = place
    return Member(size, size, lambda: cast(IO[bytes], _Window(file, at, size)), damage)


class _Window(io.RawIOBase):
    """The bytes of one member within an open tar; several may be open at once."""

    def __init__(self, file: IO[bytes], at: int, size: int) -> None:
        self._file = file
        self._at = at
        self._end = at + size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data


def _why_not(name: str, members: Mapping[str, Any]) -> str | None:
    """Why a member of that name is refused, if it is."""
    parts = name.replace("\\", "/").split("/")
    if not name.strip("./") or not parts[0] or ".." in parts or ":" in parts[0] or "\x00" in name:
        return "its name leads outside"
    return "there is another file of that name" if name in members else None


def pack_folder(container: Container, to: IO[bytes]) -> None:
    """Write the members as a zip that is the same every time for the same files; of a damaged one what is whole."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in container.names:
            with zip_files.write_member(archive, name) as packed:
                try:
                    with container.open(name) as file:
                        while block := file.read1(1 << 20):
                            packed.write(block)
                except DumpError:
                    continue  # told when the folder was hashed
