"""Write a folder of Markdown: a page per thread with YAML front matter, and an ``index.md`` that lists them.

    2024-05-01_mira_how-we-fire-a-kiln_bluesky-3k2a7.md
    index.md

Made for Obsidian, plain for everything else. The same archive gives the same bytes. Each page is written whole or not
at all, and files that were in the folder stay.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from threadkeep.errors import StorageError
from threadkeep.exporters import Selection, Written
from threadkeep.exporters._escape import label
from threadkeep.exporters._filenames import file_name
from threadkeep.exporters._front_matter import date_text, index_front_matter
from threadkeep.exporters._page import page
from threadkeep.exporters._titles import name_of, title_of
from threadkeep.exporters._writing import make_folder, storage_error, whole_file
from threadkeep.records import KeptPost, Ref, Thread

NAME = "markdown"
TITLE = "Markdown: a folder with a page per thread, for Obsidian and the like"

INDEX = "index.md"

_LARGE_INDEX = 60
"""From so many threads on the index has a heading for each year."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the index says of a thread."""

    file: str
    title: str
    author: str | None
    date: str | None
    posts: int


def write(selection: Selection, to: Path) -> Written:
    """Write ``selection`` into the folder ``to``, which is made where it is none. Raises StorageError."""
    make_folder(to)
    _refuse_strange_index(to / INDEX)
    held = _quoted_posts(selection)
    taken = {INDEX}
    listed = []
    for thread in selection.threads():
        if not thread.posts:
            continue
        entry = _listed(thread, taken)
        with whole_file(to / entry.file) as file:
            file.write(page(thread, entry.title, selection, held))
        listed.append(entry)
    with whole_file(to / INDEX) as file:
        file.write(_index(listed))
    return Written(files=len(listed) + 1, posts=sum(entry.posts for entry in listed))


def _listed(thread: Thread, taken: set[str]) -> _Listed:
    first = thread.posts[0]
    title, date = title_of(first), date_text(first.post.created)
    handle = first.author.handle if first.author else None
    name = name_of(first.author)
    file = file_name(thread.root, date, handle or name, title, taken)
    return _Listed(file, title, name, date, len(thread.posts))


def _quoted_posts(selection: Selection) -> dict[Ref, KeptPost]:
    """The posts that others quote, as far as they are here."""
    wanted = {ref for kept in selection.posts() for ref in kept.post.quotes}
    return {kept.post.ref: kept for kept in selection.posts() if kept.post.ref in wanted} if wanted else {}


def _refuse_strange_index(path: Path) -> None:
    """An ``index.md`` that someone else wrote is not ours to replace."""
    ours = index_front_matter()
    try:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                if file.read(len(ours)) != ours:
                    raise StorageError(f"{path}: is not from threadkeep", "export into a folder of its own")
    except OSError as error:
        raise storage_error(path, error) from error


def _index(listed: list[_Listed]) -> str:
    posts = sum(entry.posts for entry in listed)
    head = f"{index_front_matter()}\n# Threads\n\n{_counted(len(listed), 'thread')}, {_counted(posts, 'post')}\n"
    # Newest first, undated last; sorting is stable, so the archive's order holds within a day.
    ordered = sorted(listed, key=lambda entry: entry.date or "", reverse=True)
    return "\n".join([head, *_rows(ordered)]) + ("\n" if listed else "")


def _rows(ordered: list[_Listed]) -> Iterator[str]:
    if len(ordered) < _LARGE_INDEX:
        yield from map(_row, ordered)
        return
    years: dict[str, list[_Listed]] = defaultdict(list)
    for entry in ordered:
        years[entry.date[:4] if entry.date else "No date"].append(entry)
    for place, (year, entries) in enumerate(years.items()):
        yield from ["", f"## {year}", ""] if place else [f"## {year}", ""]
        yield from map(_row, entries)


def _row(entry: _Listed) -> str:
    parts = [
        entry.date or "",
        f"[{label(entry.title)}]({entry.file})",
        label(entry.author) if entry.author else "",
        _counted(entry.posts, "post"),
    ]
    return f"- {' · '.join(filter(None, parts))}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
