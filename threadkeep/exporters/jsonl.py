"""Write every record as JSON Lines; importing the file gives an equal archive.

    {"type":"account","platform":"x","id":"12","handle":"mira",…}
    {"type":"post","id":"1750","platform":"x","author":"mira",…}

Accounts come first, since posts name their authors by handle; then posts, reposts, pins and gaps.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from threadkeep.exporters._atomic_text import atomic_export_file
from threadkeep.exporters.exporter import ExportCounts, Selection
from threadkeep.record_json.account_lookup import Accounts
from threadkeep.record_json.encode import account_object, gap_object, pin_object, post_object, repost_object
from threadkeep.record_json.json_lines import encode

NAME = "jsonl"
TITLE = "JSON Lines: every record, one a line; imports back"


def write(selection: Selection, to: Path) -> ExportCounts:
    """Write ``selection`` to the file ``to``, atomically. Raises StorageError."""
    posts = 0
    with atomic_export_file(to) as file:
        for object_ in _objects(selection):
            file.write(_line(object_))
            posts += object_["type"] == "post"
    return ExportCounts(files=1, posts=posts)


def lines(selection: Selection) -> Iterator[str]:
    """Yield the lines of the export, each with its line end."""
    return map(_line, _objects(selection))


def _line(object_: dict[str, Any]) -> str:
    return f"{encode(object_)}\n"


def _objects(selection: Selection) -> Iterator[dict[str, Any]]:
    accounts = Accounts()
    for account in selection.accounts():
        accounts.add(account)
        yield account_object(account)
    for stored in selection.posts():
        yield post_object(stored, accounts)
    yield from (repost_object(repost, selection.account(repost.account)) for repost in selection.reposts())
    yield from (pin_object(pin, selection.account(pin.account)) for pin in selection.pins())
    yield from map(gap_object, selection.gaps())
