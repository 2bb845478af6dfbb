"""A progress bar on a terminal, once work takes longer than a moment; nothing anywhere else."""

import sys
import time
from types import TracebackType
from typing import Any

from threadkeep.text.control_chars import escape_controls

PATIENCE_SECONDS = 0.7
"""How long to work before showing a bar: most imports are done by then."""


class Progress:
    """A bar for one piece of work, gone when it is done. Use it as a context manager."""

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
        if self._bar is not None:
            self._bar.stop()

    def count(self, done: int) -> None:
        """So many are done, of who knows how many."""
        self._show(None, done)

    def fraction(self, part: float | None, done: int) -> None:
        """So many are done, and so much of the whole (0 to 1, or unknown)."""
        self._show(part, done)

    def _show(self, part: float | None, done: int) -> None:
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
