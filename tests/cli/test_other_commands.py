"""Searching, showing, exporting and reviewing through the real command."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Threadkeep = Callable[..., Any]

POST_KEYS = (
    "type id platform author author_name url title text created precision language reply_to thread quotes links media "
    "tags mentions warning visibility counts edits inferred sources"
).split()

PASTE = """Frost took the early beans again last night. Notes for #gardeners
---
Second: nothing to add about slugs, see https://example.com/slugs
---
A third thing, without any frost.
"""


@pytest.fixture
def kept(threadkeep: Threadkeep, archive_of_samples: Path, tmp_path: Path) -> Threadkeep:
    """The command with an archive of all samples."""
    shutil.copytree(archive_of_samples, tmp_path / "archive")
    return threadkeep


def test_json_hits_are_posts_with_score_and_snippet(threadkeep: Threadkeep) -> None:
    threadkeep("import", "-", "--author", "mira", given=PASTE)
    [hit] = threadkeep("search", "bean", "--json").objects
    assert list(hit) == [*POST_KEYS, "score", "snippet"]
    assert "**beans**" in hit["snippet"]
    assert (hit["author"], hit["created"], hit["tags"]) == ("mira", None, ["gardeners"])
    assert hit["thread"] == hit["id"]


def test_no_hit_is_no_line_and_exit_0(kept: Threadkeep) -> None:
    run = kept("search", "xyzzyplugh", "--json")
    assert (run.code, run.out) == (0, "")


def test_text_hits_show_author_date_and_the_line_that_matched(threadkeep: Threadkeep) -> None:
    threadkeep("import", "-", "--author", "mira", given=PASTE)
    run = threadkeep("search", "frost", "-beans")
    assert run.out.splitlines()[0].startswith("@mira · no date")
    assert "without any *frost*." in run.out
    coloured = threadkeep("search", "frost", "-beans", FORCE_COLOR="1").out
    assert "\x1b[" in coloured
    assert "\x1b[" not in threadkeep("search", "frost", FORCE_COLOR="1", NO_COLOR="1").out


def test_a_wrong_query_is_pointed_at(kept: Threadkeep) -> None:
    run = kept("search", 'frost since:yesteryear "x"')
    assert run.code == 2
    query, pointer = run.err.splitlines()[-2:]
    assert query[pointer.index("^") :].startswith(("since:", "yesteryear"))


def test_show_takes_an_id_and_gives_the_thread_in_order(kept: Threadkeep) -> None:
    longest = kept("threads", "--json").objects[0]
    posts = [o for o in kept("show", longest["thread"], "--conversation", "--json").objects if o["type"] == "post"]
    assert len(posts) == longest["posts"]
    assert {post["thread"] for post in posts} == {longest["thread"]}
    assert all(list(post) == POST_KEYS for post in posts)
    for post in posts:
        assert kept("show", post["id"]).code == 0
    assert kept("show", f"{posts[0]['platform']}:{posts[0]['id']}").out == kept("show", posts[0]["id"]).out


def test_show_of_nothing_says_so(kept: Threadkeep) -> None:
    run = kept("show", "no-such-post")
    assert (run.code, run.out) == (1, "")
    assert "no post here is called 'no-such-post'" in run.err


def test_an_export_imports_back_to_an_equal_archive(kept: Threadkeep, tmp_path: Path) -> None:
    assert kept("export", "--format", "jsonl", "--to", "all.jsonl").code == 0
    first = (tmp_path / "all.jsonl").read_text("utf-8")
    other = {"THREADKEEP_ARCHIVE": str(tmp_path / "other")}
    assert kept("import", "all.jsonl", **other).code == 0
    assert kept("export", "--format", "jsonl", "--to", "-", **other).out == first


def test_markdown_has_a_file_a_thread_and_an_index(kept: Threadkeep, tmp_path: Path) -> None:
    run = kept("export", "--format", "markdown", "--to", "notes")
    assert run.code == 0
    posts = kept("search", "--json", "--limit", "1000").objects
    threads = {(post["platform"], post["thread"]) for post in posts}
    assert len(list((tmp_path / "notes").rglob("*.md"))) == len(threads) + 1
    assert (tmp_path / "notes" / "index.md").exists()


def test_exporting_a_query_writes_only_what_it_finds(kept: Threadkeep, tmp_path: Path) -> None:
    found = kept("search", "has:link", "--json", "--limit", "1000").objects
    assert kept("export", "has:link", "--format", "jsonl", "--to", "links.jsonl").code == 0
    objects = [json.loads(line) for line in (tmp_path / "links.jsonl").read_text("utf-8").splitlines()]
    assert {o["id"] for o in objects if o["type"] == "post"} == {post["id"] for post in found}


def test_a_full_disk_at_export_is_told(kept: Threadkeep) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    run = kept("export", "--format", "markdown", "--to", "/dev/full")
    assert run.code == 1
    assert "/dev/full" in run.err


def test_a_review_moves_boundaries_and_is_kept(threadkeep: Threadkeep, tmp_path: Path) -> None:
    lines = (
        "One line that says a thing. #a\nAnother line goes on with it, @mira\nA third one. https://t.co/abcdefghij\n"
    )
    (tmp_path / "paste.txt").write_text(lines, encoding="utf-8")
    threadkeep("import", "paste.txt", "--split", "line")
    review = threadkeep("review", "paste.txt", "--print").out
    assert review.count("\n---") == 2
    (tmp_path / "edited.txt").write_text(review.replace("\n---", "\n%%", 1), encoding="utf-8")
    assert threadkeep("review", "paste.txt", "edited.txt").code == 0
    posts = threadkeep("search", "platform:x OR platform:text", "--json").objects
    assert sorted(post["text"].count("\n") for post in posts) == [0, 1]
    assert all("split" not in post["inferred"] for post in posts)
    assert len(threadkeep("search", "third", "--json").objects) == 1
    again = threadkeep("import", "paste.txt", "--json").objects[0]
    assert (again["posts"], again["new"], again["updated"]) == (2, 0, 0)


def test_a_review_opens_the_editor(threadkeep: Threadkeep, tmp_path: Path) -> None:
    (tmp_path / "paste.txt").write_text("First post here. #a\nSecond post here. #b\n", encoding="utf-8")
    threadkeep("import", "paste.txt", "--posts", "1", "--format", "x-text")
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text('utf-8').replace('Second', '---\\nSecond'), 'utf-8')\n",
        encoding="utf-8",
    )
    run = threadkeep("review", "paste.txt", EDITOR=f"{sys.executable} {editor}")
    assert run.code == 0
    assert len(threadkeep("search", "post", "--json").objects) == 2


def test_a_review_that_changes_words_is_refused(threadkeep: Threadkeep, tmp_path: Path) -> None:
    (tmp_path / "paste.txt").write_text("First post here. #a\nSecond post here. #b\n", encoding="utf-8")
    threadkeep("import", "paste.txt", "--split", "line")
    before = threadkeep("export", "--format", "jsonl", "--to", "-").out
    review = threadkeep("review", "paste.txt", "--print").out
    (tmp_path / "edited.txt").write_text(review.replace("Second", "Other"), encoding="utf-8")
    run = threadkeep("review", "paste.txt", "edited.txt")
    assert run.code == 1
    assert "'Other post here. #b'" in run.err
    assert threadkeep("export", "--format", "jsonl", "--to", "-").out == before


def test_post_text_cannot_steer_the_terminal(threadkeep: Threadkeep) -> None:
    nasty = "alpha \x1b[2J\x1b]0;owned\x07 \x9b31m \u202eevil omega #x"
    threadkeep("import", "-", "--format", "x-text", given=nasty)
    for command in (("search", "alpha"), ("search", "alpha", "--json"), ("export", "--format", "jsonl", "--to", "-")):
        out = threadkeep(*command).out
        assert "omega" in out
        assert not set(out) & set("\x1b\x07\x9b\u202e") or command[0] == "export"
    [post] = threadkeep("search", "alpha", "--json").objects
    assert post["text"] == nasty
    shown = threadkeep("show", post["id"]).out
    assert "omega" in shown
    assert not set(shown) & set("\x1b\x07\x9b\u202e")


def test_the_index_heals_by_itself(threadkeep: Threadkeep, tmp_path: Path) -> None:
    threadkeep("import", "-", given=PASTE)
    expected = threadkeep("search", "frost", "--json").out
    shutil.rmtree(tmp_path / "archive" / "index")
    assert threadkeep("search", "frost", "--json").out == expected
    for path in (tmp_path / "archive" / "index").iterdir():
        path.write_bytes(os.urandom(500))
    assert threadkeep("search", "frost", "--json").out == expected
    assert threadkeep("reindex").code == 0
    assert threadkeep("search", "frost", "--json").out == expected


@pytest.mark.parametrize("command", ["formats", "sources", "problems", "accounts", "threads", "stats"])
def test_lists_come_as_tables_and_as_json(kept: Threadkeep, command: str) -> None:
    table, objects = kept(command), kept(command, "--json")
    assert (table.code, objects.code) == (0, 0)
    assert all(isinstance(item, dict) for item in objects.objects)
    assert all(line == line.rstrip() for line in table.out.splitlines())
    if command != "problems":
        assert table.out.strip()
        assert objects.objects
    if command in ("sources", "accounts", "threads"):
        assert len(table.out.splitlines()) == 1 + len(objects.objects)


def test_help_of_every_command_has_an_example(threadkeep: Threadkeep) -> None:
    from threadkeep.cli.main import COMMANDS

    for name in COMMANDS:
        run = threadkeep(name, "--help")
        assert run.code == 0
        assert f"threadkeep {name}" in run.out.partition("Options:")[0].partition("\n\n")[2], name


def test_counts_by_year_and_author(kept: Threadkeep) -> None:
    posts = kept("search", "--json", "--limit", "1000").objects
    by_platform = {o["platform"]: o["count"] for o in kept("search", "--count-by", "platform", "--json").objects}
    assert sum(by_platform.values()) == len(posts)
    for by in ("author", "year", "month", "tag", "domain", "kind"):
        assert kept("search", "--count-by", by).code == 0


def test_a_count_by_year_tells_how_many_posts_have_no_date(kept: Threadkeep) -> None:
    posts = kept("search", "--json", "--limit", "1000").objects
    undated = sum(post["created"] is None for post in posts)
    assert undated
    run = kept("search", "--count-by", "year", "--json")
    assert sum(counted["count"] for counted in run.objects) == len(posts) - undated
    assert f"and {undated} posts without a date" in run.err


def test_threads_are_shown_once(kept: Threadkeep) -> None:
    all_posts = kept("search", "--json", "--limit", "1000").objects
    threads = kept("search", "--threads", "--json", "--limit", "1000").objects
    assert len(threads) == len({(post["platform"], post["thread"]) for post in all_posts})


def test_the_manual_is_listed_and_read(threadkeep: Threadkeep) -> None:
    listed = threadkeep("docs").out
    assert "query" in {line.split()[0] for line in listed.splitlines()}
    page = threadkeep("docs", "query").out
    written = Path(__file__).resolve().parents[2] / "docs" / "query.md"
    assert page.splitlines() == written.read_text("utf-8").splitlines()
    run = threadkeep("docs", "no-such-page")
    assert (run.code, "its pages are" in run.err) == (1, True)
