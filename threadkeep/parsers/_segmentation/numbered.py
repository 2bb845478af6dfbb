"""Threads numbered like lists: under a line that announces a thread, ``1.``, ``2.``, ``3.`` begin its posts.

How to sharpen a chisel 🧵
1. Flatten the back. …            the second post
It takes an hour.                 goes on
2. Pick an angle …                the third
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from threadkeep.parsers._segmentation.lines import X_LIMIT, Line

_DOTTED = re.compile(r"(?P<k>\d{1,2})[.)](?=\s?\D)")
_FEWEST = 3
_FARTHEST = 10
"""Lines that one of the posts takes at most."""


def with_numbered_threads(lines: Sequence[Line]) -> list[Line]:
    """``lines``, of which those that number a thread's posts open with a number instead of a list's item.

    A list that fits into one post together with what announces it stays a list.
    """
    found = list(lines)
    for above in range(len(lines) - 1):
        if "🧵" not in lines[above].text[-8:]:
            continue
        places = _places(lines, above + 1)
        if len(places) >= _FEWEST and sum(line.width for line in lines[above : places[-1] + 1]) > X_LIMIT:
            for number, at in enumerate(places, 1):
                closes = tuple(name for name in lines[at].closes if name != "item")
                found[at] = replace(lines[at], opens=("number",), closes=closes, number_first=number)
    return found


def _places(lines: Sequence[Line], start: int) -> list[int]:
    """The lines that open with 1, 2, 3 and so on; the first of them is ``start``."""
    places: list[int] = []
    for at in range(start, len(lines)):
        match = _DOTTED.match(lines[at].text)
        if match and int(match["k"]) == len(places) + 1:
            places.append(at)
        elif not places or at - places[-1] > _FARTHEST:
            break
    return places
