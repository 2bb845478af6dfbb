"""Rank hits by BM25, the best first, and explain their scores."""

from collections.abc import Sequence
from heapq import nlargest

from threadkeep.index.analysis import query_terms
from threadkeep.index.engine import Hit, TermScore
from threadkeep.index.query_rewrite import prefix_terms, scoring_leaves
from threadkeep.index.whoosh.block_max import score_blocks, score_candidates
from threadkeep.index.whoosh.bm25 import CollectionStats, ScoreTable, TermScorer
from threadkeep.index.whoosh.postings_cache import SegmentQueryContext
from threadkeep.index.whoosh.segment_format import WORDS
from threadkeep.index.whoosh.segment_reader import OpenIndex
from threadkeep.index.whoosh.sort_by_date import SegmentHits, first_ids
from threadkeep.query.ast import Near, Node, Phrase, Term, Word

_EXHAUSTIVE_MAX = 20_000
"""Up to so many hits are all scored; of more, only those that may be among the best."""


def scoring_terms(root: Node) -> list[str]:
    """Return the terms that score. Filters, prefixes, wildcards and excluded words do not."""
    terms: set[str] = set()
    for node in scoring_leaves(root):
        match node:
            case Word(text) | Phrase(text) | Near(text):
                terms.update(term for term, _ in query_terms(text))
            case Term("title" | "alt", value):
                terms.update(term for term, _ in prefix_terms(value)[0])
    return sorted(terms)


def top_by_score(index: OpenIndex, hits: Sequence[SegmentHits], terms: Sequence[str], count: int) -> list[Hit]:
    """Return the ``count`` best hits. Posts of one score are sorted newest first, then by row id."""
    tables = _score_tables(index, [part.context for part in hits], terms)
    kept: list[tuple[float, int, int]] = []
    threshold = 0.0
    for part in sorted(hits, key=lambda part: -part.context.segment.size):
        segment = part.context.segment
        scores = _segment_scores(part, _term_scorers(part.context, tables), count, threshold)
        if len(scores) > count:
            threshold = max(threshold, nlargest(count, scores.values())[-1])
            scores = {doc_id: score for doc_id, score in scores.items() if score >= threshold}
        kept += ((-score, -segment.created[doc_id], segment.row_ids[doc_id]) for doc_id, score in scores.items())
        if len(kept) >= count:
            kept.sort()
            threshold = -kept[count - 1][0]
    kept.sort()
    return [Hit(row_id, -score) for score, _, row_id in kept[:count]]


def explain_scores(index: OpenIndex, root: Node, row_ids: Sequence[int]) -> list[tuple[int, list[TermScore]]]:
    """Return the term scores of each of ``row_ids`` that is indexed, the highest first."""
    contexts = [SegmentQueryContext(segment) for segment in index.segments]
    tables = _score_tables(index, contexts, scoring_terms(root))
    explained: dict[int, list[TermScore]] = {}
    for context in contexts:
        scorers = _term_scorers(context, tables)
        for doc_id in context.segment.doc_ids_of(row_ids) - context.segment.deleted:
            found = (scorer.explain(doc_id) for scorer in scorers)
            explained[context.segment.row_ids[doc_id]] = sorted(
                (score for score in found if score), key=lambda score: (-score.score, score.term)
            )
    return [(row_id, explained[row_id]) for row_id in row_ids if row_id in explained]


def _score_tables(
    index: OpenIndex, contexts: Sequence[SegmentQueryContext], terms: Sequence[str]
) -> dict[str, ScoreTable]:
    """Return a score table for each term that is indexed, the rarest first."""
    stats = CollectionStats(index.size, index.average)
    doc_freqs = {term: sum(context.doc_freq(WORDS, term) for context in contexts) for term in terms}
    ordered = sorted((doc_freq, term) for term, doc_freq in doc_freqs.items() if doc_freq)
    return {term: ScoreTable(stats.idf(doc_freq), stats.average) for doc_freq, term in ordered}


def _term_scorers(context: SegmentQueryContext, tables: dict[str, ScoreTable]) -> list[TermScorer]:
    lengths = context.segment.lengths
    held = ((term, context.term_postings(WORDS, term), table) for term, table in tables.items())
    return [TermScorer(term, postings, table, lengths) for term, postings, table in held if postings]


def _segment_scores(hits: SegmentHits, scorers: Sequence[TermScorer], count: int, threshold: float) -> dict[int, float]:
    """Return the scores of the ``count`` best hits of a segment, and maybe of others; none below ``threshold``."""
    if hits.ids is None:
        return score_blocks(scorers, hits.context, None, count, threshold)
    ids = hits.live_ids()
    if len(ids) <= max(_EXHAUSTIVE_MAX, 8 * count):
        return score_candidates(scorers, ids, count, threshold)
    scores = score_blocks(scorers, hits.context, ids, count, threshold)
    if len(scores) < count and not threshold:
        others = SegmentHits(hits.context, set(ids).difference(scores))
        scores.update(dict.fromkeys(first_ids(others, count - len(scores), newest=True), 0.0))
    return scores
