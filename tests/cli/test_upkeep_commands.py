"""Reading again, rebuilding, and what was not for everyone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Threadkeep = Callable[..., Any]

POSTS = [
    {
        "type": "post",
        "platform": "mastodon",
        "id": "https://a.example/1",
        "text": "for everyone",
        "visibility": "public",
    },
    {
        "type": "post",
        "platform": "mastodon",
        "id": "https://a.example/2",
        "text": "for followers",
        "visibility": "followers",
    },
    {"type": "post", "platform": "mastodon", "id": "https://a.example/3", "text": "for one", "visibility": "direct"},
]


def exported(threadkeep: Threadkeep, *more: str) -> str:
    out: str = threadkeep("export", "--format", "jsonl", "--to", "-", *more).out
    return out


def test_what_was_not_for_everyone_is_kept_and_neither_found_nor_exported(threadkeep: Threadkeep) -> None:
    threadkeep("import", "-", given="".join(json.dumps(post) + "\n" for post in POSTS))
    assert threadkeep("stats", "--json").objects[0]["posts"] == 3
    assert [post["text"] for post in threadkeep("search", "for", "--json").objects] == ["for everyone"]
    assert len(threadkeep("search", "for", "--include-private", "--json").objects) == 3
    assert exported(threadkeep).count("\n") == 1
    assert exported(threadkeep, "--include-private").count("\n") == 3
    assert threadkeep("search", "for", "--count-by", "platform", "--json").objects == [
        {"platform": "mastodon", "count": 1}
    ]


def test_rebuilding_gives_an_equal_export(threadkeep: Threadkeep, seeds: Path, tmp_path: Path) -> None:
    threadkeep("import", str(seeds / "bluesky-text/bluesky-profile.txt"), str(seeds / "jsonl/export.jsonl"))
    threadkeep("import", str(seeds / "x-text/x-profile.txt"), "--author", "mira", "--posts", "11")
    before = exported(threadkeep)
    assert threadkeep("rebuild").code == 0
    assert exported(threadkeep) == before
    assert len(threadkeep("search", "from:mira", "platform:x", "--limit", "99", "--json").objects) == 11
    for name in ("threadkeep.db", "threadkeep.db-wal", "threadkeep.db-shm"):
        (tmp_path / "archive" / name).unlink(missing_ok=True)
    shutil.rmtree(tmp_path / "archive" / "index")
    assert threadkeep("rebuild").code == 0
    assert exported(threadkeep) == before


def test_reading_again_changes_nothing_while_parsers_are_the_same(threadkeep: Threadkeep, seeds: Path) -> None:
    threadkeep("import", str(seeds / "bluesky-text/bluesky-profile.txt"), str(seeds / "x-text/x-profile.txt"))
    before = exported(threadkeep)
    run = threadkeep("reread", "--json")
    assert [(report["new"], report["updated"]) for report in run.objects] == [(0, 0), (0, 0)]
    assert exported(threadkeep) == before
    assert len(threadkeep("reread", "x-profile.txt", "--json").objects) == 1


def test_a_table_is_read_with_a_map(threadkeep: Threadkeep, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("who,when,what\nmira,2024-05-01,Frost again\n", encoding="utf-8")
    assert threadkeep("import", "table.csv", "--map", "text=what,author=who,created=when").code == 0
    [post] = threadkeep("search", "frost", "--json").objects
    assert (post["author"], post["created"], post["precision"]) == ("mira", "2024-05-01T00:00:00Z", "day")
    assert threadkeep("import", "table.csv", "--map", "text").code == 2
