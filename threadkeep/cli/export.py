"""``threadkeep export``: write posts and threads to files that other programs read."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.completion import QUERY_SETTINGS, QueryCommand, complete_format, complete_query
from threadkeep.cli.formatting import left_out_note
from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import note, warn
from threadkeep.errors import StorageError
from threadkeep.exporters.exporter import Selection
from threadkeep.exporters.registry import exporter_named
from threadkeep.records import StoredPost, Thread
from threadkeep.text.formatting import plural

T = TypeVar("T")


class _Watched:
    """A selection that shows on a progress bar how many posts were taken from it."""

    def __init__(self, selection: Selection, progress: Progress) -> None:
        self._selection = selection
        self._progress = progress

    def posts(self) -> Iterator[StoredPost]:
        """The posts of the selection."""
        return self._counted(self._selection.posts(), lambda _: 1)

    def threads(self) -> Iterator[Thread]:
        """The threads of the selection."""
        return self._counted(self._selection.threads(), lambda thread: len(thread.posts))

    def _counted(self, items: Iterator[T], size: Callable[[T], int]) -> Iterator[T]:
        done = 0
        for item in items:
            yield item
            done += size(item)
            self._progress.count(done)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._selection, name)


def _check_parent(path: Path) -> None:
    """Raise StorageError if the folder that ``path`` is to lie in is missing: a mistyped path makes no folders."""
    parent = path.absolute().parent
    if not parent.is_dir():
        said = "is not a folder" if parent.exists() else "there is no such folder"
        raise StorageError(f"{path.parent}: {said}", "make it first, or choose another place with --to")


@click.command(cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1, metavar="[QUERY]", shell_complete=complete_query)
@click.option(
    "--format",
    "format_name",
    required=True,
    metavar="NAME",
    shell_complete=complete_format,
    help="markdown, html, jsonl or csv.",
)
@click.option(
    "--to",
    required=True,
    type=click.Path(allow_dash=True),
    metavar="PATH",
    help="The folder (markdown, html) or file (jsonl, csv) to write; - is standard output (jsonl, csv).",
)
@click.option("--include-private", is_flag=True, help="Include followers-only and direct posts.")
@click.pass_obj
def export(folder: Path, query: tuple[str, ...], format_name: str, to: str, include_private: bool) -> None:
    """Write posts and threads to files.

    Without QUERY everything is written. With it, markdown and html write the whole threads of the posts found.

    \b
    threadkeep export --format markdown --to notes
    threadkeep export 'from:mira garden' --format csv --to garden.csv
    """
    exporter = exporter_named(format_name)
    if to != "-":
        _check_parent(Path(to))
    text = " ".join(query)
    with (
        Archive(folder, create=False) as archive,
        archive.selection(text, private=include_private, warn=warn) as selection,
    ):
        left_out = 0 if include_private else archive.left_out(text)
        if to == "-":
            lines = getattr(exporter, "lines", None)
            if lines is None:
                raise StorageError(f"{format_name} writes a folder, not standard output", "name a folder with --to")
            for line in lines(selection):
                sys.stdout.write(line)
            if left_out:
                note(left_out_note(left_out))
            return
        with Progress("exporting") as progress:
            written = exporter.write(cast(Selection, _Watched(selection, progress)), Path(to))
    note(f"{plural(written.posts, 'post')} in {plural(written.files, 'file')}: {to}")
    if left_out:
        note(left_out_note(left_out))
