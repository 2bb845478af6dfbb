"""Making a backup: one state of the archive written beside the earlier ones, with whatever they have copied already.

Everything is taken from a snapshot of the database, so that all files of a state agree, whoever writes meanwhile. A
state appears under its name once all of it is on the disk, by one rename; until then the earlier ones are all there is.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from threadkeep import __version__
from threadkeep.backup import manifest as names
from threadkeep.backup.manifest import Item, Lacking, Manifest, read_manifest, states_in
from threadkeep.backup.readme import README
from threadkeep.backup.safe_files import NOBODYS, copy, refuse_links, sum_of, write_whole
from threadkeep.errors import ArchiveError, BackupError, NotFound, StorageError
from threadkeep.exporters import jsonl
from threadkeep.files.atomic_files import PRIVATE_FOLDER, fsync_file, make_folder, rename
from threadkeep.files.folder_lock import exclusive_lock
from threadkeep.files.plain_files import is_plain, read_settings
from threadkeep.parsers.generic import jsonl as json_lines
from threadkeep.sources.source import Options
from threadkeep.store.database_check import drop_strange_objects, health
from threadkeep.store.dump_files import dump_path
from threadkeep.store.file_checks import MEDIA_NAME, damage_of_dump, damage_of_media
from threadkeep.store.repair import Inspection
from threadkeep.store.snapshot import snapshot
from threadkeep.store.store import Store, StoredSource

KEPT_STATES = 2
"""Number of snapshots a backup keeps by default, the newest ones."""

UNFINISHED = ".unfinished"
"""What is being written lies here; what a backup that was cut off left here is taken away by the next one."""

Watch = Callable[[float | None, int], object]
"""Called with how much is done, 0 to 1 where known, and with how many files."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup wrote. ``state`` is the newest one, ``is_new`` whether this backup made it.

    ``copied`` counts the dumps and media that no earlier state had, ``there`` those that one had; ``lacking`` are files
    that the archive itself has no sound copy of. ``left_out`` names what others added to the database, such as
    ``view my_likes``: it is not in the backup.
    """

    state: str
    is_new: bool
    copied: int
    there: int
    bytes_written: int
    records: dict[str, int]
    lacking: tuple[Lacking, ...]
    dropped: tuple[str, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of ``sources.jsonl``. ``file`` is where the dump lies in the backup, if it does."""

    sha256: str
    file: str | None
    path: str
    bytes: int
    encoding: str | None
    format: str
    imported: datetime
    owner: str | None
    options: Options


def back_up(
    archive: Path, to: Path, *, keep: int = KEPT_STATES, recheck: bool = False, watch: Watch | None = None
) -> BackupReport:
    """Back up the archive in the folder ``archive`` to the folder ``to``, which is made where it is none.

    The ``keep`` newest states stay there. With ``recheck`` what earlier backups copied is read again, and copied anew
    where it has changed. Raises BackupError, ArchiveBusy, ArchiveError, StorageError.
    """
    if not (archive / names.DATABASE).exists():
        raise NotFound(f"{archive}: there is no archive", "threadkeep import PATH makes one")
    _refuse_places(archive, to)
    Store(archive).close()  # brings its schema to today's
    try:
        make_folder(to, PRIVATE_FOLDER)
        refuse_links(to, UNFINISHED)
        with exclusive_lock(to, "another backup is being written there"):
            shutil.rmtree(to / UNFINISHED, ignore_errors=True)
            try:
                return _Making(archive, to, recheck=recheck, watch=watch or (lambda _part, _count: None)).run(keep)
            finally:
                shutil.rmtree(to / UNFINISHED, ignore_errors=True)
    except OSError as error:
        raise StorageError(
            f"{error.filename or to}: {error.strerror or error}",
            "free some space or check your rights; earlier snapshots are unchanged",
        ) from error


def _refuse_places(archive: Path, to: Path) -> None:
    inside, outside = to.resolve(), archive.resolve()
    if inside == outside or outside in inside.parents:
        raise BackupError(f"{to}: a backup inside the archive would be lost with it", "choose another folder or disk")
    if inside in outside.parents:
        raise BackupError(f"{to}: the archive itself lies in there", "choose a folder of its own for the backup")
    if to.is_file():
        raise BackupError(f"{to}: is a file, not a folder", "choose another name")
    if to.is_dir() and not states_in(to):
        others = sorted(path.name for path in to.iterdir() if path.name not in _OURS | NOBODYS)
        if others:
            raise BackupError(
                f"{to}: holds other things ({', '.join(others[:3])})", "choose a new folder, or an earlier backup"
            )


_OURS = {names.README, "sources", "media", ".lock", UNFINISHED}


class _Making:
    """One backup in progress."""

    def __init__(self, archive: Path, to: Path, *, recheck: bool, watch: Watch) -> None:
        self._archive = archive
        self._to = to
        self._recheck = recheck
        self._watch = watch
        self._earlier = _readable_states(to)
        self._state = _name_of_state(states_in(to))
        self._draft = to / UNFINISHED / self._state
        self._known = {item.path: item for one in self._earlier for item in one.files}
        self._lacking: list[Lacking] = []
        self._files: list[Item] = []
        self._left_out: list[str] = []
        self._copied = self._there = self._written = 0

    def run(self, keep: int) -> BackupReport:
        make_folder(self._draft, PRIVATE_FOLDER)
        for name in ("sources", "media"):
            refuse_links(self._to, name)
        manifest = self._gather()
        latest = self._earlier[-1] if self._earlier else None
        is_new = latest is None or not _is_same(manifest, latest) or not self._is_intact(latest)
        if is_new:
            self._put_in_place(manifest)
        elif latest:
            manifest = latest
        return BackupReport(
            manifest.state,
            is_new,
            self._copied,
            self._there,
            self._written if is_new else 0,
            manifest.records,
            tuple(self._lacking),
            tuple(self._drop_old(keep)),
            tuple(self._left_out),
        )

    def _gather(self) -> Manifest:
        """Write everything that belongs to the state, and tell it."""
        database = self._draft / names.DATABASE
        snapshot(self._archive / names.DATABASE, database)
        self._left_out = drop_strange_objects(database)
        found = health(database)
        if found.state != "whole":
            raise ArchiveError(f"{self._archive}: the database is damaged: {found.said}", "threadkeep doctor --fix")
        with Store(self._draft) as store:
            identity = hashlib.sha256(store.token().encode()).hexdigest()[:16]
            self._refuse_another(identity)
            revision, counts, rows = store.revision(), store.counts(), store.sources()
            with store.selection() as selection:
                jsonl.write(selection, self._draft / names.RECORDS)
        fsync_file(self._draft / names.RECORDS)
        with Inspection(self._draft) as inspection:
            media = sorted(name for name in inspection.media_files() if MEDIA_NAME.fullmatch(name))
            lost = {name for name, _ in inspection.lost_media(self._archive / "media", json_lines.NAME)}
        self._copy_all([*self._dumps(rows), *self._media(media, lost)])
        held = {item.path for item in self._files}
        lines = b"".join(msgspec.json.encode(_line(row, held)) + b"\n" for row in rows)
        write_whole(self._draft / names.SOURCES, self._to / UNFINISHED, lines)
        write_whole(self._draft / names.README, self._to / UNFINISHED, README.encode())
        settings = [name for name in names.SETTINGS if is_plain(self._archive / name)]
        for name in settings:
            try:
                data = read_settings(self._archive / name)
            except ValueError as error:
                raise BackupError(f"{self._archive / name}: {error}", "fix the file or remove it") from error
            write_whole(self._draft / name, self._to / UNFINISHED, data)
        for name in (*names.OF_STATE, *settings):
            size, sha256 = sum_of(self._draft, name, lambda _count: None)
            self._files.append(Item(f"{self._state}/{name}", size, sha256))
            self._written += size
        return Manifest(
            names.FORMAT,
            __version__,
            self._state,
            identity,
            found.schema or 0,
            revision,
            counts,
            tuple(sorted(self._files, key=lambda item: item.path)),
            tuple(self._lacking),
        )

    def _refuse_another(self, identity: str) -> None:
        other = next((one.state for one in self._earlier if one.archive != identity), None)
        if other:
            raise BackupError(
                f"{self._to}: holds a backup of another archive ({other})", "choose a folder of its own for this one"
            )

    def _copy_all(self, wanted: Sequence["_Wanted"]) -> None:
        whole = sum(one.bytes for one in wanted) or 1
        done = 0
        for count, one in enumerate(wanted):
            self._watch(done / whole, count)
            done += one.bytes
            item = self._there_already(one) or self._copy(one)
            if item is not None:
                self._files.append(item)

    def _dumps(self, rows: Iterable[StoredSource]) -> Iterator["_Wanted"]:
        for row in rows:
            sha256 = row.record.sha256
            start = f"sources/{sha256[:2]}/{sha256}."
            path = dump_path(self._archive / "sources", sha256)
            name = f"sources/{sha256[:2]}/{path.name}" if path else next(self._known_as(start), start + "gz")
            yield _Wanted(name, path, _DamageOfDump(sha256), f"the dump {row.record.path} is not there")

    def _known_as(self, start: str) -> Iterator[str]:
        return (name for name in self._known if name.startswith(start))

    def _media(self, media: Iterable[str], lost: set[str]) -> Iterator["_Wanted"]:
        for file in media:
            name, path = f"media/{file[:2]}/{file}", self._archive / "media" / file[:2] / file
            if path.is_file() and not path.is_symlink():
                yield _Wanted(name, path, damage_of_media, "")
            elif file in lost or name in self._known:
                yield _Wanted(name, None, damage_of_media, "the file is not there")

    def _there_already(self, wanted: "_Wanted") -> Item | None:
        """The sound copy that an earlier backup made, also one that was cut off."""
        place, known = refuse_links(self._to, wanted.name), self._known.get(wanted.name)
        if not place.is_file():
            return None
        if known and self._is_as_written(place, known):
            self._there += 1
            return known
        if known and wanted.path is not None and wanted.damage(wanted.path) is None:
            return None  # what was written has changed: the archive's own copy takes its place
        if wanted.damage(place) is not None:
            return None
        self._there += 1
        return Item(wanted.name, *sum_of(self._to, wanted.name, lambda _count: None))

    def _is_as_written(self, place: Path, known: Item) -> bool:
        """Whether a file has the size it was written with; where that was asked for, also the contents."""
        if place.stat().st_size != known.bytes:
            return False
        return not self._recheck or sum_of(self._to, known.path, lambda _count: None) == (known.bytes, known.sha256)

    def _copy(self, wanted: "_Wanted") -> Item | None:
        """A sound copy of what the archive has, or nothing, said as lacking."""
        said = wanted.missing if wanted.path is None else wanted.damage(wanted.path)
        if wanted.path is None or said is not None:
            self._lacking.append(Lacking(wanted.name, said or wanted.missing))
            return None
        place = refuse_links(self._to, wanted.name)
        with wanted.path.open("rb") as file:
            copied = copy(file, place, self._to / UNFINISHED, lambda _count: None)
        if copied is None or sum_of(self._to, wanted.name, lambda _count: None) != copied:
            raise StorageError(f"{place}: the copy differs from the original", "the disk may be failing")
        self._copied += 1
        self._written += copied[0]
        return Item(wanted.name, *copied)

    def _put_in_place(self, manifest: Manifest) -> None:
        text = names.manifest_text(manifest)
        drafts = self._to / UNFINISHED
        write_whole(self._draft / names.NAME, drafts, text)
        sums = names.sums_text(manifest, hashlib.sha256(text).hexdigest(), manifest.item(names.README).sha256)
        write_whole(self._draft / names.SUMS, drafts, sums)
        write_whole(self._to / names.README, drafts, README.encode())
        rename(self._draft, self._to / self._state)

    def _is_intact(self, manifest: Manifest) -> bool:
        """Whether the files of that state's own folder are as they were written."""
        own = [item for item in manifest.files if item.path.startswith(f"{manifest.state}/")]
        try:
            return all(sum_of(self._to, item.path, lambda _count: None) == (item.bytes, item.sha256) for item in own)
        except OSError:
            return False

    def _drop_old(self, keep: int) -> Iterator[str]:
        """Drop the states beyond the newest ``keep``. Dumps and media stay: a later state may want them again."""
        for state in states_in(self._to)[: -max(keep, 1)]:
            away = self._to / UNFINISHED / f"{state}.dropped"
            (self._to / state).rename(away)
            shutil.rmtree(away, ignore_errors=True)
            yield state


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file the backup should have: ``path`` is where the archive has it, if it does, else ``missing`` says so."""

    name: str
    path: Path | None
    damage: Callable[[Path], str | None]
    missing: str

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size if self.path else 0


@dataclass(frozen=True, slots=True)
class _DamageOfDump:
    sha256: str

    def __call__(self, path: Path) -> str | None:
        return damage_of_dump(path, self.sha256)


def _readable_states(folder: Path) -> list[Manifest]:
    """The manifests of the earlier states; a damaged one is passed over, and so its files are copied anew."""
    found = []
    for state in states_in(folder):
        try:
            found.append(read_manifest(folder, state))
        except BackupError:
            continue
    return found


def _name_of_state(earlier: list[str]) -> str:
    """Now, in UTC; later than every earlier state, whatever the clock says."""
    now = datetime.now(UTC).replace(microsecond=0)
    if earlier:
        last = datetime.strptime(earlier[-1], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
        now = max(now, last + timedelta(seconds=1))
    return f"{now:%Y-%m-%dT%H%M%SZ}"


def _is_same(manifest: Manifest, earlier: Manifest) -> bool:
    """Whether two states differ in nothing but their names."""

    def bare(one: Manifest) -> Manifest:
        files = tuple(replace(item, path=item.path.removeprefix(f"{one.state}/")) for item in one.files)
        return replace(one, state="", threadkeep="", files=tuple(sorted(files, key=lambda item: item.path)))

    return asdict(bare(manifest)) == asdict(bare(earlier))


def _line(row: StoredSource, held: set[str]) -> SourceLine:
    sha256 = row.record.sha256
    start = f"sources/{sha256[:2]}/{sha256}."
    file = next((path for path in held if path.startswith(start)), None)
    stored = row.record
    return SourceLine(
        sha256, file, stored.path, row.bytes, row.encoding, stored.format, stored.imported, stored.owner, row.options
    )
