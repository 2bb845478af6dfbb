"""Import paths: choose what to read, and report on every source, including those that fail.

What the caller names (a file, a pattern, an export) is always read, and any failure is reported. A folder that is not
an export itself is walked; of its files those are read that a parser recognizes or whose name says that they hold text.
The rest is ignored, and so is a file that turns out to be empty, not text, or of no known format. What threadkeep wrote
itself, exports, backups and archives, is passed over (``own_files``).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from threadkeep.archive.own_files import own_kind
from threadkeep.archive.reports import ImportReport, StrictImportError
from threadkeep.errors import DumpError, EmptyDump, NotText, UnknownFormat
from threadkeep.ingest.import_session import WHOLE_SOURCE
from threadkeep.parsers.registry import is_known
from threadkeep.records import Parsed, Problem
from threadkeep.sources.discovery import TEXT_SUFFIXES, find_sources
from threadkeep.sources.source import Options, Source

if TYPE_CHECKING:
    from threadkeep.archive.archive import Archive

Watch = Callable[[Source, str, Parsed], None]
"""Called with the source being read, the locator, and what the parser yielded there."""

OnIgnored = Callable[[Path, str], None]
"""Called with each file of a folder that is ignored, and the reason."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A source to import, or the reason why it cannot be opened. ``named``: by the caller, not found in a folder."""

    name: str
    source: Source | None
    error: DumpError | None
    named: bool


def import_paths(
    archive: "Archive",
    paths: Iterable[str | Path | Source],
    format_name: str | None,
    *,
    options: Options | None,
    dry_run: bool,
    strict: bool,
    watch: Watch | None,
    on_ignored: OnIgnored | None,
) -> Iterator[ImportReport]:
    """Import each source of ``paths`` and yield its report. Raises StorageError, ArchiveBusy, never DumpError."""
    for candidate in _candidates(paths, options, on_ignored):
        source, error = candidate.source, candidate.error
        if source is None:
            yield _failure(candidate.name, error)
            continue
        try:
            if not candidate.named and format_name is None and not _may_be_source(source):
                _ignore(source, "no parser recognizes it", on_ignored)
                continue
            watch_source = partial(watch, source) if watch else None
            yield archive.import_(source, format_name, dry_run=dry_run, strict=strict, watch=watch_source)
        except StrictImportError as strict_error:
            yield replace(strict_error.report, error=strict_error)
        except DumpError as dump_error:
            if isinstance(dump_error, NotText | EmptyDump | UnknownFormat) and not candidate.named:
                _ignore(source, dump_error.message, on_ignored)
            else:
                yield _failure(candidate.name, dump_error)


def _candidates(
    paths: Iterable[str | Path | Source], options: Options | None, on_ignored: OnIgnored | None
) -> Iterator[_Candidate]:
    def passes_over(path: Path) -> bool:
        kind = own_kind(path)
        if kind and on_ignored:
            on_ignored(path, kind)
        return kind is not None

    for path in paths:
        if isinstance(path, Source):
            yield _Candidate(path.name, path, None, named=True)
            continue
        try:
            for found in find_sources([str(path)], _is_export, passes_over):
                name = str(found.path)
                if found.error:
                    yield _Candidate(name, None, found.error, found.named)
                    continue
                try:
                    yield _Candidate(name, Source.from_path(found.path, options), None, found.named)
                except DumpError as error:
                    yield _Candidate(name, None, error, found.named)
        except DumpError as error:
            yield _Candidate(str(path), None, error, named=True)


def _is_export(folder: Path) -> bool:
    """Whether a folder is one export; a folder that cannot be opened is not."""
    try:
        return is_known(Source.from_path(folder))
    except DumpError:
        return False


def _may_be_source(source: Source) -> bool:
    """Whether to read a file found in a folder: a parser recognizes it, or its name is that of a text file."""
    return is_known(source) or source.path.suffix.lower() in TEXT_SUFFIXES


def _ignore(source: Source, reason: str, on_ignored: OnIgnored | None) -> None:
    if on_ignored:
        on_ignored(source.path, reason)


def _failure(name: str, error: DumpError | None) -> ImportReport:
    """Return the report of a source of which nothing could be read."""
    return ImportReport(name, None, None, 1, problems=(Problem(WHOLE_SOURCE, str(error), ""),), error=error)
