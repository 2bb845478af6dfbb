"""What a parser is: the protocol that a format's module satisfies, and the entries it cuts a source into."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from threadkeep.records import Parsed, Problem
from threadkeep.sources.source import Source
from threadkeep.text.control_chars import escape_undecodable

REPEATED = "repeated in this dump"
"""Why a post is skipped that stands twice in one source."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item cut out of a dump: where it stands (``line 12``, ``tweets.js 812``), its parts, and its raw text.

    ``data`` is whatever the parser's ``entries`` hands to its own ``parse``; a Problem is reported as it is, without
    ``parse``.
    """

    locator: str
    data: Any
    raw: str


class Parser(Protocol):
    """What a parser module holds."""

    NAME: str
    """How ``--format`` calls it: lower case, with dashes."""
    TITLE: str
    """What ``threadkeep formats`` shows."""
    VERSION: int
    """Counted up whenever the same dump would give other records."""

    def recognizes(self, source: Source) -> bool:
        """Whether the dump is of this format: cheap, from ``source.head``, and certain."""

    def entries(self, source: Source) -> Iterator[Entry]:
        """The dump cut into items, in its own order; what needs the whole dump is joined here."""

    def parse(self, entry: Entry) -> Iterator[Parsed]:
        """The records of one item, with what was left out. Whatever it raises becomes a Problem of this entry."""


def line_locator(first: int, last: int) -> str:
    """The locator of the lines ``first`` to ``last``, 1-based: ``line 12``, ``lines 12-15``."""
    return f"line {first}" if first == last else f"lines {first}-{last}"


def damage(name: str, reason: str) -> Entry:
    """Return the entry that reports what is wrong with a file of a source: ``data/tweets.js``, "it is cut off".

    ``reason`` may begin with ``name``, as the errors of a source's members do.
    """
    return Entry(name, Problem(name, reason.removeprefix(f"{escape_undecodable(name)}: "), ""), "")
