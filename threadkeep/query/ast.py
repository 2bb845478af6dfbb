"""What a query means, as a tree of frozen nodes, and the way back from the tree to text.

Or((And((Word("run"), Not(Prefix("mar")))), Term("tag", "pottery")))   ->   'run -mar* OR tag:pottery'
"""

import re
from dataclasses import dataclass, replace
from datetime import date

QUOTES = '"“”„‟＂'
"""Any of these opens a phrase, and any closes it: keyboards that curl quotes are everywhere."""

_PLAIN_VALUE = re.compile(rf"[^\s(){QUOTES}]+")


@dataclass(frozen=True, slots=True)
class Everything:
    """Every post: the empty query, and ``*``."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text without white space, as typed; it may hold several words (``arxiv.org``) or none (``&``)."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with ``text``."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of ``text``, one after the other."""

    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """An operator of the fields table, by its first name, and its value; one that ends in ``*`` is a beginning."""

    op: str
    value: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """Posts from ``since`` on and before ``until``, days in UTC; either may be open. Undated posts are in no range."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class And:
    """All of ``parts``, of which none is an ``And``."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of ``parts``, of which none is an ``Or``."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but ``part``."""

    part: "Node"


Node = Everything | Word | Prefix | Phrase | Term | DateRange | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed, what it means, and what the person ought to be told about that.

    ``str(query)`` is its plainest spelling, and means the same.
    """

    text: str
    root: Node
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "" if isinstance(self.root, Everything) else written(self.root)


def narrowed(query: Query, part: Node) -> Query:
    """``query`` with ``part`` asked for besides, though it was not typed."""
    parts: tuple[Node, ...] = query.root.parts if isinstance(query.root, And) else (query.root,)
    kept = tuple(other for other in parts if not isinstance(other, Everything))
    return replace(query, root=And((*kept, part)) if kept else part)


def written(node: Node) -> str:
    """The text that parses to ``node``."""
    match node:
        case Everything():
            return "*"
        case Word(text):
            return text
        case Prefix(text):
            return f"{text}*"
        case Phrase(text):
            return f'"{text}"'
        case Term(op, value):
            return f"{op}:{value}" if _PLAIN_VALUE.fullmatch(value) else f'{op}:"{value}"'
        case DateRange(since, until):
            ends = (("since", since), ("until", until))
            return " ".join(f"{op}:{day.isoformat()}" for op, day in ends if day is not None)
        case Not(part):
            return f"-{_grouped(part) if isinstance(part, And | Or | Not) else written(part)}"
        case And(parts):
            return " ".join(_grouped(part) if isinstance(part, Or) else written(part) for part in parts)
        case Or(parts):
            return " OR ".join(written(part) for part in parts)


def _grouped(node: Node) -> str:
    return f"({written(node)})"
