"""Read dates as apps and pages write them, in the languages they come in.

Jul 27, 2031    27. Juli 2031    27 jul. 2031    27 de jul. de 2031    2031年7月27日    2031년 7월 27일
July 27, 2031 at 3:45 PM         7/27/2031       2031-07-27            2031-07-27T15:45:00Z

English, German, French, Spanish, Portuguese, Italian, Dutch, Japanese, Korean. A time of day without a zone names no
moment, so the day is what is kept of it.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from threadkeep.records import Precision, When

_MONTH_NAMES = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
)
_SHORT_NAMES = {"mrz": 3, "mrt": 3}
"""Abbreviations that are not the beginning of a name."""
_SHORTEST_NAME = 3


def _folded(name: str) -> str:
    """In small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def _numbers_by_prefix() -> dict[str, int]:
    """The number of each month by every beginning of its names; beginnings of two months (``jui``) are left out."""
    numbers = dict(_SHORT_NAMES)
    shared: set[str] = set()
    for names in _MONTH_NAMES:
        for number, name in enumerate(map(_folded, names.split()), 1):
            for end in range(_SHORTEST_NAME, len(name) + 1):
                if numbers.setdefault(name[:end], number) != number:
                    shared.add(name[:end])
    return {prefix: number for prefix, number in numbers.items() if prefix not in shared}


_NUMBER_OF_MONTH = _numbers_by_prefix()

_AT_TIME = (
    r"(?:,|\s+at|\s+um|\s+à|\s+a las|\s+às)?\s+\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s(?:UTC|GMT|[ECMP][SD]T))?"
)
_WORD = r"[^\W\d_]{3,12}"
_MONTH_FIRST = re.compile(rf"({_WORD})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?(?:{_AT_TIME})?", re.I)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\.?\s+(?:de\s+)?({_WORD})\.?(?:,?\s+(?:de\s+)?(\d{{4}}))?(?:{_AT_TIME})?", re.I)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:{_AT_TIME})?", re.I)
_CJK = re.compile(rf"(?:(\d{{4}})[年년]\s?)?(\d{{1,2}})[月월]\s?(\d{{1,2}})[日일](?:{_AT_TIME})?", re.I)
_NUMERIC = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}})(?:{_AT_TIME})?", re.I)
_CLOCK_FIRST = re.compile(r"(?:(?:午前|午後|오전|오후) ?)?\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?\s+·\s+(.+)", re.I)
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})")

_AGO = re.compile(r"(\d{1,3})\s?([^\W\d_]{1,8})\.?(?:\sago)?", re.I)
_AGO_UNITS = {
    0: "s sec secs second seconds sek seg segs m min mins minute minutes h hr hrs hour hours std u uur "
    "秒 分 時間 초 분 시간 秒前 分前 時間前 초전 분전 시간전",
    1: "d day days t tg tag tage j jour jours g giorno giorni día días dia dias dag dagen 日 일 日前 일전",
    7: "w wk wks week weeks wo woche wochen sem settimana settimane 週間 週間前 주 주전",
    30: "mo mos mon month months monat monate mes meses mois mesi",
    365: "y yr yrs year years jahr jahre año años ano anos an ans anno anni",
}
_DAYS_OF_UNIT = {unit: days for days, units in _AGO_UNITS.items() for unit in units.split()}
_DAYS_OF_WORD = dict.fromkeys(
    "now jetzt ahora agora maintenant ora nu たった今 지금 today heute".split(), 0
) | dict.fromkeys("yesterday gestern ayer hier ontem ieri gisteren 昨日 어제".split(), 1)
_LEAP_YEARS = 8
"""February 29 may be so many years back."""

Parts = tuple[int | None, int | None, int | None]
"""Year, month and day, as far as a text names them."""


def month_number(name: str) -> int | None:
    """The month whose name in any of the languages begins with ``name``: ``Juli``, ``jul.`` -> 7; None for other words.

    Case and accents do not matter; three letters are needed, and more where two months share them (``juin``, ``juil``).
    """
    return _NUMBER_OF_MONTH.get(_folded(name.rstrip(".")))


def calendar_date(year: int, month: int | None = None, day: int | None = None) -> When | None:
    """The day, the month where ``day`` is None, else the year; None where the calendar has none such."""
    precision: Precision = "year" if month is None else "month" if day is None else "day"
    try:
        return When(datetime(year, 1 if month is None else month, 1 if day is None else day, tzinfo=UTC), precision)
    except ValueError:
        return None


def date_parts(text: str) -> Parts | None:
    """Year, month and day, as far as ``text`` names them: ``Jul 27`` -> None, 7, 27; None where it is not a date.

    ``7/8/2024`` may be in July or in August: it names its year alone.
    """
    if (clock := _CLOCK_FIRST.fullmatch(text)) is not None:
        text = clock[1]
    if (match := _MONTH_FIRST.fullmatch(text)) is not None and (month := month_number(match[1])):
        return int(match[3]) if match[3] else None, month, int(match[2])
    if (match := _DAY_FIRST.fullmatch(text)) is not None and (month := month_number(match[2])):
        return int(match[3]) if match[3] else None, month, int(match[1])
    if (match := _YEAR_FIRST.fullmatch(text)) is not None:
        return int(match[1]), int(match[3]), int(match[4])
    if (match := _CJK.fullmatch(text)) is not None:
        return int(match[1]) if match[1] else None, int(match[2]), int(match[3])
    if (match := _NUMERIC.fullmatch(text)) is not None:
        return numeric_parts(int(match[1]), match[2], int(match[3]), int(match[4]))
    return None


def numeric_parts(first: int, separator: str, second: int, year: int) -> Parts | None:
    """Year, month and day of ``27.7.2024``, ``7/27/2024``; the year alone where either number may be the month."""
    if separator == "." or first > 12:
        return (year, second, first) if second <= 12 and first <= 31 else None
    if second > 12:
        return (year, first, second) if second <= 31 else None
    return (year, first, second) if first == second else (year, None, None)


def read_date(text: str, *, month_first: bool | None = None) -> When | None:
    """The day or moment that ``text`` names, as far as it does: ``Jul 27, 2024 at 3:45 PM`` -> 2024-07-27.

    Without a year there is no date. ``7/8/2024`` may be in July or in August: ``month_first`` says which the source
    writes; where that is unknown, only the year is taken.
    """
    if _ZONED.fullmatch(text):
        try:
            return When(datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            return None
    year, month, day = date_parts(text) or (None, None, None)
    if year is None:
        return None
    if month is None and month_first is not None and (numeric := _NUMERIC.fullmatch(text)):
        month, day = (int(numeric[1]), int(numeric[3])) if month_first else (int(numeric[3]), int(numeric[1]))
    return calendar_date(year, month, day)


def read_time(text: str) -> When | None:
    """The moment or day that ``text`` names in any form that programs write; None where it names none.

    Seconds, milliseconds or microseconds since 1970, ISO 8601, ``Wed Jan 24 03:38:08 +0000 2024``,
    ``Wed, 24 Jan 2024 03:38:08 GMT``, ``2024-05-01 12:30:00 UTC``, and what ``read_date`` reads. Of a time of day
    without a zone only the day is taken.
    """
    text = " ".join(text.replace("·", " ").split())
    if (partial := _YEAR_OR_MONTH.fullmatch(text)) is not None:
        return calendar_date(int(partial[1]), int(partial[2]) if partial[2] else None)
    if _NUMBER.fullmatch(text):
        return _since_1970(float(text))
    iso = _UTC_NAME.sub("+00:00", text.replace("/", "-") if _SLASHED.match(text) else text)
    for read in (datetime.fromisoformat, _time_of_x, parsedate_to_datetime):
        try:
            moment = read(iso if read == datetime.fromisoformat else text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if moment.tzinfo is not None:
            return When(moment.astimezone(UTC))
        return calendar_date(moment.year, moment.month, moment.day)
    return read_date(text)


_YEAR_OR_MONTH = re.compile(r"((?:19|20)\d{2})(?:-(\d{2}))?")
_NUMBER = re.compile(r"\d{8,16}(?:\.\d+)?")
_SLASHED = re.compile(r"\d{4}/\d{1,2}/\d{1,2}\b")
_UTC_NAME = re.compile(r"\s?(?:UTC|GMT|Z)$", re.I)
_FIRST_SECOND, _LAST_SECOND = 100_000_000, 10_000_000_000
"""Numbers between these are seconds since 1970; a thousand times that, milliseconds, and so on."""


def _since_1970(number: float) -> When | None:
    while number >= _LAST_SECOND:
        number /= 1000
    return When(datetime.fromtimestamp(number, UTC)) if number >= _FIRST_SECOND else None


def _time_of_x(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")


def puts_month_first(texts: Iterable[str]) -> bool | None:
    """Whether dates in figures are American, as ``7/27/2024`` shows; None where no text shows it."""
    for text in texts:
        if (numeric := _NUMERIC.fullmatch(text)) and numeric[2] != ".":
            if int(numeric[1]) > 12:
                return False
            if int(numeric[3]) > 12:
                return True
    return None


def date_before(text: str, saved: date) -> When | None:
    """The day that ``text`` named to who saw it on the day ``saved``: ``Mar 3``, ``3d``, ``yesterday``.

    >>> date_before("Mar 3", date(2026, 1, 5)).instant.date()
    datetime.date(2025, 3, 3)

    Only as much is told as is sure: ``2w`` are 14 to 20 days, so that is the month where all of them are in one, else
    the year. None where that differs too, and for what is no date.
    """
    text = text.strip().lstrip("·•").strip()
    if (stated := read_date(text)) is not None:
        return stated
    parts = date_parts(text)
    if parts is not None and parts[0] is None and parts[1] is not None:
        return _last_such_day(parts[1], parts[2] or 1, saved)
    days = _DAYS_OF_WORD.get(text.casefold())
    unit = 1
    if days is None:
        ago = _AGO.fullmatch(text)
        if ago is None or (known := _DAYS_OF_UNIT.get(ago[2].casefold())) is None:
            return None
        unit = max(1, known)
        days = int(ago[1]) * known
    return _between(saved - timedelta(days=days + unit - 1), saved - timedelta(days=days))


def _last_such_day(month: int, day: int, saved: date) -> When | None:
    """The last ``month`` ``day`` not after ``saved``; in another time zone the day may have begun already."""
    for year in range(saved.year + 1, saved.year - _LEAP_YEARS - 1, -1):
        found = calendar_date(year, month, day)
        if found is not None and found.instant.date() <= saved + timedelta(days=1):
            return found
    return None


def _between(first: date, last: date) -> When | None:
    """What two days have in common: the day, the month, or the year."""
    if first == last:
        return calendar_date(last.year, last.month, last.day)
    if first.year != last.year:
        return None
    return calendar_date(last.year, last.month if first.month == last.month else None)
