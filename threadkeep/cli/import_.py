"""``threadkeep import``: read sources into the archive, and report what became of every record."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.own_files import OWN_EXPORT, OWN_KINDS
from threadkeep.archive.reports import ImportReport
from threadkeep.cli.completion import complete_format
from threadkeep.cli.import_report import print_report, print_totals, review_hint
from threadkeep.cli.progress import Progress, sync_index
from threadkeep.cli.terminal import complain, note, say, styled
from threadkeep.parsers.registry import parser_named
from threadkeep.records import Boundary, Exported, Parsed, Post, Skipped
from threadkeep.sources.source import Options, Source
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import plural

_PROGRESS_STEP = 200
"""Records between two updates of the progress bar."""

_IGNORED_SHOWN = 3


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(allow_dash=True))
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    shell_complete=complete_format,
    help="Read the sources as this format; threadkeep formats lists them.",
)
@click.option("--owner", metavar="HANDLE", help="The account whose profile or export this is.")
@click.option("--author", metavar="HANDLE", help="The author of a paste that does not name one.")
@click.option("--posts", type=click.IntRange(1), metavar="N", help="Number of posts in a paste without separators.")
@click.option(
    "--split",
    type=click.Choice(["auto", "line", "blank", "marker"]),
    default="auto",
    help="How to split a paste into posts: automatically, at line ends, blank lines, or markers like (1/5).",
)
@click.option("--likes", is_flag=True, help="Include the posts that the owner of an X archive liked.")
@click.option(
    "--map",
    "columns",
    metavar="A=B,...",
    help="Read a table; name its columns: text=body,author=user,created=ts and more.",
)
@click.option(
    "--saved-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day a page was copied, YYYY-MM-DD: it dates posts that say only 3d or Mar 3.",
)
@click.option("--dry-run", is_flag=True, help="Report what would be stored without storing it.")
@click.option("--verbose", is_flag=True, help="With --dry-run: print every record as well.")
@click.option("--strict", is_flag=True, help="Store nothing of a source with problems.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source.")
@click.pass_obj
def import_(
    folder: Path,
    paths: tuple[str, ...],
    format_name: str | None,
    owner: str | None,
    author: str | None,
    posts: int | None,
    split: Any,
    likes: bool,
    columns: str | None,
    saved_on: datetime | None,
    dry_run: bool,
    verbose: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Read sources into the archive.

    PATH is a file, a folder, a pattern, or - for standard input. A folder that is not an export itself is searched for
    sources, but for what threadkeep wrote itself: its exports, backups and archives. The archive keeps a copy of each
    source, and reports what became of every record in it.

    \b
    threadkeep import twitter-2024.zip
    threadkeep import ~/Downloads/bluesky --dry-run
    threadkeep import profile.txt --author mira
    """
    options = Options(
        _handle(author),
        _handle(owner),
        posts,
        split,
        None,
        likes,
        _columns(columns),
        saved_on.date() if saved_on else None,
    )
    format_name = format_name or ("table" if columns else None)
    if format_name:
        parser_named(format_name)  # raises UnknownFormat before anything is read
    reports: list[ImportReport] = []
    ignored: list[tuple[Path, str]] = []
    with _archive(folder, dry_run=dry_run) as archive, _Watcher(prints=dry_run and verbose and not as_json) as watcher:
        for report in archive.import_paths(
            _inputs(paths, options),
            format_name,
            options=options,
            dry_run=dry_run,
            strict=strict,
            watch=watcher,
            on_ignored=lambda path, reason: ignored.append((path, reason)),
        ):
            watcher.stop()
            reports.append(report)
            _print_outcome(report, as_json=as_json)
        if not dry_run:
            with Progress("indexing") as progress:
                sync_index(archive, progress.count)
    if not as_json:
        print_totals(reports)
        if dry_run and not all(report.failed for report in reports):
            say("a dry run: nothing was stored" + ("" if verbose else "; --verbose shows the records"))
    _print_end(reports, ignored, paths)
    if not reports or any(report.error for report in reports):
        raise click.exceptions.Exit(1)


class _Watcher:
    """Shows a progress bar for the source being read; with ``prints`` it prints the records."""

    def __init__(self, *, prints: bool) -> None:
        self._prints = prints
        self._source: Source | None = None
        self._progress: Progress | None = None
        self._count = 0

    def __call__(self, source: Source, locator: str, parsed: Parsed) -> None:
        if self._progress is None or source is not self._source:
            self.stop()
            self._source, self._progress, self._count = source, Progress(source.name), 0
        self._count += 1
        if self._count % _PROGRESS_STEP == 0:
            self._progress.fraction(source.fraction_read(), self._count)
        if self._prints:
            _print_parsed(locator, parsed)

    def stop(self) -> None:
        """Remove the progress bar."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def __enter__(self) -> "_Watcher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextlib.contextmanager
def _archive(folder: Path, *, dry_run: bool) -> Iterator[Archive]:
    """Open the archive; for a dry run without one, an empty temporary archive."""
    if dry_run and not (folder / "threadkeep.db").exists():
        with tempfile.TemporaryDirectory(prefix="threadkeep-") as scratch, Archive(Path(scratch)) as archive:
            yield archive
    else:
        with Archive(folder) as archive:
            yield archive


def _inputs(paths: tuple[str, ...], options: Options) -> Iterator[str | Source]:
    """Yield the paths, and standard input as an open source in place of ``-``."""
    for path in paths:
        if path == "-":
            with Source.from_stream("-", sys.stdin.buffer, options) as source:
                yield source
        else:
            yield path


def _columns(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return ``text=body,author=user`` as pairs."""
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    if any(not field.strip() or not column.strip() for field, _, column in pairs):
        raise click.BadParameter("give pairs such as text=body,author=user", param_hint="--map")
    return tuple((field.strip(), column.strip()) for field, _, column in pairs)


def _handle(text: str | None) -> str | None:
    return text.strip().lstrip("@") or None if text else None


def _print_parsed(locator: str, parsed: Parsed) -> None:
    """Print what a dry run read at ``locator``."""
    if isinstance(parsed, Exported):
        say(styled(f"exported on {parsed.when:%Y-%m-%d}", dim=True))
    elif isinstance(parsed, Boundary):
        words = "a post begins" if parsed.starts else "a post may begin"
        colour = {"sure": "green", "likely": None, "check": "yellow"}[parsed.band]
        say(styled(f"--- line {parsed.line}: {words} ({parsed.band})", colour))
    elif isinstance(parsed, Skipped):
        say(styled(f"{locator}: skipped, {parsed.reason}", dim=True))
    elif isinstance(parsed, Post):
        say(f"{locator}: post {escape_controls(parsed.title or '')}".rstrip())
        for line in escape_controls(parsed.text).split("\n"):
            say(f"    {line}".rstrip())
    else:
        say(f"{locator}: {escape_controls(str(parsed))}")


def _print_outcome(report: ImportReport, *, as_json: bool) -> None:
    if as_json or not report.failed:
        print_report(report, as_json=as_json)
    if report.error:
        message = report.error.message
        complain(message if report.source in message else f"{report.source}: {message}", report.error.hint)
    elif as_json and report.to_check:
        note(f"{report.source}: {review_hint(report)}")


def _print_end(reports: list[ImportReport], ignored: list[tuple[Path, str]], paths: tuple[str, ...]) -> None:
    if not reports:
        complain(f"no source found in {', '.join(paths)}", "threadkeep formats lists what can be read")
    unknown = [str(path) for path, reason in ignored if reason not in OWN_KINDS]
    if unknown and reports:
        names = ", ".join(unknown[:_IGNORED_SHOWN])
        more = ", …" if len(unknown) > _IGNORED_SHOWN else ""
        note(f"ignored {plural(len(unknown), 'file')} that no parser recognizes: {names}{more}")
    if passed_over := _passed_over(ignored):
        note(f"passed over: {passed_over}")


def _passed_over(ignored: list[tuple[Path, str]]) -> str:
    """Say what was passed over by name: ``3 own exports (notes, …), 1 archive (archive)``; pages count by folder."""
    parts = []
    for kind in OWN_KINDS:
        places = dict.fromkeys(_place(path, kind) for path, reason in ignored if reason == kind)
        if places:
            shown = ", ".join(list(places)[:_IGNORED_SHOWN]) + (", …" if len(places) > _IGNORED_SHOWN else "")
            parts.append(f"{plural(len(places), kind)} ({shown})")
    return ", ".join(parts)


def _place(path: Path, kind: str) -> str:
    """Return the folder of the pages of an export; its CSV and everything else by its own name."""
    is_page = kind == OWN_EXPORT and path.suffix.lower() != ".csv"
    return str(path.parent if is_page and path.parent != Path() else path)
