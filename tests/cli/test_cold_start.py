"""A command does not wait for libraries that it does not use: what is loaded when it ends."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.ingest.import_session import ImportSession
from threadkeep.records import Post, Ref
from threadkeep.sources.source import Source

HEAVY = {"sqlalchemy", "whoosh", "rich", "bs4", "yaml", "asyncio", "hashlib"} | {
    f"threadkeep.{name}" for name in ("sources", "parsers", "exporters", "review")
}

TELLING = """
import sys
from threadkeep.cli.main import main
try:
    main()
finally:
    print("loaded:", *sorted(sys.modules), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def archive(archive_of_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(archive_of_samples, tmp_path_factory.mktemp("cold") / "archive")


def loaded_by(archive: Path, *arguments: str) -> tuple[set[str], str, str]:
    """The modules that a command has loaded when it ends, and what it printed."""
    command = [sys.executable, "-c", TELLING, "--archive", str(archive), *arguments]
    result = subprocess.run(command, capture_output=True, timeout=60, check=True)
    said, _, modules = result.stderr.decode().partition("loaded: ")
    return set(modules.split()), result.stdout.decode(), said


@pytest.mark.parametrize(
    ("arguments", "finds"),
    [
        (("search", "the"), True),
        (("search", "the", "a", "--sort", "newest"), True),
        (("search", '"clay body" OR kiln*'), True),
        (("search", "from:mira", "has:link"), True),
        (("search", "id:~0", "OR", "thread:~0", "OR", "glaze"), True),
        (("search", "glase~"), True),
        (("search", "wistfulzzz"), False),
        (("search", "--count-by", "author", "the"), True),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_search_loads_neither_sqlalchemy_nor_whoosh(archive: Path, arguments: tuple[str, ...], finds: bool) -> None:
    modules, out, said = loaded_by(archive, *arguments)
    assert sorted(modules & HEAVY) == []
    assert bool(out) is finds
    assert "threadkeep:" not in said.replace("threadkeep: no post here", "")


@pytest.mark.parametrize("arguments", [("stats",), ("accounts",), ("threads",)])
def test_what_only_reads_the_database_does_not_load_sqlalchemy(archive: Path, arguments: tuple[str, ...]) -> None:
    modules, out, _ = loaded_by(archive, *arguments)
    assert sorted(modules & {"sqlalchemy", "whoosh"}) == []
    assert out


def test_a_thread_is_shown_without_sqlalchemy(archive: Path) -> None:
    with Archive(archive) as held:
        ref = held.search("glaze").hits[0].stored.post.ref
    modules, out, _ = loaded_by(archive, "show", str(ref))
    assert sorted(modules & {"sqlalchemy", "whoosh"}) == []
    assert str(ref) in out


def test_a_search_behind_an_import_that_was_not_indexed_still_finds_what_came(archive: Path, tmp_path: Path) -> None:
    behind = shutil.copytree(archive, tmp_path / "behind")
    dump = tmp_path / "dump"
    dump.write_text("x", encoding="utf-8")
    with Archive(behind) as held, ImportSession.open(held.store, Source("dump", dump), "jsonl", 1) as loading:
        loading.add(Post(Ref("x", "77"), None, "a quokkalike glaze"), "line 1")
        loading.finish()
    modules, out, _ = loaded_by(behind, "search", "quokkalike")
    assert "x:77" in out
    assert "whoosh" in modules
    assert "sqlalchemy" not in modules
