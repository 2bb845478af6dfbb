"""``threadkeep save``: searches to ask again under a name."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.archive.config import forget_search, save_search, saved_searches
from threadkeep.archive.query_resolution import parsed
from threadkeep.cli.query_argument import SHELLED, QueryCommand, complete_name, complete_query
from threadkeep.cli.terminal import note, say, say_json, styled
from threadkeep.text.control_chars import escape_controls


@click.command(cls=QueryCommand, context_settings=SHELLED)
@click.argument("name", required=False, shell_complete=complete_name)
@click.argument("query", nargs=-1, metavar="[QUERY]", shell_complete=complete_query)
@click.option("--delete", is_flag=True, help="Forget the search.")
@click.option("--json", "as_json", is_flag=True, help="List the searches as JSON objects.")
@click.pass_obj
def save(folder: Path, name: str | None, query: tuple[str, ...], delete: bool, as_json: bool) -> None:
    """Keep a search under a name.

    Without QUERY the saved searches are listed, or the one called NAME. @NAME asks it again, by itself or within
    another query.

    \b
    threadkeep save ash 'glaze (ash OR kiln*) from:mira'
    threadkeep search @ash -is:pinned
    threadkeep save ash --delete
    """
    with Archive(folder, create=False):
        pass  # it says so where there is none
    text = " ".join(query).strip()
    if name is None or not (text or delete):
        if delete:
            raise click.UsageError("name the search to delete, as in: threadkeep save ash --delete")
        _list(folder, name, as_json)
    elif delete and text:
        raise click.UsageError("give a query to save it, or --delete, not both")
    elif delete:
        forget_search(folder, name)
        note(f"deleted: @{_called(name)}")
    else:
        for warning in parsed(text, folder).warnings:
            note(f"threadkeep: {warning}")
        save_search(folder, name, text)
        note(f"saved: threadkeep search @{_called(name)}")


def _list(folder: Path, name: str | None, as_json: bool) -> None:
    searches = saved_searches(folder)
    if name is not None:
        called = _called(name)
        if called not in searches:
            note(f"no search is called @{called}; threadkeep save {called} QUERY makes one")
            raise click.exceptions.Exit(1)
        searches = {called: searches[called]}
    for called, text in searches.items():
        if as_json:
            say_json({"name": called, "query": text})
        else:
            say(f"{styled(f'@{escape_controls(called)}', 'cyan', bold=True)}  {escape_controls(text)}")
    if not searches and not as_json:
        note("no searches are saved; threadkeep save NAME QUERY saves one")


def _called(name: str) -> str:
    return name.removeprefix("@").lower()
