"""Time the import of an account archive of X beside its peers, whole processes, in one run.

    python benchmarks/import_x_archive.py --posts 100000

Peers read the same zip: ``json.loads`` alone; ``json.loads`` with plain sqlite3 rows and an FTS5 index; and, where it
is installed, ``twitter-to-sqlite`` with its full-text index. Ratios are to the second: above 1 is faster than that;
by the clock, and by seconds of a core, which other work on the machine disturbs less.
"""

import argparse
import importlib.util
import json
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

from import_and_search import HERE, Run, run


def tweets_of(dump: Path) -> list[dict[str, object]]:
    """The posts of an archive, decoded in one go."""
    with zipfile.ZipFile(dump) as archive:
        text = archive.read("data/tweets.js").decode()
    items = json.loads(text.partition("=")[2])
    return [item["tweet"] for item in items]


def rows_and_words(dump: Path, database: Path) -> None:
    """Rows and a full-text index, as a script of an afternoon would make them."""
    connection = sqlite3.connect(database)
    connection.executescript("""
        PRAGMA journal_mode = WAL;
        CREATE TABLE posts (id INTEGER PRIMARY KEY, created TEXT, text TEXT, reply_to TEXT, raw TEXT);
        CREATE INDEX by_reply ON posts (reply_to);
        CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='porter unicode61');
    """)
    with connection:
        for tweet in tweets_of(dump):
            reply = tweet.get("in_reply_to_status_id_str")
            row = (int(str(tweet["id_str"])), tweet["created_at"], tweet["full_text"], reply, json.dumps(tweet))
            connection.execute("INSERT OR REPLACE INTO posts VALUES (?, ?, ?, ?, ?)", row)
            connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (row[0], row[2]))
    connection.close()


STORE_ONLY = """
import sys
from pathlib import Path
from threadkeep.archive.archive import Archive
from threadkeep.sources.source import Source
with Archive(Path(sys.argv[2])) as archive:
    archive.import_(Source.from_path(Path(sys.argv[1])))
"""

TWITTER_TO_SQLITE = "from twitter_to_sqlite.cli import cli; cli()"

FULL_TEXT = """
import sys
from sqlite_utils import Database
[table] = [table for table in Database(sys.argv[1]).tables if "full_text" in table.columns_dict]
table.enable_fts(["full_text"], tokenize="porter")
"""


def measure(count: int, folder: Path) -> None:
    dump = folder / "archive.zip"
    run([sys.executable, str(HERE / "generate_x_archive.py"), str(count), str(dump)])
    us = [sys.executable, __file__, "--dump", str(dump)]
    threadkeep = [sys.executable, "-m", "threadkeep", "--archive", str(folder / "archive")]
    results: dict[str, Run] = {
        "json.loads alone": run([*us, "--peer", "json"]),
        "json.loads + sqlite3 + FTS5": run([*us, "--peer", "fts5"]),
        "threadkeep, index aside": run([sys.executable, "-c", STORE_ONLY, str(dump), str(folder / "store")]),
        "threadkeep, end to end": run([*threadkeep, "import", str(dump)]),
    }
    if importlib.util.find_spec("twitter_to_sqlite"):
        database, tweets = str(folder / "peer.db"), folder / "tweet.js"  # it knows the older name only
        with zipfile.ZipFile(dump) as archive:
            tweets.write_bytes(archive.read("data/tweets.js"))
        first = run([sys.executable, "-c", TWITTER_TO_SQLITE, "import", database, str(tweets)])
        then = run([sys.executable, "-c", FULL_TEXT, database])
        results["twitter-to-sqlite + index"] = Run(
            first.seconds + then.seconds, max(first.megabytes, then.megabytes), first.core + then.core
        )
    peer = results["json.loads + sqlite3 + FTS5"]
    print(f"{count:,} posts, a zip of {dump.stat().st_size / 1e6:,.0f} MB, Python {sys.version.split()[0]}\n")
    print(f"{'':30}{'seconds':>9}{'posts/s':>9}{'peak MB':>9}{'to FTS5':>9}{'of a core':>11}{'to FTS5':>9}")
    for name, result in results.items():
        rate = count / result.seconds
        print(
            f"{name:30}{result.seconds:>9.1f}{rate:>9,.0f}{result.megabytes:>9,.0f}"
            f"{peer.seconds / result.seconds:>9.2f}{result.core:>11.1f}{peer.core / result.core:>9.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--peer", choices=["json", "fts5"], help=argparse.SUPPRESS)
    parser.add_argument("--dump", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer == "json":
        tweets_of(arguments.dump)
    elif arguments.peer == "fts5":
        with tempfile.TemporaryDirectory() as folder:
            rows_and_words(arguments.dump, Path(folder, "peer.db"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(arguments.posts, Path(folder))


if __name__ == "__main__":
    main()
