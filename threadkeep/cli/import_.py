"""``threadkeep import``: read sources into the archive, and report what became of every record."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import ImportReport, StrictImportError
from threadkeep.cli.completion import complete_format
from threadkeep.cli.import_report import print_report, review_hint
from threadkeep.cli.progress import Progress, sync_index
from threadkeep.cli.terminal import complain, note, say, styled
from threadkeep.errors import DumpError, EmptyDump, NotText, UnknownFormat
from threadkeep.ingest.ingest import WHOLE_SOURCE
from threadkeep.parsers.registry import is_known, parser_named
from threadkeep.records import Boundary, Parsed, Post, Problem, Skipped
from threadkeep.sources.discovery import TEXT_SUFFIXES, find_sources
from threadkeep.sources.source import Options, Source
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import plural


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
@click.option("--dry-run", is_flag=True, help="Show what would be stored without storing it.")
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
    dry_run: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Read sources into the archive.

    PATH is a file, a folder, a pattern, or - for standard input. A folder that is not an export itself is searched for
    sources. The archive keeps a copy of each source, and reports what became of every record in it.

    \b
    threadkeep import twitter-2024.zip
    threadkeep import ~/Downloads/bluesky --dry-run
    threadkeep import profile.txt --author mira
    """
    options = Options(_handle(author), _handle(owner), posts, split, None, likes, _columns(columns))
    format_name = format_name or ("table" if columns else None)
    if format_name:
        parser_named(format_name)  # raises UnknownFormat before anything is read
    outcomes: list[_Outcome] = []
    with _archive(folder, dry_run=dry_run) as archive:
        for dump in _dumps(paths, options):
            outcome = _import_one(archive, dump, format_name, dry_run=dry_run, strict=strict, as_json=as_json)
            outcomes.append(outcome)
            _print_outcome(outcome, as_json=as_json)
        if not dry_run:
            with Progress("indexing") as progress:
                sync_index(archive, progress.count)
    _print_end(outcomes, paths)
    if any(outcome.failed for outcome in outcomes) or not any(outcome.report for outcome in outcomes):
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True)
class _Dump:
    """A dump to import, or why there is none under that name. ``named``: the person named it, no folder did."""

    name: str
    source: Source | None
    error: DumpError | None
    named: bool


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a dump: its report, or the reason why it was passed over (``report`` None, ``error`` None)."""

    name: str
    report: ImportReport | None = None
    error: DumpError | None = None

    @property
    def failed(self) -> bool:
        return self.error is not None


@contextlib.contextmanager
def _archive(folder: Path, *, dry_run: bool) -> Iterator[Archive]:
    """The archive; for a dry run where there is none yet, an empty one that is thrown away."""
    if dry_run and not (folder / "threadkeep.db").exists():
        with tempfile.TemporaryDirectory(prefix="threadkeep-") as scratch, Archive(Path(scratch)) as archive:
            yield archive
    else:
        with Archive(folder) as archive:
            yield archive


def _dumps(paths: tuple[str, ...], options: Options) -> Iterator[_Dump]:
    for path in paths:
        if path == "-":
            with Source.from_stream("-", sys.stdin.buffer, options) as source:
                yield _Dump("-", source, None, named=True)
            continue
        try:
            for found in find_sources([path], _is_dump):
                name = str(found.path)
                if found.error:
                    yield _Dump(name, None, found.error, found.named)
                    continue
                try:
                    yield _Dump(name, Source.from_path(found.path, options), None, found.named)
                except DumpError as error:
                    yield _Dump(name, None, error, found.named)
        except DumpError as error:
            yield _Dump(path, None, error, named=True)


def _import_one(
    archive: Archive, dump: _Dump, format_name: str | None, *, dry_run: bool, strict: bool, as_json: bool
) -> _Outcome:
    source = dump.source
    if source is None:
        return _failed(dump, dump.error)
    try:
        if not dump.named and format_name is None and not _may_be_dump(source):
            return _Outcome(dump.name)
        with Progress(dump.name) as progress:
            count = 0

            def watch(locator: str, parsed: Parsed) -> None:
                nonlocal count
                count += 1
                if count % 200 == 0:
                    progress.fraction(source.fraction_read(), count)
                if dry_run and not as_json:
                    _print_parsed(locator, parsed)

            return _Outcome(
                dump.name, archive.import_(source, format_name, dry_run=dry_run, strict=strict, watch=watch)
            )
    except StrictImportError as error:
        return _Outcome(dump.name, error.report, error)
    except (NotText, EmptyDump, UnknownFormat) as error:
        return _failed(dump, error) if dump.named else _Outcome(dump.name)
    except DumpError as error:
        return _failed(dump, error)


def _is_dump(folder: Path) -> bool:
    """Whether a folder is one export, and not a place where dumps lie; one that cannot be looked into is a place."""
    try:
        return is_known(Source.from_path(folder))
    except DumpError:
        return False


def _may_be_dump(source: Source) -> bool:
    """Whether a file that a walked folder holds is worth reading: a known format, or text by its name."""
    return is_known(source) or source.path.suffix.lower() in TEXT_SUFFIXES


def _failed(dump: _Dump, error: DumpError | None) -> _Outcome:
    problem = Problem(WHOLE_SOURCE, str(error), "")
    return _Outcome(dump.name, ImportReport(dump.name, None, None, read=1, problems=(problem,)), error)


def _columns(given: str | None) -> tuple[tuple[str, str], ...]:
    """``text=body,author=user`` as pairs."""
    pairs = [pair.partition("=") for pair in (given or "").split(",") if pair.strip()]
    if any(not field.strip() or not column.strip() for field, _, column in pairs):
        raise click.BadParameter("give pairs such as text=body,author=user", param_hint="--map")
    return tuple((field.strip(), column.strip()) for field, _, column in pairs)


def _handle(given: str | None) -> str | None:
    return given.strip().lstrip("@") or None if given else None


def _print_parsed(locator: str, parsed: Parsed) -> None:
    """One line of a dry run: what stands where, and how sure it is that a post begins there."""
    if isinstance(parsed, Boundary):
        words = "a post begins" if parsed.starts else "perhaps a post begins"
        colour = {"sure": "green", "likely": None, "check": "yellow"}[parsed.band]
        say(styled(f"--- line {parsed.line}: {words} ({parsed.band})", colour))
    elif isinstance(parsed, Skipped):
        say(styled(f"{locator}: skipped, {parsed.reason}", dim=True))
    elif isinstance(parsed, Post):
        say(f"{locator}: post {escape_controls(parsed.title or '')}".rstrip())
        for line in parsed.text.split("\n"):
            say(f"    {escape_controls(line)}".rstrip())
    else:
        say(f"{locator}: {escape_controls(str(parsed))}")


def _print_outcome(outcome: _Outcome, *, as_json: bool) -> None:
    report = outcome.report
    if report is None:
        return
    if as_json or not report.failed:
        print_report(report, as_json=as_json)
    if outcome.error:
        message = outcome.error.message
        complain(message if outcome.name in message else f"{outcome.name}: {message}", outcome.error.hint)
    elif as_json and report.to_check:
        note(f"{escape_controls(report.source)}: {review_hint(report)}")


def _print_end(outcomes: list[_Outcome], paths: tuple[str, ...]) -> None:
    passed_over = [outcome.name for outcome in outcomes if outcome.report is None]
    if not any(outcome.report for outcome in outcomes):
        complain(f"no dump found in {', '.join(paths)}", "threadkeep formats lists what can be read")
    elif passed_over:
        some = ", ".join(passed_over[:3]) + (", …" if len(passed_over) > 3 else "")
        note(f"passed over {plural(len(passed_over), 'file')} that no parser knows: {some}")
