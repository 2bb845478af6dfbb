"""The database file: it exists, is threadkeep's, has a known schema, and is intact; else it is rebuilt."""

from collections.abc import Iterator, Sequence

from threadkeep.doctor.findings import Checkup, Finding, of_kind
from threadkeep.doctor.rebuild_database import database_files, make_anew
from threadkeep.store.database import open_database
from threadkeep.store.database_check import Health, health, make_indexes_anew

NAME = "database"
NEEDS_DATABASE = False

_REBUILD = "rebuild it from sources/ and from what can be read of it; the old one goes to aside/"
_FIXES: dict[str, str | None] = {
    "missing": "rebuild it from sources/",
    "damaged": _REBUILD,
    "misindexed": "copy it to aside/, and rebuild its indexes",
    "older": "bring it to today's schema; a copy is kept beside it",
    "newer": None,
    "foreign": None,
}
_BY_HAND = {"newer": "update threadkeep", "foreign": "choose another --archive folder"}


def find(checkup: Checkup) -> Iterator[Finding]:
    """The one thing that is wrong with it."""
    checkup.watch("the database", 0)
    found = health(checkup.database)
    if found.state != "whole":
        yield Finding(NAME, found.state, checkup.database.name, _words(found), _FIXES[found.state])
    checkup.seen[NAME] = f"intact, schema {found.schema}"


def _words(found: Health) -> str:
    if found.state == "older":
        return f"it has schema {found.schema}, and everything else is checked after an upgrade"
    if found.state == "misindexed":
        return f"all rows are there, but an index does not find them: {found.said}"
    if found.state == "damaged":
        return f"it is damaged: {found.said}"
    return f"{found.said}; {_BY_HAND[found.state]}" if found.state in _BY_HAND else found.said


def repair(checkup: Checkup, findings: Sequence[Finding]) -> None:
    """Upgrade it, rebuild its indexes, or rebuild it."""
    if of_kind(findings, "older"):
        open_database(checkup.database).dispose()
    if of_kind(findings, "misindexed"):
        for path in database_files(checkup.folder):
            checkup.aside.copy(path)
        if not make_indexes_anew(checkup.database):
            make_anew(checkup)
    if of_kind(findings, "missing", "damaged"):
        make_anew(checkup)
