"""Rewrite a query before it is executed, and list the parts of it that score and are highlighted.

``"&" clay`` is a search for clay: a part without words is dropped. A query of nothing else finds nothing.
"""

from collections.abc import Iterator

from threadkeep.index.analysis import query_terms, split_prefix
from threadkeep.index.fuzzy_terms import wildcard_patterns
from threadkeep.query.ast import And, Fuzzy, InThread, Near, Node, Not, Or, Phrase, Prefix, Term, Wildcard, Word

TEXT_OPERATORS = frozenset({"title", "alt", "url"})
"""The operators that search words; the others search keywords."""


def drop_empty(node: Node) -> Node | None:
    """Return ``node`` without the parts that have no words; ``None`` if nothing is left."""
    match node:
        case Word(text) | Phrase(text) | Near(text) | Fuzzy(text):
            return node if query_terms(text) else None
        case Prefix(text):
            return node if any(split_prefix(text)) else None
        case Wildcard(pattern):
            return node if any(wildcard_patterns(pattern)) else None
        case Term(op, value) if op in TEXT_OPERATORS:
            return node if value == "*" or any(prefix_terms(value)) else None
        case Not(part):
            kept = drop_empty(part)
            return None if kept is None else Not(kept)
        case And(parts) | Or(parts):
            left = tuple(kept for part in parts if (kept := drop_empty(part)) is not None)
            return type(node)(left) if len(left) > 1 else next(iter(left), None)
        case InThread(parts):
            left = tuple(kept for part in parts if (kept := drop_empty(part)) is not None)
            return InThread(left) if left else None
        case _:
            return node


def prefix_terms(text: str) -> tuple[tuple[tuple[str, int], ...], str]:
    """Return the terms of an operator value, with their offsets, and a prefix if it ends in ``*``."""
    return split_prefix(text.rstrip("*")) if text.endswith("*") else (query_terms(text), "")


def scoring_leaves(node: Node) -> Iterator[Node]:
    """Yield the leaves of ``node`` that are not negated."""
    match node:
        case And(parts) | Or(parts) | InThread(parts):
            for part in parts:
                yield from scoring_leaves(part)
        case Not():
            return
        case _:
            yield node
