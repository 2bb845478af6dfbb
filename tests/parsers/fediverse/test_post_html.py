"""The HTML of fediverse posts: the text a reader sees, and what is linked in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.parsers.fediverse._post_html import HtmlMention, html_to_text, plain_text
from threadkeep.parsers.fediverse._values import handle_at, handle_in, handle_of_mention, kind_of_media, parse_time
from threadkeep.records import Link

LINK = (
    '<a href="https://a.example/x?a=1&amp;b=2" rel="nofollow"><span class="invisible">https://</span>'
    '<span class="ellipsis">a.example/x</span><span class="invisible">?a=1&amp;b=2</span></a>'
)

PIECES = [
    *(
        "<p>",
        "</p>",
        "<br>",
        "<a href='https://a.b/'>",
        "</a>",
        " ",
        "\n",
        "x",
        "é🔥",
        "&amp;",
        "<pre>",
        "</pre>",
        "<li>",
        "<ol>",
        "</ol>",
        "<blockquote>",
        "</blockquote>",
        "<td>",
        "#t",
    ),
    *("<span class='quote-inline'>", "</span>", "<a class=mention>"),
]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<br>b<br/>c<br />d</p>", "a\nb\nc\nd"),
        ("<p>a<br><br>b</p>", "a\n\nb"),
        ("<p>Ash &amp; salt &lt;3 &#128293;</p>", "Ash & salt <3 🔥"),
        ("no tags &amp; two\nlines", "no tags & two\nlines"),
        ("a < b and <3", "a < b and <3"),
        ("<p>cut off <b", "cut off <b"),
        ("<p>two  blanks</p>", "two  blanks"),
        ("<p>over\n  two lines</p>\n\n\n<p>and</p>\n", "over two lines\n\nand"),
        ("<ul>\n<li>one</li>\n<li>two</li>\n</ul>", "• one\n• two"),
        ("<p>Now:</p><ol start=3><li>wedge</li><li>throw</li></ol><p>so.</p>", "Now:\n\n3. wedge\n4. throw\n\nso."),
        ("<ol reversed><li>c<li>b<li>a</ol>", "3. c\n2. b\n1. a"),
        ("<ol><li value=7>x</li><li>y<br>z</li></ol>", "7. x\n8. y\n   z"),
        (
            "<ol type=a><li>x<ul><li>in<ol type=I><li>deep</li></ol></li></ul></li><li>y</li></ol>",
            "a. x\n   • in\n     I. deep\nb. y",
        ),
        ("<ol start=nine><li>x</li></ol>", "1. x"),
        ("<li>alone</li>", "• alone"),
        (
            "<blockquote><p>Never rush</p><p>a<br>b</p></blockquote><p>said Bea.</p>",
            "> Never rush\n>\n> a\n> b\n\nsaid Bea.",
        ),
        ("<blockquote>x<blockquote>y</blockquote></blockquote>", "> x\n>\n> > y"),
        ("<blockquote><ul><li>x</li></ul></blockquote>z", "> • x\n\nz"),
        ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
        ("<h2>Ash</h2><p>b</p>", "Ash\n\nb"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
        ("<p>10<sup>3</sup> H<sub>2</sub>O 1<sup>st</sup> <del>old</del> <s>gone</s></p>", "10³ H₂O 1st old gone"),
        (
            "<p>so <math><mi>x</mi><annotation encoding='application/x-tex'>x &lt; 1</annotation></math>.</p>",
            "so $x < 1$.",
        ),
        ("<ruby>窯<rt>かま</rt></ruby>の", "窯(かま)の"),
        ("<pre><code>\nif x:\n    y\n</code></pre>", "if x:\n    y"),
        ("<pre>  a\n\n    b</pre><p>c</p>", "  a\n\n    b\n\nc"),
        ("<p>KILN\nI\nL\n\n<b>N</b><br><br>end</p>", "KILN\nI\nL\n\nN\n\nend"),
        ("<ruby>窯<rp>(</rp><rt>かま</rt><rp>)</rp></ruby>", "窯(かま)"),
        ("<p>hi <img alt=':kiln:' src=x></p>", "hi :kiln:"),
        ("<p>a</p><script>alert(1)</script><p>b</p>", "a\n\nb"),
        ("<p>a<script>never closed", "anever closed"),
        ("<P CLASS=x>A</P><!-- unseen -->B", "A\n\nB"),
        ("<p></p>", ""),
        ("", ""),
    ],
)
def test_html_becomes_the_text_a_reader_sees(html: str, text: str) -> None:
    assert html_to_text(html).text == text


def test_a_link_is_shown_whole_and_placed_in_code_points() -> None:
    found = html_to_text(f"<p>🔥 see {LINK}.</p>")
    assert found.text == "🔥 see https://a.example/x?a=1&b=2."
    (link,) = found.links
    assert link == Link("https://a.example/x?a=1&b=2", "https://a.example/x?a=1&b=2", start=6, end=33)
    assert found.text[6:33] == link.text


def test_mentions_and_hashtags_are_no_links() -> None:
    found = html_to_text(
        '<span class="h-card"><a href="https://clay.example/@bea" class="u-url mention">@<span>bea</span></a></span> '
        '<a href="https://kilns.example/tags/ash" class="mention hashtag" rel="tag">#<span>Ash</span></a> '
        '<a href="https://m.example/tags/salt" rel="tag ugc">#salt</a>'
    )
    assert found.text == "@bea #Ash #salt"
    assert found.mentions == (HtmlMention("bea", "https://clay.example/@bea"),)
    assert found.tags == ("Ash", "salt")
    assert found.links == ()


@pytest.mark.parametrize("href", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "/tags/x", ""])
def test_what_leads_nowhere_or_runs_a_program_is_text_alone(href: str) -> None:
    found = html_to_text(f'<p><a href="{href}">press</a></p>')
    assert (found.text, found.links) == ("press", ())


def test_addresses_that_no_one_marked_up_are_links() -> None:
    assert [link.url for link in html_to_text("<p>see https://a.example/x</p>").links] == ["https://a.example/x"]
    assert html_to_text("see a.example").links == ()


def test_line_ends_of_a_bridged_post_are_its_authors() -> None:
    assert html_to_text("<p>a\nb</p>").text == "a b"
    assert html_to_text("<p>a\nb</p>", keeps_lines=True).text == "a\nb"
    assert html_to_text("<p>a</p>\n\n<p>b</p>", keeps_lines=True).text == "a\n\nb"


def test_words_for_a_quoted_post_are_left_out_on_request() -> None:
    html = 'Look.<span class="quote-inline"><br><br>RE: <a href="https://b.example/1">b</a></span>'
    assert html_to_text(html, without_quote=True).text == "Look."
    assert html_to_text(html).text == "Look.\n\nRE: b"
    assert html_to_text('<p class="quote-inline">RE: never closed', without_quote=True).text == "RE: never closed"


def test_an_empty_biography_is_none() -> None:
    assert plain_text("<p></p>") is None


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<a ", '<a "', "<a '\"", "<!--", "<![", "<div>", "<a>x", " \n", "&", "&#1", "<br>", "<script>", "a="),
        *("<pre>\r\n", '<span class="quote-inline">', "</p>", "http://", "<a href=x>"),
    ],
)
def test_a_megabyte_of_anything_is_read_in_one_pass(piece: str) -> None:
    markup = piece * (1_000_000 // len(piece))
    assert isinstance(html_to_text(markup, without_quote=True).text, str)
    assert isinstance(html_to_text(f"<a {markup}>x</a>").text, str)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=200, deadline=None)
def test_every_link_says_what_stands_at_its_place(pieces: list[str]) -> None:
    found = html_to_text("".join(pieces))
    assert found.text == found.text.rstrip()
    for link in found.links:
        assert link.start is not None
        assert found.text[link.start : link.end] == link.text


def test_handles_have_their_server() -> None:
    assert handle_at("@mira", "https://Kilns.example:3000/@mira") == "mira@kilns.example:3000"
    assert handle_at("mira@a.example", "https://b.example/") == "mira@a.example"
    assert handle_at("mira", None) == "mira"
    assert handle_at("Mira Okafor", "https://a.example/") is None
    assert handle_in("https://kilns.example/@mira") == "mira@kilns.example"
    assert handle_in("https://kilns.example/@bea@clay.example") == "bea@clay.example"
    assert handle_in("https://kilns.example/users/mira") is None
    assert handle_of_mention(HtmlMention("lain", "https://p.example/users/lain")) == "lain@p.example"


def test_a_kind_of_media_comes_from_its_type_or_else_its_name() -> None:
    assert kind_of_media("image/png", None) == "image"
    assert kind_of_media("image/gif", "https://a.example/x.mp4") == "gif"
    assert kind_of_media(None, "https://a.example/x.MP4?1") == "video"
    assert kind_of_media(None, "https://a.example/x", "audio") == "audio"
    assert kind_of_media("application/pdf", None) == "unknown"


def test_a_time_has_a_zone_and_lies_in_our_age() -> None:
    assert parse_time("2024-05-01T06:00:00.123+02:00").instant.isoformat() == "2024-05-01T04:00:00.123000+00:00"
    assert parse_time("2024-05-01").precision == "day"
    for text in ("2024-05-01T06:00:00", "1997-05-01T06:00:00Z", "9999-12-31T23:59:59-12:00", "", "x" * 100_000):
        with pytest.raises(ValueError, match="a time"):
            parse_time(text)
