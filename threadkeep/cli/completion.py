"""Shell completion: operators of a query, their values, handles, tags, saved searches, sources and formats.

fro        -> from:, from:mira.example.com …        filter:im   -> filter:image
from:mi    -> from:mira.example.com                 @as         -> @ash, @astrid.example.com

Handles, tags and names of files come from anyone, and a shell puts what is completed into the command line as it is:
only what every shell takes as one plain word is offered (``is_plain_word``).
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from threadkeep.errors import ThreadkeepError
from threadkeep.files import archive_location
from threadkeep.platforms.registry import all_platforms
from threadkeep.query.fields import FIELDS, Field, field_named
from threadkeep.query.flags import FLAGS
from threadkeep.text.control_chars import is_plain_word

if TYPE_CHECKING:  # Click imports it only when a shell asks for completions
    from click.shell_completion import CompletionItem

QUERY_SETTINGS = {"ignore_unknown_options": True}
"""``context_settings`` of a command that takes a query: ``-word`` belongs to the query."""

COMPLETIONS_LIMIT = 50
"""How many handles or tags are offered at once."""

_VARIABLE = "_THREADKEEP_COMPLETE"
_BREAKS = frozenset(":@=")
_OPENINGS = ' \t("{'
"""A new word of a query begins after each of these, within quotes too."""

_DAYS = ("today", "yesterday", "7d", "30d", "1y")
_AGES = ("1h", "1d", "2d", "1w")


class QueryCommand(click.Command):
    """A command that takes a query: after a minus it completes operators as well as options."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete an option, or a part of the query that begins with a minus."""
        offered = super().shell_complete(ctx, incomplete)
        return offered if incomplete.startswith("--") else [*offered, *complete_query(ctx, None, incomplete)]


def complete_query(
    context: click.Context, _parameter: click.Parameter | None, incomplete: str
) -> "list[CompletionItem]":
    """Complete the last word of a query."""
    from click.shell_completion import CompletionItem

    shell = os.environ.get(_VARIABLE, "").partition("_")[0]
    typed, replaced = incomplete, 0
    if shell == "bash":
        typed = _joined(list(context.params.get("query") or ()), incomplete)
        # Bash splits words at colons, and replaces only what follows the last one.
        replaced = len(typed) - (0 if _is_break(incomplete) else len(incomplete))
        replaced -= typed[:replaced].endswith("@")  # except the sign of a handle, which it replaces too
    start = max(typed.rfind(opening) for opening in _OPENINGS) + 1
    start += typed.startswith("-", start)
    head, word = typed[:start], typed[start:]
    names = _Names(_folder(context))
    return [
        CompletionItem((head + value)[replaced:], help=meaning if shell == "fish" else None)
        for value, meaning in dict(_offered(word, names)).items()
        if is_plain_word(value)
    ]


def complete_saved_search(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Complete the name of a saved search."""
    return _starting_with(incomplete, _Names(_folder(context)).searches())


def complete_source(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete the file name of an imported source."""
    return _starting_with(incomplete, _Names(_folder(context)).sources())


def complete_format(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete the name of a format: those written for ``export``, those read for other commands."""
    return _starting_with(incomplete, _formats(context.info_name))


def _starting_with(incomplete: str, names: Iterable[str]) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    found = (name for name in names if name.lower().startswith(incomplete.lower()))
    return [CompletionItem(name) for name in found if is_plain_word(name)]


def _formats(command: str | None) -> Iterable[str]:
    from threadkeep.exporters.registry import all_exporters
    from threadkeep.parsers.registry import all_parsers

    return all_exporters() if command == "export" else all_parsers()


class _Names:
    """Names in the archive in ``folder``; none where the archive is missing or cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def handles(self, start: str) -> list[str]:
        return self._look_up(lambda naming: naming.handles(start, COMPLETIONS_LIMIT))

    def tags(self, start: str) -> list[str]:
        return self._look_up(lambda naming: naming.tags(start, COMPLETIONS_LIMIT))

    def sources(self) -> list[str]:
        return list(dict.fromkeys(Path(path).name for path in self._look_up(lambda naming: naming.dumps())))

    def searches(self) -> list[str]:
        from threadkeep.archive.config import saved_searches

        try:
            return list(saved_searches(self._folder))
        except ThreadkeepError:
            return []

    def _look_up(self, ask: Callable[[Any], list[str]]) -> list[str]:
        from threadkeep.archive.archive import Archive

        try:
            with Archive(self._folder, create=False) as archive, archive.store.name_lookup() as naming:
                return ask(naming)
        except ThreadkeepError:
            return []


def _offered(word: str, names: _Names) -> Iterator[tuple[str, str]]:
    """Yield the completions of ``word``, each with its meaning."""
    op, colon, value = word.partition(":")
    if colon:
        field = field_named(op)
        yield from _with_values(f"{op}:", field, value, names) if field else ()
        return
    if word[:1] == "@":
        yield from ((f"@{name}", "a saved search") for name in names.searches() if name.startswith(word[1:].lower()))
        yield from ((f"@{handle}", "") for handle in names.handles(word[1:]))
    elif word[:1] == "#":
        yield from ((f"#{tag}", "") for tag in names.tags(word[1:]))
    else:
        known = [(f"{name}:", field) for field in FIELDS for name in (field.name, *(field.aliases if word else ()))]
        found = [(name, field) for name, field in known if name.startswith(word.lower())]
        yield from ((name, field.meaning) for name, field in found)
        if len(found) == 1:
            # A shell adds a space after a single completion, but a value must follow without one.
            yield from list(_with_values(*found[0], "", names)) or _example(*found[0])


def _example(before: str, field: Field) -> Iterator[tuple[str, str]]:
    if field.example.startswith(before) and '"' not in field.example:
        yield field.example, "an example"


def _with_values(before: str, field: Field, start: str, names: _Names) -> Iterator[tuple[str, str]]:
    """Yield ``before`` with each value of ``field`` that begins with ``start``."""
    if field.kind in ("handle", "tag"):
        name = start.lstrip("@#")
        before, start = before + start.removesuffix(name), name
    start = start.lower()
    for value, meaning in _values(field, start, names):
        if value.lower().startswith(start):
            yield before + value, meaning


def _values(field: Field, start: str, names: _Names) -> Iterable[tuple[str, str]]:
    match field.kind:
        case "flag":
            return ((flag.name, flag.meaning) for flag in FLAGS)
        case "handle":
            return ((handle, "") for handle in ("me", *names.handles(start)))
        case "tag":
            return ((tag, "") for tag in names.tags(start))
        case "platform":
            return ((platform.NAME, "") for platform in all_platforms())
        case "date":
            return ((day, "") for day in _DAYS)
        case "age":
            return ((age, "") for age in _AGES)
        case "dump":
            return ((source, "") for source in names.sources())
    return ()


def _joined(before: list[str], incomplete: str) -> str:
    """Return the word being typed, joined again from the words into which bash split it."""
    word = incomplete
    while before and (_is_break(word[:1]) or _is_break(before[-1])):
        word = before.pop() + word
    return word


def _is_break(text: str) -> bool:
    return bool(text) and set(text) <= _BREAKS


def _folder(context: click.Context) -> Path:
    return archive_location.archive_folder(context.find_root().params.get("archive"))
