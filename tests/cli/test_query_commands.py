"""Queries at the command line: explained, saved under a name, completed by the shell, and told in the help."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from threadkeep.archive.archive import Archive
from threadkeep.archive.config import save_search
from threadkeep.cli.main import COMMANDS, command, main
from threadkeep.query.fields import FIELDS
from threadkeep.sources.source import Source

Threadkeep = Callable[..., Any]

POSTS = [
    {"type": "account", "platform": "x", "id": "7", "handle": "mira_vale", "name": "Mira"},
    {"type": "account", "platform": "x", "id": "8", "handle": "juno", "name": None},
    {
        "type": "post",
        "platform": "x",
        "id": "1",
        "author": "mira_vale",
        "text": "the kilns are lit #Pots",
        "tags": ["Pots"],
    },
    {"type": "post", "platform": "x", "id": "2", "author": "juno", "text": "a kiln and a glaze and a kiln"},
]


@pytest.fixture(scope="module")
def archive_of_kilns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kilns")
    (folder / "dump.jsonl").write_text("".join(json.dumps(one) + "\n" for one in POSTS), "utf-8")
    with Archive(folder / "archive") as archive:
        archive.import_(Source.from_path(folder / "dump.jsonl"))
        archive.sync()
    return folder / "archive"


@pytest.fixture
def kept(threadkeep: Threadkeep, archive_of_kilns: Path, tmp_path: Path) -> Threadkeep:
    """The command with an archive of two posts."""
    shutil.copytree(archive_of_kilns, tmp_path / "archive")
    return threadkeep


def test_a_search_is_explained_before_its_hits(kept: Threadkeep) -> None:
    run = kept("search", "kilns -is:reply", "--explain")
    explained, hits = run.out.split("\n\n", 1)
    assert explained.splitlines()[:4] == [
        "the query means",
        "  all of these:",
        "    the word “kilns” (searched for as kiln)",
        "    not: it answers another post",
    ]
    assert "1. @juno  x:2" in explained
    assert "kiln: rarity" in explained
    assert hits.startswith("@juno · no date")
    by_date = kept("search", "from:juno", "--explain").out
    assert "ordered by date" in by_date


def test_an_explanation_leaves_json_as_it_is(kept: Threadkeep) -> None:
    plain, explained = kept("search", "kiln", "--json"), kept("search", "kiln", "--json", "--explain")
    assert explained.out == plain.out
    assert "the query means" in explained.err
    assert "the query means" not in plain.err


def test_warnings_are_told_also_where_hits_are_counted_or_written(kept: Threadkeep) -> None:
    counted = kept("search", "id:404 OR kiln", "--count-by", "author")
    assert "no post here is called “404”" in counted.err
    assert counted.out.split() == ["1", "juno", "1", "mira_vale"]
    written = kept("export", "id:404 OR kiln", "--format", "csv", "--to", "-")
    assert "no post here is called “404”" in written.err


def test_a_search_is_saved_listed_asked_and_deleted(kept: Threadkeep) -> None:
    assert kept("save").err == "no saved searches; threadkeep save NAME QUERY creates one\n"
    assert kept("save", "@Lit", "kiln", "-from:juno").err == "saved: threadkeep search @lit\n"
    assert [hit["id"] for hit in kept("search", "@lit", "--json").objects] == ["1"]
    assert [hit["id"] for hit in kept("search", "kiln -@lit", "--json").objects] == ["2"]
    assert kept("save").out == "@lit  kiln -from:juno\n"
    assert kept("save", "lit", "--json").objects == [{"name": "lit", "query": "kiln -from:juno"}]
    assert kept("save", "lit", "--delete").err == "deleted: @lit\n"
    again = kept("save", "lit", "--delete")
    assert (again.code, "no saved search is called 'lit'" in again.err) == (1, True)
    assert kept("save", "lit").code == 1


def test_what_cannot_be_saved_is_refused(kept: Threadkeep) -> None:
    wrong = kept("save", "lit", "kiln (")
    assert wrong.code == 2
    assert wrong.err.endswith("\n     ^\n")
    assert kept("save", "a.b", "kiln").code == 1
    assert kept("save", "--delete").code == 2
    assert kept("save", "lit", "kiln", "--delete").code == 2
    assert kept("save").out == ""


def test_saving_needs_an_archive(threadkeep: Threadkeep) -> None:
    assert threadkeep("save", "lit", "kiln").code == 1


Offered = Callable[..., list[str]]


@pytest.fixture
def offered(archive_of_kilns: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Offered:
    """What a shell would offer for the last of some words, by Click's own entry point."""

    def complete(shell: str, *words: str) -> list[str]:
        line = (" ", words[-1]) if shell == "fish" else ("\n", str(len(words)))
        monkeypatch.setenv("COMP_WORDS", line[0].join(("threadkeep", *words)))
        monkeypatch.setenv("COMP_CWORD", line[1])
        monkeypatch.setenv("_THREADKEEP_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("THREADKEEP_ARCHIVE", os.environ.get("ELSEWHERE", str(archive_of_kilns)))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert (ended.value.code, printed.err) == (0, "")
        lines = printed.out.splitlines()
        return lines[1::3] if shell == "zsh" else [line.removeprefix("plain,") for line in lines]

    return complete


def test_operators_and_their_values_are_completed(offered: Offered) -> None:
    for typed, words in {
        "plat": [f"platform:{name}" for name in ("", "x", "bluesky", "mastodon", "threads", "linkedin", "web", "text")],
        "from:mi": ["from:mira_vale"],
        "-from:mi": ["-from:mira_vale"],
        "'thread:{glaze from:@JU": ["thread:{glaze from:@juno"],
        "filter:im": ["filter:image"],
        "#po": ["#Pots"],
        "source:d": ["source:dump.jsonl"],
        "within_time:1": ["within_time:1h", "within_time:1d", "within_time:1w"],
        "domai": ["domain:", "domain:example.org"],
        "colour:r": [],
    }.items():
        assert offered("zsh", "search", "glaze", typed) == words
    assert offered("zsh", "export", "from:mi") == ["from:mira_vale"]
    assert offered("zsh", "save", "lit", "from:mi") == ["from:mira_vale"]
    assert "--count-by" in offered("zsh", "search", "--c")


def test_formats_dumps_and_files_are_completed(offered: Offered) -> None:
    assert offered("zsh", "export", "--format", "m") == ["markdown"]
    assert offered("zsh", "import", "--format", "mast") == [
        *("mastodon-api", "mastodon-archive", "mastodon-page", "mastodon-text")
    ]
    for asked in ("review", "problems", "reread"):
        assert offered("zsh", asked, "du") == ["dump.jsonl"]
    assert offered("bash", "import", "--likes", "se") == offered("bash", "export", "--to", "se") == ["file,se"]


def test_bash_is_offered_what_it_replaces_behind_its_word_breaks(offered: Offered) -> None:
    assert offered("bash", "search", "glaze", "from", ":", "mi") == ["mira_vale"]
    assert offered("bash", "search", "-from", ":", "mi") == ["mira_vale"]
    assert offered("bash", "search", "from", ":@", "mi") == ["@mira_vale"]
    assert offered("bash", "search", "@", "mi") == offered("bash", "search", "@mi") == ["@mira_vale"]
    assert offered("bash", "search", "platform", ":") == [
        *("x", "bluesky", "mastodon", "threads", "linkedin", "web", "text")
    ]


def test_fish_is_offered_what_operators_mean(offered: Offered) -> None:
    assert "min_faves:\tposts with as many likes or more" in offered("fish", "search", "min_f")


def test_completion_says_nothing_of_an_archive_that_is_not_there(
    offered: Offered, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ELSEWHERE", str(tmp_path))
    assert offered("zsh", "search", "from:m") == ["from:me"]
    assert offered("zsh", "search", "@m") == []
    save_search(tmp_path, "missing", "has:gap")
    assert offered("zsh", "search", "@m") == ["@missing"]
    assert offered("zsh", "save", "mi") == ["missing"]
    (tmp_path / "searches.toml").write_text("broken =", "utf-8")
    assert offered("zsh", "search", "@m") == []


def test_a_shell_is_given_what_it_asks_for(kept: Threadkeep) -> None:
    words = {"COMP_WORDS": "threadkeep\nsearch\nfrom:mi", "COMP_CWORD": "2"}
    assert kept(_THREADKEEP_COMPLETE="bash_complete", **words).out == "plain,from:mira_vale\n"
    assert "complete" in kept(_THREADKEEP_COMPLETE="zsh_source").out


def test_the_help_of_a_search_lists_the_operators_of_the_table(threadkeep: Threadkeep) -> None:
    out = threadkeep("search", "--help").out
    assert [field.example for field in FIELDS if field.example not in out] == []


def test_the_first_sentence_of_every_command_fits_on_its_line() -> None:
    context = click.Context(command)
    short = {name: command.get_command(context, name).get_short_help_str(200) for name in COMMANDS}  # type: ignore[union-attr] # each name has its command
    assert {name: text for name, text in short.items() if not 5 < len(text) <= 45} == {}
