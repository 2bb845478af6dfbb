"""Several processes on one archive: nobody loses what another wrote, and who must wait is told so."""

import contextlib
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_checks import check_database, check_kept, files_in, state_of
from seed_samples import SEEDS, seed

from threadkeep.archive.archive import Archive
from threadkeep.index.engine import Document
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.sources.source import Source
from threadkeep.store.store import Store

DUMPS = ["mastodon-export", "x-export", "x-thread.html", "bluesky-profile.txt"]


def started(archive: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "threadkeep", "--archive", str(archive), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, (process.args, err)
    return out


@pytest.mark.slow
def test_dumps_imported_at_once_while_others_search_and_export_are_all_there(tmp_path: Path) -> None:
    together, alone = tmp_path / "together", tmp_path / "alone"
    importing = [started(together, "import", "--json", str(seed(name))) for name in DUMPS]
    while not (together / "threadkeep.db").exists():
        time.sleep(0.01)
    reading = [started(together, "search", "--json", "kiln"), started(together, "export", "--format=jsonl", "--to=-")]
    told = {json.loads(done(process))["sha256"] for process in importing}
    for process in reading:
        for line in done(process).splitlines():
            assert json.loads(line)["type"]
    with Archive(alone) as archive:
        for name in DUMPS:
            archive.import_(Source.from_path(seed(name)))
        expected = state_of(archive)
    with Archive(together) as archive:
        state = state_of(archive)
        check_kept(archive, files_in(together))
    assert state.sources == expected.sources == told
    assert sorted(state.records.splitlines()) == sorted(expected.records.splitlines())
    assert [sorted(found) for found in state.found] == [sorted(found) for found in expected.found]
    assert files_in(together) == files_in(alone)
    check_database(together / "threadkeep.db")


def test_one_dump_imported_by_several_at_once_is_new_once(tmp_path: Path) -> None:
    dump = SEEDS / "x-archive/x-export"
    processes = [started(tmp_path / "archive", "import", "--json", str(dump)) for _ in range(3)]
    reports = [json.loads(done(process)) for process in processes]
    assert sorted(report["new"] > 0 for report in reports) == [False, False, True]
    assert {report["posts"] for report in reports} == {8}
    with Archive(tmp_path / "archive") as archive:
        check_kept(archive, files_in(archive.folder))
        assert len(archive.store.sources()) == 1


@contextlib.contextmanager
def written_by_another(archive: Path, seconds: float) -> Iterator[None]:
    """Another connection is in the middle of a transaction, for a while."""
    connection = sqlite3.connect(archive / "threadkeep.db", isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, lambda: connection.execute("ROLLBACK"))
    timer.start()
    try:
        yield
    finally:
        timer.join()
        connection.close()


@pytest.mark.slow
def test_an_import_waits_for_another_and_readers_do_not(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    done(started(archive, "import", str(SEEDS / "tweets-csv/tweets.csv")))
    with written_by_another(archive, 2):
        waiting = started(archive, "import", "--json", str(SEEDS / "x-page/x-thread.html"))
        assert done(started(archive, "search", "--json", ""))
        assert waiting.poll() is None
        assert json.loads(done(waiting))["new"] > 0


IMPATIENT = """
import sys
from threadkeep.cli.main import main
from threadkeep.store import connections
connections.BUSY_SECONDS = 1
sys.argv[0] = "threadkeep"
main()
"""


@pytest.mark.slow
def test_an_import_that_waits_too_long_says_so_and_loses_nothing(tmp_path: Path) -> None:
    archive, dump = tmp_path / "archive", str(SEEDS / "x-page/x-thread.html")
    done(started(archive, "import", str(SEEDS / "tweets-csv/tweets.csv")))
    with written_by_another(archive, 4):
        command = [sys.executable, "-c", IMPATIENT, "--archive", str(archive), "import", dump]
        waiting = subprocess.run(command, capture_output=True, text=True, check=False)
    assert waiting.returncode == 1
    assert waiting.stderr.splitlines() == [
        f"threadkeep: {archive / 'threadkeep.db'}: another process has been writing for 1 seconds",
        "  wait for it, then try again",
    ]
    assert json.loads(done(started(archive, "import", "--json", dump)))["new"] > 0


@pytest.mark.slow
def test_an_import_is_done_though_another_process_holds_the_index(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    done(started(archive, "import", str(SEEDS / "tweets-csv/tweets.csv")))
    with Store(archive) as store:
        engine = WhooshEngine(archive / "index", store.token())

        def documents() -> Iterator[Document]:
            importing = started(archive, "import", "--json", str(SEEDS / "x-page/x-thread.html"))
            out, err = importing.communicate(timeout=100)
            assert importing.returncode == 0
            assert json.loads(out)["new"] > 0
            assert "stored; another process is indexing" in err
            yield from ()

        engine.update(documents(), (), engine.revision())
    with Archive(archive) as opened:
        assert opened.search("").total == opened.store.counts()["posts"]


def test_what_another_process_did_to_the_index_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    with Archive(tmp_path) as ours, Archive(tmp_path) as theirs:
        ours.import_(Source.from_path(SEEDS / "tweets-csv/tweets.csv"))
        ours.sync()
        ours.import_(Source.from_path(SEEDS / "x-page/x-thread.html"))
        held = ours.engine.revision()
        theirs.engine.clear()
        with ours.store.changes_since(held) as changes:
            documents = (Document(row_id=1, thread=1, platform="x", text="") for _ in changes.changed)
            assert not ours.engine.update(documents, changes.removed, changes.revision, since=held)
        ours.sync()
        assert ours.search("").total == ours.store.counts()["posts"]


def test_an_older_database_put_back_is_indexed_anew(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        archive.import_(Source.from_path(SEEDS / "tweets-csv/tweets.csv"))
        archive.sync()
        count = archive.store.counts()["posts"]
    older = (tmp_path / "threadkeep.db").read_bytes()
    with Archive(tmp_path) as archive:
        archive.import_(Source.from_path(SEEDS / "x-page/x-thread.html"))
        archive.sync()
    (tmp_path / "threadkeep.db").write_bytes(older)
    with Archive(tmp_path) as archive:
        assert archive.search("").total == count
        assert len(archive.search("", limit=100).hits) == count
