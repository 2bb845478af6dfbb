"""Notes with front matter give the posts in them, or the page that was clipped."""

from pathlib import Path

import pytest

from threadkeep.errors import DumpError
from threadkeep.parsers.registry import parser_for, parser_named
from threadkeep.records import Account, Parsed, Post
from threadkeep.sources.source import Source

CLIPPED = """---
title: "Nadia on X: \\"1/ Six years...\\""
source: "https://x.com/nadia_k/status/1896543210123456789"
author:
  - "[[@nadia_k]]"
published: 2026-03-03
tags: [clippings, archives]
---
**Nadia Kern** @nadia_k [2026-03-03](https://x.com/nadia_k/status/1896543210123456789)

1/ Six years of archives. 🧵

---

**Nadia Kern** @nadia_k [2026-03-03](https://x.com/nadia_k/status/1896543210123456790)

2/ The dump is never complete: [notes](https://a.example/n)
"""


def records(folder: Path, text: str, name: str = "note.md") -> list[Parsed]:
    (folder / name).write_text(text, encoding="utf-8")
    source = Source.from_path(folder / name)
    parser = parser_for(source)
    assert parser is parser_named("markdown-note")
    return [record for entry in parser.entries(source) for record in parser.parse(entry)]


def test_a_clipped_thread_gives_its_posts(tmp_path: Path) -> None:
    first, second = (one for one in records(tmp_path, CLIPPED) if isinstance(one, Post))
    assert [str(first.ref), str(second.ref)] == ["x:1896543210123456789", "x:1896543210123456790"]
    assert first.text == "1/ Six years of archives. 🧵"
    assert first.tags == ("clippings", "archives")
    assert first.created is not None
    assert second.text == "2/ The dump is never complete: notes"
    [link] = second.links
    assert (link.url, second.text[link.start : link.end]) == ("https://a.example/n", "notes")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_clipped_page_gives_what_the_front_matter_says(tmp_path: Path, ends: str) -> None:
    note = (
        "---\ntitle: Ash: a story\nurl: https://a.example/ash\nauthor: Mira Okonjo\n"
        "date: 2024-05\ntags:\n- pottery\n---\n"
        "Words with \\*stars\\*.\n\n---\n\nAnd more.\n"
    )
    account, post = records(tmp_path, note.replace("\n", ends))
    assert isinstance(account, Account)
    assert isinstance(post, Post)
    assert (account.name, post.title, post.url) == ("Mira Okonjo", "Ash: a story", "https://a.example/ash")
    assert post.text == "Words with *stars*.\n\n---\n\nAnd more."
    assert (post.created and post.created.precision, post.tags) == ("month", ("pottery",))


def test_what_is_among_posts_without_an_author_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing says who wrote it"):
        records(tmp_path, CLIPPED + "\n---\n\nmy own remark\n")


@pytest.mark.parametrize(
    "text",
    ["---\nmood: calm\n---\nwords of a day\n", "# Title\n\n---\nsource: https://a.example\n---\n", "---\n---\nx\n"],
)
def test_other_notes_are_texts(tmp_path: Path, text: str) -> None:
    (tmp_path / "note.md").write_text(text, encoding="utf-8")
    assert parser_for(Source.from_path(tmp_path / "note.md")).NAME != "markdown-note"


@pytest.mark.parametrize(
    "body",
    [
        "<div id='root'></div><noscript><h1>JavaScript is not available.</h1></noscript>",
        "<h1>Log in to X</h1><p>Sign up</p>",
        "<p>Something went wrong. Try reloading.</p>",
    ],
)
def test_a_login_wall_is_a_problem_in_words(tmp_path: Path, body: str) -> None:
    (tmp_path / "w.html").write_text(f"<!DOCTYPE html><html><head><title>X</title></head><body>{body}</body></html>")
    source = Source.from_path(tmp_path / "w.html")
    with pytest.raises(DumpError, match="there is no post on the page"):
        list(parser_for(source).entries(source))
