"""From a paste to its posts: where they begin, how sure that is, and the records they make.

"New paper! https://t.co/a1\\n(1/2) We measured…\\n(2/2) Data: …"
    -> three posts; the third answers the second, for their numbers say so
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from threadkeep.errors import DumpTooLarge
from threadkeep.parsers._segmentation.layout import Row, read_rows, text_between
from threadkeep.parsers._segmentation.lines import Line, read_line
from threadkeep.parsers._segmentation.model import SEPARATES, start_probabilities
from threadkeep.parsers.entry import REPEATED, Entry, line_locator
from threadkeep.records import Account, Band, Boundary, Parsed, Post, Ref, Skipped, account_ref, post_ref
from threadkeep.sources.source import Options
from threadkeep.text.entities import find_links, find_mentions, find_tags

SURE, LIKELY, DOUBTED = 0.9, 0.7, 0.3
"""The least probabilities of the bands sure and likely, and of a gap that is worth a person's look."""

MOST_LINES = 1_000_000
"""Beyond, splitting takes minutes and gigabytes; nobody pastes that."""

"""Why the second of two equal posts is left out."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A post cut out of a paste: its lines (1-based, inclusive) and its text.

    ``stated``: the paste or a person said where it begins and ends. ``boundary`` is the one before it, ``doubts`` are
    the gaps inside it at which another post may begin.
    """

    first: int
    last: int
    text: str
    stated: bool
    boundary: Boundary | None = None
    doubts: tuple[Boundary, ...] = ()


def cut(text: str, options: Options) -> list[Segment]:
    """The posts of the paste ``text``, in its order, as ``options`` say or as the lines suggest.

    Every line that is not blank is in one segment, except the separators. Raises DumpTooLarge beyond a million lines.
    """
    if text.count("\n") > MOST_LINES:
        raise DumpTooLarge(f"more than {MOST_LINES:,} lines are no paste", "cut it into several files")
    lines = text.split("\n")
    rows = read_rows(lines)
    if not rows:
        return []
    stated = _stated_starts(rows, options)
    if stated is not None:
        return _segments(lines, rows, [float(index in stated) for index in range(len(rows))], stated)
    chances = start_probabilities(rows, options.posts)
    certain = {index for index, row in enumerate(rows) if index == 0 or row.space in SEPARATES}
    return _segments(lines, rows, chances, _chosen(chances, certain, options.posts), certain)


def boundaries(segments: Iterable[Segment]) -> tuple[Boundary, ...]:
    """Every boundary of ``segments``, those that begin a post and the doubtful ones that do not, in order."""
    return tuple(
        boundary
        for segment in segments
        for boundary in ((segment.boundary,) if segment.boundary else ()) + segment.doubts
    )


def _stated_starts(rows: Sequence[Row], options: Options) -> set[int] | None:
    """The rows on which posts start, where a person said which or how to tell; None where it is to be concluded."""
    if options.starts is not None:
        wanted = sorted(set(options.starts))
        found, at = {0}, 0
        for index, row in enumerate(rows):
            if at < len(wanted) and row.number >= wanted[at]:
                found.add(index)
                while at < len(wanted) and row.number >= wanted[at]:
                    at += 1
        return found
    if options.split == "line":
        return set(range(len(rows)))
    if options.split == "blank":
        return {index for index, row in enumerate(rows) if index == 0 or row.space != "nothing"}
    if options.split == "marker":
        return _marked(rows)
    return None


def _marked(rows: Sequence[Row]) -> set[int]:
    """The rows on which posts start going by separators, ``(k/n)`` and 🧵 alone."""
    lines = [read_line(row.text) for row in rows]
    marks_lead = "mark with number" in lines[0].closes
    found = {0}
    for index in range(1, len(rows)):
        before, after = lines[index - 1], lines[index]
        if after.kind == "mark":
            starts = marks_lead and after.number_last is not None
        else:
            ended = {"number", "thread mark"} if marks_lead else {"number", "thread mark", "mark with number"}
            starts = after.number_first is not None or not ended.isdisjoint(before.closes)
        if starts or rows[index].space == "rule":
            found.add(index)
    return found


def _chosen(chances: Sequence[float], certain: set[int], posts: int | None) -> set[int]:
    if posts is None:
        return certain | {index for index, chance in enumerate(chances) if chance > 0.5}
    open_ = [index for index in range(len(chances)) if index not in certain]
    best = sorted(open_, key=lambda index: (-chances[index], index))
    return certain | set(best[: max(0, posts - len(certain))])


def _segments(
    lines: Sequence[str],
    rows: Sequence[Row],
    chances: Sequence[float],
    starts: set[int],
    certain: set[int] | None = None,
) -> list[Segment]:
    """``certain`` are the starts that were not concluded: all of them where it is not given."""
    certain = starts if certain is None else certain
    edges = [*sorted(starts), len(rows)]
    segments = []
    for start, following in pairwise(edges):
        first, last = rows[start].number, rows[following - 1].number
        band = "sure" if start in certain else _band(chances[start])
        doubts = [
            Boundary(rows[index].number, False, "check")
            for index in range(start + 1, following)
            if chances[index] >= DOUBTED
        ]
        segments.append(
            Segment(
                first,
                last,
                text_between(lines, first, last),
                start in certain and (following == len(rows) or following in certain),
                Boundary(first, True, band) if start else None,
                tuple(doubts),
            )
        )
    return segments


def _band(chance: float) -> Band:
    return "sure" if chance >= SURE else "likely" if chance >= LIKELY else "check"


@dataclass(frozen=True, slots=True)
class Draft:
    """What ``parse`` makes the records of: a piece with what only the whole paste shows."""

    segment: Segment
    platform: str
    author: str | None
    is_first: bool
    is_repeated: bool
    answers: Ref | None


def drafts(segments: Sequence[Segment], platform: str, author: str | None) -> Iterator[Entry]:
    """The entries of ``segments``; posts numbered ``k/n``, one after the other, answer each other."""
    author = (author or "").strip().lstrip("@") or None
    seen: set[Ref] = set()
    before: tuple[Ref, str] | None = None
    for index, segment in enumerate(segments):
        ref = post_ref(platform, author, segment.text)
        answers = before[0] if before and before[0] != ref and follows(before[1], segment.text) else None
        yield Entry(
            line_locator(segment.first, segment.last),
            Draft(segment, platform, author, index == 0, ref in seen, answers),
            segment.text,
        )
        seen.add(ref)
        before = (ref, segment.text)


_PLACE = re.compile(r"(\d{1,3})\s?/\s?(\d{1,3})?")


def thread_number(text: str) -> tuple[int, int | None] | None:
    """The place of a post in its thread, and of how many: ``(2/7) So…`` -> ``(2, 7)``, ``3/`` -> ``(3, None)``."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return None
    for line, at_end in ((lines[-1], True), (lines[0], False)):
        shape = read_line(line)
        number = shape.number_last if at_end or shape.kind == "mark" else shape.number_first
        if number is not None:
            return number, _total(line, shape, at_end or shape.kind == "mark")
    return None


def _total(line: str, shape: Line, at_end: bool) -> int | None:
    matches = list(_PLACE.finditer(line[-60:] if at_end else line[:60]))
    if not matches:
        return None
    total = matches[-1 if at_end else 0][2]
    return int(total) if total else None


def follows(before: str, after: str) -> bool:
    """Whether the numbers of two posts say that ``after`` is the next of the same thread: ``(1/5)`` and ``(2/5)``."""
    first, second = thread_number(before), thread_number(after)
    if first is None or second is None or second[0] != first[0] + 1:
        return False
    return first[1] is None or second[1] is None or first[1] == second[1]


def records(draft: Draft) -> Iterator[Parsed]:
    """The records of one draft: its boundaries, its author once, and the post, or why it is left out."""
    segment = draft.segment
    if segment.boundary:
        yield segment.boundary
    yield from segment.doubts
    author = account_ref(draft.platform, draft.author) if draft.author else None
    if author and draft.is_first:
        yield Account(author, handle=draft.author)
    if draft.is_repeated:
        yield Skipped(REPEATED, line_locator(segment.first, segment.last))
        return
    inferred = (() if segment.stated else ("split",)) + (("thread",) if draft.answers else ())
    yield written_post(draft.platform, draft.author, author, segment.text, reply_to=draft.answers, inferred=inferred)


def written_post(
    platform: str,
    name: str | None,
    author: Ref | None,
    text: str,
    *,
    title: str | None = None,
    reply_to: Ref | None = None,
    inferred: tuple[str, ...] = (),
) -> Post:
    """A post of which only its text is known, with the links, tags and mentions in it."""
    return Post(
        ref=post_ref(platform, name, text),
        author=author,
        text=text,
        title=title,
        reply_to=reply_to,
        links=find_links(text),
        tags=find_tags(text),
        mentions=find_mentions(text),
        inferred=inferred,
    )
