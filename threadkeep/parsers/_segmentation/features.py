"""The named facts a boundary is judged by: of the gap between two lines, and of the run of lines that makes a post."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from threadkeep.parsers._segmentation.lines import X_LIMIT, Line

MAX_LINES = 40
"""The most lines one post is thought to have; longer ones must be separated in the paste."""

MAX_WIDTH = 25_000
"""The longest post X allows to those who pay."""

_FULL = X_LIMIT + 1

_WIDTHS = (25, 60, 100, 140, 200, 250, 266, _FULL, 320, 450, 700, 1100, 2000)
_COUNTS = (1, 2, 3, 4, 5, 7, 10, 15, 24)
_BEYOND = 1 << 60


def _steps(limits: tuple[int, ...], unit: str) -> tuple[tuple[int, str], ...]:
    return (*((limit, f"at most {limit} {unit}") for limit in limits), (_BEYOND, f"over {limits[-1]} {unit}"))


WIDTHS = _steps(_WIDTHS, "wide")
COUNTS = _steps(_COUNTS, "lines")


def gap_features(lines: Sequence[Line]) -> list[dict[str, float]]:
    """The features of each gap: item ``i`` is of the gap before line ``i + 1``.

    ``after …`` tells how the line before it closes, ``before …`` how the line behind it opens.
    """
    style = _style(lines)
    closings = [{f"after {name}": 1.0 for name in line.closes} for line in lines]
    openings = [{f"before {name}": 1.0 for name in line.opens} for line in lines]
    likeness = _likeness(lines)
    writes_small = _writes_small(lines)
    marks_lead = bool(lines) and "mark with number" in lines[0].closes
    numbered = _numbered(lines, marks_lead)
    found = []
    for index in range(1, len(lines)):
        features = {**style, **closings[index - 1], **openings[index], **likeness[index - 1]}
        features.update(dict.fromkeys(_pair(lines, index), 1.0))
        if index in numbered:
            features[numbered[index]] = 1.0
        if writes_small and features.pop("before lower case", 0.0):
            features["before lower case, as ever"] = 1.0
        if marks_lead:
            _turn_marks(features, lines[index - 1], lines[index])
        found.append(features)
    return found


def _style(lines: Sequence[Line]) -> dict[str, float]:
    """What holds for every gap of a paste: how its author writes."""
    count = max(1, len(lines))
    widths = sorted(line.width for line in lines)
    median = widths[len(widths) // 2] if widths else 0
    long_form = writes_long(lines)
    clinging = sum(bool(_CLINGING.intersection(line.opens)) or line.kind != "text" for line in lines)
    return {
        "always": 1.0,
        "style: clinging lines": min(0.6, clinging / count),
        "style: median width": 0.0 if long_form else min(2.5, median / 100),
        "style: long form": float(long_form),
        "style: links at ends": sum("link" in line.closes or line.kind == "link" for line in lines) / count,
        "style: open ends": sum("nothing" in line.closes or "comma" in line.closes for line in lines) / count,
        "style: numbers": min(
            0.5, sum(line.number_first is not None or line.number_last is not None for line in lines) / count
        ),
    }


def writes_long(lines: Sequence[Line]) -> bool:
    """Whether any line alone is more than a post by those who do not pay."""
    return any(line.width > _FULL for line in lines)


def _writes_small(lines: Sequence[Line]) -> bool:
    """Whether the author does without capitals."""
    opened = [line for line in lines if line.kind == "text" and line.text[0].isalpha()]
    return 3 * sum(line.text[0].islower() for line in opened) > len(opened)


_CLINGING = frozenset({"lower case", "item", "labelled link", "names only"})


def _pair(lines: Sequence[Line], index: int) -> Iterator[str]:
    before, after = lines[index - 1], lines[index]
    following = lines[index + 1] if index + 1 < len(lines) else None
    was_item, is_item = "item" in before.closes, "item" in after.opens
    if was_item:
        yield "item after item" if is_item else "list ends"
    if "colon" in before.closes and (is_item or "emoji" in after.opens):
        yield "list after colon"
    if before.bullet and before.bullet == after.bullet:
        yield "same bullet"
    if "nothing" in before.closes and "lower case" in after.opens:
        yield "sentence goes on"
    if before.kind == after.kind == "text" and before.width < 50 and after.width < 50 and not (was_item or is_item):
        yield "two short lines"
    if "question" in before.closes and "introducing" in after.opens:
        yield "answer to a question"
    known = before.number_first or before.number_last
    if known and after.number_first == known + 1:
        yield "next number"
    ended_in_link = before.kind == "link" or "link" in before.closes or "labelled link" in before.closes
    if ended_in_link and after.kind == "text" and "labelled link" not in after.opens:
        yield "text after link"
        if after.width > 60 and after.text[0].isupper():
            yield "paragraph after link"
    if following is not None and (following.kind in ("link", "mark", "names") or "labelled link" in following.opens):
        yield "then a tail"
    if max(before.width, after.width) <= _FULL < before.width + after.width + 2:
        yield "two do not fit"


def _turn_marks(features: dict[str, float], before: Line, after: Line) -> None:
    """Where a paste begins with ``(1/5)`` alone on its line, such lines stand above their posts."""
    if features.pop("after mark with number", None):
        features["after leading mark"] = 1.0
    if after.kind == "mark" and after.number_last is not None:
        features.pop("before mark only", None)
        features["before leading mark"] = 1.0


def _numbered(lines: Sequence[Line], marks_lead: bool) -> dict[int, str]:
    """What the numbers ``k`` and ``k + 1`` of two posts say of the gaps between them: all but one are inside a post."""
    told: dict[int, str] = {}
    for at_end in (False, True):
        places = [
            (index, number)
            for index, line in enumerate(lines)
            if (number := _number(line, at_end, marks_lead)) is not None
        ]
        for (here, number), (there, other) in pairwise(places):
            if other == number + 1 and there - here <= MAX_LINES:
                edge = here + 1 if at_end else there
                told.update(dict.fromkeys(range(here + 1, there + 1), "within a numbered post"))
                told[edge] = "between numbered posts"
    return told


def _number(line: Line, at_end: bool, marks_lead: bool) -> int | None:
    if line.kind == "mark":
        return line.number_last if at_end != marks_lead else None
    return line.number_last if at_end else line.number_first


def _likeness(lines: Sequence[Line]) -> list[dict[str, float]]:
    """How much the words around each gap resemble each other, rare words counting more."""
    seen = Counter(word for line in lines for word in line.words)
    total = math.log(len(lines) + 1)
    weight = {word: (total - math.log(count)) ** 2 for word, count in seen.items()}
    norms = [sum(map(weight.__getitem__, line.words)) for line in lines]

    def cosine(one: frozenset[str], other: frozenset[str], norm: float) -> float:
        shared = sum(map(weight.__getitem__, one & other))
        return shared / math.sqrt(norm) if shared else 0.0

    near = [cosine(a.words, b.words, norms[i] * norms[i + 1]) for i, (a, b) in enumerate(pairwise(lines))]
    found = []
    for index in range(1, len(lines)):
        left = frozenset().union(*(line.words for line in lines[max(0, index - 3) : index]))
        right = frozenset().union(*(line.words for line in lines[index : index + 2]))
        wide = cosine(left, right, sum(map(weight.__getitem__, left)) * sum(map(weight.__getitem__, right)))
        around = max(near[index - 2] if index > 1 else 0.0, near[index] if index < len(near) else 0.0)
        found.append(
            {
                "likeness of the lines": min(0.5, near[index - 1]),
                "likeness around": min(0.5, wide),
                "likeness dips": max(-0.4, min(0.4, around - near[index - 1])),
                "nothing alike": float(near[index - 1] == 0.0),
            }
        )
    return found


def post_features(lines: Sequence[Line], start: int, end: int, long_form: bool) -> list[tuple[str, ...]]:
    """The features of the posts that begin at ``start`` and end before ``end``: of one line, of two, and so on.

    A post has at most MAX_LINES lines and MAX_WIDTH weighted characters, unless one line alone is wider. ``long_form``:
    somebody in the paste writes beyond X_LIMIT.
    """
    first = lines[start]
    found: list[tuple[str, ...]] = []
    width, worded, links, width_step, count_step = -2, False, 0, 0, 0
    is_tail = "labelled link" in first.opens
    is_item = "item" in first.opens
    for count in range(1, min(MAX_LINES, end - start) + 1):
        line = lines[start + count - 1]
        width += line.width + 2
        if width > MAX_WIDTH and count > 1:
            break
        worded = worded or line.kind == "text"
        while width > WIDTHS[width_step][0]:
            width_step += 1
        while count > COUNTS[count_step][0]:
            count_step += 1
        features = [WIDTHS[width_step][1], COUNTS[count_step][1]]
        if not worded:
            features.append("no words")
        if is_tail or (is_item and count > 1):
            features.append("begins with an item")
        if width <= _ROOMY and ("colon" in line.closes or "comma" in line.closes):
            features.append("left open")
        if width > _FULL:
            tight = width - count + 1 <= _FULL
            features.append("full without blank lines" if tight else "long form" if long_form else "beyond the limit")
        if links:
            features.append("link inside")
        if count == 1 and width <= _STUB and "nothing" in line.closes:
            features.append("a stub")
        if width <= _FULL and start + count < len(lines) and width + 2 + lines[start + count].width > _FULL:
            features.append("next does not fit")
        links += "link" in line.closes or (line.kind == "link" and count > 1)
        found.append(tuple(features))
    return found


_ROOMY = 261
"""A post that ends in a colon or a comma with more room than this left in it was not cut for length."""

_STUB = 45
