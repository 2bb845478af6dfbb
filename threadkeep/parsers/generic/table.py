"""Read any CSV or JSON Lines with a map of its columns: ``--map text=body,author=user,created=ts``.

    user,ts,body                                    {"user": "mira", "ts": 1714540800, "body": "Frost again."}
    mira,2024-05-01T06:00:00Z,Frost again.

Nothing is taken for what it might be: a column that the map does not name is not read.
"""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers.entry import Entry
from threadkeep.records import Account, Parsed, Post, Ref, When, account_ref, post_ref
from threadkeep.sources.source import Source
from threadkeep.text.entities import find_links, find_mentions, find_tags

NAME = "table"
TITLE = "CSV or JSON Lines with a column map (--map)"
VERSION = 1

FIELDS = ("text", "author", "name", "created", "id", "url", "title", "reply_to", "language", "platform")
"""What a map may name."""

PLATFORM = "text"
"""The platform of posts of which no column says it."""

_SECONDS = (1_000_000_000, 10_000_000_000)
"""Numbers between these are seconds since 1970; a thousand times that, milliseconds."""


def recognizes(source: Source) -> bool:
    """Only a person can say which column is what."""
    return bool(source.options.columns)


def entries(source: Source) -> Iterator[Entry]:
    """The rows, each a dictionary by the heads of the columns or the keys of the object."""
    columns = dict(source.options.columns)
    if unknown := sorted(columns.keys() - set(FIELDS)):
        raise DumpError(f"{source.name}: the map names {', '.join(unknown)}", f"there are {', '.join(FIELDS)}")
    if "text" not in columns:
        raise DumpError(f"{source.name}: the map does not say where the text is", "add text=COLUMN")
    is_json = (source.head or "").lstrip("\ufeff \n").startswith("{")
    for locator, row, raw in _objects(source) if is_json else _rows(source, columns):
        yield Entry(locator, (columns, row), raw)


def _objects(source: Source) -> Iterator[tuple[str, Any, str]]:
    for number, line in enumerate(source.lines(), 1):
        if line.strip("\ufeff "):
            yield f"line {number}", line, line


def _rows(source: Source, columns: dict[str, str]) -> Iterator[tuple[str, Any, str]]:
    first = (source.head or "").partition("\n")[0]
    comma = max(",;\t|", key=first.count)
    rows = csv.DictReader((f"{line}\n" for line in source.lines()), delimiter=comma)
    heads = [head.lstrip("\ufeff") for head in rows.fieldnames or ()]
    rows.fieldnames = heads
    if missing := [column for column in columns.values() if column not in heads]:
        raise DumpError(f"{source.name}: there is no column {', '.join(missing)}", f"there are {', '.join(heads)}")
    try:
        for row in rows:
            yield f"line {rows.line_num}", row, comma.join(str(value) for value in row.values())
    except csv.Error as error:
        raise DumpError(f"{source.name}: line {rows.line_num}: {error}") from error


def parse(entry: Entry) -> Iterator[Parsed]:
    """A row -> its author, if a column says who, and the post."""
    columns, row = entry.data
    if isinstance(row, str):
        row = json.loads(row)
    if not isinstance(row, dict):
        raise ValueError("it should be an object with the columns as keys")
    values = {field: _words(row.get(column), column) for field, column in columns.items()}
    text, handle = values.get("text"), (values.get("author") or "").lstrip("@") or None
    if text is None:
        raise ValueError(f"there is no {columns['text']!r} in it")
    platform = values.get("platform") or PLATFORM
    who = handle or values.get("name")
    author = Account(account_ref(platform, who), handle, values.get("name")) if who else None
    if author:
        yield author
    id_, answered = values.get("id"), values.get("reply_to")
    yield Post(
        Ref(platform, id_) if id_ else post_ref(platform, who, text),
        author.ref if author else None,
        text,
        title=values.get("title"),
        created=_when(values.get("created")),
        url=values.get("url"),
        reply_to=Ref(platform, answered) if answered else None,
        links=find_links(text),
        tags=find_tags(text),
        mentions=find_mentions(text),
        language=values.get("language"),
    )


def _words(value: object, column: str) -> str | None:
    """A cell as text; an empty one is unknown. Raises ValueError for a list or an object."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) > 2**53:
        raise ValueError(f"{column!r} is a number that lost digits")
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{column!r} should be text or a number")


def _when(stated: str | None) -> When | None:
    """A time in ISO 8601, or in seconds or milliseconds since 1970; without a zone only its day is known."""
    if stated is None:
        return None
    try:
        number = float(stated)
    except ValueError:
        moment = datetime.fromisoformat(stated.strip())
        if len(stated.strip()) <= len("2024-05-01"):
            return When(moment.replace(tzinfo=UTC), "day")
        return When(moment) if moment.tzinfo else When(moment.replace(hour=0, minute=0, second=0, tzinfo=UTC), "day")
    if number >= _SECONDS[0] * 1000:
        number /= 1000
    if not _SECONDS[0] / 10 <= number < _SECONDS[1]:
        raise ValueError(f"{stated!r} is no time since 1970")
    return When(datetime.fromtimestamp(number, UTC))
