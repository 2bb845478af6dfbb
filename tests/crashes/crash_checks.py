"""What must hold of an archive after a command on it was stopped or failed at any point, and the commands to stop.

A trial is: a copy of an archive, a command that stops somewhere, and then the questions of ``Trial.check``. Everything
the command had acknowledged is there, everything it had begun is there whole or not at all, searches find what is
there, and the same command again ends as if nothing had happened and leaves nothing behind.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from faults import Ended, Faults
from seed_samples import SEEDS

from threadkeep.archive.archive import Archive
from threadkeep.exporters import jsonl
from threadkeep.sources.source import Source

FIRST = [SEEDS / "bluesky-text/bluesky-profile.txt", SEEDS / "jsonl/export.jsonl"]
THEN = [SEEDS / "mastodon-archive/mastodon-export", SEEDS / "x-page/x-thread.html", SEEDS / "x-archive/x-export"]
COMMANDS = (
    *("import", "import anew", "reindex", "reread", "rebuild"),
    *("export markdown", "export html", "export jsonl", "export csv", "backup", "restore"),
)
"""The commands that are stopped; ``import anew`` is the first import, which makes the archive."""

QUERIES = ("", "glaze OR kiln", "from:mira", "has:media")


@dataclass(frozen=True)
class State:
    """What an archive holds, as far as anyone outside can tell."""

    sources: frozenset[str]
    records: str
    found: tuple[tuple[str, ...], ...]


def state_of(archive: Archive) -> State:
    """What ``archive`` holds; asking makes its index heal."""
    with archive.selection(private=True) as selection:
        records = "".join(jsonl.lines(selection))
    found = tuple(
        tuple(str(hit.stored.post.ref) for hit in archive.search(query, "newest", 1000, private=True).hits)
        for query in QUERIES
    )
    return State(frozenset(row.record.sha256 for row in archive.store.sources()), records, found)


@dataclass(frozen=True)
class Stage:
    """A command to stop: ``before`` is the archive it is run on (None: there is none), ``states`` what it may leave.

    ``states`` begins with what was there and ends with what the whole command gives. ``exported`` is what it writes
    beside the archive, by path below the trial's folder.
    """

    name: str
    command: list[str]
    before: Path | None
    states: list[State]
    exported: dict[str, bytes]
    files: frozenset[str]
    backup: Path | None = None
    """A backup beside the archive, made when the archive held less."""


class Stages:
    """The commands to stop, each with the archive that it needs and what it must give; made once, in ``scratch``."""

    def __init__(self, scratch: Path, faults: Faults) -> None:
        self._scratch = scratch
        self._faults = faults
        self._stages: dict[str, Stage] = {}

    @cached_property
    def _before(self) -> Path:
        return self._made("before", FIRST)

    def _made(self, name: str, dumps: Iterable[Path]) -> Path:
        folder = self._scratch / name
        with Archive(folder) as archive:
            for dump in dumps:
                archive.import_(Source.from_path(dump))
            archive.sync()
        return folder

    def named(self, name: str) -> Stage:
        """``import``, ``import anew``, ``export FORMAT``, or another command that gives nothing new."""
        if name not in self._stages:
            command, _, form = name.partition(" ")
            if command == "import":
                self._stages[name] = self._importing(anew=bool(form))
            elif command in ("backup", "restore"):
                self._stages[name] = self._backing_up() if command == "backup" else self._restoring()
            else:
                self._stages[name] = self._exporting(form) if command == "export" else self._upkeep(command)
        return self._stages[name]

    def _importing(self, *, anew: bool) -> Stage:
        """Import of several dumps, two of them with media, into an archive of two others or into none."""
        states = []
        for count in range(len(THEN) + 1):
            folder = self._made(f"{'new' if anew else 'more'}-{count}", ([] if anew else FIRST) + THEN[:count])
            with Archive(folder) as archive:
                states.append(state_of(archive))
        command = ["import", "--json", *map(str, THEN)]
        return self._stage("import-anew" if anew else "import", command, None if anew else self._before, states)

    def _upkeep(self, command: str) -> Stage:
        """A command that gives nothing new: ``reindex``, ``reread``, ``rebuild``."""
        with Archive(self._before) as archive:
            state = state_of(archive)
        return self._stage(command, [command], self._before, [state])

    def _exporting(self, form: str) -> Stage:
        """An export beside the archive."""
        with Archive(self._before) as archive:
            state = state_of(archive)
        return self._stage(f"export-{form}", ["export", "--format", form, "--to", "{}/out"], self._before, [state])

    def _backing_up(self) -> Stage:
        """A second backup, of an archive that has grown since the first."""
        archive, backup = self._made("backed-up", FIRST[:1]), self._scratch / "first-backup"
        assert self._faults.run(["backup", str(backup)], archive).code == 0
        self._made("backed-up", FIRST)
        with Archive(archive) as opened:
            state = state_of(opened)
        return self._stage("backup", ["backup", "{}/backup"], archive, [state], backup)

    def _restoring(self) -> Stage:
        """An archive made from a backup."""
        made = self._made("to-restore", FIRST)
        backup = self._scratch / "a-backup"
        assert self._faults.run(["backup", str(backup)], made).code == 0
        with Archive(made) as opened:
            state = state_of(opened)
        return self._stage("restore", ["restore", "{}/backup"], None, [state], backup)

    def _stage(
        self, name: str, command: list[str], before: Path | None, states: list[State], backup: Path | None = None
    ) -> Stage:
        whole = self._scratch / f"whole-{name}"
        stage = Stage(name, command, before, states, {}, frozenset(), backup)
        trial = Trial(stage, whole, self._faults).prepare()
        ended = trial.run()
        assert ended.code == 0, ended.err
        with Archive(trial.archive) as archive:
            assert state_of(archive) == states[-1], name
        return Stage(name, command, before, states, exported_in(whole), files_in(trial.archive), backup)


class Trial:
    """One stop of a command, in a folder of its own."""

    def __init__(self, stage: Stage, folder: Path, faults: Faults) -> None:
        self.stage = stage
        self.folder = folder
        self.archive = folder / "archive"
        self._faults = faults

    def prepare(self) -> "Trial":
        """Make the folder, with the archive that the command needs."""
        self.folder.mkdir()
        if self.stage.before:
            shutil.copytree(self.stage.before, self.archive)
        if self.stage.backup:
            shutil.copytree(self.stage.backup, self.folder / "backup")
        return self

    def run(self, **fault: Any) -> Ended:
        """Run the command, with ``at``, ``action``, ``error`` and ``log`` of ``Faults.run``."""
        command = [part.replace("{}", str(self.folder)) for part in self.stage.command]
        return self._faults.run(command, self.archive, below=self.folder, **fault)

    def check(self, printed: str, *, was_cut: bool = False, was_done: bool = False) -> None:
        """Ask everything, given what the stopped command had printed. AssertionError says what was lost.

        ``was_cut``: the power went, and a folder that was being exported may hold anything. ``was_done``: it did so
        when the command had ended well.
        """
        if was_done or not (was_cut and (self.folder / "out").is_dir()):
            self._check_exported(whole=was_done)
        told = acknowledged_in(printed) if "--json" in self.stage.command else set()
        if (self.archive / "threadkeep.db").exists():
            with Archive(self.archive) as archive:
                state = state_of(archive)
                assert told <= state.sources, f"acknowledged and gone: {told - state.sources}"
                assert state in self.stage.states, "neither what was nor what was to be"
                check_kept(archive, self.stage.files)
            check_database(self.archive / "threadkeep.db")
        else:
            assert not told
            assert self.stage.before is None
        self._check_backup(is_first=True)
        is_restored = self.stage.name == "restore" and (self.archive / "threadkeep.db").exists()
        again = None if is_restored else self.run()  # an archive that is there is not restored again
        assert again is None or again.code == 0, again.err
        with Archive(self.archive) as archive:
            assert state_of(archive) == self.stage.states[-1], "the same command again gives something else"
            check_kept(archive, self.stage.files)
        self._check_exported(whole=True)
        if again:  # an archive that is there already is swept by its next import
            assert not list(self.folder.rglob(".threadkeep-*")), "a draft was left behind"
        self._check_backup(is_first=False)
        files = files_in(self.archive)
        assert files == self.stage.files, f"left behind: {files ^ self.stage.files}"

    def _check_backup(self, *, is_first: bool) -> None:
        """What was backed up before is there, or what is now; after the command again, what is now."""
        if self.stage.name != "backup":
            return
        backup, restored = str(self.folder / "backup"), self.folder / "restored"
        for command in (["verify", backup], ["restore", backup]):
            ended = self._faults.run(command, restored)
            assert ended.code == 0, f"{ended.out}{ended.err}"
        with Archive(restored) as archive:
            state = state_of(archive)
        assert state.sources in (self.stage.states[-1].sources, *([self._first_sources] if is_first else ()))
        assert state == self.stage.states[-1] or is_first
        shutil.rmtree(restored)

    @property
    def _first_sources(self) -> frozenset[str]:
        return frozenset(Source.from_path(dump).sha256 for dump in FIRST[:1])

    def _check_exported(self, *, whole: bool) -> None:
        found = exported_in(self.folder)
        if whole:
            assert found == self.stage.exported
        for name, data in found.items():
            if not name.endswith(".part"):
                assert data == self.stage.exported[name], f"{name} is half written"


def acknowledged_in(printed: str) -> set[str]:
    """The dumps that an import has said it holds; a line that was cut off acknowledges nothing."""
    reports = [json.loads(line) for line in printed.splitlines(keepends=True) if line.endswith("\n")]
    return {report["sha256"] for report in reports if report["format"]}


def check_database(path: Path) -> None:
    """SQLite's own questions."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def check_kept(archive: Archive, files: frozenset[str]) -> None:
    """Every dump and medium that the database names is there, with the contents its name says.

    ``files`` are those that the whole command leaves.
    """
    folder = archive.folder
    notes = {note.record.sha256: note for note in archive.store.noted()}
    for row in archive.store.sources():
        source = archive.store.kept_source(row)
        if source.is_folder or source.members:
            assert source.members, row.record.path
        else:
            assert hashlib.sha256(source.open().read()).hexdigest() == row.record.sha256, row.record.path
        source.close()
        note = folder / "sources" / row.record.sha256[:2] / f"{row.record.sha256}.json"
        assert json.loads(note.read_bytes()), row.record.path
        assert notes[row.record.sha256].options == row.options
    with archive.selection(private=True) as selection:
        for kept in selection.posts():
            for media in kept.post.media:
                name = f"media/{(media.file or '')[:2]}/{media.file}"
                if name in files:  # an export may name media that came with no dump here
                    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == Path(name).stem, name


def files_in(archive: Path) -> frozenset[str]:
    """The files of an archive, but for the database and the index."""
    every = (path.relative_to(archive) for path in archive.rglob("*") if path.is_file())
    return frozenset(path.as_posix() for path in every if path.parts[0] in ("sources", "media"))


def exported_in(folder: Path) -> dict[str, bytes]:
    """The files beside the archive, by path."""
    out = folder / "out"
    if out.is_file():
        return {"out": out.read_bytes()}
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
