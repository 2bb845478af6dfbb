"""How likely a post starts at each line: a semi-Markov model over all ways to cut a paste into posts.

A way to cut is worth the sum of its gaps' and its posts' weights. Summing over all ways, forward and backward, gives
the probability of each start. Two things about the whole paste are unknown and summed over as well: the habit of its
author (a line a post, a few, many), and what blank lines and separators mean in it. So the sure places of a paste
decide how its unsure ones are read.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from threadkeep.parsers._segmentation.features import (
    COUNTS,
    MAX_LINES,
    WIDTHS,
    gap_features,
    post_features,
    writes_long,
)
from threadkeep.parsers._segmentation.layout import Row, Space
from threadkeep.parsers._segmentation.lines import read_line, with_numbered_threads
from threadkeep.parsers._segmentation.weights import GAP, HABITS, POST, SPACINGS, Habit, Spacing

WINDOW = 600
"""Lines judged together; a longer paste is read in windows that overlap."""

OVERLAP = 60
"""How far a window looks beyond the lines it decides."""

SEPARATES: frozenset[Space] = frozenset({"blanks", "rule"})
"""What stands only between posts."""

_COUNTED_LINES = 6000
"""Up to here a known number of posts shifts every probability; beyond, it only says how many of the best to take."""

_FARTHEST = 12.0


def start_probabilities(rows: Sequence[Row], posts: int | None = None) -> list[float]:
    """P(a post starts here) for each row; ``posts`` is how many there are, where a person knows."""
    if posts is not None and len(rows) <= _COUNTED_LINES:
        return _counted([*_windows(rows)], posts)
    return [chance for window in _windows(rows) for chance in window.chances(0.0)]


def _counted(windows: Sequence["_Window"], posts: int) -> list[float]:
    """The probabilities whose sum is ``posts``: every gap is made as much likelier, or less likely, as that takes."""
    low, high = -_FARTHEST, _FARTHEST
    chances: list[float] = []
    for _ in range(20):
        shift = (low + high) / 2
        chances = [chance for window in windows for chance in window.chances(shift)]
        low, high = (shift, high) if sum(chances) < posts else (low, shift)
    return chances


def _windows(rows: Sequence[Row]) -> Iterable["_Window"]:
    for start in range(0, len(rows), WINDOW):
        first, last = max(0, start - OVERLAP), min(len(rows), start + WINDOW + OVERLAP)
        yield _window(rows[first:last], start - first, min(start + WINDOW, len(rows)) - first)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One habit with one meaning of the spaces: the weight of each gap, of the posts, and of the reading as a whole."""

    gaps: list[float]
    posts: "_Posts"
    weight: float


@dataclass(frozen=True, slots=True)
class _Posts:
    """The weight of every post there might be: by its first line in ``ahead``, by the line after it in ``behind``.

    Both in the order of lines. ``whole`` are the blocks between separators that are longer than a post is thought to
    be and might be one all the same: first line, line after it, weight.
    """

    ahead: list[list[float]]
    behind: list[list[float]]
    whole: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """Lines judged together, and which of them this window decides."""

    readings: tuple[_Reading, ...]
    first: int
    last: int

    def chances(self, shift: float) -> list[float]:
        """P(a post starts) for the lines this window decides, every gap's weight moved by ``shift``."""
        sums = [_forward_backward(reading, shift) for reading in self.readings]
        most = max(total for _, total in sums)
        shares = [math.exp(total - most) for _, total in sums]
        whole = sum(shares)
        return [
            sum(share * chances[index] for share, (chances, _) in zip(shares, sums, strict=True)) / whole
            for index in range(self.first, self.last)
        ]


def _window(rows: Sequence[Row], first: int, last: int) -> _Window:
    lines = with_numbered_threads([read_line(row.text) for row in rows])
    spaces = [row.space for row in rows]
    gaps = gap_features(lines)
    ends = _block_ends(spaces)
    long_form = writes_long(lines)
    shapes = [post_features(lines, start, end, long_form) for start, end in enumerate(ends)]
    long_blocks = _long_blocks(ends, shapes)
    readings = []
    for habit in HABITS:
        scores = [0.0, *(_score(features, habit) for features in gaps)]
        posts = _post_weights(shapes, habit, long_blocks)
        for spacing in SPACINGS if len(set(spaces[1:])) > 1 or "nothing" not in spaces[1:] else (None,):
            told, weight = _told(spaces, spacing)
            weighed = [score + hint for score, hint in zip(scores, told, strict=True)]
            readings.append(_Reading(weighed, posts, weight + habit.weight))
    return _Window(tuple(readings), first, last)


def _score(features: Mapping[str, float], habit: Habit) -> float:
    own = habit.gap
    return sum(value * (GAP.get(name, 0.0) + own.get(name, 0.0)) for name, value in features.items())


def _told(spaces: Sequence[Space], spacing: Spacing | None) -> tuple[list[float], float]:
    """What the spaces say for a start at each line, as log-odds, and how well they fit the meaning as a whole."""
    if spacing is None:
        return [0.0] * len(spaces), 0.0
    odds = {space: math.log(spacing.between[space] / spacing.inside[space]) for space in spacing.between}
    fit = sum(math.log(spacing.inside[space]) for space in spaces[1:])
    return [0.0, *(odds[space] for space in spaces[1:])], fit + math.log(spacing.share)


Shapes = list[list[tuple[str, ...]]]


def _block_ends(spaces: Sequence[Space]) -> list[int]:
    """For each line, where the block between separators ends that it stands in."""
    ends = [len(spaces)] * len(spaces)
    for index in range(len(spaces) - 2, -1, -1):
        ends[index] = index + 1 if spaces[index + 1] in SEPARATES else ends[index + 1]
    return ends


def _long_blocks(ends: Sequence[int], shapes: Shapes) -> list[tuple[int, int]]:
    """The blocks between separators that no post is long enough to fill."""
    firsts = [index for index, end in enumerate(ends) if index == 0 or ends[index - 1] != end]
    blocks = [(first, ends[first]) for first in firsts]
    return [(first, end) for first, end in blocks if len(blocks) > 1 and end - first > len(shapes[first])]


def _post_weights(shapes: Shapes, habit: Habit, long_blocks: Iterable[tuple[int, int]]) -> _Posts:
    known: dict[tuple[str, ...], float] = {}

    def weigh(names: tuple[str, ...]) -> float:
        if names not in known:
            known[names] = math.exp(sum(POST.get(name, 0.0) + habit.post.get(name, 0.0) for name in names))
        return known[names]

    ahead = [[weigh(names) for names in posts] for posts in shapes]
    behind: list[list[float]] = [[] for _ in range(len(shapes) + 1)]
    for start, weights in enumerate(ahead):
        for end, weight in enumerate(weights, start + 1):
            behind[end].append(weight)
    longest = weigh((WIDTHS[-1][1], COUNTS[-1][1]))
    return _Posts(ahead, behind, tuple((first, end, longest) for first, end in long_blocks))


_HUGE, _TINY = 1e150, 1e-150


def _forward_backward(reading: _Reading, shift: float) -> tuple[list[float], float]:
    """P(a post starts) for each line under one reading, and the log of the sum over all ways to cut."""
    gaps = [math.exp(max(-60.0, min(60.0, gap + shift))) for gap in reading.gaps]
    gaps[0] = 1.0
    forward = _forward(gaps, reading.posts)
    backward = _backward(gaps, reading.posts)
    total = forward[-1]
    chances = [math.exp(min(0.0, ahead + behind - total)) for ahead, behind in zip(forward, backward, strict=False)]
    return chances, total + reading.weight


def _forward(gaps: Sequence[float], posts: _Posts) -> list[float]:
    """The log of the sum over all ways to cut the lines before each line."""
    whole = {end: (first, weight) for first, end, weight in posts.whole}
    sums, logs, scale = [gaps[0]], [0.0], 0.0
    for end in range(1, len(gaps) + 1):
        weights = posts.behind[end]
        value = sum(map(mul, weights, sums[end - len(weights) : end]))
        if end in whole:
            first, weight = whole[end]
            value += weight * gaps[first] * math.exp(logs[first] - scale)
        logs.append(math.log(value) + scale)
        if not _TINY < value < _HUGE:
            recent = max(0, end - MAX_LINES)
            sums[recent:end] = [known / value for known in sums[recent:end]]
            scale += math.log(value)
            value = 1.0
        sums.append(value * gaps[end] if end < len(gaps) else value)
    return logs


def _backward(gaps: Sequence[float], posts: _Posts) -> list[float]:
    """The log of the sum over all ways to cut the lines from each line on, a post starting there."""
    size = len(gaps)
    whole = {first: (end, weight) for first, end, weight in posts.whole}
    sums, logs, scale = [0.0] * size + [1.0], [0.0] * (size + 1), 0.0
    for start in range(size - 1, -1, -1):
        weights = posts.ahead[start]
        value = sum(map(mul, weights, sums[start + 1 : start + 1 + len(weights)])) * gaps[start]
        if start in whole:
            end, weight = whole[start]
            value += weight * gaps[start] * math.exp(logs[end] - scale)
        logs[start] = math.log(value) + scale
        if not _TINY < value < _HUGE:
            last = start + 1 + MAX_LINES
            sums[start + 1 : last] = [known / value for known in sums[start + 1 : last]]
            scale += math.log(value)
            value = 1.0
        sums[start] = value
    return logs
