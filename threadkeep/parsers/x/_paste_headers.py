"""Find the headers of posts on a page copied from X: name, handle, time, and the context line above.

Bo Gauge reposted       Pinned, Quote
Ada Rivers              or all in one: Ada Rivers @ada_rivers · 3h
@ada_rivers
·
Jul 27, 2031
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from threadkeep.parsers.x._paste_vocabulary import (
    ADVERTISEMENT,
    AGO,
    DAY,
    DOT,
    PHRASES,
    PINNED,
    QUOTE,
    REPOSTED,
    STAMP,
    TIME_LINE,
    YOU_REPOSTED,
)
from threadkeep.text.counts import is_count

HANDLE = re.compile(r"@(?P<handle>\w{1,15})", re.A)
_HANDLE_TIME = re.compile(rf"@(?P<handle>[A-Za-z0-9_]{{1,15}})\s*{DOT}\s*(?P<time>{AGO}|{DAY})", re.I)
_ONE_LINE = re.compile(
    rf"(?P<name>\S.{{0,60}}?)\s*@(?P<handle>[A-Za-z0-9_]{{1,15}})\s*{DOT}\s*(?P<time>{AGO}|{DAY})", re.I
)
ONLY_DOT = re.compile(DOT)
_NO_NAMES = PINNED | QUOTE | PHRASES | {"post", "conversation"}
YOU = "you"
"""The reposter in ``You reposted``."""
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a post: its lines ``first:after`` (indexes), and what they say.

    ``reposter`` is a name, or ``YOU``; ``quoted``: the post above quotes this one.
    """

    first: int
    after: int
    handle: str
    name: str | None
    time: str | None
    pinned: bool = False
    reposter: str | None = None
    quoted: bool = False
    paid: bool = False


def find_headers(plain: Sequence[str]) -> list[Header]:
    """Return the headers in ``plain``, the stripped lines of a page, in order."""
    found: list[Header] = []
    timeless: list[int] = []
    for index, line in enumerate(plain):
        floor = found[-1].after if found else 0
        if index < floor or "@" not in line or len(line) > _LONGEST:
            continue
        if match := _HANDLE_TIME.fullmatch(line):
            found.append(_header(plain, floor, index, Header(index, index + 1, match["handle"], None, match["time"])))
        elif match := HANDLE.fullmatch(line):
            after, time = _time_below(plain, index + 1)
            if time is None and _is_below_label(plain, floor, index):
                header = Header(index, after, match["handle"], None, None, paid=True)
                found.append(_header(plain, floor, index, header))
            elif time is None:
                timeless.append(index)
            else:
                header = Header(index, after, match["handle"], None, time, paid=time.lower() in ADVERTISEMENT)
                found.append(_header(plain, floor, index, header))
        elif match := _ONE_LINE.fullmatch(line):
            header = Header(index, index + 1, match["handle"], match["name"], match["time"])
            found.append(_with_context(plain, floor, header))
    return sorted([*found, *_opened_posts(plain, found, timeless)], key=lambda header: header.first)


def _is_below_label(plain: Sequence[str], floor: int, index: int) -> bool:
    """Whether ``Promoted`` stands above the name above a handle that a dot follows and no time: an advertisement."""
    name = line_above(plain, floor, index)
    label = None if name is None else line_above(plain, floor, name)
    below = next((line for line in plain[index + 1 : index + 3] if line), "")
    return label is not None and plain[label].lower() in ADVERTISEMENT and ONLY_DOT.fullmatch(below) is not None


def _opened_posts(plain: Sequence[str], found: Sequence[Header], timeless: Sequence[int]) -> Iterator[Header]:
    """Yield headers without time: on its own page a post has it below the text, ``3:45 PM · Jul 27, 2031``."""
    edges = sorted(header.after for header in found)
    above: int | None = None
    handles = set(timeless)
    for index, line in enumerate(plain):
        if index in handles:
            above = index
        elif above is not None and len(line) <= _LONGEST and STAMP.fullmatch(line):
            passed = bisect_right(edges, index)
            floor = edges[passed - 1] if passed else 0
            if floor <= above:
                yield _header(plain, floor, above, Header(above, above + 1, plain[above][1:], None, None))
            above = None


def _time_below(plain: Sequence[str], index: int) -> tuple[int, str | None]:
    """Return the index after the time below a handle, and the time, which may follow a dot on its own line."""
    dotted = False
    below = [at for at in range(index, min(index + 6, len(plain))) if plain[at]]
    for at in below[:2]:
        line = plain[at]
        if ONLY_DOT.fullmatch(line):
            dotted = True
        elif line.lower() in ADVERTISEMENT or (
            len(line) < 40 and TIME_LINE.fullmatch(line) and (dotted or any(map(str.isdigit, line)))
        ):
            return at + 1, line
        else:
            break
    return index, None


def _header(plain: Sequence[str], floor: int, at: int, header: Header) -> Header:
    """Return ``header`` with the name above its handle, which may be repeated, and the context above that."""
    above = line_above(plain, floor, at)
    while above is not None and plain[above].lower() == "verified account":
        header, above = replace(header, first=above), line_above(plain, floor, above)
    if above is not None and _may_be_name(plain[above]):
        header = replace(header, first=above, name=plain[above])
        again = line_above(plain, floor, above)
        if again is not None and plain[again] == header.name:
            header = replace(header, first=again)
    return _with_context(plain, floor, header)


def _may_be_name(line: str) -> bool:
    taken = (STAMP, TIME_LINE, ONLY_DOT, REPOSTED)
    return (
        len(line) <= 60
        and line.lower() not in _NO_NAMES
        and line.lower() not in YOU_REPOSTED
        and not is_count(line)
        and not any(pattern.fullmatch(line) for pattern in taken)
    )


def line_above(plain: Sequence[str], floor: int, index: int) -> int | None:
    """Return the index of the nearest non-blank line above ``index``, down to ``floor``."""
    return next((at for at in range(index - 1, floor - 1, -1) if plain[at]), None)


def _with_context(plain: Sequence[str], floor: int, header: Header) -> Header:
    """Return ``header`` with the context above it: ``Pinned``, ``Bo Gauge reposted`` or ``Quote``."""
    while (above := line_above(plain, floor, header.first)) is not None:
        line = plain[above]
        if line.lower() in PINNED and not header.pinned:
            header = replace(header, first=above, pinned=True)
        elif line.lower() in QUOTE and not header.quoted:
            header = replace(header, first=above, quoted=True)
        elif header.paid and line.lower() in ADVERTISEMENT:
            header = replace(header, first=above)
        elif header.reposter is None and line.lower() in YOU_REPOSTED:
            header = replace(header, first=above, reposter=YOU)
        elif header.reposter is None and (match := REPOSTED.fullmatch(line)):
            header = replace(header, first=above, reposter=match["name"])
        else:
            break
    return header
