"""The protocol of a full-text engine, the documents it indexes and the results it returns.

An index can always be rebuilt from the store. It identifies a post by its row id in the store, and is updated with
``Document`` objects by store revision.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from threadkeep.query.ast import Query

Sort = Literal["relevance", "newest", "oldest"]
CountBy = Literal["author", "year", "month", "tag", "domain", "platform", "kind", "lang"]


@dataclass(frozen=True, slots=True)
class Document:
    """The searchable content of one post. ``row_id`` is its row in the store, ``created`` microseconds since 1970 UTC.

    ``authors`` are the handles that ``from:`` matches, ``addressees`` those of ``to:``. They, ``mentions`` and
    ``tags`` come without ``@`` and ``#``. ``cards`` are the titles and descriptions of link cards, and the content
    warning. ``urls`` are the link targets as written, ``flags`` names from ``threadkeep.query.flags.FLAGS``.
    ``thread`` is the row id of the thread's root. ``likes``, ``reposts`` and ``replies`` are counts from the source.
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
    """A matching post: its row id and its score (higher is better; 0 when sorted by date)."""

    row_id: int
    score: float


class Page(NamedTuple):
    """One page of hits, the number of all hits, and, where there are none, the query with its spelling corrected."""

    hits: tuple[Hit, ...]
    total: int
    suggestion: Query | None = None


class FacetCounts(NamedTuple):
    """The number of hits for each value of a facet, the highest count first, then by value; and of all hits."""

    counts: tuple[tuple[str, int], ...]
    total: int


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
    """A full-text engine. All implementations pass the same tests."""

    def revision(self) -> int:
        """Return the store revision of the index; 0 if it is empty, damaged or outdated and must be rebuilt."""

    def update(
        self, changed: Iterable[Document], removed: Iterable[int], revision: int, since: int | None = None
    ) -> bool:
        """Add or replace ``changed``, delete the rows ``removed``, and set the revision to ``revision``.

        ``since`` is the revision after which ``changed`` begins. If the index is at another one, because another
        process has updated it, change nothing and return False.
        """

    def search(self, query: Query, sort: Sort = "relevance", limit: int | None = 20, offset: int = 0) -> Page:
        """Return the hits from ``offset`` on, at most ``limit``; all of them if that is ``None``.

        Posts without a date come last in either date order.
        """

    def matching(self, query: Query) -> Iterator[int]:
        """Yield the row ids of all hits, in no particular order."""

    def counts(self, query: Query, by: CountBy) -> FacetCounts:
        """Count the hits for each value of ``by``."""

    def explain(self, query: Query, row_ids: Sequence[int]) -> list[tuple[int, list[TermScore]]]:
        """Return the term scores of each of ``row_ids``, in that order; those of one post sum to its score.

        The highest term score comes first. Terms that a post lacks and posts that are not indexed are left out.
        """

    def clear(self) -> None:
        """Delete the index, damaged or not."""
