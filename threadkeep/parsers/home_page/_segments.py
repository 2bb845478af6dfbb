"""Cut the rows of a home page into the person, the titled entries, and the prose that belongs to neither.

Ada Byron                      the person's name
I am a weaver at ...           the bio, up to the first section or entry
Research                       a section: its heading opens the prose below it
Tiny Looms                     an entry, up to the next one
Ada Byron, Jo Gray
...
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from threadkeep.parsers.home_page._dates import find_date, is_date_line, leading_date
from threadkeep.parsers.home_page._entries import Found, body_end, entry_at, is_bare_year, is_subheading
from threadkeep.parsers.home_page._line_kinds import Section, is_menu, is_prose, is_venue, section_of, words
from threadkeep.parsers.home_page._link_labels import is_link_row
from threadkeep.parsers.home_page._people import authors_of, name_in, name_part
from threadkeep.parsers.home_page._rows import Row
from threadkeep.parsers.home_page._section import Page, SectionRows, date_of_rows, is_news
from threadkeep.records import When

_ABOUT = frozenset({"about", "bio", "biography", "introduction", "me", "welcome", "home", "overview", "background"})
_MENU = 3
"""This many headings on end with nothing between are a menu."""
_TOP = 15
"""The rows among which a name is looked for."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One thing a page holds: the person, whose bio is ``text``, or an entry, or prose; lines ``first`` to ``last``.

    ``joined``: it was made of lines that the page had broken, which is a conclusion.
    """

    kind: Literal["person", "entry", "prose"]
    first: int
    last: int
    title: str | None
    text: str
    created: When | None = None
    joined: bool = False


@dataclass(slots=True)
class _Part:
    """A section of the page: its heading, if it has one, and the rows up to the next."""

    kind: Section | None
    heading: Row | None
    rows: list[Row] = field(default_factory=list)


def segments_of(rows: list[Row]) -> list[Segment]:
    """The segments of a page in its order, the person first, with the name as ``title`` where the page gives one."""
    rows = _evenly_spaced(rows)
    name, name_row = _name(rows)
    menu = rows.index(name_row) if name_row else 0
    rows = [row for row in rows if row is not name_row]
    page = Page.of(rows, name)
    bio: list[Row] = []
    segments: list[Segment] = []
    for number, part in enumerate(_parts(rows, menu)):
        is_opening = number == 0 and part.heading is None
        place = page.place(part.rows, part.kind, is_opening)
        heading = part.heading
        if is_opening or (not segments and _is_about(part)):
            above = menu if number == 0 else 0
            count = next((at for at in range(above, len(part.rows)) if _ends_bio(place, at)), len(part.rows))
            bio += [heading, *part.rows[:count]] if heading else part.rows[:count]
            place, heading = place.from_row(count), None
        segments += _segments_in(place, heading)
    return [*_person(name, name_row, bio), *segments]


def _person(name: str | None, name_row: Row | None, bio: list[Row]) -> Iterator[Segment]:
    rows = [*([name_row] if name_row else []), *bio]
    if rows:
        first, last = min(row.first for row in rows), max(row.last for row in rows)
        yield Segment("person", first, last, name, _text_of(bio), joined=any(row.joined for row in bio))


def _evenly_spaced(rows: list[Row]) -> list[Row]:
    """The rows of a page with an empty line after every line as if it had none."""
    anchors = [row for row in rows[1:] if authors_of(row.text) or is_date_line(row.text) or is_link_row(row.text)]
    if len(anchors) < 4 or sum(row.gap > 0 for row in anchors) < 0.7 * len(anchors):
        return rows
    return [replace(row, gap=max(0, row.gap - 1)) for row in rows]


def _name(rows: list[Row]) -> tuple[str | None, Row | None]:
    """The person's name, and the row that holds it alone and so is no part of the bio."""
    for row in rows[:_TOP]:
        if is_menu(row.text):
            continue
        name = name_part(row.text)
        if name is not None:
            return name, row if row.text == name else None
        break
    return next((name for row in rows[:_TOP] if (name := name_in(row.text)) is not None), None), None


def _parts(rows: list[Row], menu: int) -> Iterator[_Part]:
    """The sections; what stands above the name, the first ``menu`` rows, is no heading."""
    part = _Part(None, None)
    for position, row in enumerate(rows):
        kind = section_of(row.text)
        if kind is None or position < menu or not _is_heading(rows, position):
            part.rows.append(row)
            continue
        if part.heading or part.rows:
            yield part
        part = _Part(kind, row)
    if part.heading or part.rows:
        yield part


def _is_heading(rows: list[Row], position: int) -> bool:
    row = rows[position]
    if row.is_item or (is_menu(row.text) and len(words(row.text)) > 2 and position < 4):
        return False
    if position and not row.gap:
        above = rows[position - 1].text
        if row.text[0].islower() or (authors_of(above) and is_venue(row.text)):
            return False
        if is_link_row(row.text, after_entry=True) and (authors_of(above) or is_date_line(above) or is_venue(above)):
            return False  # a bare "Code" below a date is a link
    return not _is_in_menu(rows, position)


def _is_in_menu(rows: list[Row], position: int) -> bool:
    """Whether the heading is one of several on end, evenly apart."""
    first = last = position
    while (
        first > 0
        and last - first < _MENU
        and rows[first].gap == rows[position].gap
        and section_of(rows[first - 1].text)
    ):
        first -= 1
    gap = rows[position].gap if first < position else rows[min(position + 1, len(rows) - 1)].gap
    while (
        last + 1 < len(rows) and last - first < _MENU and rows[last + 1].gap == gap and section_of(rows[last + 1].text)
    ):
        last += 1
    return last - first + 1 >= _MENU


def _is_about(part: _Part) -> bool:
    return part.heading is not None and part.kind == "prose" and not _ABOUT.isdisjoint(words(part.heading.text))


def _ends_bio(place: SectionRows, position: int) -> bool:
    is_footer = place.is_footer(position) and not is_prose(place.rows[position].text)
    return is_footer or entry_at(place, position) is not None


def _segments_in(place: SectionRows, heading: Row | None) -> Iterator[Segment]:
    """The segments of one section. Rows of neither entry nor news wait from ``loose`` on, first below the heading."""
    rows = place.rows
    year: When | None = None
    loose = position = 0
    while position < len(rows):
        found = entry_at(place, position)
        end = body_end(place, position, found) if found else _news_end(place, position)
        if end > position:
            start = position
            if found and loose < position and is_bare_year(rows[position - 1]):
                start, year = position - 1, find_date(rows[position - 1].text)
            yield from _prose(place, heading, loose, start)
            heading = None
            yield _entry(place, (start, position, end), found, year) if found else _news(rows[position:end])
            loose = position = end
        else:
            position += 1
    yield from _prose(place, heading, loose, position)


def _entry(place: SectionRows, span: tuple[int, int, int], found: Found, year: When | None) -> Segment:
    """The segment of an entry at ``position``; ``start`` is the row of the year above it, if that is part of it."""
    rows, (start, position, end) = place.rows, span
    text = _text_of([*rows[start:position], *found.rows, *rows[found.end : end]])
    dated = [row for row, anchors in zip(rows[found.end : end], place.anchors[found.end : end], strict=True) if anchors]
    created = found.created or date_of_rows(dated) or year
    joined = any(row.joined for row in rows[position:end])
    return Segment("entry", rows[start].first, rows[end - 1].last, found.title, text, created, joined)


def _news(rows: list[Row]) -> Segment:
    dated = leading_date(rows[0].body)
    return replace(_prose_segment(rows), created=dated[0] if dated else None)


def _news_end(place: SectionRows, position: int) -> int:
    """The row after a piece of news that begins here; ``position`` itself where none does."""
    if not _opens_news(place, position):
        return position
    rows, end = place.rows, position + 1
    while end < len(rows) and not (rows[end].is_item or place.is_footer(end) or _opens_news(place, end)):
        is_below_date = end == position + 1 and is_date_line(rows[position].text)
        if rows[end].gap > (place.page.gap if is_below_date else 0) or entry_at(place, end):
            break
        end += 1
    return end


def _opens_news(place: SectionRows, position: int) -> bool:
    row = place.rows[position]
    if place.kind == "news":
        return row.is_item or leading_date(row.body) is not None
    return place.kind is None and not place.is_opening and place.news_rows > 1 and is_news(row)


def _prose(place: SectionRows, heading: Row | None, start: int, stop: int) -> Iterator[Segment]:
    """Rows that belong to no entry, as posts: a heading with all that follows it, else paragraph by paragraph."""
    current = [heading] if heading else []
    is_headed = heading is not None
    for position in range(start, stop):
        is_small_heading = is_subheading(place, position)
        row = place.rows[position]
        is_apart = bool(current) and (row.gap > 0 or (is_prose(current[-1].text) and is_prose(row.text)))
        if current and (is_small_heading or place.is_footer(position) or (is_apart and not is_headed)):
            yield _prose_segment(current)
            current, is_headed = [], is_small_heading
        current.append(row)
    if current:
        yield _prose_segment(current)


def _prose_segment(rows: list[Row]) -> Segment:
    joined = any(row.joined for row in rows)
    return Segment("prose", rows[0].first, rows[-1].last, None, _text_of(rows), None, joined)


def _text_of(rows: list[Row]) -> str:
    """The text of rows: an empty line where the page has one and between paragraphs, else a line each."""
    segments = [rows[0].text] if rows else []
    for above, row in itertools.pairwise(rows):
        segments += ["\n\n" if row.gap or (is_prose(above.text) and is_prose(row.text)) else "\n", row.text]
    return "".join(segments)
