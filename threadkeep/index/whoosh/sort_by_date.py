"""Sort hits by date: in a segment in date order, the newest have the lowest doc ids and the oldest the highest."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from heapq import nlargest, nsmallest
from itertools import islice
from operator import attrgetter, neg
from typing import NamedTuple

from threadkeep.index.engine import Hit
from threadkeep.index.whoosh.postings_cache import DocIds, SegmentQueryContext, TermPostings
from threadkeep.index.whoosh.segment_format import CREATED, UNDATED

_doc_freq = attrgetter("doc_freq")


class SegmentHits(NamedTuple):
    """The hits in a segment: their doc ids, or, if those are ``None``, postings of which any may hold them.

    Deleted posts are among them if the ids are a range or ``None``.
    """

    context: SegmentQueryContext
    ids: DocIds | None
    postings: Sequence[TermPostings] = ()

    @property
    def total(self) -> int:
        """The number of hits, without deleted posts."""
        deleted = self.context.segment.deleted
        if isinstance(self.ids, range):
            return len(self.ids) - sum(doc_id in self.ids for doc_id in deleted)
        if self.ids is not None:
            return len(self.ids)
        if not self.postings:
            return 0
        *rarer, commonest = sorted(self.postings, key=_doc_freq)
        others: set[int] = set().union(*(postings.ids for postings in rarer))
        total = len(others) + commonest.doc_freq - (len(commonest.intersect(others)) if others else 0)
        if not deleted:
            return total
        return total - len(set().union(*(postings.intersect(set(deleted)) for postings in self.postings)))

    def live_ids(self) -> DocIds:
        """Return the doc ids of the hits, without deleted posts."""
        deleted = self.context.segment.deleted
        if self.ids is None:
            ids: set[int] = set().union(*(postings.ids for postings in self.postings))
            return ids - deleted
        return set(self.ids) - deleted if deleted and isinstance(self.ids, range) else self.ids


def top_by_date(hits: Sequence[SegmentHits], count: int, newest: bool) -> list[Hit]:
    """Return the first ``count`` hits. Posts of one date are sorted by row id; undated posts come last either way."""
    kept: list[tuple[int, int]] = []
    hits = [part for part in hits if part.postings or part.ids]
    hits.sort(key=lambda part: part.context.segment.first_created, reverse=newest)
    for part in hits:
        segment = part.context.segment
        if newest and segment.in_date_order and len(kept) >= count and segment.first_created < -kept[count - 1][0]:
            continue
        ids = first_ids(part, count, newest)
        dates: Iterable[int] = map(segment.created.__getitem__, ids)
        keys = map(neg, dates) if newest else (-created if created == UNDATED else created for created in dates)
        kept += zip(keys, map(segment.row_ids.__getitem__, ids), strict=True)
        kept.sort()
    return [Hit(row_id, 0.0) for _, row_id in kept[:count]]


def first_ids(hits: SegmentHits, count: int, newest: bool) -> Collection[int]:
    """Return the doc ids of the first ``count`` hits by date, of all as old as the last, and maybe of others."""
    if not hits.context.segment.in_date_order:
        return _first_by_key(hits, count, newest)
    if newest and hits.ids is None:
        if len(hits.postings) == 1:
            return _newest_of_term(hits.postings[0], hits.context, count)
        return set().union(*(_newest_of_term(postings, hits.context, count) for postings in hits.postings))
    ids = hits.live_ids() if hits.ids is None else hits.ids
    if len(ids) <= count + len(hits.context.segment.deleted):
        return hits.live_ids()
    return _lowest_ids(ids, hits.context, count) if newest else _highest_ids(ids, hits.context, count)


def _newest_of_term(postings: TermPostings, context: SegmentQueryContext, count: int) -> list[int]:
    """Return the first ``count`` live doc ids of a term, and those of posts as old as the last of these."""
    deleted, created = context.segment.deleted, context.segment.created
    if count < postings.doc_freq and not deleted:
        # Usually a few ids of the first block are enough: the next one is of another date.
        head = postings.postings.ids_in(0, count + 1)
        if len(head) > count and created[head[count]] != created[head[count - 1]]:
            return head[:count]
    found: list[int] = []
    end = context.segment.size
    for block in range(postings.blocks):
        ids = postings.ids_in(block)
        found += [doc_id for doc_id in ids if doc_id not in deleted] if deleted else ids
        if len(found) >= count:
            end = min(end, _same_date(found[count - 1], context).stop)
        if ids[-1] + 1 >= end:
            break
    return found[: bisect_left(found, end)]


def _lowest_ids(ids: DocIds, context: SegmentQueryContext, count: int) -> list[int]:
    deleted = context.segment.deleted
    if isinstance(ids, range):
        first = list(islice((doc_id for doc_id in ids if doc_id not in deleted), count))
    else:
        first = nsmallest(count, ids)
    also = range(first[-1] + 1, _same_date(first[-1], context).stop)
    return first + [doc_id for doc_id in also if doc_id in ids and doc_id not in deleted]


def _highest_ids(ids: DocIds, context: SegmentQueryContext, count: int) -> list[int]:
    """Return the oldest of ``ids``; all of them if too few have a date."""
    dated = bisect_left(context.segment.created, -UNDATED, key=neg)
    deleted = context.segment.deleted
    if isinstance(ids, range):
        descending = range(min(ids.stop, dated) - 1, ids.start - 1, -1)
        last = list(islice((doc_id for doc_id in descending if doc_id not in deleted), count))
    else:
        last = nlargest(count, (doc_id for doc_id in ids if doc_id < dated))
    if len(last) < count:
        return [doc_id for doc_id in ids if doc_id not in deleted]
    also = range(_same_date(last[-1], context).start, last[-1])
    return last + [doc_id for doc_id in also if doc_id in ids and doc_id not in deleted]


def _same_date(doc_id: int, context: SegmentQueryContext) -> range:
    """Return the doc ids of all posts as old as this one; the segment must be in date order."""
    created = context.segment.created
    key = -created[doc_id]
    return range(bisect_left(created, key, key=neg), bisect_right(created, key, key=neg))


def _first_by_key(hits: SegmentHits, count: int, newest: bool) -> Collection[int]:
    ids = hits.live_ids()
    if len(ids) <= count:
        return ids
    created = hits.context.segment.column(CREATED)
    # The greater the key, the earlier a post comes; undated ones come last either way.
    keys = {doc_id: created[doc_id] if newest or created[doc_id] == UNDATED else -created[doc_id] for doc_id in ids}
    least = nlargest(count, keys.values())[-1]
    return [doc_id for doc_id, key in keys.items() if key >= least]
