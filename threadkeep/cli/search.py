"""``threadkeep search``: find posts."""

import re
from pathlib import Path
from typing import Any

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import Explanation, SearchHit, SearchPage
from threadkeep.cli.completion import QUERY_SETTINGS, QueryCommand, complete_query
from threadkeep.cli.formatting import byline, day, explanation_lines, marked
from threadkeep.cli.terminal import note, say, say_json, styled, warn
from threadkeep.query.fields import FIELDS, FLAGS, Field
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import mark_spans, plural

_OPTIONAL_FACETS = {"author": "a handle", "year": "a date", "month": "a date", "lang": "a language"}
"""What a post must have to be in a count by this; by the other facets every post is counted."""

FACETS = ("author", "year", "month", "tag", "domain", "platform", "kind", "lang")


class _SearchCommand(QueryCommand):
    """A command whose help lists the operators of the query language."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Operators"):
            formatter.write_dl([(field.example, _short_meaning(field)) for field in FIELDS])
        with formatter.section("Values of filter:, is: and has:"):
            formatter.write_text(", ".join(flag.name for flag in FLAGS))


def _short_meaning(field: Field) -> str:
    return re.split("[:;]", field.meaning)[0]


@click.command(cls=_SearchCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1, metavar="QUERY...", shell_complete=complete_query)
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Number of hits to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Number of hits to skip.")
@click.option("--threads", is_flag=True, help="Show each thread once, with its best hit.")
@click.option("--count-by", type=click.Choice(FACETS), help="Count the hits instead of showing them.")
@click.option("--explain", is_flag=True, help="Explain the query and the ranking of the first hits.")
@click.option("--include-private", is_flag=True, help="Include followers-only and direct posts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per hit.")
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

    QUERY works as in the search box of X or Bluesky: words, "phrases", -not, OR, (groups), word*, w?rd, word~, #tag,
    @mention, and operators such as from:mira since:2024 has:image. Quote it where your shell would interpret it.
    threadkeep docs query explains the whole language.

    \b
    threadkeep search glaze
    threadkeep search '"clay body" OR porcelain* -from:mira' --sort newest
    threadkeep search 'from:mira has:link' --count-by domain
    """
    text = " ".join(query)
    with Archive(folder, create=False) as archive:
        if count_by:
            counts = archive.counts(text, count_by, private=include_private, warn=warn)
            _print_counts(counts.counts, count_by, as_json)
            if count_by in _OPTIONAL_FACETS:
                _note_uncounted(counts.total - sum(count for _, count in counts.counts), count_by)
            return
        page = archive.search(text, sort, limit, offset, threads=threads, private=include_private, explain=explain)
    for warning in page.warnings:
        warn(warning)
    if page.explanation:
        _print_explanation(page.explanation, page.hits, as_json)
    for hit in page.hits:
        if as_json:
            say_json(hit_object(hit))
        else:
            _print(hit)
    if as_json:
        return
    note(_summary(page, threads=threads, offset=offset))


def _summary(page: SearchPage, *, threads: bool, offset: int) -> str:
    if page.hits:
        total = plural(page.total, "thread" if threads else "post")
        return f"{len(page.hits):,} of {total}" if len(page.hits) < page.total else total
    hint = f"; did you mean {page.suggestion}?" if page.suggestion else ""
    return "no more hits" if offset else f"nothing found{hint}"


def _print_counts(counts: tuple[tuple[str, int], ...], count_by: str, as_json: bool) -> None:
    for value, count in counts:
        if as_json:
            say_json({count_by: value, "count": count})
        else:
            say(f"{count:>9,}  {escape_controls(value)}")


def _note_uncounted(uncounted: int, count_by: str) -> None:
    """Say how many of the posts found are in none of the counts, so that the numbers add up."""
    if uncounted > 0:
        note(f"and {plural(uncounted, 'post')} without {_OPTIONAL_FACETS[count_by]}")


def _print_explanation(explanation: Explanation, hits: tuple[SearchHit, ...], as_json: bool) -> None:
    """Print the explanation to stdout, or to stderr if stdout gets JSON."""
    for line in explanation_lines(explanation, hits):
        click.echo(line, err=True) if as_json else say(line)


def hit_object(hit: SearchHit) -> dict[str, Any]:
    """Return a hit as ``--json`` prints it: the post, its score, and its snippet with the matches in ``**``."""
    from threadkeep.record_json.encode import post_object

    snippet = mark_spans(hit.snippet, hit.spans, lambda passage: f"**{passage}**")
    return {**post_object(hit.stored), "score": round(hit.score, 4), "snippet": snippet}


def _print(hit: SearchHit) -> None:
    say(" · ".join(part for part in _headline(hit) if part))
    for line in marked(hit.snippet, hit.spans).split("\n"):
        if line.strip():
            say(f"  {line}")
    say(f"  {styled(escape_controls(str(hit.stored.post.ref)), dim=True)}")
    say()


def _headline(hit: SearchHit) -> tuple[str, ...]:
    stored = hit.stored
    return (
        styled(escape_controls(byline(stored)), "cyan", bold=True),
        day(stored.post.created),
        f"thread of {hit.thread_size}" if hit.thread_size > 1 else "",
        stored.post.ref.platform,
    )
