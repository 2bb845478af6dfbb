"""``threadkeep accounts``: list the accounts in the archive."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.formatting import print_table
from threadkeep.cli.terminal import say_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per account.")
@click.pass_obj
def accounts(folder: Path, as_json: bool) -> None:
    """List the accounts, those with the most posts first.

    \b
    threadkeep accounts
    """
    from threadkeep.record_json.encode import account_object

    with Archive(folder, create=False) as archive:
        found = archive.store.accounts()
    if as_json:
        for account, _ in found:
            say_json(account_object(account))
    else:
        print_table(
            ("#posts", "handle", "name", "platform"),
            [(f"{held:,}", a.handle or "", a.name or "", a.ref.platform) for a, held in found],
        )
