"""The search index: it can be opened, is not ahead of the database, and holds the posts that the database holds.

An index that is behind, or not there at all, is not wrong: the next search brings it up to date.
"""

from collections.abc import Iterator, Sequence

from threadkeep.archive.archive import Archive
from threadkeep.doctor.findings import Checkup, Finding
from threadkeep.errors import ArchiveError
from threadkeep.query.ast import Everything, Query
from threadkeep.store.repair import Inspection

NAME = "index"
NEEDS_DATABASE = True

_REINDEX = "rebuild it"


def find(checkup: Checkup) -> Iterator[Finding]:
    """What is wrong with it."""
    checkup.watch("the index", 0)
    if not any(path.name != "lock" for path in (checkup.folder / "index").glob("*")):
        checkup.seen[NAME] = "there is none yet; the next search builds it"
        return
    with Archive(checkup.folder, create=False) as archive, Inspection(checkup.folder) as inspection:
        held = archive.engine.revision()
        revision, numbers = inspection.numbers()
        if held == 0 and revision > 0:
            yield Finding(NAME, "unusable", "index", "it is damaged, outdated or of another archive", _REINDEX)
        elif held > revision:
            what = f"it is ahead of the database (revision {held:,}, the database {revision:,})"
            yield Finding(NAME, "ahead", "index", what, _REINDEX)
        elif held < revision:
            checkup.seen[NAME] = "it is behind the database; the next search brings it up to date"
        else:
            yield from _differences(archive, numbers)
            checkup.seen[NAME] = f"it holds the {len(numbers):,} posts of the database"


def _differences(archive: Archive, numbers: list[int]) -> Iterator[Finding]:
    try:
        found = list(archive.engine.matching(Query("", Everything())))
    except ArchiveError as error:
        yield Finding(NAME, "unusable", "index", error.message, _REINDEX)
        return
    wanted = set(numbers)
    lacking, besides = len(wanted.difference(found)), len(found) - len(wanted.intersection(found))
    if lacking or besides:
        parts = [f"it lacks {lacking:,} posts of the database"] * bool(lacking)
        parts += [f"it holds {besides:,} that are not in the database, or twice"] * bool(besides)
        yield Finding(NAME, "differs", "index", " and ".join(parts), _REINDEX)


def repair(checkup: Checkup, findings: Sequence[Finding]) -> None:
    """Rebuild it."""
    if findings:
        with Archive(checkup.folder, create=False) as archive:
            archive.reindex()
