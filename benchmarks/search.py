"""Time searches, beside SQLite's FTS5, tantivy and Whoosh with default settings, over the same posts in the same run.

    python benchmarks/search.py --posts 100000
    python benchmarks/search.py --posts 1000000 --folder /var/tmp/search --peers threadkeep,fts5,tantivy

Every peer indexes the same prepared posts, newest first (see ``index.py``), in a process of its own, and is asked the
same questions in another: the best or the newest twenty. threadkeep also tells how many hits there are in all, and its
time includes reading the query. Each question is asked three times, all in turn, and the first does not count. A peer
that has no such kind of question shows a dash; ``fts5_total`` is FTS5 asked for the number of hits too. ``tantivy`` is
installed from PyPI for this only. Ratios hold better than figures.
"""

import argparse
import json
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import search_peers
from index import megabytes_of, prepare, prepared, tree
from search_peers import Ask, Question

PEERS = ("threadkeep", "fts5", "tantivy", "whoosh")
KINDS = "rare common and or phrase prefix wildcard fuzzy author+word date+word tag newest".split()
BESIDES = "newest+and"
"""A kind that is shown and does not count: FTS5 stops after twenty of its hits, which no engine can that counts all."""

TOTAL = "fts5_total"
EACH = 20
SAMPLE = 100_000
TURNS = 3


def questions(posts: Path, count: int) -> list[Question]:
    """The same questions for the same posts, twenty of a kind, drawn from the words of the first posts."""
    random_ = random.Random(99)
    sample = [(post[3], post[5][0], post[7], post[9]) for post in prepared(posts, 1, min(count, SAMPLE) + 1)]
    plain = [[word for raw in text.split() if (word := raw.strip(".,!?:;").lower()).isascii()] for text, *_ in sample]
    held = Counter(word for words in plain for word in set(words) if re.fullmatch("[a-z]{3,}", word))
    share = {word: number / len(sample) for word, number in held.items()}
    from generate import COMMON

    stop = set(COMMON)
    rare = sorted(word for word, part in share.items() if 0.00005 <= part <= 0.0004 and word not in stop)
    middling = sorted(word for word, part in share.items() if 0.003 <= part <= 0.04 and word not in stop)
    common = sorted((word for word in share if word not in stop), key=lambda word: -share[word])[:60]
    written = Counter(author for _, author, *_ in sample)
    authors = sorted(author for author, number in written.items() if number > len(sample) / 1000)
    tags = sorted(tag for tag, number in Counter(tag for post in sample for tag in post[2]).items() if number > 10)

    def phrase(length: int) -> list[str]:
        while True:
            words = random_.choice(plain)
            start = random_.randrange(max(1, len(words) - length))
            found = words[start : start + length]
            if len(found) == length and all(word in share and word not in stop for word in found):
                return found

    asked: list[Question] = []
    for i in range(EACH):
        some, odd = random_.choice(common), i % 2
        two = random_.sample(middling, 2) if odd else [some, random_.choice(middling)]
        three = [*two, random_.choice(common)] if i % 4 == 0 else two
        shaped, misspelt = random_.choice(middling), random_.choice(middling)
        at, first = random_.randrange(1, len(misspelt)), random_.choice(sample)[3]
        word = random_.choice(middling if odd else common)
        until = first + random_.choice((7, 30, 365)) * 86_400_000_000
        asked += [
            {"kind": "rare", "words": [random_.choice(rare)]},
            {"kind": "common", "words": [common[i * 2]]},
            {"kind": "and", "words": three},
            {"kind": "or", "words": three},
            {"kind": "phrase", "words": phrase(2 + (i % 4 == 0))},
            {"kind": "prefix", "words": [random_.choice(middling)[:4]]},
            {"kind": "wildcard", "words": [f"{shaped[:3]}*{shaped[-2:]}"]},
            {"kind": "fuzzy", "words": [misspelt[:at] + random_.choice("aeiourst") + misspelt[at + 1 :]]},
            {"kind": "author+word", "words": [word], "author": random_.choice(authors)},
            {"kind": "date+word", "words": [word], "since": first, "until": until},
            {"kind": "tag", "tag": random_.choice(tags).lower()},
            {"kind": "newest", "words": [word]},
            {"kind": "newest+and", "words": [some, random_.choice(middling)]},
        ]
    return asked


def build(peer: str, posts: Path, folder: Path, count: int) -> None:
    begin = time.perf_counter()
    getattr(search_peers, f"build_{peer}")(posts, folder, count)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(json.dumps({"seconds": time.perf_counter() - begin, "size": size / 1e6}))


def ask(peer: str, folder: Path, asked: list[Question]) -> None:
    """Print the milliseconds that each question took, by kind."""
    answer: Ask = getattr(search_peers, f"ask_{peer}")(folder / peer.partition("_")[0])
    times: dict[str, list[float]] = {}
    turns = TURNS if peer != "whoosh" else 2  # it is slow
    for turn in range(turns):
        for question in asked:
            begin = time.perf_counter()
            if answer(question) is not None and turn:
                times.setdefault(question["kind"], []).append((time.perf_counter() - begin) * 1000)
    print(json.dumps(times))


def child(*arguments: object) -> tuple[dict[str, Any], float]:
    """What a process of this script says, and the peak of the memory that it and its own processes took."""
    process = subprocess.Popen([sys.executable, __file__, *map(str, arguments)], stdout=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(megabytes_of, tree(process.pid))))
        time.sleep(0.05)
    if process.returncode or process.stdout is None:
        sys.exit(f"{' '.join(map(str, arguments))} failed")
    found: dict[str, Any] = json.loads(process.stdout.read())
    return found, peak


def built(peer: str, count: int, folder: Path) -> None:
    """Have ``peer`` index the posts, unless it has, and print what that took."""
    note = folder / f"{peer}.json"
    if not note.exists():
        shutil.rmtree(folder / peer, ignore_errors=True)
        found, peak = child("--build", peer, "--posts", count, "--folder", folder)
        note.write_text(json.dumps(found | {"peak": peak}))
    found = json.loads(note.read_text())
    figures = (count / found["seconds"], found["peak"], found["size"])
    print(f"{peer:12}{found['seconds']:>10.1f}" + "".join(f"{figure:>10,.0f}" for figure in figures), flush=True)


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def shown(times: list[float] | None) -> str:
    return f"{statistics.median(times):.2f}/{p95(times):.1f}" if times else "-"


def compare(results: dict[str, dict[str, list[float]]]) -> None:
    """Print a line for each kind: p50/p95 in milliseconds of each peer, and the ratios of ours to FTS5's."""
    print(f"\n{'p50/p95 in ms':15}" + "".join(f"{peer:>16}" for peer in results) + f"{'to FTS5, p50':>16}{'p95':>8}")
    in_fts5 = [kind for kind in KINDS if kind in results.get("fts5", {})]
    for name, kinds in (*((kind, [kind]) for kind in (*KINDS, BESIDES)), ("all of FTS5's", in_fts5), ("all", KINDS)):
        by_peer = {peer: [one for kind in kinds for one in found.get(kind, [])] for peer, found in results.items()}
        line = f"{name:15}" + "".join(f"{shown(times):>16}" for times in by_peer.values())
        ours, theirs = by_peer.get("threadkeep"), by_peer.get("fts5")
        if ours and theirs:
            line += f"{statistics.median(ours) / statistics.median(theirs):>15.2f}x{p95(ours) / p95(theirs):>7.2f}x"
        print(line)


def measure(count: int, peers: list[str], folder: Path, whoosh_limit: int) -> None:
    posts = folder / "posts"
    if not posts.exists():
        prepare(count, posts)
    asked = folder / "questions.json"
    asked.write_text(json.dumps(questions(posts, count)))
    print(f"{count:,} posts, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}\n")
    if count > whoosh_limit and "whoosh" in peers:
        peers.remove("whoosh")
        print(f"Whoosh is left out: it is asked about no more than {whoosh_limit:,} posts\n")
    print(f"{'index':12}{'seconds':>10}{'posts/s':>10}{'peak MB':>10}{'size MB':>10}")
    for peer in peers:
        built(peer, count, folder)
    asked_of = [name for peer in peers for name in ((peer, TOTAL) if peer == "fts5" else (peer,))]
    results = {peer: child("--ask", peer, "--folder", folder)[0] for peer in asked_of}
    compare(results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--peers", default=",".join(PEERS), help="which to run, in this order")
    parser.add_argument("--folder", type=Path, help="keep posts and indexes here, and use those that are there")
    parser.add_argument("--whoosh-limit", type=int, default=100_000, help="leave Whoosh out of larger runs")
    parser.add_argument("--build", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    if arguments.build:
        build(arguments.build, folder / "posts", folder / arguments.build, arguments.posts)
    elif arguments.ask:
        ask(arguments.ask, folder, json.loads((folder / "questions.json").read_text()))
    elif folder:
        folder.mkdir(parents=True, exist_ok=True)
        measure(arguments.posts, arguments.peers.split(","), folder, arguments.whoosh_limit)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            measure(arguments.posts, arguments.peers.split(","), Path(temporary), arguments.whoosh_limit)


if __name__ == "__main__":
    main()
