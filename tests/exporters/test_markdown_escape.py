"""Any text put into Markdown is read back as that text by a CommonMark parser, with GitHub's extensions or without."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from threadkeep.exporters._markdown_escape import Span, block_quote, destination, heading, label, link, paragraphs
from threadkeep.platforms.web import is_web_url
from threadkeep.text.control_chars import escape_controls

COMMONMARK = MarkdownIt("commonmark")
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
for parser in (COMMONMARK, GITHUB):
    parser.normalizeLinkText = str  # show an address as it is written

MARKUP = (
    *("# ", "## ", "- ", "+ ", "* ", "1. ", "23) ", "> ", "---", "***", "___", "===", "- - -", "```", "~~~", "    "),
    *(
        "\t",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "~",
        "`",
        "``",
        "[",
        "]",
        "(",
        ")",
        "[[",
        "]]",
        "![",
        "](",
        "[x]: y",
        "[^1]",
        "<",
    ),
    *("<b>", "</b>", "<!--", "<?", "<a@b.c>", "<https://a.test>", "&amp;", "&#35;", "&", "|", "| - |", "--|--", ":-"),
    *("\\", "\\\\", "\n", "\n\n", "\r\n", "\r", " ", "  \n", "\\\n", "==", "$", "$$", "%%", " ^id", "#tag", "#Pottery"),
    *(
        "https://a.test/x_y*z*",
        "http://b.test/(c)",
        "javascript:alert(1)",
        "!",
        ":",
        "word",
        "é",
        "陶",
        "🧵",
        "👩‍🚀",
        "5",
    ),
    *("\x00", "\x1b[31m", "\u202e", "\u2028", "\u00a0", "\u3000", "\x85", "\ud800", "\ufeff", "=", "-", "+", ".", "€"),
)
texts = st.one_of(st.lists(st.sampled_from(MARKUP), max_size=14).map("".join), st.text(max_size=40))


def lines_of(text: str) -> list[list[str]]:
    """The words of a text as its reader sees them: paragraphs of lines, without the white space at their ends."""
    rows = [row.replace("\u00a0", " ").strip() for row in escape_controls(text).split("\n")]
    found: list[list[str]] = [[]]
    for row in rows:
        if row:
            found[-1].append(row)
        elif found[-1]:
            found.append([])
    return [rows for rows in found if rows]


def read(parser: MarkdownIt, markdown: str) -> tuple[list[list[str]], list[tuple[str, str]]]:
    """What a parser reads: the text, and the links as (shown, address). Anything but paragraphs and links fails."""
    found, links = [], []
    for token in parser.parse(markdown):
        assert token.type in ("paragraph_open", "paragraph_close", "inline"), (token.type, markdown)
        if token.type == "inline":
            text = shown(token.children or [], links)
            found += lines_of(text)
    return found, links


def shown(tokens: list[Token], links: list[tuple[str, str]]) -> str:
    pieces: list[str] = []
    started = 0
    for token in tokens:
        assert token.type in ("text", "hardbreak", "link_open", "link_close"), token.type
        if token.type == "link_open":
            started = len(pieces)
            links.append(("", str(token.attrs["href"])))
        elif token.type == "link_close":
            links[-1] = ("".join(pieces[started:]), links[-1][1])
        else:
            pieces.append("\n" if token.type == "hardbreak" else token.content)
    return "".join(pieces)


@given(texts)
@settings(max_examples=200, deadline=None)
@example("a\n---")
@example("a | b\n--- | ---\nc | d")
@example("    code")
@example("[x]: /y\n\n[x]")
@example("foo\\\nbar")
@example("<1@b.test>")
@example("~~~\n~~ x ~~")
@example("***a***")
@example("$$")
@example("***x\n***")
def test_text_is_read_back_as_it_was(text: str) -> None:
    markdown = paragraphs(text)
    for parser in (COMMONMARK, GITHUB):
        found, links = read(parser, markdown)
        assert found == lines_of(text)
        assert links == []


@given(texts, st.data())
@settings(max_examples=200, deadline=None)
def test_links_alone_become_links(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    url = data.draw(
        st.sampled_from(["https://a.test/x", "http://b.test/(c)?d=*e*&amp;f=g_h_i", "https://c.test/ü`|\\ "])
    )
    spans = [Span(start, end, url) for start, end in list(pairwise(cuts))[::2]]
    shown_text = escape_controls(text)
    whole = [
        s for s in spans if shown_text[s.start : s.end].strip() and "\n" not in shown_text[s.start : s.end].strip()
    ]
    found, links = read(GITHUB, paragraphs(text, spans))
    assert found == lines_of(text) or folded(found) == folded(lines_of(text))
    assert len(links) == len(whole)
    for (words, address), span in zip(links, whole, strict=True):
        assert words == " ".join(shown_text[span.start : span.end].split())
        assert address.startswith(url[:14])


def folded(rows: list[list[str]]) -> list[list[str]]:
    """White space inside a link's words is folded."""
    return [[" ".join(row.split()) for row in paragraph] for paragraph in rows]


@given(texts)
@settings(max_examples=200, deadline=None)
def test_a_heading_is_one_heading_with_its_text(text: str) -> None:
    title = " ".join(escape_controls(text).split())
    tokens = GITHUB.parse(f"# {heading(text)}")
    assert [token.type for token in tokens] == ["heading_open", "inline", "heading_close"]
    assert shown(tokens[1].children or [], []) == title


@given(texts, texts)
@settings(max_examples=200, deadline=None)
def test_labels_stay_between_their_marks(one: str, two: str) -> None:
    first, second = (" ".join(escape_controls(text).split()) for text in (one, two))
    links: list[tuple[str, str]] = []
    line = f"x {label(one)} · [{label(two)}](y) · [{label(one)}](z) x"
    (_, inline, _) = GITHUB.parse(line)
    assert shown(inline.children or [], links) == f"x {first} · {second} · {first} x"
    assert links == [(second, "y"), (first, "z")]


@given(texts)
@settings(max_examples=100, deadline=None)
def test_a_quotation_holds_the_text_and_nothing_else(text: str) -> None:
    tokens = [token for token in GITHUB.parse(block_quote(paragraphs(text))) if not token.type.startswith("blockquote")]
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    rows = [shown(token.children or [], []) for token in tokens if token.type == "inline"]
    assert [line for row in rows for line in lines_of(row)] == lines_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, with punctuation: yes! (really) - and a dash.",
        "C# and snake_case_names, 5 * 3, a*, b* and c*; $5 and $6",
        "[paper] [talk] 1.5x, <3, a & b, x < y > z, AT&T",
        "f(x) = y; a == b; 50%; me@example.com; @a_b_c",
        "陶芸 🧵 👩‍🚀 #️⃣ naïve “quotes” – and ‘more’",
        "Read a/b\\c at 10:30 | or later ~5 people, ~6 others",
    ],
)
def test_what_needs_no_escape_gets_none(text: str) -> None:
    assert paragraphs(text) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# of posts", "\\# of posts"),
        ("- item\n1. first", "\\- item  \n1\\. first"),
        ("one\n---", "one  \n\\---"),
        ("*so* and __that__", "\\*so* and \\_\\_that__"),
        ("[[Note]] ![[pic.png]] [x](y)", "\\[\\[Note]] !\\[\\[pic.png]] [x\\](y)"),
        ("%% hidden %%", "\\%\\% hidden \\%\\%"),
        ("<script>&amp;", "\\<script>\\&amp;"),
        ("a line ^block-1", "a line \\^block-1"),
        ("$x$ ==y==", "\\$x$ \\=\\=y=="),
        ("  two\n\tfour", "\u00a0\u00a0two  \n\u00a0\u00a0\u00a0\u00a0four"),
        ("\x1b[2Jgone\u202etxt", "␛[2Jgone\ufffdtxt"),
    ],
)
def test_markup_gets_the_fewest_backslashes_that_do(text: str, markdown: str) -> None:
    assert paragraphs(text) == markdown


def test_tags_of_the_post_stay_tags_in_obsidian_and_others_do_not_become_some() -> None:
    assert paragraphs("#Kiln #kilns #other #2024 a#b", tags=["kiln"]) == "#Kiln #kilns \\#other #2024 a#b"


def test_an_address_is_clickable_as_it_stands_and_other_words_carry_theirs() -> None:
    text = "See https://a.test/x_y_z or a.test/long…!"
    spans = [Span(4, 24, "https://a.test/x_y_z"), Span(28, 40, "https://a.test/long/path_(1)")]
    assert paragraphs(text, spans) == "See <https://a.test/x_y_z> or [a.test/long…](<https://a.test/long/path_(1)>)!"


def test_only_the_web_is_linked() -> None:
    assert link("click", "javascript:alert(1)") == "click"
    assert not is_web_url("https://") and not is_web_url("ftp://a.test") and not is_web_url(None)
    assert destination("https://a.test/a b<c>&copy;") == "https://a.test/a%20b%3Cc%3E\\&copy;"


@pytest.mark.parametrize("unit", ["*a ", "<", "[", "^a ", "# ", " ", "`", "\\", "$", "&a", "|-", "<a", "a\n", "- x\n"])
def test_a_megabyte_on_one_line_is_no_matter(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert len(paragraphs(text)) >= len(text.strip())


def test_words_are_found_by_a_plain_search_of_the_file() -> None:
    text = "We propose a method for doing exactly this in our paper “Predicting Emergent Capabilities”🧵"
    assert re.search(re.escape(text), paragraphs(text))
