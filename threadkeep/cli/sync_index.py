"""Bringing the index up to what a command has just stored."""

from collections.abc import Callable

from threadkeep.archive.archive import Archive
from threadkeep.cli.terminal import note
from threadkeep.errors import ArchiveBusy


def catch_up(archive: Archive, progress: Callable[[int], None] | None = None) -> None:
    """Index what is new. Where another process is at it for too long, say so: it is stored, and will be indexed."""
    try:
        archive.sync(progress)
    except ArchiveBusy:
        note("stored; another process is indexing, so the next search takes in what is new")
