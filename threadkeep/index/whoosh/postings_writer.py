"""A word's postings to the bytes that ``postings`` reads, a word at a time and most of the way in C."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, compress, repeat
from operator import itemgetter, sub
from typing import NamedTuple

from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.postings_reader import AS_WEIGHTS, BEST, BLOCK, BLOCK_HEAD, CODES, PAIRS, PLAIN, TABLE_HEAD

HIGHEST = 65_535
"""The greatest weight, in tenths, and the greatest length that are told apart from greater ones."""

_LITTLE = sys.byteorder == "little"
_LOWEST, _LOW, _HIGH, _HIGHEST = (0, 1, 2, 3) if _LITTLE else (3, 2, 1, 0)
_UTF_32 = "utf-32-le" if _LITTLE else "utf-32-be"
_HALVES = (1, 0) if _LITTLE else (0, 1)


FEW = 16
"""Fewer places than these are quicker to work on one by one than all at once."""


class Written(NamedTuple):
    """A word's postings as bytes, and what its entry in the dictionary tells: weights in tenths."""

    data: bytes
    posts: int
    weight: int
    greatest: int
    first: int
    last: int


def written_ids(ids: "array[int]") -> Written:
    """The postings of a word of which only presence is kept; ``ids`` ascend, unsigned 32-bit, and may be repeated."""
    if len(ids) == 1:
        return _single_id(ids[0])
    if len(ids) < FEW:
        few = list(dict.fromkeys(ids))
        data = _block(*_packed(few), len(few), None)
        return Written(data, len(few), PLAIN * len(few), PLAIN, few[0], few[-1])
    differences, distinct, _ = _distinct(ids)
    count = len(distinct)
    data = _block(*_narrowed(differences), count, None) if count <= BLOCK else _in_blocks(distinct, differences)
    return Written(data, count, PLAIN * count, PLAIN, distinct[0], distinct[-1])


def written_posts(numbers: "array[int]") -> Written:
    """The same of posts in ``numbers``, which are as ``written`` takes them."""
    if len(numbers) == 1:
        return _single_id(numbers[0] >> 32)
    return written_ids(array("I", numbers.tobytes())[_HALVES[0] :: 2])


def merged(runs: "Sequence[array[int]]") -> "array[int]":
    """What ``written`` takes, of several that each ascend. Ids must be less than 2**30."""
    if len(runs) == 1:
        return runs[0]
    if sum(map(len, runs)) < 64:
        return array(runs[0].typecode, sorted(chain(*runs)))
    # As floats they are in the same order, are made in less time and are compared in less.
    floats = array("d", b"".join(map(array.tobytes, runs))).tolist()
    floats.sort()
    return array(runs[0].typecode, array("d", floats).tobytes())


def numbers_of(ids: Sequence[int], held: Iterable[int]) -> "array[int]":
    """What ``written`` takes: of each place that is held, the id of its post << 32 | the place."""
    halves = array("I", bytes(8 * len(ids)))
    halves[_HALVES[0] :: 2], halves[_HALVES[1] :: 2] = array("I", ids), array("I", held)
    return array("Q", halves.tobytes())


def written(numbers: "array[int]", lengths: Sequence[int]) -> Written:
    """The postings of a word that stands at ``numbers``: unsigned 64-bit, ascending, each an id << 32 | a place.

    ``lengths`` are those of the segment's posts, by id.
    """
    if len(numbers) < FEW:
        return _few(numbers) if len(numbers) > 1 else _single(numbers[0])
    halves = array("I", numbers.tobytes())
    held = halves[_HALVES[1] :: 2]
    differences, ids, others = _distinct(halves[_HALVES[0] :: 2])
    weights, counts = _weighed(held, others)
    count = len(ids)
    characters = held.tobytes().decode(_UTF_32, "surrogatepass")
    if count <= BLOCK:
        data = _block(*_narrowed(differences), count, weights) + _places(_utf_8(characters), counts, weights)
    else:
        data = _in_blocks(ids, differences, weights=weights, counts=counts, places=characters, lengths=lengths)
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
    weight = PLAIN if place < positions.TITLE.start else positions.TENTHS[place >> positions.ZONE_BITS]
    id_size = _size(id_)
    head = BLOCK_HEAD.pack(1, id_size, weight != PLAIN) + id_.to_bytes(id_size, "little")
    tail = (b"\0" if weight == PLAIN else bytes((weight, 0))) + chr(place).encode("utf-8", "surrogatepass")
    return Written(head + tail, 1, weight, weight, id_, id_)


def places_of(data: bytes) -> str:
    """The places of a word that one post holds, a character each; ``data`` are its postings."""
    _, id_size, weight_size = BLOCK_HEAD.unpack_from(data)
    at = BLOCK_HEAD.size + id_size + weight_size
    counted = data[at] if data[at] != AS_WEIGHTS else 0
    return data[at + 1 + counted :].decode("utf-8", "surrogatepass")


def _few(numbers: "array[int]") -> Written:
    """The postings of a word that stands at a few places."""
    halves = array("I", numbers.tobytes()).tolist()
    ids, held = halves[_HALVES[0] :: 2], halves[_HALVES[1] :: 2]
    distinct = list(dict.fromkeys(ids))
    count = len(distinct)
    id_size, packed = _packed(distinct)
    characters = _utf_8("".join(map(chr, held)))
    in_text = max(held) < positions.TITLE.start
    if count == len(ids) and in_text:
        data = BLOCK_HEAD.pack(count, id_size, 0) + packed + b"\0" + characters
        return Written(data, count, PLAIN * count, PLAIN, ids[0], ids[-1])
    counts = list(map(ids.count, distinct))
    weights = [PLAIN * count for count in counts]
    if not in_text:
        tenths = [positions.TENTHS[place >> positions.ZONE_BITS] for place in held]
        ends = list(accumulate(counts))
        weights = [sum(tenths[end - count : end]) for end, count in zip(ends, counts, strict=True)]
    data = _block(id_size, packed, count, weights) + _places(characters, counts, weights)
    return Written(data, count, sum(weights), max(weights), distinct[0], distinct[-1])


def _single_id(id_: int) -> Written:
    size = _size(id_)
    return Written(BLOCK_HEAD.pack(1, size, 0) + id_.to_bytes(size, "little"), 1, PLAIN, PLAIN, id_, id_)


def _distinct(ids: "array[int]") -> tuple[bytes, list[int], bytes]:
    """What each id is more than the one before, 32 bits each; the ids; which of them were not repeated. Each id once.

    The first one's difference is to 0. The last are as many bytes as ids came: 1 for each that is another one than the
    one before, 0 for the others; none at all where each came once.
    """
    data = ids.tobytes()
    differences = _differences(data)
    # Fold each difference into one byte that is 0 where the difference is.
    folded = differences | differences >> 16
    folded |= folded >> 8
    others = folded.to_bytes(len(data), sys.byteorder)[_LOWEST::4].translate(_ONE_OR_ZERO)
    if others.count(0) == (ids[0] == 0):
        return differences.to_bytes(len(data), sys.byteorder), ids.tolist(), b""
    others = b"\1" + others[1:]
    distinct = list(compress(ids.tolist(), others))
    data = array("I", distinct).tobytes()
    return _differences(data).to_bytes(len(data), sys.byteorder), distinct, others


def _differences(data: bytes) -> int:
    """All at once, as one large number: the ids in ``data`` ascend, so that none borrows of the next."""
    return int.from_bytes(data, sys.byteorder) - int.from_bytes(bytes(4) + data[:-4], sys.byteorder)


_ONE_OR_ZERO = bytes((0, *repeat(1, 255)))


def _weighed(held: "array[int]", others: bytes) -> tuple[Sequence[int] | None, Sequence[int] | None]:
    """The weight in each post, ``None`` where all are 10; the number of its places, ``None`` where all are 1.

    ``others`` are as ``_distinct`` gives them. Bytes where no number is greater than 255.
    """
    zones = held.tobytes()[_HIGH::4].translate(_ZONES)
    plain = not zones.strip(b"\1")
    if not others:
        return (None if plain else zones.translate(_TENTHS_OF)), None
    if plain:
        counts = _lengths(others.replace(b"\1", b"\2\1").split(b"\2"))
        if isinstance(counts, bytes) and not counts.translate(None, _UP_TO_25):
            return counts.translate(_TENFOLD), counts
        return [min(PLAIN * count, HIGHEST) for count in counts], counts
    firsts = int.from_bytes(others, "little") << _FIRST_BIT | int.from_bytes(zones, "little")
    marked = firsts.to_bytes(len(zones), "little")
    for zone in range(1, 5):
        marked = marked.replace(bytes((zone | 1 << _FIRST_BIT,)), bytes((0, zone)))
    posts = marked.split(b"\0")
    weights = list(map(_Weights().__getitem__, posts))
    del weights[0]
    return _as_bytes(weights), _lengths(posts)


def _lengths(posts: list[bytes]) -> Sequence[int]:
    """How long each is but the first, before which nothing was to part."""
    counts = list(map(len, posts))
    del counts[0]
    return _as_bytes(counts)


def _as_bytes(numbers: list[int]) -> Sequence[int]:
    try:
        return bytes(numbers)
    except ValueError:  # one is greater than 255
        return numbers


class _Weights(dict[bytes, int]):
    """What a post weighs by the zones of its places."""

    def __missing__(self, zones: bytes) -> int:
        found = self[zones] = min(sum(zones.translate(_TENTHS_OF)), HIGHEST)
        return found


_FIRST_BIT = 3
_ZONE_TENTHS = (PLAIN, 30, 5, 2)
_ZONES = bytes(_ZONE_TENTHS.index(positions.TENTHS[zone >> 1]) + 1 if zone < 16 else 0 for zone in range(256))
"""By the place >> 16, from 1 on: a number for each weight that a place may have."""

_TENTHS_OF = bytes((0, *_ZONE_TENTHS, *bytes(251)))
_UP_TO_25 = bytes(range(26))
_TENFOLD = bytes(10 * count if count < 26 else 0 for count in range(256))


def _in_blocks(
    ids: list[int],
    differences: bytes,
    *,
    weights: Sequence[int] | None = None,
    counts: Sequence[int] | None = None,
    places: str = "",
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
        id_size, packed = _narrowed(differences[4 * start : 4 * (start + BLOCK)])
        blocks.append(_block(id_size, packed, len(some), some_weights))
        if not places:
            bests.append(_NO_BEST)
            placed.append(b"")
        else:
            end = place + (sum(some_counts) if some_counts else len(some))
            placed.append(_places(_utf_8(places[place:end]), some_counts, some_weights))
            place = end
            bests.append(_best(some, some_weights, lengths))
    lasts = array("I", ids[BLOCK - 1 :: BLOCK])
    if len(lasts) < len(blocks):
        lasts.append(ids[-1])
    ends = array("I", accumulate(map(len, blocks)))
    place_ends = array("I", accumulate(map(len, placed)))
    table = b"".join(map(_little_endian, (lasts, ends, place_ends)))
    return b"".join((TABLE_HEAD.pack(0, 0, len(ids)), table, *bests, *blocks, *placed))


def _narrowed(differences: bytes) -> tuple[int, bytes]:
    """Differences of 32 bits, in the byte order of this machine, in as few bytes each as the greatest needs."""
    if differences[_HIGHEST::4].strip(b"\0") or differences[_HIGH::4].strip(b"\0"):
        return 4, _little_endian(array("I", differences))
    if differences[_LOW::4].strip(b"\0"):
        return 2, _little_endian(array("H", differences)[_LOWEST // 2 :: 2])
    return 1, differences[_LOWEST::4]


def _packed(ids: list[int]) -> tuple[int, bytes]:
    """The same of a few ids."""
    differences = list(map(sub, ids, chain((0,), ids)))
    size = _size(max(differences))
    return size, bytes(differences) if size == 1 else _little_endian(array(CODES[size], differences))


def _block(id_size: int, packed: bytes, count: int, weights: Sequence[int] | None) -> bytes:
    if weights is None or weights.count(PLAIN) == count:
        return BLOCK_HEAD.pack(count, id_size, 0) + packed
    if isinstance(weights, bytes) or max(weights) < 256:
        return BLOCK_HEAD.pack(count, id_size, 1) + packed + bytes(weights)
    return BLOCK_HEAD.pack(count, id_size, 2) + packed + _little_endian(array("H", weights))


def _utf_8(characters: str) -> bytes:
    return characters.encode("utf-8", "surrogatepass")


def _places(packed: bytes, counts: Sequence[int] | None, weights: Sequence[int] | None) -> bytes:
    """The places of a block; ``packed`` are those places in UTF-8."""
    if counts is None or counts.count(1) == len(counts):
        return b"\0" + packed
    if weights is not None and _are_tenfold(weights, counts):
        return bytes((AS_WEIGHTS,)) + packed
    size = _size(max(counts))
    return bytes((size,)) + (bytes(counts) if size == 1 else _little_endian(array(CODES[size], counts))) + packed


def _are_tenfold(weights: Sequence[int], counts: Sequence[int]) -> bool:
    if isinstance(weights, bytes) and isinstance(counts, bytes):
        return weights == counts.translate(_TENFOLD)
    return list(weights) == [PLAIN * count for count in counts]


def _best(ids: list[int], weights: Sequence[int] | None, lengths: Sequence[int]) -> bytes:
    """What ``best_pairs`` reads: the shortest post of each weight, without those that a heavier one outdoes."""
    found = itemgetter(*ids)(lengths) if len(ids) > 1 else (lengths[ids[0]],)
    if weights is None:
        return BEST.pack(*(PLAIN,) * PAIRS, *(min(found),) * PAIRS)
    # Each length and weight as one number: of the lesser lengths first, and of each the greatest weight.
    if isinstance(weights, bytes):
        # Most weigh 10; of them the shortest is enough.
        others = zip(compress(found, weights.translate(_ARE_OTHERS)), weights.replace(_PLAIN, b""), strict=True)
        pairs = {length << 16 | HIGHEST - weight for length, weight in others}
        if PLAIN in weights:
            pairs.add(min(compress(found, weights.translate(_ARE_PLAIN))) << 16 | HIGHEST - PLAIN)
    else:
        pairs = {length << 16 | HIGHEST - weight for length, weight in zip(found, weights, strict=True)}
    kept: list[tuple[int, int]] = []
    greatest = 0
    for pair in sorted(pairs):
        weight = HIGHEST - (pair & HIGHEST)
        if weight > greatest:
            greatest = weight
            kept.append((weight, pair >> 16))
    while len(kept) > PAIRS:
        # The two heaviest become one that outdoes both: the weight of the last, the length of the one before.
        kept[-2:] = [(kept[-1][0], kept[-2][1])]
    kept = kept[:1] * (PAIRS - len(kept)) + kept
    return BEST.pack(*(weight for weight, _ in kept), *(length for _, length in kept))


_PLAIN = bytes((PLAIN,))
_ARE_PLAIN = bytes(weight == PLAIN for weight in range(256))
_ARE_OTHERS = bytes(weight != PLAIN for weight in range(256))
_NO_BEST = BEST.pack(*(PLAIN,) * PAIRS, *(0,) * PAIRS)


def _little_endian(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _size(greatest: int) -> int:
    """How many bytes numbers up to ``greatest`` take: 1, 2 or 4."""
    return 1 if greatest < 1 << 8 else 2 if greatest < 1 << 16 else 4
