"""Commands that make parts of an archive anew: records from the kept dumps, the index from the records."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import ImportReport
from threadkeep.cli.import_ import print_report, report_object
from threadkeep.cli.progress import Progress
from threadkeep.cli.query_argument import complete_dump
from threadkeep.cli.sync_index import catch_up
from threadkeep.cli.terminal import note, plural, say_json


@click.command()
@click.pass_obj
def reindex(folder: Path) -> None:
    """Make the search index anew.

    \b
    threadkeep reindex
    """
    with Archive(folder, create=False) as archive, Progress("indexing") as progress:
        archive.reindex(progress.count)
        count = archive.store.counts()["posts"]
    note(f"{plural(count, 'post')} indexed")


@click.command()
@click.argument("source", required=False, shell_complete=complete_dump)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a dump.")
@click.pass_obj
def reread(folder: Path, source: str | None, as_json: bool) -> None:
    """Read the kept dumps again.

    All of them, or SOURCE, are read with today's parsers, and a report says what changed.

    \b
    threadkeep reread
    """
    with Archive(folder, create=False) as archive:
        for row in [archive.store.source(source)] if source else archive.store.sources():
            _print(archive.reread(row), as_json=as_json)
        catch_up(archive)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a dump.")
@click.pass_obj
def rebuild(folder: Path, as_json: bool) -> None:
    """Make the database anew from the dumps.

    They are read from the folder sources/ of the archive, and then the search index is made.

    \b
    threadkeep rebuild
    """
    with Archive(folder, create=(folder / "sources").is_dir()) as archive, Progress("rebuilding") as progress:
        for report in archive.rebuild():
            _print(report, as_json=as_json)
        catch_up(archive, progress.count)


def _print(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        say_json(report_object(report))
    else:
        print_report(report)
