"""Dates as apps and pages write them."""

from datetime import UTC, date, datetime

import pytest

from threadkeep.records import When
from threadkeep.text.dates import calendar_date, date_before, date_parts, month_number, puts_month_first, read_date

JULY_27 = When(datetime(2031, 7, 27, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    "text",
    [
        "Jul 27, 2031",
        "July 27, 2031",
        "July 27th, 2031",
        "July 27, 2031 at 3:45 PM",
        "Jul 27, 2031, 3:45 PM",
        "9:12 PM · Jul 27, 2031",
        "午後9:12 · 2031年7月27日",
        "27 July 2031",
        "27. Juli 2031",
        "27. Juli 2031 um 15:45",
        "27 jul. 2031",
        "27 juil. 2031",
        "27 juillet 2031 à 15h45",
        "27 de jul. de 2031",
        "27 de julho de 2031 às 15:45",
        "27 lug 2031",
        "27 luglio 2031",
        "27 juli 2031",
        "2031年7月27日",
        "2031년 7월 27일",
        "2031-07-27",
        "2031/7/27",
        "2031.7.27",
        "7/27/2031",
        "27/7/2031",
        "27.7.2031",
        "27-7-2031 15:45",
    ],
)
def test_a_day_is_read_in_every_language(text: str) -> None:
    assert read_date(text) == JULY_27


def test_a_time_with_its_zone_is_a_moment() -> None:
    assert read_date("2031-07-27T15:45:00Z") == When(datetime(2031, 7, 27, 15, 45, tzinfo=UTC))
    assert read_date("2031-07-27 15:45+02:00") == When(datetime(2031, 7, 27, 13, 45, tzinfo=UTC))
    assert read_date("2031-13-27T15:45:00Z") is None


def test_of_a_date_that_may_be_in_two_months_only_the_year_is_certain() -> None:
    assert read_date("7/8/2031") == When(datetime(2031, 1, 1, tzinfo=UTC), "year")
    assert read_date("7/8/2031", month_first=True) == When(datetime(2031, 7, 8, tzinfo=UTC), "day")
    assert read_date("7/8/2031", month_first=False) == When(datetime(2031, 8, 7, tzinfo=UTC), "day")
    assert read_date("8.7.2031") == When(datetime(2031, 7, 8, tzinfo=UTC), "day")
    assert puts_month_first(["7/8/2031", "7.27.2031", "7/27/2031"]) is True
    assert puts_month_first(["27/7/2031"]) is False
    assert puts_month_first(["7/8/2031", "Jul 27"]) is None


def test_without_a_year_there_is_no_date() -> None:
    assert date_parts("Jul 27") == (None, 7, 27) and read_date("Jul 27") is None
    assert date_parts("7月27日") == (None, 7, 27) and read_date("7月27日") is None


@pytest.mark.parametrize("text", ["", "Kiln 27, 2031", "Feb 30, 2031", "31.2.2031", "2031", "27", "jui 3, 2031", "3h"])
def test_what_is_not_a_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_the_calendar_decides() -> None:
    assert calendar_date(2031) == When(datetime(2031, 1, 1, tzinfo=UTC), "year")
    assert calendar_date(2031, 7) == When(datetime(2031, 7, 1, tzinfo=UTC), "month")
    assert calendar_date(2032, 2, 29) is not None and calendar_date(2031, 2, 29) is None
    assert calendar_date(2031, 0) is None and calendar_date(0) is None


@pytest.mark.parametrize(
    "row",
    [
        "jan ene gen january 1",
        "feb fev fév 2",
        "mar mär mrz mrt maa März 3",
        "apr abr avr 4",
        "may mai mei mag 5",
        "jun juin giu 6",
        "jul juil lug 7",
        "aug ago aoû aou Août 8",
        "sep set sept. 9",
        "oct okt out ott 10",
        "nov 11",
        "dec dez dic déc 12",
    ],
)
def test_months_go_by_the_beginning_of_their_names(row: str) -> None:
    *names, number = row.split()
    assert {month_number(name) for name in names} == {int(number)}


@pytest.mark.parametrize("name", ["ja", "jui", "kiln", "marble", "", "."])
def test_other_words_are_not_months(name: str) -> None:
    assert month_number(name) is None


SAVED = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("text", "saved", "day"),
    [
        ("Mar 3", SAVED, "2026-03-03"),
        ("3. März", SAVED, "2026-03-03"),
        ("3月3日", SAVED, "2026-03-03"),
        ("Dec 30", SAVED, "2025-12-30"),
        ("Mar 12", SAVED, "2026-03-12"),  # another time zone's today
        ("Mar 13", SAVED, "2025-03-13"),
        ("Feb 29", SAVED, "2024-02-29"),
        ("· 3d", SAVED, "2026-03-08"),
        ("3 T.", SAVED, "2026-03-08"),
        ("3日前", SAVED, "2026-03-08"),
        ("11d", SAVED, "2026-02-28"),
        ("5h", SAVED, "2026-03-11"),
        ("3 Std.", SAVED, "2026-03-11"),
        ("now", SAVED, "2026-03-11"),
        ("gestern", SAVED, "2026-03-10"),
        ("Jul 27, 2024", SAVED, "2024-07-27"),
    ],
)
def test_what_a_page_said_is_a_day_once_it_is_known_when_it_was_copied(text: str, saved: date, day: str) -> None:
    assert date_before(text, saved) == When(datetime.fromisoformat(day).replace(tzinfo=UTC), "day")


def test_weeks_months_and_years_ago_say_no_more_than_is_sure() -> None:
    march, first_of_2026 = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert date_before("1w", date(2026, 3, 20)) == When(march, "month")
    assert date_before("1w", date(2026, 3, 11)) == When(first_of_2026, "year")  # February 26 to March 4
    assert date_before("2mo", date(2026, 12, 20)) == When(first_of_2026, "year")
    assert date_before("1yr", SAVED) is None
    assert date_before("2w", date(2026, 1, 15)) is None  # December 26 to January 1


@pytest.mark.parametrize("text", ["", "soon", "3", "3 kilns", "Mar", "Feb 30", "999d ago perhaps", "7/8/2026x"])
def test_what_is_no_date_stays_none_whenever_it_was_copied(text: str) -> None:
    assert date_before(text, SAVED) is None
