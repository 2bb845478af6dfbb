"""The skeleton of a page parser: what it recognizes, what it cuts, and when it has nothing to give."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from threadkeep.errors import DumpError
from threadkeep.parsers._html.cutter import Marks
from threadkeep.parsers._html.page_format import PROFILE, PageFormat, SavedPage
from threadkeep.parsers.entry import Entry
from threadkeep.sources.source import Source


def lay_out(saved: SavedPage) -> Iterator[Entry]:
    for number, block in enumerate(saved.blocks):
        yield Entry(PROFILE if block.kind == "profile" else f"post {number}", saved.head.title, block.raw)


def kind(_name: str, attributes: dict[str, str]) -> str | None:
    return attributes.get("class")


PAGES = PageFormat((re.compile("kiln"), re.compile("glaze")), Marks(re.compile("class="), kind), lay_out)


def page(tmp_path: Path, body: str) -> Source:
    path = tmp_path / "page.html"
    path.write_text(f"<html><head><title>Kilns</title></head><body>{body}</body></html>", encoding="utf-8")
    return Source.from_path(path)


def test_a_page_is_recognized_by_all_of_its_signs(tmp_path: Path) -> None:
    assert PAGES.recognizes(page(tmp_path, "a kiln and a glaze"))
    assert not PAGES.recognizes(page(tmp_path, "a kiln"))
    (tmp_path / "notes.txt").write_text("a kiln and a glaze", encoding="utf-8")
    assert not PAGES.recognizes(Source.from_path(tmp_path / "notes.txt"))


def test_a_page_is_cut_and_laid_out(tmp_path: Path) -> None:
    source = page(tmp_path, '<p class="profile">Mira</p><p class="post">Frost.</p>')
    assert [(entry.locator, entry.data) for entry in PAGES.entries(source)] == [
        ("profile", "Kilns"),
        ("post 1", "Kilns"),
    ]


@pytest.mark.parametrize("body", ["", '<p class="profile">Mira</p>'])
def test_a_page_without_posts_is_an_error(tmp_path: Path, body: str) -> None:
    with pytest.raises(DumpError, match="no post on the page"):
        list(PAGES.entries(page(tmp_path, body)))
