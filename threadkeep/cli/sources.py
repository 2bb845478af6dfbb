"""``threadkeep sources``: list what was imported."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.tables import print_table
from threadkeep.cli.terminal import say_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source.")
@click.pass_obj
def sources(folder: Path, as_json: bool) -> None:
    """List the imported sources.

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
    print_table(
        ("hash", "format", "#bytes", "#records", "#problems", "#to check", "imported", "=path"),
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
