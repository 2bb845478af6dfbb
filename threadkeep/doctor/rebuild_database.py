"""A new database in place of one that is damaged or gone: read from the kept dumps, and what the old one still tells.

It is made in a folder of its own within the archive and takes its place by one rename. Where that is cut off, the old
one is still there, and the next ``doctor --fix`` begins again.
"""

import shutil
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from threadkeep.doctor.findings import REBUILDING, Checkup
from threadkeep.doctor.recovered_dumps import dump_of, name_of_rescued
from threadkeep.errors import DumpError, StorageError, ThreadkeepError
from threadkeep.files.atomic_files import PRIVATE_FOLDER, make_folder, rename
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.ingest.import_session import ImportSession
from threadkeep.parsers.generic import jsonl
from threadkeep.parsers.registry import parser_for, parser_named
from threadkeep.records import SourceRecord
from threadkeep.sources.source import Options, Source
from threadkeep.store.database_check import kept_from_writers
from threadkeep.store.dump_files import Note
from threadkeep.store.file_checks import DUMP_NAME, damage_of_dump, kept_files, note_path, read_note
from threadkeep.store.repair import Inspection
from threadkeep.store.salvage import salvage
from threadkeep.store.snapshot import checkpoint
from threadkeep.store.store import Store


def database_files(folder: Path) -> list[Path]:
    """The files that SQLite has for the database of the archive in ``folder``, those that are there."""
    names = ("threadkeep.db", "threadkeep.db-wal", "threadkeep.db-shm")
    return [path for name in names if (path := folder / name).is_file()]


def make_anew(checkup: Checkup) -> None:
    """Make the database anew; the old one goes aside. Raises ThreadkeepError."""
    scratch = checkup.folder / REBUILDING
    try:
        shutil.rmtree(scratch, ignore_errors=True)
        make_folder(scratch / "old", PRIVATE_FOLDER)
        old = database_files(checkup.folder)
        with kept_from_writers(checkup.database) if old else nullcontext():
            for path in old:
                checkup.aside.copy(path)
            _build(checkup, scratch)
        _take_place(checkup, scratch)
    except OSError as error:
        raise StorageError(
            f"{error.filename or checkup.folder}: {error.strerror or error}", "free some space; nothing was lost"
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _build(checkup: Checkup, scratch: Path) -> None:
    """Fill ``scratch`` with a new database, and with the dumps and media that come to it."""
    told = _salvaged(checkup, scratch / "old")
    with Store(scratch) as store:
        read = _read_dumps(checkup, store, {note.record.sha256: note for note in told or ()}, know_all=told is not None)
        if told is not None:
            with Inspection(scratch / "old") as old:
                for stored in [note.record for note in told if note.record.sha256 not in read]:
                    with dump_of(name_of_rescued(stored.path), old.records_of_source(stored.sha256)) as source:
                        _take(store, source)
    if told is not None:
        with Store(scratch / "old") as store:
            token, revision = store.token(), store.revision()
        with Inspection(scratch) as new:
            new.continues(token, revision)


def _take(store: Store, source: Source | None) -> None:
    """Import what was rescued."""
    if source is not None:
        with ImportSession.open(store, source, jsonl.NAME, jsonl.VERSION) as session:
            session.run(jsonl)


def _salvaged(checkup: Checkup, folder: Path) -> list[Note] | None:
    """Copy what can be read of the old database into ``folder``; what it tells of its dumps, if it tells anything."""
    if not checkup.database.is_file() or not salvage(checkup.database, folder / checkup.database.name):
        return None
    with Inspection(folder) as old:
        old.take_out(checkup.aside)
    with Store(folder) as store:
        return [Note(row.record, row.options) for row in store.sources()]


def _read_dumps(checkup: Checkup, store: Store, told: dict[str, Note], *, know_all: bool) -> set[str]:
    """Read every sound dump into ``store``; the hashes of those that could be."""
    failed: set[str] = set()
    while True:
        read: set[str] = set()
        try:
            with ImportSession.rebuild(store) as open_session:
                for note, path in _noted(checkup, told, know_all=know_all):
                    sha256 = note.record.sha256
                    if sha256 not in failed:
                        failed.add(sha256)
                        source = Source.from_stored(note.record.path, path, sha256, note.options)
                        parser = parser_named(note.record.format)
                        with closing(source), open_session(note, source, parser.NAME, parser.VERSION) as session:
                            session.run(parser)
                        failed.discard(sha256)
                        read.add(sha256)
                    checkup.watch("dumps read", len(read))
        except StorageError:
            raise
        except ThreadkeepError:
            continue  # the one that failed is left out of the next attempt
        return read


def _noted(checkup: Checkup, told: dict[str, Note], *, know_all: bool) -> list[tuple[Note, Path]]:
    """The sound dumps in the order in which they were first imported, each with what is known of it.

    One of which neither the old database nor a note knows comes from an import that did not end; but with ``know_all``
    false there is no old database to know it, and its own content tells what it is.
    """
    found = []
    folder = checkup.folder / "sources"
    for sha256, path in kept_files(folder, DUMP_NAME):
        if damage_of_dump(path, sha256) is None:
            note = told.get(sha256) or read_note(note_path(folder, sha256))
            if note is None and not know_all:
                note = _recognized(path, sha256)
            if note is not None and note.record.sha256 == sha256:
                found.append((note, path))
    return sorted(found, key=lambda pair: (pair[0].record.imported, pair[0].record.sha256))


def _recognized(path: Path, sha256: str) -> Note | None:
    """What a dump itself tells of where it came from: its format, and when it was kept."""
    source = Source.from_stored(path.name, path, sha256)
    try:
        imported = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Note(SourceRecord(sha256, path.name, parser_for(source).NAME, imported), Options())
    except DumpError:
        return None
    finally:
        source.close()


def _take_place(checkup: Checkup, scratch: Path) -> None:
    """Put what was made in the place of what was there."""
    database = scratch / checkup.database.name
    with Store(scratch) as store:
        WhooshEngine(checkup.folder / "index", store.token()).clear()
    checkpoint(database)
    for name in ("sources", "media"):
        for path in sorted((scratch / name).glob("*/*")):
            place = checkup.folder / path.relative_to(scratch)
            make_folder(place.parent, PRIVATE_FOLDER)
            rename(path, place)
    for path in database_files(checkup.folder):
        if path != checkup.database:
            path.unlink()  # the log of the old database must not be taken for one of the new
    rename(database, checkup.database)
