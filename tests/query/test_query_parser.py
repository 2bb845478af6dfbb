"""A query's text means one tree, or is an error that points at the code point where it went wrong."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from threadkeep.errors import QueryError
from threadkeep.query import parse
from threadkeep.query.ast import And, DateRange, Everything, Node, Not, Or, Phrase, Prefix, Term, Word
from threadkeep.query.parser import LENGTH_LIMIT, NESTING_LIMIT

TODAY = date(2024, 3, 31)
A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", Everything()),
        (" \t\n\u3000", Everything()),
        ("*", Everything()),
        ("a", A),
        ("a b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a b OR c", Or((And((A, B)), C))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a(b)c", And((A, B, C))),
        ("((a))", A),
        ("(a b) c", And((A, B, C))),
        ("a or b", And((A, Word("or"), B))),
        ("ORANGE", Word("ORANGE")),
        ('"OR"', Phrase("OR")),
        ("a OR(b)", Or((A, B))),
        ("-a", Not(A)),
        ("-(a b)", Not(And((A, B)))),
        ("-(-a)", Not(Not(A))),
        ('-"a b"', Not(Phrase("a b"))),
        ("--verbose", Word("--verbose")),
        ("a-b", Word("a-b")),
        ("-OR", Not(Word("OR"))),
        ('"to be"', Phrase("to be")),
        ("“to be”", Phrase("to be")),
        ("„to be“", Phrase("to be")),
        ('x"y"', And((Word("x"), Phrase("y")))),
        ('"a (b OR -c*"', Phrase("a (b OR -c*")),
        ("don't", Word("don't")),
        ("glaz*", Prefix("glaz")),
        ("glaz***", Prefix("glaz")),
        ("-glaz*", Not(Prefix("glaz"))),
        ("gl*ze", Word("gl*ze")),
        ("from:mira", Term("from", "mira")),
        ("FROM:@Mira.example.com", Term("from", "Mira.example.com")),
        ("-from:mira", Not(Term("from", "mira"))),
        ('from:"Mira Vale"', Term("from", "Mira Vale")),
        ("from:(mira OR @juno)", Or((Term("from", "mira"), Term("from", "juno")))),
        ("has:(link -image)", And((Term("has", "link"), Not(Term("has", "image"))))),
        ("to:mira", Term("to", "mira")),
        ("mentions:mira", Term("to", "mira")),
        ("@mira.", Term("to", "mira")),
        ("＠mira", Term("to", "mira")),
        ("@mira@social.example.org", Term("to", "mira@social.example.org")),
        ("@", Word("@")),
        ("mira@example.org", Word("mira@example.org")),
        ("#Clay", Term("tag", "Clay")),
        ("＃陶芸", Term("tag", "陶芸")),
        ("#clay,", Term("tag", "clay")),
        ("tag:#clay", Term("tag", "clay")),
        ("#clay*", Term("tag", "clay*")),
        ("#", Word("#")),
        ("##", Word("##")),
        ("C#", Word("C#")),
        ("is:pinned", Term("is", "pinned")),
        ("is:Replies", Term("is", "reply")),
        ("has:links", Term("has", "link")),
        ("platform:Bluesky", Term("platform", "bluesky")),
        ("lang:en_GB", Term("lang", "en-gb")),
        ("domain:https://www.Example.org:80/a?b", Term("domain", "example.org")),
        ("url:https://example.org/a_(b)", Term("url", "https://example.org/a_(b)")),
        ('title:"a kiln"', Term("title", "a kiln")),
        ("since:2024-05-01", DateRange(since=date(2024, 5, 1))),
        ("since:2024-5", DateRange(since=date(2024, 5, 1))),
        ("until:2024", DateRange(until=date(2024, 1, 1))),
        ("since:today", DateRange(since=TODAY)),
        ("until:Yesterday", DateRange(until=date(2024, 3, 30))),
        ("since:7d", DateRange(since=date(2024, 3, 24))),
        ("since:2w", DateRange(since=date(2024, 3, 17))),
        ("since:1m", DateRange(since=date(2024, 2, 29))),
        ("since:13m", DateRange(since=date(2023, 2, 28))),
        ("since:1y", DateRange(since=date(2023, 3, 31))),
        ("since:4m", DateRange(since=date(2023, 11, 30))),
        ("12:30", Word("12:30")),
        ("https://example.org/a:b", Word("https://example.org/a:b")),
        ("https://example.org/a_(b)", Word("https://example.org/a_(b)")),
        ("(https://example.org/a)", Word("https://example.org/a")),
        ("at://did:plc:a/b", Word("at://did:plc:a/b")),
        ("C:\\files", Word("C:\\files")),
        ("note:", Word("note:")),
        (":-D", Word(":-D")),
        ("& a", And((Word("&"), A))),
    ],
)
def test_a_text_means(text: str, root: Node) -> None:
    query = parse(text, now=TODAY)
    assert query.root == root
    assert query.text == text
    assert query.warnings == ()


@pytest.mark.parametrize(
    ("text", "position", "told"),
    [
        ('a "b', 2, "quote"),
        ("a “b", 2, "quote"),
        ('a ""', 2, "between the quotes"),
        ('a " "', 2, "between the quotes"),
        ("a (b", 2, "never closed"),
        ("a ((b)", 2, "never closed"),
        ("a b)", 3, "closes nothing"),
        (":)", 1, "closes nothing"),
        ("a ()", 2, "empty"),
        ("a ( )", 2, "empty"),
        ("from:()", 5, "empty"),
        ("OR a", 0, "before OR"),
        ("a OR", 2, "follows OR"),
        ("a OR OR b", 5, "before OR"),
        ("a (OR b)", 3, "before OR"),
        ("a (b OR)", 5, "follows OR"),
        ("OR", 0, "before OR"),
        ("a - b", 2, "minus"),
        ("a -", 2, "minus"),
        ("(-)", 1, "minus"),
        ("a from:", 2, "no value"),
        ("a from: b", 2, "no value"),
        ("(from:)", 1, "no value"),
        ("from:@", 5, "no value"),
        ("domain:https://", 7, "no value"),
        ("is:sticky", 3, "sticky"),
        ("a is:replie", 5, "is:reply"),
        ("has:", 0, "no value"),
        ("since:2024-13", 6, "no day"),
        ("since:2024-02-30", 6, "no day"),
        ("since:0000", 6, "no day"),
        ("since:999999y", 6, "no day"),
        ("until:may", 6, "2024-05-01"),
        ("since:20240501", 6, "no date"),
        ("😀 is:x", 5, "is:"),
    ],
)
def test_a_mistake_is_pointed_at(text: str, position: int, told: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text, now=TODAY)
    assert raised.value.position == position
    assert told in str(raised.value)
    assert raised.value.query == text
    assert raised.value.pointed().splitlines()[1] == " " * position + "^"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour:red", "colour: is no operator, so it is searched for as text"),
        ("form:mira", "form: is no operator, so it is searched for as text; did you mean from:?"),
        ("Author:mira", "Author: is no operator, so it is searched for as text; did you mean from:?"),
        ('colour:"deep red"', "colour: is no operator, so it is searched for as text"),
        ("a AND b", "AND is searched for as a word; words stand together without it"),
        ("NOT a", "NOT is searched for as a word; write -word to leave a word out"),
        ("since:2025 until:2024", "no day is both since 2025-01-01 and before 2024-01-01"),
    ],
)
def test_what_is_probably_not_meant_is_warned_about(text: str, told: str) -> None:
    assert parse(text).warnings == (told,)


def test_a_warning_is_given_once() -> None:
    assert len(parse("colour:red colour:blue " * 100).warnings) == 1


@pytest.mark.parametrize("opening", ["(", "-(", "from:(", "a OR (", "(-("])
def test_deep_nesting_is_refused_and_never_overflows(opening: str) -> None:
    depth = opening.count("(")
    allowed = NESTING_LIMIT // depth
    assert parse(opening * allowed + "a" + ")" * NESTING_LIMIT)
    with pytest.raises(QueryError, match="nested deeper"):
        parse(opening * (2 * NESTING_LIMIT) + "a")


def test_a_query_may_be_long_but_not_endless() -> None:
    assert parse("word " * (LENGTH_LIMIT // 5))
    for text in ("(" * 1_000_000, "a" * 1_000_000, '"' * 1_000_000, "- " * 500_000):
        with pytest.raises(QueryError, match="10,000 characters") as raised:
            parse(text)
        assert raised.value.position == LENGTH_LIMIT
        assert len(raised.value.query) == LENGTH_LIMIT + 1


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            'OR - ( ) " “ * # @ : -- a kiln from: to: is: is:reply has:link since: since:2024 until:7d tag: title: '
            "url: domain: domain:.www.www.a from:( https://a.b/(c) https:// at://x foo: foo:bar ＃ . , ORx "
            "AND NOT É".split()
        ),
        st.sampled_from([" ", "\u3000", "\n", "\x00", "\ud800", "\u200f"]),
        st.text(max_size=3),
    ),
    max_size=14,
).map("".join)


@given(PIECES | st.text())
@settings(max_examples=200, deadline=None)
@example('domain:"a b"')
@example('tag:"# #x"')
@example("https://a/(b(c")
def test_any_text_is_a_query_or_a_query_error_and_a_query_can_be_written_again(text: str) -> None:
    try:
        query = parse(text, now=TODAY)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        return
    assert parse(str(query), now=TODAY).root == query.root
    assert str(parse(str(query), now=TODAY)) == str(query)
