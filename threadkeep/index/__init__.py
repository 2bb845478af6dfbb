"""Full-text search behind one small protocol: what an engine is given, what it answers.

An engine holds nothing that cannot be made again from the store: it knows a post by its row number in the store, and is
fed ``Document`` objects by store revision.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from threadkeep.query import Query

Sort = Literal["relevance", "newest", "oldest"]
CountBy = Literal["author", "year", "month", "tag", "domain", "platform", "kind"]


@dataclass(frozen=True, slots=True)
class Document:
    """What is searchable of one post. ``number`` is its row in the store, ``created`` microseconds since 1970 in UTC.

    ``authors`` are the names ``from:`` answers to (the handle), ``mentions`` and ``tags`` come without ``@`` and ``#``,
    ``urls`` are the link targets as written, ``flags`` hold ``pinned``, ``repost``, ``reply``, ``quote``, ``link``,
    ``media``, ``image``, ``video``, ``alt``, ``title``, ``warning``, ``thread`` (it stands in a thread of several),
    ``private`` (it was not for everyone). ``thread`` is the row number of the thread's root.
    """

    number: int
    thread: int
    platform: str
    text: str
    title: str | None = None
    alts: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    language: str | None = None
    created: int | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A post found: its row number and its score (higher is better; 0 where the order is by date)."""

    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits of a search, how many there are in all, and a better spelling where there are none."""

    hits: tuple[Hit, ...]
    total: int
    suggestion: str | None = None


class Engine(Protocol):
    """A full-text engine. Every one of them is held to the same tests."""

    def revision(self) -> int:
        """The last store revision it holds; 0 for an empty, damaged or outdated index, which is then fed anew."""

    def update(self, changed: Iterable[Document], removed: Iterable[int], revision: int) -> None:
        """Take in ``changed`` (new or replacing their earlier form), forget ``removed``, and hold ``revision``."""

    def search(self, query: Query, sort: Sort = "relevance", limit: int = 20, offset: int = 0) -> Page:
        """The hits from ``offset`` on, at most ``limit``. Without a date, a post comes last in either date order."""

    def counts(self, query: Query, by: CountBy) -> list[tuple[str, int]]:
        """How many hits there are for each value of ``by``, the most first, then by value."""

    def clear(self) -> None:
        """Forget everything, also what is damaged."""
