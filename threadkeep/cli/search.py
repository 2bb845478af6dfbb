"""``threadkeep search``: find posts by their words."""

from pathlib import Path
from typing import Any

import click

from threadkeep.archive import Archive, Found
from threadkeep.cli.terminal import marked, note, plural, say, say_json, styled
from threadkeep.records import KeptPost, When
from threadkeep.text.controls import visible

COUNTED = ("author", "year", "month", "tag", "domain", "platform", "kind")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, metavar="QUERY...")
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many hits to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many hits to pass over.")
@click.option("--threads", is_flag=True, help="Show each thread once, with its best hit.")
@click.option("--count-by", type=click.Choice(COUNTED), help="Count the hits instead of showing them.")
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
    include_private: bool,
    as_json: bool,
) -> None:
    """Find posts: words, "phrases", -not, OR, from:, #tag, since: and more (docs/query.md).

    \b
    threadkeep search garden
    threadkeep search '"spring frost" OR seed* -from:mira' --sort newest
    """
    text = " ".join(query)
    with Archive(folder, create=False) as archive:
        if count_by:
            for value, count in archive.counts(text, count_by, private=include_private):
                if as_json:
                    say_json({count_by: value, "count": count})
                else:
                    say(f"{count:>9,}  {visible(value)}")
            return
        page = archive.search(text, sort, limit, offset, threads=threads, private=include_private)
    for warning in page.warnings:
        note(f"threadkeep: {warning}")
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


def hit_object(found: Found) -> dict[str, Any]:
    """A hit as ``--json`` prints it: the post, with its score and its snippet, hits between two asterisks."""
    from threadkeep.record_json import post_object

    parts, last = [], 0
    for start, end in found.spans:
        parts += [found.snippet[last:start], "**", found.snippet[start:end], "**"]
        last = end
    snippet = "".join([*parts, found.snippet[last:]])
    return {**post_object(found.kept), "score": round(found.score, 4), "snippet": snippet}


def _print(found: Found) -> None:
    say(" · ".join(part for part in _headline(found) if part))
    for line in marked(found.snippet, found.spans).split("\n"):
        if line.strip():
            say(f"  {line}")
    say(f"  {styled(visible(str(found.kept.post.ref)), dim=True)}")
    say()


def _headline(found: Found) -> tuple[str, ...]:
    kept = found.kept
    return (
        styled(visible(byline(kept)), "cyan", bold=True),
        day(kept.post.created),
        f"thread of {found.thread_size}" if found.thread_size > 1 else "",
        kept.post.ref.platform,
    )


def byline(kept: KeptPost) -> str:
    """Who wrote it, for a person: the handle, else the name, else that nobody says."""
    if kept.author is None:
        return "unknown author"
    if kept.author.handle:
        return f"@{kept.author.handle}"
    return kept.author.name or "unknown author"


def day(when: When | None) -> str:
    """A date as precise as it is known, or ``no date``."""
    if when is None:
        return "no date"
    return when.instant.strftime(
        {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "second": "%Y-%m-%d %H:%M"}[when.precision]
    )
