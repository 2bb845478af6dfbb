"""Phrase and proximity matching: intersect the postings of all words, then compare positions."""

from collections import Counter
from collections.abc import Iterable
from operator import attrgetter

from threadkeep.index.analysis import TOKEN, analyze
from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.postings_cache import DocIds, SegmentQueryContext, TermPostings
from threadkeep.index.whoosh.segment_format import WORDS

ANYWHERE = range(1 << positions.BITS)

PhraseTerms = tuple[tuple[str, int], ...]
"""Terms, each with its offset from the first position of the phrase."""

_MAX_DISTANCE = 100_000
"""Less than the distance between zones, so that words of different zones are never near."""

_doc_freq = attrgetter("doc_freq")


def phrase_match(phrase: PhraseTerms, context: SegmentQueryContext, within: DocIds, zone: range) -> set[int]:
    """Return the posts of ``within`` that have all terms of ``phrase`` at their offsets, the first in ``zone``."""
    postings = _postings((term for term, _ in phrase), context)
    if not postings:
        return set()
    ids = _conjunction(postings.values(), within)
    if len(phrase) == 1 and zone is ANYWHERE:
        return ids
    return {start >> positions.BITS for start in _starts(phrase, postings, ids) if start & positions.MASK in zone}


def near_match(text: str, distance: int, context: SegmentQueryContext, within: DocIds) -> set[int]:
    """Return the posts that have all words of ``text``, in any order, the first and last at most ``distance`` apart.

    A token of several words (``wood-fired``) must match as a phrase. A word that is repeated must occur as often.
    """
    phrases = Counter(phrase for token in TOKEN.findall(text) if (phrase := analyze(token).query_terms))
    postings = _postings((term for phrase in phrases for term, _ in phrase), context)
    ids = _conjunction(postings.values(), within) if postings else set()
    by_post: dict[int, list[tuple[int, PhraseTerms]]] = {doc_id: [] for doc_id in ids}
    for phrase in phrases:
        for start in _starts(phrase, postings, ids) if ids else ():
            by_post[start >> positions.BITS].append((start & positions.MASK, phrase))
    most = min(distance, _MAX_DISTANCE)
    return {doc_id for doc_id, found in by_post.items() if _shortest_span(found, phrases) <= most}


def _postings(terms: Iterable[str], context: SegmentQueryContext) -> dict[str, TermPostings]:
    """Return the postings of all ``terms``; nothing if one is in no post."""
    found = {term: context.term_postings(WORDS, term) for term in terms}
    return {term: postings for term, postings in found.items() if postings} if all(found.values()) else {}


def _conjunction(postings: Iterable[TermPostings], within: DocIds) -> set[int]:
    """Return the posts that have all terms, reading the rarest first and of the others only blocks that may match."""
    ids: DocIds = within
    for one in sorted(postings, key=_doc_freq):
        ids = one.intersect(ids)
        if not ids:
            break
    return set(ids)


def _starts(phrase: PhraseTerms, postings: dict[str, TermPostings], ids: set[int]) -> set[int]:
    """Return where ``phrase`` begins in the posts ``ids``: ``doc_id << positions.BITS | position``.

    All posts of ``ids`` must have all terms.
    """
    starts: set[int] | None = None
    for term, offset in sorted(phrase, key=lambda part: postings[part[0]].doc_freq):
        found = postings[term].positions_in(ids)
        shifted = [start - offset for start in found if start & positions.MASK >= offset] if offset else found
        starts = set(shifted) if starts is None else starts.intersection(shifted)
        ids = {start + offset >> positions.BITS for start in starts}
        if not starts:
            break
    return starts or set()


def _shortest_span(found: list[tuple[int, PhraseTerms]], wanted: Counter[PhraseTerms]) -> int:
    """Return the length of the shortest stretch with all of ``wanted``; above ``_MAX_DISTANCE`` if there is none."""
    found.sort(key=lambda item: item[0])
    missing, lacking = Counter(wanted), sum(wanted.values())
    shortest, behind = _MAX_DISTANCE + 1, 0
    for position, phrase in found:
        lacking -= missing[phrase] > 0
        missing[phrase] -= 1
        while not lacking:
            first, dropped = found[behind]
            shortest = min(shortest, position - first)
            missing[dropped] += 1
            lacking += missing[dropped] > 0
            behind += 1
    return shortest
