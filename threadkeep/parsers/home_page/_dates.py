"""Read the dates that people put beside a publication or a project, with the precision they give.

June-July 2020      -> June 2020, month            2017/2018       -> 2017, year
WEAVE 2021          -> 2021, year                  2024-05-03      -> that day
Fall 2019           -> 2019, year                  SOSP '19        -> 2019, year
"""

import re

from threadkeep.records import When
from threadkeep.text.dates import calendar_date, month_number

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_SEASON = r"(?:spring|summer|fall|autumn|winter|q[1-4]|h[12])\b"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_DASH = r"\s{0,2}(?:-|–|—|/|to|until|&|and)\s{0,2}"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_OPEN_END = r"(?:present|now|today|current|ongoing|date)\b"

_DATES = re.compile(
    rf"(?<![\w./-])(?:(?P<iso>(?P<iy>{_YEAR})(?P<sep>[-./])(?P<im>0?[1-9]|1[0-2])(?:(?P=sep)(?P<id>\d{{1,2}}))?(?!\d))"
    rf"|(?P<numbers>(?:(?P<n1>\d{{1,2}})[./])?(?P<n2>\d{{1,2}})[./](?P<ny>{_YEAR}))"
    rf"|(?:(?P<d1>{_DAY}) (?:of )?)?(?P<month>{_MONTH})"
    rf"(?: ?(?P<d2>{_DAY})(?:{_DASH}(?:{_MONTH} )?{_DAY})?,?|{_DASH}(?:{_DAY} )?{_MONTH}(?: {_DAY})?,?|,)?"
    rf" {{0,2}}['’]?(?P<my>{_YEAR}|(?<=['’])\d\d(?!\d))"
    rf"|(?P<season>{_SEASON}(?:{_DASH}{_SEASON})?,? ?(?P<sy>{_YEAR}))"
    rf"|(?P<year>{_YEAR})(?!\.\d{{3}}))(?!\w)"
    rf"|(?<=[A-Za-z])[ ]?['’](?P<short>\d\d)(?!\w)",
    re.I,
)
_END = (
    rf"(?:{_OPEN_END}|(?:{_DAY} )?{_MONTH},? {{0,2}}(?:{_DAY},? )?{_YEAR}|{_SEASON} {_YEAR}|{_YEAR}|\d\d(?!\d)"
    rf"|\d{{1,2}}[/.]{_YEAR})"
)
_REST_OF_SPAN = re.compile(rf"(?:{_DASH}{_END}?|\s?[-–—])(?![\w])", re.I)
_AROUND = " \t()[]{}.,:;|*•·–—-"
_BEFORE = re.compile(r"(?:published|posted|written|updated|created|released|since|date)?(?: on| in)?:?\s?", re.I)
_AFTER = re.compile(r"\s*(?:[·•|,]\s*[^·•|]{1,40}){1,3}")
_LAST_OF_CENTURY = 50
"""``'49`` is 2049, ``'50`` is 1950: home pages are younger than their oldest paper."""


def find_date(text: str) -> When | None:
    """The first date in ``text``, the beginning of a span; None where there is none that the calendar has."""
    for match in _DATES.finditer(text):
        when = _when(match)
        if when is not None:
            return when
    return None


def last_date(text: str) -> When | None:
    """The last date in ``text``, as citations put it."""
    found = [when for match in _DATES.finditer(text) if (when := _when(match)) is not None]
    return found[-1] if found else None


def is_date(text: str) -> bool:
    """Whether ``text`` is a date or a span of dates and nothing else: ``2017/2018``, ``(May 2020 - present)``."""
    end = _date_end(text)
    return end > 0 and not text[end:].strip(_AROUND)


def is_date_line(text: str) -> bool:
    """The same where a blog says more beside it: ``Posted on May 3, 2024 · 5 min read``."""
    end = _date_end(text)
    rest = text[end:] if end else ""
    return end > 0 and (
        not rest.strip(_AROUND) or (len(text) < 80 and _AFTER.fullmatch(rest) is not None and "," not in rest)
    )


def leading_date(text: str) -> tuple[When, int] | None:
    """The date ``text`` begins with, and where the rest begins: ``[May 2024] Moved`` -> May 2024, 11."""
    end = _date_end(text, may_say=False)
    when = find_date(text[:end]) if end else None
    if when is None:
        return None
    rest = text[end:].lstrip(" \t:|)]}.,•·–—-")
    return when, len(text) - len(rest)


def _date_end(text: str, may_say: bool = True) -> int:
    """Where the date or span ends that ``text`` begins with; 0 where it begins with none."""
    start = len(text) - len(text.lstrip(_AROUND))
    if may_say and not text[start : start + 1].islower() and (said := _BEFORE.match(text, start)):
        start = said.end()
    match = _DATES.match(text, start)
    if match is None or _when(match) is None:
        return 0
    span = _REST_OF_SPAN.match(text, match.end())
    return span.end() if span else match.end()


def _when(match: re.Match[str]) -> When | None:
    if match["iso"]:
        return calendar_date(int(match["iy"]), int(match["im"]), int(match["id"]) if match["id"] else None)
    if match["numbers"]:
        return _numbers(match)
    if match["month"]:
        year = match["my"]
        day = match["d1"] or match["d2"]
        month = month_number(match["month"])
        return calendar_date(_full(year), month, int(re.sub(r"\D", "", day)) if day else None)
    return calendar_date(_full(match["sy"] or match["year"] or match["short"]))


def _numbers(match: re.Match[str]) -> When | None:
    """``05/2024`` is a month; of ``5/3/2024`` nobody knows which is the day, so only its year is certain."""
    year, second = int(match["ny"]), int(match["n2"])
    if match["n1"] is None:
        return calendar_date(year, second)
    first = int(match["n1"])
    if first > 12:
        return calendar_date(year, second, first)
    if second > 12:
        return calendar_date(year, first, second)
    return calendar_date(year, first, second) if first == second else calendar_date(year)


def _full(year: str) -> int:
    number = int(year)
    return number if len(year) == 4 else number + (2000 if number < _LAST_OF_CENTURY else 1900)
