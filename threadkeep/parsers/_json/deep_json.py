"""Decode JSON whatever its depth: a conversation in which every reply is answered is nested thousands of levels deep.

{"thread": {"post": {…}, "replies": [{"post": {…}, "replies": [{"post": {…}, "replies": [ …
"""

import json
import re
from typing import Any

import msgspec

from threadkeep.parsers._json.values import whole_number

DEPTH_LIMIT = 100_000
"""The deepest nesting taken; no conversation comes near it."""

_GAP = re.compile(r"[\s,:]*+")

_Holder = list[Any] | dict[str, Any]


def decode(text: str) -> Any:
    """The value of a JSON text: fast where it can be, with lone surrogates, and at any depth. Raises ValueError."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        pass
    try:
        return json.loads(text, parse_int=whole_number)
    except RecursionError:
        value, opened = _decode_flat(text)
    if opened:
        raise ValueError("it is cut off")
    return value


def decode_cut_off(text: str, unit: str) -> Any:
    """As much as stands in a JSON text that is cut off, without what holds an unfinished ``unit``. Raises ValueError.

    ``{"thread": {"post": {…}, "replies": [{"post": {"uri": "at:`` -> ``{"thread": {"post": {…}, "replies": []}}``
    """
    value, opened = _decode_flat(text)
    for outer, inner, innermost in zip(opened, opened[1:], opened[2:], strict=False):
        if isinstance(inner, dict) and inner.get(unit) is innermost:
            if isinstance(outer, list):
                outer.pop()
            else:
                outer.popitem()
            break
    return value


def _decode_flat(text: str) -> tuple[Any, list[_Holder]]:
    """The value, and the objects and arrays not closed when the text ends, the outermost first. Without recursion.

    Commas and colons are passed over wherever they stand.
    """
    scalar = json.JSONDecoder(parse_int=whole_number)
    top: list[Any] = []
    holders: list[_Holder] = [top]
    keys: list[str | None] = [None]
    at = _gap_end(text, 0)
    while at < len(text) and len(holders) < DEPTH_LIMIT:
        sign = text[at]
        if sign in "]}":
            if len(holders) == 1 or isinstance(holders[-1], list) != (sign == "]"):
                raise ValueError(f"character {at:,}: a bracket closes what was not opened")
            holders.pop()
            keys.pop()
            at += 1
        elif sign in "[{":
            value: _Holder = [] if sign == "[" else {}
            _put(holders, keys, value, at)
            holders.append(value)
            keys.append(None)
            at += 1
        else:
            try:
                found, after = scalar.raw_decode(text, at)
            except json.JSONDecodeError:
                break
            _put(holders, keys, found, at)
            at = after
        at = _gap_end(text, at)
    if len(top) != 1 or (at < len(text) and len(holders) == 1):
        raise ValueError(f"character {at:,}: it is no JSON")
    if len(holders) >= DEPTH_LIMIT:
        raise ValueError(f"it is nested more than {DEPTH_LIMIT:,} levels deep")
    return top[0], holders[1:]


def _put(holders: list[_Holder], keys: list[str | None], value: object, at: int) -> None:
    """Put a value where it belongs: into the array, under the key read before, or as a key itself."""
    holder, key = holders[-1], keys[-1]
    if isinstance(holder, list):
        holder.append(value)
    elif key is not None:
        holder[key] = value
        keys[-1] = None
    elif isinstance(value, str):
        keys[-1] = value
    else:
        raise ValueError(f"character {at:,}: a key is no text")


def _gap_end(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at
