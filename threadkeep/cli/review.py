"""``threadkeep review``: correct by hand where the posts of a paste begin."""

import os
import sys
from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.import_ import print_report
from threadkeep.cli.query_argument import complete_dump
from threadkeep.cli.sync_index import catch_up
from threadkeep.cli.terminal import note
from threadkeep.errors import ReviewError
from threadkeep.text.control_chars import escape_controls


@click.command()
@click.argument("source", shell_complete=complete_dump)
@click.argument("edited", required=False, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--print", "only_print", is_flag=True, help="Print the review instead of opening an editor.")
@click.pass_obj
def review(folder: Path, source: str, edited: str | None, only_print: bool) -> None:
    """Correct where the posts of a paste begin.

    It opens in $EDITOR, or is read from the file EDITED. SOURCE is a dump's path, its file name, or the beginning of
    its hash.

    \b
    threadkeep review x-profile.txt
    threadkeep review x-profile.txt --print > review.txt
    threadkeep review x-profile.txt review.txt
    """
    with Archive(folder, create=False) as archive:
        text = archive.review_text(source)
        if only_print:
            # To a pipe or a file the text goes as it is, so that it can come back; the terminal gets it made harmless.
            sys.stdout.write(escape_controls(text) if sys.stdout.isatty() else text)
            return
        answer = _answer(text, edited)
        if answer is None:
            note("nothing was changed")
            return
        print_report(archive.apply_review(source, answer))
        catch_up(archive)


def _answer(text: str, edited: str | None) -> str | None:
    """The edited review: from a file, from standard input, or from the person's editor."""
    if edited:
        try:
            with click.open_file(edited, encoding="utf-8") as file:
                return str(file.read())
        except (OSError, UnicodeDecodeError) as error:
            raise ReviewError(f"{edited}: {error}", "give the file as --print wrote it, in UTF-8") from error
    if not (os.environ.get("VISUAL") or os.environ.get("EDITOR") or sys.stdin.isatty()):
        raise ReviewError("there is no editor to open", "set EDITOR, or use --print and give the edited file")
    return click.edit(text, extension=".txt")
