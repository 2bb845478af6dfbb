"""Execute a query over all segments: match, then rank, list, count or explain.

If the query is one term, or an OR of terms, its matches are neither collected nor sorted: the document frequencies give
their number, postings are in date order, and ``block_max`` finds the best.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from threadkeep.index.analysis import query_terms
from threadkeep.index.engine import CountBy, FacetCounts, Hit, Sort
from threadkeep.index.keyword_terms import FACET_PREFIXES, query_keys
from threadkeep.index.query_rewrite import TEXT_OPERATORS
from threadkeep.index.whoosh.matcher import match_ids
from threadkeep.index.whoosh.postings_cache import SegmentQueryContext, TermPostings
from threadkeep.index.whoosh.segment_format import CREATED, KEYS, THREAD, UNDATED, WORDS
from threadkeep.index.whoosh.segment_reader import OpenIndex
from threadkeep.index.whoosh.sort_by_date import SegmentHits, top_by_date
from threadkeep.index.whoosh.top_docs import scoring_terms, top_by_score
from threadkeep.query.ast import And, InThread, Node, Not, Or, Phrase, Term, Word

_EPOCH = date(1970, 1, 1)
_DAY = 86_400_000_000


def top_hits(index: OpenIndex, root: Node, sort: Sort, count: int) -> tuple[list[Hit], int]:
    """Return the first ``count`` hits of ``root``, and the number of all."""
    alternatives = _alternatives(root) if sort != "oldest" else None
    only_keys = alternatives is not None and all(field == KEYS for field, _ in alternatives)
    terms = scoring_terms(root) if sort == "relevance" and not only_keys else []
    if terms and alternatives and any(field != WORDS for field, _ in alternatives):
        alternatives = None  # posts without any of the scoring terms are in no postings that would be scored
    hits = find_hits(index, root, alternatives)
    total = sum(part.total for part in hits)
    if not total or count <= 0:
        return [], total
    if terms:
        return top_by_score(index, hits, terms, count), total
    return top_by_date(hits, count, newest=sort != "oldest"), total


def find_hits(index: OpenIndex, root: Node, alternatives: Sequence[tuple[str, str]] | None = None) -> list[SegmentHits]:
    """Return the hits of ``root`` by segment; as postings if it is an OR of the terms ``alternatives``."""
    contexts = [SegmentQueryContext(segment) for segment in index.segments]
    if alternatives is not None:
        return [_as_postings(alternatives, context) for context in contexts]
    _join_threads(root, contexts)
    return [SegmentHits(context, match_ids(root, context)) for context in contexts]


def count_facets(hits: Sequence[SegmentHits], by: CountBy) -> FacetCounts:
    """Count the hits for each value of ``by``.

    A post with two tags counts twice, one without tags not at all; by year, undated posts do not count.
    """
    counts: Counter[str] = Counter()
    for part in hits:
        if by in ("year", "month"):
            _count_dates(part, by == "month", counts)
        elif part.total:
            _count_keys(part, FACET_PREFIXES[by], counts)
    total = sum(part.total for part in hits)
    return FacetCounts(tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))), total)


def _alternatives(node: Node) -> list[tuple[str, str]] | None:
    """Return fields and terms if ``node`` matches the posts that have any of them; ``None`` for other queries."""
    match node:
        case Word(text) | Phrase(text):
            terms = query_terms(text)
            return [(WORDS, terms[0][0])] if len(terms) == 1 else None
        case Term(op, value) if op not in TEXT_OPERATORS and not value.endswith("*"):
            return [(KEYS, key) for key in query_keys(op, value)]
        case Or(parts):
            found: list[tuple[str, str]] = []
            for part in parts:
                alternatives = _alternatives(part)
                if alternatives is None:
                    return None
                found += alternatives
            return found
    return None


def _as_postings(alternatives: Sequence[tuple[str, str]], context: SegmentQueryContext) -> SegmentHits:
    terms = dict.fromkeys(alternatives)
    postings = [found for field, term in terms if (found := context.term_postings(field, term)) is not None]
    return SegmentHits(context, None, postings)


def _join_threads(node: Node, contexts: Sequence[SegmentQueryContext]) -> None:
    """Evaluate each ``InThread`` in ``node``, the innermost first, over all segments, and note its threads."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                _join_threads(part, contexts)
        case Not(part):
            _join_threads(part, contexts)
        case InThread(parts):
            for part in parts:
                _join_threads(part, contexts)
            threads = _threads_with_all(parts, contexts)
            for context in contexts:
                context.threads[node] = threads


def _threads_with_all(parts: Sequence[Node], contexts: Sequence[SegmentQueryContext]) -> frozenset[int]:
    """Return the threads that have a post for each of ``parts``."""
    threads: set[int] | None = None
    for part in parts:
        held: set[int] = set()
        for context in contexts:
            ids = SegmentHits(context, match_ids(part, context)).live_ids()
            held.update(map(context.segment.column(THREAD).__getitem__, ids))
        threads = held if threads is None else threads & held
        if not threads:
            break
    return frozenset(threads or ())


def _count_keys(hits: SegmentHits, prefix: str, counts: Counter[str]) -> None:
    ids = hits.live_ids()
    everything = ids == hits.context.everything
    for entry in hits.context.segment.dictionary.with_prefix(KEYS, prefix):
        count = entry.doc_freq if everything else len(TermPostings(entry).intersect(ids))
        if count:
            counts[entry.term[len(prefix) :]] += count


def _count_dates(hits: SegmentHits, months: bool, counts: Counter[str]) -> None:
    created = hits.context.segment.column(CREATED)
    days = Counter(map(_DAY.__rfloordiv__, map(created.__getitem__, hits.live_ids())))
    for day, count in days.items():
        if day != UNDATED // _DAY:
            counts[(_EPOCH + timedelta(days=day)).isoformat()[: 7 if months else 4]] += count
