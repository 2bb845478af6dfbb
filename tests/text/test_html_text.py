"""A page's title and text come out as a reader sees them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.text.html_text import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("one<br><br><br><br>two", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<div><div><div>one</div></div></div>two", "one\ntwo"),
        ("<ul><li>one</li><li>two</ul>three", "one\ntwo\n\nthree"),
        ("<h1>Head</h1>body", "Head\n\nbody"),
        ("  a \n\t b&nbsp;&nbsp;c ", "a b c"),
        ("<p> a <b> b </b> c</p>", "a b c"),
        ("a<b>b</b>c", "abc"),
        ("<p>a\n<!-- no -->b</p>", "a b"),
        ("<pre>\n  x = 1\n    y\n</pre>z", "  x = 1\n    y\n\nz"),
        ('see <a href="https://example.com/x">the notes</a>.', "see the notes."),
        ('<p>hi <img src="x.png" alt="a cat"> there<img src="y.png"><img alt=""></p>', "hi a cat there"),
        ("&lt;b&gt; &amp;amp; &eacute; &#x1F9F5; &#8220;q&#8221; &nosuch;", "<b> &amp; é 🧵 “q” &nosuch;"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a<script>var x = '<p>no</p>';</script><style>p{}</style><nav><a>Home</a></nav>b", "ab"),
        ("<noscript>enable it</noscript><svg><title>icon</title></svg><template>t</template>x", "x"),
        ("<!DOCTYPE html><html><head><title>T</title><meta x></head><body>x</body></html>", "x"),
        ("<head><title>T</title><p>no end of head", "no end of head"),
        ("a < b and c > d", "a < b and c > d"),
        ("x<![if !IE]>y<![endif]>z", "xyz"),
        ("a <unclosed", "a <unclosed"),
        ("a <!-- never closed", "a <!-- never closed"),
        ("", ""),
    ],
)
def test_text_reads_as_on_the_page(html: str, text: str) -> None:
    assert html_to_text(html)[1] == text


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> Mira's\n page &amp; more </title>", "Mira's page & more"),
        ("<title></title>x", None),
        ("<p>no title</p>", None),
        ("<svg><title>icon</title></svg><title>Page</title>", "Page"),
        ("<title>never closed<p>text", "never closed"),
        ("<title>first</title><title>second</title>", "first"),
    ],
)
def test_title_is_the_pages_own(html: str, title: str | None) -> None:
    assert html_to_text(html)[0] == title


def test_an_element_left_open_does_not_swallow_the_page() -> None:
    assert html_to_text("<nav>Home<div>the whole page")[1] == "Home\nthe whole page"


@pytest.mark.parametrize("tag", ["div", "b", "p", "ul", "li", "table", "blockquote", "pre", "nav", "svg"])
def test_ten_thousand_nested_tags_are_read(tag: str) -> None:
    assert "deep" in html_to_text(f"<{tag}>" * 10_000 + "deep")[1]
    assert html_to_text(f"<{tag}>" * 10_000 + "deep" + f"</{tag}>" * 10_000 + "end")[1].endswith("end")


OPENINGS = [
    "<", "<a ", '<a x="', "<a x='", "<a x=", "<a/", "<a\0", "<p", "</", "</a ", "<!", "<!-", "<!--", "<!-- >", "<![",
    "]]>", "<?", "<!DOCTYPE [", "<script>", "<script></", "<title>", "&", "&amp", "&#",
]  # fmt: skip


@pytest.mark.parametrize("end", ["", ">", '">', "-->", "]>", "x</script>"])
@pytest.mark.parametrize("opening", OPENINGS)
def test_openings_without_end_do_not_hang(opening: str, end: str) -> None:
    page = opening * 20_000 + end
    title, text = html_to_text(page)
    assert len(title or "") + len(text) <= len(page)  # nothing that was not there


def test_a_page_of_five_megabytes_is_read_whole() -> None:
    row = "<div class='x'><p>hello <b>world</b> &amp; all</p><ul><li>one</li></ul></div>"
    count = 5_000_000 // len(row)
    assert html_to_text(row * count)[1].count("hello world & all\n\none") == count


TAGS = [
    "<p>",
    "</p>",
    "<br>",
    "<pre>",
    "</pre>",
    "<nav>",
    "<img alt='x'>",
    "<script>",
    "</script>",
    "<title>",
    "</title>",
]
PIECES = st.one_of(st.text(max_size=5), st.sampled_from([*TAGS, *OPENINGS, "-->", "&#xD800;", "&#0;", "'", '"', ">"]))


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_string_gives_text(html: str) -> None:
    title, text = html_to_text(html)
    assert title is None or title == " ".join(title.split())
    assert "\n\n\n" not in text or "<pre" in html


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("abc é&<>'\" ", max_size=8), max_size=8))
def test_escaped_text_comes_back_word_for_word(lines: list[str]) -> None:
    from html import escape

    words = [" ".join(line.split()) for line in lines]
    assert html_to_text("<br>".join(map(escape, words)))[1].split() == " ".join(words).split()
