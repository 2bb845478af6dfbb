"""The JSONL export holds every record, and reading it back gives the same records."""

import json
from pathlib import Path

from export_samples import RECORDS
from records_in_memory import Records

from threadkeep.exporters import jsonl
from threadkeep.parsers import jsonl as parser
from threadkeep.records import Account, Gap, Pin, Post, Repost
from threadkeep.sources import Source


def test_every_record_is_a_line_and_accounts_come_first(tmp_path: Path) -> None:
    written = jsonl.write(RECORDS, tmp_path / "all.jsonl")
    types = [json.loads(line)["type"] for line in (tmp_path / "all.jsonl").read_text("utf-8").split("\n")[:-1]]
    assert types == ["account"] * 3 + ["post"] * 6 + ["repost", "pin", "gap"]
    assert (written.files, written.posts) == (1, 6)


def test_reading_it_back_gives_the_records(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    jsonl.write(RECORDS, path)
    found = [record for entry in parser.entries(Source.of_path(path)) for record in parser.parse(entry)]
    assert [record for record in found if isinstance(record, Account)] == list(RECORDS.accounts())
    assert [record for record in found if isinstance(record, Repost | Pin | Gap)] == [
        *RECORDS.reposts(),
        *RECORDS.pins(),
        *RECORDS.gaps(),
    ]
    texts = [(record.ref, record.author, record.text, record.media) for record in found if isinstance(record, Post)]
    assert texts == [(kept.post.ref, kept.post.author, kept.post.text, kept.post.media) for kept in RECORDS.posts()]


def test_the_lines_are_those_of_the_file(tmp_path: Path) -> None:
    jsonl.write(RECORDS, tmp_path / "all.jsonl")
    assert "".join(jsonl.lines(RECORDS)) == (tmp_path / "all.jsonl").read_text("utf-8")


def test_nothing_gives_an_empty_file(tmp_path: Path) -> None:
    assert jsonl.write(Records(), tmp_path / "all.jsonl").posts == 0
    assert (tmp_path / "all.jsonl").read_bytes() == b""
