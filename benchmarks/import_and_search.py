"""Time import and search as a person meets them, whole processes, beside plain sqlite3 with FTS5 in the same run.

    python benchmarks/import_and_search.py --posts 100000

Prints seconds, posts a second, peak memory, and ratios: machines differ, ratios hold. The peer reads the same file,
puts the same posts into a table and an FTS5 index with Porter stemming, and asks the same questions.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BARE = [sys.executable, "-c", "import sqlalchemy, whoosh.index"]
QUESTIONS = {
    "one common word": ("about", "about"),
    "two words": ("about people", "about AND people"),
    "a phrase": ('"more about"', '"more about"'),
    "a prefix": ("stra*", "stra*"),
}


@dataclass(frozen=True)
class Run:
    """What one process took: seconds by the clock and of a core, and its peak memory in megabytes."""

    seconds: float
    megabytes: float
    core: float = 0.0


def run(command: Sequence[str]) -> Run:
    """Run ``command`` to its end, its output thrown away; a failure ends the benchmark."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{said.decode()}")
    return Run(time.perf_counter() - begin, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def median(command: Sequence[str], times: int = 7) -> float:
    """The median seconds of ``command`` over several runs, after one that is not counted."""
    run(command)
    return statistics.median(run(command).seconds for _ in range(times))


def peer_import(dump: Path, database: Path) -> None:
    """What plain SQLite would do: rows and a full-text index."""
    connection = sqlite3.connect(database)
    connection.executescript("""
        PRAGMA journal_mode = WAL;
        CREATE TABLE posts (id INTEGER PRIMARY KEY, ref TEXT UNIQUE, author TEXT, created TEXT, text TEXT, raw TEXT);
        CREATE INDEX by_author ON posts (author, created);
        CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='porter unicode61');
    """)
    with connection, dump.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            post = json.loads(line)
            if post["type"] == "post":
                row = (number, post["id"], post["author"], post["created"], post["text"], line)
                connection.execute("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?)", row)
                connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, post["text"]))
    connection.close()


def peer_search(database: Path, question: str) -> None:
    """The best twenty, with their rows."""
    connection = sqlite3.connect(database)
    query = "SELECT posts.* FROM words JOIN posts ON posts.id = words.rowid WHERE words MATCH ? ORDER BY rank LIMIT 20"
    for row in connection.execute(query, (question,)):
        print(row)


def measure(count: int, folder: Path) -> None:
    dump, archive, database = folder / "posts.jsonl", folder / "archive", folder / "peer.db"
    run([sys.executable, str(HERE / "generate.py"), str(count), str(dump)])
    threadkeep = [sys.executable, "-m", "threadkeep", "--archive", str(archive)]
    peer = [sys.executable, __file__, "--peer", str(database)]
    print(f"{count:,} posts, {dump.stat().st_size / 1e6:,.0f} MB of JSON Lines, Python {sys.version.split()[0]}\n")

    ours, theirs = run([*threadkeep, "import", str(dump)]), run([*peer, str(dump)])
    print(f"{'import and index':24}{'seconds':>10}{'posts/s':>10}{'peak MB':>10}")
    for name, result in (("threadkeep", ours), ("sqlite3 + FTS5", theirs)):
        print(f"{name:24}{result.seconds:>10.1f}{count / result.seconds:>10,.0f}{result.megabytes:>10,.0f}")
    print(f"{'ratio of speed':24}{theirs.seconds / ours.seconds:>10.2f}\n")

    bare = median(BARE)
    print(f"{'cold search':24}{'threadkeep':>12}{'FTS5':>10}{'to bare imports':>18}")
    for name, (question, in_fts5) in QUESTIONS.items():
        our_time = median([*threadkeep, "search", question])
        peer_time = median([*peer, "--ask", in_fts5])
        print(f"{name:24}{our_time * 1000:>9.0f} ms{peer_time * 1000:>7.0f} ms{our_time / bare:>17.2f}x")
    print(f"{'bare imports':24}{bare * 1000:>9.0f} ms   (python -c 'import sqlalchemy, whoosh.index')")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--peer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    parser.add_argument("dump", type=Path, nargs="?", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer and arguments.ask:
        peer_search(arguments.peer, arguments.ask)
    elif arguments.peer:
        peer_import(arguments.dump, arguments.peer)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(arguments.posts, Path(folder))


if __name__ == "__main__":
    main()
