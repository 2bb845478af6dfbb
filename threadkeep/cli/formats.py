"""``threadkeep formats``: list the formats it reads and writes."""

import click

from threadkeep.cli.tables import print_table
from threadkeep.cli.terminal import say_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per format.")
def formats(as_json: bool) -> None:
    """List the formats it reads and writes.

    \b
    threadkeep formats
    """
    from threadkeep.exporters.registry import all_exporters
    from threadkeep.parsers.registry import all_parsers

    known = [("read", parser.NAME, parser.TITLE) for parser in all_parsers().values()]
    known += [("write", exporter.NAME, exporter.TITLE) for exporter in all_exporters().values()]
    if as_json:
        for direction, name, title in known:
            say_json({"direction": direction, "name": name, "title": title})
    else:
        print_table(("", "name", "what it is"), known)
