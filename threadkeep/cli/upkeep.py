"""Commands that keep an archive in order."""

from pathlib import Path

import click

from threadkeep.archive import Archive
from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import note, plural


@click.command()
@click.pass_obj
def reindex(folder: Path) -> None:
    """Make the search index anew from the database.

    \b
    threadkeep reindex
    """
    with Archive(folder, create=False) as archive, Progress("indexing") as progress:
        archive.reindex(progress.count)
        count = archive.store.counts()["posts"]
    note(f"{plural(count, 'post')} indexed")
