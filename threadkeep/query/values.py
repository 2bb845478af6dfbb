"""Parse and normalize the values of operators: dates, handles, domains, flags, numbers.

since  '2024-05' -> DateRange(since=date(2024, 5, 1))      from  '@Mira'                      -> Term("from", "Mira")
is     'images'  -> Term("has", "image")                   domain 'https://www.example.org/a' -> Term("domain", …)
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from threadkeep.platforms.registry import platform_named
from threadkeep.query.ast import AT_LEAST, AtLeast, DateRange, Near, Node, Or, Term
from threadkeep.query.fields import Field
from threadkeep.query.flags import FLAGS, NOT_KEPT, flag_named
from threadkeep.text.cashtags import CASHTAG

NEAR = 5
"""How many words apart ``near:`` finds its words where no number says so."""


# Patterns are compiled where they are first used: a search should not wait for those of operators it does not name.
_DATE = r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?"
_MOMENT = r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt_ ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(Z|z|_UTC|[+-][0-9]{2}:[0-9]{2})?"
_AGO = r"([0-9]{1,6})([dwmy])"
_AGE = r"([0-9]{1,9})([smhdw])"
_AGES = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NUMBER = r"([0-9]{1,12})([km]?)"
_SECONDS = r"-?[0-9]{1,12}"
_CASH = rf"(?:{CASHTAG}|[A-Za-z]{{0,6}}\*)"
_BEFORE_HANDLE = r"^[\s@＠]+"
_BEFORE_TAG = r"^[\s#＃]+"
_BEFORE_CASH = r"^[\s$＄]+"
_BEFORE_HOST = r"(?:[a-z][a-z0-9+.-]*://)?(?:[\s.]|www\.)*"
_PAST_HOST = r"(?s:[/?#:\s].*)"
_FLAG_CUTOFF = 0.6


class BadValue(ValueError):
    """A value that its operator does not accept: what is wrong, and a hint what is right."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What a query means besides its text: when it is asked (in UTC), whose handles ``me`` are, the saved searches.

    ``config`` is the file in which a person may say who ``me`` is.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    me: tuple[str, ...] = ()
    saved: Mapping[str, str] | None = None
    config: str = "config.toml in the archive's folder"


def parse_value(op: Field, value: str, context: QueryContext) -> Node:
    """Return the node for ``value`` after the colon of ``op``. Raises BadValue."""
    read = _READERS.get(op.kind)
    if read is not None:
        return read(op, value.strip(), context)
    before = _BEFORE.get(op.kind)
    text = _CLEANED.get(op.kind, str)(re.sub(before, "", value) if before else value).strip()
    if not text:
        raise BadValue(f"{op.name}: has no value", f"as in {op.example}")
    return Term(op.name, text)


def near(text: str, distance: int) -> Near:
    """Return the node of ``near:"text"~distance``. Raises BadValue."""
    if len(text.split()) < 2:
        raise BadValue("near: takes two words or more", 'in quotes, as in near:"kiln ash"~5')
    if not distance:
        raise BadValue("no two words stand in one place", 'write 1 for words side by side, as in near:"kiln ash"~1')
    return Near(text, distance)


def _handle(op: Field, value: str, context: QueryContext) -> Node:
    """A handle; ``me`` stands for those of the archive's owner, ``@me`` for the account called so."""
    if value.lower() == "me":
        if not context.me:
            raise BadValue("nobody has said who you are", f'write owner = "your.handle" into {context.config}')
        own = tuple(Term(op.name, handle) for handle in context.me)
        return own[0] if len(own) == 1 else Or(own)
    name = re.sub(_BEFORE_HANDLE, "", value).strip()
    if not name:
        raise BadValue(f"{op.name}: has no value", f"as in {op.example}")
    return Term(op.name, name)


def _cashtag(op: Field, value: str, _context: QueryContext) -> Node:
    name = re.sub(_BEFORE_CASH, "", value)
    if not re.fullmatch(_CASH, name):
        raise BadValue(f"“{value}” is no cashtag", "they are up to six Latin letters, as in $CLAY")
    return Term(op.name, name)


def _domain(value: str) -> str:
    before = re.match(_BEFORE_HOST, value.strip().lower())
    assert before is not None
    return re.sub(_PAST_HOST, "", before.string[before.end() :]).rstrip(".")


def _flag(op: Field, value: str, _context: QueryContext) -> Node:
    """One of the flags, in singular or plural."""
    value = value.lower()
    flag = flag_named(value)
    if flag is not None:
        return Term(flag.op, flag.name)
    if value in NOT_KEPT:
        raise BadValue(f"{op.name}: cannot answer “{value}” here", NOT_KEPT[value])
    spelled = nearest(value, [name for flag in FLAGS for name in (flag.name, *flag.aliases)], _FLAG_CUTOFF)
    known = flag_named(spelled) if spelled else None
    hint = f"did you mean {known.op}:{known.name}? " if known else ""
    raise BadValue(f"{op.name}: knows no “{value}”", f"{hint}There are {', '.join(flag.name for flag in FLAGS)}")


def _platform(op: Field, value: str, _context: QueryContext) -> Node:
    name = _code(value)
    if not name:
        raise BadValue(f"{op.name}: has no value", f"as in {op.example}")
    platform = platform_named(name)
    return Term(op.name, platform.NAME if platform else name)


def _code(value: str) -> str:
    return value.strip().lower().replace("_", "-")


def _at_least(op: Field, value: str, _context: QueryContext) -> Node:
    found = re.fullmatch(_NUMBER, value.lower().replace(",", ""))
    if found is None:
        raise BadValue(f"“{value}” is no number", f"as in {op.example}, or 10k")
    of = next(of for of, name in AT_LEAST.items() if name == op.name)
    return AtLeast(of, int(found[1]) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2]])


def _words(op: Field, _value: str, _context: QueryContext) -> Node:
    raise BadValue(f"{op.name}: takes words in quotes", f"as in {op.example}")


def _date(op: Field, value: str, context: QueryContext) -> Node:
    day = _moment(value) or _day(op, value, context.now.date())
    return DateRange(since=day) if op.name == "since" else DateRange(until=day)


def _moment(value: str) -> datetime | None:
    """``2024-05-01T12:00:00Z``, and as X wrote it: ``2024-05-01_12:00:00_UTC``; without a zone in UTC."""
    found = re.fullmatch(_MOMENT, value)
    if found is None:
        return None
    zone = found[3] if found[3] and found[3][0] in "+-" else "+00:00"
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue(f"there is no moment “{value}”", "moments are written 2024-05-01T12:00:00Z") from None


def _seconds(op: Field, value: str, _context: QueryContext) -> Node:
    try:
        if not re.fullmatch(_SECONDS, value):
            raise ValueError
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value))
    except (ValueError, OverflowError):
        raise BadValue(f"“{value}” is no moment that {op.name}: knows", f"as in {op.example}") from None
    return DateRange(since=moment) if op.name == "since_time" else DateRange(until=moment)


def _age(op: Field, value: str, context: QueryContext) -> Node:
    found = re.fullmatch(_AGE, value.lower())
    if found is None:
        raise BadValue(f"“{value}” is no time that {op.name}: knows", "write 30s, 15m, 3h, 2d or 1w")
    try:
        return DateRange(since=context.now.replace(microsecond=0) - timedelta(**{_AGES[found[2]]: int(found[1])}))
    except OverflowError:
        raise BadValue(f"“{value}” is longer ago than there are dates", "since: takes a year") from None


def _year(op: Field, value: str, _context: QueryContext) -> Node:
    year = int(value) if re.fullmatch("[0-9]{4}", value) else 0
    if not year:
        raise BadValue(f"“{value}” is no year", f"as in {op.example}")
    return DateRange(date(year, 1, 1), date(year + 1, 1, 1) if year < date.max.year else None)


def _day(op: Field, value: str, today: date) -> date:
    """The day that ``value`` names, or the first of the month or year: dates, ``today``, ``yesterday``, ``7d``."""
    stated, ago = re.fullmatch(_DATE, value), re.fullmatch(_AGO, value.lower())
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
    raise BadValue(f"“{value}” is no date that {op.name}: knows", hint)


def _earlier(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return first.replace(day=min(today.day, (following - first).days))


def nearest(name: str, names: list[str], cutoff: float = 0.7) -> str | None:
    """Return the most similar of ``names``, if any is at least ``cutoff`` similar (0 to 1)."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, names, n=1, cutoff=cutoff)), None)


_READERS: Mapping[str, Callable[[Field, str, QueryContext], Node]] = {
    "handle": _handle,
    "cashtag": _cashtag,
    "flag": _flag,
    "platform": _platform,
    "number": _at_least,
    "words": _words,
    "date": _date,
    "seconds": _seconds,
    "age": _age,
    "year": _year,
}
_BEFORE = {"tag": _BEFORE_TAG}
_CLEANED: Mapping[str, Callable[[str], str]] = {"domain": _domain, "code": _code}
