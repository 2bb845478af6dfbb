"""The documents tell the truth: their examples run and print what they show, and every command is in them."""

import doctest
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from threadkeep.cli.main import COMMANDS

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(PROJECT.glob("*.md")), PROJECT / "examples" / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
PYTHON_EXAMPLE = re.compile(r"^(<!-- needs pandas -->\n)?```pycon\n(.*?)^```$", re.M | re.S)
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


def test_the_tables_of_formats_are_up_to_date() -> None:
    from threadkeep.exporters.registry import all_exporters
    from threadkeep.parsers.registry import all_parsers

    command = [sys.executable, "docs/write_formats.py", "--check"]
    checked = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stderr
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


def test_the_examples_of_the_python_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seeds").symlink_to(PROJECT / "seeds")
    monkeypatch.chdir(tmp_path)
    page = PROJECT / "docs" / "python.md"
    has_pandas = importlib.util.find_spec("pandas") is not None
    blocks = [code for pandas, code in PYTHON_EXAMPLE.findall(page.read_text("utf-8")) if has_pandas or not pandas]
    assert len(blocks) > 5
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    shown: list[str] = []
    doctest.DocTestRunner(optionflags=options).run(test, out=shown.append)
    assert not shown, "".join(shown)


def test_the_python_example_of_the_readme_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [code] = re.findall(r"^```python\n(.*?)^```$", (PROJECT / "README.md").read_text("utf-8"), re.M | re.S)
    monkeypatch.chdir(folder.parent)
    exec(code, {})
    assert "mira.example.com Can you read a glaze" in capsys.readouterr().out


MODULE_PATH = re.compile(r"`((?:[a-z_]+/)+[a-z_0-9]+\.py)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_files_that_pages_name_exist(page: Path) -> None:
    for name in MODULE_PATH.findall(page.read_text("utf-8")):
        assert (PROJECT / name).exists() or (PROJECT / "threadkeep" / name).exists(), name


@pytest.mark.parametrize(
    ("script", "arguments", "shows"),
    [
        ("posts_by_year.py", ("",), "2024  ████"),
        ("reading_list.py", ("from:mira",), "- <https://"),
        ("longest_threads.py", ("from:mira", "notes"), "6 posts: Can you read a glaze"),
    ],
)
def test_the_example_scripts_run(
    script: str, arguments: tuple[str, ...], shows: str, folder: Path, tmp_path: Path
) -> None:
    command = [sys.executable, str(PROJECT / "examples" / script), str(folder), *arguments]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert shows in run.stdout


def test_every_example_script_is_run_and_listed() -> None:
    scripts = {path.name for path in (PROJECT / "examples").glob("*.py")}
    listed = set(re.findall(r"examples/(\w+\.py)", (PROJECT / "examples" / "README.md").read_text("utf-8")))
    assert scripts == listed == {"posts_by_year.py", "reading_list.py", "longest_threads.py"}


def test_the_api_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("generate_api", PROJECT / "docs" / "generate_api.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.page(), "run: python docs/generate_api.py"
