"""``threadkeep reindex``: rebuild the search index."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import note
from threadkeep.text.formatting import plural


@click.command()
@click.pass_obj
def reindex(folder: Path) -> None:
    """Rebuild the search index from the database.

    \b
    threadkeep reindex
    """
    with Archive(folder, create=False) as archive, Progress("indexing") as progress:
        archive.reindex(progress.count)
        count = archive.store.counts()["posts"]
    note(f"{plural(count, 'post')} indexed")
