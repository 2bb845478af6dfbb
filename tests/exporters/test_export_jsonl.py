"""The JSONL export holds every record, and reading it back gives the same records."""

import json
from pathlib import Path

from export_samples import RECORDS
from records_in_memory import Records

from threadkeep.exporters import jsonl
from threadkeep.parsers.generic import jsonl as parser
from threadkeep.records import Account, Gap, Pin, Post, Ref, Repost, StoredPost, Thread
from threadkeep.sources.source import Source


def test_every_record_is_a_line_and_accounts_come_first(tmp_path: Path) -> None:
    written = jsonl.write(RECORDS, tmp_path / "all.jsonl")
    types = [json.loads(line)["type"] for line in (tmp_path / "all.jsonl").read_text("utf-8").split("\n")[:-1]]
    assert types == ["account"] * 3 + ["post"] * 6 + ["repost", "pin", "gap"]
    assert (written.files, written.posts) == (1, 6)


def test_reading_it_back_gives_the_records(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    jsonl.write(RECORDS, path)
    found = [record for entry in parser.entries(Source.from_path(path)) for record in parser.parse(entry)]
    assert [record for record in found if isinstance(record, Account)] == list(RECORDS.accounts())
    assert [record for record in found if isinstance(record, Repost | Pin | Gap)] == [
        *RECORDS.reposts(),
        *RECORDS.pins(),
        *RECORDS.gaps(),
    ]
    texts = [(record.ref, record.author, record.text, record.media) for record in found if isinstance(record, Post)]
    assert texts == [
        (stored.post.ref, stored.post.author, stored.post.text, stored.post.media) for stored in RECORDS.posts()
    ]


def test_the_lines_are_those_of_the_file(tmp_path: Path) -> None:
    jsonl.write(RECORDS, tmp_path / "all.jsonl")
    assert "".join(jsonl.lines(RECORDS)) == (tmp_path / "all.jsonl").read_text("utf-8")


def test_authors_with_one_handle_and_authors_without_any_come_back(tmp_path: Path) -> None:
    authors = (Account(Ref("x", "1"), "mira"), Account(Ref("x", "2"), "mira"), Account(Ref("x", "3")))
    posts = [Post(Ref("x", f"5{account.ref.id}"), account.ref, "Hi") for account in authors]
    stored = [StoredPost(post, author, post.ref, ()) for post, author in zip(posts, authors, strict=True)]
    jsonl.write(Records(authors, tuple(Thread(one.thread, (one,)) for one in stored)), tmp_path / "all.jsonl")
    entries = parser.entries(Source.from_path(tmp_path / "all.jsonl"))
    found = [record for entry in entries for record in parser.parse(entry)]
    assert [record for record in found if isinstance(record, Account)] == list(authors)
    assert [record.author for record in found if isinstance(record, Post)] == [post.author for post in posts]


def test_nothing_gives_an_empty_file(tmp_path: Path) -> None:
    assert jsonl.write(Records(), tmp_path / "all.jsonl").posts == 0
    assert (tmp_path / "all.jsonl").read_bytes() == b""
