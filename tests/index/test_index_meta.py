"""The segments of an index stand beside it as Whoosh's own list has them, so that a search need not read that list."""

import json
import os
import pickle
from pathlib import Path

import pytest
from documents import POTS, hits, post

from threadkeep.index.engine import Engine
from threadkeep.index.whoosh import index_meta, merge
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.index.whoosh.index_meta import read_segments
from threadkeep.query.parser import parse


def told(folder: Path) -> index_meta.IndexState:
    held = index_meta.read(folder)
    assert held is not None
    return held


def without_segments(folder: Path) -> None:
    """Make the state one that was written before segments stood in it."""
    path = folder / index_meta.FILE
    found = json.loads(path.read_text("utf-8"))
    del found["segments"]
    path.write_text(json.dumps(found), encoding="utf-8")


def spoil_the_list(folder: Path, proof: Path) -> None:
    """Put a program in the place of Whoosh's list: it makes the folder ``proof``."""

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(proof),)

    for path in folder.glob("*.toc"):
        path.write_bytes(pickle.dumps(Trap()).ljust(path.stat().st_size, b"."))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_the_state_tells_the_segments_after_every_change(engine: Engine, folder: Path) -> None:
    for revision in range(1, 2 * merge.MERGE_FACTOR + 2):
        engine.update([post(revision, f"kiln {revision}"), post(1, f"bowl {revision}")], [revision // 2], revision)
        assert told(folder).meta == read_segments(folder)
    outlines = read_segments(folder).segments
    assert len(outlines) > 1
    assert any(outline.deleted for outline in outlines)
    assert sum(outline.size - len(outline.deleted) for outline in outlines) == engine.search(parse("")).total


def test_a_search_does_not_unpickle_the_list_of_segments(pots: Engine, folder: Path, tmp_path: Path) -> None:
    spoil_the_list(folder, tmp_path / "proof")
    again = WhooshEngine(folder)
    assert again.revision() == 1
    assert set(hits(again, "kiln")) == {1, 3, 4}
    again.update([post(8, "new")], (), 2)
    assert hits(again, "new") == [8]
    assert not (tmp_path / "proof").exists()


def test_a_list_that_cannot_be_read_is_noticed_by_the_next_change_and_the_index_made_anew(
    pots: Engine, folder: Path
) -> None:
    for path in folder.glob("_MAIN_*.json"):
        path.write_bytes(b"." * path.stat().st_size)
    again = WhooshEngine(folder)
    assert not again.update([post(8, "new")], (), 2, since=1)
    assert again.revision() == 0
    assert again.update([*POTS, post(8, "new")], (), 2, since=0)
    assert set(hits(again, "kiln")) == {1, 3, 4}
    assert hits(again, "new") == [8]


def test_a_state_that_does_not_tell_the_segments_leaves_it_to_the_list(pots: Engine, folder: Path) -> None:
    pots.update([post(8, "new")], [1], 2)
    without_segments(folder)
    again = WhooshEngine(folder)
    assert again.revision() == 2
    assert set(hits(again, "kiln")) == {3, 4}
    again.update([post(9, "newer")], (), 3)
    assert told(folder).meta == read_segments(folder)


def test_segments_of_a_later_generation_than_the_states_are_taken_from_the_list(pots: Engine, folder: Path) -> None:
    before = (folder / index_meta.FILE).read_bytes()
    pots.update([post(number, "new") for number in range(1, 8)], [1], 2)
    (folder / index_meta.FILE).write_bytes(before)
    assert not all((folder / name).exists() for name in told(folder).files)
    again = WhooshEngine(folder)
    assert again.revision() == 1
    assert set(hits(again, "new")) == set(range(1, 8))


@pytest.mark.parametrize(
    "segments", [["other"], [{}], [None], 5, "other", [{"name": "MAIN_1"}], [{"deleted": 3}], {"a": 1}]
)
def test_a_state_with_segments_of_another_shape_counts_as_none(pots: Engine, folder: Path, segments: object) -> None:
    path = folder / index_meta.FILE
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"segments": segments}), encoding="utf-8")
    assert index_meta.read(folder) is None
    assert WhooshEngine(folder).revision() == 0
