"""Find the entries of a section: where one begins among the rows, what is its title, and where it ends.

Tiny Looms                     the title,
Ada Byron, Jo Gray             below it authors, venue, date and links in any order,
WEAVE 2021 [paper]
We show that ...               and what describes it, up to the next entry
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from threadkeep.parsers.home_page._citations import OneLine, citation, described, list_entry, with_coauthors
from threadkeep.parsers.home_page._dates import find_date, is_date, is_date_line
from threadkeep.parsers.home_page._line_kinds import capital_share, is_prose, speaks_in_first_person
from threadkeep.parsers.home_page._link_labels import is_contact_row, is_link_row, trailing_labels
from threadkeep.parsers.home_page._people import authors_of
from threadkeep.parsers.home_page._rows import Row
from threadkeep.parsers.home_page._section import Anchor, SectionRows, date_of_rows, is_description, is_plain_title
from threadkeep.parsers.home_page._titles import is_title_like, titled
from threadkeep.records import When

_BADGE = re.compile(r"[A-Z][\w&’'-]*[A-Z][\w&-]*(?:[ -]?['’]?\d{2,4})?(?: [A-Z][a-z]+)?")
"""A venue's short name above a title: ``AISTATS``, ``NeurIPS 2024``."""
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*\Z")
_LONGEST_HEADER = 10


@dataclass(frozen=True, slots=True)
class Found:
    """An entry: its title, the rows of its text so far, when it is from, and the row after them.

    ``is_block``: its title has a row of its own, so that the paragraphs below describe it.
    """

    title: str
    rows: tuple[Row, ...]
    created: When | None
    end: int
    is_block: bool = False
    has_links: bool = False


def entry_at(place: SectionRows, start: int, above: Found | None = None) -> Found | None:
    """The entry that begins at row ``start``, without what describes it; ``above`` is the entry before it."""
    row = place.rows[start]
    if place.lists_works and not (place.is_below(start + 1) and "authors" in place.anchors[start + 1]):
        cited = citation(row.body)
        if cited is not None:
            return _one_line(place, start, cited)
    return _block_at(place, start, above) or _line_at(place, start, above)


def _line_at(place: SectionRows, start: int, above: Found | None) -> Found | None:
    """An entry that stands on one row: ``Title: text``, an item of a list, or a line like its neighbours."""
    row = place.rows[start]
    if place.kind in ("records", "prose", "news"):
        return None
    named = titled(row.body)
    if named is not None and _is_title_of_text(place, row, named["title"]):
        found = described(row.body)
        return _one_line(place, start, found) if found else None
    if place.kind != "works":
        return None
    line: OneLine | None = None
    if not row.is_item:
        if trailing_labels(row.text)[1] or _is_line_among_lines(place, start):
            line = list_entry(row.text)
        return _one_line(place, start, line) if line else _plain_block(place, start)
    if above is None or not above.is_block:
        line = list_entry(row.body)
        if line is None and place.has_title_items and is_title_like(row.body) and not is_prose(row.body):
            line = OneLine(row.body, "", None)
    return _one_line(place, start, line) if line else None


def _is_title_of_text(place: SectionRows, row: Row, title: str) -> bool:
    """Whether ``Title: text`` is meant so: titles are in capitals, and seldom is there one alone."""
    is_strong = capital_share(title) >= 0.6 and len(title.split()) <= 10
    if place.kind == "works" or (row.is_item and place.lists_works):
        return is_strong or (place.page.titled_rows > 1 and len(title.split()) <= 5)
    return place.page.titled_rows > 1 and (is_strong or (place.page.titled_rows > 2 and len(title.split()) <= 4))


def _is_line_among_lines(place: SectionRows, position: int) -> bool:
    row = place.rows[position]
    is_apart = (position == 0 or row.gap > 0) and not place.is_below(position + 1)
    is_dated = (place.dated_lines > 1 or is_apart) and find_date(row.text) is not None and not is_prose(row.text)
    return is_dated or with_coauthors(row.text) is not None


def _one_line(place: SectionRows, start: int, line: OneLine) -> Found:
    """The entry of one row with the authors, dates and links right below it."""
    row = place.rows[start]
    end = start + 1
    while place.is_below(end) and place.anchors[end] and end - start < _LONGEST_HEADER:
        text = place.rows[end].text
        is_next = citation(text) or (_is_line_among_lines(place, end) and place.anchors[end] != {"links"})
        if is_next or _block_at(place, end, None):
            break
        end += 1
    below = tuple(place.rows[start + 1 : end])
    text_rows = (replace(row, text=line.text), *below) if line.text else below
    return Found(line.title, text_rows, line.created or date_of_rows(below), end)


def _plain_block(place: SectionRows, start: int) -> Found | None:
    """A title with nothing but a paragraph below it, one short line between them aside: ``HeddleSeq``, what it is."""
    row = place.rows[start]
    if (start and not row.gap) or start + 1 >= len(place.rows) or not is_plain_title(row.text):
        return None
    below = place.rows[start + 1]
    if not is_prose(below.text) and len(below.text.split()) <= 8 and place.is_below(start + 2):
        below = place.rows[start + 2]
    if not is_description(below.text) or below.is_item or (below.gap and place.plain_pairs < 2):
        return None
    return Found(row.text, (), None, start + 1, is_block=True)


def _block_at(place: SectionRows, start: int, above: Found | None) -> Found | None:
    """A title with authors, venue, date or links in the rows below it, or one of them above it."""
    if place.rows[start].is_item and not place.lists_works:
        return None
    for title_at in _title_positions(place, start):
        end, anchors = _header_end(place, start, title_at)
        title, rest = _title_and_rest(place.rows[title_at])
        if not _is_header(place, start, title_at, anchors) or not _can_be_title(place, title_at, title, anchors):
            continue
        if (
            above
            and above.is_block
            and not (above.has_links or rest)
            and anchors == {"links"}
            and place.is_below(start)
        ):
            continue  # the links of the entry above, below a description without a full stop
        top, below = place.rows[start:title_at], place.rows[title_at + 1 : end]
        own = [replace(place.rows[title_at], text=rest)] if rest else []
        created = date_of_rows(below) or date_of_rows(top) or _date_in_brackets(title)
        has_links = "links" in anchors or bool(rest)
        return Found(title, (*top, *own, *below), created, end, is_block=True, has_links=has_links)
    return None


def _title_positions(place: SectionRows, start: int) -> Iterator[int]:
    """The row itself, or the next one where this is a date, a venue or the authors, above their title."""
    row = place.rows[start]
    may_be_next = place.is_below(start + 1) and not row.is_item
    is_badge = may_be_next and len(row.text) < 40 and _BADGE.fullmatch(row.text) is not None
    if is_badge and place.is_below(start + 2) and "authors" in place.anchors[start + 2]:
        yield start + 1
    yield start
    is_over = bool(place.anchors[start]) and "links" not in place.anchors[start] and (start == 0 or row.gap > 0)
    if may_be_next and is_over and not place.anchors[start + 1] & {"authors", "links", "date"}:
        yield start + 1


def _header_end(place: SectionRows, start: int, title_at: int) -> tuple[int, frozenset[Anchor]]:
    """Where the rows of authors, venue, date and links below a title end, and which of them there are."""
    anchors: frozenset[Anchor] = frozenset()
    dates = int(title_at > start and "date" in place.anchors[start])
    end = title_at + 1
    while place.is_below(end) and end - title_at < _LONGEST_HEADER:
        here = place.anchors[end]
        dates += "date" in here
        is_next_title = "authors" in anchors and place.is_below(end + 1) and "authors" in place.anchors[end + 1]
        if dates > 1 or is_next_title or (not here and not _is_bridge(place, title_at, end, anchors)):
            break
        anchors |= here
        end += 1
    return end, anchors


def _is_bridge(place: SectionRows, title_at: int, position: int, anchors: frozenset[Anchor]) -> bool:
    """Whether a row of a header is any line at all, ``Best Paper Award``, or a post below an employer."""
    is_role = place.kind == "records" and position == title_at + 1 and (title_at == 0 or place.rows[title_at].gap > 0)
    if not (anchors or is_role) or "links" in anchors or is_prose(place.rows[position].text):
        return False
    return place.is_below(position + 1) and bool(place.anchors[position + 1] & {"venue", "date", "links"})


def _is_header(place: SectionRows, start: int, title_at: int, anchors: frozenset[Anchor]) -> bool:
    """Whether the rows around a title are enough to make it one; how much is enough depends on the section."""
    if not anchors:
        is_blog = title_at > start and "date" in place.anchors[start] and place.kind != "prose" and not place.is_opening
        return is_blog and (title_at + 1 == len(place.rows) or is_prose(place.rows[title_at + 1].text))
    is_strong = "links" in anchors or ("authors" in anchors and bool(anchors & {"venue", "date"}))
    if place.is_opening or place.kind == "prose":
        return is_strong and place.rows[title_at].text != place.page.name
    if place.kind == "news":
        return is_strong and "authors" in anchors
    if is_strong or "authors" in anchors or "date" in anchors or title_at > start:
        return True
    # one line of place and time below another is its neighbour, not its venue
    return find_date(place.rows[title_at].text) is None


def _can_be_title(place: SectionRows, position: int, title: str, anchors: frozenset[Anchor]) -> bool:
    if is_contact_row(title) or is_date_line(title):
        return False
    if "authors" in anchors and not speaks_in_first_person(title):
        return is_title_like(title.rstrip("."))
    if not is_title_like(title) or (is_prose(title) and title.rstrip("\"”')").endswith(".")):
        return False
    is_list_of_people = position > 0 and not place.rows[position].gap and len(authors_of(title)) > 1
    return not is_list_of_people


def _title_and_rest(row: Row) -> tuple[str, str]:
    """A title row without its list marker and quotes, and the link labels that close it."""
    text = row.body.strip()
    start, labels = trailing_labels(text)
    if labels and text[:start].strip():
        return text[:start].strip(), text[start:]
    quoted = len(text) > 2 and (text[0], text[-1]) in {('"', '"'), ("“", "”"), ("«", "»")}
    return (text[1:-1].strip() if quoted else text), ""


def _date_in_brackets(title: str) -> When | None:
    match = _IN_BRACKETS.search(title[-100:])
    return find_date(match[1]) if match else None


def body_end(place: SectionRows, start: int, found: Found) -> int:
    """The row after the last that describes the entry at ``start``: up to the next entry, a heading, or a wider gap."""
    end = found.end
    while end < len(place.rows):
        if place.rows[end].gap > max(place.page.gap, 1) or place.is_footer(end) or entry_at(place, end, found):
            break
        if is_bare_year(place.rows[end]) or is_subheading(place, end) or not _describes(place, start, found, end):
            break
        end += 1
    return end


def _describes(place: SectionRows, start: int, found: Found, position: int) -> bool:
    """Whether a row that begins nothing belongs to the entry above it; below an entry of one line few do."""
    row = place.rows[position]
    if found.is_block:
        return True
    if place.rows[start].is_item:
        return not row.is_item
    is_own_block = start == 0 or place.rows[start].gap > 0
    return is_link_row(row.text, after_entry=True) or (place.is_below(position) and is_own_block and is_prose(row.text))


def is_bare_year(row: Row) -> bool:
    """Whether the row is a year that stands over the entries of that year."""
    return row.gap > 0 and is_date(row.text) and len(row.text.strip(" :.-–—#")) == 4


def is_subheading(place: SectionRows, position: int) -> bool:
    """Whether the row is a heading nobody could know: short, in capitals, alone, with something below it."""
    row = place.rows[position]
    count = len(row.text.split())
    is_apart = row.gap > 0 or (position > 0 and is_prose(place.rows[position - 1].text) and count <= 3)
    if position + 1 >= len(place.rows) or not is_apart or row.is_item or count > 6 or place.anchors[position]:
        return False
    if not is_title_like(row.text) or capital_share(row.text) < 0.6 or row.text[-1] in ".!?":
        return False
    return place.rows[position + 1].gap > 0 or entry_at(place, position + 1) is not None
