"""What one line looks like, as far as telling posts apart needs to know."""

import pytest

from threadkeep.parsers._segmentation.lines import read_line, weighted_length


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gauges freeze at night.", "text"),
        ("https://t.co/aZ1example", "link"),
        ("→ https://t.co/aZ1example", "link"),
        ("#rivers @mo_delta", "names"),
        ("@mo_delta@ivo_marsh", "names"),
        ("🧵", "mark"),
        ("🧵(1 / N)", "mark"),
        ("(2/5)", "mark"),
        ("3/", "mark"),
        ("🦗", "emoji"),
        ("Thread 🧵", "mark"),
    ],
)
def test_a_line_is_of_a_kind(text: str, kind: str) -> None:
    assert read_line(text).kind == kind


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("(1/5) Dams open at night.", 1, None),
        ("2/ They noted birds.", 2, None),
        ("They noted birds. 2/7", None, 2),
        ("They noted birds (2/7)", None, 2),
        ("Part 2/7: they noted birds", 2, None),
        ("BTW, it works for lakes 😉 (1/N)", None, 1),
        ("(3/7)", None, 3),
        ("Half the gauges, 24/7, all year", None, None),
        ("Rated 4.5/5 by nobody", None, None),
    ],
)
def test_the_place_in_a_thread_is_read_at_either_end(text: str, first: int | None, last: int | None) -> None:
    line = read_line(text)
    assert (line.number_first, line.number_last) == (first, last)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("What we found:", "colon"),
        ("Weirs, dams, locks,", "comma"),
        ("Is it raining?", "question"),
        ("The gauges are at https://t.co/a1", "link"),
        ("Paper: https://t.co/a1", "labelled link"),
        ("With @mo_delta and @ivo_marsh", "credits"),
        ("New paper!", "a greeting"),
        ("Out today #rivers #weirs", "names"),
        ("A short summary 👇", "thread mark"),
        ("no stop at all", "nothing"),
        ("she said “wait", "open bracket"),
    ],
)
def test_how_a_line_closes_is_named(text: str, mark: str) -> None:
    assert mark in read_line(text).closes


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("- draw before you measure", "item"),
        ("1. draw before you measure", "item"),
        ("→ draw before you measure", "item"),
        ("then draw", "lower case"),
        ("@mo_delta exactly", "mention"),
        ("#rivers are long", "hashtag"),
        ("(all of it is online)", "bracket"),
        ("Code: https://t.co/a1", "labelled link"),
        ("New paper with Ivo", "news"),
        ("But it rains", "connective"),
        ("What happens when it rains? We asked.", "asks first"),
    ],
)
def test_how_a_line_opens_is_named(text: str, mark: str) -> None:
    assert mark in read_line(text).opens


def test_length_counts_as_x_counts_it() -> None:
    assert weighted_length("plain") == 5
    assert weighted_length("see https://example.com/" + "a" * 500) == 4 + 23
    assert weighted_length("🌊") == 2
    assert weighted_length("川") == 2
    assert weighted_length("über") == 4
