"""Split files of fediverse JSON into values: one object, an array, JSON Lines, or a long array inside one object.

{"totalItems": 2, "orderedItems": [{…}, {…}]}      values(source, ("orderedItems",)) -> "orderedItems 1", …
{"id": "1", …}⏎{"id": "2", …}                      values(source) -> "line 1", "line 2"
"""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.stream import Value, paths_of, stripped, whole_or_joined
from threadkeep.sources.json_stream import DamagedItem, items
from threadkeep.sources.source import HEAD_BYTES, Source

WHOLE_DUMP_LOCATOR = "the whole dump"
"""The locator of a source that is one value."""

_LINE_LIMIT_BYTES = 16 << 20
"""The longest first line read to tell JSON Lines from one value."""

_BLANKS = "\ufeff\0 \t\r\n"
"""Stripped from lines: joined files have byte order marks in the middle."""


def load_value(json: str | bytes) -> Any:
    """Decode one JSON value; bytes that are not UTF-8 become U+FFFD. Raises ValueError."""
    if isinstance(json, bytes) and not isinstance(json, DamagedItem):
        try:
            json.decode()
        except UnicodeDecodeError:
            json = json.decode("utf-8", "replace")
    return loads(json)


def source_values(source: Source, keys: Iterable[str] = ()) -> Iterator[Value]:
    """The values of a file in order; for one object with arrays under ``keys``, the items of these.

    Only one value at a time is in memory. Raises DumpError if the rest is truncated.
    """
    if is_json_lines(source):
        for number, line in enumerate(source.lines(), 1):
            if text := stripped(line):
                yield Value(f"line {number}", text)
        return
    if first_character(source) == "[":
        yield from array_items(source, "")
        return
    arrays = array_keys(source, keys)
    for key in arrays:
        yield from array_items(source, key)
    if not arrays:
        yield from whole_or_joined(source)


def array_items(source: Source, key: str) -> Iterator[Value]:
    """The items of the array at the top of a file, or under ``key`` of its object. Raises DumpError."""
    with _utf8(source) as stream:
        for number, item in enumerate(items(stream, key), 1):
            yield Value(f"{key or 'item'} {number}", item)


def array_keys(source: Source, keys: Iterable[str]) -> list[str]:
    """Those of ``keys`` that hold an array in the object of the file, as far as its beginning shows."""
    head = source.head or ""
    found = paths_of(source)
    return [key for key in keys if key in found and re.search(rf'"{re.escape(key)}"\s*+:\s*+\[', head)]


def first_character(source: Source) -> str:
    """The first character of a text file that is not blank; empty for any other file."""
    return (source.head or "").lstrip(_BLANKS)[:1]


def is_json_lines(source: Source) -> bool:
    """Whether the file has a value on every line, as far as its first two lines show."""
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
        loads(stripped(text))
    except ValueError:
        return False
    return True


def _has_second_line(source: Source) -> bool:
    """Whether a first line longer than the head is a complete value, and others follow."""
    with source.open() as file:
        first = file.readline(_LINE_LIMIT_BYTES).rstrip()
        return first.endswith((b"}", b"]")) and file.read(HEAD_BYTES).lstrip()[:1] in (b"{", b"[")


def _utf8(source: Source) -> BinaryIO:
    if (source.encoding or "").startswith("utf-16") or (source.encoding or "").startswith("utf-32"):
        return io.BytesIO(source.text().encode("utf-8", "surrogatepass"))
    return source.open()


def member_array_items(source: Source, name: str, locator: str, key: str) -> Iterator[Value]:
    """The items of the array under ``key`` in one file of a container. Raises DumpError."""
    with source.open_member(name) as stream:
        for number, item in enumerate(items(stream, key), 1):
            yield Value(f"{locator} {number}", item)
