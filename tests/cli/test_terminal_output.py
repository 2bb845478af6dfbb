"""What a person sees on a terminal of 80 columns, and what a pipe gets: widths, ids to copy, counts, the pager."""

import fcntl
import json
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.cli.formatting import columns_of, line_breaks
from threadkeep.sources.source import Source

Threadkeep = Callable[..., Any]
OnTerminal = Callable[..., str]

LONG_ID = "https://kilns.example/users/a-rather-long-name-of-a-person/statuses/112233445566778899"
POSTS: list[dict[str, Any]] = [
    {"type": "account", "platform": "mastodon", "id": "m", "handle": "mira@kilns.example", "name": "Mira"},
    {
        "type": "post",
        "platform": "mastodon",
        "id": LONG_ID,
        "author": "mira@kilns.example",
        "text": "We weigh the ash of every stoking and fit a line through the weights. " * 3 + "窯の灰" * 30,
    },
    {
        "type": "post",
        "platform": "mastodon",
        "id": f"{LONG_ID}0",
        "author": "mira@kilns.example",
        "text": "And so on",
        "reply_to": LONG_ID,
    },
    {"type": "post", "platform": "x", "id": "1", "text": "", "media": [{"kind": "image"}, {"kind": "image"}]},
    {
        "type": "post",
        "platform": "x",
        "id": "2",
        "text": "",
        "media": [{"kind": "image", "alt": "a bowl on a brick"}, {"kind": "image", "alt": "a cold door"}],
    },
    {"type": "post", "platform": "x", "id": "3", "text": "for friends", "visibility": "followers"},
    {"type": "post", "platform": "x", "id": "4", "text": "for one friend", "visibility": "direct"},
]


@pytest.fixture(scope="module")
def archive_of_posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posts")
    (folder / "many-dumps.jsonl").write_text("".join(json.dumps(one) + "\n" for one in POSTS), "utf-8")
    with Archive(folder / "archive") as archive:
        archive.import_(Source.from_path(folder / "many-dumps.jsonl"))
        archive.sync()
    return folder / "archive"


@pytest.fixture
def kept(threadkeep: Threadkeep, archive_of_posts: Path, tmp_path: Path) -> Threadkeep:
    """The command with an archive of a few posts."""
    shutil.copytree(archive_of_posts, tmp_path / "archive")
    return threadkeep


@pytest.fixture
def on_terminal(archive_of_posts: Path) -> OnTerminal:
    """Run the command on a pseudo terminal of 80 columns; return what it shows."""

    def run(*arguments: str, **environment: str) -> str:
        master, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        given = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
        command = [sys.executable, "-m", "threadkeep", "--archive", str(archive_of_posts), *arguments]
        process = subprocess.Popen(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=given | {"NO_COLOR": "1", "TERM": "xterm"} | environment,
        )
        os.close(terminal)
        shown, end = b"", time.monotonic() + 60
        while time.monotonic() < end:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    read = os.read(master, 1 << 16)
                except OSError:
                    break
                if not read:
                    break
                shown += read
        os.close(master)
        process.wait(10)
        return shown.decode().replace("\r\n", "\n")

    return run


@pytest.mark.parametrize("command", ["search ash", "search bowl", "threads", "accounts", "sources", "stats"])
def test_no_line_is_wider_than_the_terminal_but_an_id(command: str, on_terminal: OnTerminal) -> None:
    lines = on_terminal(*command.split()).splitlines()
    assert lines
    wide = [line for line in lines if columns_of(line) > 80]
    assert all(" " not in line.strip() for line in wide), wide


@pytest.mark.parametrize("command", ["search weigh", "threads", "show mastodon:" + LONG_ID])
def test_an_id_stands_whole_on_a_line_of_its_own(command: str, on_terminal: OnTerminal) -> None:
    assert f"  mastodon:{LONG_ID}\n" in on_terminal(*command.split())


def test_a_pipe_gets_lines_as_they_are_and_no_counts(kept: Threadkeep) -> None:
    run = kept("search", "weigh")
    assert any(len(line) > 150 for line in run.out.splitlines())
    assert "1 post" not in run.err
    [head, row] = kept("threads").out.splitlines()
    assert row.endswith(f"mastodon:{LONG_ID}")
    assert head.split() == ["posts", "author", "date", "begins", "id"]
    assert kept("search", "wistful").err.startswith("nothing found")


def test_a_terminal_gets_the_count(on_terminal: OnTerminal) -> None:
    assert on_terminal("search", "weigh", "--include-private").endswith("\n1 post\n")


def test_hits_are_counted_instead_of_shown(kept: Threadkeep) -> None:
    assert kept("search", "--count", "platform:mastodon").out == "2\n"
    assert kept("search", "--limit", "0", "platform:mastodon").out == "2\n"
    assert kept("search", "--count", "--threads", "platform:mastodon").out == "1\n"
    assert kept("search", "--count", "wistful").out == "0\n"
    assert kept("search", "--count", "--json", "platform:mastodon").objects == [{"count": 2}]


def test_lists_take_a_limit_and_a_query(kept: Threadkeep) -> None:
    assert kept("search", "*", "--count-by", "platform", "--limit", "1").out.split() == ["2", "mastodon"]
    assert kept("accounts", "weigh", "--json").objects[0]["handle"] == "mira@kilns.example"
    assert kept("accounts", "bowl", "--json").objects == []
    assert kept("accounts", "weigh").out.splitlines()[1].split()[0] == "1"
    assert kept("accounts", "--limit", "0", "--json").objects == []
    assert [item["thread"] for item in kept("threads", "weigh", "--json").objects] == [LONG_ID]
    assert kept("threads", "bowl", "--json").objects == []
    assert kept("threads", "--limit", "0", "--json").objects == []
    assert kept("accounts", "(").code == 2


def test_pictures_without_words_are_shown_by_what_they_show(kept: Threadkeep) -> None:
    assert "  2 images\n" in kept("search", "id:x:1").out
    described = kept("search", "id:x:2").out
    assert "  a bowl on a brick\n" in described
    assert "  a cold door\n" in described


@pytest.mark.parametrize("command", [("search", "friend"), ("search", "--count", "friend"), ("search", "one friend")])
def test_posts_that_were_not_for_everyone_are_counted_where_they_are_left_out(
    kept: Threadkeep, command: tuple[str, ...]
) -> None:
    run = kept(*command)
    count = (
        "2 followers-only or direct posts were" if "friend" in command[-1:] else "1 followers-only or direct post was"
    )
    assert f"{count} left out" in run.err
    assert "left out" not in kept(*command, "--include-private").err


def test_a_source_is_found_by_a_piece_of_its_name(kept: Threadkeep) -> None:
    assert kept("search", "--count", "source:dumps").out == "4\n"
    assert kept("search", "--count", "source:many-dumps.jsonl").out == "4\n"
    assert kept("search", "--count", "source:nothing-of-it").out == "0\n"


def test_long_output_goes_through_the_pager(on_terminal: OnTerminal) -> None:
    shown = on_terminal("search", "weigh", THREADKEEP_PAGER="sed 's/^/paged: /'")
    assert shown.startswith("paged: @mira")
    assert "paged: 1 post\n" in shown
    assert "paged: " not in on_terminal("--no-pager", "search", "weigh", THREADKEEP_PAGER="sed 's/^/paged: /'")
    assert "paged: " not in on_terminal("search", "(", THREADKEEP_PAGER="sed 's/^/paged: /'")
    assert "@mira" in on_terminal("search", "weigh", THREADKEEP_PAGER="no-such-pager --x")
    assert "@mira" in on_terminal("search", "weigh", THREADKEEP_PAGER="", PAGER="false")


def test_leaving_the_pager_early_is_no_error(on_terminal: OnTerminal) -> None:
    shown = on_terminal("docs", "query", THREADKEEP_PAGER="head -n 1")
    assert shown.splitlines() == ["# Searching"]


def test_a_pipe_never_meets_the_pager(kept: Threadkeep) -> None:
    assert "paged" not in kept("search", "weigh", THREADKEEP_PAGER="sed 's/^/paged: /'").out


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("one  https://kilns.example/long", 8, ["one", "https://kilns.example/long"]),
        ("窯の灰窯の灰", 6, ["窯の灰", "窯の灰"]),
        ("a\n\nb", 8, ["a", "", "b"]),
        ("", 8, [""]),
        ("one two three", None, ["one two three"]),
    ],
)
def test_lines_break_at_blanks_and_between_wide_characters(text: str, width: int | None, lines: list[str]) -> None:
    assert [text[start:end] for start, end in line_breaks(text, width)] == lines
