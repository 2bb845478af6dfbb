"""Write a folder: one page per thread, an index, and the media they show. Other files in the folder stay."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from threadkeep.errors import StorageError
from threadkeep.exporters._atomic_text import atomic_text_file, fsync_all, make_folder, storage_error
from threadkeep.exporters._filenames import file_name
from threadkeep.exporters._media import copy_media
from threadkeep.exporters._titles import name_of, title_of
from threadkeep.exporters.exporter import ExportCounts, Selection
from threadkeep.records import Ref, StoredPost, Thread
from threadkeep.text.formatting import date_text

_YEAR_HEADINGS_MIN = 60
"""From this many threads on, the index has a heading for each year."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A thread in the index."""

    file: str
    title: str
    author: str | None
    date: str | None
    posts: int


@dataclass(frozen=True, slots=True)
class PageFormat:
    """How a format names and renders its pages.

    ``index`` is the file name of the index and ``signature`` how every index of this format begins. ``render_thread``
    takes a thread, its title, the selection, and the quoted posts in the archive.
    """

    suffix: str
    index: str
    signature: str
    render_thread: Callable[[Thread, str, Selection, Mapping[Ref, StoredPost]], str]
    render_index: Callable[[Sequence[IndexEntry]], str]


def write_folder(selection: Selection, to: Path, page_format: PageFormat) -> ExportCounts:
    """Write ``selection`` into the folder ``to``, creating it if needed. Raises StorageError."""
    make_folder(to)
    _check_index(to / page_format.index, page_format.signature)
    quoted = _quoted_posts(selection)
    taken = {page_format.index}
    entries, written = [], set[Path]()
    for thread in selection.threads():
        if not thread.posts:
            continue
        entry = _index_entry(thread, taken, page_format.suffix)
        written.update(copy_media(thread, selection, to))
        with atomic_text_file(to / entry.file, fsync=False) as file:
            file.write(page_format.render_thread(thread, entry.title, selection, quoted))
        written.add(to / entry.file)
        entries.append(entry)
    fsync_all(written)
    with atomic_text_file(to / page_format.index) as file:
        file.write(page_format.render_index(entries))
    return ExportCounts(files=len(entries) + 1, posts=sum(entry.posts for entry in entries))


def by_year(entries: Sequence[IndexEntry]) -> list[tuple[str | None, list[IndexEntry]]]:
    """Group the threads by year, newest first, undated last; a small index is one group without a year."""
    # Sorting is stable, so the archive's order holds within a day.
    ordered = sorted(entries, key=lambda entry: entry.date or "", reverse=True)
    if len(ordered) < _YEAR_HEADINGS_MIN:
        return [(None, ordered)]
    years: dict[str | None, list[IndexEntry]] = defaultdict(list)
    for entry in ordered:
        years[entry.date[:4] if entry.date else "No date"].append(entry)
    return list(years.items())


def _index_entry(thread: Thread, taken: set[str], suffix: str) -> IndexEntry:
    first = thread.posts[0]
    title, date = title_of(first), date_text(first.post.created)
    handle = first.author.handle if first.author else None
    name = name_of(first.author)
    file = file_name(thread.root, date, handle or name, title, taken, suffix=suffix)
    return IndexEntry(file, title, name, date, len(thread.posts))


def _quoted_posts(selection: Selection) -> dict[Ref, StoredPost]:
    """Return the quoted posts that are in the selection."""
    wanted = {ref for stored in selection.posts() for ref in stored.post.quotes}
    return {stored.post.ref: stored for stored in selection.posts() if stored.post.ref in wanted} if wanted else {}


def _check_index(path: Path, signature: str) -> None:
    """Raise StorageError if ``path`` is an index that threadkeep did not write."""
    try:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                if file.read(len(signature)) != signature:
                    raise StorageError(f"{path}: is not from threadkeep", "export into a folder of its own")
    except OSError as error:
        raise storage_error(path, error) from error
