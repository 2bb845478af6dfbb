"""``threadkeep reread``: read the stored sources again with today's parsers."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.completion import complete_source
from threadkeep.cli.import_report import print_report
from threadkeep.cli.progress import sync_index


@click.command()
@click.argument("source", required=False, shell_complete=complete_source)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source.")
@click.pass_obj
def reread(folder: Path, source: str | None, as_json: bool) -> None:
    """Read stored sources with today's parsers.

    A report per source says what changed. SOURCE limits this to one source: give its path, its file name, or the
    beginning of its hash.

    \b
    threadkeep reread
    threadkeep reread twitter-2024.zip
    """
    with Archive(folder, create=False) as archive:
        for row in [archive.store.source(source)] if source else archive.store.sources():
            print_report(archive.reread(row), as_json=as_json)
        sync_index(archive)
