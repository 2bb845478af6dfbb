"""Time import and search as a person meets them, whole processes, beside plain sqlite3 with FTS5 in the same run.

    python benchmarks/import_and_search.py --posts 100000

Prints seconds, posts a second, peak memory, and ratios: machines differ, ratios hold. The peer reads the same file,
puts the same posts into a table and an FTS5 index with Porter stemming, and asks the same questions. Cold searches run
in turns, a process each: threadkeep, the peer, and Python that only imports SQLAlchemy and Whoosh.
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
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from index import megabytes_of, tree

HERE = Path(__file__).resolve().parent
BARE = [sys.executable, "-c", "import sqlalchemy, whoosh.index"]
TURNS = 15
NOTHING = "nothing found"
QUESTIONS = {
    "one common word": ("about", "about"),
    "two words": ("about more", "about AND more"),
    "a phrase": ('"more about"', '"more about"'),
    "a prefix": ("stra*", "stra*"),
    NOTHING: ("qqzzxx", "qqzzxx"),
}


@dataclass(frozen=True)
class Run:
    """What a process and those below it took: seconds by the clock and of a core, and peak megabytes of memory."""

    seconds: float
    megabytes: float
    core: float = 0.0


def run(command: Sequence[str], *, weigh: bool = True) -> Run:
    """Run ``command`` to its end, its output thrown away; a failure ends the benchmark.

    Without ``weigh`` it is timed only: looking at its memory ten times a second would disturb a short one.
    """
    begin, peak = time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG if weigh else 0)
        while not ended:
            peak = max(peak, sum(map(megabytes_of, tree(process.pid))))
            time.sleep(0.1)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - begin
        if status:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read().decode()}")
    return Run(seconds, peak, usage.ru_utime + usage.ru_stime)


def in_turns(commands: Mapping[str, Sequence[str]], times: int = TURNS) -> dict[str, Run]:
    """What each of ``commands`` takes: the medians of several rounds of all, after one that is not counted."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(times + 1):
        for name, command in commands.items():
            runs[name].append(run(command, weigh=False))
    return {
        name: Run(*(statistics.median(values) for values in zip(*map(astuple, found[1:]), strict=True)))
        for name, found in runs.items()
    }


def cold_searches(archive: Path, peer_database: Path) -> None:
    """Time whole processes that answer each question. One that finds nothing, but should, ends the benchmark."""
    threadkeep = [sys.executable, "-m", "threadkeep", "--archive", str(archive), "search"]
    commands: dict[str, Sequence[str]] = {"bare": BARE}
    for name, (question, in_fts5) in QUESTIONS.items():
        commands[name] = [*threadkeep, question]
        commands[f"peer: {name}"] = [sys.executable, __file__, "--peer", str(peer_database), "--ask", in_fts5]
        if bool(subprocess.check_output(commands[name], stderr=subprocess.DEVNULL)) is (name == NOTHING):
            sys.exit(f"the question {question!r} is a bad one for these posts")
    taken = in_turns(commands)
    bare = taken["bare"]
    print(f"{'cold search':24}{'threadkeep':>12}{'FTS5':>10}{'to bare imports':>18}{'of a core':>12}")
    for name in QUESTIONS:
        ours, theirs = taken[name], taken[f"peer: {name}"]
        print(f"{name:24}{ours.seconds * 1000:>9.0f} ms{theirs.seconds * 1000:>7.0f} ms", end="")
        print(f"{ours.seconds / bare.seconds:>17.2f}x{ours.core / bare.core:>11.2f}x")
    print(f"{'bare imports':24}{bare.seconds * 1000:>9.0f} ms   (python -c 'import sqlalchemy, whoosh.index')")


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

    cold_searches(archive, database)


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
