"""What reaches the terminal: text made harmless, colours only where wanted, errors in one shape."""

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

import click

from threadkeep.text.control_chars import escape_controls

_LIVE_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def complain(message: str, hint: str | None) -> None:
    """Say what went wrong, and what to do about it, on stderr."""
    click.echo(f"{styled('threadkeep:', 'red', err=True)} {escape_controls(message)}", err=True)
    if hint:
        click.echo(f"  {escape_controls(hint)}", err=True)


def note(message: str) -> None:
    """Say something that is not a result, on stderr."""
    click.echo(escape_controls(message), err=True)


def say(line: str = "") -> None:
    """Print a line of results that is already harmless: post text goes through ``escape_controls`` first."""
    click.echo(line, color=has_colour())


def say_json(record: dict[str, Any]) -> None:
    """Print a JSON object on a line; what steers terminals is escaped, which reads back as the same text."""
    line = json.dumps(record, ensure_ascii=False)
    click.echo(_LIVE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", line))


def styled(text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False, err: bool = False) -> str:
    """``text`` in a colour where the terminal wants colours."""
    if not has_colour(err=err):
        return text
    return click.style(text, fg=colour, bold=bold or None, dim=dim or None)


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """``text`` made harmless, with the code points in ``spans`` emphasized: in colour, or between asterisks."""
    parts, last = [], 0
    for start, end in spans:
        hit = escape_controls(text[start:end])
        parts += [escape_controls(text[last:start]), styled(hit, "yellow", bold=True) if has_colour() else f"*{hit}*"]
        last = end
    return "".join([*parts, escape_controls(text[last:])])


def has_colour(*, err: bool = False) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set; everywhere if FORCE_COLOR is."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (sys.stderr if err else sys.stdout).isatty()


def plural(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> plural(1, "reply", "replies"), plural(1200, "post")
    ('1 reply', '1,200 posts')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
