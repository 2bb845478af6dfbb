"""``threadkeep doctor``: check an archive, and repair it."""

from pathlib import Path

import click

from threadkeep.cli.progress import Progress
from threadkeep.cli.terminal import note, say, say_json, styled
from threadkeep.doctor.doctor import Outcome, Report, check_up
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import plural

_NOT_CHECKED = "not checked: the database must be repaired first"


@click.command()
@click.option("--fix", is_flag=True, help="Fix problems; files and rows that are removed go to aside/ in the archive.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per problem, and one per passed check.")
@click.pass_obj
def doctor(folder: Path, fix: bool, as_json: bool) -> None:
    """Check the archive for damage.

    With --fix problems are repaired; no record is lost.

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
        say_json({"check": name, "ok": None, "what": _NOT_CHECKED})


def _print(report: Report, *, fix: bool) -> None:
    for name, what in report.seen.items():
        say(f"{styled('ok', 'green'):<6}{name:<9} {escape_controls(what)}")
    for outcome in report.outcomes:
        _print_outcome(outcome, fix=fix)
    for name in report.not_seen:
        say(f"{'-':<6}{name:<9} {_NOT_CHECKED}")
    if report.aside:
        note(f"what was removed is in {report.aside}")
    note(_conclusion(report, fix=fix))


def _conclusion(report: Report, *, fix: bool) -> str:
    left = [outcome for outcome in report.outcomes if not outcome.is_fixed]
    if not report.outcomes:
        return "no problems found"
    if not left:
        return f"{plural(len(report.outcomes), 'problem')} fixed; the archive is consistent"
    if not fix and any(outcome.finding.fix for outcome in left):
        return f"{plural(len(left), 'problem')} found; threadkeep doctor --fix repairs what can be repaired"
    return f"{plural(len(left), 'problem')} left; a backup may have what is lost (threadkeep verify DIR)"


def _print_outcome(outcome: Outcome, *, fix: bool) -> None:
    found = outcome.finding
    mark = styled("FIXED", "green") if outcome.is_fixed else styled("WRONG", "red")
    say(f"{mark} {found.check:<9} {escape_controls(found.where)}: {escape_controls(found.what)}")
    if not outcome.is_fixed:
        remedy = f"--fix would {escape_controls(found.fix)}" if found.fix and not fix else None
        remedy = remedy or ("this could not be fixed" if found.fix else "threadkeep cannot fix this")
        say(f"      {'':<9} {remedy}")
