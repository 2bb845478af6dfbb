"""Answer a resolved query: a page of hits or threads with snippets, and on request how it was scored."""

from collections.abc import Sequence

from threadkeep.archive.index_documents import readable
from threadkeep.archive.query_resolution import PUBLIC, ResolvedQuery
from threadkeep.archive.reports import Explanation, SearchHit, SearchPage
from threadkeep.index.engine import Engine, Hit, Page, Sort
from threadkeep.query.ast import Query
from threadkeep.store.store import Store

EXPLAINED_HITS = 5
"""Number of hits whose score is explained."""


def search(
    store: Store,
    engine: Engine,
    resolved: ResolvedQuery,
    *,
    sort: Sort,
    limit: int,
    offset: int,
    threads: bool,
    explain: bool,
    warnings: tuple[str, ...],
) -> SearchPage:
    """Return the hits from ``offset`` on, at most ``limit``; with ``threads`` the best hit of each thread."""
    query = resolved.query
    if threads:
        best_hits, suggestion = _best_hit_of_threads(store, engine, query, sort)
        page = Page(best_hits[offset : offset + limit], len(best_hits), suggestion)
    else:
        page = engine.search(query, sort, limit, offset)
    explanation = _explanation(engine, resolved, page.hits) if explain else None
    return SearchPage(
        _search_hits(store, query, page.hits), page.total, resolved.as_typed(page.suggestion), warnings, explanation
    )


def _best_hit_of_threads(
    store: Store, engine: Engine, query: Query, sort: Sort
) -> tuple[tuple[Hit, ...], Query | None]:
    """Return the first hit of each thread in the order of ``sort``, and the engine's suggestion."""
    page = engine.search(query, sort, limit=None)
    with store.name_lookup() as names:
        thread_of = names.threads_of(hit.row_id for hit in page.hits)
    best: dict[int, Hit] = {}
    for hit in page.hits:
        best.setdefault(thread_of.get(hit.row_id, hit.row_id), hit)
    return tuple(best.values()), page.suggestion


def _search_hits(store: Store, query: Query, hits: Sequence[Hit]) -> tuple[SearchHit, ...]:
    from threadkeep.index.highlight import snippet

    row_ids = [hit.row_id for hit in hits]
    posts, sizes = store.posts(row_ids), store.thread_sizes(row_ids)
    found = []
    for hit in hits:
        if stored := posts.get(hit.row_id):  # a post may have been removed since it was indexed
            snippets = [snippet(text, query) for text in readable(stored)]
            best = next((one for one in snippets if one.spans), snippets[0])
            found.append(SearchHit(stored, hit.score, sizes[hit.row_id], best.text, best.spans))
    return tuple(found)


def _explanation(engine: Engine, resolved: ResolvedQuery, hits: Sequence[Hit]) -> Explanation:
    """Describe the query in words, and give each word's share of the score of the first hits."""
    from threadkeep.query.describe import describe

    added = tuple(describe(PUBLIC, _indexed_form)) if resolved.added else ()
    row_ids = [hit.row_id for hit in hits[:EXPLAINED_HITS] if hit.score]
    shares = dict(engine.explain(resolved.query, row_ids)) if row_ids else {}
    understood = tuple(describe(resolved.typed.root, _indexed_form))
    return Explanation(understood, added, tuple(tuple(shares.get(row_id, ())) for row_id in row_ids))


def _indexed_form(text: str) -> str:
    """Return a remark on how ``text`` is searched for, where that differs from what was typed."""
    from threadkeep.index.analysis import fold, query_terms

    words = [word for word, _ in query_terms(text)]
    if not words:
        return " (it holds no word, and is ignored)"
    terms = " ".join(words)
    return "" if terms == fold(text) else f" (searched for as {terms})"
