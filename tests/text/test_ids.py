"""Ids that kept their digits, and those that went through a spreadsheet, a data frame or a JSON number."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkeep.text.ids import can_be, exact_id, is_rounded, is_rounded_column, is_rounding_of


@pytest.mark.parametrize(
    "value",
    [1.82303e18, "1.82303E+18", "1.82303e18", "1,82303E+18", "1823030000000000000.0", "2E+18", "1823030000000000000,0"],
)
def test_a_float_beyond_fifteen_digits_lost_some(value: str | float) -> None:
    assert exact_id(value) is None


@pytest.mark.parametrize(
    ("value", "id_"),
    [
        ("1823034567890123456", "1823034567890123456"),
        (1823034567890123456, "1823034567890123456"),
        (812.0, "812"),
        ("812.0", "812"),
        ("812,0", "812"),
        ("8.12E+02", "812"),
        ("1.823034567890123456E+18", None),
        ("7e21", "7e21"),
        ("at://did:plc:abc/app.bsky.feed.post/3k2a", "at://did:plc:abc/app.bsky.feed.post/3k2a"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_whole_id_stays_as_it_is(value: str | float, id_: str | None) -> None:
    assert exact_id(value) == (id_ or "1823034567890123456")


def test_the_zeros_of_a_spreadsheet_stand_in_most_rows_of_a_column() -> None:
    rounded = ["1291234567890120000", "1291234567890180000"]
    assert is_rounded_column(rounded)
    assert is_rounded_column([*rounded, "1291234567890120000", "1291234567890123456"])
    assert not is_rounded_column(rounded[:1])
    assert not is_rounded_column([*rounded, *(f"129123456789012345{n}" for n in range(3))])
    assert not is_rounded_column(["1750000000000000100", "1750000000000000200", "1750000000000000300"])
    assert not is_rounded_column(["100000", "200000"])


def test_a_column_of_floats_is_told_from_one_of_ids() -> None:
    draw = random.Random(7)
    ids = [draw.randrange(2**60, 2**62) for _ in range(40)]
    assert not is_rounded_column(map(str, ids))
    assert is_rounded_column(str(int(float(id_))) for id_ in ids)
    assert not is_rounded_column([*(str(int(float(id_))) for id_ in ids), "1291234567890123457"])


@given(st.integers(2**60, 2**62))
def test_what_a_float_made_of_an_id_is_known_by_the_id(id_: int) -> None:
    rounded = str(int(float(id_)))
    assert is_rounded(rounded)
    assert is_rounding_of(rounded, str(id_)) == (rounded != str(id_))
    assert can_be(float(id_), str(id_))
    assert can_be(f"{id_:.5E}", str(id_))
    assert can_be(f"{id_:.5E}".replace(".", ","), str(id_))
    assert not can_be(f"{id_:.5E}", str(id_ + 10**17))
