"""The values of operators, checked and brought to one form: dates, handles, domains, choices.

since  '2024-05' -> date(2024, 5, 1)      from  '@Mira'                   -> 'Mira'
is     'Replies' -> 'reply'               domain 'https://www.example.org/a' -> 'example.org'
"""

import re
from datetime import UTC, date, datetime, timedelta

from threadkeep.query.fields import Field

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_AGO = re.compile(r"([0-9]{1,6})([dwmy])")
_BEFORE_HANDLE = re.compile(r"^[\s@＠]+")
_BEFORE_TAG = re.compile(r"^[\s#＃]+")
_BEFORE_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[\s.]|www\.)*")
_PAST_HOST = re.compile(r"[/?#:\s].*", re.S)
_NEAR = 0.6


class BadValue(ValueError):
    """A value its operator does not take: what is wrong with it, and what would be right."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def value_of(field: Field, value: str, now: date | None) -> str | date:
    """``value`` as ``field`` takes it: a date for a date, else a text. Raises BadValue."""
    match field.kind:
        case "date":
            return _day(field, value.strip(), now)
        case "choice":
            return _choice(field, value.strip().lower())
        case "handle":
            meant = _BEFORE_HANDLE.sub("", value).strip()
        case "tag":
            meant = _BEFORE_TAG.sub("", value).strip()
        case "code":
            meant = value.strip().lower().replace("_", "-")
        case "domain":
            meant = _domain(value.strip().lower())
        case "text":
            meant = value.strip()
    if not meant:
        raise BadValue(f"{field.name}: has no value", f"as in {field.example}")
    return meant


def _domain(value: str) -> str:
    before = _BEFORE_HOST.match(value)
    assert before is not None
    return _PAST_HOST.sub("", value[before.end() :]).rstrip(".")


def _choice(field: Field, value: str) -> str:
    """One of the field's choices; their plurals are taken too (``has:links``)."""
    for singular in (value, value.removesuffix("s"), value.removesuffix("ies") + "y"):
        if singular in field.choices:
            return singular
    from difflib import get_close_matches

    near = get_close_matches(value, field.choices, n=1, cutoff=_NEAR)
    choices = ", ".join(field.choices)
    hint = f"did you mean {field.name}:{near[0]}? There are {choices}" if near else f"there are {choices}"
    raise BadValue(f"{field.name}: knows no “{value}”", hint)


def _day(field: Field, value: str, now: date | None) -> date:
    """The day that ``value`` names, or the first of the month or year: dates, ``today``, ``yesterday``, ``7d``."""
    today = now or datetime.now(UTC).date()
    stated, ago = _DATE.fullmatch(value), _AGO.fullmatch(value)
    try:
        if stated:
            return date(int(stated[1]), int(stated[2] or 1), int(stated[3] or 1))
        if ago:
            return _earlier(today, int(ago[1]), ago[2])
        if value.lower() in ("today", "yesterday"):
            return today - timedelta(days=value.lower() == "yesterday")
    except (ValueError, OverflowError):
        raise BadValue(f"there is no day “{value}”", "dates are written 2024-05-01, 2024-05 or 2024") from None
    hint = "write 2024-05-01, 2024-05, 2024, today, yesterday, or 7d, 2w, 3m, 1y for days to years ago"
    raise BadValue(f"“{value}” is no date that {field.name}: knows", hint)


def _earlier(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return first.replace(day=min(today.day, (following - first).days))
