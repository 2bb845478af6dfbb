"""Encode postings in the format of ``postings_reader``, one term at a time and mostly in C."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, compress, repeat
from operator import itemgetter, sub
from typing import NamedTuple

from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.postings_reader import AS_WEIGHTS, BEST, BLOCK, BLOCK_HEAD, CODES, PAIRS, PLAIN, TABLE_HEAD

MAX_VALUE = 65_535
"""Greater weights (in tenths) and lengths are stored as this."""

_LITTLE = sys.byteorder == "little"
_LOWEST, _LOW, _HIGH, _HIGHEST = (0, 1, 2, 3) if _LITTLE else (3, 2, 1, 0)
_UTF_32 = "utf-32-le" if _LITTLE else "utf-32-be"
_HALVES = (1, 0) if _LITTLE else (0, 1)


FEW = 16
"""Fewer positions than this are encoded one by one, which is then faster than in bulk."""


class EncodedPostings(NamedTuple):
    """The encoded postings of a term, and the rest of its dictionary entry; weights in tenths."""

    data: bytes
    posts: int
    weight: int
    greatest: int
    first: int
    last: int


def encode_ids(ids: "array[int]") -> EncodedPostings:
    """Encode postings without positions; ``ids`` are unsigned 32-bit, ascending, maybe repeated."""
    if len(ids) == 1:
        return _encode_one_id(ids[0])
    if len(ids) < FEW:
        few = list(dict.fromkeys(ids))
        data = _block(*_packed(few), len(few), None)
        return EncodedPostings(data, len(few), PLAIN * len(few), PLAIN, few[0], few[-1])
    deltas, distinct, _ = _deltas_of(ids)
    count = len(distinct)
    data = _block(*_narrowed(deltas), count, None) if count <= BLOCK else _in_blocks(distinct, deltas)
    return EncodedPostings(data, count, PLAIN * count, PLAIN, distinct[0], distinct[-1])


def encode_presence(numbers: "array[int]") -> EncodedPostings:
    """Encode postings without positions from ``numbers``, position keys as of ``encode_postings``."""
    if len(numbers) == 1:
        return _encode_one_id(numbers[0] >> 32)
    return encode_ids(array("I", numbers.tobytes())[_HALVES[0] :: 2])


def merge_runs(runs: "Sequence[array[int]]") -> "array[int]":
    """Merge position keys of several ascending runs. Doc ids must be less than 2**30."""
    if len(runs) == 1:
        return runs[0]
    if sum(map(len, runs)) < 64:
        return array(runs[0].typecode, sorted(chain(*runs)))
    # As floats they have the same order, and are faster to create and to compare.
    floats = array("d", b"".join(map(array.tobytes, runs))).tolist()
    floats.sort()
    return array(runs[0].typecode, array("d", floats).tobytes())


def position_keys(ids: Sequence[int], held: Iterable[int]) -> "array[int]":
    """Return position keys: ``doc_id << 32 | position`` of each pair."""
    halves = array("I", bytes(8 * len(ids)))
    halves[_HALVES[0] :: 2], halves[_HALVES[1] :: 2] = array("I", ids), array("I", held)
    return array("Q", halves.tobytes())


def encode_postings(numbers: "array[int]", lengths: Sequence[int]) -> EncodedPostings:
    """Encode the postings of a term from its position keys: unsigned 64-bit, ascending, ``doc_id << 32 | position``.

    ``lengths`` are the lengths of the segment's posts, by doc id.
    """
    if len(numbers) < FEW:
        return _encode_few(numbers) if len(numbers) > 1 else _encode_one(numbers[0])
    halves = array("I", numbers.tobytes())
    held = halves[_HALVES[1] :: 2]
    deltas, ids, others = _deltas_of(halves[_HALVES[0] :: 2])
    weights, counts = _weights_and_counts(held, others)
    count = len(ids)
    characters = held.tobytes().decode(_UTF_32, "surrogatepass")
    if count <= BLOCK:
        data = _block(*_narrowed(deltas), count, weights) + _block_positions(_utf_8(characters), counts, weights)
    else:
        data = _in_blocks(ids, deltas, weights=weights, counts=counts, characters=characters, lengths=lengths)
    if weights is None:
        return EncodedPostings(data, count, PLAIN * count, PLAIN, ids[0], ids[-1])
    return EncodedPostings(data, count, sum(weights), max(weights), ids[0], ids[-1])


def encode_renumbered(data: bytes, doc_id: int) -> EncodedPostings:
    """Give the only post in the postings ``data`` another doc id."""
    _, held_size, weight_size = BLOCK_HEAD.unpack_from(data)
    rest = data[BLOCK_HEAD.size + held_size :]
    weight = int.from_bytes(rest[:weight_size], "little") if weight_size else PLAIN
    size = _size(doc_id)
    head = BLOCK_HEAD.pack(1, size, weight_size) + doc_id.to_bytes(size, "little")
    return EncodedPostings(head + rest, 1, weight, weight, doc_id, doc_id)


def _encode_one(number: int) -> EncodedPostings:
    """Encode a term with one position in one post, as most terms have."""
    doc_id, position = number >> 32, number & 0xFFFFFFFF
    weight = PLAIN if position < positions.TITLE.start else positions.TENTHS[position >> positions.ZONE_BITS]
    id_size = _size(doc_id)
    head = BLOCK_HEAD.pack(1, id_size, weight != PLAIN) + doc_id.to_bytes(id_size, "little")
    tail = (b"\0" if weight == PLAIN else bytes((weight, 0))) + chr(position).encode("utf-8", "surrogatepass")
    return EncodedPostings(head + tail, 1, weight, weight, doc_id, doc_id)


def single_post_positions(data: bytes) -> str:
    """Return the positions, one character each, in the postings ``data`` of a single post."""
    _, id_size, weight_size = BLOCK_HEAD.unpack_from(data)
    at = BLOCK_HEAD.size + id_size + weight_size
    counted = data[at] if data[at] != AS_WEIGHTS else 0
    return data[at + 1 + counted :].decode("utf-8", "surrogatepass")


def _encode_few(numbers: "array[int]") -> EncodedPostings:
    """Encode a term with a few positions."""
    halves = array("I", numbers.tobytes()).tolist()
    ids, held = halves[_HALVES[0] :: 2], halves[_HALVES[1] :: 2]
    distinct = list(dict.fromkeys(ids))
    count = len(distinct)
    id_size, packed = _packed(distinct)
    characters = _utf_8("".join(map(chr, held)))
    in_text = max(held) < positions.TITLE.start
    if count == len(ids) and in_text:
        data = BLOCK_HEAD.pack(count, id_size, 0) + packed + b"\0" + characters
        return EncodedPostings(data, count, PLAIN * count, PLAIN, ids[0], ids[-1])
    counts = list(map(ids.count, distinct))
    weights = [PLAIN * count for count in counts]
    if not in_text:
        tenths = [positions.TENTHS[position >> positions.ZONE_BITS] for position in held]
        ends = list(accumulate(counts))
        weights = [sum(tenths[end - count : end]) for end, count in zip(ends, counts, strict=True)]
    data = _block(id_size, packed, count, weights) + _block_positions(characters, counts, weights)
    return EncodedPostings(data, count, sum(weights), max(weights), distinct[0], distinct[-1])


def _encode_one_id(doc_id: int) -> EncodedPostings:
    size = _size(doc_id)
    data = BLOCK_HEAD.pack(1, size, 0) + doc_id.to_bytes(size, "little")
    return EncodedPostings(data, 1, PLAIN, PLAIN, doc_id, doc_id)


def _deltas_of(ids: "array[int]") -> tuple[bytes, list[int], bytes]:
    """Return the deltas of the distinct ids, 32 bits each; the distinct ids; and a mask of first occurrences.

    The first delta is to 0. The mask has one byte for each of ``ids``: 1 if it differs from the one before, else 0.
    It is empty if no id is repeated.
    """
    data = ids.tobytes()
    deltas = _deltas(data)
    # Fold each difference into one byte that is 0 where the difference is.
    fold = deltas | deltas >> 16
    fold |= fold >> 8
    others = fold.to_bytes(len(data), sys.byteorder)[_LOWEST::4].translate(_ONE_OR_ZERO)
    if others.count(0) == (ids[0] == 0):
        return deltas.to_bytes(len(data), sys.byteorder), ids.tolist(), b""
    others = b"\1" + others[1:]
    distinct = list(compress(ids.tolist(), others))
    data = array("I", distinct).tobytes()
    return _deltas(data).to_bytes(len(data), sys.byteorder), distinct, others


def _deltas(data: bytes) -> int:
    """Subtract each id from the next as one large number: they ascend, so nothing borrows."""
    return int.from_bytes(data, sys.byteorder) - int.from_bytes(bytes(4) + data[:-4], sys.byteorder)


_ONE_OR_ZERO = bytes((0, *repeat(1, 255)))


def _weights_and_counts(held: "array[int]", others: bytes) -> tuple[Sequence[int] | None, Sequence[int] | None]:
    """Return the weights of the posts, ``None`` if all are 10, and their position counts, ``None`` if all are 1.

    ``others`` is the mask of ``_deltas_of``. The results are bytes if no number is greater than 255.
    """
    zones = held.tobytes()[_HIGH::4].translate(_ZONES)
    plain = not zones.strip(b"\1")
    if not others:
        return (None if plain else zones.translate(_TENTHS_OF)), None
    if plain:
        counts = _lengths(others.replace(b"\1", b"\2\1").split(b"\2"))
        if isinstance(counts, bytes) and not counts.translate(None, _UP_TO_25):
            return counts.translate(_TENFOLD), counts
        return [min(PLAIN * count, MAX_VALUE) for count in counts], counts
    firsts = int.from_bytes(others, "little") << _FIRST_BIT | int.from_bytes(zones, "little")
    marked = firsts.to_bytes(len(zones), "little")
    for zone in range(1, 5):
        marked = marked.replace(bytes((zone | 1 << _FIRST_BIT,)), bytes((0, zone)))
    posts = marked.split(b"\0")
    weights = list(map(_Weights().__getitem__, posts))
    del weights[0]
    return _as_bytes(weights), _lengths(posts)


def _lengths(posts: list[bytes]) -> Sequence[int]:
    """Return the lengths of all but the first."""
    counts = list(map(len, posts))
    del counts[0]
    return _as_bytes(counts)


def _as_bytes(numbers: list[int]) -> Sequence[int]:
    try:
        return bytes(numbers)
    except ValueError:  # one is greater than 255
        return numbers


class _Weights(dict[bytes, int]):
    """The weight of a post by the zones of its positions, computed on first use."""

    def __missing__(self, zones: bytes) -> int:
        found = self[zones] = min(sum(zones.translate(_TENTHS_OF)), MAX_VALUE)
        return found


_FIRST_BIT = 3
_ZONE_TENTHS = (PLAIN, 30, 5, 2)
_ZONES = bytes(_ZONE_TENTHS.index(positions.TENTHS[zone >> 1]) + 1 if zone < 16 else 0 for zone in range(256))
"""By position >> 16: a number, from 1 on, for each weight a position may have."""

_TENTHS_OF = bytes((0, *_ZONE_TENTHS, *bytes(251)))
_UP_TO_25 = bytes(range(26))
_TENFOLD = bytes(10 * count if count < 26 else 0 for count in range(256))


def _in_blocks(
    ids: list[int],
    deltas: bytes,
    *,
    weights: Sequence[int] | None = None,
    counts: Sequence[int] | None = None,
    characters: str = "",
    lengths: Sequence[int] = (),
) -> bytes:
    """Encode the table, the blocks and the positions of more posts than fit in one block."""
    blocks: list[bytes] = []
    encoded_positions: list[bytes] = []
    bests: list[bytes] = []
    position = 0
    for start in range(0, len(ids), BLOCK):
        some = ids[start : start + BLOCK]
        some_weights = weights and weights[start : start + BLOCK]
        some_counts = counts and counts[start : start + BLOCK]
        id_size, packed = _narrowed(deltas[4 * start : 4 * (start + BLOCK)])
        blocks.append(_block(id_size, packed, len(some), some_weights))
        if not characters:
            bests.append(_NO_BEST)
            encoded_positions.append(b"")
        else:
            end = position + (sum(some_counts) if some_counts else len(some))
            encoded_positions.append(_block_positions(_utf_8(characters[position:end]), some_counts, some_weights))
            position = end
            bests.append(_best_posts(some, some_weights, lengths))
    lasts = array("I", ids[BLOCK - 1 :: BLOCK])
    if len(lasts) < len(blocks):
        lasts.append(ids[-1])
    ends = array("I", accumulate(map(len, blocks)))
    position_ends = array("I", accumulate(map(len, encoded_positions)))
    table = b"".join(map(_little_endian, (lasts, ends, position_ends)))
    return b"".join((TABLE_HEAD.pack(0, 0, len(ids)), table, *bests, *blocks, *encoded_positions))


def _narrowed(deltas: bytes) -> tuple[int, bytes]:
    """Narrow 32-bit deltas in native byte order to as few bytes each as the greatest needs."""
    if deltas[_HIGHEST::4].strip(b"\0") or deltas[_HIGH::4].strip(b"\0"):
        return 4, _little_endian(array("I", deltas))
    if deltas[_LOW::4].strip(b"\0"):
        return 2, _little_endian(array("H", deltas)[_LOWEST // 2 :: 2])
    return 1, deltas[_LOWEST::4]


def _packed(ids: list[int]) -> tuple[int, bytes]:
    """As ``_narrowed``, from a few ids."""
    deltas = list(map(sub, ids, chain((0,), ids)))
    size = _size(max(deltas))
    return size, bytes(deltas) if size == 1 else _little_endian(array(CODES[size], deltas))


def _block(id_size: int, packed: bytes, count: int, weights: Sequence[int] | None) -> bytes:
    if weights is None or weights.count(PLAIN) == count:
        return BLOCK_HEAD.pack(count, id_size, 0) + packed
    if isinstance(weights, bytes) or max(weights) < 256:
        return BLOCK_HEAD.pack(count, id_size, 1) + packed + bytes(weights)
    return BLOCK_HEAD.pack(count, id_size, 2) + packed + _little_endian(array("H", weights))


def _utf_8(characters: str) -> bytes:
    return characters.encode("utf-8", "surrogatepass")


def _block_positions(packed: bytes, counts: Sequence[int] | None, weights: Sequence[int] | None) -> bytes:
    """Encode the positions of a block; ``packed`` are the positions in UTF-8."""
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


def _best_posts(ids: list[int], weights: Sequence[int] | None, lengths: Sequence[int]) -> bytes:
    """Encode the argument of ``best_pairs``: the shortest post of each weight, without dominated ones."""
    found = itemgetter(*ids)(lengths) if len(ids) > 1 else (lengths[ids[0]],)
    if weights is None:
        return BEST.pack(*(PLAIN,) * PAIRS, *(min(found),) * PAIRS)
    # Each length and weight as one number that sorts by length, then by descending weight.
    if isinstance(weights, bytes):
        # Most weigh 10; of these the shortest is enough.
        others = zip(compress(found, weights.translate(_ARE_OTHERS)), weights.replace(_PLAIN, b""), strict=True)
        pairs = {length << 16 | MAX_VALUE - weight for length, weight in others}
        if PLAIN in weights:
            pairs.add(min(compress(found, weights.translate(_ARE_PLAIN))) << 16 | MAX_VALUE - PLAIN)
    else:
        pairs = {length << 16 | MAX_VALUE - weight for length, weight in zip(found, weights, strict=True)}
    kept: list[tuple[int, int]] = []
    greatest = 0
    for pair in sorted(pairs):
        weight = MAX_VALUE - (pair & MAX_VALUE)
        if weight > greatest:
            greatest = weight
            kept.append((weight, pair >> 16))
    while len(kept) > PAIRS:
        # The two heaviest become one that dominates both: the weight of the last, the length of the one before.
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
    """Return the bytes that numbers up to ``greatest`` need: 1, 2 or 4."""
    return 1 if greatest < 1 << 8 else 2 if greatest < 1 << 16 else 4
