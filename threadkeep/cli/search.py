"""``threadkeep search``: find posts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import Explanation, SearchHit, SearchPage
from threadkeep.cli.completion import QUERY_SETTINGS, QueryCommand, complete_query
from threadkeep.cli.formatting import byline, day, explanation_lines, left_out_note, marked_lines, media_summary
from threadkeep.cli.terminal import note, note_count, say, say_json, styled, warn
from threadkeep.index.engine import FacetCounts
from threadkeep.query.fields import FIELDS, Field
from threadkeep.query.flags import FLAGS
from threadkeep.text.control_chars import escape_controls, escape_name
from threadkeep.text.formatting import mark_spans, plural

_OPTIONAL_FACETS = {"author": "a handle", "year": "a date", "month": "a date", "lang": "a language"}
"""What a post must have to be in a count by this; by the other facets every post is counted."""

_NAMES = ("author", "domain", "platform")
"""The facets whose values are names."""

_HITS = 20
"""Hits that are shown where no limit is given."""

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
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help="Number of hits to show, 20 if not given; 0 prints how many there are. With --count-by: number of counts.",
)
@click.option("--offset", type=click.IntRange(0), default=0, help="Number of hits to skip.")
@click.option("--threads", is_flag=True, help="Show each thread once, with its best hit.")
@click.option("--count", "only_count", is_flag=True, help="Print how many hits there are instead of showing them.")
@click.option("--count-by", type=click.Choice(FACETS), help="Count the hits instead of showing them.")
@click.option("--explain", is_flag=True, help="Explain the query and the ranking of the first hits.")
@click.option("--include-private", is_flag=True, help="Include followers-only and direct posts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per hit.")
@click.pass_obj
def search(
    folder: Path,
    query: tuple[str, ...],
    sort: Any,
    limit: int | None,
    offset: int,
    threads: bool,
    only_count: bool,
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
            _print_counts(counts, count_by, limit, as_json)
            page = None
        else:
            only_count = only_count or limit == 0
            number = 0 if only_count else _HITS if limit is None else limit
            page = archive.search(text, sort, number, offset, threads=threads, private=include_private, explain=explain)
        left_out = 0 if include_private else archive.left_out(text)
    if page is not None:
        for warning in page.warnings:
            warn(warning)
        if page.explanation:
            _print_explanation(page.explanation, page.hits, as_json)
        _print_total(page, as_json) if only_count else _print_hits(page, as_json)
        if not as_json and not only_count:
            _note_summary(page, threads=threads, offset=offset)
    if left_out:
        note(left_out_note(left_out))


def _print_total(page: SearchPage, as_json: bool) -> None:
    say_json({"count": page.total}) if as_json else say(str(page.total))


def _print_hits(page: SearchPage, as_json: bool) -> None:
    for hit in page.hits:
        if as_json:
            say_json(hit_object(hit))
        else:
            _print(hit)


def _note_summary(page: SearchPage, *, threads: bool, offset: int) -> None:
    """Say how many hits there are, to a person; to everyone, that there are none."""
    summary = _summary(page, threads=threads, offset=offset)
    note_count(summary) if page.hits else note(summary)


def _summary(page: SearchPage, *, threads: bool, offset: int) -> str:
    if page.hits:
        total = plural(page.total, "thread" if threads else "post")
        return f"{len(page.hits):,} of {total}" if len(page.hits) < page.total else total
    hint = f"; did you mean {page.suggestion}?" if page.suggestion else ""
    return "no more hits" if offset else f"nothing found{hint}"


def _print_counts(found: FacetCounts, count_by: str, limit: int | None, as_json: bool) -> None:
    shown = found.counts[:limit]
    for value, count in shown:
        if as_json:
            say_json({count_by: value, "count": count})
        else:
            say(f"{count:>9,}  {escape_name(value) if count_by in _NAMES else escape_controls(value)}")
    if (more := len(found.counts) - len(shown)) > 0:
        note_count(f"and {more:,} more; a larger --limit shows them")
    if count_by in _OPTIONAL_FACETS:
        _note_uncounted(found.total - sum(count for _, count in found.counts), count_by)


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
    for text, spans in _passages(hit):
        for line in marked_lines(text, spans):
            say(line)
    say(f"  {styled(escape_name(str(hit.stored.post.ref)), dim=True)}")
    say()


def _passages(hit: SearchHit) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    """Yield what to show of a hit, with the places of the matches: the snippet, or of pictures alone what they show."""
    post = hit.stored.post
    if post.text.strip() or post.title or not post.media:
        yield hit.snippet, hit.spans
        return
    if hit.snippet.strip():
        yield hit.snippet, hit.spans
    described = [media.alt for media in post.media if media.alt]
    if described:
        shown = hit.snippet.strip("… \n")
        yield from ((alt, ()) for alt in described if shown not in alt)
        undescribed = [media for media in post.media if not media.alt]
        if undescribed:
            yield f"and {media_summary(undescribed)} without a description", ()
    else:
        yield media_summary(post.media), ()


def _headline(hit: SearchHit) -> tuple[str, ...]:
    stored = hit.stored
    return (
        styled(byline(stored), "cyan", bold=True),
        day(stored.post.created),
        f"thread of {hit.thread_size}" if hit.thread_size > 1 else "",
        escape_name(stored.post.ref.platform),
    )
