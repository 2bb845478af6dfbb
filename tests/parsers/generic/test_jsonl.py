"""threadkeep's own export is recognized, read line by line, and a bad line costs nothing but itself."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.parsers.generic import jsonl
from threadkeep.parsers.registry import all_parsers
from threadkeep.records import Account, Gap, Parsed, Pin, Post, Problem, Ref, Repost, Skipped
from threadkeep.sources.source import Source

ACCOUNT = '{"type":"account","platform":"x","id":"12","handle":"mira"}'
POST = '{"type":"post","platform":"x","id":"1750","author":"mira","text":"Hi"}'
GAP = '{"type":"gap","platform":"x","id":"1751","reason":"deleted"}'


def source_of(folder: Path, *lines: str, end: str = "\n", encoding: str = "utf-8") -> Source:
    path = folder / "export.jsonl"
    path.write_bytes("".join(line + end for line in lines).encode(encoding))
    return Source.from_path(path)


def read(source: Source) -> list[Parsed | Problem]:
    """What an import makes of a dump, with what cannot be read as a problem."""
    found: list[Parsed | Problem] = []
    for entry in jsonl.entries(source):
        try:
            found += jsonl.parse(entry)
        except ValueError as error:
            found.append(Problem(entry.locator, str(error), entry.raw))
    return found


def test_the_sample_is_recognized_and_gives_every_kind_of_record(seeds: Path) -> None:
    source = Source.from_path(seeds / "jsonl/export.jsonl")
    assert [parser.NAME for parser in all_parsers().values() if parser.recognizes(source)] == ["jsonl"]
    records = read(source)
    kinds = [type(record) for record in records]
    assert [kinds.count(kind) for kind in (Account, Post, Repost, Pin, Gap)] == [5, 7, 2, 1, 1]
    authors = {record.author for record in records if isinstance(record, Post)}
    assert authors <= {record.ref for record in records if isinstance(record, Account)}


@pytest.mark.parametrize(
    "line",
    [
        ACCOUNT,
        POST,
        GAP,
        '{"text":"keys in any order","platform":"x","id":"1","type":"post"}',
        '{"type":"post","id":"1","platform":"x","text":"cut in the mid',
        '{ "type" : "pin", "platform" : "x", "account":"12","post":"1750"}',
    ],
)
def test_a_record_in_the_first_line_is_recognized(tmp_path: Path, line: str) -> None:
    assert jsonl.recognizes(source_of(tmp_path, "", line))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Just words",
        "{not json",
        '{"id":"1750","full_text":"Hi"}',
        '{"type":"Note","id":"https://a.test/1"}',
        '{"type":"post","id":12,"title":"from another program"}',
        '{"type":["post"],"platform":"x"}',
        f"[{POST}]",
        '["type","post"]',
        f"He said {POST}",
        "[" * 60_000,
        "{" * 60_000,
    ],
)
def test_anything_else_is_not(tmp_path: Path, line: str) -> None:
    assert not jsonl.recognizes(source_of(tmp_path, line, "\n"))


def test_bytes_are_not_recognized(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes(bytes(range(256)) * 40)
    assert not jsonl.recognizes(Source.from_path(path))


def test_a_first_line_longer_than_the_head_is_recognized_by_its_beginning(tmp_path: Path) -> None:
    line = f'{{"type":"post","id":"1","platform":"x","text":"{"word " * 40_000}"}}'
    source = source_of(tmp_path, line)
    assert jsonl.recognizes(source)
    (post,) = read(source)
    assert isinstance(post, Post) and len(post.text) == 200_000


def test_a_damaged_first_line_does_not_hide_the_format(tmp_path: Path) -> None:
    source = source_of(tmp_path, '{"type":"acc', POST)
    assert jsonl.recognizes(source)
    assert [type(record) for record in read(source)] == [Problem, Account, Post]


def test_posts_find_their_author_among_the_accounts_before_them(tmp_path: Path) -> None:
    account, post = read(source_of(tmp_path, ACCOUNT, POST))
    assert account == Account(Ref("x", "12"), "mira")
    assert isinstance(post, Post) and post.author == Ref("x", "12")


def test_two_readings_do_not_share_accounts(tmp_path: Path) -> None:
    source = source_of(tmp_path, POST)
    assert read(source) == read(source)
    assert len(read(source)) == 2


def test_each_bad_line_is_a_problem_of_its_own_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read(
        source_of(tmp_path, ACCOUNT, "{oops", "", "   ", "\x00\x00", '{"type":"post","platform":"x"}', GAP, POST[:-9])
    )
    assert [item.locator if isinstance(item, Problem) else type(item).__name__ for item in found] == [
        "Account",
        *("line 2", "line 5", "line 6"),
        "Gap",
        "line 8",
    ]
    problems = [item for item in found if isinstance(item, Problem)]
    assert problems[0].raw == "{oops"
    assert problems[2].reason == 'no "id"'
    assert problems[3].raw == POST[:-9]


def test_a_record_of_an_unknown_kind_is_skipped_by_name(tmp_path: Path) -> None:
    assert read(source_of(tmp_path, GAP, '{"type":"like","post":"1"}'))[1:] == [Skipped("unknown record type 'like'")]


def test_the_raw_text_of_a_huge_bad_line_is_cut(tmp_path: Path) -> None:
    (_, problem) = read(source_of(tmp_path, GAP, "{" + "x" * 1_000_000))
    assert isinstance(problem, Problem)
    assert len(problem.raw) == jsonl.RAW_LIMIT + 1 and problem.raw.endswith("…")


@pytest.mark.parametrize(
    ("end", "encoding"), [("\r\n", "utf-8"), ("\n", "utf-8-sig"), ("\n", "utf-16"), ("\n\n", "utf-8")]
)
def test_line_ends_and_encodings_do_not_matter(tmp_path: Path, end: str, encoding: str) -> None:
    source = source_of(tmp_path, ACCOUNT, POST.replace("Hi", "Grüße 🧵"), end=end, encoding=encoding)
    assert jsonl.recognizes(source)
    post = read(source)[1]
    assert isinstance(post, Post) and post.text == "Grüße 🧵"


def test_a_kept_copy_reads_like_the_dump(tmp_path: Path) -> None:
    kept = tmp_path / "kept.gz"
    kept.write_bytes(gzip.compress(f"{ACCOUNT}\n{POST}".encode()))
    assert len(read(Source.from_stored("export.jsonl", kept, "ab" * 32))) == 2


@given(
    st.lists(
        st.sampled_from([ACCOUNT, POST, GAP, "", "{", "null", '{"type":"x"}', "\ufeff", "a\x85b\u2028c"])
        | st.text(st.characters(exclude_categories=["Cc"]))
    )
)
@settings(max_examples=100, deadline=None)
def test_every_line_that_says_something_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    lines = [GAP, *(line.replace("\n", " ").encode("utf-8", "replace").decode() for line in lines)]
    source = source_of(tmp_path_factory.mktemp("jsonl"), *lines)
    entries = list(jsonl.entries(source))
    assert len(entries) == sum(1 for line in lines if line.strip("\r") and not line.isspace())
    found = read(source)
    assert len(found) - sum(isinstance(item, Account) for item in found) + lines.count(ACCOUNT) == len(entries)
