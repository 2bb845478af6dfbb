"""The syntax tree of a query, as frozen nodes, and the tree written as text again.

Or((And((Word("run"), Not(Prefix("mar")))), Term("tag", "pottery")))   ->   'run -mar* OR tag:pottery'
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

QUOTES = '"“”„‟＂'
"""Any of these opens and any closes a phrase: many keyboards curl quotes."""

AT_LEAST = {"likes": "min_faves", "reposts": "min_retweets", "replies": "min_replies"}
"""The operators of ``AtLeast``, by what they count."""

_PLAIN_VALUE = re.compile(rf"[^\s(){{}}{QUOTES}]+")


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
class Wildcard:
    """Words that match ``pattern``: ``?`` is one character, ``*`` any number of them."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most ``edits`` letters away from ``text``: one wrong, missing, added, or swapped with its neighbour."""

    text: str
    edits: int = 1


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of ``text``, one after the other."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """The words of ``text`` in any order, the first and the last of them at most ``distance`` words apart."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class Term:
    """An operator of the fields table, by its name, and its value; a value that ends in ``*`` is a prefix."""

    op: str
    value: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Posts for which the source counted ``number`` or more: ``of`` is ``likes``, ``reposts`` or ``replies``."""

    of: str
    number: int


@dataclass(frozen=True, slots=True)
class RowIdSet:
    """The posts with these row ids, which the archive found for ``term`` (``id:``, ``thread:``, …)."""

    term: Term
    row_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Posts from ``since`` on and before ``until``; days in UTC, or moments. Either end may be open.

    Undated posts are in no range.
    """

    since: date | datetime | None = None
    until: date | datetime | None = None


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


@dataclass(frozen=True, slots=True)
class InThread:
    """All posts of the threads in which every one of ``parts`` is found, each by any post of the thread."""

    parts: "tuple[Node, ...]"


Node = (
    Everything
    | Word
    | Prefix
    | Wildcard
    | Fuzzy
    | Phrase
    | Near
    | Term
    | AtLeast
    | RowIdSet
    | DateRange
    | And
    | Or
    | Not
    | InThread
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed, its tree, and the warnings about it.

    ``str(query)`` is its plainest spelling, and means the same.
    """

    text: str
    root: Node
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "" if isinstance(self.root, Everything) else to_text(self.root)


def with_filter(query: Query, part: Node) -> Query:
    """Return ``query`` restricted to ``part``, which was not typed."""
    parts: tuple[Node, ...] = query.root.parts if isinstance(query.root, And) else (query.root,)
    kept = tuple(other for other in parts if not isinstance(other, Everything))
    return replace(query, root=And((*kept, part)) if kept else part)


def without_filter(node: Node, part: Node) -> Node:
    """Return ``node`` without ``part``, undoing ``with_filter``; ``Everything`` if nothing else is left."""
    match node:
        case And(parts) | InThread(parts):
            left = tuple(without_filter(other, part) for other in parts if other != part)
            return (
                type(node)(left) if len(left) > 1 or (left and isinstance(node, InThread)) else (*left, Everything())[0]
            )
        case Or(parts):
            return Or(tuple(without_filter(other, part) for other in parts))
        case Not(other) if node != part:
            return Not(without_filter(other, part))
        case _:
            return Everything() if node == part else node


def map_leaves(node: Node, change: "Callable[[Node], Node]") -> Node:
    """Return ``node`` with each leaf replaced by ``change(leaf)``."""
    match node:
        case And(parts) | Or(parts) | InThread(parts):
            return type(node)(tuple(map_leaves(part, change) for part in parts))
        case Not(part):
            return Not(map_leaves(part, change))
        case _:
            return change(node)


def to_text(node: Node) -> str:
    """Return the text that parses to ``node``."""
    match node:
        case Not(part):
            return f"-{_grouped(part) if isinstance(part, And | Or | Not) else to_text(part)}"
        case And(parts):
            return " ".join(_grouped(part) if isinstance(part, Or) else to_text(part) for part in parts)
        case Or(parts):
            return " OR ".join(to_text(part) for part in parts)
        case InThread(parts):
            inner = (_grouped(part) if isinstance(part, And | Or) else to_text(part) for part in parts)
            return f"thread:{{{' '.join(inner)}}}"
        case _:
            return _leaf(node)


def _leaf(node: Node) -> str:
    match node:
        case Word(text):
            return text
        case Prefix(text):
            return f"{text}*"
        case Wildcard(pattern):
            return pattern
        case Fuzzy(text, edits):
            return f"{text}~" if edits == 1 else f"{text}~{edits}"
        case Phrase(text):
            return f'"{text}"'
        case Near(text, distance):
            return f'near:"{text}"~{distance}'
        case AtLeast(of, number):
            return f"{AT_LEAST[of]}:{number}"
        case Term() | RowIdSet():
            return _operator(node if isinstance(node, Term) else node.term)
        case DateRange():
            return _dates(node)
        case _:
            return "*"


def _operator(term: Term) -> str:
    # "me" means the archive's owner; an account of that name is written with its sign.
    value = f"@{term.value}" if term.op in ("from", "to", "mentions") and term.value.lower() == "me" else term.value
    return f"{term.op}:{value}" if _PLAIN_VALUE.fullmatch(value) else f'{term.op}:"{value}"'


def _dates(dates: DateRange) -> str:
    since, until = dates.since, dates.until
    if since and until and since == date(since.year, 1, 1) and until == date(since.year + 1, 1, 1):
        return f"year:{since.year:04}"
    ends = (("since", since), ("until", until))
    return " ".join(f"{op}:{_day(end)}" for op, end in ends if end is not None)


def _day(end: date | datetime) -> str:
    return end.isoformat().replace("+00:00", "Z")


def _grouped(node: Node) -> str:
    return f"({to_text(node)})"
