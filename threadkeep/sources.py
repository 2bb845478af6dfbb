"""One view over a dump wherever it comes from: a file, standard input, or the archive's own kept copy.

    source = Source.of_path(Path("profile.txt"), Options(author="ada"))
    source.head          the first 64 KiB, decoded; None for bytes that are no text
    source.text()        all of it, decoded, lines ending in "\\n"
    source.lines()       line by line, never more than one in memory
    source.sha256        of the bytes as they came

Limits and encodings live here, so that parsers see text and nothing else.
"""

import codecs
import contextlib
import glob
import gzip
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Literal

from threadkeep.errors import DumpError, DumpTooLarge, EmptyDump, NotText

Split = Literal["auto", "line", "blank", "marker"]

HEAD_BYTES = 64 * 1024
"""How much of a dump a parser may look at to recognize it."""

TEXT_LIMIT_BYTES = 16 * 1024 * 1024
"""The largest dump read as one text. People paste a few hundred kilobytes; exports are streamed and have no limit."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the person importing told about a dump; it is kept with the source, so that reading it again agrees.

    ``author`` wrote the posts, ``owner`` made the dump. ``posts`` is how many posts a paste holds, ``split`` how to
    tell them apart, and ``starts`` the 1-based lines on which they begin once a person has reviewed that.
    """

    author: str | None = None
    owner: str | None = None
    posts: int | None = None
    split: Split = "auto"
    starts: tuple[int, ...] | None = None


class Source:
    """One dump, open for reading as often as needed. ``name`` is what the person called it (a path, or ``-``)."""

    def __init__(self, name: str, path: Path, options: Options | None = None, *, compressed: bool = False) -> None:
        self.name = name
        self.path = path
        self.options = options or Options()
        self._compressed = compressed
        self._streamed = 0

    @classmethod
    def of_path(cls, path: Path, options: Options | None = None) -> "Source":
        """The dump in the file ``path``. Raises DumpError where it cannot be opened."""
        source = cls(str(path), path, options)
        with source.open():
            return source

    @classmethod
    @contextlib.contextmanager
    def of_stream(cls, name: str, stream: BinaryIO, options: Options | None = None) -> "Iterator[Source]":
        """The dump that arrives on ``stream`` (standard input), spooled to disk while the context lasts."""
        with tempfile.TemporaryDirectory(prefix="threadkeep-") as folder:
            path = Path(folder, "stdin")
            with path.open("wb") as spool:
                shutil.copyfileobj(stream, spool)
            yield cls(name, path, options)

    @classmethod
    def of_kept(cls, name: str, path: Path, options: Options | None = None) -> "Source":
        """The dump that the archive keeps gzipped at ``path``."""
        return cls(name, path, options, compressed=True)

    def open(self) -> BinaryIO:
        """The bytes as they came. Raises DumpError where the system does not let us."""
        try:
            if self._compressed:
                return io.BufferedReader(gzip.GzipFile(self.path))
            return self.path.open("rb")
        except OSError as error:
            raise DumpError(f"{self.name}: {error.strerror or error}") from error

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
        digest, size = hashlib.sha256(), 0
        with self.open() as file:
            try:
                while block := file.read(1 << 20):
                    digest.update(block)
                    size += len(block)
            except (OSError, EOFError) as error:
                raise DumpError(f"{self.name}: {error}") from error
        return digest.hexdigest(), size

    @cached_property
    def head_bytes(self) -> bytes:
        """The first 64 KiB as they came."""
        with self.open() as file:
            try:
                return file.read(HEAD_BYTES)
            except (OSError, EOFError) as error:
                raise DumpError(f"{self.name}: {error}") from error

    @cached_property
    def encoding(self) -> str | None:
        """The name of the text encoding, ``None`` for bytes that are no text."""
        head = self.head_bytes
        for mark, name in _BOMS:
            if head.startswith(mark):
                return name
        if b"\0" in head:
            return _wide_encoding(head)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            if self._is_utf8_beyond_head():
                return "utf-8"
        except UnicodeDecodeError:
            pass
        return _guessed_encoding(head)

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
            text = _with_newlines(file.read().decode(encoding, "replace"))
        if not text.strip("\0 \t\n\r\f\v\ufeff"):
            raise EmptyDump(f"{self.name}: there is nothing in it", "export or copy it once more")
        return text

    def lines(self) -> Iterator[str]:
        """The lines without their ends, decoded one by one: for formats with one object a line, of any size."""
        encoding = self._encoding_or_raise()
        with io.TextIOWrapper(self.open(), encoding, errors="replace", newline="\n") as file:
            for line in file:
                self._streamed += len(line)
                yield line.rstrip("\r\n")

    def fraction_read(self) -> float | None:
        """About how much of the dump ``lines`` has given so far, 0 to 1; ``None`` where it is read another way."""
        return min(1.0, self._streamed / self.size) if self._streamed and self.size else None

    def _encoding_or_raise(self) -> str:
        if self.size == 0:
            raise EmptyDump(f"{self.name}: the file is empty", "export or copy it once more")
        if self.encoding is None:
            raise NotText(f"{self.name}: its bytes are no text", "threadkeep formats lists what can be read")
        return self.encoding


def _with_newlines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _wide_encoding(head: bytes) -> str | None:
    """The encoding of bytes with zeros among them: UTF-16 without a mark, or text with stray NULs.

    UTF-16 is told by where the zeros stand: Latin script has one in nearly every pair, always on the same side.
    """
    even, odd, half = head[0::2].count(0), head[1::2].count(0), max(1, len(head) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    is_text = _controls(head) <= 0.05 * len(head) and _decodes(head, "utf-8")
    return "utf-8" if is_text else None


def _guessed_encoding(head: bytes) -> str | None:
    """The code page of bytes that are not UTF-8; ``None`` where they do not look like text at all.

    Text in a Western language has a few accents among many ASCII letters, and cp1252 is what Windows wrote. Where most
    letters are beyond ASCII, charset-normalizer tells the scripts apart.
    """
    if _controls(head) > 0.01 * len(head):
        return None
    high = sum(byte >= 0x80 for byte in head)
    if high < 0.25 * len(head) and _decodes(head, "cp1252"):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(head).best()
    return best.encoding if best else None


def _controls(head: bytes) -> int:
    """How many bytes are control characters that text does not have."""
    return sum(byte < 0x20 and byte not in b"\t\n\f\r\x1b" for byte in head)


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".markdown", ".html", ".htm"})
"""File names under which a walked folder may hold text that no parser recognizes by its content."""

EXPECTED_SUFFIX = ".expected.jsonl"
"""What a sample must give, written beside the sample: an answer, never a dump."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to import. ``named``: the person named it, so failing to read it is an error, not a thing to pass over."""

    path: Path
    named: bool


def find_dumps(paths: Iterable[str]) -> Iterator[Found]:
    """The files that ``paths`` mean, in a stable order: files, folders (walked), and patterns such as ``dumps/*.txt``.

    Hidden files and links inside a folder are passed over, and so is ``*.expected.jsonl``. Raises DumpError for a path
    that does not exist.
    """
    for name in paths:
        path = Path(name)
        if path.is_dir():
            yield from (Found(found, named=False) for found in _walk(path))
        elif path.exists() or not glob.has_magic(name):
            yield Found(path, named=True)
        else:
            matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - the pattern may be absolute
            if not matches:
                raise DumpError(f"{name}: nothing matches that pattern")
            yield from find_dumps(matches)


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise DumpError(f"{error.filename}: {error.strerror}") from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if not name.startswith(".") and not name.endswith(EXPECTED_SUFFIX) and not path.is_symlink():
                yield path
