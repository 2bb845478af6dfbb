"""The posts found, the newest or the oldest first: the first or last ids, where a segment is in date order."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from heapq import nlargest, nsmallest
from itertools import islice
from operator import neg
from typing import NamedTuple

from threadkeep.index.engine import Hit
from threadkeep.index.whoosh.postings_cache import Ids, Listing, Reading
from threadkeep.index.whoosh.segment_reader import UNDATED


class Found(NamedTuple):
    """The posts found in a segment: their ids, or listings any of which may hold them.

    The forgotten posts are among them where the ids are a range, or listings say which they are.
    """

    reading: Reading
    ids: Ids | None
    listings: Sequence[Listing] = ()

    @property
    def total(self) -> int:
        """How many they are."""
        if isinstance(self.ids, range):
            return len(self.ids) - sum(id_ in self.ids for id_ in self.reading.segment.forgotten)
        if self.ids is not None:
            return len(self.ids)
        forgotten = self.reading.segment.forgotten
        if not self.listings:
            return 0
        if len(self.listings) == 1:
            return self.listings[0].count - (len(self.listings[0].among(set(forgotten))) if forgotten else 0)
        *rarer, commonest = sorted(self.listings, key=lambda listing: listing.count)
        others: set[int] = set().union(*(listing.ids for listing in rarer))
        total = len(others) + commonest.count - (len(commonest.among(others)) if others else 0)
        gone = set(forgotten)
        return total - len(set().union(*(listing.among(gone) for listing in self.listings))) if gone else total

    def all_ids(self) -> Ids:
        """Their ids, forgotten posts left out."""
        forgotten = self.reading.segment.forgotten
        if self.ids is None:
            ids: set[int] = set().union(*(listing.ids for listing in self.listings))
            return ids - forgotten
        return set(self.ids) - forgotten if forgotten and isinstance(self.ids, range) else self.ids


def by_date(found: Sequence[Found], count: int, newest: bool) -> list[Hit]:
    """The first ``count``. Posts of one date stand by their number; without a date, a post comes last either way."""
    kept: list[tuple[int, int]] = []
    found = [part for part in found if part.listings or part.ids]
    found.sort(key=_newest_moment, reverse=newest)
    for part in found:
        segment = part.reading.segment
        if newest and segment.in_date_order and len(kept) >= count and segment.first_moment < -kept[count - 1][0]:
            continue
        ids = first_of(part, count, newest)
        moments: Iterable[int] = map(segment.created.__getitem__, ids)
        keys = map(neg, moments) if newest else (-moment if moment == UNDATED else moment for moment in moments)
        kept += zip(keys, map(segment.numbers.__getitem__, ids), strict=True)
        kept.sort()
    return [Hit(number, 0.0) for _, number in kept[:count]]


def _newest_moment(found: Found) -> int:
    """The date of the first post of a segment, which is that of its newest one where it is in date order."""
    return found.reading.segment.first_moment


def first_of(found: Found, count: int, newest: bool) -> Collection[int]:
    """The ids of the first ``count`` in that order, with all posts that are as old as the last of these, and others."""
    if not found.reading.segment.in_date_order:
        return _first_by_key(found, count, newest)
    if newest and found.ids is None:
        if len(found.listings) == 1:
            return _newest(found.listings[0], found.reading, count)
        return set().union(*(_newest(listing, found.reading, count) for listing in found.listings))
    ids = found.all_ids() if found.ids is None else found.ids
    if len(ids) <= count + len(found.reading.segment.forgotten):
        return found.all_ids()
    return _first_ids(ids, found.reading, count) if newest else _last_ids(ids, found.reading, count)


def _newest(listing: Listing, reading: Reading, count: int) -> list[int]:
    """The first ``count`` ids of a listing that are not forgotten, and those of posts as old as the last of these."""
    forgotten, created = reading.segment.forgotten, reading.segment.created
    if count < listing.count and not forgotten:
        # Mostly a few of the first block are enough: the one behind them is of another date.
        head = listing.postings.ids_in(0, count + 1)
        if len(head) > count and created[head[count]] != created[head[count - 1]]:
            return head[:count]
    found: list[int] = []
    end = reading.segment.size
    for block in range(listing.blocks):
        ids = listing.ids_in(block)
        found += [id_ for id_ in ids if id_ not in forgotten] if forgotten else ids
        if len(found) >= count:
            end = min(end, _as_old(found[count - 1], reading).stop)
        if ids[-1] + 1 >= end:
            break
    return found[: bisect_left(found, end)]


def _first_ids(ids: Ids, reading: Reading, count: int) -> list[int]:
    forgotten = reading.segment.forgotten
    if isinstance(ids, range):
        first = list(islice((id_ for id_ in ids if id_ not in forgotten), count))
    else:
        first = nsmallest(count, ids)
    also = range(first[-1] + 1, _as_old(first[-1], reading).stop)
    return first + [id_ for id_ in also if id_ in ids and id_ not in forgotten]


def _last_ids(ids: Ids, reading: Reading, count: int) -> list[int]:
    """The oldest of ``ids``; where there are too few with a date, all without one besides."""
    dated = bisect_left(reading.segment.created, -UNDATED, key=neg)
    forgotten = reading.segment.forgotten
    if isinstance(ids, range):
        descending = range(min(ids.stop, dated) - 1, ids.start - 1, -1)
        last = list(islice((id_ for id_ in descending if id_ not in forgotten), count))
    else:
        last = nlargest(count, (id_ for id_ in ids if id_ < dated))
    if len(last) < count:
        return [id_ for id_ in ids if id_ not in forgotten]
    also = range(_as_old(last[-1], reading).start, last[-1])
    return last + [id_ for id_ in also if id_ in ids and id_ not in forgotten]


def _as_old(id_: int, reading: Reading) -> range:
    """The ids of all posts of the segment, which is in date order, that are as old as this one."""
    created = reading.segment.created
    moment = -created[id_]
    return range(bisect_left(created, moment, key=neg), bisect_right(created, moment, key=neg))


def _first_by_key(found: Found, count: int, newest: bool) -> Collection[int]:
    ids = found.all_ids()
    if len(ids) <= count:
        return ids
    created = found.reading.segment.column("created")
    # The greater the key, the earlier a post is shown; without a date it is shown last either way.
    keys = {id_: created[id_] if newest or created[id_] == UNDATED else -created[id_] for id_ in ids}
    least = nlargest(count, keys.values())[-1]
    return [id_ for id_, key in keys.items() if key >= least]
