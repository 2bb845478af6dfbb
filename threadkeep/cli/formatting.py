"""Words and tables for people: who wrote a post and when, marked hits, explained rankings."""

from collections.abc import Iterable, Sequence

from threadkeep.archive.reports import Explanation, SearchHit
from threadkeep.cli.terminal import has_colour, say, styled
from threadkeep.index.engine import TermScore
from threadkeep.records import StoredPost, When
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import mark_spans, minute_text

_FILE_WIDTH = 10_000
"""Width of a table that goes to a file or a pipe, in characters: wide enough that no row is folded."""


def byline(stored: StoredPost) -> str:
    """Return the author's handle, else the name, else ``unknown author``."""
    if stored.author is None:
        return "unknown author"
    if stored.author.handle:
        return f"@{stored.author.handle}"
    return stored.author.name or "unknown author"


def day(when: When | None) -> str:
    """Return a date as precisely as it is known, or ``no date``."""
    return (minute_text(when) or "no date").removesuffix(" UTC")


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return ``text`` safe for a terminal, the code points in ``spans`` in colour or between asterisks."""

    def emphasize(hit: str) -> str:
        hit = escape_controls(hit)
        return styled(hit, "yellow", bold=True) if has_colour() else f"*{hit}*"

    return mark_spans(text, spans, emphasize, escape_controls)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table as wide as the terminal allows; columns whose head begins with ``#`` are right-aligned."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold" if has_colour() else "")
    for head in heads:
        table.add_column(head.lstrip("#"), justify="right" if head.startswith("#") else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(escape_controls(cell)) for cell in row))
    width = None if Console().is_terminal else _FILE_WIDTH
    console = Console(no_color=not has_colour(), highlight=False, width=width)
    with console.capture() as drawn:
        console.print(table)
    for line in drawn.get().splitlines():
        say(line.rstrip())


def explanation_lines(explanation: Explanation, hits: tuple[SearchHit, ...]) -> list[str]:
    """Return the lines that explain a query and the ranking of its first hits, safe for a terminal."""
    lines = [styled("the query means", bold=True)]
    lines += (f"  {escape_controls(line)}" for line in explanation.understood)
    if explanation.added:
        lines.append(styled("added to it (--include-private leaves this out)", bold=True))
        lines += (f"  {escape_controls(line)}" for line in explanation.added)
    if explanation.shares:
        lines.append(styled("scores of the first hits", bold=True))
        for rank, (hit, shares) in enumerate(zip(hits, explanation.shares, strict=False), 1):
            lines.append("  " + escape_controls(f"{rank}. {byline(hit.stored)}  {hit.stored.post.ref}"))
            lines += (f"     {line}" for line in _score_lines(hit.score, shares))
    elif hits:
        lines.append(styled("no scores: the hits are ordered by date", bold=True))
    return [*lines, ""]


def _score_lines(score: float, shares: tuple[TermScore, ...]) -> list[str]:
    """Return a line for each word with its share of the score, and their sum."""
    lines = [
        f"{share.score:7.2f}  {escape_controls(share.term)}: "
        f"rarity {share.idf:.2f}, weight {share.weight:.2f} in a post of this length"
        for share in shares
    ]
    return [*lines, f"{score:7.2f}  in total"] if len(lines) > 1 else lines
