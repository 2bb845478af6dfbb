"""The kept dumps and the notes beside them: each there, whole, and known to the database.

A dump that is lost is taken from where it was first read, if it still lies there. Else what the database knows of it
becomes a dump of its own, in threadkeep's JSON Lines, so that a database can always be made again from ``sources/``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from threadkeep.archive.archive import Archive
from threadkeep.doctor.findings import Checkup, Finding, is_settled, of_kind
from threadkeep.doctor.recovered_dumps import dump_of, name_of_rescued
from threadkeep.doctor.reimport import reread
from threadkeep.errors import DumpError
from threadkeep.parsers.generic import jsonl
from threadkeep.sources.source import Source
from threadkeep.store.database_check import is_being_written
from threadkeep.store.dump_files import Note, dump_path
from threadkeep.store.file_checks import (
    DUMP_NAME,
    NOTE_NAME,
    copy_of_original,
    damage_of_dump,
    kept_files,
    note_path,
    read_note,
    write_note,
)
from threadkeep.store.repair import Inspection
from threadkeep.store.store import Store, StoredSource

NAME = "dumps"
NEEDS_DATABASE = True

_ASIDE = "move it to aside/"


def find(checkup: Checkup) -> Iterator[Finding]:
    """Dumps that are missing, damaged or not known; notes that say nothing, or something else than the database."""
    folder = checkup.folder / "sources"
    is_quiet = not is_being_written(checkup.database)
    with Store(checkup.folder) as store:
        rows = {row.record.sha256: row for row in store.sources()}
    for count, (sha256, row) in enumerate(rows.items()):
        checkup.watch("dumps", count)
        yield from _of_row(checkup, folder, sha256, row)
    if is_quiet:
        yield from _unknown(checkup, folder, rows)
    checkup.seen[NAME] = f"{len(rows):,} source{'s' * (len(rows) != 1)}, all hashes and notes match"


def _of_row(checkup: Checkup, folder: Path, sha256: str, row: StoredSource) -> Iterator[Finding]:
    path = dump_path(folder, sha256)
    where = checkup.named(path) if path else f"sources/{sha256[:2]}/{sha256}"
    name, fix = row.record.path, f"copy {row.record.path} again if it is still the same; else keep what is known of it"
    if path is None:
        yield Finding(NAME, "missing-dump", where, f"the kept copy of {name} is not there", fix)
        return
    if damage := damage_of_dump(path, sha256):
        yield Finding(
            NAME, "damaged-dump", where, f"the kept copy of {name} is damaged: {damage}", f"{_ASIDE}, and {fix}"
        )
    note, there = read_note(note_path(folder, sha256)), note_path(folder, sha256).exists()
    if note != Note(row.record, row.options):
        what = "is not there" if not there else "cannot be read" if note is None else "says other than the database"
        where = checkup.named(note_path(folder, sha256))
        yield Finding(NAME, "note", where, f"the note beside {name} {what}", "write it from the database")


def _unknown(checkup: Checkup, folder: Path, rows: dict[str, StoredSource]) -> Iterator[Finding]:
    """Dumps and notes in ``sources/`` that no row of the database knows, unless an import may be about to."""
    dumps = [(sha256, path) for sha256, path in kept_files(folder, DUMP_NAME) if sha256 not in rows]
    for sha256, path in dumps:
        if not is_settled(path):
            continue
        where, note = checkup.named(path), read_note(note_path(folder, sha256))
        if damage := damage_of_dump(path, sha256):
            yield Finding(NAME, "unknown-damaged-dump", where, f"no import ended that read it, and {damage}", _ASIDE)
        elif note is None:
            yield Finding(NAME, "unfinished-dump", where, "the import that read it did not end", _ASIDE)
        else:
            what = f"the database does not know {note.record.path}, which its note says was imported"
            yield Finding(NAME, "unknown-dump", where, what, f"import it again as {note.record.format}")
    with_dump = {sha256 for sha256, _ in dumps} | rows.keys()
    for sha256, path in kept_files(folder, NOTE_NAME):
        if sha256 not in with_dump and is_settled(path):
            yield Finding(NAME, "note-of-nothing", checkup.named(path), "the dump it tells of is not there", _ASIDE)


def repair(checkup: Checkup, findings: Sequence[Finding]) -> None:
    """Fetch or make up for lost dumps, import unknown ones, write notes; what is no good goes aside."""
    folder = checkup.folder / "sources"
    with Store(checkup.folder) as store:
        rows = {row.record.sha256: row for row in store.sources()}
    for finding in of_kind(findings, "damaged-dump"):
        if damage_of_dump(path := checkup.folder / finding.where, _sha256(finding)) is not None:
            checkup.aside.move(path)
    for sha256 in {_sha256(finding) for finding in of_kind(findings, "missing-dump", "damaged-dump")} & rows.keys():
        if _fetch(folder, rows[sha256]):
            reread(checkup, {sha256})
        else:
            _make_up_for(checkup, rows[sha256])
    for finding in of_kind(findings, "unknown-dump"):
        if not _import(checkup, folder, _sha256(finding)):
            checkup.given_up.add(finding.key)
    for finding in of_kind(findings, "unfinished-dump", "unknown-damaged-dump", "note-of-nothing"):
        with Inspection(checkup.folder) as inspection, inspection.holding():
            if not inspection.knows(_sha256(finding)):
                checkup.aside.move(checkup.folder / finding.where)
    _write_notes(checkup, folder)


def _write_notes(checkup: Checkup, folder: Path) -> None:
    """Have beside every dump the note that the database would write."""
    with Store(checkup.folder) as store:
        for row in store.sources():
            path, note = note_path(folder, row.record.sha256), Note(row.record, row.options)
            if read_note(path) != note:
                if path.exists():
                    checkup.aside.copy(path)
                write_note(folder, note)


def _sha256(finding: Finding) -> str:
    return finding.where.rpartition("/")[2][:64]


def _fetch(folder: Path, row: StoredSource) -> bool:
    """Keep the dump again from where it was first read, if what lies there now is still the same."""
    path = Path(row.record.path)
    if not (path.is_file() or path.is_dir()):
        return False
    source = Source(row.record.path, path, row.options)
    try:
        return copy_of_original(folder, source, row.record.sha256)
    finally:
        source.close()


def _make_up_for(checkup: Checkup, row: StoredSource) -> None:
    """Let a dump of what is known of the lost one stand in for it."""
    with Inspection(checkup.folder) as inspection:
        with (
            dump_of(name_of_rescued(row.record.path), inspection.records_of_source(row.record.sha256)) as source,
            Archive(checkup.folder) as archive,
        ):
            if source is not None:
                archive.import_(source, jsonl.NAME)
        inspection.drop_source(row.record.sha256, checkup.aside)
    note = note_path(checkup.folder / "sources", row.record.sha256)
    if note.exists():
        checkup.aside.move(note)


def _import(checkup: Checkup, folder: Path, sha256: str) -> bool:
    """Import a dump that the database does not know as its note says; one that cannot be imported stays aside."""
    note, path = read_note(note_path(folder, sha256)), dump_path(folder, sha256)
    if note is None or path is None:
        return False
    # An import that fails lets go of its dump, so it is given a copy.
    copies = [checkup.aside.copy(path), checkup.aside.copy(note_path(folder, sha256))]
    source = Source.from_stored(note.record.path, copies[0], sha256, note.options)
    try:
        with Archive(checkup.folder) as archive:
            archive.import_(source, note.record.format)
    except DumpError:
        return False
    finally:
        source.close()
    for copy in copies:
        checkup.aside.take_back(copy)
    with Inspection(checkup.folder) as inspection:
        inspection.date_source(sha256, note.record.imported)
    write_note(folder, note)
    return True
