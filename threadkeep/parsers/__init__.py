"""The parsers, one module a format: a module here that satisfies ``Parser`` is a format threadkeep reads.

Nothing is registered by hand. A module whose name begins with ``_`` is a helper of the others. ``docs/add-a-parser.md``
walks through writing one.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, cast

from threadkeep.errors import AmbiguousFormat, NotText, UnknownFormat
from threadkeep.records import Parsed
from threadkeep.sources import Source

FALLBACK = "text"
"""The parser that takes any text no other recognizes."""

_PACKED = (".zip", ".tar", ".tar.gz", ".tgz")
_JSON = re.compile(r"[\s\ufeff]*(?:\[\s*)*\{\s*(?:\"(?:[^\"\\]|\\.){0,200}\"\s*:\s*[\[{\"\d\-tfn]|\}\s*\]*\s*\Z)")
"""How an object of JSON begins, alone or in an array: what is written for programs is nobody's words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item cut out of a dump: where it stands (``line 12``, ``tweets.js 812``), its parts, and its raw text.

    ``data`` is whatever the parser's ``entries`` hands to its own ``parse``.
    """

    locator: str
    data: Any
    raw: str


class Parser(Protocol):
    """What a parser module holds."""

    NAME: str
    """How ``--format`` calls it: lower case, with dashes."""
    TITLE: str
    """What ``threadkeep formats`` shows."""
    VERSION: int
    """Counted up whenever the same dump would give other records."""

    def recognizes(self, source: Source) -> bool:
        """Whether the dump is of this format: cheap, from ``source.head``, and certain."""

    def entries(self, source: Source) -> Iterator[Entry]:
        """The dump cut into items, in its own order; what needs the whole dump is joined here."""

    def parse(self, entry: Entry) -> Iterator[Parsed]:
        """The records of one item, with what was left out. Whatever it raises becomes a Problem of this entry."""


def all_parsers() -> dict[str, Parser]:
    """Every parser by name, in the order of their names."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            parser = cast(Parser, importlib.import_module(f"{__name__}.{module.name}"))
            found[parser.NAME] = parser
    return dict(sorted(found.items()))


def parser_named(name: str) -> Parser:
    """The parser called ``name``. Raises UnknownFormat."""
    parsers = all_parsers()
    try:
        return parsers[name]
    except KeyError:
        raise UnknownFormat(f"no format is called {name!r}", f"there are {', '.join(parsers)}") from None


def is_known(source: Source) -> bool:
    """Whether a parser recognizes ``source`` by its content, the fallback aside."""
    return any(parser.recognizes(source) for parser in all_parsers().values())


def parser_for(source: Source) -> Parser:
    """The one parser that recognizes ``source``, or the fallback for text that none does.

    Raises AmbiguousFormat where two do, UnknownFormat where none does and it is JSON, NotText where it is no text.
    """
    parsers = all_parsers()
    fitting = [parser for parser in parsers.values() if parser.recognizes(source)]
    if len(fitting) > 1:
        names = " and ".join(parser.NAME for parser in fitting)
        raise AmbiguousFormat(f"{source.name}: looks like {names}", "say which with --format NAME")
    if fitting:
        return fitting[0]
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
    return parsers[FALLBACK]
