"""Typed access to decoded JSON: strings, counts, objects and lists.

    {"name": "Mira"}             get_str(…, "name")        -> "Mira"
    {"favorite_count": "3"}      get_count(…, …)           -> 3
    {"name": 3}                  get_str(…, "name")        ValueError: 'name' should be a string, found a number

A missing key and null give None or an empty value; a value of the wrong type raises a ValueError that names the key.
X's account archive writes every value as a string, APIs write numbers and booleans: both are read.
"""

import json
from typing import Any

import msgspec

Object = dict[str, Any]
"""A JSON object."""

_COUNT_DIGITS = 20
_LARGEST = 2**63 - 1
"""The largest whole number SQLite holds."""

_EMPTY: Object = {}


def raw_of(value: object, limit: int = 10_000) -> str:
    """Return ``value`` as JSON, cut after ``limit`` characters, for the report of a problem."""
    try:
        raw = msgspec.json.encode(value).decode()
    except (UnicodeEncodeError, RecursionError):
        try:
            raw = json.dumps(value, ensure_ascii=True)
        except RecursionError:
            return "…"
    return raw if len(raw) <= limit else f"{raw[:limit]}…"


def kind_of(value: object) -> str:
    """Return the JSON type of ``value`` with its article: ``a list``."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def object_of(value: object, name: str) -> Object:
    """Return ``value``. Raises ValueError, with ``name``, if it is not an object."""
    if not isinstance(value, dict):
        raise ValueError(f"{name} should be an object, found {kind_of(value)}")
    return value


def get_object(object_: Object, key: str) -> Object:
    """Return the object under ``key``, an empty one if missing. Raises ValueError if it is not an object."""
    value = object_.get(key)
    if value.__class__ is dict:
        return value
    return _EMPTY if value is None else object_of(value, repr(key))


def get_objects(object_: Object, key: str) -> list[Object]:
    """Return the list of objects under ``key``, empty if missing. Raises ValueError if it is anything else."""
    values = object_.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise ValueError(f"{key!r} should be a list, found {kind_of(values)}")
    for value in values:
        if not isinstance(value, dict):
            raise ValueError(f"{key!r} should hold objects, found {kind_of(value)}")
    return values


def get_str(object_: Object, key: str) -> str | None:
    """Return the string under ``key``, None if missing or empty. Raises ValueError if it is not a string."""
    value = object_.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{key!r} should be a string, found {kind_of(value)}")
    return value or None


def get_flag(object_: Object, key: str) -> bool:
    """Whether ``key`` is ``true`` or ``"true"``."""
    return object_.get(key) in (True, "true")


def get_count(object_: Object, key: str) -> int | None:
    """Return the count under ``key`` (``3``, ``"3"``), None if missing, negative or not in digits (``"100+"``).

    Raises ValueError if it is neither a whole number nor a string.
    """
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


def get_counts(object_: Object, names: tuple[tuple[str, str], ...]) -> dict[str, int]:
    """Return the known counts by our names; ``names`` pairs ours with the source's: ``("likes", "favorite_count")``.

    Raises ValueError.
    """
    found = {}
    for ours, theirs in names:
        count = get_count(object_, theirs)
        if count is not None:
            found[ours] = count
    return found
