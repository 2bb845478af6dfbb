"""Whatever an archive holds, in any column of any table, no command lets it steer the terminal."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from threadkeep.cli import progress
from threadkeep.cli.main import COMMANDS, main

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo terminals", allow_module_level=True)

import pty

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "evil\x1b]0;owned\x07\x1b[31mred\x1b[8m\x9b31m\x90q\x9c\r\x08\x7f\x0e\u202egnp\u202c\u2066\u2067\u2029\x85\x0bkiln"
)
"""A title, a colour, 8-bit controls, an overwritten line, overrides and isolates, and a word to find it by."""

COLOURS = re.compile(r"\x1b\[(?:0|1|2|3[1-7])m")
RUNS: dict[str, list[list[str]]] = {
    "import": [["import", "--dry-run", "again.jsonl"], ["import", "again.jsonl"], ["import", "no\x1b[31m\u202e"]],
    "search": [
        *(["search", "*"], ["search", "evil", "--explain"], ["search", "evilkiln", "--threads", "--json"]),
        *(["search", "*", "--count-by", by] for by in ("author", "tag", "domain", "platform", "lang")),
        *(["search", f"from:{HOSTILE}"], ["search", f"colour:{HOSTILE}"], ["search", f"({HOSTILE}"]),
    ],
    "save": [["save", "a", HOSTILE], ["save"], ["save", HOSTILE, "b"], ["save", HOSTILE]],
    "show": [["show", "POST"], ["show", "POST", "--conversation", "--json"], ["show", HOSTILE]],
    "export": [["export", "--format", form, "--to", "-"] for form in ("jsonl", "csv")],
    "review": [["review", "SOURCE", "--print"], ["review", HOSTILE]],
    "formats": [["formats"]],
    "sources": [["sources"], ["sources", "--json"]],
    "problems": [["problems"], ["problems", "--json"], ["problems", HOSTILE]],
    "accounts": [["accounts"], ["accounts", "--json"]],
    "threads": [["threads"], ["threads", "--json"]],
    "stats": [["stats"]],
    "reindex": [["reindex"]],
    "reread": [["reread"], ["reread", HOSTILE]],
    "doctor": [["doctor"], ["doctor", "--json"]],
    "backup": [["backup", "copy"], ["backup", f"to{HOSTILE}"]],
    "verify": [["verify", "copy"], ["verify", HOSTILE]],
    "restore": [["restore", "copy"], ["restore", HOSTILE]],
    "rebuild": [["rebuild"]],
    "docs": [["docs"], ["docs", HOSTILE]],
}
"""How every command is called; those that change the archive come last."""

SHAPED = {
    "meta": ("name", "value"),
    "sources": ("sha256", "options", "imported", "skipped"),
    "posts": ("created", "precision", "origin", "counts", "edits", "inferred"),
    "reposts": ("created", "precision", "origin"),
    "captures": ("kind", "payload", "origins"),
    "aliases": ("kind",),
}
"""Columns of which a part of the program reads more than text; each gets a value of no such shape once, alone."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a row in every table."""
    folder = tmp_path_factory.mktemp("sound") / "archive"
    lines: list[dict[str, object]] = [
        {"type": "account", "platform": "x", "id": "1", "handle": "mira", "name": "Mira", "bio": "clay"},
        {
            **{"type": "post", "platform": "x", "id": "101", "author": "mira", "text": "kiln", "title": "t"},
            **{"created": "2024-05-01T12:00:00Z", "language": "en", "warning": "ash", "visibility": "public"},
            "links": [{"url": "https://a.test/", "text": "a", "title": "b"}],
            "media": [{"kind": "image", "url": "https://a.test/i.jpg", "alt": "pot"}],
            **{"tags": ["clay"], "mentions": ["finn"], "quotes": ["105"], "edits": [{"text": "klin"}]},
        },
        {"type": "post", "platform": "x", "id": "102", "author": "mira", "text": "two", "reply_to": "101"},
        {"type": "repost", "platform": "x", "account": "1", "post": "101", "created": "2024-05-01T12:00:00Z"},
        {"type": "pin", "platform": "x", "account": "1", "post": "101"},
        {"type": "gap", "platform": "x", "id": "103", "reason": "deleted"},
        {"type": "post", "platform": "x", "id": "104", "author": "mira", "text": {"not": "text"}},
    ]
    source = folder.parent / "again.jsonl"
    source.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    command = [sys.executable, "-m", "threadkeep", "--archive", str(folder), "import", str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


def test_every_command_is_called() -> None:
    assert set(RUNS) == set(COMMANDS)


def test_no_text_of_an_archive_steers_the_terminal(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "archive")
    shutil.copy(sound.parent / "again.jsonl", tmp_path)
    with closing(sqlite3.connect(tmp_path / "archive" / "threadkeep.db")) as connection, connection:
        for table, columns in text_columns(connection).items():
            for column in columns:
                if column not in SHAPED.get(table, ()):
                    # Unique columns stay so: the text ends in the number of the row where there is one.
                    number = "rowid" if table not in ("meta",) else "name"
                    connection.execute(
                        f'UPDATE OR IGNORE {table} SET "{column}" = ? || {number_of(table, number)}', [HOSTILE]
                    )
        connection.execute("UPDATE meta SET value = '9' WHERE name = 'revision'")
    (tmp_path / "archive" / "searches.toml").write_text(f"{json.dumps(HOSTILE)} = {json.dumps(HOSTILE)}\n", "utf-8")
    for runs in RUNS.values():
        for arguments in runs:
            assert_tame(arguments, printed(tmp_path, arguments))


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in SHAPED.items() for column in names])
def test_what_is_of_no_known_shape_is_told_in_words(table: str, column: str, sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "archive")
    shutil.copy(sound.parent / "again.jsonl", tmp_path)
    with closing(sqlite3.connect(tmp_path / "archive" / "threadkeep.db")) as connection, connection:
        connection.execute(f'UPDATE OR IGNORE {table} SET "{column}" = ?', [HOSTILE])
    for name in ("search", "show", "sources", "problems", "threads", "export", "review", "doctor", "backup"):
        assert_tame(RUNS[name][0], printed(tmp_path, RUNS[name][0]))


def text_columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = {table: list(connection.execute(f"PRAGMA table_info({table})")) for table in tables}
    return {table: [row[1] for row in rows if row[2] == "TEXT"] for table, rows in columns.items()}


def number_of(table: str, name: str) -> str:
    return "''" if table in ("meta", "aliases", "captures", "tags", "links", "media", "mentions", "quotes") else name


def printed(folder: Path, arguments: list[str]) -> str:
    """What the command prints to a terminal, both streams."""
    names = {"POST": "x:101", "SOURCE": "again.jsonl"}
    with closing(sqlite3.connect(folder / "archive" / "threadkeep.db")) as connection:
        names["POST"] = (connection.execute("SELECT platform || ':' || ref FROM posts").fetchone() or ("x:1",))[0]
        names["SOURCE"] = (connection.execute("SELECT path FROM sources").fetchone() or ("a",))[0]
    pid, handle = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update(COLUMNS="100", TERM="xterm", PAGER="cat")
        os.environ.pop("NO_COLOR", None)
        archive = "restored" if arguments[0] == "restore" else "archive"
        words = [names.get(word, word).replace("\x00", "") for word in arguments]
        sys.argv = ["threadkeep", "--archive", archive, *words]
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        progress.PATIENCE_SECONDS = 1e9  # no bars, which move the cursor
        code = 1
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException:  # noqa: BLE001 - the child of a fork must not go on as the test
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    shown = b""
    while True:
        try:
            block = os.read(handle, 65536)
        except OSError:
            break
        if not block:
            break
        shown += block
    os.close(handle)
    os.waitpid(pid, 0)
    return re.sub("\r{1,2}\n", "\n", shown.decode("utf-8", "replace"))  # CSV ends lines by CR LF, too


def assert_tame(arguments: list[str], shown: str) -> None:
    assert "Traceback" not in shown, f"{arguments}\n{shown[-3000:]}"
    alive = {
        f"U+{ord(character):04X}"
        for character in COLOURS.sub("", shown)
        if (character not in "\n\t" and unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs"))
        or unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    }
    assert not alive, f"{arguments} {alive}\n{shown[-2000:]!r}"
