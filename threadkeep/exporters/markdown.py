"""Write a folder of Markdown: a page per thread with YAML front matter, and an ``index.md`` that lists them.

    2024-05-01_mira_how-we-fire-a-kiln_bluesky-3k2a7.md
    index.md
    media/3fa9…c1.jpg

Works in Obsidian and in any Markdown reader. The same archive gives the same bytes. Each page is written atomically,
and other files in the folder stay.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from threadkeep.exporters._folder_export import IndexEntry, PageFormat, by_year, write_folder
from threadkeep.exporters._front_matter import index_front_matter
from threadkeep.exporters._markdown_escape import label
from threadkeep.exporters._markdown_page import render_thread
from threadkeep.exporters.exporter import ExportCounts, Selection
from threadkeep.text.formatting import plural

NAME = "markdown"
TITLE = "Markdown: a folder with a page per thread, for Obsidian and the like"


def write(selection: Selection, to: Path) -> ExportCounts:
    """Write ``selection`` into the folder ``to``, creating it if needed. Raises StorageError."""
    page_format = PageFormat(".md", "index.md", index_front_matter(), render_thread, _render_index)
    return write_folder(selection, to, page_format)


def _render_index(entries: Sequence[IndexEntry]) -> str:
    posts = sum(entry.posts for entry in entries)
    head = f"{index_front_matter()}\n# Threads\n\n{plural(len(entries), 'thread')}, {plural(posts, 'post')}\n"
    return "\n".join([head, *_rows(entries)]) + ("\n" if entries else "")


def _rows(listed: Sequence[IndexEntry]) -> Iterator[str]:
    for place, (year, entries) in enumerate(by_year(listed)):
        if year:
            yield from ["", f"## {year}", ""] if place else [f"## {year}", ""]
        yield from map(_row, entries)


def _row(entry: IndexEntry) -> str:
    parts = [
        entry.date or "",
        f"[{label(entry.title)}]({entry.file})",
        label(entry.author) if entry.author else "",
        plural(entry.posts, "post"),
    ]
    return f"- {' · '.join(filter(None, parts))}"
