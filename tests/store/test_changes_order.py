"""Changed posts come newest first, whatever order they were imported in."""

from pathlib import Path

from threadkeep.archive.archive import Archive
from threadkeep.sources.source import Source

POSTS = """\
{"type":"post","id":"1","platform":"x","author":"mira","text":"second","created":"2024-05-02T00:00:00Z"}
{"type":"post","id":"2","platform":"x","author":"mira","text":"undated"}
{"type":"post","id":"3","platform":"x","author":"mira","text":"first","created":"2024-05-01T23:59:59.5Z"}
{"type":"post","id":"4","platform":"x","author":"mira","text":"third","created":"2024-05-02T01:00:00+00:00"}
"""


def test_changes_come_newest_first_and_the_undated_last(tmp_path: Path) -> None:
    dump = tmp_path / "posts.jsonl"
    dump.write_text(POSTS, "utf-8")
    with Archive(tmp_path / "archive") as archive:
        archive.import_(Source.from_path(dump), "jsonl")
        with archive.store.changes_since(0) as changes:
            assert [post.text for post in changes.changed] == ["third", "second", "first", "undated"]
