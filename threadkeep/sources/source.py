"""A source to import, wherever it comes from: a file, standard input, or the archive's stored copy.

    source = Source.from_path(Path("profile.txt"), Options(author="ada"))
    source.head          the first 64 KiB, decoded; None for bytes that are not text
    source.text()        all of it, decoded, lines ending in "\\n"
    source.lines()       line by line, never more than one in memory
    source.sha256        of the bytes as they came

A zip, a tar or a folder that is one export is a source too, and has members instead of text:

    source.members                      their names; empty for a plain file
    source.open_member("data/tweets.js")

Size limits, encodings and path checks live here, so that parsers see only text and members.
"""

import codecs
import contextlib
import gzip
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from threadkeep.errors import DumpError, DumpTooLarge, EmptyDump, NotText
from threadkeep.sources.compression import (
    DAMAGED,
    Compression,
    damage_in_words,
    decompressed_limit,
    detect_compression,
    open_decompressed,
)
from threadkeep.sources.discovery import EXPECTED_SUFFIX, TEXT_SUFFIXES, Found, find_sources
from threadkeep.sources.encodings import code_page_of, encoding_of
from threadkeep.text.control_chars import escape_undecodable

if TYPE_CHECKING:
    from threadkeep.sources.containers import Container

__all__ = [
    "EXPECTED_SUFFIX",
    "HEAD_BYTES",
    "LINE_LIMIT",
    "TEXT_LIMIT_BYTES",
    "TEXT_SUFFIXES",
    "Found",
    "Options",
    "OversizedLine",
    "Source",
    "Split",
    "find_sources",
]

Split = Literal["auto", "line", "blank", "marker"]

HEAD_BYTES = 64 * 1024
"""How much of a source a parser may read to recognize it."""

TEXT_LIMIT_BYTES = 16 * 1024 * 1024
"""The largest source read as one text. Pastes have a few hundred kilobytes; exports are streamed, without a limit."""


LINE_LIMIT = 16 * 1024 * 1024
"""The longest line read, in characters: one object a line is no longer, and a hostile source must not fill memory."""

_SHOWN = 10_000


class OversizedLine(str):
    """The beginning of a line that is longer than ``LINE_LIMIT``."""

    __slots__ = ()

    @property
    def reason(self) -> str:
        """Why it is not read."""
        return f"the line is longer than {LINE_LIMIT:,} characters"


@dataclass(frozen=True, slots=True)
class Options:
    """What the person importing states about a source; stored with it, so that a later import gives the same.

    ``author`` wrote the posts, ``owner`` exported them. ``posts`` is the number of posts in a paste, ``split`` what
    separates them, ``starts`` the 1-based lines on which they begin, once reviewed. ``likes`` includes the posts that
    the owner of an account archive liked. ``columns`` pairs fields of a post with columns of a table.
    """

    author: str | None = None
    owner: str | None = None
    posts: int | None = None
    split: Split = "auto"
    starts: tuple[int, ...] | None = None
    likes: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    saved_on: date | None = None


class _SourceFiles:
    """The bytes of a source: of the file, and of the members of a folder, zip or tar.

    A file that is compressed by itself is read as its content; its hash is that of the content, too.
    """

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path
        self._compression: Compression | None = None
        self._decompressed_limit: int | None = None
        self._must_be_whole = False

    def _detect_compression(self) -> None:
        """Decompress from now on, if the file is compressed by itself."""
        self._compression = detect_compression(self.path)
        self._decompressed_limit = decompressed_limit(self.path) if self._compression else None

    @property
    def is_folder(self) -> bool:
        """Whether the source is a folder: several files that are one export."""
        return self.path.is_dir()

    def open(self) -> BinaryIO:
        """Open the file for reading, decompressed. Raises DumpError for a folder or if the system refuses."""
        try:
            if self._compression:
                return open_decompressed(self.path, self._compression, whole=self._must_be_whole)
            return self.path.open("rb")
        except OSError as error:
            raise DumpError(f"{self.name}: {error.strerror or error}") from error

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hex. Raises DumpError if it cannot be read."""
        return self._digest[0]

    @cached_property
    def size(self) -> int:
        """The number of bytes of the content. Raises DumpError if it cannot be read."""
        return self._digest[1]

    @property
    def damaged(self) -> tuple[tuple[str, str], ...]:
        """Names of members that are not whole, each with what is wrong; an empty name means the source itself.

        Raises DumpError if it cannot be read.
        """
        within = self._container.damaged if self._container else ()
        reason = self._digest[2]
        return within if reason is None else (*within, ("", reason))

    @cached_property
    def _digest(self) -> tuple[str, int, str | None]:
        """The hash and the size of the content, and what is wrong with the file."""
        if self.is_folder and self._container is not None:
            return (*self._container.digest(), None)
        digest, size, reason = hashlib.sha256(), 0, None
        with self._open_to_damage() as file:
            try:
                while block := file.read1(1 << 20):
                    digest.update(block)
                    size += len(block)
                    if self._decompressed_limit is not None and size > self._decompressed_limit:
                        raise DumpTooLarge(
                            f"{self.name}: unpacks to more than {self._decompressed_limit:,} bytes",
                            "it looks made to fill disks; unpack it by hand if you trust it",
                        )
            except DAMAGED as error:
                if self._compression is None or self._must_be_whole or not size:
                    raise DumpError(f"{self.name}: {damage_in_words(error)}") from error
                reason = damage_in_words(error)
        return digest.hexdigest(), size, reason

    def _open_to_damage(self) -> io.BufferedReader:
        if self._compression:
            return open_decompressed(self.path, self._compression, whole=True)
        return self.path.open("rb")

    @cached_property
    def head_bytes(self) -> bytes:
        """The first 64 KiB; empty for a folder. Raises DumpError if the file cannot be read or is damaged."""
        if self.is_folder:
            return b""
        with self.open() as file:
            try:
                return file.read(HEAD_BYTES)
            except DAMAGED as error:
                raise DumpError(f"{self.name}: {damage_in_words(error)}") from error

    @cached_property
    def _container(self) -> "Container | None":
        from threadkeep.sources.containers import container_at  # slow to import, and a search opens no source

        return container_at(self.name, self.path)

    @property
    def members(self) -> tuple[str, ...]:
        """The names of the files inside, sorted, with ``/`` between their parts; empty for a plain file."""
        return self._container.names if self._container else ()

    @property
    def folders_around(self) -> int:
        """The number of folders that enclose every file of a zip or tar; 0 for a folder. ``__MACOSX/`` is ignored."""
        if self.is_folder:
            return 0
        folders = [name.split("/")[:-1] for name in self.members if not name.startswith("__MACOSX/")]
        first, last = min(folders, default=[]), max(folders, default=[])
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """Names of members that cannot be opened, each with the reason: links, paths outside, impossible sizes."""
        return self._container.refused if self._container else ()

    def has_member(self, name: str) -> bool:
        """Whether there is a file of that name inside."""
        return self._container is not None and name in self._container

    def open_member(self, name: str) -> io.BufferedReader:
        """Open a member for reading. Raises DumpError if it is missing, damaged, or longer than it claims."""
        if self._container is None:
            raise DumpError(f"{self.name}: not a folder, zip or tar")
        return self._container.open(name)

    def member_head(self, name: str, count: int) -> tuple[bytes, str | None]:
        """Return the first ``count`` bytes of a member, and what is wrong if it ends before them by damage."""
        head = b""
        try:
            with self.open_member(name) as file:
                while len(head) < count and (data := file.read1(count - len(head))):
                    head += data
        except DumpError as error:
            return head, str(error).removeprefix(f"{escape_undecodable(name)}: ")
        return head, None

    def close(self) -> None:
        """Close the container; the next use opens it again."""
        if "_container" in self.__dict__:
            if self._container is not None:
                self._container.close()
            del self.__dict__["_container"]

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs to open the source itself."""
        return {name: value for name, value in self.__dict__.items() if name != "_container"}


class _SourceText(_SourceFiles):
    """The text of a source that is one file: its encoding, its head, and its lines."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, path)
        self.streamed = 0
        """How many characters ``lines`` has yielded so far."""

    @cached_property
    def encoding(self) -> str | None:
        """The name of the text encoding; None for a container and for bytes that are not text."""
        if self._container is not None:
            return None
        found = encoding_of(self.head_bytes)
        if found == "utf-8" and not self._is_utf8_beyond_head():
            return code_page_of(self.head_bytes)
        return found

    def _is_utf8_beyond_head(self) -> bool:
        """Whether the rest is UTF-8 too; a source too large to be read as one text is judged by its head."""
        if self.size <= HEAD_BYTES or self.size > TEXT_LIMIT_BYTES:
            return True
        with self.open() as file:
            try:
                file.read().decode("utf-8")
            except UnicodeDecodeError:
                return False
        return True

    @cached_property
    def head(self) -> str | None:
        """The first 64 KiB decoded, with lines ending in ``\\n``; None for bytes that are not text."""
        if self.encoding is None:
            return None
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        return _with_newlines(decoder.decode(self.head_bytes))

    def text(self) -> str:
        """Return all of it decoded, without byte order mark, lines ending in ``\\n``.

        Raises EmptyDump, NotText, or DumpTooLarge above 16 MiB. Bytes that do not fit the encoding become U+FFFD.
        """
        if self.size > TEXT_LIMIT_BYTES:
            raise DumpTooLarge(
                f"{self.name}: {self.size / 1e6:,.0f} MB is more than pasted text can have "
                f"({TEXT_LIMIT_BYTES / 1e6:,.0f} MB)",
                "cut it into several files, or bring it as JSON Lines, which is streamed",
            )
        encoding = self._encoding_or_raise()
        with self.open() as file:
            # A file whose saving was interrupted may end in NULs.
            text = _with_newlines(file.read().decode(encoding, "replace")).rstrip("\0")
        if not text.strip("\0 \t\n\r\f\v\ufeff"):
            raise EmptyDump(f"{self.name}: there is nothing in it", "export or copy it once more")
        return text

    def lines(self) -> Iterator[str]:
        """Yield the decoded lines without their ends, for formats of any size with one object a line.

        Raises EmptyDump or NotText.
        """
        encoding = self._encoding_or_raise()
        with io.TextIOWrapper(self.open(), encoding, errors="replace", newline="\n") as file:
            while line := file.readline(LINE_LIMIT):
                self.streamed += len(line)
                if len(line) < LINE_LIMIT or line.endswith("\n"):
                    yield line.rstrip("\r\n")
                    continue
                beginning = OversizedLine(f"{line[:_SHOWN]}…")
                while (line := file.readline(LINE_LIMIT)) and not line.endswith("\n"):
                    self.streamed += len(line)
                yield beginning

    def fraction_read(self) -> float | None:
        """Return roughly how much ``lines`` has yielded so far, 0 to 1; None if it is read another way."""
        return min(1.0, self.streamed / self.size) if self.streamed and self.size else None

    def _encoding_or_raise(self) -> str:
        if self.size == 0:
            raise EmptyDump(f"{self.name}: the file is empty", "export or copy it once more")
        if self.encoding is None:
            raise NotText(f"{self.name}: its bytes are no text", "threadkeep formats lists what can be read")
        return self.encoding


class Source(_SourceText):
    """A source, open for reading as often as needed. ``name`` is what the person called it (a path, or ``-``)."""

    def __init__(self, name: str, path: Path, options: Options | None = None) -> None:
        super().__init__(name, path)
        self.options = options or Options()

    @classmethod
    def from_path(cls, path: Path, options: Options | None = None) -> "Source":
        """Return the source in the file or folder ``path``. Raises DumpError if it cannot be opened."""
        source = cls(escape_undecodable(str(path)), path, options)
        if not path.is_dir():
            source.open().close()
            source._detect_compression()
        return source

    @classmethod
    @contextlib.contextmanager
    def from_stream(cls, name: str, stream: BinaryIO, options: Options | None = None) -> "Iterator[Source]":
        """Yield the source on ``stream`` (standard input), spooled to disk while the context lasts."""
        with tempfile.TemporaryDirectory(prefix="threadkeep-") as folder:
            path = Path(folder, "stdin")
            with path.open("wb") as spool:
                shutil.copyfileobj(stream, spool)
            source = cls(name, path, options)
            source._detect_compression()
            yield source

    @classmethod
    def from_stored(cls, name: str, path: Path, sha256: str, options: Options | None = None) -> "Source":
        """Return the source with that hash, stored at ``path`` by ``write_stored_copy``."""
        source = cls(name, path, options)
        source._compression = "gzip" if path.suffixes == [".gz"] else None
        source._must_be_whole = True
        source.__dict__["sha256"] = sha256  # of a folder: the hash of its files, not of the zip that stores it
        return source

    @property
    def opens_fast(self) -> bool:
        """Whether another process can open it cheaply, too: a compressed tar is decompressed at each opening."""
        return self._container is None or (self._compression is None and self.stored_suffix in (".zip", ".gz"))

    @property
    def stored_suffix(self) -> str:
        """The file name suffix of the stored copy. Raises DumpError if the source cannot be read."""
        if self.is_folder or self.head_bytes.startswith(b"PK"):
            return ".zip"
        return {b"\x1f\x8b": ".tar.gz", b"BZ": ".tar.bz2"}.get(self.head_bytes[:2], ".gz")

    def write_stored_copy(self, to: BinaryIO) -> None:
        """Write the copy to store: zips and tars unchanged, a folder as a zip, the rest gzipped. Raises DumpError."""
        if self.is_folder and self._container is not None:
            from threadkeep.sources.containers import pack_folder

            pack_folder(self._container, to)
        elif self.stored_suffix == ".gz":
            with gzip.GzipFile("", "wb", 6, to, mtime=0) as packed, self.open() as dump:
                shutil.copyfileobj(dump, packed, 1 << 20)
        else:
            with self.open() as dump:
                shutil.copyfileobj(dump, to, 1 << 20)


def _with_newlines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
