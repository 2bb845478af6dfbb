"""Nothing in a text steers a terminal, and nothing in a record breaks a file; the rest stays as it is."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from threadkeep.records import Link, Media, Post, Ref
from threadkeep.text.control_chars import escape_controls, replace_unstorable


@given(st.text())
def test_what_is_shown_has_the_same_length_and_no_controls(text: str) -> None:
    shown = escape_controls(text)
    assert len(shown) == len(text)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in shown)
    assert not set(shown) & set("\x7f\x9b\u2028\u202a\u202b\u202c\u202d\u202e\u2066\u2069")


def test_controls_become_pictures_and_harmless_text_is_left_alone() -> None:
    assert escape_controls("\x1b[31mred\x07\x7f") == "␛[31mred␇␡"
    text = "Ü 👩‍👩‍👧 שלום \u200f.\nنص\t漢字"
    assert escape_controls(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_stored_text_can_be_encoded_and_has_its_length(text: str) -> None:
    post = Post(Ref("x", text), None, text, links=(Link(None, text),), media=(Media("image", alt=text),))
    kept = replace_unstorable(post)
    for value in (kept.ref.id, kept.text, kept.links[0].text, kept.media[0].alt):
        assert value is not None
        value.encode("utf-8")
        assert "\x00" not in value
        assert len(value) == len(text)


def test_a_record_without_anything_to_mend_is_the_same_record() -> None:
    post = Post(Ref("x", "1"), Ref("x", "2"), "plain ü text", tags=("a",), counts={"likes": 3})
    assert replace_unstorable(post) is post
    assert dataclasses.asdict(replace_unstorable(post)) == dataclasses.asdict(post)
