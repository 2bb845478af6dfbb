"""``threadkeep export``: write posts and threads to files that other programs read."""

import sys
from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.completion import QUERY_SETTINGS, QueryCommand, complete_format, complete_query
from threadkeep.cli.terminal import note, warn
from threadkeep.errors import StorageError
from threadkeep.exporters.registry import exporter_named
from threadkeep.text.formatting import plural


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
    text = " ".join(query)
    with (
        Archive(folder, create=False) as archive,
        archive.selection(text, private=include_private, warn=warn) as selection,
    ):
        if to == "-":
            lines = getattr(exporter, "lines", None)
            if lines is None:
                raise StorageError(f"{format_name} writes a folder, not standard output", "name a folder with --to")
            for line in lines(selection):
                sys.stdout.write(line)
            return
        written = exporter.write(selection, Path(to))
    note(f"{plural(written.posts, 'post')} in {plural(written.files, 'file')}: {to}")
