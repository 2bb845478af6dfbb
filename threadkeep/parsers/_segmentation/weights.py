"""How much each feature counts, in log-odds, and what may hold for a whole paste.

Set by judgement, then moved a little towards what labelled pastes of some hundred authors show: likelihood with a
penalty (L2, 8 for what holds for everybody, 4 for the habits) on every step away from the judgement. A weight that is
not here is 0. ``benchmarks/split.py`` tells how well they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from threadkeep.parsers._segmentation.layout import Space


@dataclass(frozen=True, slots=True)
class Habit:
    """A way of writing posts: its weight, and what it adds to the weights of gaps and posts."""

    name: str
    weight: float
    gap: Mapping[str, float]
    post: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Spacing:
    """What blank lines and separators mean in a paste: the share of pastes, and how often each stands where."""

    name: str
    share: float
    between: Mapping[Space, float]
    inside: Mapping[Space, float]


GAP: Mapping[str, float] = {
    # the paste as a whole
    "always": -1.16,
    "style: links at ends": 0.44,
    "style: open ends": -0.15,
    "style: median width": -0.20,
    "style: numbers": -0.30,
    "style: long form": -0.42,
    "style: clinging lines": -1.30,
    # how the line before closes
    "after mark with number": 2.97,
    "after number": 2.41,
    "after thread mark": 1.88,
    "after labelled link": 1.53,
    "after names only": 1.48,
    "after link only": 1.22,
    "after link": 0.94,
    "after a full post": 0.54,
    "after names": 0.44,
    "after short": 0.36,
    "after beyond a post": 0.29,
    "after emoji only": 0.19,
    "after exclamation": 0.18,
    "after emoji": 0.15,
    "after ellipsis": 0.02,
    "after nothing": -0.04,
    "after long": -0.05,
    "after tiny": -0.05,
    "after credits": -0.11,
    "after stop": -0.21,
    "after question": -0.35,
    "after open bracket": -0.66,
    "after item": -0.77,
    "after a greeting": -0.84,
    "after comma": -1.10,
    "after colon": -1.67,
    # how the line after opens
    "before number": 3.02,
    "before news": 1.33,
    "before mention": 1.19,
    "before a full post": 1.03,
    "before middling": 0.34,
    "before beyond a post": 0.30,
    "before asks first": 0.14,
    "before long": 0.13,
    "before lower case, as ever": 0.07,
    "before quote mark": 0.07,
    "before digit": 0.05,
    "before link at its end": 0.01,
    "before number at its end": -0.06,
    "before hashtag": -0.09,
    "before emoji": -0.14,
    "before short": -0.19,
    "before lower case": -0.26,
    "before credits": -0.29,
    "before tiny": -0.36,
    "before label": -0.53,
    "before pointer": -0.55,
    "before introducing": -0.76,
    "before bracket": -0.99,
    "before emoji only": -1.03,
    "before connective": -1.16,
    "before item": -1.79,
    "before names only": -2.08,
    "before labelled link": -2.11,
    "before link only": -2.19,
    "before mark only": -2.49,
    # both together
    "between numbered posts": 2.44,
    "next number": 1.50,
    "two do not fit": 0.23,
    "then a tail": 0.07,
    "list ends": -0.06,
    "paragraph after link": -0.09,
    "text after link": -0.25,
    "two short lines": -0.28,
    "sentence goes on": -0.36,
    "answer to a question": -0.43,
    "list after colon": -0.84,
    "same bullet": -0.86,
    "item after item": -1.10,
    "within a numbered post": -2.25,
    # the words around
    "likeness dips": 0.64,
    "likeness of the lines": -1.25,
    "likeness around": -2.16,
    "nothing alike": 0.91,
}
"""For a post to start at the gap."""

POST: Mapping[str, float] = {
    # its weighted length, with a blank line between paragraphs
    "at most 25 wide": -0.22,
    "at most 60 wide": -0.60,
    "at most 100 wide": -0.71,
    "at most 140 wide": -0.33,
    "at most 200 wide": -0.47,
    "at most 250 wide": 0.58,
    "at most 266 wide": 0.35,
    "at most 281 wide": 1.37,
    "at most 320 wide": 0.40,
    "at most 450 wide": -0.23,
    "at most 700 wide": -1.05,
    "at most 1100 wide": -1.53,
    "at most 2000 wide": -2.20,
    "over 2000 wide": -3.51,
    # its lines
    "at most 1 lines": 0.64,
    "at most 2 lines": -0.20,
    "at most 3 lines": 0.14,
    "at most 4 lines": -0.14,
    "at most 5 lines": 0.17,
    "at most 7 lines": -0.23,
    "at most 10 lines": -0.26,
    "at most 15 lines": -0.95,
    "at most 24 lines": -1.10,
    "over 24 lines": -2.05,
    # its shape
    "full without blank lines": 0.78,
    "a stub": 0.73,
    "next does not fit": 0.08,
    "long form": -0.45,
    "left open": -0.70,
    "link inside": -0.82,
    "begins with an item": -0.87,
    "beyond the limit": -1.06,
    "no words": -2.04,
}
"""For a run of lines to be one post."""

HABITS = (
    Habit(
        "a line a post",
        -0.76,
        gap={
            "before mention": 0.27,
            "two short lines": 0.04,
            "after link only": -0.08,
            "after stop": -0.15,
            "before lower case": -0.17,
            "after link": -0.21,
            "always": -0.34,
        },
        post={
            "at most 25 wide": 0.22,
            "at most 60 wide": 0.40,
            "at most 100 wide": 0.12,
            "at most 140 wide": 0.12,
            "at most 200 wide": -0.34,
            "at most 250 wide": -0.32,
            "at most 266 wide": -0.22,
            "at most 281 wide": -0.44,
            "at most 320 wide": -0.09,
            "at most 450 wide": -0.17,
            "at most 700 wide": 0.05,
            "at most 1100 wide": -0.02,
            "at most 2000 wide": -0.13,
            "at most 1 lines": 1.35,
            "at most 2 lines": -0.42,
            "at most 3 lines": -0.63,
            "at most 4 lines": -0.45,
            "at most 5 lines": -0.65,
            "at most 7 lines": -0.66,
            "at most 10 lines": -0.21,
            "at most 15 lines": -0.03,
            "at most 24 lines": -0.12,
            "over 24 lines": 0.02,
            "full without blank lines": -0.15,
        },
    ),
    Habit(
        "a few lines a post",
        0.53,
        gap={
            "before lower case": 0.49,
            "after link only": 0.25,
            "after nothing": 0.25,
            "always": 0.22,
            "after link": 0.14,
            "after stop": 0.02,
            "two short lines": -0.22,
            "before mention": -0.37,
        },
        post={
            "at most 25 wide": 0.11,
            "at most 60 wide": -0.13,
            "at most 100 wide": 0.12,
            "at most 140 wide": 0.11,
            "at most 200 wide": 0.31,
            "at most 250 wide": -0.22,
            "at most 266 wide": 0.01,
            "at most 281 wide": 0.44,
            "at most 320 wide": -0.27,
            "at most 450 wide": -0.35,
            "at most 700 wide": -0.14,
            "at most 1100 wide": 0.08,
            "at most 2000 wide": 0.28,
            "over 2000 wide": -0.01,
            "at most 1 lines": -0.19,
            "at most 2 lines": 0.52,
            "at most 3 lines": 0.17,
            "at most 4 lines": 0.10,
            "at most 5 lines": 0.14,
            "at most 7 lines": -0.04,
            "at most 10 lines": -0.25,
            "at most 15 lines": -0.19,
            "at most 24 lines": 0.27,
            "over 24 lines": -0.03,
            "full without blank lines": 0.40,
        },
    ),
    Habit(
        "many lines a post",
        0.22,
        gap={
            "two short lines": 0.18,
            "after stop": 0.13,
            "always": 0.13,
            "before mention": 0.10,
            "after link": 0.07,
            "after link only": -0.17,
            "after nothing": -0.25,
            "before lower case": -0.33,
        },
        post={
            "at most 25 wide": -0.33,
            "at most 60 wide": -0.27,
            "at most 100 wide": -0.24,
            "at most 140 wide": -0.23,
            "at most 200 wide": 0.03,
            "at most 250 wide": 0.54,
            "at most 266 wide": 0.22,
            "at most 281 wide": 0.01,
            "at most 320 wide": 0.36,
            "at most 450 wide": 0.51,
            "at most 700 wide": 0.09,
            "at most 1100 wide": -0.06,
            "at most 2000 wide": -0.15,
            "at most 1 lines": -1.16,
            "at most 2 lines": -0.10,
            "at most 3 lines": 0.46,
            "at most 4 lines": 0.35,
            "at most 5 lines": 0.52,
            "at most 7 lines": 0.70,
            "at most 10 lines": 0.46,
            "at most 15 lines": 0.22,
            "at most 24 lines": -0.15,
            "over 24 lines": 0.01,
            "full without blank lines": -0.25,
        },
    ),
)
"""An author keeps to one of these; which, the paste tells."""

_NEVER = 1e-4


def _spacing(
    name: str, share: float, between: tuple[float, float, float, float], inside: tuple[float, float]
) -> Spacing:
    """``between`` posts: nothing, a blank line, several, a separator; ``inside`` them: nothing, a blank line."""
    kinds: tuple[Space, ...] = ("nothing", "blank", "blanks", "rule")
    return Spacing(
        name,
        share,
        dict(zip(kinds, between, strict=True)),
        dict(zip(kinds, (*inside, _NEVER, _NEVER), strict=True)),
    )


SPACINGS = (
    _spacing("blank lines separate", 0.25, (0.03, 0.93, 0.02, 0.02), (0.97, 0.03)),
    _spacing("blank lines separate, and part paragraphs", 0.12, (0.02, 0.90, 0.05, 0.03), (0.40, 0.60)),
    _spacing("blank lines part paragraphs", 0.12, (0.93, 0.03, 0.02, 0.02), (0.40, 0.60)),
    _spacing("several blank lines separate", 0.20, (0.005, 0.01, 0.975, 0.01), (0.50, 0.50)),
    _spacing("separators separate", 0.30, (0.002, 0.002, 0.002, 0.994), (0.60, 0.40)),
    _spacing("some separators, put in by hand", 0.01, (0.65, 0.05, 0.05, 0.25), (0.90, 0.10)),
)
"""A paste keeps to one of these, by judgement; separators and several blank lines are never inside a post."""
