"""Match a query against a segment: evaluate its tree on sets of doc ids, exactly and without scores."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, compress
from operator import neg

from threadkeep.index.analysis import query_terms, split_prefix, stem_term
from threadkeep.index.fuzzy_terms import TermPattern, fuzzy_pattern, wildcard_patterns
from threadkeep.index.keyword_terms import query_keys
from threadkeep.index.query_rewrite import TEXT_OPERATORS, prefix_terms
from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.phrase import ANYWHERE, PhraseTerms, near_match, phrase_match
from threadkeep.index.whoosh.postings_cache import DocIds, SegmentQueryContext
from threadkeep.index.whoosh.segment_format import CREATED, FORMS, KEYS, THREAD, UNDATED, WORDS
from threadkeep.query.ast import (
    And,
    AtLeast,
    DateRange,
    Everything,
    Fuzzy,
    InThread,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    RowIdSet,
    Term,
    Wildcard,
    Word,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_ZONES = {"title": positions.TITLE, "alt": positions.ALTS, "url": positions.LINKS}
"""The operators that search words in one zone. The keyword ``zone=title`` marks the posts with anything in it."""

_FEW = 4
"""Up to so many postings, reading them is cheaper than stemming the form to see whether they are needed."""


def match_ids(node: Node, context: SegmentQueryContext) -> DocIds:
    """Return the doc ids that match ``node``, without deleted posts unless they are a range."""
    found = _match(node, context, context.everything)
    deleted = context.segment.deleted
    return found - deleted if deleted and isinstance(found, set) else found


def _match(node: Node, context: SegmentQueryContext, within: DocIds) -> DocIds:
    """Return the posts of ``within`` that match ``node``, maybe with deleted ones."""
    match node:
        case And(parts):
            return _all_of(parts, context, within)
        case Or(parts):
            return _any_of((_match(part, context, within) for part in parts), within)
        case Not(part):
            found = _match(part, context, within)
            return set() if found == within else set(within).difference(found)
        case Everything():
            return within
        case Term(op, value) if op not in TEXT_OPERATORS:
            return _any_of((_with_key(key, context, within) for key in query_keys(op, value)), within)
        case DateRange() | AtLeast() | RowIdSet() | InThread():
            return _match_columns(node, context, within)
        case _:
            return _match_text(node, context, within)


def _match_text(node: Node, context: SegmentQueryContext, within: DocIds) -> DocIds:
    """Match a node that searches words."""
    match node:
        case Word(text) | Phrase(text):
            return phrase_match(query_terms(text), context, within, ANYWHERE)
        case Near(text, distance):
            return near_match(text, distance, context, within)
        case Prefix(text):
            return _with_prefix(*split_prefix(text), context, within, ANYWHERE)
        case Wildcard(pattern):
            words, patterns = wildcard_patterns(pattern)
            phrases = [((term, 0),) for word in words for term, _ in query_terms(word)]
            return _with_patterns(phrases, patterns, context, within)
        case Fuzzy(text, edits):
            phrase, fuzzy = fuzzy_pattern(text, edits)
            return _with_patterns([phrase] if phrase else [], (fuzzy,) if fuzzy else (), context, within)
        case Term(op, value):
            within = _with_key(f"zone={op}", context, within)
            return within if value == "*" else _with_prefix(*prefix_terms(value), context, within, _ZONES[op])
    raise AssertionError(node)


def _match_columns(node: Node, context: SegmentQueryContext, within: DocIds) -> DocIds:
    """Match a node that compares doc values."""
    match node:
        case DateRange(since, until):
            return _between(_moment(since, UNDATED + 1), _moment(until, 2**63), context, within)
        case AtLeast(of, number):
            return set(compress(within, map(number.__le__, _values(of, context, within))))
        case RowIdSet(_, row_ids):
            return _with_row_ids(row_ids, context, within)
        case InThread():
            threads = context.threads[node]
            return set(compress(within, map(threads.__contains__, _values(THREAD, context, within))))
    raise AssertionError(node)


def _all_of(parts: tuple[Node, ...], context: SegmentQueryContext, within: DocIds) -> DocIds:
    """Match all of ``parts``: the rarest first and negations last, so that each sees fewer candidates."""
    for part in sorted(parts, key=lambda part: _cost(part, context)):
        within = _match(part, context, within)
        if not within:
            break
    return within


def _any_of(found: Iterable[DocIds], within: DocIds) -> DocIds:
    """Return the union of ``found``, all subsets of ``within``."""
    sets = [ids for ids in found if ids]
    if len(sets) < 2:
        return sets[0] if sets else set()
    return within if within in sets else set().union(*sets)


def _cost(node: Node, context: SegmentQueryContext) -> int:
    """Estimate how many posts match ``node``; more than there are if it is better evaluated on a few."""
    size = context.segment.size
    match node:
        case Word(text) | Phrase(text) | Near(text):
            return min((context.doc_freq(WORDS, word) for word, _ in query_terms(text)), default=0)
        case Term(op, value) if op not in TEXT_OPERATORS and not value.endswith("*"):
            return sum(context.doc_freq(KEYS, key) for key in query_keys(op, value))
        case RowIdSet(_, row_ids):
            return len(row_ids)
        case DateRange() if context.segment.in_date_order:
            return 0
        case And(parts):
            return min(_cost(part, context) for part in parts)
        case Or(parts):
            return sum(_cost(part, context) for part in parts)
        case Prefix() | Wildcard() | Fuzzy() | Term():
            return size
        case _:
            return size + 1


# Keywords and words


def _with_key(key: str, context: SegmentQueryContext, within: DocIds) -> set[int]:
    """Return the posts with the keyword ``key``; a trailing ``*`` makes it a prefix."""
    if key.endswith("*"):
        return _with_any(
            (entry.ids for entry in context.segment.dictionary.with_prefix(KEYS, key[:-1])), context, within
        )
    postings = context.term_postings(KEYS, key)
    return postings.intersect(within) if postings else set()


def _with_prefix(phrase: PhraseTerms, prefix: str, context: SegmentQueryContext, within: DocIds, zone: range) -> DocIds:
    """Return the posts with the phrase ``phrase`` and, anywhere in the zone, a word that begins with ``prefix``.

    Surface forms have no positions, so a prefix in a zone is searched among the stems only.
    """
    if phrase:
        within = phrase_match(phrase, context, within, zone)
    if not prefix or not within:
        return within
    dictionary = context.segment.dictionary
    stems = dictionary.with_prefix(WORDS, prefix)
    if zone is not ANYWHERE:
        return set().union(*(phrase_match(((stem.term, 0),), context, within, zone) for stem in stems))
    surface_forms = (
        form.ids
        for form in dictionary.with_prefix(FORMS, prefix)
        # A post with the form has its stem, usually with the same prefix; stemming costs more than reading a few ids.
        if form.doc_freq <= _FEW or not stem_term(form.term).startswith(prefix)
    )
    return _with_any(chain((stem.ids for stem in stems), surface_forms), context, within)


def _with_patterns(
    phrases: Iterable[PhraseTerms], patterns: Iterable[TermPattern], context: SegmentQueryContext, within: DocIds
) -> DocIds:
    """Return the posts with all ``phrases`` and, for each of ``patterns``, a stem or surface form that matches it."""
    for phrase in phrases:
        within = phrase_match(phrase, context, within, ANYWHERE)
    for pattern in patterns:
        if within:
            fitting = (context.segment.dictionary.matching(field, pattern) for field in (WORDS, FORMS))
            within = _with_any((entry.ids for entry in chain.from_iterable(fitting)), context, within)
    return within


def _with_any(lists: Iterable[Sequence[int]], context: SegmentQueryContext, within: DocIds) -> set[int]:
    ids: set[int] = set().union(*lists)
    return _limited(ids, context, within)


def _limited(ids: set[int], context: SegmentQueryContext, within: DocIds) -> set[int]:
    if within == context.everything:
        return ids
    return ids & within if isinstance(within, set) else {doc_id for doc_id in ids if doc_id in within}


# Dates, counts, numbers


def _between(first: int, end: int, context: SegmentQueryContext, within: DocIds) -> DocIds:
    """Return the posts with ``first <= created < end``, in microseconds since 1970."""
    segment = context.segment
    if not segment.in_date_order:
        created = segment.column(CREATED)
        return {doc_id for doc_id in within if first <= created[doc_id] < end}
    created_down = segment.created
    low, high = (bisect_right(created_down, -moment, key=neg) for moment in (end, first))
    if isinstance(within, range):
        return range(max(low, within.start), max(min(high, within.stop), low, within.start))
    return {doc_id for doc_id in within if low <= doc_id < high}


def _moment(point: date | None, otherwise: int) -> int:
    """Return ``point`` in microseconds since 1970; a day means its start in UTC."""
    if point is None:
        return otherwise
    if not isinstance(point, datetime):
        point = datetime.combine(point, time())
    return ((point if point.tzinfo else point.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def _with_row_ids(row_ids: frozenset[int], context: SegmentQueryContext, within: DocIds) -> DocIds:
    """Return the posts with these row ids."""
    if isinstance(within, set) and len(within) < len(row_ids):
        held = context.segment.row_ids
        return {doc_id for doc_id in within if held[doc_id] in row_ids}
    return _limited(context.segment.doc_ids_of(row_ids), context, within)


def _values(column: str, context: SegmentQueryContext, within: DocIds) -> Iterable[int]:
    """Return the values of a column for ``within``, in that order."""
    values = context.segment.column(column)
    return values[within.start : within.stop] if isinstance(within, range) else map(values.__getitem__, within)
