"""Make rows of the lines of a pasted home page: what was hard-wrapped, or broken around links, is joined again.

    Plait Pattern                                   Plait Pattern Language: a typed language for braids
    Language: a typed language for braids      ->   which compiles to punched cards.
    which compiles to punched cards.

A row is a paragraph, or a line that stands for itself: a heading, a title, authors, links.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadkeep.parsers.home_page._dates import is_date_line
from threadkeep.parsers.home_page._line_kinds import (
    MARKER,
    capital_share,
    ends_sentence,
    is_venue,
    section_of,
    speaks_in_first_person,
)
from threadkeep.parsers.home_page._link_labels import is_contact_row, is_link_row
from threadkeep.parsers.home_page._people import authors_of, is_name
from threadkeep.parsers.home_page._titles import opens_field, titled

_SEPARATOR_LINE = re.compile(r"[|/·•∙⋅–—-]\Z")
_RULE = re.compile(r"[=~_*-]{3,}")
_LEANS_BACK = re.compile(r"[,.;:)\]!?](?:\s|\Z|[\"'”’)\],])|[*†‡]+,|['’]s\b")
_OPEN_END = re.compile(
    r"(?:[,(\[]|(?<!\w)(?:at|by|with|and|of|in|for|to|the|a|an|from|on|or|as|my|our|their|is|are|was|&|A|An|The|And|Of|For|In|On|With|By|To|From))\Z"
)
_JOINING_WORD = re.compile(r"(?:at|by|with|and|of|in|for|to|the|from|on|or|as|&)")
_HYPHENATED = re.compile(r"\w[-‐]\Z")
_AFTER_HYPHEN = re.compile(r"(?!(?:and|or|to|und|et|y)\b)[^\W\d_]")
_WRAPPED_FROM = 40
"""Lines shorter than this end where they do for other reasons than their length."""

_WIDEST_WRAP = 130


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph or a line that stands for itself, ``gap`` empty lines after the one before.

    ``first`` and ``last`` are 1-based lines of the dump; ``joined``: it was made of several, which is a conclusion.
    """

    first: int
    last: int
    text: str
    gap: int
    joined: bool = False

    @property
    def body(self) -> str:
        """The text without the sign or number that makes it a list item."""
        marker = MARKER.match(self.text)
        return self.text[marker.end() :] if marker else self.text

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list."""
        return MARKER.match(self.text) is not None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    gap: int


def rows_of(text: str) -> list[Row]:
    """The rows of a page, in order."""
    lines = list(_lines(text))
    width = _wrap_width(lines)
    rows: list[Row] = []
    start = 0
    while start < len(lines):
        end, pieces = start + 1, [lines[start].text]
        while end < len(lines) and (glue := _glue(lines, start, end, width)) is not None:
            pieces += [glue, lines[end].text]
            end += 1
        first, last = lines[start], lines[end - 1]
        rows.append(Row(first.number, last.number, "".join(pieces), first.gap, joined=end - start > 1))
        start = end
    return rows


def _lines(text: str) -> Iterator[_Line]:
    gap = 0
    for number, line in enumerate(text.split("\n"), 1):
        visible = line.strip()
        if visible:
            yield _Line(number, visible, gap)
            gap = 0
        else:
            gap += 1


def _wrap_width(lines: list[_Line]) -> int | None:
    """The column a page was hard-wrapped at; None where lines end with their sentences or titles."""
    long = [line for line in lines if len(line.text) >= _WRAPPED_FROM]
    pairs = [
        (a.text, b.text)
        for a, b in itertools.pairwise(lines)
        if not b.gap and len(a.text) >= _WRAPPED_FROM and not MARKER.match(b.text)
    ]
    width = sorted(len(line.text) for line in long)[int(0.95 * len(long))] if long else 0
    broken = sum(
        not ends_sentence(a) and (b[0].islower() or (a[-1].isalnum() and _is_full(a, b, width))) for a, b in pairs
    )
    return width if broken >= 2 and broken >= 0.25 * len(pairs) and width <= _WIDEST_WRAP else None


def _glue(lines: list[_Line], start: int, end: int, width: int | None) -> str | None:
    """What joins line ``end`` to the row that began at ``start``: a space, nothing, or None where a new row begins."""
    last, line = lines[end - 1].text, lines[end]
    if line.gap:
        return None
    if _SEPARATOR_LINE.match(last) or _SEPARATOR_LINE.match(line.text):
        return " "
    if _LEANS_BACK.match(line.text) or last.endswith(("[", "(")):
        return ""
    if _JOINING_WORD.fullmatch(line.text) or line.text.startswith("and "):
        return " "
    if _OPEN_END.search(last) and is_date_line(line.text) and not last.endswith(","):
        return " "
    if MARKER.match(line.text) or _stands_alone(last) or _stands_alone(line.text) or _is_page_name(lines, start, end):
        return None
    if _HYPHENATED.search(last) and _AFTER_HYPHEN.match(line.text) and len(last) >= _WRAPPED_FROM:
        return ""
    if _OPEN_END.search(last) and not section_of(last):
        return " "
    if width is None:
        return " " if _is_broken_sentence(last, line.text) else None
    return _glue_wrapped(lines, start, end, width)


def _is_full(last: str, line: str, width: int) -> bool:
    """Whether a line ends where it does because the first word of the next had no room."""
    return len(last) + 1 + len(line.split(" ", 1)[0]) > width


def _stands_alone(text: str) -> bool:
    if _RULE.fullmatch(text):
        return True
    return section_of(text) is not None or is_date_line(text) or is_link_row(text) or is_contact_row(text)


def _is_page_name(lines: list[_Line], start: int, end: int) -> bool:
    return start == 0 and end == 1 and is_name(lines[0].text)


def _is_broken_sentence(last: str, line: str) -> bool:
    """Whether a page that is not wrapped broke a sentence here, as text taken out of HTML does around links."""
    if not line[0].islower() or ends_sentence(last) or len(last.split()) < 5 or capital_share(last) > 0.5:
        return False
    return not authors_of(line) and not is_venue(line)


def _glue_wrapped(lines: list[_Line], start: int, end: int, width: int) -> str | None:
    last, line = lines[end - 1].text, lines[end].text
    if MARKER.match(lines[start].text):
        return " "
    opening = " ".join(line.text for line in lines[start : min(end, start + 4)])
    is_sentence = len(opening.split()) >= 7 and capital_share(opening) < 0.75
    is_full = _is_full(last, line, width)
    if last.endswith(":") and not is_full and _opens_entry(lines, end):
        return None  # the colon announces a list of entries, and none belongs to it more than the others
    if not is_sentence and (authors_of(line) or (is_venue(line) and not is_full)):
        return " " if is_full and authors_of(opening) and not is_venue(line) else None
    if not is_sentence and opens_field(line):
        return None
    if (ends_sentence(last) and not last.endswith(":")) or (last.endswith("]") and not is_full):
        if is_full and not (_opens_entry(lines, end) or _is_header(lines, end)):
            return " "
        return None if line[0].isupper() or line[0].isdigit() or line[0] in "\"“‘'([" else " "
    if is_full or is_sentence or not line[0].isupper() or last.endswith(":"):
        return " "
    return " " if _opens_entry(lines, start) else None


def _is_header(lines: list[_Line], position: int) -> bool:
    """Whether a line lists authors, or is a title with what belongs to one in the line below."""
    line = lines[position].text
    if len(authors_of(line)) > 1:
        return True
    if speaks_in_first_person(line) or _OPEN_END.search(line) or ends_sentence(line):
        return False
    below = lines[position + 1] if position + 1 < len(lines) else None
    return below is not None and not below.gap and (_stands_alone(below.text) or len(authors_of(below.text)) > 1)


def _opens_entry(lines: list[_Line], start: int) -> bool:
    """Whether ``Title: text`` begins at a line; the title may be broken over three."""
    return any(titled(" ".join(line.text for line in lines[start : start + count])) for count in (1, 2, 3))
