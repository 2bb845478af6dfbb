"""Texts of X that are the beginning of a longer one, and texts that are somebody else's words."""

from datetime import UTC, datetime

import pytest

from threadkeep.platforms.x import is_cut_text, parse_retweet_text

WORDS = "We unloaded the kiln before sunrise and wrote down every cone, every crack and every run of ash. " * 4
IN_2015, IN_2023 = datetime(2015, 5, 1, tzinfo=UTC), datetime(2023, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "created", "is_cut"),
    [
        (f"{WORDS[:278]}…", IN_2023, True),
        (f"@finn @odo {WORDS[:276]}…", IN_2023, True),
        (f"{'窯' * 138}…", IN_2023, True),
        (f"{WORDS[:200]}…", IN_2023, False),
        (f"{WORDS[:350]}…", IN_2023, False),
        (f"{WORDS[:279]}.", IN_2023, False),
        (f"… {WORDS[:277]}", IN_2023, False),
        ("And then it was quiet…", IN_2023, False),
        (f"{WORDS[:138]}…", IN_2015, True),
        (f"{WORDS[:138]}…", IN_2023, False),
        (f"{WORDS[:138]}…", None, False),
        (f"{WORDS[:115]}… https://t.co/abcdefghij", IN_2023, False),
    ],
)
def test_a_cut_is_as_wide_as_the_limit_of_its_time(text: str, created: datetime | None, is_cut: bool) -> None:
    assert is_cut_text(text, created) is is_cut


def test_without_entities_a_link_after_the_cut_leads_to_the_whole_post() -> None:
    assert is_cut_text(f"{WORDS[:115]}… https://t.co/abcdefghij", has_entities=False)
    assert not is_cut_text("Read on… https://t.co/abcdefghij", has_entities=False)


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("RT @mira: The kiln…", "mira"),
        ("RT @mira:The kiln", "mira"),
        ("RT @mira for the kiln", None),
        ("So true! RT @mira: The kiln", None),
        ("“RT @mira: The kiln”", None),
        ("RT mira: The kiln", None),
    ],
)
def test_a_retweet_begins_with_whose_words_it_is(text: str, handle: str | None) -> None:
    found = parse_retweet_text(text)
    assert (found and found.handle) == handle
    assert found is None or text[found.start :].startswith("The kiln")
