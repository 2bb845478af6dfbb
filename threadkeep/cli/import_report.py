"""The report of an import: in words for people, as JSON for programs."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from threadkeep.archive.reports import ImportReport
from threadkeep.cli.terminal import say, say_json, styled
from threadkeep.parsers.registry import parser_named
from threadkeep.store.record_writer import REPEATED
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import plural

_PROBLEMS_SHOWN = 3


def print_report(report: ImportReport, *, as_json: bool = False) -> None:
    """Print what a source held and what became of every record in it.

    notes.txt  Bluesky profile or thread, pasted
      12 records: 11 new, 1 duplicate
      2 accounts, 7 posts, 1 repost, 1 pin
    """
    if as_json:
        say_json(report_object(report))
        return
    title = parser_named(report.format).TITLE if report.format else ""
    say(f"{styled(escape_controls(report.source), bold=True)}  {styled(title, dim=True)}")
    say(f"  {plural(report.read, 'record')}: {', '.join(_outcomes(report))}")
    if held := _held(report):
        say(f"  {', '.join(held)}")
    if report.removed:
        say(f"  {plural(report.removed, 'post')} of the previous import removed")
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        say(styled(f"  {escape_controls(problem.locator)}: {escape_controls(problem.reason)}", "yellow"))
    if (more := len(report.problems) - _PROBLEMS_SHOWN) > 0:
        say(f"  … and {more:,} more: threadkeep problems {_argument(report)}")
    if report.to_check:
        say(styled(f"  {review_hint(report)}", "yellow"))


def print_totals(reports: Sequence[ImportReport]) -> None:
    """Print the sums over several sources: ``3 sources: 31 records: 30 new, 1 duplicate``; nothing for one."""
    if len(reports) < 2:
        return
    failed = sum(report.failed for report in reports)
    stored = [report for report in reports if not report.failed]
    skipped: Counter[str] = Counter()
    for report in stored:
        skipped.update(report.skipped)
    total = ImportReport(
        source="",
        format=None,
        sha256=None,
        read=sum(report.read for report in stored),
        new=sum(report.new for report in stored),
        updated=sum(report.updated for report in stored),
        unchanged=sum(report.unchanged for report in stored),
        skipped=dict(skipped),
        problems=tuple(problem for report in stored for problem in report.problems),
    )
    say(styled(f"{plural(len(reports), 'source')} in all", bold=True) + (f", {failed:,} not read" if failed else ""))
    say(f"  {plural(total.read, 'record')}: {', '.join(_outcomes(total))}")


def report_object(report: ImportReport) -> dict[str, Any]:
    """Return the report as ``--json`` prints it."""
    return {
        "source": report.source,
        "format": report.format,
        "sha256": report.sha256,
        "read": report.read,
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "problems": [{"locator": problem.locator, "reason": problem.reason} for problem in report.problems],
        "accounts": report.accounts,
        "posts": report.posts,
        "reposts": report.reposts,
        "pins": report.pins,
    }


def review_hint(report: ImportReport) -> str:
    """Say how many boundaries between posts are uncertain, and how to review them."""
    boundaries = plural(report.to_check, "boundary", "boundaries")
    return f"{boundaries} between posts to check: threadkeep review {_argument(report)}"


def _argument(report: ImportReport) -> str:
    """Return what a command takes to name the source: its path, or its hash if it came on standard input."""
    return escape_controls(report.source) if report.source != "-" else (report.sha256 or "")[:12]


def _outcomes(report: ImportReport) -> list[str]:
    """Return what became of the records, without zeros: ``11 new``, ``1 duplicate``, ``2 skipped (advertisement)``."""
    skipped = dict(report.skipped)
    duplicates = skipped.pop(REPEATED, 0)
    parts = [
        (report.new, f"{report.new:,} new"),
        (report.updated, f"{report.updated:,} updated"),
        (report.unchanged, f"{report.unchanged:,} unchanged"),
        (duplicates, plural(duplicates, "duplicate")),
        *((count, f"{count:,} skipped ({escape_controls(reason)})") for reason, count in sorted(skipped.items())),
        (len(report.problems), plural(len(report.problems), "problem")),
    ]
    return [text for count, text in parts if count] or ["nothing to store"]


def _held(report: ImportReport) -> list[str]:
    counts = {"account": report.accounts, "post": report.posts, "repost": report.reposts, "pin": report.pins}
    return [plural(count, name) for name, count in counts.items() if count]
