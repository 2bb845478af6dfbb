"""Words are reduced to the stems that Snowball's own stemmer for English gives."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer

from threadkeep.index.analysis import stem_term

BEGINNINGS = (
    "a add b ba bay be boy conn d even ex exc gener hop hopp in inn ly odd organ out outt past proc rat ski str succ "
    "sy t tr univers y yell"
).split()
ENDINGS = (
    "abli able al alism aliti alize alli ance anci ant at ate ation ational ative ator biliti bl bli e ed edly eed "
    "eedly ement enci ence ent entli er ful fulli fulness ible ic ical icate iciti ied ies ing ingly ion ism iti ive "
    "iveness iviti iz ize izer ization l less lessli li ll ly ment ness ogi ogist ous ousli ousness s sion ss sses "
    "tion tional us y ying"
).split()


def snowball(word: str) -> str:
    return str(EnglishStemmer().stemWord(word))


@given(
    st.text(string.ascii_lowercase, min_size=1, max_size=8)
    | st.builds(
        lambda beginning, middle, endings: beginning + middle + "".join(endings),
        st.sampled_from(BEGINNINGS),
        st.text("aeiouybdglnrstwx", max_size=4),
        st.lists(st.sampled_from(ENDINGS), max_size=3),
    )
)
@settings(max_examples=1500, deadline=None)
def test_stems_are_those_of_snowball(word: str) -> None:
    assert stem_term(word) == snowball(word)


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_every_ending_is_treated_as_snowball_does(beginning: str) -> None:
    words = [beginning + first + second for first in ("", *ENDINGS) for second in ("", "s", "ed", "ing", "ly", "e")]
    assert [stem_term(word) for word in words] == [snowball(word) for word in words]


@pytest.mark.parametrize(
    "word",
    "skis skies idly gently ugly early only singly sky news howe atlas cosmos bias andes proceed exceed succeed "
    "inning outing canning herring earring evening dying lying tying singing generate generously communism arsenal "
    "universe university organization emergency lateral past pasted hopping hoping fitted filing by say enjoy sayyid "
    "yyyy ayyy running runs ties cries".split(),
)
def test_exceptions_are_those_of_snowball(word: str) -> None:
    assert stem_term(word) == snowball(word)
