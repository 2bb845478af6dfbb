"""Cashtags in a post's text: ``$CLAY``, ``$BRK.B``."""

import re
from collections.abc import Iterator

CASHTAG = r"[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?"
"""The pattern of a cashtag without ``$``: it begins with a Latin letter, so prices do not count."""

_IN_TEXT = rf"(?<![\w$＄])[$＄]({CASHTAG})(?![\w$＄])"


def find_cashtags(text: str) -> list[str]:
    """Return the cashtags in ``text`` without ``$``.

    >>> find_cashtags("$CLAY rose by $5, $BRK.B fell.")
    ['CLAY', 'BRK.B']
    """
    return [found[1] for found in cashtag_matches(text)] if "$" in text or "＄" in text else []


def cashtag_matches(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of cashtags in ``text``; the first group is without ``$``."""
    return re.finditer(_IN_TEXT, text)
