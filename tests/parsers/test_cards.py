"""Cards below posts: their words without markup, and the link they belong to."""

import pytest

from threadkeep.parsers._cards import Card, plain_words, titled
from threadkeep.records import Link


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Bea&#8217;s kiln &amp; ash", "Bea’s kiln & ash"),
        ("Bea&amp;#8217;s kiln", "Bea’s kiln"),
        ("Cracks<br>and <em>ash</em> &amp; smoke", "Cracks\nand ash & smoke"),
        ("<p>Cracks</p><p>Ash</p>", "Cracks\nAsh"),
        ('<span class="x">food</span>', "food"),
        ("ash <3 salt, a < b > c & more", "ash <3 salt, a < b > c & more"),
        ("how to write <script> on a page", "how to write <script> on a page"),
        ("AT&T; Q&A", "AT&T; Q&A"),
        ("  \n ", None),
        ("", None),
        (None, None),
    ],
)
def test_words_come_without_markup_and_entities(written: str | None, words: str | None) -> None:
    assert plain_words(written) == words


def test_a_card_belongs_to_the_link_in_the_text_or_stands_below() -> None:
    link = Link("https://a.example/1", "https://t.co/1", None, 0, 14)
    card = Card("https://t.co/1", "Ash", description="What to burn")
    assert titled((link,), card) == (Link(link.url, link.text, "Ash", 0, 14, "What to burn"),)
    assert titled((link,), card._replace(url="https://t.co/2")) == (
        link,
        Link("https://t.co/2", title="Ash", description="What to burn"),
    )
    assert titled((link,), Card("https://t.co/1")) == (link,)
    assert titled((), Card("card://17", "Ash")) == ()
