"""A post without a title is called by its first words."""

import pytest
from export_samples import BO, PASTED, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.exporters._titles import LONGEST, title_of
from threadkeep.records import Link, Media, Post, Ref

LONG = "Can we predict emergent capabilities of the next model, using only models that do no better than chance?"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One line", "One line"),
        ("\n\n  First line \nSecond", "First line"),
        (LONG, "Can we predict emergent capabilities of the next model, using only models that…"),
        ("A whole sentence stands here. And then there comes another that is far too long to show.",) * 1
        + ("A whole sentence stands here.",),
        ("陶" * 100, "陶" * 79 + "…"),
        ("x" * 78 + "👩‍🚀" * 4, "x" * 78 + "…"),
        ("\x1b[31mred", "␛[31mred"),
        ("Look! https://t.co/a1 https://t.co/a2", "Look!"),
        ("See https://t.co/a1 for more", "See https://t.co/a1 for more"),
        ("https://t.co/a1\nThe weir is open.", "The weir is open."),
        ("https://t.co/a1", "https://t.co/a1"),
    ],
)
def test_the_first_line_is_cut_where_a_sentence_or_a_word_ends(text: str, title: str) -> None:
    assert title_of(stored(Post(Ref("x", "1"), None, text))) == title


def test_without_text_what_the_post_shows_names_it() -> None:
    empty = Post(Ref("x", "1"), None, " \n")
    picture = Post(Ref("x", "1"), None, "", media=(Media("image"), Media("image", alt="A kiln\nat dusk")))
    card = Post(Ref("x", "1"), None, "", links=(Link("https://a.test", None, "Ash glazes"),))
    titles = [title_of(stored(post, None)) for post in (empty, picture, card)]
    assert titles == ["Untitled post", "A kiln at dusk", "Ash glazes"]
    assert title_of(stored(empty, BO)) == "Post by Bo *Lind*"


def test_its_own_title_is_kept_whole() -> None:
    assert title_of(stored(Post(PASTED.ref, None, "", title=LONG))) == LONG


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_a_title_is_one_line_that_is_not_empty(text: str) -> None:
    title = title_of(stored(Post(Ref("x", "1"), None, text), None))
    assert 0 < len(title) <= LONGEST
    assert title.isprintable() or title.split() == title.split(" ")
