"""``threadkeep save``: save a search under a name."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.config import forget_search, save_search, saved_searches
from threadkeep.archive.query_resolution import parse_query
from threadkeep.cli.completion import QUERY_SETTINGS, QueryCommand, complete_query, complete_saved_search
from threadkeep.cli.terminal import note, say, say_json, styled, warn
from threadkeep.text.control_chars import escape_controls


@click.command(cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("name", required=False, shell_complete=complete_saved_search)
@click.argument("query", nargs=-1, metavar="[QUERY]", shell_complete=complete_query)
@click.option("--delete", is_flag=True, help="Delete the saved search NAME.")
@click.option("--json", "as_json", is_flag=True, help="List the saved searches as JSON objects.")
@click.pass_obj
def save(folder: Path, name: str | None, query: tuple[str, ...], delete: bool, as_json: bool) -> None:
    """Save a search under a name.

    @NAME runs it, alone or within another query. Without QUERY the saved searches are listed, or the one called NAME.

    \b
    threadkeep save ash 'glaze (ash OR kiln*) from:mira'
    threadkeep search @ash -is:pinned
    threadkeep save ash --delete
    """
    with Archive(folder, create=False):
        pass  # raises NotFound where there is no archive
    text = " ".join(query).strip()
    if name is None or not (text or delete):
        if delete:
            raise click.UsageError("name the search to delete, as in: threadkeep save ash --delete")
        _list(folder, name, as_json)
    elif delete and text:
        raise click.UsageError("give a query to save it, or --delete, not both")
    elif delete:
        forget_search(folder, name)
        note(f"deleted: @{_bare(name)}")
    else:
        for warning in parse_query(text, folder).warnings:
            warn(warning)
        save_search(folder, name, text)
        note(f"saved: threadkeep search @{_bare(name)}")


def _list(folder: Path, name: str | None, as_json: bool) -> None:
    searches = saved_searches(folder)
    if name is not None:
        bare = _bare(name)
        if bare not in searches:
            note(f"no saved search is called @{bare}; threadkeep save {bare} QUERY creates one")
            raise click.exceptions.Exit(1)
        searches = {bare: searches[bare]}
    for saved, text in searches.items():
        if as_json:
            say_json({"name": saved, "query": text})
        else:
            say(f"{styled(f'@{escape_controls(saved)}', 'cyan', bold=True)}  {escape_controls(text)}")
    if not searches and not as_json:
        note("no saved searches; threadkeep save NAME QUERY creates one")


def _bare(name: str) -> str:
    return name.removeprefix("@").lower()
