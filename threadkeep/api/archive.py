"""Open an archive from Python: import, search, read threads, export, and get a pandas DataFrame.

with open_archive("kept") as archive:
    for hit in archive.search("glaze from:mira", limit=50):
        print(hit.created, hit.author, hit.text)
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from threadkeep.api.views import ImportReports, PageView, PostView, ThreadView
from threadkeep.archive.archive import Archive as ArchiveCore
from threadkeep.errors import NotFound, ThreadkeepError
from threadkeep.sources.source import Options

if TYPE_CHECKING:
    import pandas

    from threadkeep.exporters.exporter import ExportCounts
    from threadkeep.index.engine import CountBy, Sort


def open_archive(folder: str | Path | None = None, *, create: bool = False) -> "Archive":
    """Open the archive in ``folder``; close it after use, or use it as a context manager.

    Without ``folder`` it is the one that the command line uses: ``THREADKEEP_ARCHIVE``, else the user's data folder.
    ``create`` makes an empty archive where there is none. Raises NotFound where there is none, ArchiveTooNew,
    ArchiveError and StorageError.
    """
    from threadkeep.files.archive_location import archive_folder

    place = archive_folder(str(folder) if folder is not None else None)
    if not create and not (place / "threadkeep.db").exists():
        raise NotFound(
            f"{place}: there is no archive", f"open_archive({str(folder or place)!r}, create=True) makes one"
        )
    return Archive(place)


class Archive:
    """An open archive. ``open_archive`` makes one; ``docs/python.md`` shows what to do with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._core = ArchiveCore(folder)

    def close(self) -> None:
        """Close the database. Whatever the archive returned stays usable."""
        self._core.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def import_paths(
        self,
        *paths: str | Path,
        format: str | None = None,  # noqa: A002 - the command line's word
        author: str | None = None,
        owner: str | None = None,
        dry_run: bool = False,
    ) -> ImportReports:
        """Import files, folders and patterns such as ``dumps/*.txt``; return a report for each source.

        A source that cannot be read does not stop the others: its report has ``failed``. ``format`` is a name that
        ``threadkeep formats`` lists, ``author`` the handle of who wrote a paste that does not say, ``owner`` whose
        export it is. With ``dry_run`` nothing is stored. Raises UnknownFormat and StorageError.
        """
        ignored: list[str] = []
        reports = self._core.import_paths(
            paths,
            format,
            options=Options(author=author, owner=owner),
            dry_run=dry_run,
            on_ignored=lambda path, _reason: ignored.append(str(path)),
        )
        done = ImportReports(reports, ignored)
        if not dry_run:
            self._core.sync()
        return done

    def search(
        self,
        query: str,
        *,
        limit: int | None = 20,
        offset: int = 0,
        sort: "Sort" = "relevance",
        private: bool = False,
    ) -> PageView:
        """Return the hits of ``query`` (docs/query.md): at most ``limit``, all with None, after the first ``offset``.

        ``sort`` is ``relevance``, ``newest`` or ``oldest``. Followers-only and direct posts are found with ``private``
        only. Raises QueryError.
        """
        if limit is None:
            limit = max(self.count(query, private=private), 1)
        return PageView(query, self._core.search(query, sort, limit, offset, private=private))

    def count(self, query: str, *, private: bool = False) -> int:
        """Return how many posts ``query`` finds. Raises QueryError."""
        return self._core.total(query, private=private)

    def counts(self, query: str, by: "CountBy", *, private: bool = False) -> dict[str, int]:
        """Return how many posts ``query`` finds for each author, year, …, the most first. Raises QueryError.

        ``by`` is ``author``, ``year``, ``month``, ``tag``, ``domain``, ``platform``, ``kind`` or ``lang``.
        """
        return dict(self._core.counts(query, by, private=private).counts)

    def posts(self, query: str | None = None, *, private: bool = False) -> Iterator[PostView]:
        """Yield every post that ``query`` finds, or all posts, thread by thread in reading order. Raises QueryError."""
        with self._core.selection(query, private=private) as selection:
            yield from map(PostView, selection.posts())

    def thread(self, post: "str | PostView", *, conversation: bool = False) -> ThreadView:
        """Return the thread of a post: a hit, an id such as ``x:1750000000000000000``, or a web address.

        A thread is the author's own chain of posts; ``conversation`` adds what others answered. Raises NotFound.
        """
        name = post.id if isinstance(post, PostView) else post
        return ThreadView(self._core.thread(name, conversation=conversation))

    def export(
        self,
        query: str | None = None,
        *,
        format: str = "markdown",  # noqa: A002 - the command line's word
        to: str | Path,
        private: bool = False,
    ) -> "ExportCounts":
        """Write what ``query`` finds, or everything, to ``to``; return how many files and posts were written.

        ``format`` is ``markdown`` or ``html`` (a folder, whole threads), ``jsonl`` or ``csv`` (a file). Raises
        QueryError, UnknownFormat and StorageError.
        """
        from threadkeep.exporters.registry import exporter_named

        exporter = exporter_named(format)
        with self._core.selection(query, private=private) as selection:
            return exporter.write(selection, Path(to))

    def to_pandas(self, query: str | None = None, *, private: bool = False) -> "pandas.DataFrame":
        """Return a DataFrame with a row for each post that ``query`` finds, or for every post.

        Its columns are ``id``, ``platform``, ``author``, ``author_name``, ``created`` (UTC), ``title``, ``text``,
        ``url``, ``thread``, ``reply_to``, ``tags``, ``links``, ``replies``, ``reposts``, ``likes``, ``quotes`` and
        ``views``. Raises QueryError, and ThreadkeepError where pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise ThreadkeepError("pandas is not installed", "python -m pip install pandas") from None
        frame = pandas.DataFrame([_row(post) for post in self.posts(query, private=private)], columns=COLUMNS)
        frame["created"] = pandas.to_datetime(frame["created"], utc=True)
        for name in COUNTS:
            frame[name] = frame[name].astype("Int64")
        return frame

    def __repr__(self) -> str:
        counts = self._core.store.counts()
        return f"<Archive {str(self.folder)!r}: {counts['posts']:,} posts from {counts['sources']:,} sources>"


COUNTS = ("replies", "reposts", "likes", "quotes", "views")
COLUMNS = (
    *("id", "platform", "author", "author_name", "created", "title", "text", "url", "thread", "reply_to"),
    *("tags", "links", *COUNTS),
)
"""The columns of a DataFrame."""


def _row(post: PostView) -> dict[str, Any]:
    return {name: post.counts.get(name) if name in COUNTS else getattr(post, name) for name in COLUMNS}
