"""Write a folder of Markdown: a page per thread with YAML front matter, and an ``index.md`` that lists them.

    2024-05-01_mira_how-we-fire-a-kiln_bluesky-3k2a7.md
    index.md
    media/3fa9…c1.jpg

Made for Obsidian, plain for everything else. The same archive gives the same bytes. Each page is written whole or not
at all, and files that were in the folder stay.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from threadkeep.exporters._folder_export import Form, Listed, by_year, counted, write_folder
from threadkeep.exporters._front_matter import index_front_matter
from threadkeep.exporters._markdown_escape import label
from threadkeep.exporters._markdown_page import page
from threadkeep.exporters.exporter import Selection, Written

NAME = "markdown"
TITLE = "Markdown: a folder with a page per thread, for Obsidian and the like"


def write(selection: Selection, to: Path) -> Written:
    """Write ``selection`` into the folder ``to``, which is made where it is none. Raises StorageError."""
    return write_folder(selection, to, Form(".md", "index.md", index_front_matter(), page, _index))


def _index(listed: Sequence[Listed]) -> str:
    posts = sum(entry.posts for entry in listed)
    head = f"{index_front_matter()}\n# Threads\n\n{counted(len(listed), 'thread')}, {counted(posts, 'post')}\n"
    return "\n".join([head, *_rows(listed)]) + ("\n" if listed else "")


def _rows(listed: Sequence[Listed]) -> Iterator[str]:
    for place, (year, entries) in enumerate(by_year(listed)):
        if year:
            yield from ["", f"## {year}", ""] if place else [f"## {year}", ""]
        yield from map(_row, entries)


def _row(entry: Listed) -> str:
    parts = [
        entry.date or "",
        f"[{label(entry.title)}]({entry.file})",
        label(entry.author) if entry.author else "",
        counted(entry.posts, "post"),
    ]
    return f"- {' · '.join(filter(None, parts))}"
