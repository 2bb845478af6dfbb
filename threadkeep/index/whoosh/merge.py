"""Merge segments into one, newest post first, and decide when to.

Every change adds a segment, and every search reads all of them. So that small changes stay fast and leave few segments,
``MERGE_FACTOR`` segments of about the same size become one, as long as that is no more than ``ALWAYS_MERGE_MAX`` posts
or ``MERGE_FACTOR`` times what the change brings: a post is rewritten only when its segment grows to about four times,
and large segments stay. A segment of which most posts are deleted is rewritten too; one without live posts is dropped.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import accumulate, chain, compress, groupby, repeat
from operator import itemgetter, lt, sub

from threadkeep.index.whoosh.postings_reader import BLOCK
from threadkeep.index.whoosh.postings_writer import (
    EncodedPostings,
    encode_ids,
    encode_postings,
    encode_renumbered,
    merge_runs,
    position_keys,
    single_post_positions,
)
from threadkeep.index.whoosh.segment_format import CODES, CREATED, KEY_START, LENGTH, WORDS
from threadkeep.index.whoosh.segment_reader import Segment
from threadkeep.index.whoosh.term_dictionary import VALUE

ALWAYS_MERGE_MAX = 20_000
"""A change may rewrite so many posts however few it brings: one or two seconds' work."""

MERGE_FACTOR = 4
"""So many segments of about the same size become one."""


def select_merge(kept: Sequence[int], sizes: Sequence[int], added: int) -> set[int]:
    """Return which segments to merge, as indexes into ``kept``, the number of live posts of each.

    ``sizes`` includes deleted posts. The last ``added`` segments are new. At most ``ALWAYS_MERGE_MAX``, or
    ``MERGE_FACTOR`` times the posts added, are rewritten, not counting segments of which three in four are deleted:
    that took enough changes to pay for it.
    """
    old = range(len(kept) - added)
    brought = sum(kept[len(old) :])
    allowed = max(ALWAYS_MERGE_MAX, MERGE_FACTOR * brought)
    chosen = {i for i in old if kept[i] * 4 < sizes[i]}
    total = sum(kept[i] for i in chosen)
    for i in sorted(old, key=kept.__getitem__):
        if i not in chosen and kept[i] * 2 < sizes[i] and total + kept[i] <= allowed:
            chosen.add(i)
            total += kept[i]
    alike: dict[int, list[int]] = {}
    for i in sorted(range(len(kept)) if brought <= ALWAYS_MERGE_MAX else old, key=kept.__getitem__):
        if i not in chosen:
            alike.setdefault(_magnitude(kept[i]), []).append(i)
    for magnitude in sorted((m for m, found in alike.items() if len(found) >= MERGE_FACTOR), reverse=True):
        smaller = [i for m, found in alike.items() if m < magnitude for i in found]
        room = allowed - total - sum(kept[i] for i in smaller)
        fitting = [i for i, sum_ in zip(alike[magnitude], _sums(kept, alike[magnitude]), strict=True) if sum_ <= room]
        if len(fitting) > 1:
            return chosen.union(smaller, fitting)
    return chosen


def _sums(kept: Sequence[int], places: Sequence[int]) -> Iterator[int]:
    return accumulate(kept[i] for i in places)


def _magnitude(count: int) -> int:
    """Return the logarithm of ``count`` to base 4, rounded down."""
    return (max(count, 1).bit_length() - 1) // 2


class MergedSegment:
    """The live posts of several segments as one, newest first: the columns, and the terms in order."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        order = sorted(
            (-created, number, doc_id)
            for number, segment in enumerate(segments)
            for doc_id, created in enumerate(segment.column(CREATED))
            if doc_id not in segment.deleted
        )
        self._new_ids: list[list[int]] = [[-1] * segment.size for segment in segments]
        for new, (_, number, doc_id) in enumerate(order):
            self._new_ids[number][doc_id] = new
        kept = ([doc_id for doc_id in new_ids if doc_id >= 0] for new_ids in self._new_ids)
        self._in_order = [all(map(lt, ids, ids[1:])) for ids in kept]
        self.columns: dict[str, array[int]] = {}
        for name, code in CODES.items():
            columns = [segment.column(name) for segment in segments]
            self.columns[name] = array(code, (columns[number][doc_id] for _, number, doc_id in order))

    def entries(self) -> Iterator[tuple[bytes, EncodedPostings]]:
        """Yield the terms in order, with the postings of live posts under their new doc ids."""
        numbered = [_numbered(number, segment.dictionary.entries()) for number, segment in enumerate(self._segments)]
        for key, same in groupby(merge(*numbered), key=itemgetter(0)):
            encoded = self._merge_term(key, [(number, value) for _, number, value in same])
            if encoded is not None:
                yield key, encoded

    def _merge_term(self, key: bytes, values: list[tuple[int, bytes]]) -> EncodedPostings | None:
        """Encode the postings of a term from its values by segment; ``None`` if no live post has it."""
        if len(values) == 1:
            ((number, value),) = values
            inline, _, posts, _, _, _, first, _ = VALUE.unpack_from(value)
            if posts == 1 and inline:
                # Most terms are in one post, of which only the doc id changes.
                doc_id = self._new_ids[number][first]
                return None if doc_id < 0 else encode_renumbered(value[VALUE.size :], doc_id)
        if not key.startswith(KEY_START[WORDS]):
            ids = sorted(chain.from_iterable(self._ids(number, value) for number, value in values))
            return encode_ids(array("I", ids)) if ids else None
        runs = [
            numbers if self._in_order[number] else array("Q", sorted(numbers))
            for number, value in values
            if (numbers := self._numbers(number, value))
        ]
        return encode_postings(merge_runs(runs), self.columns[LENGTH]) if runs else None

    def _ids(self, number: int, value: bytes) -> list[int]:
        _, _, posts, _, _, _, first, _ = VALUE.unpack_from(value)
        ids = (first,) if posts == 1 else self._segments[number].dictionary.postings_of(value).ids
        new_ids = map(self._new_ids[number].__getitem__, ids)
        return [doc_id for doc_id in new_ids if doc_id >= 0] if self._segments[number].deleted else list(new_ids)

    def _numbers(self, number: int, value: bytes) -> "array[int]":
        """Return the position keys of a term, in order if the posts of the segment keep theirs."""
        inline, _, posts, _, _, _, first_id, _ = VALUE.unpack_from(value)
        if posts == 1 and inline:
            doc_id = self._new_ids[number][first_id]
            return array(
                "Q",
                [doc_id << 32 | ord(place) for place in single_post_positions(value[VALUE.size :])]
                if doc_id >= 0
                else (),
            )
        postings = self._segments[number].dictionary.postings_of(value)
        new_ids, characters = list(map(self._new_ids[number].__getitem__, postings.ids)), ""
        ids: list[int] = []
        for block in range(postings.blocks):
            some, ends = postings.positions_in_block(block)
            characters += some
            first = block * BLOCK
            if ends is None:
                ids += new_ids[first : first + BLOCK]
            else:
                counts = map(sub, ends, chain((0,), ends))
                ids += chain.from_iterable(map(repeat, new_ids[first : first + BLOCK], counts))
        places: Iterable[int] = map(ord, characters)
        if self._segments[number].deleted:
            kept = [doc_id >= 0 for doc_id in ids]
            ids, places = list(compress(ids, kept)), compress(places, kept)
        return position_keys(ids, places)


def _numbered(number: int, entries: Iterator[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, int, bytes]]:
    return ((key, number, value) for key, value in entries)
