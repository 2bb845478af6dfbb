"""A saved page is cut into blocks tag by tag, whatever is wrong with it, and read one block at a time."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.errors import DumpTooLarge
from threadkeep.parsers._html.cutter import (
    PAGE_LIMIT_BYTES,
    Attributes,
    Block,
    Marks,
    attributes_of,
    cut,
    head_of,
    looked_at,
    read_page,
    start_tags,
)
from threadkeep.parsers._html.elements import (
    BLOCK_LIMIT,
    Node,
    Style,
    Target,
    attribute,
    classed,
    dedent,
    fragment,
    read,
    split_address,
)
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source


def marks(nests: bool = False) -> Marks:
    def kind(_name: str, attributes: Attributes) -> str | None:
        classes = attributes.get("class", "").split()
        return next((word for word in ("post", "other", "group") if word in classes), None)

    return Marks(re.compile("post|other|group"), kind, frozenset({"group"}), nests)


def blocks(page: str, nests: bool = False) -> list[str]:
    return [block.html for block in cut(page, marks(nests))]


def tree(html: str) -> Node:
    return fragment(Block("post", html))


def text(html: str, keeps_lines: bool = False) -> str:
    return read(tree(html), Style(keeps_lines)).text


def test_a_block_ends_with_its_element() -> None:
    page = '<main><div class="post">a<div>b</div></div>c<p class=post>d</p></main>'
    assert blocks(page) == ['<div class="post">a<div>b</div></div>', "<p class=post>d</p>"]


def test_a_block_inside_one_of_its_kind_shows_that_the_outer_one_never_ended() -> None:
    page = "<div class=post>a<p>b<div class=post>c</div>"
    assert blocks(page) == ["<div class=post>a<p>b", "<div class=post>c</div>"]


def test_a_block_inside_one_of_its_kind_is_part_of_it_where_they_nest() -> None:
    page = "<div class=post>a<div class=post>b</div></div>"
    assert blocks(page, nests=True) == [page]


def test_a_block_that_never_ends_ends_with_the_page() -> None:
    assert blocks("<div class=post>a<b>c") == ["<div class=post>a<b>c"]


def test_end_tags_of_other_elements_end_nothing() -> None:
    assert blocks("<div class=post>a</span></p>b</div>c") == ["<div class=post>a</span></p>b</div>"]


def test_a_block_knows_the_innermost_group_around_it() -> None:
    page = (
        "<i class=group><i class=post></i></i><i class=group><i class=post></i><i class=post></i></i><i class=post></i>"
    )
    found = list(cut(page, marks()))
    assert [(block.group, block.number) for block in found] == [("group", 1), ("group", 2), ("group", 2), (None, 0)]


@pytest.mark.parametrize("name", ["script", "style", "textarea", "title", "noembed"])
def test_what_scripts_and_styles_say_is_no_markup(name: str) -> None:
    assert blocks(f"<{name}>'<div class=post>no</div>'</{name}><div class=post>yes</div>") == [
        "<div class=post>yes</div>"
    ]


def test_comments_are_no_markup() -> None:
    assert blocks("<!-- <div class=post>no</div> --><div class=post>yes</div>") == ["<div class=post>yes</div>"]


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert blocks("<!-- <div class=post>yes</div>") == ["<div class=post>yes</div>"]


@pytest.mark.parametrize(
    "tag", ['<div data-a="x->y" class=post>', "<div data-a='<b>' class='post'>", "<DIV CLASS=post>"]
)
def test_a_start_tag_ends_where_its_quotes_let_it(tag: str) -> None:
    assert blocks(f"{tag}a</div>b") == [f"{tag}a</div>"]


def test_of_two_attributes_with_one_name_the_first_counts() -> None:
    assert attributes_of('<a href="x" title=\'a "b" &amp; c\' hidden HREF=y>') == {
        "href": "x",
        "title": 'a "b" & c',
        "hidden": "",
    }


def test_start_tags_of_one_name_are_found() -> None:
    assert list(start_tags('<a href="/x"><abbr></a><b><A id=y>', "a")) == [{"href": "/x"}, {"id": "y"}]


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<!-- saved from url=(0021)https://a.example/b -->", "https://a.example/b"),
        ("<!--\n Page saved with SingleFile\n url: https://a.example/b\n-->", "https://a.example/b"),
        ('<link rel="canonical" href="https://a.example/b">', "https://a.example/b"),
        ('<meta content="https://a.example/b" property="og:url">', "https://a.example/b"),
        ("<title>none</title>", None),
    ],
)
def test_the_address_of_a_page_stands_above_it_or_in_its_head(head: str, url: str | None) -> None:
    assert head_of(f"<html><head>{head}</head><body></body></html>").url == url


def test_the_head_ends_where_the_body_begins() -> None:
    head = head_of("<title> A &amp;\n b </title><body><meta name=a content=b><link rel=c href=d>")
    assert (head.title, head.meta, head.links) == ("A & b", {}, ())


def test_pictures_written_into_a_page_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    picture = "data:image/jpeg;base64," + "A" * (TEXT_LIMIT_BYTES + 1)
    path.write_text(f"<html><body><img src='{picture}'><p>é</p>\r\n</body></html>", encoding="utf-8")
    assert read_page(Source.from_path(path)) == "<html><body><img src='data:,'><p>é</p>\n</body></html>"


def test_a_page_beyond_the_limit_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<html><body>" + b"<p>words</p>\n" * (TEXT_LIMIT_BYTES // 12))
    with pytest.raises(DumpTooLarge, match=r"page\.html"):
        read_page(Source.from_path(path))
    assert looked_at(Source.from_path(path)).startswith("<html><body><p>words</p>")
    with path.open("r+b") as file:
        file.truncate(PAGE_LIMIT_BYTES + 1)
    with pytest.raises(DumpTooLarge):
        read_page(Source.from_path(path))


@pytest.mark.parametrize("start", ["Words about <html>-less things", "", '{"html": "x"}', "a < b"])
def test_other_texts_are_not_looked_at(tmp_path: Path, start: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(start.replace("<html>", "") + "\nMore words.", encoding="utf-8")
    assert looked_at(Source.from_path(path)) == ""


def test_lines_and_paragraphs_become_line_ends() -> None:
    assert text("<div><p>One<br>two</p><p>three   \n four</p><ul><li>a</li><li>b</li></ul></div>") == (
        "One\ntwo\n\nthree four\n\na\nb"
    )


def test_line_ends_are_kept_where_the_markup_is_the_text() -> None:
    assert text("<div>One\n\n  two <b>x</b>\n</div>", keeps_lines=True) == "One\n\n  two x"


def test_pictures_of_signs_are_their_description() -> None:
    assert text('<p>Tea <img alt="🍵" src="x.svg"> time<img src="y"></p>') == "Tea 🍵 time"


def test_scripts_styles_and_comments_are_no_text() -> None:
    assert text("<div>a<script>b</script><style>c</style><!-- d --><template>e</template>f</div>") == "af"


@given(before=st.text("a😀é ", max_size=20), label=st.text("b🧵 ", min_size=1, max_size=20), keeps=st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_link_stands_where_it_says(before: str, label: str, keeps: bool) -> None:
    style = Style(keeps, target=lambda anchor, _: Target("link", attribute(anchor, "href") or ""))
    written = read(tree(f"<p>{before}<a href='https://a.example'>{label}</a> after</p>"), style)
    for link in written.links:
        assert written.text[link.start : link.end] == link.text
    assert bool(written.links) == bool(label.strip())


def test_ten_thousand_elements_inside_each_other_are_read_like_any_others() -> None:
    html = "<div class=post>" + "<div>" * 10_000 + "deep" + "</div>" * 10_000 + "</div>"
    (block,) = cut(html, marks())
    node = fragment(block)
    assert read(node, Style()).text == "deep"
    assert classed(node, "nowhere") is None


def test_a_block_of_a_megabyte_is_no_post() -> None:
    with pytest.raises(ValueError, match="more than one post can have"):
        tree("<p>" + "x" * BLOCK_LIMIT)


@pytest.mark.parametrize("piece", ["<a ", "<a =", "<a ='<a ' ", "<title>", "<style ", "<!--", '<a b="', "</", "class="])
def test_a_megabyte_of_broken_markup_is_gone_through_once(piece: str) -> None:
    page = piece * (1_000_000 // len(piece)) + "<div class=post>a</div>"
    assert all(block.endswith("</div>") for block in blocks(page))
    assert head_of(page).url is None


def test_indentation_of_an_editor_is_no_part_of_a_text() -> None:
    node = tree("<div>\n    <p>One\n      two\n\n        three</p></div>")
    inner = next(item for item in node.descendants if getattr(item, "name", "") == "p")
    assert isinstance(inner, Node)
    dedent(inner)
    assert read(inner, Style(keeps_lines=True)).text == "One\ntwo\n\n  three"


def test_indentation_of_an_author_is_kept() -> None:
    node = tree("<div>\n    <p>One\n  two</p></div>")
    inner = next(item for item in node.descendants if getattr(item, "name", "") == "p")
    assert isinstance(inner, Node)
    dedent(inner)
    assert read(inner, Style(keeps_lines=True)).text == "One\n  two"


@pytest.mark.parametrize("url", ["http://[", "http://[x]/", None, ""])
def test_an_address_that_is_none_has_no_parts(url: str | None) -> None:
    assert split_address(url).netloc == ""


@given(st.text("<>/=\"'!- abdivpost\n", max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_markup_is_cut_and_read(markup: str) -> None:
    for block in cut(f"<div class=post>{markup}", marks()):
        assert block.html in f"<div class=post>{markup}"
        read(fragment(block), Style())
