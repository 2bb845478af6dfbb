"""What tests do to archives: copy them, age their files, read what they hold."""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from threadkeep.archive.archive import Archive
from threadkeep.doctor.doctor import Report, check_up
from threadkeep.exporters import jsonl


def copy_of(model: Path, to: Path) -> Path:
    """The archive ``model`` copied to ``to``, its files a day old."""
    shutil.copytree(model, to)
    for path in to.rglob("*"):
        aged(path)
    return to


def aged(path: Path) -> Path:
    """``path``, last changed a day ago."""
    day_ago = time.time() - 86_400
    os.utime(path, (day_ago, day_ago))
    return path


def exported(folder: Path) -> list[str]:
    """Every record of the archive, a line each, in no order, nor the dumps that each names."""
    with Archive(folder, create=False) as archive, archive.selection(private=True) as selection:
        records = [json.loads(line) for line in jsonl.lines(selection)]
    return sorted(json.dumps({**one, "sources": sorted(one.get("sources", ()))}, sort_keys=True) for one in records)


@contextmanager
def rows_of(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database, for a test to damage its rows, with no rule enforced."""
    with closing(sqlite3.connect(folder / "threadkeep.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        yield connection


def stored_dump(folder: Path, name: str) -> Path:
    """Where the archive keeps the dump whose file was called ``name``."""
    with Archive(folder, create=False) as archive:
        sha256 = archive.store.source(name).record.sha256
    return next(path for path in (folder / "sources" / sha256[:2]).glob(f"{sha256}.*") if path.suffix != ".json")


def kinds(report: Report) -> set[str]:
    """What a check-up found, in one word each."""
    return {outcome.finding.kind for outcome in report.outcomes}


def mended(folder: Path, *found: str) -> Report:
    """Check that a check-up finds ``found`` and says what it would do, that it is fixed, and that nothing is left."""
    before = check_up(folder)
    assert kinds(before) >= set(found), before.outcomes
    assert not before.is_well
    assert all(outcome.is_fixed is None and outcome.finding.fix for outcome in before.outcomes)
    report = check_up(folder, fix=True)
    assert report.is_well, report.outcomes
    after = check_up(folder)
    assert after.outcomes == ()
    assert after.is_well
    return report
