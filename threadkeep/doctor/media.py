"""The files in ``media/``: each holds what its name says, a post names it, and all that posts name are there."""

from collections.abc import Iterator, Sequence

from threadkeep.doctor.findings import Checkup, Finding, is_settled, of_kind
from threadkeep.doctor.reimport import reread
from threadkeep.parsers.generic import jsonl
from threadkeep.store.database_check import is_being_written
from threadkeep.store.file_checks import MEDIA_NAME, damage_of_media, kept_files
from threadkeep.store.repair import Inspection

NAME = "media"
NEEDS_DATABASE = True


def find(checkup: Checkup) -> Iterator[Finding]:
    """Files that are damaged, missing, or named by no post."""
    folder = checkup.folder / "media"
    is_quiet = not is_being_written(checkup.database)
    with Inspection(checkup.folder) as inspection:
        wanted = inspection.media_files()
        lost = inspection.lost_media(folder, jsonl.NAME)
    files = [path for _, path in kept_files(folder, MEDIA_NAME)]
    for path in checkup.counted("media", files):
        where = checkup.named(path)
        if damage := damage_of_media(path):
            fix = "move it to aside/, and read its sources again"
            yield Finding(NAME, "damaged-media", where, f"the file is damaged: {damage}", fix)
        elif path.name not in wanted and is_quiet and is_settled(path):
            yield Finding(NAME, "unnamed-media", where, "no post names it", "move it to aside/")
    for name, dumps in lost:
        what = f"a post names it, but it is missing; it came with {len(dumps)} source{'s' * (len(dumps) > 1)}"
        yield Finding(NAME, "missing-media", f"media/{name[:2]}/{name}", what, "read its sources again")
    checkup.seen[NAME] = f"{len(files):,} file{'s' * (len(files) != 1)}, all hashes match"


def repair(checkup: Checkup, findings: Sequence[Finding]) -> None:
    """Put what is no good aside, and read again the dumps that had it."""
    for finding in of_kind(findings, "damaged-media"):
        checkup.aside.move(checkup.folder / finding.where)
    with Inspection(checkup.folder) as inspection:
        lost = inspection.lost_media(checkup.folder / "media", jsonl.NAME)
    if lost:
        reread(checkup, {sha256 for _, dumps in lost for sha256 in dumps})
    for finding in of_kind(findings, "missing-media"):
        if not (checkup.folder / finding.where).is_file():
            checkup.given_up.add(finding.key)
    if unnamed := of_kind(findings, "unnamed-media"):
        with Inspection(checkup.folder) as inspection, inspection.holding():
            wanted = inspection.media_files()
            for finding in unnamed:
                path = checkup.folder / finding.where
                if path.name not in wanted and path.exists():
                    checkup.aside.move(path)
