"""The results of imports and searches."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from threadkeep.errors import DumpError
from threadkeep.index.engine import TermScore
from threadkeep.records import Problem, StoredPost

if TYPE_CHECKING:
    from threadkeep.sources.source import Source
    from threadkeep.store.record_writer import ImportCounts


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the records of one source: read = new + updated + unchanged + skipped + problems.

    ``format`` is None for a source that could not be read at all. ``accounts`` to ``pins`` count distinct records that
    the source holds, ``to_check`` uncertain boundaries between posts, ``removed`` posts of an earlier import of the
    same source that it no longer yields. ``error`` says why nothing was stored.
    """

    source: str
    format: str | None
    sha256: str | None
    read: int
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    accounts: int = 0
    posts: int = 0
    reposts: int = 0
    pins: int = 0
    to_check: int = 0
    removed: int = 0
    error: DumpError | None = None

    @property
    def failed(self) -> bool:
        """Whether nothing of the dump was stored because of what is wrong with it."""
        return self.format is None

    def adds_up(self) -> bool:
        """Whether everything read has found its place."""
        return self.read == (self.new + self.updated + self.unchanged + sum(self.skipped.values()) + len(self.problems))


def import_report(source: "Source", format_name: str, counts: "ImportCounts") -> ImportReport:
    """The report of a dump that was read by the parser ``format_name``."""
    return ImportReport(
        source=source.name,
        format=format_name,
        sha256=source.sha256,
        read=counts.read,
        new=counts.new,
        updated=counts.updated,
        unchanged=counts.unchanged,
        skipped=dict(counts.skipped),
        problems=tuple(counts.problems),
        accounts=counts.held.get("account", 0),
        posts=counts.held.get("post", 0),
        reposts=counts.held.get("repost", 0),
        pins=counts.held.get("pin", 0),
        to_check=counts.to_check,
        removed=counts.removed,
    )


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A hit of a search: the post, how well it fits, how many posts its thread has, and the place that fits best.

    ``spans`` are the hits as code points of ``snippet``.
    """

    stored: StoredPost
    score: float
    thread_size: int
    snippet: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a query was understood and why its first hits rank as they do.

    ``understood`` is its tree in plain words, a line a part; ``added`` what was asked for besides. ``shares`` tells for
    the first hits, in their order, what each word added to the score; it is empty where the order is by date.
    """

    understood: tuple[str, ...]
    added: tuple[str, ...] = ()
    shares: tuple[tuple[TermScore, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some hits of a search, how many there are in all, a better spelling where there are none, and warnings.

    ``explanation`` is there where one was asked for.
    """

    hits: tuple[SearchHit, ...]
    total: int
    suggestion: str | None = None
    warnings: tuple[str, ...] = ()
    explanation: Explanation | None = None


class StrictImportError(DumpError):
    """A dump imported with ``strict`` had problems, so nothing of it was stored; ``report`` says which."""

    def __init__(self, report: ImportReport) -> None:
        count = len(report.problems)
        super().__init__(
            f"{report.source}: {count} problem{'s' if count > 1 else ''}, so nothing of it was stored",
            "leave out --strict to keep the rest",
        )
        self.report = report
