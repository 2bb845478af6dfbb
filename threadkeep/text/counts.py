"""Read counts as apps print them beside posts and on profiles, in the languages they come in.

1,204    1.204    1 204    12.3K    1,2 mil    12,3 Mio.    1.2万    3천
"""

import re

UNITS = {
    "k": 10**3, "tsd": 10**3, "mil": 10**3, "천": 10**3, "万": 10**4, "만": 10**4, "m": 10**6, "mi": 10**6,
    "mio": 10**6, "mln": 10**6, "億": 10**8, "억": 10**8, "b": 10**9, "mrd": 10**9,
}  # fmt: skip
"""What a letter or word behind the figures multiplies them by; in small letters, without its dot."""

UNIT = r"K|M|B|mil|mi|Tsd\.?|Mio\.?|Mrd\.?|mln|万|億|천|만|억"
GROUPED = r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3}){1,4}"
"""Figures in groups of three: ``1,204``, ``1 204``."""
COUNT = rf"(?:{GROUPED}|\d[\d.,]{{0,17}})(?:\s?(?:{UNIT})(?![^\W\d_]))?"
"""A count inside other text."""

_READ = re.compile(rf"(\d[\d.,\s]{{0,30}}?)\s?({UNIT})?[.,]?", re.I)
_ALONE = re.compile(rf"{GROUPED}|\d{{1,15}}|\d{{1,4}}(?:[.,]\d{{1,2}})?\s?(?:{UNIT})", re.I)
_EXACT = re.compile(r"\s*(\d{1,3}(?:[,.\u00a0\u202f]\d{3}){1,5}|\d{1,15})\s*", re.A)
_DECIMAL = re.compile(r"(\d+)[.,](\d{1,2})")
_LARGEST = 10**18
"""No app counts so far, and no database much further."""


def read_count(text: str) -> int | None:
    """Return the number in ``text``: ``1,234`` -> 1234, ``1.2K`` -> 1200, ``1,2 Mio.`` -> 1200000; None for other text.

    A comma or dot divides thousands, except before a unit and one or two figures, where it divides tenths.
    """
    match = _READ.fullmatch(text.strip())
    if match is None:
        return None
    figures, unit = re.sub(r"\s", "", match[1]), (match[2] or "").lower().rstrip(".")
    factor = UNITS[unit] if unit else 1
    decimal = _DECIMAL.fullmatch(figures) if unit else None
    if decimal is not None:
        count = int(decimal[1]) * factor + int(decimal[2]) * factor // int(10 ** len(decimal[2]))
    else:
        count = int(re.sub(r"\D", "", figures)) * factor
    return count if count < _LARGEST else None


def is_count(text: str) -> bool:
    """Whether ``text`` is a count and nothing else: ``12``, ``1.204``, ``12.3K``; neither ``1.5`` nor ``12 34``."""
    return _ALONE.fullmatch(text) is not None


def read_exact_count(text: str | None) -> int | None:
    """A count written out: ``1,234`` -> 1234; None for ``1.2K``, which is rounded, and for what is not a count."""
    match = _EXACT.fullmatch(text or "")
    return int(re.sub(r"\D", "", match[1])) if match else None
