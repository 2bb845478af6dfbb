"""What the rows of a section are to one another: below a title a row of names lists authors, elsewhere it is a row.

Tiny Looms
Ada Byron, Jo Gray             authors
WEAVE 2021 | arXiv | code      venue and links
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import mean, median_low
from typing import Literal

from threadkeep.parsers.home_page._citations import citation, list_entry
from threadkeep.parsers.home_page._dates import find_date, is_date_line, leading_date
from threadkeep.parsers.home_page._line_kinds import (
    MARKER,
    Section,
    capital_share,
    is_prose,
    is_venue,
    speaks_in_first_person,
)
from threadkeep.parsers.home_page._link_labels import is_contact_row, is_link_row, trailing_labels
from threadkeep.parsers.home_page._people import authors_of
from threadkeep.parsers.home_page._rows import Row
from threadkeep.parsers.home_page._titles import is_title_like, titled
from threadkeep.records import When

Anchor = Literal["authors", "venue", "date", "links"]

_FOOTER = re.compile(
    r"(?:©|\(c\) |copyright\b|last (?:updated?|modified)|updated? (?:on|in)\b|powered by|built with|made with|"
    r"(?:web ?site|page) (?:design|template|source)|web design|design(?:ed)? (?:by|from)|template (?:by|from)|"
    r"theme (?:by|from)|"
    r"(?:this )?(?:web ?)?(?:site|page|template) (?:is |was )?(?:built|based|adapted|forked|made|borrowed)|source code|"
    r"(?:feel free to )?(?:steal|fork|copy) |back to top|visitors?\b)",
    re.I,
)
_FOOTER_ROWS = 5
_LONGEST_ANCHOR = 3000
"""Characters: some papers have two hundred authors."""


@dataclass(frozen=True, slots=True)
class SectionRows:
    """The rows of a section and what they have in common, for a row alone is seldom certain.

    ``kind`` is None for rows under no known heading; ``is_opening``: before the first, where people present themselves.
    ``dated_lines``, ``news_rows``, ``cited_rows`` and ``plain_pairs`` count what would be an entry of one line, news, a
    citation, and a title with nothing but a paragraph below it.
    """

    page: "Page"
    rows: list[Row]
    anchors: list[frozenset[Anchor]]
    kind: Section | None
    is_opening: bool
    dated_lines: int
    news_rows: int
    cited_rows: int
    plain_pairs: int
    has_title_items: bool

    @property
    def lists_works(self) -> bool:
        """Whether entries may stand on one line: among publications, projects or writing, or under unknown headings."""
        return self.kind == "works" or (self.kind is None and (not self.is_opening or self.cited_rows > 1))

    def from_row(self, start: int) -> "SectionRows":
        """The same place without its first rows."""
        return replace(self, rows=self.rows[start:], anchors=self.anchors[start:])

    def is_below(self, position: int) -> bool:
        """Whether the row stands right below another, as a part of what that begins."""
        return 0 < position < len(self.rows) and not self.rows[position].gap and not self.rows[position].is_item

    def is_footer(self, position: int) -> bool:
        """Whether the row is one of the last of the page and speaks of the page itself."""
        text = self.rows[position].text
        is_last = self.rows[position].first >= self.page.footer_line
        return is_last and len(text.split()) <= 30 and _FOOTER.match(text) is not None


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of the whole page: the name, the usual gap, where footers may be, rows like ``Title: text``."""

    name: str | None
    gap: int
    footer_line: int
    titled_rows: int

    @classmethod
    def of(cls, rows: list[Row], name: str | None) -> "Page":
        """What the rows of a page have in common."""
        gaps = [row.gap for row in rows if row.gap]
        return cls(
            name=name,
            gap=median_low(gaps) if gaps else 1,
            footer_line=rows[-min(_FOOTER_ROWS, len(rows))].first if rows else 1,
            titled_rows=sum(titled(row.body) is not None for row in rows),
        )

    def place(self, rows: list[Row], kind: Section | None, is_opening: bool) -> SectionRows:
        """What the rows of one section have in common."""
        titles = [body for row in rows if row.is_item and _is_title(body := row.body)]
        items = sum(row.is_item for row in rows)
        return SectionRows(
            page=self,
            rows=rows,
            anchors=[_anchors(row, self.name, is_opening) for row in rows],
            kind=kind,
            is_opening=is_opening,
            dated_lines=sum(_is_dated_line(row) for row in rows),
            news_rows=sum(is_news(row) for row in rows),
            cited_rows=sum(citation(row.body) is not None for row in rows),
            plain_pairs=sum(
                is_plain_title(a.text) and is_description(b.text) and not a.is_item and a.gap > 0
                for a, b in itertools.pairwise(rows)
            ),
            has_title_items=items > 1 and len(titles) >= 0.8 * items and mean(map(capital_share, titles)) >= 0.5,
        )


def _is_title(text: str) -> bool:
    return is_title_like(text) and not is_prose(text) and len(text.split()) <= 16


def is_plain_title(text: str) -> bool:
    """Whether a line may be the title of a paragraph below it: a few words in capitals, no date, no sentence."""
    if not is_title_like(text) or is_prose(text) or len(text.split()) > 12 or capital_share(text) < 0.5:
        return False
    return not speaks_in_first_person(text) and find_date(text) is None


def is_description(text: str) -> bool:
    """Whether a line may be all that describes a title: a sentence of some length."""
    return is_prose(text) and len(text.split()) >= 6


def _is_dated_line(row: Row) -> bool:
    return not row.is_item and find_date(row.text) is not None and list_entry(row.text) is not None


def _anchors(row: Row, name: str | None, is_opening: bool) -> frozenset[Anchor]:
    """What the row would say of a title above it; several things where it says more."""
    text = row.text
    if len(text) > _LONGEST_ANCHOR or MARKER.match(text) or (is_opening and is_contact_row(text)):
        return frozenset()
    if is_link_row(text, after_entry=True):
        return frozenset({"links"})
    cut, labels = trailing_labels(text)
    core = text[:cut].rstrip(" ,.;") if labels else text
    kind: Anchor
    if is_date_line(core):
        kind = "date"
    elif authors_of(core) or (name is not None and core.strip("*†‡ .") == name):
        kind = "authors"
    elif is_venue(core):
        kind = "venue"
    else:
        return frozenset()
    return frozenset({kind, "links"}) if labels else frozenset({kind})


def date_of_rows(rows: Iterable[Row]) -> When | None:
    """The date in the rows around a title: that of a date line, else the year of a venue."""
    rows = [row for row in rows if len(row.text) <= _LONGEST_ANCHOR]
    for row in rows:
        if is_date_line(row.text):
            return find_date(row.text)
    dates = [find_date(row.text) for row in rows if not authors_of(row.text) and not is_prose(row.text)]
    dates += [find_date(row.text) for row in rows]
    return next((date for date in dates if date is not None), None)


def is_news(row: Row) -> bool:
    """Whether the row begins with a date and goes on: ``[May 2024] Moved to …``."""
    dated = leading_date(row.body)
    return dated is not None and len(row.body) > dated[1]
