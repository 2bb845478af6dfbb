"""``threadkeep threads``: list the threads in the archive."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.formatting import byline, day, print_table
from threadkeep.cli.terminal import say_json

_OPENING_LENGTH = 60


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per thread: its root and its length.")
@click.pass_obj
def threads(folder: Path, as_json: bool) -> None:
    """List the threads, the longest first.

    \b
    threadkeep threads
    """
    with Archive(folder, create=False) as archive:
        found = archive.store.threads()
    if as_json:
        for root, count in found:
            author = root.author.handle if root.author else None
            say_json({"thread": root.post.ref.id, "platform": root.post.ref.platform, "author": author, "posts": count})
    else:
        print_table(
            ("#posts", "author", "date", "begins", "id"),
            [
                (f"{count:,}", byline(root), day(root.post.created), _opening(root.post.text), str(root.post.ref))
                for root, count in found
            ],
        )


def _opening(text: str) -> str:
    """Return the first words of a post, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _OPENING_LENGTH else line[: _OPENING_LENGTH - 1] + "…"
