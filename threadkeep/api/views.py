"""What the Python interface returns: posts, hits, pages of hits, threads and import reports, easy to read and to print.

    >>> hit
    <HitView bluesky:~ea26… @mira.example.com, no date: "To put this to use, we weigh ash from every …">

Texts of posts are untrusted: a ``repr`` shows control characters as pictures, and HTML is escaped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, overload

from threadkeep.archive.reports import ImportReport, SearchHit, SearchPage
from threadkeep.platforms.registry import url_of
from threadkeep.records import Gap, StoredPost, Thread
from threadkeep.text.control_chars import escape_controls

REPR_TEXT = 60
"""How many characters of a text a ``repr`` shows."""


class PostView:
    """A post of the archive. ``record`` is all that is known of it; the properties are what most programs need."""

    def __init__(self, record: StoredPost) -> None:
        self.record = record

    @property
    def id(self) -> str:
        """The id that ``archive.thread`` and ``threadkeep show`` take: ``x:1750000000000000000``."""
        return str(self.record.post.ref)

    @property
    def platform(self) -> str:
        """The network: ``x``, ``bluesky``, ``mastodon``, ``web`` or ``text``."""
        return self.record.post.ref.platform

    @property
    def text(self) -> str:
        """The text as its author wrote it."""
        return self.record.post.text

    @property
    def title(self) -> str | None:
        """The title, of entries that have one."""
        return self.record.post.title

    @property
    def author(self) -> str | None:
        """The author's handle without ``@``, else the display name; None for an unknown author."""
        account = self.record.author
        return (account.handle or account.name) if account else None

    @property
    def author_name(self) -> str | None:
        """The author's display name."""
        return self.record.author.name if self.record.author else None

    @property
    def created(self) -> datetime | None:
        """When it was posted, in UTC; the first moment of a day, month or year of which no more is known."""
        return self.record.post.created.instant if self.record.post.created else None

    @property
    def precision(self) -> str | None:
        """How exact ``created`` is: ``second``, ``day``, ``month`` or ``year``."""
        return self.record.post.created.precision if self.record.post.created else None

    @property
    def url(self) -> str | None:
        """The post's web address, as its source gives it or as its id says it."""
        return url_of(self.record.post)

    @property
    def thread(self) -> str:
        """The id of the first post of its thread; its own id if it stands alone."""
        return str(self.record.thread)

    @property
    def reply_to(self) -> str | None:
        """The id of the post it answers, which the archive need not hold."""
        return str(self.record.post.reply_to) if self.record.post.reply_to else None

    @property
    def tags(self) -> tuple[str, ...]:
        """The hashtags without ``#``."""
        return self.record.post.tags

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses it links to."""
        return tuple(link.url for link in self.record.post.links if link.url)

    @property
    def counts(self) -> dict[str, int]:
        """``replies``, ``reposts``, ``likes``, ``quotes`` and ``views``, as far as known."""
        return dict(self.record.post.counts)

    def to_dict(self) -> dict[str, Any]:
        """Return the post as the object that ``--json`` and JSON Lines exports have."""
        from threadkeep.record_json.encode import post_object

        return post_object(self.record)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, PostView) and self.record == other.record

    def __hash__(self) -> int:
        return hash(self.record.post.ref)

    def __repr__(self) -> str:
        text = " ".join(self.text.split())
        shown = text if len(text) <= REPR_TEXT else f"{text[: REPR_TEXT - 1]}…"
        return escape_controls(f'<{type(self).__name__} {self.id} {self.byline()}: "{shown}">')

    def byline(self) -> str:
        """Return the author and the date, for people: ``@mira, 2024-05-01``."""
        account = self.record.author
        author = f"@{account.handle}" if account and account.handle else self.author or "unknown author"
        form = {"year": "%Y", "month": "%Y-%m"}.get(self.precision or "", "%Y-%m-%d")
        return f"{author}, {self.created.strftime(form) if self.created else 'no date'}"

    def _repr_html_(self) -> str:
        from threadkeep.api.notebook_html import post_html

        return post_html(self)


class HitView(PostView):
    """A post that a search found: ``score`` (higher is better; 0 in date order), ``snippet``, ``thread_size``."""

    def __init__(self, hit: SearchHit) -> None:
        super().__init__(hit.stored)
        self.score = hit.score
        self.snippet = hit.snippet
        self.spans = hit.spans
        self.thread_size = hit.thread_size

    def marked(self, before: str = "**", after: str = "**") -> str:
        """Return the snippet with every match between ``before`` and ``after``."""
        from threadkeep.index.highlight import Snippet, marked

        return marked(Snippet(self.snippet, self.spans), before, after)

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``threadkeep search --json`` prints: the post, its score and its snippet."""
        return {**super().to_dict(), "score": round(self.score, 4), "snippet": self.marked()}


class PageView(Sequence[HitView]):
    """A page of hits. ``len(page)`` counts the hits on it, ``page.total`` all that the query found.

    ``suggestion`` is a better spelling where nothing was found; ``warnings`` say what in the query has no effect.
    """

    def __init__(self, query: str, page: SearchPage) -> None:
        self.query = query
        self.hits = tuple(map(HitView, page.hits))
        self.total = page.total
        self.suggestion = page.suggestion
        self.warnings = page.warnings

    @overload
    def __getitem__(self, place: int) -> HitView: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[HitView, ...]: ...
    def __getitem__(self, place: int | slice) -> HitView | tuple[HitView, ...]:
        return self.hits[place]

    def __len__(self) -> int:
        return len(self.hits)

    def to_dict(self) -> dict[str, Any]:
        """Return the query, the total and the hits as JSON objects."""
        return {"query": self.query, "total": self.total, "hits": [hit.to_dict() for hit in self]}

    def __repr__(self) -> str:
        return f"<PageView of {escape_controls(self.query)!r}: {len(self):,} of {_count(self.total, 'hit')}>"

    def _repr_html_(self) -> str:
        from threadkeep.api.notebook_html import page_html

        return page_html(self)


class ThreadView(Sequence[PostView]):
    """The posts of a thread in reading order. ``items`` has a ``Gap`` too wherever a post is known to be missing."""

    def __init__(self, record: Thread) -> None:
        self.record = record
        self.items: tuple[PostView | Gap, ...] = tuple(
            item if isinstance(item, Gap) else PostView(item) for item in record.items
        )
        self.posts = tuple(item for item in self.items if isinstance(item, PostView))

    @property
    def id(self) -> str:
        """The id of the thread's first post."""
        return str(self.record.root)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The posts that are known to be missing."""
        return tuple(item for item in self.items if isinstance(item, Gap))

    @overload
    def __getitem__(self, place: int) -> PostView: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[PostView, ...]: ...
    def __getitem__(self, place: int | slice) -> PostView | tuple[PostView, ...]:
        return self.posts[place]

    def __len__(self) -> int:
        return len(self.posts)

    def to_dict(self) -> dict[str, Any]:
        """Return the thread's id and its items, posts and gaps, as the JSON objects that ``threadkeep show`` prints."""
        from threadkeep.record_json.encode import gap_object

        objects = [gap_object(item) if isinstance(item, Gap) else item.to_dict() for item in self.items]
        return {"id": self.id, "items": objects}

    def __repr__(self) -> str:
        missing = f", {len(self.gaps):,} missing" if self.gaps else ""
        byline = f" {escape_controls(self.posts[0].byline())}" if self.posts else ""
        return f"<ThreadView {escape_controls(self.id)}{byline}: {_count(len(self), 'post')}{missing}>"

    def _repr_html_(self) -> str:
        from threadkeep.api.notebook_html import thread_html

        return thread_html(self)


class ImportReports(Sequence[ImportReport]):
    """What an import gave, a report for each source; ``new`` to ``pins`` add them up.

    ``ignored_paths`` are the files of a folder that no parser knows. ``report.failed`` says that nothing of a source
    was stored; ``report.problems`` says what could not be read, where and why.
    """

    def __init__(self, reports: Iterable[ImportReport], ignored_paths: Iterable[str] = ()) -> None:
        self.reports = tuple(reports)
        self.ignored_paths = tuple(ignored_paths)

    @overload
    def __getitem__(self, place: int) -> ImportReport: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[ImportReport, ...]: ...
    def __getitem__(self, place: int | slice) -> ImportReport | tuple[ImportReport, ...]:
        return self.reports[place]

    def __len__(self) -> int:
        return len(self.reports)

    @property
    def new(self) -> int:
        """Records that the archive did not hold before."""
        return sum(report.new for report in self)

    @property
    def problems(self) -> int:
        """Entries that could not be read."""
        return sum(len(report.problems) for report in self)

    @property
    def posts(self) -> int:
        """Posts that the sources hold; one that two sources hold counts twice."""
        return sum(report.posts for report in self)

    @property
    def failed(self) -> tuple[ImportReport, ...]:
        """The reports of the sources of which nothing was stored."""
        return tuple(report for report in self if report.failed)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return a JSON object for each report."""
        return [_report_object(report) for report in self]

    def __repr__(self) -> str:
        failed = f", {len(self.failed):,} failed" if self.failed else ""
        problems = f", {_count(self.problems, 'problem')}" if self.problems else ""
        sources, posts = _count(len(self), "source"), _count(self.posts, "post")
        return f"<ImportReports: {sources}, {posts}, {self.new:,} new records{problems}{failed}>"

    def _repr_html_(self) -> str:
        from threadkeep.api.notebook_html import reports_html

        return reports_html(self)


def _report_object(report: ImportReport) -> dict[str, Any]:
    known = {field.name: getattr(report, field.name) for field in fields(report)}
    problems = [{"locator": problem.locator, "reason": problem.reason} for problem in report.problems]
    return {**known, "problems": problems, "error": str(report.error) if report.error else None}


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
