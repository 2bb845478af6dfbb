"""Describe a query's tree in plain words, one line per node, for ``--explain``.

'(clay OR glaze) -is:reply since:2024'  ->  all of these:
                                              any of these:
                                                the word “clay”
                                                the word “glaze”
                                              not: it answers another post
                                              from 2024-01-01 on
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from threadkeep.query.ast import (
    And,
    AtLeast,
    DateRange,
    Fuzzy,
    InThread,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    RowIdSet,
    Term,
    Wildcard,
    Word,
)
from threadkeep.query.fields import Field, field_named
from threadkeep.query.flags import FLAGS

_INDENT = "  "


def describe(node: Node, analysis_note: Callable[[str], str]) -> Iterator[str]:
    """Yield what ``node`` asks for, one indented line per part. ``analysis_note`` adds how a text is analyzed."""
    match node:
        case And(parts):
            yield from _under("all of these:", parts, analysis_note)
        case Or(parts):
            yield from _under("any of these:", parts, analysis_note)
        case InThread(parts):
            yield from _under("in a thread with all of these, each in any of its posts:", parts, analysis_note)
        case Not(part):
            first, *more = describe(part, analysis_note)
            yield f"not: {first}"
            yield from more
        case _:
            yield _leaf(node, analysis_note)


def _under(head: str, parts: tuple[Node, ...], analysis_note: Callable[[str], str]) -> Iterator[str]:
    yield head
    for part in parts:
        yield from (_INDENT + line for line in describe(part, analysis_note))


def _leaf(node: Node, analysis_note: Callable[[str], str]) -> str:
    match node:
        case Word(text):
            return f"the word “{text}”{analysis_note(text)}"
        case Phrase(text):
            return f"the words “{text}” in a row{analysis_note(text)}"
        case Near(text, distance):
            return f"the words “{text}” at most {distance} words apart{analysis_note(text)}"
        case Prefix(text):
            return f"a word that begins with “{text}”"
        case Wildcard(pattern):
            return f"a word of the shape “{pattern}”"
        case Fuzzy(text, edits):
            return f"a word at most {edits} letter{'s' if edits > 1 else ''} away from “{text}”"
        case AtLeast(of, number):
            return f"{number:,} {of} or more"
        case DateRange(since, until):
            return " and ".join(_ends(since, until)) or "a date"
        case RowIdSet(term, row_ids):
            return f"{_term(term)} ({len(row_ids):,} post{'' if len(row_ids) == 1 else 's'})"
        case Term():
            return _term(node)
        case _:
            return "every post"


def _ends(since: date | None, until: date | None) -> Iterator[str]:
    if since is not None:
        yield f"from {_day(since)} on"
    if until is not None:
        yield f"before {_day(until)}"


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d %H:%M:%S} UTC" if isinstance(day, datetime) else day.isoformat()


def _term(term: Term) -> str:
    if term.op in ("is", "has"):
        return next(flag.meaning for flag in FLAGS if flag.name == term.value)
    field = field_named(term.op)
    assert field is not None
    return field.description.format(_value(field, term.value))


def _value(field: Field, value: str) -> str:
    start = value.rstrip("*")
    if not start:
        return "anything"
    shown = f"“{start}”" if field.kind == "text" else f"${start}" if field.kind == "cashtag" else start
    return f"what begins with {shown}" if start != value else shown
