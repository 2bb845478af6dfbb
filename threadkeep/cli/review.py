"""``threadkeep review``: correct where the posts of a paste begin."""

import os
import sys
from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.completion import complete_source
from threadkeep.cli.import_report import print_report
from threadkeep.cli.progress import sync_index
from threadkeep.cli.terminal import note
from threadkeep.errors import ReviewError
from threadkeep.text.control_chars import escape_controls


@click.command()
@click.argument("source", shell_complete=complete_source)
@click.argument("edited", required=False, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--print", "only_print", is_flag=True, help="Print the review instead of opening an editor.")
@click.pass_obj
def review(folder: Path, source: str, edited: str | None, only_print: bool) -> None:
    """Correct where the posts of a paste begin.

    The review opens in $EDITOR, or is read from the file EDITED. SOURCE is the source's path, its file name, or the
    beginning of its hash.

    \b
    threadkeep review profile.txt
    threadkeep review profile.txt --print > review.txt
    threadkeep review profile.txt review.txt
    """
    with Archive(folder, create=False) as archive:
        text = archive.review_text(source)
        if only_print:
            # A pipe or a file gets the text unchanged, so that it can be read back; a terminal gets it escaped.
            sys.stdout.write(escape_controls(text) if sys.stdout.isatty() else text)
            return
        edited_text = _edited_text(text, edited)
        if edited_text is None:
            note("nothing was changed")
            return
        print_report(archive.apply_review(source, edited_text))
        sync_index(archive)


def _edited_text(text: str, edited: str | None) -> str | None:
    """Return the edited review from a file, standard input or the editor; None if the editor saved nothing."""
    if edited:
        try:
            with click.open_file(edited, encoding="utf-8") as file:
                return str(file.read())
        except (OSError, UnicodeDecodeError) as error:
            raise ReviewError(f"{edited}: {error}", "give the file as --print wrote it, in UTF-8") from error
    if not (os.environ.get("VISUAL") or os.environ.get("EDITOR") or sys.stdin.isatty()):
        raise ReviewError("there is no editor to open", "set EDITOR, or use --print and give the edited file")
    return click.edit(text, extension=".txt")
