"""``threadkeep search``: find posts by their words."""

import re
from pathlib import Path
from typing import Any

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import Explanation, SearchHit
from threadkeep.cli.query_argument import SHELLED, QueryCommand, complete_query
from threadkeep.cli.terminal import marked, note, plural, say, say_json, styled
from threadkeep.query.fields import FIELDS, FLAGS, Field
from threadkeep.records import StoredPost, When
from threadkeep.text.control_chars import escape_controls

_LACKING = {"author": "a handle", "year": "a date", "month": "a date", "lang": "a language"}
"""What a post may lack, and then is in none of the counts; of the other counts it is in one, or in several."""

COUNTED = ("author", "year", "month", "tag", "domain", "platform", "kind", "lang")


class _SearchCommand(QueryCommand):
    """The command with the operators below its help, from the table that the parser reads."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Operators"):
            formatter.write_dl([(field.example, _in_short(field)) for field in FIELDS])
        with formatter.section("filter:, is: and has: take"):
            formatter.write_text(", ".join(flag.name for flag in FLAGS))


def _in_short(field: Field) -> str:
    return re.split("[:;]", field.meaning)[0]


@click.command(cls=_SearchCommand, context_settings=SHELLED)
@click.argument("query", nargs=-1, metavar="QUERY...", shell_complete=complete_query)
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many hits to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many hits to pass over.")
@click.option("--threads", is_flag=True, help="Show each thread once, with its best hit.")
@click.option("--count-by", type=click.Choice(COUNTED), help="Count the hits instead of showing them.")
@click.option("--explain", is_flag=True, help="Say how the query was understood, and why the first hits rank so.")
@click.option("--include-private", is_flag=True, help="Posts that were not for everyone, too.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a hit.")
@click.pass_obj
def search(
    folder: Path,
    query: tuple[str, ...],
    sort: Any,
    limit: int,
    offset: int,
    threads: bool,
    count_by: Any,
    explain: bool,
    include_private: bool,
    as_json: bool,
) -> None:
    """Find posts by words and operators.

    QUERY is what one types into the search box of X or Bluesky: words, "phrases", -not, OR, (groups), word*, w?rd,
    word~, #tag, @mention, and operators such as from:mira since:2024 has:image. Quote it where your shell would read
    it otherwise. docs/query.md tells all of it.

    \b
    threadkeep search glaze
    threadkeep search '"clay body" OR porcelain* -from:mira' --sort newest
    threadkeep search 'from:mira has:link' --count-by domain
    """
    text = " ".join(query)
    with Archive(folder, create=False) as archive:
        if count_by:
            counts = archive.counts(text, count_by, private=include_private, warn=_warn)
            _print_counts(counts.counts, count_by, as_json)
            if count_by in _LACKING:
                _note_others(counts.total - sum(count for _, count in counts.counts), count_by)
            return
        page = archive.search(text, sort, limit, offset, threads=threads, private=include_private, explain=explain)
    for warning in page.warnings:
        _warn(warning)
    if page.explanation:
        _print_explanation(page.explanation, page.hits, as_json)
    for found in page.hits:
        if as_json:
            say_json(hit_object(found))
        else:
            _print(found)
    if as_json:
        return
    if page.hits:
        what = "thread" if threads else "post"
        shown_of = f"{len(page.hits):,} of " if len(page.hits) < page.total else ""
        note(f"{shown_of}{plural(page.total, what)}")
    else:
        hint = f"; did you mean {page.suggestion}?" if page.suggestion else ""
        note(f"nothing found{hint}" if not offset else "no more hits")


def _warn(warning: str) -> None:
    note(f"threadkeep: {warning}")


def _print_counts(counts: tuple[tuple[str, int], ...], count_by: str, as_json: bool) -> None:
    for value, count in counts:
        if as_json:
            say_json({count_by: value, "count": count})
        else:
            say(f"{count:>9,}  {escape_controls(value)}")


def _note_others(others: int, count_by: str) -> None:
    """Say how many posts were found that none of the counts holds, so that the numbers add up."""
    if others > 0:
        note(f"{plural(others, 'post')} without {_LACKING[count_by]} besides")


def _print_explanation(explanation: Explanation, hits: tuple[SearchHit, ...], as_json: bool) -> None:
    """With the hits, or beside them where those are JSON for another program."""
    from threadkeep.cli.formatting import explanation_lines

    for line in explanation_lines(explanation, hits):
        click.echo(line, err=True) if as_json else say(line)


def hit_object(found: SearchHit) -> dict[str, Any]:
    """A hit as ``--json`` prints it: the post, with its score and its snippet, hits between two asterisks."""
    from threadkeep.record_json.encode import post_object

    parts, last = [], 0
    for start, end in found.spans:
        parts += [found.snippet[last:start], "**", found.snippet[start:end], "**"]
        last = end
    snippet = "".join([*parts, found.snippet[last:]])
    return {**post_object(found.stored), "score": round(found.score, 4), "snippet": snippet}


def _print(found: SearchHit) -> None:
    say(" · ".join(part for part in _headline(found) if part))
    for line in marked(found.snippet, found.spans).split("\n"):
        if line.strip():
            say(f"  {line}")
    say(f"  {styled(escape_controls(str(found.stored.post.ref)), dim=True)}")
    say()


def _headline(found: SearchHit) -> tuple[str, ...]:
    stored = found.stored
    return (
        styled(escape_controls(byline(stored)), "cyan", bold=True),
        day(stored.post.created),
        f"thread of {found.thread_size}" if found.thread_size > 1 else "",
        stored.post.ref.platform,
    )


def byline(stored: StoredPost) -> str:
    """Who wrote it, for a person: the handle, else the name, else that nobody says."""
    if stored.author is None:
        return "unknown author"
    if stored.author.handle:
        return f"@{stored.author.handle}"
    return stored.author.name or "unknown author"


def day(when: When | None) -> str:
    """A date as precise as it is known, or ``no date``."""
    if when is None:
        return "no date"
    return when.instant.strftime(
        {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "second": "%Y-%m-%d %H:%M"}[when.precision]
    )
