"""Output to the terminal: results on stdout, everything else on stderr, control characters escaped."""

import json
import os
import re
import shutil
import sys
from typing import Any

import click

from threadkeep.text.control_chars import escape_controls, escape_line

_LIVE_IN_JSON = re.compile("[\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")

_OUR_STYLES = re.compile(r"(\x1b\[(?:0|1|2|3[1-7])m)")
"""What ``styled`` and the heads of tables bring."""

PAGER_KEY = "threadkeep.pager"
"""Where a Click context keeps the ``Pager`` of the command, which ``say`` starts."""

_NARROWEST = 20
"""A terminal that claims to have fewer columns is written to as if it had these."""


def say(line: str = "") -> None:
    """Print a line of results to stdout, nothing alive in it but our own styles.

    The caller has passed what comes from a source through ``escape_controls``; this holds where one forgets.
    """
    _start_pager()
    click.echo(_tamed(line, has_colour()), color=has_colour())


def _tamed(line: str, is_styled: bool) -> str:
    if not is_styled:
        return escape_line(line)
    return "".join(part if at % 2 else escape_line(part) for at, part in enumerate(_OUR_STYLES.split(line)))


def say_json(record: dict[str, Any]) -> None:
    """Print a JSON object on one line, with characters that control terminals escaped."""
    _start_pager()
    line = json.dumps(record, ensure_ascii=False)
    click.echo(_LIVE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", line))


def note(message: str) -> None:
    """Print a remark to stderr, with control characters escaped."""
    click.echo(escape_controls(message), err=True)


def note_count(message: str) -> None:
    """Print to stderr how many results there were, where a person reads both: a pipe or a file gets no such line."""
    if is_terminal() and is_terminal(err=True):
        note(message)


def warn(warning: str) -> None:
    """Print a warning about a query to stderr."""
    note(f"threadkeep: {warning}")


def complain(message: str, hint: str | None) -> None:
    """Print an error to stderr, and below it what to do about it."""
    click.echo(f"{styled('threadkeep:', 'red', err=True)} {escape_controls(message)}", err=True)
    if hint:
        click.echo(f"  {escape_controls(hint)}", err=True)


def styled(text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False, err: bool = False) -> str:
    """Return ``text`` with ANSI styles where the stream shows colours, else as it is."""
    if not has_colour(err=err):
        return text
    return click.style(text, fg=colour, bold=bold or None, dim=dim or None)


def has_colour(*, err: bool = False) -> bool:
    """Whether to colour stdout, or stderr: NO_COLOR forbids it, FORCE_COLOR forces it, else terminals are coloured."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(err=err)


def is_terminal(*, err: bool = False) -> bool:
    """Whether a person reads stdout, or stderr, on a terminal: directly or in a pager."""
    pager = _pager()
    return (pager is not None and pager.is_open) or (sys.stderr if err else sys.stdout).isatty()


def terminal_width() -> int | None:
    """Return the columns of the terminal that stdout goes to; None for a file or a pipe, which nothing is cut for."""
    return max(_NARROWEST, shutil.get_terminal_size().columns) if is_terminal() else None


def _pager() -> Any:
    context = click.get_current_context(silent=True)
    return context.meta.get(PAGER_KEY) if context else None


def _start_pager() -> None:
    pager = _pager()
    if pager is not None:
        pager.start()
