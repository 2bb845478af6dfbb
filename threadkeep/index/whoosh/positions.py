"""The position of a word in a post, as one number: first the running text, then zones for the rest.

    0 …        the text            weight 1
    524288 …   the title           weight 3
    655360 …   alt texts           weight 0.5
    786432 …   cards               weight 0.5
    917504 …   links               weight 0.2

Zones are far apart, so that no phrase reaches from one into the next. No number takes more than 20 bits, so each is a
Unicode code point too: the positions in a post are stored as a string, which is encoded and decoded in C.
"""

TEXT = range(524_288)
TITLE = range(524_288, 655_360)
ALTS = range(655_360, 786_432)
CARDS = range(786_432, 917_504)
LINKS = range(917_504, 1_048_575)

BITS = 20
MASK = (1 << BITS) - 1
"""No position takes more bits."""

ZONE_BITS = 17
TENTHS = (10, 10, 10, 10, 30, 5, 5, 2)
"""The weight of a position, in tenths, by position >> 17."""


def decode(characters: str) -> list[int]:
    """Return the positions encoded in ``characters``."""
    return list(map(ord, characters))
