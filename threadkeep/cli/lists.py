"""Commands that list what there is: formats, dumps, problems, accounts, threads, and the numbers of it all."""

from collections.abc import Sequence
from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.query_argument import complete_dump
from threadkeep.cli.search import byline, day
from threadkeep.cli.terminal import has_colour, note, plural, say, say_json
from threadkeep.text.control_chars import escape_controls

_UNBROKEN = 10_000
"""How wide a table may be that goes into a file or another program: a line of it stays one line."""


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table no wider than the terminal, its text made harmless; heads that begin with ``#`` are numbers."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold" if has_colour() else "")
    for head in heads:
        table.add_column(head.lstrip("#"), justify="right" if head.startswith("#") else "left", overflow="fold")
    for line in lines:
        table.add_row(*(Text(escape_controls(cell)) for cell in line))
    width = None if Console().is_terminal else _UNBROKEN
    console = Console(no_color=not has_colour(), highlight=False, width=width)
    with console.capture() as drawn:
        console.print(table)
    for line in drawn.get().splitlines():
        say(line.rstrip())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a format.")
def formats(as_json: bool) -> None:
    """List the formats read and written.

    \b
    threadkeep formats
    """
    from threadkeep.exporters.registry import all_exporters
    from threadkeep.parsers.registry import all_parsers

    known = [("read", parser.NAME, parser.TITLE) for parser in all_parsers().values()]
    known += [("write", exporter.NAME, exporter.TITLE) for exporter in all_exporters().values()]
    if as_json:
        for direction, name, title in known:
            say_json({"direction": direction, "name": name, "title": title})
    else:
        _table(("", "name", "what it is"), known)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a dump.")
@click.pass_obj
def sources(folder: Path, as_json: bool) -> None:
    """List the dumps the archive was made from.

    \b
    threadkeep sources
    """
    with Archive(folder, create=False) as archive:
        rows = archive.store.sources()
    if as_json:
        for row in rows:
            say_json(
                {
                    "source": row.record.path,
                    "format": row.record.format,
                    "sha256": row.record.sha256,
                    "bytes": row.bytes,
                    "encoding": row.encoding,
                    "owner": row.record.owner,
                    "imported": row.record.imported.isoformat(timespec="seconds").replace("+00:00", "Z"),
                    "read": row.entries,
                    "skipped": row.skipped,
                    "problems": row.problems,
                    "to_check": row.to_check,
                }
            )
        return
    heads = ("hash", "format", "#bytes", "#read", "#problems", "#to check", "imported", "path")
    _table(
        heads,
        [
            (
                row.record.sha256[:12],
                row.record.format,
                f"{row.bytes:,}",
                f"{row.entries:,}",
                f"{row.problems:,}",
                f"{row.to_check:,}",
                f"{row.record.imported:%Y-%m-%d}",
                row.record.path,
            )
            for row in rows
        ],
    )


@click.command()
@click.argument("source", required=False, shell_complete=complete_dump)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a problem.")
@click.pass_obj
def problems(folder: Path, source: str | None, as_json: bool) -> None:
    """List what could not be read, and why.

    Of all dumps, or of SOURCE: its path, its file name, or the beginning of its hash.

    \b
    threadkeep problems
    """
    with Archive(folder, create=False) as archive:
        found = archive.store.problems(source)
    for path, problem in found:
        if as_json:
            say_json({"source": path, "locator": problem.locator, "reason": problem.reason, "raw": problem.raw})
        else:
            say(f"{escape_controls(path)}: {escape_controls(problem.locator)}: {escape_controls(problem.reason)}")
    if not as_json:
        note(plural(len(found), "problem") if found else "no problems")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object an account.")
@click.pass_obj
def accounts(folder: Path, as_json: bool) -> None:
    """List accounts, by how many posts are held.

    \b
    threadkeep accounts
    """
    from threadkeep.record_json.encode import account_object

    with Archive(folder, create=False) as archive:
        found = archive.store.accounts()
    if as_json:
        for account, _ in found:
            say_json(account_object(account))
    else:
        _table(
            ("#posts", "handle", "name", "platform"),
            [(f"{held:,}", a.handle or "", a.name or "", a.ref.platform) for a, held in found],
        )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a thread: its root, and how many posts.")
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
        _table(
            ("#posts", "author", "date", "begins", "id"),
            [
                (f"{count:,}", byline(r), day(r.post.created), _opening(r.post.text), str(r.post.ref))
                for r, count in found
            ],
        )


def _opening(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def stats(folder: Path, as_json: bool) -> None:
    """Show how much the archive holds.

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
