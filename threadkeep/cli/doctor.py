"""``threadkeep doctor``: look at everything in the archive, say what is wrong, and set it right."""

from pathlib import Path

import click

from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import note, plural, say, say_json, styled
from threadkeep.doctor.doctor import Outcome, Report, check_up
from threadkeep.text.control_chars import escape_controls


@click.command()
@click.option("--fix", is_flag=True, help="Set right what is wrong; what is taken out goes to aside/ in the archive.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a finding, and one a check that found none.")
@click.pass_obj
def doctor(folder: Path, fix: bool, as_json: bool) -> None:
    """Check everything in the archive.

    With --fix what is wrong is set right, without losing a record.

    \b
    threadkeep doctor
    threadkeep doctor --fix
    """
    with Progress("checking") as progress:
        report = check_up(folder, fix=fix, watch=lambda _what, count: progress.count(count))
    if as_json:
        _print_json(report)
    else:
        _print(report, fix=fix)
    if not report.is_well:
        raise click.exceptions.Exit(1)


def _print_json(report: Report) -> None:
    for name, what in report.seen.items():
        say_json({"check": name, "ok": True, "what": what})
    for outcome in report.outcomes:
        found = outcome.finding
        say_json(
            {
                "check": found.check,
                "ok": outcome.is_fixed is True,
                "found": found.kind,
                "where": found.where,
                "what": found.what,
                "fix": found.fix,
                "fixed": outcome.is_fixed,
            }
        )
    for name in report.not_seen:
        say_json({"check": name, "ok": None, "what": "not looked at: the database comes first"})


def _print(report: Report, *, fix: bool) -> None:
    for name, what in report.seen.items():
        say(f"{styled('ok', 'green'):<6}{name:<9} {escape_controls(what)}")
    for outcome in report.outcomes:
        _print_outcome(outcome, fix=fix)
    for name in report.not_seen:
        say(f"{'-':<6}{name:<9} not looked at: the database comes first")
    if report.aside:
        note(f"what was taken out is in {report.aside}")
    left = [outcome for outcome in report.outcomes if not outcome.is_fixed]
    if not report.outcomes:
        note("nothing is wrong")
    elif not left:
        note(f"{plural(len(report.outcomes), 'thing')} set right; nothing is wrong any more")
    elif not fix and any(outcome.finding.fix for outcome in left):
        note(f"{plural(len(left), 'thing')} wrong; threadkeep doctor --fix sets right what can be")
    else:
        note(f"{plural(len(left), 'thing')} still wrong; a backup may have what is lost (threadkeep verify DIR)")


def _print_outcome(outcome: Outcome, *, fix: bool) -> None:
    found = outcome.finding
    mark = styled("FIXED", "green") if outcome.is_fixed else styled("WRONG", "red")
    say(f"{mark} {found.check:<9} {escape_controls(found.where)}: {escape_controls(found.what)}")
    if not outcome.is_fixed:
        said = f"--fix would {escape_controls(found.fix)}" if found.fix and not fix else None
        said = said or ("this could not be set right" if found.fix else "nothing here can set this right")
        say(f"      {'':<9} {said}")
