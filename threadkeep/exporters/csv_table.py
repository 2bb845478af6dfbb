"""Write posts as CSV, one a row, for people with a spreadsheet.

    platform,id,author,author_name,created,…,text,…
    x,1750,mira,Mira Okafor,2024-05-01T12:30:00Z,…,"The kiln is hot.
    It hums.",…

UTF-8 with a byte order mark, without which Excel takes it for another encoding; rows end in CR LF, line breaks inside a
cell stay. A cell that a spreadsheet would run as a formula gets an apostrophe in front; a cell that already looks so
guarded gets one more, so taking one apostrophe off each cell that ``FORMULA`` matches gives back what was there.
Control characters are shown as pictures. Unknown is an empty cell.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from threadkeep.exporters._atomic_text import single_file
from threadkeep.exporters.exporter import Selection, Written
from threadkeep.record_json.encode import post_object
from threadkeep.text.control_chars import escape_controls, replace_unstorable

NAME = "csv"
TITLE = "CSV: one post a row, for spreadsheets"

COLUMNS = (
    *("platform", "id", "author", "author_name", "created", "precision", "title", "text", "url", "language"),
    *("thread", "reply_to", "quotes", "links", "media", "tags", "mentions", "warning", "visibility"),
    *("counts", "edits", "inferred", "sources"),
)
"""The keys of a post in JSON. Lists are joined: by spaces, or one a line for links, media and edits."""

# Spreadsheets look past white space, and take the full-width forms of East Asian keyboards for the plain ones.
FORMULA = re.compile(r"['\s\x00-\x1f\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]|'*[\t\r]")


def write(selection: Selection, to: Path) -> Written:
    """Write the posts of ``selection`` to the file ``to``, whole or not at all. Raises StorageError."""
    posts = -1  # the header is no post
    with single_file(to) as file:
        file.write("\ufeff")
        for row in lines(selection):
            file.write(row)
            posts += 1
    return Written(files=1, posts=posts)


def lines(selection: Selection) -> Iterator[str]:
    """The header and the rows one by one, each with its end; without a byte order mark, since programs read pipes."""
    row = io.StringIO(newline="")
    writer = csv.writer(row)
    writer.writerow(COLUMNS)
    yield row.getvalue()
    for stored in selection.posts():
        cells = _cells(post_object(stored))
        row.seek(0)
        row.truncate()
        writer.writerow([guarded(escape_controls(replace_unstorable(cells[column]))) for column in COLUMNS])
        yield row.getvalue()


def guarded(cell: str) -> str:
    """``cell``, behind an apostrophe where a spreadsheet would run it: ``=1+1`` -> ``'=1+1``."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def _cells(object_: Mapping[str, Any]) -> dict[str, str]:
    """A post's object as text, a cell a key."""
    joined = {
        "links": "\n".join(_said(link["title"] or link["text"], link["url"]) for link in object_["links"]),
        "media": "\n".join(
            " ".join([item["kind"], _said(item["alt"], item["url"] or item["file"])]).rstrip()
            for item in object_["media"]
        ),
        "counts": " ".join(f"{name}={number}" for name, number in object_["counts"].items()),
        "edits": "\n".join(" ".join(filter(None, [edit["created"], edit["text"]])) for edit in object_["edits"]),
    }
    return {key: joined[key] if key in joined else _text(object_[key]) for key in COLUMNS}


def _said(words: str | None, url: str | None) -> str:
    """``https://example.com (Kiln notes)``: an address, with the words for it where they say more."""
    if not url:
        return words or ""
    return f"{url} ({words})" if words and words != url else url


def _text(value: Any) -> str:
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, list) else str(value)
