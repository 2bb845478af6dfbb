"""The argument of commands that take a query, and what shells are to offer for it and for other arguments."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # read when a shell asks: a search should not wait for it
    from click.shell_completion import CompletionItem

SHELLED = {"ignore_unknown_options": True}
"""For a command's ``context_settings``: ``-word`` is a part of the query and no option."""


class QueryCommand(click.Command):
    """A command whose argument is a query: behind a minus, operators are offered besides options."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """As Click does, and what may be left out."""
        offered = super().shell_complete(ctx, incomplete)
        return offered if incomplete.startswith("--") else [*offered, *complete_query(ctx, None, incomplete)]


def complete_query(
    context: click.Context, _parameter: click.Parameter | None, incomplete: str
) -> "list[CompletionItem]":
    """What may stand in a query: for Click's ``shell_complete``."""
    from threadkeep.cli.completion import query_words

    return query_words(context, incomplete)


def complete_name(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The names of saved searches: for Click's ``shell_complete``."""
    from threadkeep.cli.completion import saved_names

    return saved_names(context, incomplete)


def complete_dump(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The names of the archive's dumps: for Click's ``shell_complete``."""
    from threadkeep.cli.completion import dump_names

    return dump_names(context, incomplete)


def complete_format(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The names of what the command reads or writes: for Click's ``shell_complete``."""
    from threadkeep.cli.completion import format_names

    return format_names(context, incomplete)
