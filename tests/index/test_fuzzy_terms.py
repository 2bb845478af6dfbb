"""Words of a shape, and words a letter or two away, are told by one regular expression that takes no long time."""

from fnmatch import fnmatchcase

import pytest
from documents import edits_between
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.index.analysis import TERM_LENGTH
from threadkeep.index.fuzzy_terms import edit_distance, fuzzy_pattern, wildcard_patterns

WORDS = st.text(alphabet="abc", max_size=8)


@pytest.mark.parametrize(
    ("pattern", "wholes", "starts"),
    [
        ("k?ln", (), ["k"]),
        ("KIL*s", (), ["kil"]),
        ("*ing", (), [""]),
        ("wood-f?re", ("wood",), ["f"]),
        ("caf?*", (), ["caf"]),
        ("Gläs*er", (), ["glas"]),
        ("arxiv.*", ("arxiv",), []),
        ("*.*", (), []),
        ("??", (), [""]),
        ("東*都", (), ["東"]),
    ],
)
def test_a_pattern_is_whole_words_and_shapes(pattern: str, wholes: tuple[str, ...], starts: list[str]) -> None:
    found, likes = wildcard_patterns(pattern)
    assert found == wholes
    assert [like.prefix for like in likes] == starts


@given(st.text(alphabet="ab*?", min_size=1, max_size=8).filter(lambda text: text.strip("*") and "*" in text), WORDS)
@settings(max_examples=300, deadline=None)
def test_a_shape_is_what_shells_make_of_it(pattern: str, word: str) -> None:
    _, (like,) = wildcard_patterns(pattern)
    assert like.matches(word) == fnmatchcase(word, pattern)
    if like.matches(word):
        assert word.startswith(like.prefix)
        assert like.min_length <= len(word) <= like.max_length


@given(WORDS.filter(lambda word: len(word) > 1), WORDS, st.sampled_from([1, 2]))
@settings(max_examples=500, deadline=None)
def test_near_words_are_those_so_many_edits_away(form: str, word: str, edits: int) -> None:
    row, like = fuzzy_pattern(form, edits)
    assert row == ()
    assert like is not None
    apart = edits_between(word, form)
    assert like.matches(word) == (apart <= edits)
    assert edit_distance(word, form, edits) == min(apart, edits + 1)
    if like.matches(word):
        assert like.min_length <= len(word) <= like.max_length


@pytest.mark.parametrize("text", ["a", "東京", "京"])
def test_what_has_no_like_is_sought_as_it_is(text: str) -> None:
    _, like = fuzzy_pattern(text, 2)
    assert like is not None
    assert like.matches(text[-2:])
    assert not like.matches(text[-2:-1] + "x")


def test_nothing_is_near_no_word() -> None:
    assert fuzzy_pattern("...", 1) == ((), None)


def test_no_shape_goes_over_a_word_again_and_again() -> None:
    _, (like,) = wildcard_patterns("*a" * 20 + "*b")
    assert not like.matches("a" * TERM_LENGTH)  # going over it again, this would take years


def test_a_long_word_has_only_words_one_edit_away_near() -> None:
    word = "abcdefghijklmnopqrstuvwxyz" * 2
    _, like = fuzzy_pattern(word, 2)
    assert like is not None
    assert like.matches(f"{word}x")
    assert not like.matches(f"{word}xx")
