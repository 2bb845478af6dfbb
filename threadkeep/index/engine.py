"""Full-text search behind one small protocol: what an engine is given, what it answers.

An engine holds nothing that cannot be made again from the store: it knows a post by its row number in the store, and is
fed ``Document`` objects by store revision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from threadkeep.query.ast import Query

Sort = Literal["relevance", "newest", "oldest"]
CountBy = Literal["author", "year", "month", "tag", "domain", "platform", "kind", "lang"]


@dataclass(frozen=True, slots=True)
class Document:
    """What is searchable of one post. ``row_id`` is its row in the store, ``created`` microseconds since 1970 in UTC.

    ``authors`` are the names ``from:`` answers to (the handle), ``addressees`` those of ``to:``; they, ``mentions`` and
    ``tags`` come without ``@`` and ``#``. ``urls`` are the link targets as written, ``flags`` names of
    ``threadkeep.query.fields.FLAGS``. ``thread`` is the row number of the thread's root. ``likes``, ``reposts`` and
    ``replies`` are as many as the dump counted.
    """

    row_id: int
    thread: int
    platform: str
    text: str
    title: str | None = None
    alts: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    language: str | None = None
    created: int | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    flags: frozenset[str] = frozenset()


class Hit(NamedTuple):
    """A post found: its row number and its score (higher is better; 0 where the order is by date)."""

    row_id: int
    score: float


class Page(NamedTuple):
    """Some hits of a search, how many there are in all, and a better spelling where there are none."""

    hits: tuple[Hit, ...]
    total: int
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class TermScore:
    """What one term of a query adds to the BM25 score of a post.

    ``term`` is as indexed (stemmed); ``idf`` is its inverse document frequency; ``weight`` its frequency in the post,
    weighted by field (a title counts more than a link); ``score`` the product, normalized by the post's length.
    """

    term: str
    idf: float
    weight: float
    score: float


class Engine(Protocol):
    """A full-text engine. Every one of them is held to the same tests."""

    def revision(self) -> int:
        """The last store revision it holds; 0 for an empty, damaged or outdated index, which is then fed anew."""

    def update(
        self, changed: Iterable[Document], removed: Iterable[int], revision: int, since: int | None = None
    ) -> bool:
        """Take in ``changed`` (new or replacing their earlier form), forget ``removed``, and hold ``revision``.

        ``since`` is the revision after which ``changed`` begins: an engine that does not hold it any more, since
        another process has written to it, takes nothing in and returns False.
        """

    def search(self, query: Query, sort: Sort = "relevance", limit: int = 20, offset: int = 0) -> Page:
        """The hits from ``offset`` on, at most ``limit``. Without a date, a post comes last in either date order."""

    def counts(self, query: Query, by: CountBy) -> list[tuple[str, int]]:
        """How many hits there are for each value of ``by``, the most first, then by value."""

    def explain(self, query: Query, row_ids: Sequence[int]) -> list[tuple[int, list[TermScore]]]:
        """Return the term scores of each of ``row_ids``, in that order; those of one post sum to its score.

        The highest term score comes first. Terms that a post lacks and posts that are not indexed are left out.
        """

    def clear(self) -> None:
        """Forget everything, also what is damaged."""
