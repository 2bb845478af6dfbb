"""``threadkeep verify``: check the files of a backup."""

from pathlib import Path

import click

from threadkeep.backup.verify import verify as verify_backup
from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import say, say_json, styled
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import plural


@click.command()
@click.argument("backup", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per finding, and one for the backup.")
def verify(backup: Path, as_json: bool) -> None:
    """Check the files of a backup.

    Every file of the backup in DIR is compared with its manifest; no archive is needed.

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
            kind = styled(flaw.kind, None if flaw.is_harmless else "red")
            say(f"{kind}  {escape_controls(flaw.path)}: {escape_controls(flaw.said)}")
    if as_json:
        say_json({"ok": found.is_whole, "states": list(found.states), "files": found.files, "bytes": found.bytes})
    else:
        size = f"{plural(found.files, 'file')}, {found.bytes:,} bytes, {plural(len(found.states), 'snapshot')}"
        say(f"{escape_controls(str(backup))}: {size}: {'intact' if found.is_whole else styled('damaged', 'red')}")
    if not found.is_whole:
        raise click.exceptions.Exit(1)
