"""The values of JSON, checked while they are taken out: text, counts, objects and lists.

    {"name": "Mira"}             words(..., "name")            -> "Mira"
    {"favorite_count": "3"}      count_of(..., ...)            -> 3
    {"name": 3}                  words(..., "name")            ValueError: 'name' should be a string, found a number

What is missing or null is None or empty; what is of another kind than it should be is a ValueError that names the key.
An account archive of X writes every value as a string, an API as what it is: both are read.
"""

import json
from typing import Any

import msgspec

Object = dict[str, Any]
"""A JSON object."""

_MOST_DIGITS = 4_000
"""Of a number in JSON, which Python turns into digits and back up to 4,300."""
_COUNT_DIGITS = 20
_LARGEST = 2**63 - 1
"""The largest whole number SQLite holds."""

_EMPTY: Object = {}


def decoded(text: str | bytes) -> Any:
    """The JSON value in ``text``. Raises ValueError where there is none, or one nested too deeply to be read.

    Lone surrogates, which occur in dumps, stay what they are.
    """
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise ValueError("no JSON that can be read: nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError):
        pass  # lone surrogates are beyond msgspec; json takes them, or says better what is wrong
    try:
        return json.loads(text, parse_constant=_refuse, parse_int=whole_number)
    except UnicodeDecodeError as error:
        raise ValueError(f"no JSON: {error.reason} at byte {error.start:,}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error}") from None
    except RecursionError:
        raise ValueError("no JSON that can be read: nested too deeply") from None


def _refuse(constant: str) -> None:
    raise ValueError(f"no JSON: {constant} is no number")


def whole_number(digits: str) -> int:
    """The number that ``digits`` write. Raises ValueError for one longer than Python takes."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"no JSON that can be read: a number of {len(digits):,} digits")
    return int(digits)


def raw_of(value: object, limit: int = 10_000) -> str:
    """``value`` as JSON again, to be shown with a problem: at most ``limit`` characters of it."""
    try:
        raw = msgspec.json.encode(value).decode()
    except (UnicodeEncodeError, RecursionError):
        try:
            raw = json.dumps(value, ensure_ascii=True)
        except RecursionError:
            return "…"
    return raw if len(raw) <= limit else f"{raw[:limit]}…"


def kind_of(value: object) -> str:
    """What ``value`` is, in JSON's words: ``a list``."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def object_of(value: object, name: str) -> Object:
    """``value``, which must be an object."""
    if not isinstance(value, dict):
        raise ValueError(f"{name} should be an object, found {kind_of(value)}")
    return value


def part(object_: Object, key: str) -> Object:
    """The object under ``key``; an empty one where there is none."""
    value = object_.get(key)
    if value.__class__ is dict:
        return value
    return _EMPTY if value is None else object_of(value, repr(key))


def parts(object_: Object, key: str) -> list[Object]:
    """The objects in the list under ``key``; an empty list where there is none."""
    values = object_.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise ValueError(f"{key!r} should be a list, found {kind_of(values)}")
    for value in values:
        if not isinstance(value, dict):
            raise ValueError(f"{key!r} should hold objects, found {kind_of(value)}")
    return values


def words(object_: Object, key: str) -> str | None:
    """The string under ``key``; None where there is none or an empty one."""
    value = object_.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{key!r} should be a string, found {kind_of(value)}")
    return value or None


def is_true(object_: Object, key: str) -> bool:
    """Whether ``key`` is true, as a word or as JSON's own; archives write both."""
    return object_.get(key) in (True, "true")


def count_of(object_: Object, key: str) -> int | None:
    """The count under ``key``: ``3``, ``"3"``. None where it is missing, below zero, or in words (``"100+"``)."""
    value = object_.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        if not value.isascii() or not value.isdigit() or len(value) > _COUNT_DIGITS:
            return None
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{key!r} should be a whole number, found {kind_of(value)}")
    return value if 0 <= value <= _LARGEST else None


def counts_of(object_: Object, names: tuple[tuple[str, str], ...]) -> dict[str, int]:
    """Our counts by name, as far as known: ``names`` pairs ours with the dump's, ``("likes", "favorite_count")``."""
    found = {}
    for ours, theirs in names:
        count = count_of(object_, theirs)
        if count is not None:
            found[ours] = count
    return found
