"""Why a search found what it found: the query in plain words, and what each word adds to the score of a hit."""

from collections.abc import Sequence

from threadkeep.archive.query_resolution import PUBLIC, ResolvedQuery
from threadkeep.archive.reports import Explanation
from threadkeep.index.analysis import folded, query_terms
from threadkeep.index.engine import Engine, Hit
from threadkeep.query.describe import describe

EXPLAINED = 5
"""How many of the first hits are explained."""


def explanation(asked: ResolvedQuery, engine: Engine, hits: Sequence[Hit]) -> Explanation:
    """How the query was understood and why ``hits``, the first of the page, rank as they do."""
    added = tuple(describe(PUBLIC, _looked_for)) if asked.added else ()
    numbers = [hit.row_id for hit in hits[:EXPLAINED] if hit.score]
    shares = dict(engine.explain(asked.query, numbers)) if numbers else {}
    understood = tuple(describe(asked.typed.root, _looked_for))
    return Explanation(understood, added, tuple(tuple(shares.get(number, ())) for number in numbers))


def _looked_for(text: str) -> str:
    words = [word for word, _ in query_terms(text)]
    if not words:
        return " (it holds no word, and is passed over)"
    spelled = " ".join(words)
    return "" if spelled == folded(text) else f" (looked for as {spelled})"
