"""Texts made to be more than text go through the whole program, and come out of every end as text and nothing else.

The real commands import them, index them, find them, show them and export them; what comes out is read back by parsers
that are not ours: json, csv, PyYAML, markdown-it, html5lib.
"""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
import yaml
from hostile_strings import ALL, SMALL, TERMINAL
from markdown_it import MarkdownIt

from threadkeep.exporters.csv_table import guarded
from threadkeep.text.control_chars import escape_controls, replace_unstorable

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What no terminal may be given; a line feed and a tab are harmless."""

EVERY = pytest.mark.parametrize("name", [pytest.param(name, id=name.replace(" ", "-")) for name in ALL])


def marker(name: str) -> str:
    """A word that stands in the post of that name and in no other."""
    return f"mark{list(ALL).index(name):03}q"


MARKER_OF_THREAD = "mark999q"


def text_of(name: str) -> str:
    """The post's text: the hostile one first, where it can do most, and last, where it can run out of its place."""
    return f"{ALL[name]}\n{marker(name)}\n{ALL[name]}" if name in SMALL else f"{marker(name)} {ALL[name]}"


def records() -> Iterator[dict[str, Any]]:
    """An account and a post for each text, with that text wherever a record takes any; a gap besides."""
    for name, text in ALL.items():
        short, number = text[:5000], f"{list(ALL).index(name) + 1}"
        yield {"type": "account", "platform": "x", "id": number, "handle": f"h{number}", "name": short, "bio": short}
    for name, text in ALL.items():
        short, number = text[:5000], f"{list(ALL).index(name) + 1}"
        yield {
            **{"type": "post", "platform": "x", "id": f"10{number}", "author": f"h{number}", "text": text_of(name)},
            "title": f"{short} {marker(name)}",
            "created": "2024-05-01T12:00:00Z",
            "links": [{"url": short, "text": short, "title": short}, {"url": "https://a.test/ok", "text": short}],
            "media": [{"kind": "image", "url": "https://a.test/i.jpg", "alt": short}, {"kind": short or "x"}],
            "tags": [short],
            "mentions": [short],
            "warning": short,
            "visibility": "public",
            "edits": [{"text": short}],
            "inferred": ["split", short],
        }
        yield {"type": "gap", "platform": "x", "id": f"20{number}", "reason": short or "x"}
    colour = TERMINAL["a colour"]
    yield {"type": "post", "platform": "x", "id": f"9\u202e<% x %>\n---\n{colour}", "author": "h1", "text": "mark998q"}
    post = {"type": "post", "platform": "x", "author": "h1", "created": "2024-05-01T12:00:00Z"}
    yield {**post, "id": "301", "text": f"{colour} {MARKER_OF_THREAD}"}
    yield {**post, "id": "302", "text": colour, "reply_to": "301"}
    yield {"type": "post", "platform": colour, "id": f"{colour}\u202e", "author": "h1", "text": {"not": "text"}}


@dataclass(frozen=True)
class Ends:
    """The archive of hostile texts, and everything that came out of it."""

    folder: Path
    jsonl: list[str]
    rows: dict[str, dict[str, str]]
    pages: dict[str, str]
    index: str
    html: dict[str, str]


def command(archive: Path, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "threadkeep", "--archive", str(archive), *arguments],
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    return result.stdout.decode()


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Ends:
    folder = tmp_path_factory.mktemp("hostile")
    dump = folder / "dump\x1b[31m\u202e --- # [x](y).jsonl"
    dump.write_text("".join(f"{json.dumps(record)}\n" for record in records()), "ascii")
    report = json.loads(command(folder / "archive", "import", "--json", str(dump)))
    assert (len(report["problems"]), report["posts"]) == (1, len(ALL) + 3)
    for form in ("jsonl", "csv", "markdown", "html"):
        printed(folder / "archive", "export", "--format", form, "--to", str(folder / form))
    csv.field_size_limit(10_000_000)
    with (folder / "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file, strict=True)}
    pages = {path.name: path.read_text("utf-8") for path in (folder / "markdown").iterdir()}
    index = pages.pop("index.md")
    html = {path.name: path.read_text("utf-8") for path in (folder / "html").iterdir() if path.name != "index.html"}
    lines = (folder / "jsonl").read_text("utf-8").split("\n")
    return Ends(folder, lines, rows, by_marker(pages), index, by_marker(html))


def by_marker(pages: dict[str, str]) -> dict[str, str]:
    """The pages by the marker of the post they begin with."""
    return {re.findall(r"mark\d{3}q", page)[0]: page for page in pages.values()}


def post_of(ends: Ends, name: str) -> dict[str, Any]:
    number = f"10{list(ALL).index(name) + 1}"
    objects = (json.loads(line) for line in ends.jsonl if f'"{number}"' in line)
    return next(found for found in objects if found["type"] == "post" and found["id"] == number)


@EVERY
def test_json_holds_exactly_the_text(ends: Ends, name: str) -> None:
    post, short = post_of(ends, name), replace_unstorable(ALL[name][:5000])
    assert post["text"] == replace_unstorable(text_of(name))
    assert post["title"] == f"{short} {marker(name)}"
    assert post["author_name"] == short
    assert [link["text"] for link in post["links"]] == [short, short]
    assert post["media"][0]["alt"] == post["warning"] == post["tags"][0] == post["mentions"][0] == short
    assert post["inferred"][1] == post["edits"][0]["text"] == short


def test_each_line_of_json_is_one_record_and_steers_nothing(ends: Ends) -> None:
    assert ends.jsonl[-1] == ""
    assert len(ends.jsonl) == 3 * len(ALL) + 4
    assert not any(STEERING.search(line) for line in ends.jsonl)


def test_json_imports_back_to_an_equal_archive(ends: Ends, tmp_path: Path) -> None:
    printed(tmp_path / "again", "import", str(ends.folder / "jsonl"))
    printed(tmp_path / "again", "export", "--format", "jsonl", "--to", str(tmp_path / "jsonl"))

    def without_sources(lines: list[str]) -> list[str]:
        return [re.sub(r'"sources":\[[^]]*\]', "", line) for line in lines]

    assert without_sources((tmp_path / "jsonl").read_text("utf-8").split("\n")) == without_sources(ends.jsonl)


@EVERY
def test_a_table_holds_exactly_the_text_and_no_formula(ends: Ends, name: str) -> None:
    row = ends.rows[f"10{list(ALL).index(name) + 1}"]
    assert row["text"] == guarded(escape_controls(replace_unstorable(text_of(name))))
    assert None not in row
    for cell in row.values():
        assert not STEERING.search(cell.replace("\r", ""))
        assert cell.lstrip(" \t\r\n\u3000\ufeff\u200b\u200e\u200f\xa0\u2003")[:1] not in tuple("=+-@＝＋－＠")


def words(text: str) -> list[str]:
    """A text as its reader sees it, white space aside."""
    return escape_controls(replace_unstorable(text)).split()


def parts(page: str) -> tuple[dict[str, Any], str]:
    """The front matter of a page, and what follows."""
    match = re.match(r"---\n(.*?)^---$\n", page, re.M | re.S)
    assert match
    known = yaml.safe_load(match[1])
    assert isinstance(known, dict)
    return known, page[match.end() :]


def read(tokens: list[Any]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "hardbreak", "softbreak"):
            yield token.content if token.type == "text" else "\n"
        elif token.type == "image":
            yield from read(token.children)


@EVERY
def test_a_page_holds_the_text_and_no_structure_of_it(ends: Ends, name: str) -> None:
    page = ends.pages[marker(name)]
    assert not STEERING.search(page)
    known, body = parts(page)
    assert list(known) == [
        *("title", "author", "handle", "platform", "source", "date", "archived", "tags", "thread_id", "post_count")
    ]
    assert known["title"].split() == words(f"{ALL[name][:5000]} {marker(name)}")
    assert (known["author"] or "").split() == (words(ALL[name][:5000]) or ["h" + known["thread_id"][2:]])
    tokens = GITHUB.parse(body)
    blocks = [token.type for token in tokens if token.nesting >= 0 and token.type != "inline"]
    assert set(blocks) <= {"heading_open", "paragraph_open", "blockquote_open", "hr"}, set(blocks)
    assert blocks.count("heading_open") == 1
    assert blocks.count("hr") == 1
    children = [child for token in tokens for child in token.children or []]
    kinds = {child.type for child in children}
    marks = {f"{kind}_{end}" for kind in ("strong", "em", "link") for end in ("open", "close")}
    assert kinds <= {"text", "hardbreak", "softbreak", *marks}, kinds
    targets = [str(child.attrs["href"]) for child in children if child.type == "link_open"]
    assert all(re.match(r"https?://", target) for target in targets), targets
    inline = ["".join(read(token.children or [])) for token in tokens if token.type == "inline"]
    shown = "\n".join(inline).replace("\u00a0", " ").split()
    text = words(text_of(name).replace("\u00a0", " "))
    assert contains(shown, text), name


def contains(whole: list[str], part: list[str]) -> bool:
    """Whether ``part`` stands in ``whole`` in one piece."""
    return f"\0{chr(0).join(part)}\0" in f"\0{chr(0).join(whole)}\0"


def test_a_page_of_a_hostile_id_holds_exactly_that(ends: Ends) -> None:
    page = ends.pages["mark998q"]
    assert not STEERING.search(page)
    known, _ = parts(page)
    assert known["thread_id"] == f"9\u202e<% x %>\n---\n{TERMINAL['a colour']}"


@EVERY
def test_front_matter_runs_nothing(ends: Ends, name: str) -> None:
    match = re.match(r"---\n(.*?)^---$\n", ends.pages[marker(name)], re.M | re.S)
    assert match
    assert "<%" not in match[1]


@EVERY
def test_a_page_holds_no_structure_that_obsidian_would_see(ends: Ends, name: str) -> None:
    _, body = parts(ends.pages[marker(name)])
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "x", body)  # without what is escaped
    bare = re.sub(r"\]\(<?https?://[^)>\s]*>?\)|<https?://[^>\s]*>", "", bare)
    assert not re.search(r"\[\[|!\[[^\]\n]*\]\(|%%|\^\[|`|<%|(?m:\^[A-Za-z0-9-]+\s*$)", bare)
    allowed = {tag.casefold() for tag in words(ALL[name][:5000])}
    strange = [
        tag for tag in re.findall(r"(?m)(?<!\S)#([^\s#]*[^\W\d_][^\s#]*)", bare) if tag.casefold() not in allowed
    ]
    assert not strange


def test_the_index_of_the_pages_lists_them_and_links_to_nothing_else(ends: Ends) -> None:
    _, body = parts(ends.index)
    tokens = GITHUB.parse(body)
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {"text", "link_open", "link_close"}
    targets = [str(child.attrs["href"]) for child in children if child.type == "link_open"]
    assert len(targets) == len(ALL) + 2
    assert all((ends.folder / "markdown" / unquote(target)).is_file() for target in targets)


PARTS_OF_A_PAGE = {
    *("html", "head", "meta", "title", "style", "body", "nav", "header", "main", "footer", "article"),
    *("h1", "p", "div", "a", "b", "bdi", "span", "time", "details", "summary", "figure", "figcaption"),
}


@EVERY
def test_a_page_of_html_holds_exactly_the_text_and_no_element_of_it(ends: Ends, name: str) -> None:
    page = ends.html[marker(name)]
    assert not STEERING.search(page)
    root = html5lib.parse(page, namespaceHTMLElements=False)
    short = escape_controls(replace_unstorable(ALL[name][:5000]))
    elements = list(root.iter())
    assert {element.tag for element in elements if isinstance(element.tag, str)} <= PARTS_OF_A_PAGE
    assert all(isinstance(element.tag, str) for element in elements), "a comment"
    tags = [element.tag for element in elements]
    assert [tags.count(tag) for tag in ("h1", "article", "main", "title", "style", "meta")] == [1, 1, 1, 1, 1, 5]
    (text,) = (element for element in elements if element.get("class") == "text")
    assert "".join(text.itertext()) == escape_controls(replace_unstorable(text_of(name)))
    (title,) = (element for element in elements if element.tag == "title")
    assert "".join(title.itertext()).split() == f"{short} {marker(name)}".split()
    captions = ["".join(element.itertext()) for element in elements if element.tag == "figcaption"]
    assert captions == ([short.strip()] if short.strip() else [])
    for element in elements:
        assert set(element.keys()) <= ATTRIBUTES_OF_A_PAGE, element.keys()
        if address := element.get("href"):
            assert re.fullmatch(r"https?://[^\s\"'<>]+|index\.html", address)


ATTRIBUTES_OF_A_PAGE = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "dir", "href", "rel", "aria-label", "datetime"),
}


def test_the_index_of_html_lists_the_pages_and_links_to_nothing_else(ends: Ends) -> None:
    root = html5lib.parse((ends.folder / "html" / "index.html").read_text("utf-8"), namespaceHTMLElements=False)
    assert {element.tag for element in root.iter()} <= PARTS_OF_A_PAGE | {"ul", "li", "h2"}
    targets = [element.get("href") for element in root.iter("a")]
    assert len(targets) == len(ALL) + 2
    assert all((ends.folder / "html" / target).is_file() for target in targets)


def test_files_have_names_that_every_system_takes(ends: Ends) -> None:
    names = [path.name for path in (ends.folder / "markdown").iterdir()]
    assert len({name.casefold() for name in names}) == len(ALL) + 3
    for name in names:
        assert len(name.encode()) <= 255
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\s]', name), name
        assert not name.startswith((".", "-", "~"))
        assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\.", name)


@EVERY
def test_a_thread_is_shown_without_steering_the_terminal(ends: Ends, name: str) -> None:
    shown = printed(ends.folder / "archive", "show", f"x:10{list(ALL).index(name) + 1}")
    assert not STEERING.search(shown)
    assert contains(shown.split(), words(text_of(name)))


@EVERY
def test_a_hit_is_found_and_shown_without_steering_the_terminal(ends: Ends, name: str) -> None:
    shown = printed(ends.folder / "archive", "search", marker(name))
    assert not STEERING.search(shown)
    assert f"x:10{list(ALL).index(name) + 1}" in shown.split()
    found = json.loads(printed(ends.folder / "archive", "search", "--json", marker(name)))
    assert found["text"] == replace_unstorable(text_of(name))


LISTS: list[tuple[str, ...]] = [
    *((name,) for name in ("sources", "accounts", "threads", "problems", "stats", "formats")),
    ("search", "--limit=200", "*"),
    ("search", "--count-by=author", ""),
    ("search", "--count-by=tag", ""),
]


@pytest.mark.parametrize("arguments", LISTS, ids="-".join)
def test_no_list_steers_the_terminal(ends: Ends, arguments: tuple[str, ...]) -> None:
    assert not STEERING.search(printed(ends.folder / "archive", *arguments))
    as_json = printed(ends.folder / "archive", *arguments, "--json")
    assert not STEERING.search(as_json)
    lines = [json.loads(line) for line in as_json.splitlines()]
    assert lines


def test_an_import_is_reported_without_steering_the_terminal(ends: Ends, tmp_path: Path) -> None:
    (dump,) = ends.folder.glob("dump*")
    shown = printed(tmp_path / "other", "import", "--dry-run", str(dump))
    assert not STEERING.search(shown)


def printed(archive: Path, *arguments: str) -> str:
    """What a command prints, run in this process: a process for each of so many would take minutes."""
    from click.testing import CliRunner

    from threadkeep.cli.main import command as threadkeep

    result = CliRunner().invoke(threadkeep, ["--archive", str(archive), *arguments])
    assert result.exit_code == 0, result.output[-2000:]
    return result.output
