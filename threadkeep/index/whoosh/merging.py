"""Keep the segments of an index few without writing the large ones again at every change.

A change makes a segment of its own. Once there are too many, the smallest are written as one, together with every
larger one that they outweigh; so a post is written again only when what it lies in has about doubled. A segment most
of whose posts are forgotten is written again as well, and one that holds none any more goes.
"""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from threadkeep.index.whoosh.codec import Item
from threadkeep.index.whoosh.postings import Postings
from threadkeep.index.whoosh.segments import Segment

SEGMENT_LIMIT = 12
"""How many segments an index may have. Every search looks into each."""


def worth_merging(kept: Sequence[int], sizes: Sequence[int]) -> set[int]:
    """Which segments to write again as one: their places in ``kept``, the numbers of posts that each still holds.

    ``sizes`` counts the forgotten posts too. One more segment is about to be added.
    """
    chosen = {i for i, (left, size) in enumerate(zip(kept, sizes, strict=True)) if left * 2 < size}
    if len(kept) - len(chosen) + 1 <= SEGMENT_LIMIT:
        return chosen
    total = 0
    for i in sorted(range(len(kept)), key=lambda i: (i not in chosen, kept[i])):
        if i not in chosen and total and kept[i] > total and len(kept) - len(chosen) + 1 <= SEGMENT_LIMIT:
            break
        chosen.add(i)
        total += kept[i]
    return chosen


def renumbered(segment: Segment, first: int) -> list[int]:
    """The new id of each of the segment's posts, from ``first`` on; -1 for a forgotten one."""
    new, ids = first, []
    for id_ in range(segment.size):
        ids.append(-1 if id_ in segment.forgotten else new)
        new += id_ not in segment.forgotten
    return ids


def merged(*sources: Iterator[Item]) -> Iterator[Item]:
    """The words of all ``sources``, of which each is in order, with the parts of their postings in the order given."""
    if len(sources) == 1:
        yield from sources[0]
        return
    numbered = [_numbered(i, items) for i, items in enumerate(sources)]
    for (field, word), same in groupby(merge(*numbered, key=itemgetter(0, 1, 2)), key=itemgetter(0, 1)):
        yield field, word, [part for *_, parts in same for part in parts]


def _numbered(number: int, items: Iterator[Item]) -> Iterator[tuple[str, bytes, int, list[Postings]]]:
    for field, word, parts in items:
        yield field, word, number, parts


def kept_items(segment: Segment, new_ids: Sequence[int]) -> Iterator[Item]:
    """The words of ``segment`` with the postings of the posts that ``new_ids`` keeps, under their new ids."""
    for field, word, postings in segment.items():
        kept = [i for i, id_ in enumerate(postings.ids) if new_ids[id_] >= 0]
        if kept:
            ids = [new_ids[postings.ids[i]] for i in kept]
            yield field, word, [Postings(ids, _chosen(postings.weights, kept), _chosen(postings.places, kept))]


def _chosen(values: Any, kept: list[int]) -> Any:
    return None if values is None else [values[i] for i in kept]
