"""An archive folder from someone else is data: no command runs what it holds, or follows it out of the folder."""

import os
import pickle
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from cli.test_terminal_safety import RUNS

from threadkeep.index.whoosh import segment_format, term_dictionary

ROOT = Path(__file__).resolve().parents[1]

BETWEEN_OUR_PROCESSES = {
    *("ingest/worker.py", "ingest/subprocess_runner.py"),
    *("index/whoosh/writer_process.py", "index/whoosh/parallel_writer.py"),
}
"""What unpickles: pipes between a process and the workers it has started itself."""


class Trap:
    """Unpickled, it makes the folder ``proof``."""

    def __init__(self, proof: Path) -> None:
        self._proof = proof

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._proof),)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foreign") / "archive"
    source = folder.parent / "again.jsonl"
    source.write_text('{"type":"post","platform":"x","id":"101","author":"mira","text":"evil kiln"}\n', "utf-8")
    run(folder, "import", str(source))
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "threadkeep", "--archive", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, cwd=folder.parent)


def spoil(index: Path, proof: Path) -> None:
    """Put the trap wherever Whoosh would unpickle: its lists of segments, the ends of dictionaries, whole files."""
    trap = pickle.dumps(Trap(proof), 2)
    for path in index.glob("*.toc"):
        path.write_bytes(trap.ljust(path.stat().st_size, b"."))
    for path in index.glob(f"*{segment_format.TERMS_EXT}"):
        data = path.read_bytes()
        (length,) = term_dictionary.TAIL.unpack(data[-4:])
        at = len(data) - 4 - length
        path.write_bytes(data[:at] + trap.ljust(length, b".")[:length] + data[-4:])


@pytest.mark.parametrize("name", [name for name in RUNS if name not in ("docs", "formats", "verify", "restore")])
def test_nothing_in_an_index_is_unpickled(name: str, archive: Path, tmp_path: Path) -> None:
    shutil.copytree(archive, tmp_path / "archive")
    shutil.copy(archive.parent / "again.jsonl", tmp_path)
    spoil(tmp_path / "archive" / "index", tmp_path / "proof")
    for arguments in RUNS[name][:2]:
        done = run(tmp_path / "archive", *(word.replace("POST", "x:101") for word in arguments))
        assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert not (tmp_path / "proof").exists()


def test_only_pipes_between_our_own_processes_are_unpickled() -> None:
    reads = re.compile(r"pickle\.loads?\b|from pickle import|TOC\.read|read_pickle|\bmarshal\.|\bshelve\.|\beval\(")
    found = {
        path.relative_to(ROOT / "threadkeep").as_posix()
        for path in (ROOT / "threadkeep").rglob("*.py")
        if reads.search(path.read_text("utf-8"))
    }
    assert found <= BETWEEN_OUR_PROCESSES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
def test_pipes_and_links_in_an_index_are_not_opened(archive: Path, tmp_path: Path) -> None:
    for kind in ("pipe", "link"):
        shutil.copytree(archive, folder := tmp_path / kind)
        for path in (folder / "index").iterdir():
            if path.suffix in (".json", ".trm", ".doc"):
                path.unlink()
                os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
        done = run(folder, "search", "kiln")
        assert (done.returncode, b"x:101" in done.stdout) == (0, True), done.stderr.decode()


def test_a_trigger_in_the_database_is_refused_in_words(archive: Path, tmp_path: Path) -> None:
    shutil.copytree(archive, folder := tmp_path / "archive")
    with closing(sqlite3.connect(folder / "threadkeep.db")) as connection, connection:
        connection.execute("CREATE TRIGGER evil AFTER UPDATE ON meta BEGIN DELETE FROM posts; END")
    for arguments in (["search", "kiln"], ["stats"], ["import", str(archive.parent / "again.jsonl")]):
        done = run(folder, *arguments)
        assert (done.returncode, b"trigger 'evil'" in done.stderr) == (1, True), done.stderr.decode()
