"""An index of many posts is built by two more processes, and is the same as one built by a single process."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from documents import hits, moment, post

from threadkeep.errors import StorageError
from threadkeep.index.document_batch import batch_of
from threadkeep.index.engine import Document
from threadkeep.index.whoosh import parallel_writer
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.index.whoosh.index_meta import read_segments
from threadkeep.index.whoosh.parallel_writer import WorkerPool
from threadkeep.index.whoosh.segment_reader import open_index
from threadkeep.query.parser import parse


def many(count: int) -> Iterator[Document]:
    """Posts, newest first."""
    for number in range(1, count + 1):
        text = f"kiln number{number} {'glaze' * (number % 3)} runs"
        yield post(number, text, created=moment("2024-05-01") - number, tags=(f"tag{number % 5}",))


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let worker processes start after a few posts, however many cores there are."""
    monkeypatch.setattr(parallel_writer, "IN_PROCESS_MAX", 50)
    monkeypatch.setattr(parallel_writer, "BATCH_SIZE", 40)
    monkeypatch.setattr(parallel_writer, "worker_count", lambda most: 2)


def test_a_batch_holds_all_that_documents_hold() -> None:
    documents = [post(1, "kiln", tags=("clay",), likes=3), post(2, title="glaze")]
    batch = batch_of(documents)
    assert batch._fields == tuple(field.name for field in fields(Document))
    assert [Document(*values) for values in zip(*batch, strict=True)] == documents


@pytest.mark.usefixtures("early")
def test_an_index_built_by_several_processes_is_whole_and_in_date_order(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.update([post(3, "earlier form")], (), 1)
    engine.update(many(500), (), 2)
    segments = open_index(tmp_path, read_segments(tmp_path)).segments
    assert len(segments) in (1, 2)  # a worker that is slow to start may find all posts taken
    for segment in segments:
        assert list(segment.created) == sorted(segment.created, reverse=True)
    assert hits(engine, "kiln", "newest", limit=500) == list(range(1, 501))
    assert hits(engine, "number77") == [77]
    assert hits(engine, "earlier") == []
    assert engine.counts(parse("tag:tag1"), "tag") == ((("tag1", 100),), 100)


@pytest.mark.usefixtures("early")
def test_an_update_that_breaks_off_leaves_no_process_and_the_index_as_it_was(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.update([post(3, "earlier form")], (), 1)

    def broken() -> Iterator[Document]:
        yield from many(300)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.update(broken(), (), 2)
    assert engine.revision() == 1
    assert hits(engine, "kiln OR earlier") == [3]
    engine.update(many(60), (), 2)
    assert sum(path.suffix == ".trm" for path in tmp_path.iterdir()) == len(
        open_index(tmp_path, read_segments(tmp_path)).segments
    )


def test_a_process_that_dies_is_told_of(tmp_path: Path) -> None:
    workers = WorkerPool(tmp_path, 1)
    workers._processes[0].kill()
    with pytest.raises(StorageError, match=r"was killed by signal|ended with code"):
        while True:
            workers.add(batch_of([post(1, "kiln" * 1000)] * 50))
    workers.stop()


def test_what_keeps_a_process_from_writing_is_told(tmp_path: Path) -> None:
    workers = WorkerPool(tmp_path / "missing", 1)
    workers.add(batch_of([post(1, "kiln")]))
    with pytest.raises(FileNotFoundError):
        workers.finish()
    workers.stop()


@pytest.mark.usefixtures("early")
def test_a_folder_that_goes_away_meanwhile_is_an_error_of_storage(tmp_path: Path) -> None:
    def vanishing() -> Iterator[Document]:
        yield from many(300)
        (tmp_path / "index").rename(tmp_path / "elsewhere")

    with pytest.raises(StorageError, match="search index"):
        WhooshEngine(tmp_path / "index").update(vanishing(), (), 1)
