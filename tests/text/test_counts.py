"""Counts as apps print them."""

import pytest

from threadkeep.text.counts import is_count, read_count, read_exact_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("7", 7),
        ("1,204", 1204),
        ("1.204", 1204),
        ("1 204", 1204),
        ("1\u00a0204", 1204),
        ("12,345", 12_345),
        ("2,345,678", 2_345_678),
        ("12.3K", 12_300),
        ("1.2k", 1200),
        ("3K", 3000),
        ("1,2 M", 1_200_000),
        ("12,3 Mio.", 12_300_000),
        ("4 Tsd.", 4000),
        ("2 Mrd", 2 * 10**9),
        ("1,2 mil", 1200),
        ("3 mi", 3_000_000),
        ("1 mln", 1_000_000),
        ("1.2B", 1_200_000_000),
        ("1.2万", 12_000),
        ("3만", 30_000),
        ("2億", 200_000_000),
        ("3천", 3000),
    ],
)
def test_a_count_is_read_in_every_language(text: str, count: int) -> None:
    assert read_count(text) == count
    assert is_count(text)


@pytest.mark.parametrize("text", ["1.5", "3.14", "12.3.2031", "1,2", "12 34"])
def test_what_only_looks_like_a_count_is_text(text: str) -> None:
    assert not is_count(text)


@pytest.mark.parametrize("text", ["", "K", "twelve", "12 kilns", "-3", "9" * 40, "9" * 19, "99999999999B"])
def test_what_is_not_a_count_is_none(text: str) -> None:
    assert read_count(text) is None


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ("1,204", 1204),
        (" 7 ", 7),
        ("12.345", 12345),
        ("1\u00a0204", 1204),
        ("0", 0),
        ("1.2K", None),
        ("3.1", None),
        ("1,20", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_only_numbers_written_out_are_exact(shown: str | None, count: int | None) -> None:
    assert read_exact_count(shown) == count
