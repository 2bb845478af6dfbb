"""Time the making of a search index, beside SQLite's FTS5 and Whoosh with default settings on the same posts.

    python benchmarks/index.py --posts 100000
    python benchmarks/index.py --posts 1000000 --peers threadkeep,fts5
    python benchmarks/index.py --posts 100000 --peers threadkeep --imports 10000 --small 10 --again 5

Every peer is a process of its own that reads the same prepared posts, newest first, from the same file. FTS5 gets the
words with Porter stemming and the tables and indexes that find a post by its author, date and tag. Memory is the peak
of all processes of a peer together. Afterwards small imports into the finished index are timed: each with the fsyncs
that make it last, and one of nothing to compare with; ``--again`` lets each bring some earlier posts anew as well,
which leaves dead weight behind. Ratios hold better than figures.
"""

import argparse
import json
import marshal
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

BATCH_SIZE = 1000
END = 2_000_000_000_000_000
"""A date past all that are prepared, in microseconds since 1970."""

PEERS = ("threadkeep", "fts5", "whoosh")


@dataclass(frozen=True, slots=True)
class Small:
    """What follows the first making of an index: how many imports, and how many new and earlier posts each brings."""

    imports: int
    size: int
    again: int


def prepare(count: int, path: Path) -> None:
    """Write ``count`` posts, newest first, as tuples that load fast."""
    from generate import BEGIN, DAYS, posts

    begin = int(BEGIN.timestamp()) * 1_000_000
    batch = []
    starts = array("Q")
    with path.open("wb") as file:
        for number, post in enumerate(posts(count), 1):
            created = begin + DAYS * 86_400_000_000 * (count - number) // count
            flags = [name for name, key in (("reply", "reply_to"), ("link", "links"), ("media", "media")) if post[key]]
            alts = tuple(media["alt"] for media in post["media"])
            urls = tuple(link["url"] for link in post["links"])
            names = tuple(post["mentions"]), tuple(post["tags"]), urls
            batch.append((number, number, "x", post["text"], alts, (post["author"],), *names, created, tuple(flags)))
            if len(batch) == BATCH_SIZE:
                starts.append(file.tell())
                marshal.dump(batch, file)
                batch = []
        starts.append(file.tell())
        marshal.dump(batch, file)
    path.with_suffix(".starts").write_bytes(starts.tobytes())


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


def prepared_oldest_first(path: Path) -> Iterator[tuple]:  # type: ignore[type-arg]
    """All posts in the order in which they were written."""
    starts = array("Q", path.with_suffix(".starts").read_bytes())
    with path.open("rb") as file:
        for start in reversed(starts):
            file.seek(start)
            yield from reversed(marshal.load(file))


def documents(path: Path, start: int, stop: int):  # type: ignore[no-untyped-def]
    from threadkeep.index.engine import Document

    for number, thread, platform, text, alts, authors, mentions, tags, urls, created, flags in prepared(
        path, start, stop
    ):
        yield Document(
            row_id=number,
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


def run_threadkeep(posts: Path, folder: Path, count: int, small: Small) -> dict[str, float]:
    from threadkeep.index.whoosh.engine import WhooshEngine
    from threadkeep.index.whoosh.index_meta import read_segments
    from threadkeep.index.whoosh.segment_reader import open_index

    begin = time.perf_counter()
    WhooshEngine(folder).update(documents(posts, 1, count + 1), (), 1)
    built, cpu = time.perf_counter() - begin, cpu_seconds()
    segments = [len(open_index(folder, read_segments(folder)).segments)]
    pool = list(documents(posts, 1, 1 + min(count, 20_000)))
    chance = random.Random(3)
    times: dict[str, list[float]] = {"nothing": [], "small": []}
    for i in range(small.imports):
        start = 1 + i * small.size
        some = [
            replace(pool[(start + j) % len(pool)], row_id=count + start + j, created=END + start + j)
            for j in range(small.size)
        ]
        some += (replace(chance.choice(pool), row_id=chance.randint(1, count + start)) for _ in range(small.again))
        for name, changed in (("nothing", []), ("small", some)):
            begin = time.perf_counter()
            WhooshEngine(folder).update(changed, (), 2 + i)
            times[name].append(time.perf_counter() - begin)
        segments.append(len(open_index(folder, read_segments(folder)).segments))
    index = open_index(folder, read_segments(folder))
    dead = sum(len(segment.deleted) for segment in index.segments)
    return {
        **{"seconds": built, "cpu": cpu, **summary(times), "built": segments[0]},
        **{"segments": segments[-1], "most segments": max(segments), "dead": dead / (index.size - dead)},
    }


def cpu_seconds() -> float:
    """What this process and those it started took of all cores, starting itself included."""
    taken = os.times()
    return taken.user + taken.system + taken.children_user + taken.children_system


def summary(times: dict[str, list[float]]) -> dict[str, float]:
    """The median and the worst of each; of many small imports also the medians of the first and of the last tenth."""
    figures: dict[str, float] = {}
    for name, found in times.items():
        tenth = max(len(found) // 10, 1)
        figures[name] = statistics.median(found)
        figures[f"{name}, worst"] = max(found)
        figures[f"{name}, first"] = statistics.median(found[:tenth])
        figures[f"{name}, last"] = statistics.median(found[-tenth:])
    return figures


def run_fts5(posts: Path, folder: Path, count: int, small: Small) -> dict[str, float]:
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
    for i in range(small.imports):
        begin = time.perf_counter()
        start = 1 + i * small.size % (count - small.size)
        add(start, start + small.size, count + i * small.size + 1 - start)
        times.append(time.perf_counter() - begin)
    connection.close()
    return {"seconds": built, "cpu": cpu, **summary({"small": times})}


def run_whoosh(posts: Path, folder: Path, count: int, small: Small) -> dict[str, float]:
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


def measured(peer: str, posts: Path, folder: Path, count: int, small: Small) -> dict[str, float]:
    """Run a peer to its end; what it says, with the peak memory of its processes."""
    command = [sys.executable, __file__, "--run", peer, "--posts", str(count)]
    command += ["--imports", str(small.imports), "--small", str(small.size), "--again", str(small.again)]
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


def measure(count: int, small: Small, peers: list[str], folder: Path, posts: Path) -> None:
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
        "segments",
        f"{small.size} more, ms",
        "worst",
        "nothing, ms",
    )
    print(f"{'':12}" + "".join(f"{column:>13}" for column in columns))
    results = {}
    for peer in peers:
        found = results[peer] = measured(peer, posts, folder / peer, count, small)
        figures = [f"{found['seconds']:,.1f}", f"{found['cpu']:,.1f}"]
        figures += [f"{count / found['seconds']:,.0f}", f"{found['peak']:,.0f}"]
        figures += [f"{found['size']:,.0f}"]
        figures += [f"{found['built']:.0f}" if "built" in found else ""]
        figures += [f"{found[n] * 1000:,.1f}" if n in found else "" for n in ("small", "small, worst", "nothing")]
        print(f"{peer:12}" + "".join(f"{figure:>13}" for figure in figures), flush=True)
    print()
    for peer in peers:
        if peer != "threadkeep" and "threadkeep" in results:
            ratio = results[peer]["seconds"] / results["threadkeep"]["seconds"]
            print(f"threadkeep indexes at {ratio:.2f} of the speed of {peer}")
    if "threadkeep" in results and small.imports:
        found = results["threadkeep"]
        print(
            f"after {small.imports:,} imports of {small.size} new posts and {small.again} earlier ones: "
            f"{found['segments']:.0f} segments, at most {found['most segments']:.0f}; forgotten posts that still take "
            f"room: {found['dead']:.1%} of those held; "
            f"median ms of the first tenth {found['small, first'] * 1000:.1f}, "
            f"of the last {found['small, last'] * 1000:.1f}; of nothing {found['nothing, last'] * 1000:.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--imports", type=int, default=10, help="how many small imports follow")
    parser.add_argument("--small", type=int, default=100, help="how many new posts each of them brings")
    parser.add_argument("--again", type=int, default=0, help="how many earlier posts each brings anew")
    parser.add_argument("--peers", default=",".join(PEERS), help="which to run, in this order")
    parser.add_argument("--prepared", type=Path, help="keep the prepared posts in this file, and use it if it is there")
    parser.add_argument("--run", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("file", type=Path, nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("folder", type=Path, nargs="?", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    small = Small(arguments.imports, arguments.small, arguments.again)
    if arguments.run:
        run = {"threadkeep": run_threadkeep, "fts5": run_fts5, "whoosh": run_whoosh}[arguments.run]
        print(json.dumps(run(arguments.file, arguments.folder, arguments.posts, small)))
        return
    with tempfile.TemporaryDirectory() as folder:
        posts = arguments.prepared or Path(folder, "posts")
        measure(arguments.posts, small, arguments.peers.split(","), Path(folder), posts)


if __name__ == "__main__":
    main()
