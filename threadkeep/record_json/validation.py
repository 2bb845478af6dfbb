"""Read and check the values of a JSON object.

Every function that returns a value raises ValueError if it is wrong; the message names the key and what was expected.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from threadkeep.platforms.registry import platform_name
from threadkeep.text.ids import exact_id

T = TypeVar("T")
Object = dict[str, Any]
"""A JSON object."""

_LARGEST = 2**63 - 1
"""The largest whole number SQLite holds."""


def text(object_: Object, key: str) -> str:
    """Return a string, which may be empty."""
    value = object_.get(key)
    if not isinstance(value, str):
        raise _wrong(object_, key, "a string")
    return value


def word(object_: Object, key: str) -> str:
    """Return a string that must not be empty: a platform, a kind, a reason."""
    value = object_.get(key)
    if not isinstance(value, str) or not value:
        raise _wrong(object_, key, "a string that is not empty")
    return value


def platform(object_: Object) -> str:
    """Return the platform, by the name that ``Ref.platform`` has."""
    try:
        return platform_name(word(object_, "platform"))
    except ValueError as error:
        raise ValueError(f'"platform": {error}' if '"platform"' not in str(error) else str(error)) from None


def text_or_none(object_: Object, key: str) -> str | None:
    """Return a string, or None if null or missing."""
    value = object_.get(key)
    if value is not None and not isinstance(value, str):
        raise _wrong(object_, key, "a string or null")
    return value


def handle(object_: Object, key: str) -> str | None:
    """Return a handle without a leading ``@``, or None."""
    written = text_or_none(object_, key)
    return written.removeprefix("@") or None if written else None


def native_id(object_: Object, key: str) -> str:
    """Return an id; an integer becomes its digits. One that lost digits is wrong: see ``has_lost_digits``."""
    value = object_.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if has_lost_digits(object_, key):
        raise _wrong(object_, key, "an id with all its digits")
    if not isinstance(value, str) or not value:
        raise _wrong(object_, key, "an id")
    return value


def has_lost_digits(object_: Object, key: str) -> bool:
    """Whether an id was rounded by a program that took it for a number: ``1.75e18``, ``"1.82303E+18"``."""
    value = object_.get(key)
    return isinstance(value, str | float) and exact_id(value) is None


def number(object_: Object, key: str) -> int | None:
    """Return an integer from 0 to 2**63 - 1, or None."""
    value = object_.get(key)
    if value is None or (type(value) is int and 0 <= value <= _LARGEST):
        return value
    raise _wrong(object_, key, "a whole number or null")


def counts(object_: Object) -> dict[str, int]:
    """Return the numbers by name under ``counts``, without nulls."""
    value = object_.get("counts")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(object_, "counts", "an object")
    return {name: count for name in value if (count := number(value, name)) is not None}


def texts(object_: Object, key: str) -> tuple[str, ...]:
    """Return a list of strings; empty if null or missing."""
    value = object_.get(key)
    if not value and (value is None or isinstance(value, list)):
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(object_, key, "a list of strings")
    return tuple(value)


def items(object_: Object, key: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Return ``read(item)`` for each item of a list; errors name the item's index."""
    value = object_.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _wrong(object_, key, "a list")
    found = []
    for index, item in enumerate(value):
        try:
            found.append(read(item))
        except ValueError as error:
            raise ValueError(f'"{key}"[{index}]: {error}') from None
    return tuple(found)


def object_of(item: Any) -> Object:
    """Return ``item``, which must be an object."""
    if not isinstance(item, dict):
        raise ValueError(f"expected an object, found {kind_of(item)}")
    return item


def _wrong(object_: Object, key: str, expected: str) -> ValueError:
    if key not in object_:
        return ValueError(f'no "{key}"')
    value = object_[key]
    shown = repr(value)[:40] if isinstance(value, str | int | float) else kind_of(value)
    return ValueError(f'"{key}": expected {expected}, found {shown}')


def kind_of(value: Any) -> str:
    """Return the name of the JSON type of ``value``."""
    if value is None:
        return "null"
    names = ((bool, "a boolean"), (int | float, "a number"), (str, "a string"), (list, "a list"), (dict, "an object"))
    return next(name for type_, name in names if isinstance(value, type_))
