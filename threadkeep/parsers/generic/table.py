"""Read any CSV or JSON Lines with a map of its columns: ``--map text=body,author=user,created=ts``.

    user,ts,body                                    {"user": "mira", "ts": 1714540800, "body": "Frost again."}
    mira,2024-05-01T06:00:00Z,Frost again.

Nothing is taken for what it might be: a column that the map does not name is not read. Without a map only tables are
read whose columns have the names that X gave them. No id is made of one that lost digits in a spreadsheet or a data
frame (``1.82303E+18``): the address in its row has it, or the row stays a post of its own, told from others by its
author, words and time.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers._tables import DELIMITERS, Table, find_table
from threadkeep.parsers.entry import Entry
from threadkeep.platforms import x
from threadkeep.platforms.registry import platform_name, ref_of_url
from threadkeep.records import Account, Parsed, Post, Ref, Repost, When, account_ref, post_ref
from threadkeep.sources.source import Source
from threadkeep.text.dates import read_time
from threadkeep.text.entities import find_links, find_mentions, find_tags
from threadkeep.text.ids import can_be, exact_id, is_rounded, is_rounded_column, is_rounding_of
from threadkeep.text.languages import language_code

NAME = "table"
TITLE = "CSV or JSON Lines with a column map (--map)"
VERSION = 2

FIELDS = ("text", "author", "name", "created", "id", "url", "title", "reply_to", "language", "platform")
"""What a map may name."""

PLATFORM = "text"
"""The platform of posts of which no column says it."""

PLATFORM_CELL = "(platform)"
"""The name of a cell that every row gets where the names of the columns tell the platform."""

_TWEETS_CSV = {"tweet_id", "timestamp", "text"}


_IDS = ("id", "reply_to")
LOST_ID = "id"
"""In ``Post.inferred``: the row's id had lost digits."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the map; ``rounded`` are the columns of ids that went through a spreadsheet."""

    columns: dict[str, str]
    cells: Any
    rounded: frozenset[str]


def recognizes(source: Source) -> bool:
    """Whether a person said which column is what, or the names of the columns do; ``tweets.csv`` has its own parser."""
    if source.options.columns:
        return True
    table = find_table(source)
    return table is not None and table.known() is not None and not set(table.heads) >= _TWEETS_CSV


def entries(source: Source) -> Iterator[Entry]:
    """The rows, each a dictionary by the heads of the columns or the keys of the object."""
    columns = dict(source.options.columns) or _known_columns(source)
    if unknown := sorted(columns.keys() - set(FIELDS)):
        raise DumpError(f"{source.name}: the map names {', '.join(unknown)}", f"there are {', '.join(FIELDS)}")
    if "text" not in columns:
        raise DumpError(f"{source.name}: the map does not say where the text is", "add text=COLUMN")
    is_json = (source.head or "").lstrip("\ufeff \n").startswith("{")

    def rows() -> Iterator[tuple[str, Any, str]]:
        return _objects(source) if is_json else _rows(source, columns)

    rounded = frozenset(
        column
        for field, column in columns.items()
        if field in _IDS and is_rounded_column(str(_cells(row).get(column)) for _, row, _ in rows())
    )
    for locator, row, raw in rows():
        yield Entry(locator, _Row(columns, row, rounded), raw)


def _cells(row: Any) -> dict[str, Any]:
    """The cells of a row by column; empty for one that cannot be read, which ``parse`` reports."""
    try:
        held = json.loads(row) if isinstance(row, str) else row
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _objects(source: Source) -> Iterator[tuple[str, Any, str]]:
    for number, line in enumerate(source.lines(), 1):
        if line.strip("\ufeff "):
            yield f"line {number}", line, line


def _rows(source: Source, columns: dict[str, str]) -> Iterator[tuple[str, Any, str]]:
    table = find_table(source)
    first = (source.head or "").partition("\n")[0]
    comma = table.delimiter if table else max(DELIMITERS, key=first.count)
    rows = csv.DictReader((f"{line}\n" for line in source.lines()), delimiter=comma)
    heads = [head.lstrip("\ufeff").strip() for head in rows.fieldnames or ()]
    rows.fieldnames = heads
    if missing := [column for column in columns.values() if column not in (*heads, PLATFORM_CELL)]:
        raise DumpError(f"{source.name}: there is no column {', '.join(missing)}", f"there are {', '.join(heads)}")
    try:
        for row in rows:
            if PLATFORM_CELL in columns.values():
                row[PLATFORM_CELL] = _platform_of(table)
            yield f"line {rows.line_num}", row, comma.join(str(row.get(head) or "") for head in heads)
    except csv.Error as error:
        raise DumpError(f"{source.name}: line {rows.line_num}: {error}") from error


def parse(entry: Entry) -> Iterator[Parsed]:
    """A row -> its author, if a column says who, and the post."""
    columns, row = entry.data.columns, entry.data.cells
    if isinstance(row, str):
        row = json.loads(row)
    if not isinstance(row, dict):
        raise ValueError("it should be an object with the columns as keys")
    values = {field: _words(row.get(column), column) for field, column in columns.items() if field not in _IDS}
    text, handle = values.get("text"), (values.get("author") or "").lstrip("@") or None
    if text is None:
        raise ValueError(f"there is no {columns['text']!r} in it")
    identity = _identity(entry.data, row, values.get("url"))
    linked = identity.platform if isinstance(identity, Ref) else PLATFORM
    stated = values.get("platform")
    platform = platform_name(stated) if stated else linked
    who = handle or values.get("name")
    author = Account(account_ref(platform, who), handle, values.get("name")) if who else None
    if author:
        yield author
    created = _when(values.get("created"))
    if isinstance(identity, str):
        identity = Ref(platform, identity)
    answered = _id(entry.data, row, "reply_to")
    post = Post(
        identity or post_ref(platform, who, text, created),
        author.ref if author else None,
        text,
        title=values.get("title"),
        created=created,
        url=values.get("url"),
        reply_to=Ref(platform, answered) if answered else None,
        links=find_links(text),
        tags=find_tags(text),
        mentions=find_mentions(text),
        language=language_code(values.get("language")),
        inferred=(LOST_ID,) if identity is None and _is_stated(entry.data, row, "id") else (),
    )
    yield from _as_passed_on(post) if platform == x.NAME else [post]


def _as_passed_on(post: Post) -> Iterator[Parsed]:
    """A post of X; for ``RT @mira: The kiln…`` mira's post and the repost of it."""
    created = post.created.instant if post.created else None
    retweet = x.parse_retweet_text(post.text)
    if retweet is None:
        is_cut = x.is_cut_text(post.text, created, has_entities=False)
        yield replace(post, inferred=(*post.inferred, "truncated")) if is_cut else post
        return
    text = post.text[retweet.start :]
    account = Account(account_ref(x.NAME, retweet.handle), retweet.handle)
    original = post_ref(x.NAME, retweet.handle, text)
    yield account
    yield Post(
        original,
        account.ref,
        text,
        links=find_links(text),
        tags=find_tags(text),
        mentions=find_mentions(text),
        language=post.language,
        inferred=("truncated",) if text.rstrip().endswith("…") else (),
    )
    if post.author:
        yield Repost(post.author, original, post.created)


def _is_stated(item: _Row, row: dict[str, Any], field: str) -> bool:
    return row.get(item.columns.get(field, "")) not in (None, "")


def _id(item: _Row, row: dict[str, Any], field: str) -> str | None:
    """The id in a cell; None where there is none and where its digits are lost. Raises ValueError."""
    column = item.columns.get(field, "")
    if not _is_stated(item, row, field):
        return None
    value = row[column]
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ValueError(f"{column!r} should be text or a number")
    whole = exact_id(value)
    return None if whole is not None and column in item.rounded and is_rounded(whole) else whole


def _identity(item: _Row, row: dict[str, Any], url: str | None) -> Ref | str | None:
    """The id of a row, or the post at its address where the id lost the digits that the address has.

    The address is that of the mapped column, else the one cell that is an address of a post and nothing else.
    """
    whole = _id(item, row, "id")
    if (whole is not None and not is_rounded(whole)) or not _is_stated(item, row, "id"):
        return whole
    written = row[item.columns["id"]]
    for cell in (url, *row.values()):
        linked = ref_of_url(cell.strip()) if isinstance(cell, str) and "://" in cell[:10] else None
        number = linked.id.rpartition("/")[2] if linked else ""
        if linked and (can_be(written, number) if whole is None else is_rounding_of(whole, number)):
            return linked
    return whole


def _words(value: object, column: str) -> str | None:
    """A cell as text; an empty one is unknown. Raises ValueError for a list or an object."""
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{column!r} should be text or a number")


def _when(stated: str | None) -> When | None:
    """A time as tables write it (``text.dates.read_time``). Raises ValueError."""
    if stated is None:
        return None
    when = read_time(stated)
    if when is None:
        raise ValueError(f"{stated!r} is no time that can be read")
    return when


def _known_columns(source: Source) -> dict[str, str]:
    table = find_table(source)
    known = table.known() if table else None
    return {**known[1], "platform": PLATFORM_CELL} if known else {}


def _platform_of(table: Table | None) -> str:
    known = table.known() if table else None
    return known[0] if known else PLATFORM
