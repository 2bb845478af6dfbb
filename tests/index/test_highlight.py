"""A snippet is a passage of the text, holds the hits, and marks them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.index.highlight import SCANNED, Snippet, marked, snippet
from threadkeep.query.parser import parse

FILLER = "lorem ipsum dolor sit amet " * 20


def shown(text: str, query: str, width: int = 180) -> str:
    return marked(snippet(text, parse(query), width), "[", "]")


@pytest.mark.parametrize(
    ("text", "query", "passage"),
    [
        ("We fired the kiln", "kiln", "We fired the [kiln]"),
        ("We fired the kiln", "firing KILNS", "We [fired] the [kiln]"),
        ("We fired the kiln", "fir*", "We [fired] the kiln"),
        ("We fired the kiln", "kil* -fired", "We fired the [kiln]"),
        ("We fired the kiln", "pots", "We fired the kiln"),
        ("We fired the kiln", "", "We fired the kiln"),
        ("wood fired, fired wood", '"wood fired"', "[wood] [fired], fired wood"),
        ("Café and don’t", "cafe dont", "[Café] and [don’t]"),
        ("runs", "runn*", "runs"),
        ("running", "runn*", "[running]"),
        ("東京都に行った", "京都", "東[京都]に行った"),
        ("東京都に行った", "東京都", "[東京都]に行った"),
        ("東京都に行った", "行*", "東京都に[行]った"),
        ("ﾃﾞｰﾀ分析", "データ", "[ﾃﾞｰﾀ分析]"),
        ("a 🧑‍🍳 cooks", "🧑🍳", "a [🧑‍🍳] cooks"),
        ("#ThreadOfTheDay now", "thread", "[#ThreadOfTheDay] now"),
        ("#ThreadOfTheDay now", "#threadoftheday", "[#ThreadOfTheDay] now"),
        ("#Clay #claywork", "#clay*", "[#Clay] [#claywork]"),
        ("hi @mira.example.com, bye", "@mira", "hi [@mira.example.com], bye"),
        ("hi @mirabel", "@mira", "hi @mirabel"),
        ("$CLAY fell, $claypot and US$CLAY not", "$clay", "[$CLAY] fell, $claypot and US$CLAY not"),
        ("$CLAY and $CLOD", "$cl*", "[$CLAY] and [$CLOD]"),
        ("a blue bowl", 'alt:"blue bowl"', "a [blue] [bowl]"),
        ("thread of kilns", "thread:{kiln -thread}", "thread of [kilns]"),
        ("see https://www.example.org/kiln now", "example.org/kiln", "see [https://www.example.org/kiln] now"),
        ("see https://blog.example.org/kiln now", "domain:example.org", "see [https://blog.example.org/kiln] now"),
        ("see https://blog.example.org/kiln now", "url:kiln", "see [https://blog.example.org/kiln] now"),
        ("a snake_case name", "snake_case", "a [snake]_[case] name"),
        ("from  many\n\nlines\tto one", "lines", "from many [lines] to one"),
        ("a b", "from:mira is:reply since:2024 a", "[a] b"),
        ("", "kiln", ""),
        ("kiln", "title:kiln", "kiln"),
        ("We fired the kiln", "k?ln", "We fired the [kiln]"),
        ("We fired the kilns", "k*s f?re?", "We [fired] the [kilns]"),
        ("We fired the kiln", "*ire*", "We [fired] the kiln"),
        ("We fired the kiln", "kilm~ fored~", "We [fired] the [kiln]"),
        ("We fired the kiln", "kxlm~2", "We fired the [kiln]"),
        ("We fired the kiln", "wo?k", "We fired the kiln"),
        ("kiln, and later a kiln was fired", 'near:"fired kiln"~2', "kiln, and later a [kiln] was [fired]"),
        ("kiln, and later a kiln was fired", 'near:"fired kiln"~1', "kiln, and later a kiln was fired"),
        ("hot kiln", "thread:{kiln clay}", "hot [kiln]"),
    ],
)
def test_hits_are_marked(text: str, query: str, passage: str) -> None:
    assert shown(text, query) == passage


def test_a_long_text_is_cut_around_its_hits_at_ends_of_words() -> None:
    found = snippet(f"{FILLER}the kiln is hot {FILLER}", parse("kiln"))
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert 120 <= len(found.text) <= 182
    assert [found.text[start:end] for start, end in found.spans] == ["kiln"]
    inner = found.text.strip("…")
    assert f" {inner} " in f"{FILLER}the kiln is hot {FILLER}"


def test_the_passage_with_most_of_the_query_is_shown() -> None:
    text = f"clay here {FILLER} clay and clay {FILLER} clay with glaze {FILLER}"
    assert "[clay] with [glaze]" in shown(text, "clay glaze")


def test_without_a_hit_the_beginning_is_shown() -> None:
    found = snippet(FILLER, parse("kiln"))
    assert FILLER.startswith(found.text[:-1])
    assert found.text.endswith("…")
    assert found.spans == ()


def test_a_text_without_spaces_is_cut_between_characters() -> None:
    found = snippet("か\u3099" * 300, parse("x"), 101)
    assert found.text == "か\u3099" * 50 + "…"
    assert shown("東" * 300 + "窯" + "東" * 300, "窯").count("[窯]") == 1


def test_a_hit_longer_than_the_passage_is_clipped() -> None:
    found = snippet("x" * 500 + " y", parse("x" * 500), 50)
    assert found.spans == ((0, 50),)
    assert found.text == "x" * 50 + "…"


def test_hits_far_down_a_huge_text_are_not_looked_for() -> None:
    assert snippet("word " * (SCANNED // 5) + "kiln", parse("kiln")).spans == ()


@given(
    st.lists(
        st.sampled_from("kiln Kilns glaze 東京 #Kiln @mira 🧑‍🍳 https://example.org/kiln fired x \n e\u0301".split(" "))
    ),
    st.sampled_from(
        [
            "kiln",
            "kil* OR 東",
            '"kiln fired" @mira',
            "#kiln -glaze",
            "🧑 example.org",
            "zzz",
            "k?l* fored~",
            'near:"kiln glaze"~3',
        ]
    ),
    st.integers(1, 60),
)
@settings(max_examples=200, deadline=None)
def test_a_snippet_is_of_the_text_and_its_spans_lie_in_it(words: list[str], query: str, width: int) -> None:
    text = " ".join(words)
    found = snippet(text, parse(query), width)
    flat = " ".join(text.split())
    assert found.text.removeprefix("…").removesuffix("…") in flat
    assert len(found.text) <= width + 2
    assert bool(found.text) == bool(flat)
    ends = [0]
    for start, end in found.spans:
        assert ends[-1] <= start < end <= len(found.text)
        ends.append(end)
    assert len(marked(found, "", "")) == len(found.text)


def test_marking_keeps_everything_else() -> None:
    assert marked(Snippet("a b c", ((0, 1), (4, 5))), "<b>", "</b>") == "<b>a</b> b <b>c</b>"
