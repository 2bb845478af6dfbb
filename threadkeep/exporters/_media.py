"""Copy the images, videos and sounds of an export beside its pages, into ``media/``."""

import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from threadkeep.exporters._atomic_text import storage_error
from threadkeep.exporters.exporter import Selection
from threadkeep.files import atomic_files
from threadkeep.records import Thread

FOLDER = "media"


def file_target(file: str | None) -> str | None:
    """Return the relative URL of an exported file; None for a name that leads out of ``media/``."""
    if not file or posixpath.normpath(file) != file or file.startswith(("/", "..")):
        return None
    return f"{FOLDER}/{quote(file, safe='/', errors='replace')}"


def copy_media(thread: Thread, selection: Selection, to: Path) -> Iterator[Path]:
    """Copy the thread's media that the archive holds into ``to``, and yield each new file, not yet flushed to disk.

    Raises StorageError.
    """
    for file in {media.file for stored in thread.posts for media in stored.post.media if media.file}:
        held, place = selection.medium(file), to / FOLDER / file
        if held is None:
            continue
        try:
            if place.exists() and place.stat().st_size == held.stat().st_size:
                continue
            atomic_files.make_folder(place.parent)
            with held.open("rb") as source, atomic_files.temp_file(to, mode=0o666) as copy:
                shutil.copyfileobj(source, copy.file, 1 << 20)
                copy.commit(place, fsync=False)
            yield place
        except OSError as error:
            raise storage_error(place, error) from error
