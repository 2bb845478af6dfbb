"""Encode and decode one JSON object per line, safely for any characters."""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from threadkeep.record_json.validation import Object, kind_of

_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
# Inside JSON strings only, where an escape says the same: they would end a line or steer a terminal.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def encode(object_: Mapping[str, Any]) -> str:
    """Return one line of JSON, non-ASCII as it is, safe to print: what ends a line or steers a terminal is escaped.

    Lone surrogates, which no UTF-8 file can hold, become U+FFFD.
    """
    try:
        line = msgspec.json.encode(object_).decode()
    except UnicodeEncodeError:
        line = _SURROGATE.sub("\ufffd", json.dumps(object_, ensure_ascii=False, separators=(",", ":")))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def decode(line: str) -> Object:
    """The JSON object on ``line``. Lone surrogates become U+FFFD. Raises ValueError if the line is not one."""
    try:
        value = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        if not _SURROGATE_ESCAPE.search(line):
            raise ValueError(f"no JSON: {error}") from None
        value = _decode_with_surrogates(line)
    except RecursionError:
        raise ValueError("no JSON that can be read: nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, found {kind_of(value)}")
    return value


def _decode_with_surrogates(line: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"no JSON: {constant} is no number")

    try:
        value = json.loads(line, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error}") from None
    except RecursionError:
        raise ValueError("no JSON that can be read: nested too deeply") from None
    # Only halves are left as surrogates now: json has joined the pairs.
    return json.loads(_SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False)))
