"""Write posts as CSV, one a row, for people with a spreadsheet.

    platform,id,author,author_name,created,…,text,…
    x,1750,mira,Mira Okafor,2024-05-01T12:30:00Z,…,"The kiln is hot.
    It hums.",…

UTF-8 with a byte order mark, which Excel needs to detect the encoding; rows end in CR LF, line breaks in a cell stay.
A cell that a spreadsheet would run as a formula is prefixed with an apostrophe, and so is a cell that already looks
prefixed: removing one apostrophe from each cell that ``FORMULA`` matches restores the original. Control characters are
shown as pictures. Unknown values are empty cells.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from threadkeep.exporters._atomic_text import atomic_export_file
from threadkeep.exporters.exporter import ExportCounts, Selection
from threadkeep.record_json.encode import post_object
from threadkeep.text.control_chars import escape_controls

NAME = "csv"
TITLE = "CSV: one post a row, for spreadsheets"

COLUMNS = (
    *("platform", "id", "author", "author_name", "created", "precision", "edited", "title", "text", "url", "language"),
    *("thread", "reply_to", "quotes", "links", "media", "poll", "tags", "mentions", "warning", "visibility"),
    *("counts", "edits", "inferred", "sources"),
)
"""The keys of a post in JSON. Lists are joined: by spaces, or one a line for links, media, polls and edits."""

# Spreadsheets look past white space, and take the full-width forms of East Asian keyboards for the plain ones.
FORMULA = re.compile(r"['\s\x00-\x1f\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]|'*[\t\r]")


def write(selection: Selection, to: Path) -> ExportCounts:
    """Write the posts of ``selection`` to the file ``to``, atomically. Raises StorageError."""
    posts = -1  # the header is not a post
    with atomic_export_file(to) as file:
        file.write("\ufeff")
        for row in lines(selection):
            file.write(row)
            posts += 1
    return ExportCounts(files=1, posts=posts)


def lines(selection: Selection) -> Iterator[str]:
    """Yield the header and the rows, each with its line end; without a byte order mark, since programs read pipes."""
    row = io.StringIO(newline="")
    writer = csv.writer(row)
    writer.writerow(COLUMNS)
    yield row.getvalue()
    for stored in selection.posts():
        cells = _cells(post_object(stored))
        row.seek(0)
        row.truncate()
        writer.writerow([guarded(escape_controls(cells[column])) for column in COLUMNS])
        yield row.getvalue()


def guarded(cell: str) -> str:
    """Return ``cell``, prefixed with an apostrophe if a spreadsheet would run it: ``=1+1`` -> ``'=1+1``."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def _cells(object_: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of a row by column name."""
    joined = {
        "links": "\n".join(_with_words(_words_of(link), link["url"]) for link in object_["links"]),
        "media": "\n".join(
            " ".join([item["kind"], _with_words(item["alt"], item["url"] or item["file"])]).rstrip()
            for item in object_["media"]
        ),
        "poll": "\n".join(
            item["option"] if item["votes"] is None else f"{item['option']} ({item['votes']})"
            for item in object_.get("poll", ())
        ),
        "counts": " ".join(f"{name}={number}" for name, number in object_["counts"].items()),
        "edits": "\n".join(" ".join(filter(None, [edit["created"], edit["text"]])) for edit in object_["edits"]),
    }
    return {key: joined[key] if key in joined else _text(object_.get(key)) for key in COLUMNS}


def _words_of(link: Mapping[str, Any]) -> str | None:
    """``Kiln notes: what wood to burn``: the title of a link's card, or its text, and the card's description."""
    words = (link["title"] or link["text"], link.get("description"))
    return ": ".join(" ".join(part.split()) for part in words if part) or None


def _with_words(words: str | None, url: str | None) -> str:
    """``https://example.com (Kiln notes)``: an address, with the words for it where they say more."""
    if not url:
        return words or ""
    return f"{url} ({words})" if words and words != url else url


def _text(value: Any) -> str:
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, list) else str(value)
