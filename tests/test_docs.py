"""The documents tell the truth: their examples run and print what they show, and every command is in them."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from threadkeep.cli.main import COMMANDS

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
EXAMPLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def examples(page: Path) -> list[tuple[str, str]]:
    """The commands of a page with the output it shows for each."""
    found: list[tuple[str, str]] = []
    for block in EXAMPLE.findall(page.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


WITH_EXAMPLES = [page for page in PAGES if examples(page)]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.name)
def test_examples_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(PROJECT / "seeds")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "THREADKEEP_ARCHIVE": str(tmp_path / "archive"),
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    checker = doctest.OutputChecker()
    for command, expected in examples(page):
        run = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        same = checker.check_output(
            expected or "\n", run.stdout or "\n", doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
        assert same, f"{page.name}: $ {command}\nshows:\n{expected}\nprints:\n{run.stdout}"


def test_there_are_examples_to_run() -> None:
    assert PROJECT / "README.md" in WITH_EXAMPLES


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"threadkeep {name}" in (PROJECT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_format_has_a_section_in_formats() -> None:
    from threadkeep.exporters.registry import all_exporters
    from threadkeep.parsers.registry import all_parsers

    text = (PROJECT / "docs" / "formats.md").read_text("utf-8")
    for name in [*all_parsers(), *all_exporters()]:
        assert f"`{name}`" in text, name


def test_the_parser_in_add_a_parser_works_as_it_stands(tmp_path: Path) -> None:
    import types

    from threadkeep.records import Account, Post
    from threadkeep.sources.source import Source

    page = (PROJECT / "docs" / "add-a-parser.md").read_text("utf-8")
    [code] = re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)
    parser = types.ModuleType("example")
    exec(code, parser.__dict__)
    dump = tmp_path / "dump.txt"
    dump.write_text(re.findall(r"^ *(\{.*\})$", code, re.M)[0], encoding="utf-8")
    source = Source.from_path(dump)
    assert parser.recognizes(source)
    records = [record for entry in parser.entries(source) for record in parser.parse(entry)]
    assert [type(record) for record in records] == [Account, Post]
    assert records[1].text == "Frost again."
