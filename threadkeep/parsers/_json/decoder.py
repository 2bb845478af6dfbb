"""Decode JSON, with lone surrogates and to any depth: a chain of replies is nested thousands of levels deep.

{"thread": {"post": {…}, "replies": [{"post": {…}, "replies": [{"post": {…}, "replies": [ …
"""

import json
import re
from typing import Any

import msgspec

from threadkeep.sources.json_stream import DamagedItem
from threadkeep.sources.source import OversizedLine

DEPTH_LIMIT = 100_000
"""The deepest nesting read; conversations stay far below it."""

_MOST_DIGITS = 4_000
"""Of a number. Python converts at most 4,300 digits."""

_GAP = re.compile(r"[\s,:]*+")

_Container = list[Any] | dict[str, Any]


def loads(text: str | bytes, *, any_depth: bool = False) -> Any:
    """Return the JSON value in ``text``; lone surrogates are kept.

    Raises ValueError for anything but JSON, and for nesting too deep for Python's recursion limit. ``any_depth`` lifts
    this limit to ``DEPTH_LIMIT`` levels; walk such a value without recursion.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError, TypeError):
        pass  # json reads lone surrogates, which msgspec refuses, and gives the better messages
    if isinstance(text, DamagedItem | OversizedLine):
        raise ValueError(text.reason)
    try:
        return json.loads(text, parse_constant=_refuse, parse_int=parse_int)
    except UnicodeDecodeError as error:
        raise ValueError(f"not JSON: {error.reason} at byte {error.start:,}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from None
    except RecursionError:
        if not any_depth:
            raise ValueError("JSON nested too deeply") from None
        value, unclosed = _loads_without_recursion(text if isinstance(text, str) else text.decode())
    if unclosed:
        raise ValueError("it is cut off")
    return value


def loads_truncated(text: str, unit: str) -> Any:
    """Return what a truncated JSON text holds, without the object around an unfinished ``unit``. Raises ValueError.

    ``{"thread": {"post": {…}, "replies": [{"post": {"uri": "at:`` -> ``{"thread": {"post": {…}, "replies": []}}``
    """
    value, unclosed = _loads_without_recursion(text)
    for outer, inner, innermost in zip(unclosed, unclosed[1:], unclosed[2:], strict=False):
        if isinstance(inner, dict) and inner.get(unit) is innermost:
            if isinstance(outer, list):
                outer.pop()
            else:
                outer.popitem()
            break
    return value


def parse_int(digits: str) -> int:
    """Return the number that ``digits`` write. Raises ValueError for more than 4,000 digits."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"not readable as JSON: a number of {len(digits):,} digits")
    return int(digits)


def _refuse(constant: str) -> None:
    raise ValueError(f"not JSON: {constant} is not a number")


def _loads_without_recursion(text: str) -> tuple[Any, list[_Container]]:
    """Return the value, and the objects and arrays still open where the text ends, outermost first.

    Commas and colons are skipped wherever they stand. Raises ValueError.
    """
    scalar = json.JSONDecoder(parse_int=parse_int)
    top: list[Any] = []
    containers: list[_Container] = [top]
    keys: list[str | None] = [None]
    at = _gap_end(text, 0)
    while at < len(text) and len(containers) < DEPTH_LIMIT:
        sign = text[at]
        if sign in "]}":
            if len(containers) == 1 or isinstance(containers[-1], list) != (sign == "]"):
                raise ValueError(f"character {at:,}: unmatched closing bracket")
            containers.pop()
            keys.pop()
            at += 1
        elif sign in "[{":
            value: _Container = [] if sign == "[" else {}
            _put(containers, keys, value, at)
            containers.append(value)
            keys.append(None)
            at += 1
        else:
            try:
                found, after = scalar.raw_decode(text, at)
            except json.JSONDecodeError:
                break
            _put(containers, keys, found, at)
            at = after
        at = _gap_end(text, at)
    if len(top) != 1 or (at < len(text) and len(containers) == 1):
        raise ValueError(f"character {at:,}: not JSON")
    if len(containers) >= DEPTH_LIMIT:
        raise ValueError(f"nested more than {DEPTH_LIMIT:,} levels deep")
    return top[0], containers[1:]


def _put(containers: list[_Container], keys: list[str | None], value: object, at: int) -> None:
    """Append ``value`` to the innermost array, or store it in the innermost object, as a key or under its key."""
    container, key = containers[-1], keys[-1]
    if isinstance(container, list):
        container.append(value)
    elif key is not None:
        container[key] = value
        keys[-1] = None
    elif isinstance(value, str):
        keys[-1] = value
    else:
        raise ValueError(f"character {at:,}: a key is not a string")


def _gap_end(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at
