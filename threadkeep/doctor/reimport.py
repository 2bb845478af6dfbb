"""Reading kept dumps again: what brings back records and media that the archive has lost and its dumps still show."""

import logging
from collections.abc import Collection

from threadkeep.archive.archive import Archive
from threadkeep.doctor.findings import Checkup
from threadkeep.errors import DumpError, NotFound
from threadkeep.store.dump_files import dump_path
from threadkeep.store.file_checks import damage_of_dump

log = logging.getLogger(__name__)


def reread_all(checkup: Checkup) -> None:
    """Read every sound dump again, once for each check-up."""
    if not checkup.has_reread:
        checkup.has_reread = True
        reread(checkup, None)


def reread(checkup: Checkup, wanted: Collection[str] | None) -> None:
    """Read the dumps with those hashes again, or all; a damaged one is passed over, for ``dumps`` to see to."""
    with Archive(checkup.folder, create=False) as archive:
        rows = [row for row in archive.store.sources() if wanted is None or row.record.sha256 in wanted]
        for count, row in enumerate(rows):
            checkup.watch("dumps read again", count)
            path = dump_path(checkup.folder / "sources", row.record.sha256)
            if path is None or damage_of_dump(path, row.record.sha256) is not None:
                continue
            try:
                archive.reread(row)
            except (DumpError, NotFound) as error:
                log.warning("%s: %s", row.record.path, error)
