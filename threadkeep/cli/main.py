"""The command ``threadkeep`` and its subcommands.

Each subcommand is a module of ``threadkeep.cli`` with its name, imported when it is called: a search should not load
the parsers.
"""

import gc
import importlib
import io
import keyword
import os
import sys
from typing import Any

import click

from threadkeep import __version__
from threadkeep.cli.terminal import PAGER_KEY, complain, note
from threadkeep.errors import QueryError, ThreadkeepError
from threadkeep.files import archive_location
from threadkeep.text.control_chars import escape_controls

COMMANDS = (
    "import",
    "search",
    "save",
    "show",
    "export",
    "review",
    "formats",
    "sources",
    "problems",
    "accounts",
    "threads",
    "stats",
    "reindex",
    "reread",
    "rebuild",
    "doctor",
    "backup",
    "verify",
    "restore",
    "docs",
)
"""Every command, in the order of the help."""

PAGED = frozenset({"search", "show", "save", "formats", "sources", "problems", "accounts", "threads", "stats", "docs"})
"""The commands whose results are shown in a pager on a terminal."""


class _Commands(click.Group):
    """The commands, each loaded from its module when it is called."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        identifier = f"{name}_" if keyword.iskeyword(name) else name
        command: click.Command = getattr(importlib.import_module(f"threadkeep.cli.{identifier}"), identifier)
        return command

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        """Find the command; for one that does not exist, name the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            context.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(context, args)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--archive",
    metavar="DIR",
    help=f"The archive's folder; by default {archive_location.VARIABLE}, else a folder in your user data.",
)
@click.option("--no-pager", is_flag=True, help="Do not show long output in a pager (THREADKEEP_PAGER, PAGER, less).")
@click.version_option(__version__, prog_name="threadkeep")
@click.pass_context
def command(context: click.Context, archive: str | None, no_pager: bool) -> None:
    """Keep posts saved from X, Bluesky, Mastodon and the web in one archive, and search it.

    \b
    threadkeep import twitter-2024.zip
    threadkeep search 'glaze from:mira'
    threadkeep export --format markdown --to notes
    threadkeep docs
    """
    context.obj = archive_location.archive_folder(archive)
    if context.invoked_subcommand in PAGED and not no_pager:
        from threadkeep.cli.pager import Pager

        context.meta[PAGER_KEY] = pager = Pager()
        context.call_on_close(pager.close)


def main() -> None:
    """Run the command line. Exits with 0 when done, 1 on failure, 2 on misuse."""
    gc.set_threshold(100_000)  # garbage collection while modules load takes a tenth of a cold search
    try:
        code = command.main(prog_name="threadkeep", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except QueryError as error:
        complain(error.message, error.hint)
        click.echo(escape_controls(error.pointed()), err=True)
        sys.exit(error.exit_code)
    except ThreadkeepError as error:
        complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        note(shown.getvalue().rstrip("\n"))
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        complain("stopped; a source that was not finished is not stored", None)
        sys.exit(1)
    except BrokenPipeError:
        # The reader closed the pipe; without this Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    finally:
        gc.freeze()  # a last collection at exit would take another tenth of a cold search
