"""Read the JSON Lines that threadkeep exports: one record a line, accounts before the posts that name them.

    {"type":"account","platform":"x","id":"12","handle":"mira","name":"Mira Okafor",…}
    {"type":"post","id":"1750","platform":"x","author":"mira","text":"The kiln is hot.",…}
    {"type":"gap","platform":"x","id":"1751","reason":"not found"}

A file of any size is read line by line. A line that is no record is a problem of its own; a record of a kind this
version does not know is skipped by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadkeep.parsers.entry import Entry
from threadkeep.record_json.account_lookup import Accounts
from threadkeep.record_json.decode import TYPES, records_of
from threadkeep.record_json.json_lines import decode
from threadkeep.records import Parsed, Skipped
from threadkeep.sources.source import OversizedLine, Source

NAME = "jsonl"
TITLE = "threadkeep JSON Lines export"
VERSION = 1

RAW_LIMIT = 10_000
"""How many characters of a line a problem shows; the dump is kept whole."""

_TRIED_LINES = 5
"""A damaged line or two at the top do not hide what the file is."""

_RECORD_START = re.compile(rf'\s*\{{\s*"type"\s*:\s*"(?:{"|".join(TYPES)})"\s*,\s*"(?:platform|id|account)"\s*:')


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    accounts: Accounts


def recognizes(source: Source) -> bool:
    """Whether one of the first lines is a record, and the file begins like JSON."""
    if source.head is None or not source.head.lstrip().startswith("{"):
        return False
    lines = [line for line in source.head.split("\n", 2 * _TRIED_LINES) if line.strip()]
    return any(_is_record(line) for line in lines[:_TRIED_LINES])


def entries(source: Source) -> Iterator[Entry]:
    """The lines, without the blank ones, numbered from 1."""
    accounts = Accounts()
    for number, line in enumerate(source.lines(), 1):
        if line and not line.isspace():
            raw = line if len(line) <= RAW_LIMIT else f"{line[:RAW_LIMIT]}…"
            yield Entry(f"line {number}", _Line(line, accounts), raw)


def parse(entry: Entry) -> Iterator[Parsed]:
    """The record of a line: ``{"type":"pin","platform":"x","account":"12","post":"1750"}`` -> ``Pin(x:12, x:1750)``.

    An account that a line names and no line before described comes first. Raises ValueError.
    """
    line: _Line = entry.data
    if isinstance(line.text, OversizedLine):
        raise ValueError(line.text.reason)
    object_ = decode(line.text)
    kind = object_.get("type")
    if isinstance(kind, str) and kind not in TYPES:
        yield Skipped(f"unknown record type {kind[:40]!r}")
    else:
        yield from records_of(object_, line.accounts)


def _is_record(line: str) -> bool:
    """Whether ``line``, or as much of it as is there, is a record."""
    try:
        object_ = decode(line)
    except ValueError:
        return _RECORD_START.match(line) is not None
    return object_.get("type") in TYPES and "platform" in object_
