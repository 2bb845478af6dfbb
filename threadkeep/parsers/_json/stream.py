"""Look into JSON files by their beginning, and cut them into values without reading them whole.

[{"id_str": "1750", "user": {"id": 12}}, …              paths(...) -> {"[].id_str", "[].user", "[].user.id"}
{"data": {"id": "1750"}}⏎{"data": {"id": "1751"}}⏎      values(...) -> ("line 1", '{"data": …}'), ("line 2", …)
"""

import contextlib
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import msgspec

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.values import Object, object_of, raw_of
from threadkeep.sources.json_stream import DamagedItem, items
from threadkeep.sources.source import OversizedLine, Source

RAW_LIMIT = 10_000
"""Characters of an entry that a problem shows; the source is kept whole."""

# A truncated string extends to the end: otherwise each quotation mark in it would be tried as the start of one.
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))(\s*+:)?|([{}\[\]])', re.S)
_DEPTH = 4
"""Levels at which keys are looked at; formats differ near the top."""
_TRIED_LINES = 10
_UTF8 = frozenset({"utf-8", "utf-8-sig", "ascii"})


class Value(NamedTuple):
    """One undecoded value: where it stands, and its JSON."""

    locator: str
    json: str | bytes

    def raw(self) -> str:
        """Return the value for the report of a problem, cut after 10,000 characters."""
        raw = self.json[: 4 * RAW_LIMIT] if isinstance(self.json, bytes) else self.json
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        return text if len(text) <= RAW_LIMIT else f"{text[:RAW_LIMIT]}…"


def is_json(source: Source) -> bool:
    """Whether the source begins like an array or an object."""
    return source.head is not None and source.head.lstrip()[:1] in ("{", "[")


def paths_of(source: Source) -> set[str]:
    """Return the paths of keys in the beginning of the source; see ``paths``."""
    head = source.head or ""
    # Line by line, so that a damaged line does not swallow the ones after it.
    return set().union(*map(paths, head.split("\n"))) if is_lines(source) else paths(head)


def paths(head: str) -> set[str]:
    """Return the paths of the keys in the first four levels of ``head``, JSON that may be truncated.

    ``{"data": [{"id": "1"}], "meta": {`` -> ``{"data", "data[].id", "meta"}``
    """
    found: set[str] = set()
    above = [""]
    key = ""
    for match in _TOKEN.finditer(head):
        string, colon, bracket = match.groups()
        if bracket is None:
            if colon:
                key = string[1:-1]
                if len(above) <= _DEPTH:
                    found.add(f"{above[-1]}{key}")
        elif bracket in "{[":
            path = above[-1] + key
            key = ""
            if bracket == "[":
                above.append(f"{path}[]" if len(above) <= _DEPTH else "")
            else:
                above.append(f"{path}." if path and len(above) <= _DEPTH else "")
        else:
            key = ""
            if len(above) > 1:
                above.pop()
    return found


def values(source: Source, key: str = "") -> Iterator[Value]:
    """Yield the values of a source in order: its lines, the items of its array, or all of it.

    A single object that holds an array under ``key`` gives the items of that. Raises DumpError where the rest is cut
    off.
    """
    has_key = bool(key) and key in paths_of(source)
    if is_lines(source) and not (has_key and is_one_line(source)):
        yield from _lines(source)
    elif (source.head or "").lstrip().startswith("["):
        yield from _items(source, "")
    elif has_key:
        yield from _items(source, key)
    else:
        yield from whole_or_joined(source)


def whole_or_joined(source: Source) -> Iterator[Value]:
    """Yield a source that is not lines: all of it, or the values of files that were joined, each printed over lines.

    Raises EmptyDump, NotText or DumpTooLarge.
    """
    text = source.text()
    if not _is_valid(text):
        with contextlib.suppress(DumpError):
            joined = list(_items(source, ""))
            if len(joined) > 1 and not any(isinstance(value.json, DamagedItem) for value in joined[:1]):
                yield from joined
                return
    yield Value("the whole dump", text)


def _is_valid(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def is_one_line(source: Source) -> bool:
    """Whether all of it stands on one line, or begins with a line that is too long to be read as one."""
    lines = (line for line in source.lines() if line.strip("\ufeff \t\0"))
    first = next(lines, "")
    return isinstance(first, OversizedLine) or next(lines, None) is None


class DecodedItem(NamedTuple):
    """One decoded item of a source; for one that is not JSON ``value`` is the ValueError."""

    locator: str
    value: Any
    raw: str

    def as_object(self) -> Object:
        """Return the item. Raises ValueError if it is not a JSON object."""
        if isinstance(self.value, ValueError):
            raise self.value
        return object_of(self.value, "an entry")


def decoded_items(source: Source, *wrappers: str) -> Iterator[DecodedItem]:
    """Decode ``values``, and yield the items of arrays, also of an array under one of ``wrappers`` in an object.

    Raises DumpError where the rest is cut off.
    """
    wrapper = next((key for key in wrappers if key in paths_of(source)), "")
    for value in values(source, wrapper):
        try:
            decoded = loads(value.json)
        except ValueError as error:
            yield DecodedItem(value.locator, error, value.raw())
            continue
        key = next((key for key in wrappers if isinstance(decoded, dict) and isinstance(decoded.get(key), list)), None)
        inside = decoded[key] if key else decoded
        if isinstance(inside, list):
            for number, item in enumerate(inside, 1):
                yield DecodedItem(f"{value.locator} item {number}", item, raw_of(item))
        else:
            yield DecodedItem(value.locator, decoded, value.raw())


def _lines(source: Source) -> Iterator[Value]:
    for number, line in enumerate(source.lines(), 1):
        # In concatenated files any line may start with a byte order mark, which strip() keeps.
        if text := stripped(line):
            yield Value(f"line {number}", text)


def stripped(line: str) -> str:
    """Return a line without blanks and what stands between the items of an array; "" if there is nothing else on it.

    The line itself, if it is too long.
    """
    if isinstance(line, OversizedLine):
        return line
    text = line.strip("\ufeff \t\0\r,")
    return "" if text in ("[", "]") else text


def _items(source: Source, key: str) -> Iterator[Value]:
    with utf8_stream(source) as stream:
        for number, item in enumerate(items(stream, key), 1):
            yield Value(f"item {number}", item)


def utf8_stream(source: Source) -> BinaryIO:
    """Open a source as UTF-8, whatever its encoding. Raises DumpTooLarge for more than 16 MiB of another one."""
    if source.encoding in _UTF8:
        return source.open()
    return io.BytesIO(source.text().encode("utf-8", "surrogatepass"))


def is_lines(source: Source) -> bool:
    """Whether the source is JSON Lines, as far as its beginning shows.

    A single value on one line counts, unless it is an array, which may be of any length and is cut into its items. A
    damaged first line does not hide the others: of a pretty-printed value only the first and last line begin at the
    margin.
    """
    lines = [line for line in (source.head or "").split("\n", _TRIED_LINES) if line.strip("\ufeff \t\0\r")]
    first, rest = lines[0] if lines else "", lines[1:]
    if first.lstrip().startswith("["):
        return bool(rest) and rest[0].startswith(("[", "{")) and _is_whole(first)
    if not rest or _is_whole(first):
        return True
    return any(line.startswith("{") and line != "{" and _is_whole(line) for line in rest)


def _is_whole(line: str) -> bool:
    try:
        loads(stripped(line))
    except ValueError:
        return False
    return True
