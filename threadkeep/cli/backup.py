"""``threadkeep backup``: back the archive up."""

from pathlib import Path

import click

from threadkeep.backup.create import KEPT_STATES, BackupReport, back_up
from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import complain, note, say, say_json
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import plural


@click.command()
@click.argument("to", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=KEPT_STATES,
    show_default=True,
    metavar="N",
    help="Number of snapshots to keep, the newest ones.",
)
@click.option("--recheck", is_flag=True, help="Read the files of earlier backups again, and replace changed ones.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def backup(folder: Path, to: Path, keep: int, recheck: bool, as_json: bool) -> None:
    """Back the archive up to the folder DIR.

    Each backup adds a snapshot; files that DIR already has are not copied again. Other processes may use the archive
    meanwhile.

    \b
    threadkeep backup backups
    """
    with Progress("backing up") as progress:
        report = back_up(folder, to, keep=keep, recheck=recheck, watch=progress.fraction)
    if as_json:
        say_json(
            {
                "state": report.state,
                "new": report.is_new,
                "copied": report.copied,
                "there": report.there,
                "bytes": report.bytes_written,
                "records": report.records,
                "lacking": [{"path": one.path, "why": one.why} for one in report.lacking],
                "dropped": list(report.dropped),
                "left_out": list(report.left_out),
            }
        )
    else:
        _print(report, to)
    for name in report.left_out:
        note(f"left out, as threadkeep did not make it: the {name} in the database")
    for one in report.lacking:
        complain(f"not in the backup: {one.path}: {one.why}", None)
    if report.lacking:
        note("everything else is backed up; threadkeep doctor checks the archive")
        raise click.exceptions.Exit(1)


def _print(report: BackupReport, to: Path) -> None:
    files = f"{plural(report.copied, 'file')} copied, {report.there:,} already there"
    if report.is_new:
        say(f"{escape_controls(str(to))}: {report.state}, {plural(report.records['posts'], 'post')}; {files}")
    else:
        say(f"{escape_controls(str(to))}: nothing has changed since {report.state}; {files}")
    for state in report.dropped:
        note(f"removed the snapshot {state}")
