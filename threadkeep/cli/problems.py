"""``threadkeep problems``: list what could not be read."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.completion import complete_source
from threadkeep.cli.formatting import wrapped
from threadkeep.cli.terminal import note, note_count, say, say_json
from threadkeep.text.formatting import plural


@click.command()
@click.argument("source", required=False, shell_complete=complete_source)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per problem.")
@click.pass_obj
def problems(folder: Path, source: str | None, as_json: bool) -> None:
    """List what could not be read, and why.

    SOURCE limits the list to one source: give its path, its file name, or the beginning of its hash.

    \b
    threadkeep problems
    threadkeep problems twitter-2024.zip
    """
    with Archive(folder, create=False) as archive:
        found = archive.store.problems(source)
    for path, problem in found:
        if as_json:
            say_json({"source": path, "locator": problem.locator, "reason": problem.reason, "raw": problem.raw})
        else:
            for line in wrapped(f"{path}: {problem.locator}: {problem.reason}", first=""):
                say(line)
    if not as_json:
        note_count(plural(len(found), "problem")) if found else note("no problems")
