"""A query's text means one tree, or is an error that points at the code point where it went wrong."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from threadkeep.errors import QueryError
from threadkeep.query.ast import (
    And,
    AtLeast,
    DateRange,
    Everything,
    Fuzzy,
    InThread,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    Word,
)
from threadkeep.query.parser import LENGTH_LIMIT, NESTING_LIMIT, parse
from threadkeep.query.values import QueryContext

THEN = QueryContext(datetime(2024, 3, 31, 12, 30, 15, 99, tzinfo=UTC))
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
        ("gl*ze", Wildcard("gl*ze")),
        ("gl**ze", Wildcard("gl*ze")),
        ("*ware", Wildcard("*ware")),
        ("**ware*", Wildcard("*ware*")),
        ("gl?ze,", Wildcard("gl?ze")),
        ("gl?z*", Wildcard("gl?z*")),
        ("-gl?ze", Not(Wildcard("gl?ze"))),
        ("why?", Word("why?")),
        ("why?!", Word("why?!")),
        ("??", Word("??")),
        ("?*?", Word("?*?")),
        ("example.org/a?b=c", Word("example.org/a?b=c")),
        ("https://example.org/a*b?c", Word("https://example.org/a*b?c")),
        ("example.org/ki*", Prefix("example.org/ki")),
        ("glase~", Fuzzy("glase", 1)),
        ("glase~1", Fuzzy("glase", 1)),
        ("porcelane~2", Fuzzy("porcelane", 2)),
        ("don't~", Fuzzy("don't", 1)),
        ("~1f0c9a", Word("~1f0c9a")),
        ("~", Word("~")),
        ("a~b", Word("a~b")),
        ('near:"a b"~7', Near("a b", 7)),
        ('near:"a b"', Near("a b", 5)),
        ('"a b"~2', Near("a b", 2)),
        ('"a b"~', And((Phrase("a b"), Word("~")))),
        ("thread:{a b}", InThread((A, B))),
        ("thread:{ (a b) c }", InThread((And((A, B)), C))),
        ("thread:{a OR b}", InThread((Or((A, B)),))),
        ("thread:{a}b", And((InThread((A,)), B))),
        ("thread:{a -b}", And((InThread((A,)), Not(InThread((B,)))))),
        ("thread:{-b}", Not(InThread((B,)))),
        ("-thread:{a}", Not(InThread((A,)))),
        ("thread:{thread:{a} b}", InThread((InThread((A,)), B))),
        ("thread:{from:mira}", InThread((Term("from", "mira"),))),
        ("a} {b", And((Word("a}"), Word("{b")))),
        ("thread:x:17", Term("thread", "x:17")),
        ("conversation_id:17", Term("thread", "17")),
        ("id:https://x.com/mira/status/17", Term("id", "https://x.com/mira/status/17")),
        ("id:at://did:plc:a/b", Term("id", "at://did:plc:a/b")),
        ("source:tweets.js", Term("source", "tweets.js")),
        ("from:mira", Term("from", "mira")),
        ("FROM:@Mira.example.com", Term("from", "Mira.example.com")),
        ("-from:mira", Not(Term("from", "mira"))),
        ('from:"Mira Vale"', Term("from", "Mira Vale")),
        ("from:(mira OR @juno)", Or((Term("from", "mira"), Term("from", "juno")))),
        ("has:(link -image)", And((Term("has", "link"), Not(Term("has", "image"))))),
        ("to:mira", Term("to", "mira")),
        ("mentions:mira", Term("mentions", "mira")),
        ("@mira.", Term("mentions", "mira")),
        ("＠mira", Term("mentions", "mira")),
        ("@me", Term("mentions", "me")),
        ("from:@me", Term("from", "me")),
        ("@mira@social.example.org", Term("mentions", "mira@social.example.org")),
        ("@", Word("@")),
        ("mira@example.org", Word("mira@example.org")),
        ("#Clay", Term("tag", "Clay")),
        ("＃陶芸", Term("tag", "陶芸")),
        ("#clay,", Term("tag", "clay")),
        ("tag:#clay", Term("tag", "clay")),
        ("#clay*", Term("tag", "clay*")),
        ("$CLAY", Term("cash", "CLAY")),
        ("$BRK.B,", Term("cash", "BRK.B")),
        ("cash:$clay", Term("cash", "clay")),
        ("$cl*", Term("cash", "cl*")),
        ("$100", Word("$100")),
        ("$", Word("$")),
        ("US$", Word("US$")),
        ("#", Word("#")),
        ("##", Word("##")),
        ("C#", Word("C#")),
        ("is:pinned", Term("is", "pinned")),
        ("is:Replies", Term("is", "reply")),
        ("has:links", Term("has", "link")),
        ("filter:images", Term("has", "image")),
        ("is:image", Term("has", "image")),
        ("filter:self_threads", Term("is", "self_thread")),
        ("filter:self-threads", Term("is", "self_thread")),
        ("filter:nativeretweets", Term("is", "repost")),
        ("filter:(replies -quote)", And((Term("is", "reply"), Not(Term("is", "quote"))))),
        ("platform:Bluesky", Term("platform", "bluesky")),
        ("platform:Twitter", Term("platform", "x")),
        ("min_faves:10", AtLeast("likes", 10)),
        ("min_retweets:1,000", AtLeast("reposts", 1000)),
        ("min_replies:2k", AtLeast("replies", 2000)),
        ("-min_likes:0", Not(AtLeast("likes", 0))),
        ('alt:"a bowl"', Term("alt", "a bowl")),
        ("lang:en_GB", Term("lang", "en-gb")),
        ("domain:https://www.Example.org:80/a?b", Term("domain", "example.org")),
        ("url:https://example.org/a_(b)", Term("url", "https://example.org/a_(b)")),
        ('title:"a kiln"', Term("title", "a kiln")),
        ("since:2024-05-01", DateRange(since=date(2024, 5, 1))),
        ("since:2024-5", DateRange(since=date(2024, 5, 1))),
        ("until:2024", DateRange(until=date(2024, 1, 1))),
        ("since:today", DateRange(since=THEN.now.date())),
        ("until:Yesterday", DateRange(until=date(2024, 3, 30))),
        ("since:7d", DateRange(since=date(2024, 3, 24))),
        ("since:2w", DateRange(since=date(2024, 3, 17))),
        ("since:1m", DateRange(since=date(2024, 2, 29))),
        ("since:13m", DateRange(since=date(2023, 2, 28))),
        ("since:1y", DateRange(since=date(2023, 3, 31))),
        ("since:4m", DateRange(since=date(2023, 11, 30))),
        ("since:2024-05-01T12:30:00+02:00", DateRange(since=datetime(2024, 5, 1, 10, 30, tzinfo=UTC))),
        ("until:2024-05-01_10:30:05_UTC", DateRange(until=datetime(2024, 5, 1, 10, 30, 5, tzinfo=UTC))),
        ("since_time:86400", DateRange(since=datetime(1970, 1, 2, tzinfo=UTC))),
        ("until_time:-1", DateRange(until=datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC))),
        ("within_time:2d", DateRange(since=datetime(2024, 3, 29, 12, 30, 15, tzinfo=UTC))),
        ("within_time:30m", DateRange(since=datetime(2024, 3, 31, 12, 0, 15, tzinfo=UTC))),
        ("year:2024", DateRange(date(2024, 1, 1), date(2025, 1, 1))),
        ("year:9999", DateRange(date(9999, 1, 1))),
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
    query = parse(text, THEN)
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
        ("since:2024-05-01T25:00", 6, "no moment"),
        ("since_time:soon", 11, "no moment"),
        ("since_time:999999999999", 11, "no moment"),
        ("within_time:2y", 12, "30s"),
        ("within_time:999999999w", 12, "longer ago"),
        ("year:24", 5, "no year"),
        ("year:0000", 5, "no year"),
        ("min_faves:many", 10, "no number"),
        ("platform:", 0, "no value"),
        ("$: cash:$100", 8, "no cashtag"),
        ("filter:follows", 7, "no dump says"),
        ("filter:imagse", 7, "has:image"),
        ("from:me", 5, "config.toml"),
        ("a~3", 0, "two"),
        ("near:kiln", 5, "quotes"),
        ('near:"kiln"~2', 5, "two words"),
        ('near:"kiln ash"~far', 15, "no number"),
        ('"a b"~0', 0, "one place"),
        ("a thread:{b", 9, "brace is never closed"),
        ("thread:{}", 7, "braces are empty"),
        ("thread:{(a}", 8, "parenthesis is never closed"),
        ("thread:{a)}", 9, "closes nothing"),
        ("thread:{a OR}", 10, "follows OR"),
        ("thread:{-}", 8, "minus"),
        ("thread:{from:}", 8, "no value"),
        ("thread:(a", 7, "never closed"),
        ("😀 is:x", 5, "is:"),
    ],
)
def test_a_mistake_is_pointed_at(text: str, position: int, told: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text, THEN)
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
        ("wood-f*red", "wood-f*red is searched for as text: * and ? stand for letters within one word"),
        ("wood-fired~", "wood-fired~ is searched for as text: ~ stands after one word"),
        ("min_like:3", "min_like: is no operator, so it is searched for as text; did you mean min_likes:?"),
        ("year:2024 year:2023", "no day is both since 2024-01-01 and before 2024-01-01"),
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
            "url: domain: domain:.www.www.a thread:{ { } ~ ~2 ~5 ? $ $CL $100 from:@me to:ME near: near:( year:2024 "
            "since_time:5 within_time:2d since:2024-05-01T10:00 min_faves:1k filter:images id:x:1 thread:1 "
            "from:( https://a.b/(c) https:// at://x foo: foo:bar ＃ . , ORx "
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
@example("thread:{(a b) -c OR -(d)}")
@example("year:2024 OR -year:2023")
@example('thread:{tag:"a}b"}')
def test_any_text_is_a_query_or_a_query_error_and_a_query_can_be_written_again(text: str) -> None:
    try:
        query = parse(text, THEN)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        return
    assert parse(str(query), THEN).root == query.root
    assert str(parse(str(query), THEN)) == str(query)


def test_me_means_the_handles_of_whoever_asks_and_can_be_written_again() -> None:
    one, two = (
        parse("from:me", QueryContext(me=("mira",))),
        parse("-to:Me a", QueryContext(me=("mira", "mira.example.com"))),
    )
    assert one.root == Term("from", "mira")
    assert two.root == And((Not(Or((Term("to", "mira"), Term("to", "mira.example.com")))), A))
    assert parse(str(two)).root == two.root
    assert parse(str(parse("from:@me OR @Me"))).root == Or((Term("from", "me"), Term("mentions", "Me")))


def test_a_saved_search_stands_for_what_it_asks() -> None:
    saved = {"fires": "kiln OR fire", "both": "@fires a", "self": "b @SELF", "broken": "a (", "odd": "colour:red"}
    context = QueryContext(saved=saved)
    fires = Or((Word("kiln"), Word("fire")))
    assert parse("@Fires. -@fires", context).root == And((fires, Not(fires)))
    assert parse("thread:{@both}", context).root == InThread((And((fires, A)),))
    assert parse("@nobody", context).root == Term("mentions", "nobody")
    assert parse("mentions:fires", context).root == Term("mentions", "fires")
    assert parse("@odd @odd", context).warnings == ("colour: is no operator, so it is searched for as text",)
    for text, told in (("a @self", "asks for itself"), ("a @broken", "cannot be understood: the parenthesis")):
        with pytest.raises(QueryError, match=told) as raised:
            parse(text, context)
        assert raised.value.position == 2


def test_saved_searches_nest_no_deeper_than_parentheses() -> None:
    saved = {f"s{i}": f"({'(' * 30}@s{i + 1}{')' * 30})" for i in range(10)}
    context = QueryContext(saved=saved)
    with pytest.raises(QueryError, match="cannot be understood"):
        parse("@s0", context)
