"""Progress bars on a terminal for work that takes longer than a moment; nothing is drawn elsewhere."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from threadkeep.cli.terminal import note
from threadkeep.errors import ArchiveBusy
from threadkeep.text.control_chars import escape_controls

if TYPE_CHECKING:
    from threadkeep.archive.archive import Archive

PATIENCE_SECONDS = 0.7
"""How long to work before a bar appears; most imports are done by then."""


class Progress:
    """A progress bar for one piece of work, removed at the end. Use it as a context manager."""

    def __init__(self, title: str) -> None:
        self._title = escape_controls(title)
        self._begin = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()

    def count(self, done: int) -> None:
        """Show how many items are done, where the total is unknown."""
        self.fraction(None, done)

    def fraction(self, part: float | None, done: int) -> None:
        """Show how many items are done and which part of the whole they are: 0 to 1, or None if unknown."""
        if not sys.stderr.isatty() or time.monotonic() - self._begin < PATIENCE_SECONDS:
            return
        if self._bar is None:
            self._start()
        self._bar.update(self._task, total=None if part is None else 1.0, completed=part or 0.0, done=f"{done:,}")

    def _start(self) -> None:
        from rich import progress
        from rich.console import Console

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.TextColumn("{task.fields[done]}"),
            progress.TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(self._title, total=None, done="0")
        self._bar.start()


def sync_index(archive: "Archive", progress: Callable[[int], None] | None = None) -> None:
    """Index the posts that were just stored; say so if another process holds the index for too long."""
    try:
        archive.sync(progress)
    except ArchiveBusy:
        note("stored; another process is indexing, so the next search will index the new posts")
