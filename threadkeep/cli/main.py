"""The command ``threadkeep``: it prints and asks, and decides nothing.

Each command is a module of its own, imported only when it is called: a search should not wait for the importers.
"""

import gc
import importlib
import os
import sys
from typing import Any

import click

from threadkeep import __version__
from threadkeep.cli.terminal import complain
from threadkeep.errors import QueryError, ThreadkeepError
from threadkeep.files import archive_location

COMMANDS = {
    "import": "import_",
    "search": "search",
    "save": "save",
    "show": "show",
    "export": "export",
    "review": "review",
    "formats": "lists",
    "sources": "lists",
    "problems": "lists",
    "accounts": "lists",
    "threads": "lists",
    "stats": "lists",
    "reindex": "maintenance",
    "reread": "maintenance",
    "rebuild": "maintenance",
    "doctor": "doctor",
    "backup": "backup",
    "verify": "backup",
    "restore": "backup",
}
"""Every command in the order of the help, with the module of ``threadkeep.cli`` that has it."""


class _Commands(click.Group):
    """The commands, each loaded from its module when it is needed."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"threadkeep.cli.{COMMANDS[name]}")
        command: click.Command = getattr(module, f"{name}_" if name == "import" else name)
        return command

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        """As Click does, with the nearest command named for one that does not exist."""
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
    help=f"The archive's folder; else {archive_location.VARIABLE}, else your data folder.",
)
@click.version_option(__version__, prog_name="threadkeep")
@click.pass_context
def command(context: click.Context, archive: str | None) -> None:
    """Keep threads: read what people saved from X, Bluesky, Mastodon and the web into one archive, and search it.

    \b
    threadkeep import seeds
    threadkeep search glaze from:mira
    threadkeep export --format markdown --to notes
    """
    context.obj = archive_location.archive_folder(archive)


def main() -> None:
    """Run the command line. Exit code 0: done; 1: failed; 2: misused."""
    gc.set_threshold(100_000)  # collecting garbage while modules load is a tenth of a cold search
    try:
        code = command.main(prog_name="threadkeep", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except QueryError as error:
        complain(error.message, error.hint)
        click.echo(error.pointed(), err=True)
        sys.exit(error.exit_code)
    except ThreadkeepError as error:
        complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        complain("stopped; what was not finished is not stored", None)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has seen enough; Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    finally:
        gc.freeze()  # the process ends: going through all there is once more would be a tenth of a cold search, too
