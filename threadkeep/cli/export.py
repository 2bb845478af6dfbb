"""``threadkeep export``: write threads and records to files other programs read."""

import sys
from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.query_argument import SHELLED, QueryCommand, complete_format, complete_query
from threadkeep.cli.terminal import note, plural
from threadkeep.errors import StorageError
from threadkeep.exporters.registry import exporter_named


@click.command(cls=QueryCommand, context_settings=SHELLED)
@click.argument("query", nargs=-1, metavar="[QUERY]", shell_complete=complete_query)
@click.option(
    "--format",
    "form",
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
    help="The folder (markdown, html) or file to write; - is stdout (jsonl, csv).",
)
@click.option("--include-private", is_flag=True, help="Posts that were not for everyone, too.")
@click.pass_obj
def export(folder: Path, query: tuple[str, ...], form: str, to: str, include_private: bool) -> None:
    """Write posts and threads to files.

    Everything is written, or the posts that QUERY finds; markdown and html write the whole threads they stand in.

    \b
    threadkeep export --format markdown --to notes
    threadkeep export 'from:mira garden' --format csv --to garden.csv
    """
    exporter = exporter_named(form)
    text = " ".join(query)
    with (
        Archive(folder, create=False) as archive,
        archive.selection(text, private=include_private, warn=_warn) as selection,
    ):
        if to == "-":
            lines = getattr(exporter, "lines", None)
            if lines is None:
                raise StorageError(f"{form} is written to a folder, not to standard output", "name one with --to")
            for line in lines(selection):
                sys.stdout.write(line)
            return
        written = exporter.write(selection, Path(to))
    note(f"{plural(written.posts, 'post')} in {plural(written.files, 'file')}: {to}")


def _warn(warning: str) -> None:
    note(f"threadkeep: {warning}")
