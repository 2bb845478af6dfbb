"""``threadkeep accounts``: list the accounts in the archive."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.completion import QUERY_SETTINGS, QueryCommand, complete_query
from threadkeep.cli.tables import print_table
from threadkeep.cli.terminal import note_count, say_json, warn
from threadkeep.text.control_chars import escape_name


@click.command(cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1, metavar="[QUERY]", shell_complete=complete_query)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Number of accounts to list.")
@click.option("--include-private", is_flag=True, help="With QUERY: include followers-only and direct posts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per account.")
@click.pass_obj
def accounts(folder: Path, query: tuple[str, ...], limit: int | None, include_private: bool, as_json: bool) -> None:
    """List the accounts, most posts first.

    With QUERY only those are listed that wrote a post it finds, and only these posts are counted.

    \b
    threadkeep accounts
    threadkeep accounts 'glaze since:2024' --limit 10
    """
    from threadkeep.record_json.encode import account_object

    text = " ".join(query)
    with Archive(folder, create=False) as archive:
        if text:
            found = archive.store.authors_of(archive.matching(text, private=include_private, warn=warn))
        else:
            found = archive.store.accounts()
    shown = found[:limit]
    if as_json:
        for account, _ in shown:
            say_json(account_object(account))
        return
    print_table(
        ("#posts", "handle", "name", "platform"),
        [(f"{held:,}", escape_name(a.handle or ""), a.name or "", escape_name(a.ref.platform)) for a, held in shown],
    )
    if len(shown) < len(found):
        note_count(f"{len(shown):,} of {len(found):,} accounts")
