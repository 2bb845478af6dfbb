"""What of a query can be looked for at all, and which of its parts a found post is likely to show.

``"&" clay`` is a search for clay: a part that holds no word asks for nothing. A query of nothing else finds nothing.
"""

from collections.abc import Iterator

from threadkeep.index.analysis import beginning, query_terms
from threadkeep.index.fuzzy_terms import shapes
from threadkeep.query.ast import And, Fuzzy, InThread, Near, Node, Not, Or, Phrase, Prefix, Term, Wildcard, Word

IN_TEXT = frozenset({"title", "alt", "url"})
"""The operators that look for words; the others look for keys."""


def searchable(node: Node) -> Node | None:
    """``node`` without the parts that hold no word to look for; ``None`` where nothing is left."""
    match node:
        case Word(text) | Phrase(text) | Near(text) | Fuzzy(text):
            return node if query_terms(text) else None
        case Prefix(text):
            return node if any(beginning(text)) else None
        case Wildcard(pattern):
            return node if any(shapes(pattern)) else None
        case Term(op, value) if op in IN_TEXT:
            return node if value == "*" or any(words_begun(value)) else None
        case Not(part):
            kept = searchable(part)
            return None if kept is None else Not(kept)
        case And(parts) | Or(parts):
            left = tuple(kept for part in parts if (kept := searchable(part)) is not None)
            return type(node)(left) if len(left) > 1 else next(iter(left), None)
        case InThread(parts):
            left = tuple(kept for part in parts if (kept := searchable(part)) is not None)
            return InThread(left) if left else None
        case _:
            return node


def words_begun(text: str) -> tuple[tuple[tuple[str, int], ...], str]:
    """The whole words that ``text`` looks for, with their places, and the beginning of one where it ends in ``*``."""
    return beginning(text.rstrip("*")) if text.endswith("*") else (query_terms(text), "")


def positive(node: Node) -> Iterator[Node]:
    """The leaves of ``node`` that speak for a post: all that stand under no minus."""
    match node:
        case And(parts) | Or(parts) | InThread(parts):
            for part in parts:
                yield from positive(part)
        case Not():
            return
        case _:
            yield node
