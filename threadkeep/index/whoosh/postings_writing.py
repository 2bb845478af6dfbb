"""A word's postings to the bytes that ``postings`` reads, a word at a time and most of the way in C."""

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from operator import itemgetter, sub
from typing import NamedTuple

from threadkeep.index.whoosh import places
from threadkeep.index.whoosh.postings import AS_WEIGHTS, BEST, BLOCK, BLOCK_HEAD, CODES, PAIRS, PLAIN, TABLE_HEAD

HIGHEST = 65_535
"""The greatest weight, in tenths, and the greatest length that are told apart from greater ones."""

_THIRD_BYTE = 2 if sys.byteorder == "little" else 1
_HALVES = (1, 0) if sys.byteorder == "little" else (0, 1)


class Written(NamedTuple):
    """A word's postings as bytes, and what its entry in the dictionary tells: weights in tenths."""

    data: bytes
    posts: int
    weight: int
    greatest: int
    first: int
    last: int


def written_ids(ids: Sequence[int]) -> Written:
    """The postings of a word of which only presence is kept; ``ids`` ascend."""
    count, differences = len(ids), _differences(ids)
    data = _block(differences, None) if count <= BLOCK else _in_blocks(list(ids), differences)
    return Written(data, count, PLAIN * count, PLAIN, ids[0], ids[-1])


def distinct_ids(numbers: "array[int]") -> list[int]:
    """The ids in ``numbers``, which are as ``written`` takes them, each once."""
    return list(dict.fromkeys(array("I", numbers.tobytes())[_HALVES[0] :: 2].tolist()))


def numbers_of(ids: Sequence[int], held: Iterable[int]) -> "array[int]":
    """What ``written`` takes: of each place that is held, the id of its post << 32 | the place."""
    halves = array("I", bytes(8 * len(ids)))
    halves[_HALVES[0] :: 2], halves[_HALVES[1] :: 2] = array("I", ids), array("I", held)
    return array("Q", halves.tobytes())


def written(numbers: "array[int]", lengths: Sequence[int]) -> Written:
    """The postings of a word that stands at ``numbers``: unsigned 64-bit, ascending, each an id << 32 | a place.

    ``lengths`` are those of the segment's posts, by id.
    """
    if len(numbers) == 1:
        return _single(numbers[0])
    halves = array("I", numbers.tobytes())
    ids, held = halves[_HALVES[0] :: 2].tolist(), halves[_HALVES[1] :: 2]
    differences = _differences(ids)
    counts: list[int] | None = None
    if differences.count(0) > (ids[0] == 0):
        counted = Counter(ids)
        ids, counts = list(counted), list(counted.values())
        differences = _differences(ids)
    weights = _weights(held, counts)
    count = len(ids)
    if count <= BLOCK:
        data = _block(differences, weights) + _places(held, counts, weights)
    else:
        data = _in_blocks(ids, differences, weights=weights, counts=counts, held=held, lengths=lengths)
    if weights is None:
        return Written(data, count, PLAIN * count, PLAIN, ids[0], ids[-1])
    return Written(data, count, sum(weights), max(weights), ids[0], ids[-1])


def written_under(data: bytes, id_: int) -> Written:
    """The postings of a word that one post holds, ``data``, with that post under another id."""
    _, held_size, weight_size = BLOCK_HEAD.unpack_from(data)
    rest = data[BLOCK_HEAD.size + held_size :]
    weight = int.from_bytes(rest[:weight_size], "little") if weight_size else PLAIN
    size = _size(id_)
    return Written(
        BLOCK_HEAD.pack(1, size, weight_size) + id_.to_bytes(size, "little") + rest, 1, weight, weight, id_, id_
    )


def _single(number: int) -> Written:
    """The postings of a word that stands at one place of one post, as most words of an index do."""
    id_, place = number >> 32, number & 0xFFFFFFFF
    weight = PLAIN if place < places.TITLE.start else places.TENTHS[place >> places.ZONE_BITS]
    id_size = _size(id_)
    head = BLOCK_HEAD.pack(1, id_size, weight != PLAIN) + id_.to_bytes(id_size, "little")
    tail = (b"\0" if weight == PLAIN else bytes((weight, 0))) + chr(place).encode("utf-8", "surrogatepass")
    return Written(head + tail, 1, weight, weight, id_, id_)


def _weights(held: "array[int]", counts: list[int] | None) -> Sequence[int] | None:
    """The weight in each post; ``None`` where all are 10."""
    zones = held.tobytes()[_THIRD_BYTE::4]
    if max(zones) < places.TITLE.start >> 16:
        weights = None if counts is None else [PLAIN * count for count in counts]
    else:
        tenths = zones.translate(_TENTHS)
        if counts is None:
            return tenths
        sums = [0, *accumulate(tenths)]
        at_ends = [sums[end] for end in accumulate(counts)]
        weights = list(map(sub, at_ends, chain((0,), at_ends)))
    if weights is not None and max(weights) > HIGHEST:
        return [min(weight, HIGHEST) for weight in weights]
    return weights


_TENTHS = bytes(places.TENTHS[zone >> 1] if zone < 16 else 0 for zone in range(256))
"""How much a place counts, in tenths: by the place >> 16."""


def _differences(ids: Sequence[int]) -> list[int]:
    """What each id is more than the one before; the first one, than 0."""
    return list(map(sub, ids, chain((0,), ids)))


def _in_blocks(
    ids: list[int],
    differences: list[int],
    *,
    weights: Sequence[int] | None = None,
    counts: list[int] | None = None,
    held: "array[int] | None" = None,
    lengths: Sequence[int] = (),
) -> bytes:
    """The table, the blocks and the places of more posts than one block holds."""
    blocks: list[bytes] = []
    placed: list[bytes] = []
    bests: list[bytes] = []
    place = 0
    for start in range(0, len(ids), BLOCK):
        some = ids[start : start + BLOCK]
        some_weights = weights and weights[start : start + BLOCK]
        some_counts = counts and counts[start : start + BLOCK]
        blocks.append(_block(differences[start : start + BLOCK], some_weights))
        if held is None:
            bests.append(_NO_BEST)
            placed.append(b"")
        else:
            end = place + (sum(some_counts) if some_counts else len(some))
            placed.append(_places(held[place:end], some_counts, some_weights))
            place = end
            bests.append(_best(some, some_weights, lengths))
    lasts = array("I", ids[BLOCK - 1 :: BLOCK])
    if len(lasts) < len(blocks):
        lasts.append(ids[-1])
    ends = array("I", accumulate(map(len, blocks)))
    place_ends = array("I", accumulate(map(len, placed)))
    table = b"".join(map(_little_endian, (lasts, ends, place_ends)))
    return b"".join((TABLE_HEAD.pack(0, 0, len(ids)), table, *bests, *blocks, *placed))


def _block(differences: list[int], weights: Sequence[int] | None) -> bytes:
    id_size = _size(max(differences))
    packed = bytes(differences) if id_size == 1 else _little_endian(array(CODES[id_size], differences))
    if weights is None or weights.count(PLAIN) == len(weights):
        return BLOCK_HEAD.pack(len(differences), id_size, 0) + packed
    if max(weights) < 256:
        return BLOCK_HEAD.pack(len(differences), id_size, 1) + packed + bytes(weights)
    return BLOCK_HEAD.pack(len(differences), id_size, 2) + packed + _little_endian(array("H", weights))


def _places(held: Sequence[int], counts: list[int] | None, weights: Sequence[int] | None) -> bytes:
    characters = "".join(map(chr, held)).encode("utf-8", "surrogatepass")
    if counts is None or counts.count(1) == len(counts):
        return b"\0" + characters
    if weights is not None and weights == [PLAIN * count for count in counts]:
        return bytes((AS_WEIGHTS,)) + characters
    size = _size(max(counts))
    return bytes((size,)) + _little_endian(array(CODES[size], counts)) + characters


def _best(ids: list[int], weights: Sequence[int] | None, lengths: Sequence[int]) -> bytes:
    """What ``best_pairs`` reads: the shortest post of each weight, without those that a heavier one outdoes."""
    found = itemgetter(*ids)(lengths) if len(ids) > 1 else (lengths[ids[0]],)
    if weights is None:
        return BEST.pack(*(PLAIN,) * PAIRS, *(min(found),) * PAIRS)
    shortest: dict[int, int] = {}
    if min(weights) < PLAIN or PLAIN not in weights:
        pairs = list(zip(weights, found, strict=True))
    else:
        # Most weigh 10. The shortest of all may be a heavier one, which then is at least as good.
        shortest[PLAIN] = min(found)
        pairs = [(weight, length) for weight, length in zip(weights, found, strict=True) if weight > PLAIN]
    for weight, length in pairs:
        if length < shortest.get(weight, HIGHEST + 1):
            shortest[weight] = length
    kept: list[tuple[int, int]] = []
    for pair in sorted(shortest.items(), reverse=True):
        if not kept or pair[1] < kept[-1][1]:
            kept.append(pair)
    while len(kept) > PAIRS:
        # The two heaviest become one that outdoes both: the weight of the first, the length of the second.
        kept[:2] = [(kept[0][0], kept[1][1])]
    kept += kept[-1:] * (PAIRS - len(kept))
    kept.reverse()
    return BEST.pack(*(weight for weight, _ in kept), *(length for _, length in kept))


_NO_BEST = BEST.pack(*(PLAIN,) * PAIRS, *(0,) * PAIRS)


def _little_endian(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _size(greatest: int) -> int:
    """How many bytes numbers up to ``greatest`` take: 1, 2 or 4."""
    return 1 if greatest < 1 << 8 else 2 if greatest < 1 << 16 else 4
