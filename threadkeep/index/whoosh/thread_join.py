"""Threads found by what their posts hold together: each part of the query in any post, in whichever segment."""

from collections.abc import Callable, Sequence

from threadkeep.index.whoosh.postings_cache import Ids, Reading
from threadkeep.index.whoosh.segment_reader import THREAD
from threadkeep.query.ast import And, InThread, Node, Not, Or

Find = Callable[[Node, Reading], Ids]
"""What tells the posts of a segment that a node finds, the forgotten ones left out."""


def find_threads(node: Node, readings: Sequence[Reading], find: Find) -> None:
    """Tell ``readings`` which threads each ``InThread`` in ``node`` means, the innermost first."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                find_threads(part, readings, find)
        case Not(part):
            find_threads(part, readings, find)
        case InThread(parts):
            for part in parts:
                find_threads(part, readings, find)
            threads = _in_all(parts, readings, find)
            for reading in readings:
                reading.threads[node] = threads


def _in_all(parts: Sequence[Node], readings: Sequence[Reading], find: Find) -> frozenset[int]:
    """The threads in which each of ``parts`` is found."""
    numbers: set[int] | None = None
    for part in parts:
        held: set[int] = set()
        for reading in readings:
            held.update(map(reading.segment.column(THREAD).__getitem__, find(part, reading)))
        numbers = held if numbers is None else numbers & held
        if not numbers:
            break
    return frozenset(numbers or ())
