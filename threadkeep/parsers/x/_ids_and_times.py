"""Parse ids and times as X's exports and APIs write them.

{"id_str": "1750", "id": 1.75e18}                 id_of(..., "id")      -> "1750"
{"id": 1.75e18}                                   id_of(..., "id")      -> None: its digits are lost
{"created_at": "Mon Oct 03 00:23:22 +0000 2016"}  parse_time(...)       -> 2016-10-03T00:23:22Z
"""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from threadkeep.parsers._json.values import Object, kind_of
from threadkeep.platforms import x
from threadkeep.records import Ref, When
from threadkeep.text.ids import exact_id

PLATFORM = x.NAME

_ID_DIGITS = 20

_FIRST_YEAR, _LAST_YEAR = 2006, 2099
"""X started in March 2006."""
_CLOCK_TOLERANCE = timedelta(minutes=10)
"""A stated time that differs more from the time in the id is wrong; normally they agree to a second or two."""

_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_V1_LENGTH = len("Mon Oct 03 00:23:22 +0000 2016")


def id_of(object_: Object, key: str) -> str | None:
    """Return the id under ``key_str`` or ``key`` as text; None if missing, -1 (a deleted account), or short of digits.

    Raises ValueError for anything else.
    """
    for name in (f"{key}_str", key):
        value = object_.get(name)
        if value is None:
            continue
        if value.__class__ is str and value.isdigit() and value[0] != "0":  # the common case, fast
            return parse_id(value, name) if len(value) > _ID_DIGITS or not value.isascii() else value
        if value in ("", -1, "-1"):
            continue
        if (whole := exact_id(value) if isinstance(value, str | int | float) else value) is not None:
            return parse_id(whole, name)
    return None


def parse_id(value: object, name: str) -> str:
    """``1750``, ``"1750"`` -> ``"1750"``. Raises ValueError, with ``name``."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > _ID_DIGITS:
        shown = repr(value)[:60] if isinstance(value, str) else kind_of(value)
        raise ValueError(f"{name!r} should be an id in digits, found {shown}")
    return value.lstrip("0") or "0"


def ref_of(object_: Object, key: str) -> Ref | None:
    """Return the reference to the post or account whose id is under ``key``. Raises ValueError."""
    id_ = id_of(object_, key)
    return None if id_ is None else Ref(PLATFORM, id_)


@lru_cache(maxsize=16)  # several callers parse the time of the same post
def parse_time(text: str) -> datetime:
    """Parse a time as X writes it. Raises ValueError for other formats, without time zone, and outside 2006 to 2099.

    ``Mon Oct 03 00:23:22 +0000 2016`` (API v1.1, archives), ``2015-05-01 12:00:00 +0000`` (archives until 2018),
    ``2022-10-03T17:57:11.000Z`` (API v2).
    """
    try:
        moment = _v1_time(text) if len(text) == _V1_LENGTH and text[3] == " " else _iso_time(text)
    except (ValueError, KeyError, OverflowError):
        raise ValueError(f"{text[:60]!r} is not a time as X writes it") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text[:60]!r} has no time zone")
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"{text[:60]!r} is not a possible time of a post on X")
    return moment


def _v1_time(text: str) -> datetime:
    """Slice, since strptime takes seven times as long."""
    zone = UTC if text[20:25] == "+0000" else _zone(text[20:25])
    return datetime(
        int(text[26:30]),
        _MONTHS[text[4:7]],
        int(text[8:10]),
        int(text[11:13]),
        int(text[14:16]),
        int(text[17:19]),
        0,
        zone,
    )


def _zone(text: str) -> timezone:
    sign = {"+": 1, "-": -1}[text[0]]
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5])))


def _iso_time(text: str) -> datetime:
    # fromisoformat refuses Grailbird's blank before the offset.
    return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))


def post_time(stated: str | None, id_: str | None) -> When | None:
    """Return when a post was created: as stated, or from its id if nothing is stated or the two contradict.

    Raises ValueError for an invalid time if the id holds none. Archives until 2018 wrote midnight for every post before
    November 2010: these have the precision of a day.
    """
    derived = None if id_ is None else x.snowflake_time(id_)
    if stated is None:
        return None if derived is None else When(derived, origin="derived")
    try:
        moment = parse_time(stated)
    except ValueError:
        if derived is None:
            raise
        return When(derived, origin="derived")
    if derived is None:
        is_day = stated.endswith(" 00:00:00 +0000")
        return When(moment, "day" if is_day else "second")
    if abs(moment - derived) > _CLOCK_TOLERANCE:
        return When(derived, origin="derived")
    return When(moment)
