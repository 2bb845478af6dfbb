"""Tables for people, as wide as the terminal allows, with what is to be copied whole.

posts  author  date        begins                                  on a terminal that is wide enough
    6  @mira   2024-05-01  Can you read a glaze from the ash …
       bluesky:~e8c6dc9c905bdf19                                   the id on its own line where it is not
"""

from collections.abc import Sequence

from threadkeep.cli.formatting import columns_of, line_breaks
from threadkeep.cli.terminal import say, styled, terminal_width
from threadkeep.text.control_chars import escape_controls

_GAP = 2
_NARROWEST = 8
"""Columns to which a wrapped column shrinks before the table grows wider than the terminal."""


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; control characters are escaped.

    A column whose head begins with ``#`` is right-aligned. One whose head begins with ``=`` holds what a person copies,
    an id or a path: it is never wrapped, and goes below its row where the terminal is too narrow. The other columns are
    wrapped at blanks.
    """
    names = [head.lstrip("#=") for head in heads]
    cells = [[" ".join(escape_controls(cell).split("\n")) for cell in row] for row in rows]
    widths = [max(columns_of(text) for text in column) for column in zip(names, *cells, strict=True)]
    available = terminal_width()
    shown = list(range(len(heads)))
    below: list[int] = []
    if available is not None and _total(widths, shown) > available:
        below = [place for place in shown if heads[place].startswith("=")]
        shown = [place for place in shown if place not in below]
        _shrink(widths, shown, available, [place for place in shown if not heads[place].startswith("#")])
    for line in _row_lines(names, widths, shown, heads):
        say(styled(line, bold=True))
    for row in cells:
        for line in _row_lines(row, widths, shown, heads):
            say(line)
        for place in below:
            if row[place]:
                say(styled(f"  {row[place]}", dim=True))


def _total(widths: Sequence[int], shown: Sequence[int]) -> int:
    return sum(widths[place] for place in shown) + _GAP * (len(shown) - 1)


def _shrink(widths: list[int], shown: Sequence[int], available: int, wrapped: Sequence[int]) -> None:
    """Narrow the widest of the columns that wrap until the table fits."""
    while (excess := _total(widths, shown) - available) > 0:
        widest = max(wrapped, key=lambda place: widths[place], default=None)
        if widest is None or widths[widest] <= _NARROWEST:
            return
        others = max((widths[place] for place in wrapped if place != widest), default=0)
        widths[widest] = max(_NARROWEST, widths[widest] - excess, min(others, widths[widest] - 1))


def _row_lines(row: Sequence[str], widths: Sequence[int], shown: Sequence[int], heads: Sequence[str]) -> list[str]:
    parts = {place: [row[place][a:b] for a, b in line_breaks(row[place], widths[place])] for place in shown}
    lines = []
    for number in range(max(len(texts) for texts in parts.values())):
        padded = []
        for place in shown:
            text = parts[place][number] if number < len(parts[place]) else ""
            blanks = " " * (widths[place] - columns_of(text))
            padded.append(blanks + text if heads[place].startswith("#") else text + blanks)
        lines.append((" " * _GAP).join(padded).rstrip())
    return lines
