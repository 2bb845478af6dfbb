"""Keep an archive of today's schema for the tests of every later one: run once when a schema is released.

    python tests/store/old_archives/keep.py

writes ``schema-N.sql``, which SQLite reads back, and ``schema-N.expected.jsonl``, every record in it.
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from threadkeep.archive.archive import Archive
from threadkeep.exporters import jsonl
from threadkeep.sources.source import Source
from threadkeep.store.database import migrations

HERE = Path(__file__).parent
SEEDS = HERE.parents[2] / "seeds"
DUMPS = ("bluesky-profile.txt", "export.jsonl", "x-thread.html", "mastodon-context.json")


def main() -> None:
    version = len(migrations())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "archive")
        with Archive(folder) as archive:
            for name in DUMPS:
                archive.import_(Source("seeds/" + name, next(SEEDS.glob(f"*/{name}"))))
            with archive.selection(private=True) as selection:
                records = "".join(jsonl.lines(selection))
        with closing(sqlite3.connect(folder / "threadkeep.db")) as connection:
            lines = [f"PRAGMA {name} = {pragma(connection, name)};" for name in ("application_id", "user_version")]
            text = "\n".join([*lines, *connection.iterdump()]) + "\n"
    (HERE / f"schema-{version}.sql").write_text(text, encoding="utf-8")
    (HERE / f"schema-{version}.expected.jsonl").write_text(records, encoding="utf-8")


def pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


if __name__ == "__main__":
    main()
