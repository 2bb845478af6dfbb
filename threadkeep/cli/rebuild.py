"""``threadkeep rebuild``: rebuild the database from the stored sources."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.import_report import print_report
from threadkeep.cli.progress import Progress, sync_index


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source.")
@click.pass_obj
def rebuild(folder: Path, as_json: bool) -> None:
    """Rebuild the database from the stored sources.

    They are read from the folder sources/ in the archive; then the new posts are indexed.

    \b
    threadkeep rebuild
    """
    with Archive(folder, create=(folder / "sources").is_dir()) as archive, Progress("rebuilding") as progress:
        for report in archive.rebuild():
            print_report(report, as_json=as_json)
        sync_index(archive, progress.count)
