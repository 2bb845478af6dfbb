"""Files of fediverse JSON, cut into values: one object, an array, JSON Lines, or a long array inside one object.

{"totalItems": 2, "orderedItems": [{…}, {…}]}      values(source, ("orderedItems",)) -> "orderedItems 1", …
{"id": "1", …}⏎{"id": "2", …}                      values(source) -> "line 1", "line 2"
"""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.stream import Value, paths_of
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import HEAD_BYTES, Source

WHOLE = "the whole dump"
"""The locator of a dump that is one value."""

_LINE_LIMIT_BYTES = 64 << 20
"""The longest first line looked at, to tell JSON Lines from one value."""

_BLANKS = "\ufeff\0 \t\r\n"
"""What may stand around a line without being of it: files that were joined have byte order marks in the middle."""


def value_of(json: str | bytes) -> Any:
    """The value of one piece of JSON. Raises ValueError; a byte that is no UTF-8 costs its character, not the piece."""
    if isinstance(json, bytes):
        try:
            json.decode()
        except UnicodeDecodeError:
            json = json.decode("utf-8", "replace")
    return loads(json)


def values(source: Source, keys: Iterable[str] = ()) -> Iterator[Value]:
    """The values of a file, in its own order; of one object with an array under one of ``keys``, the items of those.

    Nothing larger than one value is in memory. Raises DumpError where the rest is cut off.
    """
    if is_lines(source):
        for number, line in enumerate(source.lines(), 1):
            if text := line.strip(_BLANKS):
                yield Value(f"line {number}", text)
        return
    if opening(source) == "[":
        yield from items_of(source, "")
        return
    arrays = arrays_of(source, keys)
    for key in arrays:
        yield from items_of(source, key)
    if not arrays:
        yield Value(WHOLE, source.text())


def items_of(source: Source, key: str) -> Iterator[Value]:
    """The items of the array at the top of a file, or under ``key`` of its object. Raises DumpError."""
    with _utf8(source) as stream:
        for number, item in enumerate(items(stream, key), 1):
            yield Value(f"{key or 'item'} {number}", item)


def arrays_of(source: Source, keys: Iterable[str]) -> list[str]:
    """Those of ``keys`` that hold an array in the one object of the file, as far as its beginning shows."""
    head = source.head or ""
    found = paths_of(source)
    return [key for key in keys if key in found and re.search(rf'"{re.escape(key)}"\s*+:\s*+\[', head)]


def opening(source: Source) -> str:
    """The first character of a file that is text and not blank; nothing of any other."""
    return (source.head or "").lstrip(_BLANKS)[:1]


def is_lines(source: Source) -> bool:
    """Whether the file has a value on every line, so far as its first two lines show."""
    head = (source.head or "").lstrip(_BLANKS)
    first, _, rest = head.partition("\n")
    if not rest.strip(_BLANKS):
        return source.size > HEAD_BYTES and len(first) > 1 and _has_second_line(source)
    second = rest.lstrip(_BLANKS).partition("\n")[0]
    if not second.startswith(("{", "[")):
        return False
    if _is_whole(first):
        return True
    # A damaged first line: it opens an object and the next one is whole and opens one too.
    return first.startswith("{") and first.rstrip()[-1] not in "{[,:" and _is_whole(second)


def _is_whole(text: str) -> bool:
    if not text.startswith(("{", "[")):
        return False
    try:
        loads(text)
    except ValueError:
        return False
    return True


def _has_second_line(source: Source) -> bool:
    """Whether a first line that is longer than the head is a whole value, and others follow."""
    with source.open() as file:
        first = file.readline(_LINE_LIMIT_BYTES).rstrip()
        return first.endswith((b"}", b"]")) and file.read(HEAD_BYTES).lstrip()[:1] in (b"{", b"[")


def _utf8(source: Source) -> BinaryIO:
    if (source.encoding or "").startswith("utf-16") or (source.encoding or "").startswith("utf-32"):
        return io.BytesIO(source.text().encode("utf-8", "surrogatepass"))
    return source.open()


def items_of_member(source: Source, name: str, locator: str, key: str) -> Iterator[Value]:
    """The items of the array under ``key`` in one file of a container. Raises DumpError, naming the file."""
    try:
        with source.open_member(name) as stream:
            for number, item in enumerate(items(stream, key), 1):
                yield Value(f"{locator} {number}", item)
    except DumpError as error:
        raise DumpError(f"{locator}: {error}") from error
