"""Which posts of a segment hold a word, how strongly, and where: a word's postings, and the bytes they are stored as.

4 bytes   number of posts
1 byte    size of an id's difference to the one before: 1, 2, 4
1 byte    size of a weight: 0 where all are 1, else 4
1 byte    size of a length of places: 0 where there are no places or all take one byte, else 1, 4
1 byte    whether there are places
then the differences, the weights, the lengths, the places; numbers little-endian
"""

import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TypeVar

_HEAD = struct.Struct("<IBBBB")
_Number = TypeVar("_Number", int, float)
_CODES = {1: "B", 2: "H", 4: "I"}


@dataclass(frozen=True, slots=True)
class Postings:
    """The posts that hold a word: their ids within the segment, ascending, and for each its weight and packed places.

    ``weights`` is ``None`` where all are 1, ``places`` where nothing but presence is kept.
    """

    ids: Sequence[int]
    weights: Sequence[float] | None = None
    places: Sequence[bytes] | None = None

    def places_in(self, id_: int) -> bytes:
        """The packed places of the word in the post ``id_``, which must hold it."""
        assert self.places is not None
        return self.places[bisect_left(self.ids, id_)]


def joined(parts: Sequence[Postings]) -> Postings:
    """Postings of one word that follow each other, as one."""
    if len(parts) == 1:
        return parts[0]
    weights = None
    if any(part.weights for part in parts):
        weights = [weight for part in parts for weight in part.weights or [1.0] * len(part.ids)]
    places = None
    if all(part.places is not None for part in parts):
        places = [place for part in parts for place in part.places or ()]
    return Postings([id_ for part in parts for id_ in part.ids], weights, places)


def stored(postings: Postings) -> bytes:
    """``postings`` as bytes."""
    ids, weights, places = postings.ids, postings.weights, postings.places
    deltas = [ids[0], *(after - before for before, after in pairwise(ids))]
    highest = max(deltas)
    id_size = 1 if highest < 1 << 8 else 2 if highest < 1 << 16 else 4
    lengths = [] if places is None else list(map(len, places))
    longest = max(lengths, default=1)
    length_size = 0 if longest == 1 else 1 if longest < 1 << 8 else 4
    return b"".join(
        (
            _HEAD.pack(len(ids), id_size, 4 if weights else 0, length_size, places is not None),
            _little_endian(array(_CODES[id_size], deltas)).tobytes(),
            _little_endian(array("f", weights)).tobytes() if weights else b"",
            _little_endian(array(_CODES[length_size], lengths)).tobytes() if length_size else b"",
            *(places or ()),
        )
    )


def loaded(data: bytes, with_places: bool = True) -> Postings:
    """The postings that ``stored`` made ``data`` of; without places where they are not asked for."""
    count, id_size, weight_size, length_size, has_places = _HEAD.unpack_from(data)
    at = _HEAD.size
    ids = list(accumulate(_integers(_CODES[id_size], data, at, count)))
    at += count * id_size
    weights = _little_endian(array("f", data[at : at + count * 4])) if weight_size else None
    at += count * weight_size
    if not (has_places and with_places):
        return Postings(ids, weights)
    if not length_size:
        return Postings(ids, weights, [data[i : i + 1] for i in range(at, at + count)])
    ends = accumulate(_integers(_CODES[length_size], data, at, count), initial=at + count * length_size)
    return Postings(ids, weights, [data[start:end] for start, end in pairwise(ends)])


def _integers(code: str, data: bytes, at: int, count: int) -> "array[int]":
    numbers = array(code)
    numbers.frombytes(data[at : at + count * numbers.itemsize])
    return _little_endian(numbers)


def _little_endian(numbers: "array[_Number]") -> "array[_Number]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
