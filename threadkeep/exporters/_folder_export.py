"""Write a folder with a page per thread, an index of them, and the media they show; what was there besides stays."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from threadkeep.errors import StorageError
from threadkeep.exporters._atomic_text import fsync_all, make_folder, storage_error, whole_file
from threadkeep.exporters._filenames import file_name
from threadkeep.exporters._front_matter import date_text
from threadkeep.exporters._media import copy_media
from threadkeep.exporters._titles import name_of, title_of
from threadkeep.exporters.exporter import Selection, Written
from threadkeep.records import Ref, StoredPost, Thread

_LARGE_INDEX = 60
"""From so many threads on the index has a heading for each year."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the index says of a thread."""

    file: str
    title: str
    author: str | None
    date: str | None
    posts: int


@dataclass(frozen=True, slots=True)
class Form:
    """How the pages of a format are made.

    ``index`` is a file name, ``opening`` what an index of ours begins with; ``page`` takes a thread, its title and the
    quoted posts that are held, ``listing`` makes the index.
    """

    suffix: str
    index: str
    opening: str
    page: Callable[[Thread, str, Selection, Mapping[Ref, StoredPost]], str]
    listing: Callable[[Sequence[Listed]], str]


def write_folder(selection: Selection, to: Path, form: Form) -> Written:
    """Write ``selection`` into the folder ``to``, which is made where it is none. Raises StorageError."""
    make_folder(to)
    _refuse_strange_index(to / form.index, form.opening)
    held = _quoted_posts(selection)
    taken = {form.index}
    listed, written = [], set[Path]()
    for thread in selection.threads():
        if not thread.posts:
            continue
        entry = _listed(thread, taken, form.suffix)
        written.update(copy_media(thread, selection, to))
        with whole_file(to / entry.file, fsync=False) as file:
            file.write(form.page(thread, entry.title, selection, held))
        written.add(to / entry.file)
        listed.append(entry)
    fsync_all(written)
    with whole_file(to / form.index) as file:
        file.write(form.listing(listed))
    return Written(files=len(listed) + 1, posts=sum(entry.posts for entry in listed))


def by_year(listed: Sequence[Listed]) -> list[tuple[str | None, list[Listed]]]:
    """The threads newest first, the undated last: by year where there are many, else all under no year."""
    # Sorting is stable, so the archive's order holds within a day.
    ordered = sorted(listed, key=lambda entry: entry.date or "", reverse=True)
    if len(ordered) < _LARGE_INDEX:
        return [(None, ordered)]
    years: dict[str | None, list[Listed]] = defaultdict(list)
    for entry in ordered:
        years[entry.date[:4] if entry.date else "No date"].append(entry)
    return list(years.items())


def counted(number: int, noun: str) -> str:
    """``1 post``, ``1,200 posts``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(thread: Thread, taken: set[str], suffix: str) -> Listed:
    first = thread.posts[0]
    title, date = title_of(first), date_text(first.post.created)
    handle = first.author.handle if first.author else None
    name = name_of(first.author)
    file = file_name(thread.root, date, handle or name, title, taken, suffix=suffix)
    return Listed(file, title, name, date, len(thread.posts))


def _quoted_posts(selection: Selection) -> dict[Ref, StoredPost]:
    """The posts that others quote, as far as they are here."""
    wanted = {ref for stored in selection.posts() for ref in stored.post.quotes}
    return {stored.post.ref: stored for stored in selection.posts() if stored.post.ref in wanted} if wanted else {}


def _refuse_strange_index(path: Path, ours: str) -> None:
    """An index that someone else wrote is not ours to replace."""
    try:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                if file.read(len(ours)) != ours:
                    raise StorageError(f"{path}: is not from threadkeep", "export into a folder of its own")
    except OSError as error:
        raise storage_error(path, error) from error
