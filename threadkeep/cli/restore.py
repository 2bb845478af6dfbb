"""``threadkeep restore``: restore an archive from a backup."""

from pathlib import Path

import click

from threadkeep.backup.restore import restore as restore_archive
from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import complain, note, say, say_json
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import plural


@click.command()
@click.argument("backup", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--snapshot",
    "--state",
    "state",
    metavar="NAME",
    help="The snapshot to restore, such as 2026-05-01T120000Z; the newest by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def restore(folder: Path, backup: Path, state: str | None, as_json: bool) -> None:
    """Restore an archive from the backup in DIR.

    The archive's folder (--archive) must be new or empty.

    \b
    threadkeep restore backups
    threadkeep --archive restored restore backups
    """
    with Progress("restoring") as progress:
        report = restore_archive(backup, folder, state=state, watch=progress.fraction)
    if as_json:
        say_json(
            {
                "archive": str(folder),
                "state": report.state,
                "dumps": report.dumps,
                "media": report.media,
                "records": report.records,
                "damaged": list(report.damaged),
            }
        )
    else:
        posts, sources = plural(report.records.get("posts", 0), "post"), plural(report.dumps, "source")
        media = plural(report.media, "media file")
        say(f"{escape_controls(str(folder))}: restored from {report.state}: {posts}, {sources}, {media}")
    for path in report.damaged:
        complain(f"damaged in the backup and not restored: {path}", None)
    if report.damaged:
        note("threadkeep doctor --fix keeps what the database knows of a source that is lost")
        raise click.exceptions.Exit(1)
