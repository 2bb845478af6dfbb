"""A page is the same page in whatever a browser saved it, and from the Wayback Machine."""

from collections.abc import Callable
from pathlib import Path

import pytest
from parser_reading import read
from saved_pages import URL, from_wayback, mhtml, web_archive
from seed_samples import SEEDS

from threadkeep.errors import DumpError
from threadkeep.parsers._html.cutter import head_of, looked_at, read_page
from threadkeep.parsers.entry import Parser
from threadkeep.parsers.registry import parser_for
from threadkeep.sources.discovery import find_sources
from threadkeep.sources.source import Source

PAGES = sorted(path.name for path in SEEDS.glob("*.html"))


def written(folder: Path, data: bytes) -> Path:
    path = folder / "page.saved"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("saved", [mhtml, web_archive, from_wayback])
def test_a_page_gives_the_same_in_whatever_it_is_saved(
    name: str, saved: Callable[[bytes, str], bytes], tmp_path: Path
) -> None:
    page = (SEEDS / name).read_bytes()
    parser = parser_for(Source.from_path(SEEDS / name))
    path = written(tmp_path, saved(page, head_of(page.decode()).url or URL))
    assert parser_for(Source.from_path(path)) is parser
    assert read(parser, path) == read(parser, SEEDS / name)


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_the_page_in_mhtml_is_decoded_and_has_the_address_of_the_file(encoding: str, tmp_path: Path) -> None:
    page = "<html><body><p>Frost ❄️ again = cold</p></body></html>"
    path = written(tmp_path, mhtml(page.encode(), encoding=encoding))
    assert read_page(Source.from_path(path)).rstrip() == f"<!-- saved from url=(0022){URL} -->\n{page}"
    assert head_of(read_page(Source.from_path(path))).url == URL


def test_another_page_in_mhtml_is_one_document(tmp_path: Path) -> None:
    page = b"<html><head><title>Tea</title></head><body><p>Oolong and more of it.</p></body></html>"
    path = written(tmp_path, mhtml(page))
    parser: Parser = parser_for(Source.from_path(path))
    (post,) = read(parser, path).posts
    assert (parser.NAME, post.title, post.text) == ("web-page", "Tea", "Oolong and more of it.")


def test_mhtml_that_is_cut_off_gives_what_is_there(tmp_path: Path) -> None:
    whole = mhtml((SEEDS / "nitter-page/nitter-profile.html").read_bytes())
    path = written(tmp_path, whole[: len(whole) // 2])
    parser = parser_for(Source.from_path(path))
    assert parser.NAME == "nitter-page"
    assert 0 < len(read(parser, path).posts) < len(read(parser, SEEDS / "nitter-page/nitter-profile.html").posts)


@pytest.mark.parametrize(
    "data",
    [
        mhtml(b"<html>", kind="text/plain"),
        mhtml(b"<html>").replace(b'boundary="=_b_1"', b"x"),
        mhtml(b"<html>", encoding="base64").replace(b"PGh0bWw+", b"PGh0bWw"),
        web_archive(b"<html>").replace(b"WebResourceData", b"WebResourceDatum"),
        web_archive(b"<html>")[:-20],
    ],
    ids=["no page", "no boundary", "bad base64", "no data", "cut off"],
)
def test_a_file_without_a_page_is_refused_in_words(data: bytes, tmp_path: Path) -> None:
    source = Source.from_path(written(tmp_path, data))
    assert looked_at(source) == ""
    with pytest.raises(DumpError, match=r"page\.saved: "):
        read_page(source)


def test_a_link_to_the_wayback_machine_is_left_as_it_is(tmp_path: Path) -> None:
    page = '<html><body><a href="https://web.archive.org/web/2015/https://old.example/">old</a></body></html>'
    assert read_page(Source.from_path(written(tmp_path, page.encode()))) == page


def test_a_link_that_the_wayback_machine_rewrote_keeps_the_one_its_author_gave(tmp_path: Path) -> None:
    own = "https://web.archive.org/web/2015/https://old.example/"
    page = (
        f'<html><!-- End Wayback Rewrite JS Include --><body><a href="/web/20240401101500/{own}">old</a></body></html>'
    )
    assert f'<a href="{own}">' in read_page(Source.from_path(written(tmp_path, page.encode())))


def test_what_a_browser_saved_beside_a_page_is_no_dump(tmp_path: Path) -> None:
    for name in ("page.html", "page_files/frame.html", "page_files/a.js", "other_files/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("<html><body>Tea</body></html>", encoding="utf-8")
    found = [item.path.relative_to(tmp_path).as_posix() for item in find_sources([str(tmp_path)])]
    assert found == ["other_files/notes.txt", "page.html"]
    assert [item.path.name for item in find_sources([str(tmp_path / "page_files")])] == ["a.js", "frame.html"]
