"""``threadkeep threads``: list the threads in the archive."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.completion import QUERY_SETTINGS, QueryCommand, complete_query
from threadkeep.cli.formatting import byline, day
from threadkeep.cli.tables import print_table
from threadkeep.cli.terminal import say_json, warn
from threadkeep.text.control_chars import escape_name

_OPENING_LENGTH = 60


@click.command(cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1, metavar="[QUERY]", shell_complete=complete_query)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Number of threads to list.")
@click.option("--include-private", is_flag=True, help="With QUERY: include followers-only and direct posts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per thread: its root and its length.")
@click.pass_obj
def threads(folder: Path, query: tuple[str, ...], limit: int | None, include_private: bool, as_json: bool) -> None:
    """List the threads, the longest first.

    With QUERY only the threads are listed in which a post stands that it finds.

    \b
    threadkeep threads
    threadkeep threads 'from:mira kiln' --limit 10
    """
    text = " ".join(query)
    with Archive(folder, create=False) as archive:
        numbers = archive.matching(text, private=include_private, warn=warn) if text else None
        found = archive.store.threads(numbers, limit)
    if as_json:
        for root, count in found:
            author = root.author.handle if root.author else None
            say_json({"thread": root.post.ref.id, "platform": root.post.ref.platform, "author": author, "posts": count})
    else:
        print_table(
            ("#posts", "author", "date", "begins", "=id"),
            [
                (
                    f"{count:,}",
                    byline(root),
                    day(root.post.created),
                    _opening(root.post.text),
                    escape_name(str(root.post.ref)),
                )
                for root, count in found
            ],
        )


def _opening(text: str) -> str:
    """Return the first words of a post, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _OPENING_LENGTH else line[: _OPENING_LENGTH - 1] + "…"
