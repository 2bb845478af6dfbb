"""Write several segments of an index as one, newest post first; and tell when that is worth while.

Every change adds a segment, and every search looks into each. So that small changes leave few of them and stay quick,
four segments of about the same size become one, as long as that is no more than ``ALWAYS`` posts, or four times what
the change brings: a post is written again only when what it lies in grows to about four times, and a segment that is
large stays as it is. One of whose posts most are forgotten is written again as well, and one that holds none goes.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import accumulate, chain, compress, groupby, repeat
from operator import itemgetter, lt, sub

from threadkeep.index.whoosh.postings_reader import BLOCK, Postings
from threadkeep.index.whoosh.postings_writer import (
    Written,
    merged,
    numbers_of,
    places_of,
    written,
    written_ids,
    written_under,
)
from threadkeep.index.whoosh.segment_reader import CREATED, LENGTH
from threadkeep.index.whoosh.term_dictionary import KEY_START, VALUE, WORDS

ALWAYS = 20_000
"""How many posts a change may write again, however few it brings: one or two seconds' work."""

ALIKE = 4
"""So many segments of about the same size become one."""


def worth_merging(kept: Sequence[int], sizes: Sequence[int], added: int) -> set[int]:
    """Which segments to write again as one: their places in ``kept``, the numbers of posts that each still holds.

    ``sizes`` counts the forgotten posts too. The last ``added`` segments are those that this change brings. Not more
    than ``ALWAYS`` or ``ALIKE`` times the posts it brings are written again, except those of a segment of which three
    in four are forgotten: so many changes have come before that they outweigh it.
    """
    old = range(len(kept) - added)
    brought = sum(kept[len(old) :])
    allowed = max(ALWAYS, ALIKE * brought)
    chosen = {i for i in old if kept[i] * 4 < sizes[i]}
    total = sum(kept[i] for i in chosen)
    for i in sorted(old, key=kept.__getitem__):
        if i not in chosen and kept[i] * 2 < sizes[i] and total + kept[i] <= allowed:
            chosen.add(i)
            total += kept[i]
    alike: dict[int, list[int]] = {}
    for i in sorted(range(len(kept)) if brought <= ALWAYS else old, key=kept.__getitem__):
        if i not in chosen:
            alike.setdefault(_magnitude(kept[i]), []).append(i)
    for magnitude in sorted((m for m, found in alike.items() if len(found) >= ALIKE), reverse=True):
        smaller = [i for m, found in alike.items() if m < magnitude for i in found]
        room = allowed - total - sum(kept[i] for i in smaller)
        fitting = [i for i, sum_ in zip(alike[magnitude], _sums(kept, alike[magnitude]), strict=True) if sum_ <= room]
        if len(fitting) > 1:
            return chosen.union(smaller, fitting)
    return chosen


def _sums(kept: Sequence[int], places: Sequence[int]) -> Iterator[int]:
    return accumulate(kept[i] for i in places)


def _magnitude(count: int) -> int:
    """How often ``count`` can be divided by four."""
    return (max(count, 1).bit_length() - 1) // 2


@dataclass(frozen=True, slots=True)
class Part:
    """Posts to be written again: their columns, those not to be, and the words that they hold, in order.

    ``entries`` are keys and values as they lie in the dictionary; ``postings`` reads those of a value.
    """

    columns: "Mapping[str, array[int]]"
    forgotten: frozenset[int]
    entries: Iterator[tuple[bytes, bytes]]
    postings: Callable[[bytes], Postings]


class Merged:
    """Several parts as one, newest post first: its columns, and its words in order."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        order = sorted(
            (-created, part, id_)
            for part, held in enumerate(parts)
            for id_, created in enumerate(held.columns[CREATED])
            if id_ not in held.forgotten
        )
        self._new_ids: list[list[int]] = [[-1] * len(part.columns[CREATED]) for part in parts]
        for new, (_, part, id_) in enumerate(order):
            self._new_ids[part][id_] = new
        kept = ([id_ for id_ in new_ids if id_ >= 0] for new_ids in self._new_ids)
        self._in_order = [all(map(lt, ids, ids[1:])) for ids in kept]
        self.columns: dict[str, array[int]] = {
            name: array(values.typecode, (parts[part].columns[name][id_] for _, part, id_ in order))
            for name, values in parts[0].columns.items()
        }

    def entries(self) -> Iterator[tuple[bytes, Written]]:
        """The words in order, with the postings of the posts that are kept, under their new ids."""
        numbered = [_numbered(i, part.entries) for i, part in enumerate(self._parts)]
        for key, same in groupby(merge(*numbered), key=itemgetter(0)):
            written = self._written(key, [(part, value) for _, part, value in same])
            if written is not None:
                yield key, written

    def _written(self, key: bytes, values: list[tuple[int, bytes]]) -> Written | None:
        """The postings of a word that is in these parts; ``None`` where no post that holds it is kept."""
        if len(values) == 1:
            ((part, value),) = values
            inline, _, posts, _, _, _, first, _ = VALUE.unpack_from(value)
            if posts == 1 and inline:
                # Most words of an index stand in one post. Only the id of it is another.
                id_ = self._new_ids[part][first]
                return None if id_ < 0 else written_under(value[VALUE.size :], id_)
        if not key.startswith(KEY_START[WORDS]):
            ids = sorted(chain.from_iterable(self._ids(part, value) for part, value in values))
            return written_ids(array("I", ids)) if ids else None
        runs = [
            numbers if self._in_order[part] else array("Q", sorted(numbers))
            for part, value in values
            if (numbers := self._numbers(part, value))
        ]
        return written(merged(runs), self.columns[LENGTH]) if runs else None

    def _ids(self, part: int, value: bytes) -> list[int]:
        _, _, posts, _, _, _, first, _ = VALUE.unpack_from(value)
        ids = (first,) if posts == 1 else self._parts[part].postings(value).ids
        new_ids = map(self._new_ids[part].__getitem__, ids)
        return [id_ for id_ in new_ids if id_ >= 0] if self._parts[part].forgotten else list(new_ids)

    def _numbers(self, part: int, value: bytes) -> "array[int]":
        """The postings of a word as ``written`` takes them, in order if the posts of the part stay in theirs."""
        inline, _, posts, _, _, _, first_id, _ = VALUE.unpack_from(value)
        if posts == 1 and inline:
            id_ = self._new_ids[part][first_id]
            return array("Q", [id_ << 32 | ord(place) for place in places_of(value[VALUE.size :])] if id_ >= 0 else ())
        postings = self._parts[part].postings(value)
        new_ids, characters = list(map(self._new_ids[part].__getitem__, postings.ids)), ""
        ids: list[int] = []
        for block in range(postings.blocks):
            some, ends = postings.places_in_block(block)
            characters += some
            first = block * BLOCK
            if ends is None:
                ids += new_ids[first : first + BLOCK]
            else:
                counts = map(sub, ends, chain((0,), ends))
                ids += chain.from_iterable(map(repeat, new_ids[first : first + BLOCK], counts))
        places: Iterable[int] = map(ord, characters)
        if self._parts[part].forgotten:
            kept = [id_ >= 0 for id_ in ids]
            ids, places = list(compress(ids, kept)), compress(places, kept)
        return numbers_of(ids, places)


def _numbered(number: int, entries: Iterator[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, int, bytes]]:
    return ((key, number, value) for key, value in entries)
