"""The rows of the database: none refers to nothing, each makes a record, and a dump shows every record.

What is wrong goes aside as text, and then the dumps are read again, which brings back whatever they show.
"""

from collections.abc import Iterator, Sequence

from threadkeep.archive.archive import Archive
from threadkeep.doctor.findings import Checkup, Finding
from threadkeep.doctor.recovered_dumps import NAME_OF_UNSHOWN, dump_of
from threadkeep.doctor.reimport import reread_all
from threadkeep.parsers.generic import jsonl
from threadkeep.store.repair import Inspection

NAME = "records"
NEEDS_DATABASE = True

_SHOWN = 5
"""How many unreadable rows are told one by one."""

_FIX = "move them to aside/, and read all sources again"


def find(checkup: Checkup) -> Iterator[Finding]:
    """Rows that refer to nothing or cannot be read, and records that no dump shows."""
    checkup.watch("records", 0)
    with Inspection(checkup.folder) as inspection:
        for rule, count in inspection.dangling():
            what = f"rows of {rule.table} that {rule.what}: {count:,}"
            yield Finding(NAME, rule.name, f"threadkeep.db, {rule.table}", what, _FIX)
        unreadable = inspection.unreadable()
        for row in unreadable[:_SHOWN]:
            key = ", ".join(f"{name} {value}" for name, value in row.key.items())
            where = f"threadkeep.db, {row.table}, {key}"
            yield Finding(NAME, "unreadable", where, f"the row cannot be read as a record: {row.why}", _FIX)
        if (more := len(unreadable) - _SHOWN) > 0:
            yield Finding(NAME, "unreadable", "threadkeep.db", f"{more:,} more rows cannot be read as records", _FIX)
        for rule, count in inspection.unshown():
            what = f"{rule.table} that {rule.what}: {count:,}"
            fix = "read all sources again; records that none of them holds are stored as a source of their own"
            yield Finding(NAME, rule.name, f"threadkeep.db, {rule.table}", what, fix)
        counts = inspection.counts()
    checkup.seen[NAME] = f"{counts['posts']:,} posts and {counts['captures']:,} captures refer to what is there"


def repair(checkup: Checkup, findings: Sequence[Finding]) -> None:
    """Put wrong rows aside and read the dumps again; what no dump shows even then becomes a dump."""
    if not findings:
        return
    with Inspection(checkup.folder) as inspection:
        inspection.take_out(checkup.aside)
    if not checkup.has_reread:
        reread_all(checkup)
        return  # what no dump shows even now, and none that the other checks bring back, is found in the next round
    with Inspection(checkup.folder) as inspection:
        if not inspection.unshown():
            return
        with (
            dump_of(NAME_OF_UNSHOWN, inspection.records_without_source()) as source,
            Archive(checkup.folder) as archive,
        ):
            if source is not None:
                archive.import_(source, jsonl.NAME)
