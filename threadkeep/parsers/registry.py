"""Registry of the parsers: finds every format and picks the one that recognizes a source.

Nothing is registered by hand: each public module in a public folder of ``threadkeep.parsers`` is a format and satisfies
``Parser``. ``docs/add-a-parser.md`` walks through writing one.
"""

import importlib
import pkgutil
import re
from typing import cast

from threadkeep import parsers
from threadkeep.errors import AmbiguousFormat, NotText, UnknownFormat
from threadkeep.parsers._tables import Table, find_table
from threadkeep.parsers.entry import Parser
from threadkeep.sources.source import Source

FALLBACK = "text"
"""The parser that takes any text no other recognizes."""
GENERAL = "web-page"
"""The parser of whatever page no other recognizes: it is asked once they all have said no."""

_PACKED = (".zip", ".tar", ".tar.gz", ".tgz")
_NOTE = "markdown-note"
"""The parser of notes with front matter."""
_PASTES = ("-text", "home-page")
"""How the names of the parsers of pastes end."""
_JSON = re.compile(r"[\s\ufeff]*(?:\[\s*)*\{\s*(?:\"(?:[^\"\\]|\\.){0,200}\"\s*:\s*[\[{\"\d\-tfn]|\}\s*\]*\s*\Z)")
"""How an object of JSON begins, alone or in an array: what is written for programs is nobody's words."""


def all_parsers() -> dict[str, Parser]:
    """Every parser by name, in the order of their names."""
    found = {}
    for network in pkgutil.iter_modules(parsers.__path__, f"{parsers.__name__}."):
        if not network.ispkg or _is_private(network.name):
            continue
        folder = importlib.import_module(network.name)
        for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            if not _is_private(module.name):
                parser = cast(Parser, importlib.import_module(module.name))
                found[parser.NAME] = parser
    return dict(sorted(found.items()))


def _is_private(module: str) -> bool:
    return module.rpartition(".")[2].startswith("_")


def parser_named(name: str) -> Parser:
    """The parser called ``name``. Raises UnknownFormat."""
    found = all_parsers()
    try:
        return found[name]
    except KeyError:
        raise UnknownFormat(f"no format is called {name!r}", f"there are {', '.join(found)}") from None


def is_known(source: Source) -> bool:
    """Whether a parser recognizes ``source`` by its content, the fallback aside."""
    return bool(_fitting(source)) or parser_named(GENERAL).recognizes(source)


def _fitting(source: Source) -> list[Parser]:
    """The parsers but ``GENERAL`` that recognize ``source``; a table or a note is no paste, whatever is in it."""
    fitting = [parser for parser in all_parsers().values() if parser.NAME != GENERAL and parser.recognizes(source)]
    is_note = any(parser.NAME == _NOTE for parser in fitting)
    if any(parser.NAME.endswith(_PASTES) for parser in fitting) and (is_note or find_table(source)):
        return [parser for parser in fitting if not parser.NAME.endswith(_PASTES)]
    return fitting


def parser_for(source: Source) -> Parser:
    """The one parser that recognizes ``source``, or the fallback for text that none does.

    Raises AmbiguousFormat where two do, UnknownFormat where none does and it is JSON, NotText where it is no text.
    """
    found = all_parsers()
    fitting = _fitting(source)
    if len(fitting) > 1:
        names = " and ".join(parser.NAME for parser in fitting)
        raise AmbiguousFormat(f"{source.name}: looks like {names}", "say which with --format NAME")
    if fitting:
        return fitting[0]
    if found[GENERAL].recognizes(source):
        return found[GENERAL]
    if source.members:
        inside = next((name for name in source.members if name.lower().endswith(_PACKED)), None)
        hint = (
            f"unpack it and import {inside}, which is in it" if inside else "threadkeep formats lists what can be read"
        )
        raise UnknownFormat(f"{source.name}: no parser knows it", hint)
    if source.size and source.encoding is None:
        raise NotText(f"{source.name}: its bytes are no text", "threadkeep formats lists what can be read")
    if _JSON.match(source.head or "") is not None:
        raise UnknownFormat(
            f"{source.name}: it is JSON, but of no kind that is known",
            "say with --map where its posts are, or with --format text that it is to be kept as a text",
        )
    if table := find_table(source):
        raise UnknownFormat(
            f"{source.name}: it is a table, with the columns {', '.join(table.heads)}", _map_hint(table)
        )
    return found[FALLBACK]


def _map_hint(table: Table) -> str:
    """Return the option to type for ``table``, with its columns by name."""
    columns = table.suggested() or {"text": "COLUMN"}
    pairs = ",".join(f"{field}={head}" for field, head in {"text": "COLUMN", **columns}.items())
    quote = '"' if " " in pairs else ""
    return f"say what they hold: --map {quote}{pairs}{quote}, or --format text to keep it as a text"
