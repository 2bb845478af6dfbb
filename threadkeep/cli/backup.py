"""Commands for the day the disk fails: back the archive up, verify the backup, restore an archive from it."""

from pathlib import Path

import click

from threadkeep.backup.create import KEPT_STATES, back_up
from threadkeep.backup.restore import restore as restore_archive
from threadkeep.backup.verify import verify as verify_backup
from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import complain, note, plural, say, say_json, styled
from threadkeep.text.control_chars import escape_controls

_FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("to", metavar="DIR", type=_FOLDER)
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=KEPT_STATES,
    show_default=True,
    metavar="N",
    help="How many states of the archive stay there, the newest.",
)
@click.option("--recheck", is_flag=True, help="Read again what earlier backups copied, and copy anew what has changed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def backup(folder: Path, to: Path, keep: int, recheck: bool, as_json: bool) -> None:
    """Copy the archive to a backup.

    It goes to DIR as it is now, while others may use it; what is there already is not copied twice.

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
            }
        )
    else:
        files = f"{plural(report.copied, 'file')} copied, {report.there:,} there already"
        if report.is_new:
            say(f"{escape_controls(str(to))}: {report.state}, {plural(report.records['posts'], 'post')}; {files}")
        else:
            say(f"{escape_controls(str(to))}: nothing has changed since {report.state}; {files}")
        for state in report.dropped:
            note(f"dropped the state {state}")
    for one in report.lacking:
        complain(f"not in the backup: {one.path}: {one.why}", None)
    if report.lacking:
        note("everything else is; threadkeep doctor says more")
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("backup", metavar="DIR", type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a finding, and one for the whole.")
def verify(backup: Path, as_json: bool) -> None:
    """Check the files of a backup.

    Every file of the backup in DIR is held against its manifest; this needs no archive.

    \b
    threadkeep verify backups
    """
    with Progress("verifying") as progress:
        found = verify_backup(backup, progress.fraction)
    for flaw in found.flaws:
        if as_json:
            say_json(
                {
                    "ok": flaw.is_harmless,
                    "found": flaw.kind,
                    "state": flaw.state,
                    "path": flaw.path,
                    "what": flaw.said,
                }
            )
        else:
            mark = styled(flaw.kind, None if flaw.is_harmless else "red")
            say(f"{mark}  {escape_controls(flaw.path)}: {escape_controls(flaw.said)}")
    if as_json:
        say_json({"ok": found.is_whole, "states": list(found.states), "files": found.files, "bytes": found.bytes})
    else:
        what = f"{plural(found.files, 'file')}, {found.bytes:,} bytes, {plural(len(found.states), 'state')}"
        say(f"{escape_controls(str(backup))}: {what}: {'whole' if found.is_whole else styled('damaged', 'red')}")
    if not found.is_whole:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("backup", metavar="DIR", type=_FOLDER)
@click.option("--state", metavar="NAME", help="The state to restore, such as 2026-05-01T120000Z; else the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def restore(folder: Path, backup: Path, state: str | None, as_json: bool) -> None:
    """Make an archive from a backup.

    The archive (--archive) must not be there yet; the backup is the one in DIR.

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
        what = (
            f"{plural(report.records.get('posts', 0), 'post')}, {plural(report.dumps, 'dump')}, {report.media:,} media"
        )
        say(f"{escape_controls(str(folder))}: restored from {report.state}: {what}")
    for path in report.damaged:
        complain(f"damaged in the backup and not restored: {path}", None)
    if report.damaged:
        note("threadkeep doctor --fix keeps what the database knows of a dump that is lost")
        raise click.exceptions.Exit(1)
