"""Where in a post a word stands, as one number: first the running text, then zones for what surrounds it.

    0 …        the text            weight 1
    524288 …   the title           weight 3
    655360 …   alt texts and cards weight 0.5
    786432 …   links               weight 0.2

Zones lie far apart, so no phrase reaches from one into the next; and no number takes more than 20 bits.
"""

from itertools import accumulate, pairwise

TEXT = range(524_288)
TITLE = range(524_288, 655_360)
ASIDE = range(655_360, 786_432)
LINKS = range(786_432, 917_504)

BITS = 20
MASK = (1 << BITS) - 1

_SHORT = 4096
_PACKED = [chr(place).encode() for place in range(_SHORT)]


def weight(places: list[int]) -> float:
    """How much a word counts that stands at ``places``, which ascend."""
    if places[-1] < TITLE.start:
        return float(len(places))
    return sum(
        1.0 if place < TITLE.start else 3.0 if place < ASIDE.start else 0.5 if place < LINKS.start else 0.2
        for place in places
    )


def packed(places: list[int]) -> bytes:
    """Ascending places as bytes: their differences as UTF-8, one byte each for most, packed and unpacked in C."""
    if len(places) == 1 and places[0] < _SHORT:
        return _PACKED[places[0]]
    deltas = [places[0], *(after - before for before, after in pairwise(places))]
    return "".join(map(chr, deltas)).encode("utf-8", "surrogatepass")


def of_singles(places: list[int]) -> tuple[list[float] | None, list[bytes]]:
    """The weights and packed places of a word that stands at one place in each post; no weights where all are 1."""
    if max(places) < _SHORT:
        return None, [_PACKED[place] for place in places]
    return [weight([place]) for place in places], [packed([place]) for place in places]


def unpacked(data: bytes) -> list[int]:
    """The places that ``packed`` made ``data`` of."""
    return list(accumulate(map(ord, data.decode("utf-8", "surrogatepass"))))
