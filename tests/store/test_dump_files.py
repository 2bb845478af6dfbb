"""A large dump is copied while its records are taken in: whole before they are there, gone where they are not."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from threadkeep.errors import StorageError
from threadkeep.ingest.import_session import ImportSession
from threadkeep.records import Account, Post, Ref
from threadkeep.sources.source import Source
from threadkeep.store import dump_files
from threadkeep.store.dump_files import OriginalCopy, dump_path
from threadkeep.store.store import Store

CONTENTS = bytes(range(256)) * 40_000
MIRA = Account(Ref("x", "12"), "mira")
POST = Post(Ref("x", "1"), MIRA.ref, "kiln")


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    path = tmp_path / "dump.bin"
    path.write_bytes(CONTENTS)
    yield Source.from_path(path)


def held(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_copy_is_whole_once_it_is_finished(tmp_path: Path, source: Source) -> None:
    keeping = OriginalCopy(tmp_path / "sources", source)
    assert keeping._thread is not None
    keeping.finish()
    [path] = held(tmp_path / "sources")
    assert path == dump_path(tmp_path / "sources", source.sha256)
    assert gzip.decompress(path.read_bytes()) == CONTENTS


def test_a_small_dump_is_there_at_once(tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_text("kiln", "utf-8")
    keeping = OriginalCopy(tmp_path / "sources", Source.from_path(tmp_path / "small.txt"))
    assert len(held(tmp_path / "sources")) == 1
    keeping.finish()
    assert len(held(tmp_path / "sources")) == 1


def test_a_copy_that_somebody_took_away_is_made_again(tmp_path: Path, source: Source) -> None:
    keeping = OriginalCopy(tmp_path / "sources", source)
    keeping.finish()
    held(tmp_path / "sources")[0].unlink()
    keeping.finish()
    assert gzip.decompress(held(tmp_path / "sources")[0].read_bytes()) == CONTENTS


def test_what_keeps_it_from_being_made_is_told_in_the_end(tmp_path: Path, source: Source) -> None:
    (tmp_path / "sources").write_text("no folder", "utf-8")
    keeping = OriginalCopy(tmp_path / "sources", source)
    with pytest.raises(StorageError, match="sources"):
        keeping.finish()


def test_nothing_is_written_once_it_is_given_up(tmp_path: Path, source: Source) -> None:
    keeping = OriginalCopy(tmp_path / "sources", source)
    keeping.give_up()
    file = io.BytesIO()
    with pytest.raises(StorageError, match="not wanted"):
        dump_files._Stoppable(file, keeping._is_given_up).write(b"more")
    assert file.getvalue() == b""
    assert all(path.suffix == ".gz" for path in held(tmp_path / "sources"))


@pytest.mark.parametrize("breaks_off", [True, False])
def test_the_copy_stays_exactly_where_the_records_do(tmp_path: Path, source: Source, breaks_off: bool) -> None:
    (tmp_path / "archive").mkdir()
    with Store(tmp_path / "archive") as store:
        try:
            with ImportSession.open(store, source, "jsonl", 1) as loading:
                loading.add(MIRA, "1")
                loading.add(POST, "2")
                loading.finish()
                if breaks_off:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
        kept = dump_path(tmp_path / "archive" / "sources", source.sha256)
        assert store.counts()["posts"] == (0 if breaks_off else 1)
        assert (kept is None) == breaks_off
    assert not list((tmp_path / "archive").rglob("*.part"))
