"""Time the making of a search index, beside SQLite's FTS5 and Whoosh with default settings on the same posts.

    python benchmarks/index.py --posts 100000
    python benchmarks/index.py --posts 1000000 --peers threadkeep,fts5

Every peer is a process of its own that reads the same prepared posts, newest first, from the same file. FTS5 gets the
words with Porter stemming and the tables and indexes that find a post by its author, date and tag. Memory is the peak
of all processes of a peer together. Afterwards small imports into the finished index are timed: each with the fsyncs
that make it last, and one of nothing to compare with. Ratios hold better than figures.
"""

import argparse
import json
import marshal
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

BATCH = 1000
SMALL = 100
END = 2_000_000_000_000_000
"""A date past all that are prepared, in microseconds since 1970."""

PEERS = ("threadkeep", "fts5", "whoosh")


def prepare(count: int, path: Path) -> None:
    """Write ``count`` posts, newest first, as tuples that load fast."""
    from generate import BEGIN, DAYS, posts

    begin = int(BEGIN.timestamp()) * 1_000_000
    batch = []
    with path.open("wb") as file:
        for number, post in enumerate(posts(count), 1):
            created = begin + DAYS * 86_400_000_000 * (count - number) // count
            flags = [name for name, key in (("reply", "reply_to"), ("link", "links"), ("media", "media")) if post[key]]
            alts = tuple(media["alt"] for media in post["media"])
            urls = tuple(link["url"] for link in post["links"])
            names = tuple(post["mentions"]), tuple(post["tags"]), urls
            batch.append((number, number, "x", post["text"], alts, (post["author"],), *names, created, tuple(flags)))
            if len(batch) == BATCH:
                marshal.dump(batch, file)
                batch = []
        marshal.dump(batch, file)


def prepared(path: Path, start: int, stop: int) -> Iterator[tuple]:  # type: ignore[type-arg]
    """The posts numbered from ``start`` on, before ``stop``."""
    with path.open("rb") as file:
        read = 1
        while read < stop:
            batch = marshal.load(file)
            if not batch:
                return
            yield from batch[max(start - read, 0) : stop - read]
            read += len(batch)


def documents(path: Path, start: int, stop: int):  # type: ignore[no-untyped-def]
    from threadkeep.index import Document

    for number, thread, platform, text, alts, authors, mentions, tags, urls, created, flags in prepared(
        path, start, stop
    ):
        yield Document(
            number=number,
            thread=thread,
            platform=platform,
            text=text,
            alts=alts,
            authors=authors,
            mentions=mentions,
            tags=tags,
            urls=urls,
            language="en",
            created=created,
            flags=frozenset(flags),
        )


def run_threadkeep(posts: Path, folder: Path, count: int, imports: int) -> dict[str, float]:
    from threadkeep.index.whoosh import WhooshEngine

    begin = time.perf_counter()
    WhooshEngine(folder).update(documents(posts, 1, count + 1), (), 1)
    built, cpu = time.perf_counter() - begin, cpu_seconds()
    times: dict[str, list[float]] = {"nothing": [], "small": []}
    for i in range(imports):
        start = 1 + i * SMALL % (count - SMALL)
        some = [
            replace(document, number=count + i * SMALL + j, created=END + i * SMALL + j)
            for j, document in enumerate(documents(posts, start, start + SMALL), 1)
        ]
        for name, changed in (("nothing", []), ("small", some)):
            begin = time.perf_counter()
            WhooshEngine(folder).update(changed, (), 2 + i)
            times[name].append(time.perf_counter() - begin)
    segments = sum(path.suffix == ".trm" for path in folder.iterdir())
    return {"seconds": built, "cpu": cpu, **summary(times), "segments": segments}


def cpu_seconds() -> float:
    """What this process and those it started took of all cores, starting itself included."""
    taken = os.times()
    return taken.user + taken.system + taken.children_user + taken.children_system


def summary(times: dict[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(found) for name, found in times.items()} | {
        f"{name}, worst": max(found) for name, found in times.items()
    }


def run_fts5(posts: Path, folder: Path, count: int, imports: int) -> dict[str, float]:
    folder.mkdir()
    begin = time.perf_counter()
    connection = sqlite3.connect(folder / "peer.db")
    connection.executescript("""
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA cache_size = -64000;
        CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='porter unicode61');
        CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, created INTEGER);
        CREATE TABLE tags (tag TEXT, post INTEGER, PRIMARY KEY (tag, post)) WITHOUT ROWID;
        CREATE INDEX by_author ON posts (author, created);
        CREATE INDEX by_date ON posts (created);
    """)

    def add(start: int, stop: int, offset: int = 0) -> None:
        with connection:
            for post in prepared(posts, start, stop):
                number = post[0] + offset
                connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, post[3]))
                connection.execute("INSERT INTO posts VALUES (?, ?, ?)", (number, post[5][0], post[9]))
                for tag in post[7]:
                    connection.execute("INSERT OR IGNORE INTO tags VALUES (?, ?)", (tag.lower(), number))

    add(1, count + 1)
    built, cpu = time.perf_counter() - begin, cpu_seconds()
    times = []
    for i in range(imports):
        begin = time.perf_counter()
        start = 1 + i * SMALL % (count - SMALL)
        add(start, start + SMALL, count + i * SMALL + 1 - start)
        times.append(time.perf_counter() - begin)
    connection.close()
    return {"seconds": built, "cpu": cpu, **summary({"small": times})}


def run_whoosh(posts: Path, folder: Path, count: int, imports: int) -> dict[str, float]:
    from whoosh import analysis, fields, index

    folder.mkdir()
    schema = fields.Schema(
        id=fields.NUMERIC(int, 64, stored=True, unique=True),
        text=fields.TEXT(analyzer=analysis.StemmingAnalyzer(), stored=True),
        author=fields.ID(stored=True),
        tags=fields.KEYWORD(stored=True, lowercase=True),
        created=fields.NUMERIC(int, 64, stored=True, sortable=True),
    )
    begin = time.perf_counter()
    writer = index.create_in(folder, schema).writer()
    for post in prepared(posts, 1, count + 1):
        writer.add_document(id=post[0], text=post[3], author=post[5][0], tags=" ".join(post[7]), created=post[9])
    writer.commit()
    return {"seconds": time.perf_counter() - begin, "cpu": cpu_seconds()}


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [pid, *(other for child in children for other in tree(child))]


def megabytes_of(pid: int) -> float:
    """The memory that a process has to itself, and its share of what it has with others."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss_Anon:"))
    except (OSError, StopIteration):
        return 0.0


def measured(peer: str, posts: Path, folder: Path, count: int, imports: int) -> dict[str, float]:
    """Run a peer to its end; what it says, with the peak memory of its processes."""
    command = [sys.executable, __file__, "--run", peer, "--posts", str(count), "--imports", str(imports)]
    command += [str(posts), str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(megabytes_of, tree(process.pid))))
        time.sleep(0.1)
    assert process.stdout is not None
    if process.returncode:
        sys.exit(f"{peer} failed")
    found: dict[str, float] = json.loads(process.stdout.read())
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    shutil.rmtree(folder)
    return found | {"peak": peak, "size": size / 1e6}


def measure(count: int, imports: int, peers: list[str], folder: Path, posts: Path) -> None:
    if not posts.exists():
        prepare(count, posts)
    print(
        f"{count:,} posts, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores\n"
    )
    columns = (
        "seconds",
        "CPU seconds",
        "posts/s",
        "peak MB",
        "index MB",
        "100 more, ms",
        "worst",
        "nothing, ms",
        "segments",
    )
    print(f"{'':12}" + "".join(f"{column:>13}" for column in columns))
    results = {}
    for peer in peers:
        found = results[peer] = measured(peer, posts, folder / peer, count, imports)
        figures = [f"{found['seconds']:,.1f}", f"{found['cpu']:,.1f}"]
        figures += [f"{count / found['seconds']:,.0f}", f"{found['peak']:,.0f}"]
        figures += [f"{found['size']:,.0f}"]
        figures += [f"{found[n] * 1000:,.1f}" if n in found else "" for n in ("small", "small, worst", "nothing")]
        figures += [f"{found['segments']:.0f}" if "segments" in found else ""]
        print(f"{peer:12}" + "".join(f"{figure:>13}" for figure in figures), flush=True)
    print()
    for peer in peers:
        if peer != "threadkeep" and "threadkeep" in results:
            ratio = results[peer]["seconds"] / results["threadkeep"]["seconds"]
            print(f"threadkeep indexes at {ratio:.2f} of the speed of {peer}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--imports", type=int, default=10, help="how many small imports follow")
    parser.add_argument("--peers", default=",".join(PEERS), help="which to run, in this order")
    parser.add_argument("--prepared", type=Path, help="keep the prepared posts in this file, and use it if it is there")
    parser.add_argument("--run", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("file", type=Path, nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("folder", type=Path, nargs="?", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        run = {"threadkeep": run_threadkeep, "fts5": run_fts5, "whoosh": run_whoosh}[arguments.run]
        print(json.dumps(run(arguments.file, arguments.folder, arguments.posts, arguments.imports)))
        return
    with tempfile.TemporaryDirectory() as folder:
        posts = arguments.prepared or Path(folder, "posts")
        measure(arguments.posts, arguments.imports, arguments.peers.split(","), Path(folder), posts)


if __name__ == "__main__":
    main()
