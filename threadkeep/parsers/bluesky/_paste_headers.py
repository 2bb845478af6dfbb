"""Find where posts begin in lines copied from bsky.app: the author above each, with what the app shows beside them.

Three shapes occur. A copy of the page has name, handle and time, each on a line or all on one; the post that a page is
about has no time there; and some copies keep nothing but the handle (``_paste_bare_headers``):

    Mira Lane                Mira Lane                 Reposted by Mira Lane
    @mira.example.com        @mira.example.com         odo.example.org
    · 3h                     A body.                   A body.
    A body.                  July 27, 2024 at 3:45 PM
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from threadkeep.parsers.bluesky._paste_bare_headers import find_bare_headers
from threadkeep.parsers.bluesky._paste_lines import (
    MAX_APP_LINE,
    PasteLine,
    classify_lines,
    has_time_of_day,
    is_reply_marker,
    is_thread_page_line,
    parse_handle,
    split_name_and_handle,
)
from threadkeep.parsers.bluesky._paste_region import (
    BELOW_POSTS,
    MARKERS,
    NOT_A_NAME_ENDINGS,
    PostHeader,
    Region,
    lines_of,
)

_ONE_LINE = re.compile(r"(?P<name>.*?)\s*\(?@(?P<handle>[A-Za-z0-9.-]+)\)?(?:\s*[·•]\s*|\s+(?=\d))(?P<time>.+)")
_BARE_ONE_LINE = re.compile(r"(?P<handle>[A-Za-z0-9.-]+)\s*[·•]\s*(?P<time>.+)")
_THREAD_PAGE_LINES = 60
"""In so many lines below the author of a page's own post its date or a line of the thread page follows."""


def find_headers(
    lines: Sequence[PasteLine], start: int, stop: int, owner: str | None, owner_name: str | None
) -> list[PostHeader]:
    """The headers in ``lines[start:stop]``, in order. ``owner`` is the handle of the profile's owner."""
    region = Region(lines, start, stop, owner, owner_name)
    headers = _drop_changing_names(lines, _timed_headers(region))
    headers = sorted([*headers, *_untimed_headers(region, headers)], key=lambda header: header.start)
    headers = [*headers, *_marked_headers(region, headers)] if headers else find_bare_headers(region)
    headers.sort(key=lambda header: header.start)
    return _with_markers(region, _drop_unusual_names(region, headers))


def is_full_copy(headers: Collection[PostHeader]) -> bool:
    """Whether the copy shows names or times, as the page does, rather than handles alone."""
    return any(header.timed or header.name for header in headers)


def _timed_headers(region: Region) -> list[PostHeader]:
    """Headers with a time: nothing else looks like them."""
    headers: list[PostHeader] = []
    floor = region.start
    for at in range(region.start, region.stop):
        if at < floor:
            continue
        is_text = region.lines[at].kind == "text"
        header = _one_line_header(region, at, floor) if is_text else _timed_header(region, at, floor)
        if header is not None:
            headers.append(header)
            floor = header.end
    return headers


def _one_line_header(region: Region, at: int, floor: int) -> PostHeader | None:
    """A header of which handle and time, or name and handle, are on one line."""
    text = region.lines[at].text
    if len(text) > MAX_APP_LINE or not ("@" in text or "·" in text or "•" in text):
        return None
    if (pair := split_name_and_handle(text)) is not None and (time := _time_below(region, at)) is not None:
        return PostHeader(at, time[1], pair[1], pair[0], time[0].value, timed=True)
    match = _ONE_LINE.fullmatch(text) or _BARE_ONE_LINE.fullmatch(text)
    if match is None or (handle := parse_handle(match["handle"])) is None or not _is_time(match["time"]):
        return None
    if name := match.groupdict().get("name"):
        return PostHeader(at, at + 1, handle, name, match["time"], timed=True)
    above = region.name_above(at, floor) if "@" in text else None
    return PostHeader(at - (above is not None), at + 1, handle, above, match["time"], timed=True)


def _timed_header(region: Region, at: int, floor: int) -> PostHeader | None:
    line = region.lines[at]
    if line.kind not in ("at", "handle"):
        return None
    below = _time_below(region, at)
    if below is None:
        return None
    time, end = below
    if line.kind == "handle":
        # Below a link card stands its domain, and then, on the page of one post, date and time of day.
        return None if has_time_of_day(time) else PostHeader(at, end, line.value, None, time.value, timed=True)
    name = region.name_above(at, floor)
    return PostHeader(at - (name is not None), end, line.value or None, name, time.value, timed=True)


def _time_below(region: Region, at: int) -> tuple[PasteLine, int] | None:
    """The time below a line, past a dot, and the index after it."""
    place = at + 1
    if place < region.stop and region.lines[place].kind == "dot":
        place += 1
    if place >= region.stop or region.lines[place].kind != "time":
        return None
    return region.lines[place], place + 1


def _is_time(text: str) -> bool:
    """Whether ``text`` is a time as the app writes it beside an author."""
    return any(line.kind == "time" for line in classify_lines([text]))


def _untimed_headers(region: Region, timed: Sequence[PostHeader]) -> list[PostHeader]:
    """Headers of name and handle: the post that a page is about, and copies that left the times out."""
    taken = lines_of(timed)
    names = {header.handle: header.name for header in timed} | {region.owner: region.owner_name}
    pairs = [
        pair
        for at in range(region.start, region.stop)
        if at not in taken and (pair := _name_and_handle(region, at)) is not None
    ]
    counts = Counter((pair.handle, pair.name) for pair in pairs)
    headers: list[PostHeader] = []
    has_focal = False
    for pair in pairs:
        at = pair.end - 1
        is_known = (pair.handle in names and names[pair.handle] == pair.name) or counts[pair.handle, pair.name] > 1
        if not is_known and (pair.start == at or (headers and headers[-1].end >= pair.start)):
            # A mention in a sentence; or one right below another header, which ends its post on a line of its own.
            continue
        is_focal = not has_focal and _is_focal(region, at)
        if is_known or is_focal or _stands_out(region, at, pair.name or "", has_times=bool(timed)):
            headers.append(pair)
            has_focal = has_focal or is_focal
    return headers


def _name_and_handle(region: Region, at: int) -> PostHeader | None:
    """A name and a handle, on two lines or on one."""
    line = region.lines[at]
    if line.kind == "at" and (name := region.name_above(at, region.start)) is not None:
        return PostHeader(at - 1, at + 1, line.value or None, name)
    pair = split_name_and_handle(line.text) if line.kind == "text" else None
    return PostHeader(at, at + 1, pair[1], pair[0]) if pair else None


def _is_focal(region: Region, at: int) -> bool:
    """Whether the handle at ``at`` heads the post a page is about: it stands apart, and date and time come below."""
    if at - 1 > region.start and region.lines[at - 2].kind not in BELOW_POSTS:
        return False
    below = region.lines[at + 1 : min(at + _THREAD_PAGE_LINES, region.stop)]
    return any(has_time_of_day(line) or is_thread_page_line(line) for line in below)


def _stands_out(region: Region, at: int, name: str, *, has_times: bool) -> bool:
    """Whether a marker, a button, or the way the copy opens makes a header of the handle at ``at``."""
    if at - 1 > region.start and region.lines[at - 2].kind in ("pinned", "repost"):
        return True
    if at + 1 < region.stop and region.lines[at + 1].kind == "button":
        return True
    if has_times or (at - 1 != region.start and name.endswith(NOT_A_NAME_ENDINGS)):
        return False
    return region.opens_with("any", "at")


def _marked_headers(region: Region, known: Sequence[PostHeader]) -> list[PostHeader]:
    """Bare handles right below a marker, in a copy that shows names elsewhere."""
    taken = lines_of(known)
    return [
        PostHeader(at, at + 1, region.lines[at].value)
        for at in range(region.start + 1, region.stop)
        if at not in taken and region.lines[at].kind == "handle" and region.is_marked(at)
    ]


def _drop_changing_names(lines: Sequence[PasteLine], headers: list[PostHeader]) -> list[PostHeader]:
    """Remove the names where most handles have a different one each time: those lines end the post before."""
    recurring = [counts for counts in _names_by_handle(headers).values() if counts.total() > 1]
    if sum(len(counts) > 1 for counts in recurring) <= sum(len(counts) == 1 for counts in recurring):
        return headers
    return [_without_name(lines, header) for header in headers]


def _drop_unusual_names(region: Region, headers: list[PostHeader]) -> list[PostHeader]:
    """Remove names that differ from the one the handle has elsewhere: those lines are text."""
    usual = {}
    for handle, counts in _names_by_handle(headers).items():
        (name, most), *others = counts.most_common(2)
        if most > 1 and not (others and others[0][1] == most):
            usual[handle] = name
    if region.owner_name is not None:
        usual[region.owner] = region.owner_name
    return [
        _without_name(region.lines, header)
        if header.name is not None and usual.get(header.handle, header.name) != header.name
        else header
        for header in headers
    ]


def _names_by_handle(headers: Sequence[PostHeader]) -> dict[str | None, Counter[str]]:
    names: dict[str | None, Counter[str]] = {}
    for header in headers:
        if header.name is not None:
            names.setdefault(header.handle, Counter())[header.name] += 1
    return names


def _without_name(lines: Sequence[PasteLine], header: PostHeader) -> PostHeader:
    """``header`` without the line of its name; a name on the line of the handle stays."""
    is_own_line = header.name is not None and lines[header.start].text == header.name
    return replace(header, start=header.start + 1, name=None) if is_own_line else header


def _with_markers(region: Region, headers: Sequence[PostHeader]) -> list[PostHeader]:
    """``headers`` with the lines above them that say pinned, reposted by, or reply to."""
    names = {name.casefold() for header in headers for name in (header.name, header.handle) if name}
    names |= {"you", "a post", "a blocked post", "an unknown post", (region.owner_name or "you").casefold()}
    marked: list[PostHeader] = []
    for header in headers:
        floor = marked[-1].end if marked else region.start
        marked.append(_with_markers_above(region.lines, header, floor, names))
    return marked


def _with_markers_above(
    lines: Sequence[PasteLine], header: PostHeader, floor: int, names: Collection[str]
) -> PostHeader:
    while header.start - 1 >= floor and lines[header.start - 1].kind in MARKERS:
        line = lines[header.start - 1]
        if line.kind == "reply" and not is_reply_marker(line, names):
            break
        header = replace(header, start=header.start - 1)
        if line.kind == "pinned":
            header = replace(header, pinned=True)
        elif line.kind == "repost":
            header = replace(header, reposter=line.value)
        else:
            header = replace(header, replied=line.value)
    return header
