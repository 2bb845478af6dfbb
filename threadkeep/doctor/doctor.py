"""Check an archive, and repair it on request.

for outcome in check_up(folder, fix=True):
    print(outcome.finding.what, outcome.is_fixed)

Only unfinished temporary files are ever deleted; whatever else is removed goes to ``aside/``. A finding counts as fixed
when the next round does not find it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from threadkeep.doctor import database, dumps, folder, index, media, records, threads
from threadkeep.doctor.findings import Check, Checkup, Finding, Watch
from threadkeep.errors import NotFound
from threadkeep.files.folder_lock import exclusive_lock

__all__ = ["Finding", "Outcome", "Report", "check_up"]

CHECKS: tuple[Check, ...] = (folder, database, records, dumps, media, threads, index)
"""In the order in which they run and repair: each may rely on those before it."""

ROUNDS = 5
"""Maximum number of rounds: a repair may reveal further problems."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finding, and whether it was fixed; None if that was not asked for."""

    finding: Finding
    is_fixed: bool | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a check-up found. ``seen`` says for each check that found nothing what it looked at.

    ``not_seen`` are checks that could not look, since the database comes first. ``aside`` is where what was taken out
    is now, if anything was.
    """

    outcomes: tuple[Outcome, ...]
    seen: dict[str, str]
    not_seen: tuple[str, ...]
    aside: Path | None

    @property
    def is_well(self) -> bool:
        """Whether every check ran and every finding is fixed."""
        return all(outcome.is_fixed for outcome in self.outcomes) and not self.not_seen


def check_up(archive: Path, *, fix: bool = False, watch: Watch | None = None) -> Report:
    """Check the archive in the folder ``archive``, and with ``fix`` repair it.

    Raises NotFound if there is no archive, and ThreadkeepError if it cannot be repaired now: another process writes,
    the disk is full.
    """
    if not (archive / "threadkeep.db").exists() and not (archive / "sources").is_dir():
        raise NotFound(f"{archive}: there is no archive", "threadkeep import PATH makes one")
    checkup = Checkup(archive, watch)
    if not fix:
        found, not_seen = _look(checkup)
        return _report(checkup, [Outcome(one, None) for one in found], found, not_seen)
    with exclusive_lock(archive, "another doctor is repairing the archive"):
        return _repair(checkup)


def _repair(checkup: Checkup) -> Report:
    """Check and repair in turn until nothing is left that can be repaired."""
    found, not_seen = _look(checkup)
    every = {finding.key: finding for finding in found}
    for number in range(ROUNDS):
        if not any(finding.fix for finding in found):
            break
        before = {finding.key for finding in found}
        for check in CHECKS:
            if ours := [finding for finding in found if finding.check == check.NAME and finding.fix]:
                check.repair(checkup, ours)
        found, not_seen = _look(checkup)
        every = {**{finding.key: finding for finding in found}, **every}
        if number > 0 and before == {finding.key for finding in found}:
            break
    left = {finding.key for finding in found} | checkup.given_up
    outcomes = [Outcome(finding, finding.key not in left) for finding in every.values()]
    return _report(checkup, outcomes, found, not_seen)


def _report(checkup: Checkup, outcomes: list[Outcome], found: Sequence[Finding], not_seen: tuple[str, ...]) -> Report:
    unwell = {finding.check for finding in found} | set(not_seen)
    seen = {name: what for name, what in checkup.seen.items() if name not in unwell}
    return Report(tuple(outcomes), seen, not_seen, checkup.aside.folder)


def _look(checkup: Checkup) -> tuple[Sequence[Finding], tuple[str, ...]]:
    """Return what is wrong now, and the checks that could not run."""
    found: list[Finding] = []
    not_seen: list[str] = []
    for check in CHECKS:
        if check.NEEDS_DATABASE and any(finding.check == database.NAME for finding in found):
            not_seen.append(check.NAME)
        else:
            found += check.find(checkup)
    return found, tuple(not_seen)
