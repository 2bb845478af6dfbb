"""Words for people: who wrote a post and when, marked hits, wrapped lines, explained rankings."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from threadkeep.archive.reports import Explanation, SearchHit
from threadkeep.cli.terminal import has_colour, styled, terminal_width
from threadkeep.index.engine import TermScore
from threadkeep.records import Media, StoredPost, When
from threadkeep.text.control_chars import escape_controls, escape_line, escape_name
from threadkeep.text.formatting import mark_spans, minute_text, plural

_MEDIA_NAMES = {"gif": "GIF", "audio": "sound", "unknown": "attachment"}
_ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def byline(stored: StoredPost) -> str:
    """Return the author's handle, else the name, else ``unknown author``, safe for a terminal."""
    if stored.author is None:
        return "unknown author"
    if stored.author.handle:
        return f"@{escape_name(stored.author.handle)}"
    return escape_line(stored.author.name or "") or "unknown author"


def day(when: When | None) -> str:
    """Return a date as precisely as it is known, or ``no date``."""
    return (minute_text(when) or "no date").removesuffix(" UTC")


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return ``text`` safe for a terminal, the code points in ``spans`` in colour or between asterisks."""

    def emphasize(hit: str) -> str:
        hit = escape_controls(hit)
        return styled(hit, "yellow", bold=True) if has_colour() else f"*{hit}*"

    return mark_spans(text, spans, emphasize, escape_controls)


def marked_lines(text: str, spans: tuple[tuple[int, int], ...], indent: str = "  ") -> Iterator[str]:
    """Yield the lines of ``text`` as ``marked`` does, indented and wrapped for the terminal, without blank ones."""
    if not has_colour():  # the asterisks take columns
        text, spans = marked(text, spans), ()
    width = terminal_width()
    for start, end in line_breaks(text, None if width is None else width - len(indent)):
        if text[start:end].strip():
            inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
            yield f"{indent}{marked(text[start:end], inside)}"


def wrapped(text: str, indent: str = "  ", first: str | None = None) -> Iterator[str]:
    """Yield the lines of ``text``, safe and wrapped for the terminal, indented; the first line with ``first``."""
    text, width = escape_controls(text), terminal_width()
    for number, (start, end) in enumerate(line_breaks(text, None if width is None else width - len(indent))):
        yield f"{indent if first is None or number else first}{text[start:end]}".rstrip()


def line_breaks(text: str, width: int | None) -> Iterator[tuple[int, int]]:
    """Yield where each line of ``text`` begins and ends, in code points.

    A line has at most ``width`` columns and ends at a blank; a word that is longer, such as an address, stays whole, so
    that it can be copied. Without a width only the line ends of ``text`` count.
    """
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        yield from _fitting(text, start, end, width) if width else ((start, end),)
        start = end + 1


def _fitting(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    begin, last, used = start, start, 0
    for match in re.finditer(r"\s*\S+|\s+", text[start:end]):
        piece_start, piece_end = start + match.start(), start + match.end()
        for part_start, part_end in _parts(text, piece_start, piece_end):
            columns = columns_of(text[part_start:part_end])
            if used and used + columns > width:
                yield begin, last
                begin = part_start
                while begin < part_end and text[begin].isspace():
                    begin += 1
                used, columns = 0, columns_of(text[begin:part_end])
            used, last = used + columns, part_end
    yield begin, end


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a word between which a line may break: between the characters of scripts without blanks."""
    begin = start
    for place in range(start + 1, end):
        if unicodedata.east_asian_width(text[place]) == "W" and unicodedata.category(text[place]) == "Lo":
            yield begin, place
            begin = place
    yield begin, end


def columns_of(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(character) in _ZERO_WIDTH
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def media_summary(media: Iterable[Media]) -> str:
    """Count media in words: ``2 images, 1 video``."""
    counts = Counter(str(item.kind) for item in media)
    return ", ".join(plural(count, _MEDIA_NAMES.get(kind, kind)) for kind, count in counts.items())


def left_out_note(count: int) -> str:
    """Say how many posts that were not for everyone are missing from what was found or written."""
    verb = "was" if count == 1 else "were"
    return f"{plural(count, 'followers-only or direct post')} {verb} left out; --include-private includes them"


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
            lines.append("  " + f"{rank}. {byline(hit.stored)}  {escape_name(str(hit.stored.post.ref))}")
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
