"""An index that is damaged, foreign, cut off in the middle or written by two at once is told so, and heals."""

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from documents import POTS, hits, post

from threadkeep.errors import ArchiveBusy, ArchiveError
from threadkeep.index.engine import Document, Engine
from threadkeep.index.whoosh import engine as whoosh_engine
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.query.parser import parse

Make = Callable[[Path], Engine]


def test_an_index_is_there_after_opening_again(make: Make, pots: Engine, tmp_path: Path) -> None:
    again = make(tmp_path / "index")
    assert again.revision() == 1
    assert hits(again, "run") == [1]


def test_what_another_engine_writes_to_the_folder_shows(make: Make, pots: Engine, tmp_path: Path) -> None:
    assert hits(pots, "wheel") == []
    make(tmp_path / "index").update([post(5, "wheel")], [1], 2)
    assert hits(pots, "wheel") == [5]
    assert hits(pots, "run") == []
    assert pots.revision() == 2


def test_damage_to_any_file_is_noticed_and_healed(make: Make, pots: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    for name in [name for name, data in whole.items() if data]:
        for damaged in (None, b"", whole[name][:-1], b"\x80" * len(whole[name]) + b"!"):
            for path in folder.iterdir():
                path.unlink()
            for other, data in whole.items():
                (folder / other).write_bytes(data)
            if damaged is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(damaged)
            engine = make(folder)
            assert engine.revision() == 0, (name, damaged)
            with pytest.raises(ArchiveError):
                engine.search(parse("kiln"))
            engine.update(POTS, (), 2)
            assert engine.revision() == 2
            assert set(hits(engine, "kiln")) == {1, 3, 4}


@pytest.mark.parametrize("data", [b"{}", b"[]", b"null", b"[" * 100_000, b'{"version_key": 1}', b"\xff"])
def test_a_state_that_says_nothing_counts_as_none(make: Make, pots: Engine, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "index" / "state.json").write_bytes(data)
    assert make(tmp_path / "index").revision() == 0


@pytest.mark.parametrize("key", ["version_key", "token", "revision", "generation", "files"])
def test_a_state_of_other_versions_or_shapes_counts_as_none(make: Make, pots: Engine, tmp_path: Path, key: str) -> None:
    path = tmp_path / "index" / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: ["other"]}))
    assert make(tmp_path / "index").revision() == 0


def test_an_index_from_elsewhere_is_replaced_without_being_opened(tmp_path: Path) -> None:
    folder, proof = tmp_path / "index", tmp_path / "proof"
    theirs = WhooshEngine(folder, "theirs")
    theirs.update(POTS, (), 5)

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(proof),)

    for path in folder.glob("*.toc"):
        size = path.stat().st_size
        path.write_bytes(pickle.dumps(Trap()).ljust(size, b"."))
    ours = WhooshEngine(folder, "ours")
    assert ours.revision() == 0
    with pytest.raises(ArchiveError):
        ours.search(parse("kiln"))
    ours.update(POTS[:1], (), 1)
    assert not proof.exists()
    assert ours.search(parse("")).total == 1
    assert WhooshEngine(folder, "theirs").revision() == 0


def test_an_update_cut_off_leaves_what_was_and_can_be_made_again(pots: Engine) -> None:
    def cut_off() -> Iterator[Document]:
        yield post(1, "changed")
        yield post(8, "new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pots.update(cut_off(), [2], 2)
    assert pots.revision() == 1
    assert hits(pots, "run") == [1]
    assert pots.search(parse("")).total == 4
    pots.update([post(1, "changed"), post(8, "new")], [2], 2)
    assert hits(pots, "changed OR new", "newest") == [1, 8]
    assert pots.search(parse("")).total == 4


def test_an_update_that_ends_before_it_is_written_down_heals(make: Make, pots: Engine, tmp_path: Path) -> None:
    state = tmp_path / "index" / "state.json"
    before = state.read_bytes()
    update = ([post(1, "changed"), post(8, "new")], [2], 2)
    pots.update(*update)
    state.write_bytes(before)
    again = make(tmp_path / "index")
    assert again.revision() == 1
    again.update(*update)
    assert again.revision() == 2
    assert hits(again, "changed OR new", "newest") == [1, 8]
    assert again.search(parse("")).total == 4


KILLED = """
import os, signal, sys
from pathlib import Path
from threadkeep.index.engine import Document
from threadkeep.index.whoosh import parallel_writer
from threadkeep.index.whoosh.engine import WhooshEngine

def documents():
    for number in range(1, 400):
        if number == 300:
            os.kill(os.getpid(), signal.SIGKILL)
        yield Document(row_id=number, thread=1, platform="x", text=f"killed {number} " * 20)

parallel_writer.BUFFER_LIMIT = 50_000
WhooshEngine(Path(sys.argv[1])).update(documents(), [1], 2)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_a_killed_update_leaves_no_lock_and_heals(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    WhooshEngine(folder).update(POTS, (), 1)
    run = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert run.returncode == -signal.SIGKILL
    engine = WhooshEngine(folder)
    assert engine.revision() == 1
    engine.update([post(number, f"healed {number}") for number in range(1, 400)], [1], 2)
    assert engine.revision() == 2
    assert engine.search(parse("healed")).total == 399
    assert engine.search(parse("killed")).total == 0


def test_a_second_writer_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_engine, "LOCK_SECONDS", 0.2)
    folder = tmp_path / "index"

    def writing() -> Iterator[Document]:
        with pytest.raises(ArchiveBusy):
            WhooshEngine(folder).update(POTS, (), 2)
        with pytest.raises(ArchiveBusy):
            WhooshEngine(folder).clear()
        yield post(1, "first")

    engine = WhooshEngine(folder)
    engine.update(writing(), (), 1)
    assert hits(engine, "first") == [1]
    WhooshEngine(folder).update([post(2, "second")], (), 2)
    assert engine.revision() == 2


def test_files_of_others_in_the_folder_are_left_alone(pots: Engine, tmp_path: Path) -> None:
    stray = tmp_path / "index" / "notes.txt"
    stray.write_text("mine")
    pots.clear()
    pots.update(POTS, (), 1)
    assert stray.read_text() == "mine"
