"""Where in a post a word stands, as one number: first the running text, then zones for what surrounds it.

    0 …        the text            weight 1
    524288 …   the title           weight 3
    655360 …   alt texts           weight 0.5
    786432 …   cards               weight 0.5
    917504 …   links               weight 0.2

Zones lie far apart, so no phrase reaches from one into the next; and no number takes more than 20 bits, so that each is
a character of Unicode too: a post's places are kept as a string, which is packed and unpacked in C.
"""

TEXT = range(524_288)
TITLE = range(524_288, 655_360)
ALTS = range(655_360, 786_432)
CARDS = range(786_432, 917_504)
LINKS = range(917_504, 1_048_575)

BITS = 20
MASK = (1 << BITS) - 1
"""No place takes more bits."""

ZONE_BITS = 17
TENTHS = (10, 10, 10, 10, 30, 5, 5, 2)
"""How much a place counts, in tenths: by the place >> 17."""


def packed(places: list[int]) -> str:
    """Ascending places as characters."""
    return "".join(map(chr, places))


def unpacked(characters: str) -> list[int]:
    """The places that ``packed`` made ``characters`` of."""
    return list(map(ord, characters))
