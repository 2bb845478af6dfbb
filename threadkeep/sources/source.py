"""One view over a dump wherever it comes from: a file, standard input, or the archive's own kept copy.

    source = Source.from_path(Path("profile.txt"), Options(author="ada"))
    source.head          the first 64 KiB, decoded; None for bytes that are no text
    source.text()        all of it, decoded, lines ending in "\\n"
    source.lines()       line by line, never more than one in memory
    source.sha256        of the bytes as they came

A zip, a tar or a folder that is one export is a source too, with members instead of text:

    source.members                      their names; empty for a plain file
    source.open_member("data/tweets.js")

Limits, encodings and the safety of names live here, so that parsers see text and nothing else.
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
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from threadkeep.errors import DumpError, DumpTooLarge, EmptyDump, NotText
from threadkeep.sources.compression import (
    DAMAGED,
    Compression,
    decompressed_limit,
    detect_compression,
    open_decompressed,
)
from threadkeep.sources.discovery import EXPECTED_SUFFIX, TEXT_SUFFIXES, Found, find_sources
from threadkeep.sources.encodings import code_page_of, encoding_of

if TYPE_CHECKING:
    from threadkeep.sources.containers import Container

__all__ = [
    "EXPECTED_SUFFIX",
    "HEAD_BYTES",
    "TEXT_LIMIT_BYTES",
    "TEXT_SUFFIXES",
    "Found",
    "Options",
    "Source",
    "Split",
    "find_sources",
]

Split = Literal["auto", "line", "blank", "marker"]

HEAD_BYTES = 64 * 1024
"""How much of a dump a parser may look at to recognize it."""

TEXT_LIMIT_BYTES = 16 * 1024 * 1024
"""The largest dump read as one text. People paste a few hundred kilobytes; exports are streamed and have no limit."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person importing told about a dump; it is kept with the source, so that reading it again agrees.

    ``author`` wrote the posts, ``owner`` made the dump. ``posts`` is how many posts a paste holds, ``split`` how to
    tell them apart, and ``starts`` the 1-based lines on which they begin once a person has reviewed that. ``likes``
    asks for the posts that the owner of an archive liked. ``columns`` pairs what is known of a post with the column of
    a table that says it.
    """

    author: str | None = None
    owner: str | None = None
    posts: int | None = None
    split: Split = "auto"
    starts: tuple[int, ...] | None = None
    likes: bool = False
    columns: tuple[tuple[str, str], ...] = ()


class Source:
    """One dump, open for reading as often as needed. ``name`` is what the person called it (a path, or ``-``).

    One that is packed by itself is what is inside: its hash, too, is that of the file before it was packed.
    """

    def __init__(self, name: str, path: Path, options: Options | None = None) -> None:
        self.name = name
        self.path = path
        self.options = options or Options()
        self._packing: Compression | None = None
        self._largest: int | None = None
        self.streamed = 0
        """How many characters ``lines`` has given so far."""

    @classmethod
    def from_path(cls, path: Path, options: Options | None = None) -> "Source":
        """The dump in the file or folder ``path``. Raises DumpError where it cannot be opened."""
        source = cls(str(path), path, options)
        if not path.is_dir():
            source.open().close()
            source._look_inside()
        return source

    @classmethod
    @contextlib.contextmanager
    def from_stream(cls, name: str, stream: BinaryIO, options: Options | None = None) -> "Iterator[Source]":
        """The dump that arrives on ``stream`` (standard input), spooled to disk while the context lasts."""
        with tempfile.TemporaryDirectory(prefix="threadkeep-") as folder:
            path = Path(folder, "stdin")
            with path.open("wb") as spool:
                shutil.copyfileobj(stream, spool)
            source = cls(name, path, options)
            source._look_inside()
            yield source

    @classmethod
    def from_stored(cls, name: str, path: Path, sha256: str, options: Options | None = None) -> "Source":
        """The dump with that hash which the archive keeps at ``path``, as ``write_stored_copy`` wrote it."""
        source = cls(name, path, options)
        source._packing = "gzip" if path.suffixes == [".gz"] else None
        source.__dict__["sha256"] = sha256  # a folder's is that of its files, not of the zip it is kept in
        return source

    def _look_inside(self) -> None:
        """Read a dump that is packed by itself as what is inside."""
        self._packing = detect_compression(self.path)
        self._largest = decompressed_limit(self.path) if self._packing else None

    @property
    def stored_suffix(self) -> str:
        """The ending of the file name under which a copy is kept."""
        if self.is_folder or self.head_bytes.startswith(b"PK"):
            return ".zip"
        return {b"\x1f\x8b": ".tar.gz", b"BZ": ".tar.bz2"}.get(self.head_bytes[:2], ".gz")

    def write_stored_copy(self, to: BinaryIO) -> None:
        """Write the copy that is kept: what is packed already as it came, a folder as a zip, the rest gzipped."""
        if self.is_folder and self._container is not None:
            from threadkeep.sources.containers import pack_folder

            pack_folder(self._container, to)
        elif self.stored_suffix == ".gz":
            with gzip.GzipFile("", "wb", 6, to, mtime=0) as packed, self.open() as dump:
                shutil.copyfileobj(dump, packed, 1 << 20)
        else:
            with self.open() as dump:
                shutil.copyfileobj(dump, to, 1 << 20)

    @cached_property
    def _container(self) -> "Container | None":
        from threadkeep.sources.containers import container_at  # heavy, and a search opens no dump

        return container_at(self.name, self.path)

    @property
    def is_folder(self) -> bool:
        """Whether the dump is a folder: several files that are one export."""
        return self.path.is_dir()

    @property
    def opens_fast(self) -> bool:
        """Whether another process may open it, too, at little cost: a packed tar is unpacked each time."""
        return self._container is None or (self._packing is None and self.stored_suffix in (".zip", ".gz"))

    @property
    def members(self) -> tuple[str, ...]:
        """The names of the files inside, sorted, with ``/`` between their parts; none for a plain file."""
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
        """Members that are not opened, each with the reason: links, paths that lead outside, impossible sizes."""
        return self._container.refused if self._container else ()

    def has_member(self, name: str) -> bool:
        """Whether there is a file of that name inside."""
        return self._container is not None and name in self._container

    def open_member(self, name: str) -> BinaryIO:
        """The bytes of one member. Raises DumpError where it is missing or damaged, or more than it claimed to be."""
        if self._container is None:
            raise DumpError(f"{self.name}: not a folder, zip or tar")
        return self._container.open(name)

    def close(self) -> None:
        """Let go of the file; a source that is used again opens itself again."""
        if "_container" in self.__dict__:
            if self._container is not None:
                self._container.close()
            del self.__dict__["_container"]

    def open(self) -> BinaryIO:
        """The bytes as they came, unpacked. Raises DumpError where the system does not let us, or for a folder."""
        try:
            return open_decompressed(self.path, self._packing) if self._packing else self.path.open("rb")
        except OSError as error:
            raise DumpError(f"{self.name}: {error.strerror or error}") from error

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs to open the dump for itself."""
        return {name: value for name, value in self.__dict__.items() if name != "_container"}

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes as they came, in hex."""
        return self._digest[0]

    @cached_property
    def size(self) -> int:
        """How many bytes the dump has."""
        return self._digest[1]

    @cached_property
    def _digest(self) -> tuple[str, int]:
        if self.is_folder and self._container is not None:
            return self._container.digest()
        digest, size = hashlib.sha256(), 0
        with self.open() as file:
            try:
                while block := file.read(1 << 20):
                    digest.update(block)
                    size += len(block)
                    if self._largest is not None and size > self._largest:
                        raise DumpTooLarge(
                            f"{self.name}: unpacks to more than {self._largest:,} bytes",
                            "it looks made to fill disks; unpack it by hand if you trust it",
                        )
            except DAMAGED as error:
                raise DumpError(f"{self.name}: {error}") from error
        return digest.hexdigest(), size

    @cached_property
    def head_bytes(self) -> bytes:
        """The first 64 KiB as they came; nothing of a folder."""
        if self.is_folder:
            return b""
        with self.open() as file:
            try:
                return file.read(HEAD_BYTES)
            except DAMAGED as error:
                raise DumpError(f"{self.name}: {error}") from error

    @cached_property
    def encoding(self) -> str | None:
        """The name of the text encoding, ``None`` for bytes that are no text, and for a container."""
        if self._container is not None:
            return None
        found = encoding_of(self.head_bytes)
        if found == "utf-8" and not self._is_utf8_beyond_head():
            return code_page_of(self.head_bytes)
        return found

    def _is_utf8_beyond_head(self) -> bool:
        """Whether the rest of a dump that is read as one text is UTF-8 too; large ones are judged by their head."""
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
        """The first 64 KiB decoded, with lines ending in ``\\n``; ``None`` for bytes that are no text."""
        if self.encoding is None:
            return None
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        return _with_newlines(decoder.decode(self.head_bytes))

    def text(self) -> str:
        """The whole dump decoded, without byte order mark, its lines ending in ``\\n``.

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
            # What was never written of a file whose saving was interrupted reads as NUL.
            text = _with_newlines(file.read().decode(encoding, "replace")).rstrip("\0")
        if not text.strip("\0 \t\n\r\f\v\ufeff"):
            raise EmptyDump(f"{self.name}: there is nothing in it", "export or copy it once more")
        return text

    def lines(self) -> Iterator[str]:
        """The lines without their ends, decoded one by one: for formats with one object a line, of any size."""
        encoding = self._encoding_or_raise()
        with io.TextIOWrapper(self.open(), encoding, errors="replace", newline="\n") as file:
            for line in file:
                self.streamed += len(line)
                yield line.rstrip("\r\n")

    def fraction_read(self) -> float | None:
        """About how much of the dump ``lines`` has given so far, 0 to 1; ``None`` where it is read another way."""
        return min(1.0, self.streamed / self.size) if self.streamed and self.size else None

    def _encoding_or_raise(self) -> str:
        if self.size == 0:
            raise EmptyDump(f"{self.name}: the file is empty", "export or copy it once more")
        if self.encoding is None:
            raise NotText(f"{self.name}: its bytes are no text", "threadkeep formats lists what can be read")
        return self.encoding


def _with_newlines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
