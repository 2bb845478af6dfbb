"""``threadkeep stats``: count what the archive holds."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.terminal import say, say_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def stats(folder: Path, as_json: bool) -> None:
    """Count what the archive holds.

    \b
    threadkeep stats
    """
    with Archive(folder, create=False) as archive:
        counts = archive.store.counts()
    if as_json:
        say_json(counts)
    else:
        for name, count in counts.items():
            say(f"{count:>12,}  {name}")
