"""Tell from its first lines whether a text was copied from a Bluesky page, and from nothing that looks alike.

@mira.example.com + 370 followers …        a profile: X's handles have no dots
@mira.example.com + · 3h                   an author in a list of posts
Reposted by Mira Lane + odo.example.org    a marker above a handle
mira.bsky.social, twice, above some text   a copy that kept nothing but handles
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from threadkeep.parsers.bluesky._paste_headers import HOSTS, find_heads
from threadkeep.parsers.bluesky._paste_lines import Line, has_clock, is_of_thread_page, solid_lines
from threadkeep.parsers.bluesky._paste_profile import find_profiles
from threadkeep.text.entities import has_known_tld

_LINES_LOOKED_AT = 600
_TOP = 8
_NO_PASTE = ("{", "[", "<", "---\n", "# ")


def looks_like_bluesky(head: str) -> bool:
    """Whether ``head``, the beginning of a dump, can be nothing but a copied Bluesky page."""
    if head.lstrip().startswith(_NO_PASTE):
        return False
    lines = solid_lines(head.split("\n", _LINES_LOOKED_AT * 2)[: _LINES_LOOKED_AT * 2])[:_LINES_LOOKED_AT]
    if not any(line.kind in ("at", "handle") for line in lines) and "·" not in head:
        return False
    return bool(find_profiles(lines)) or _has_signed_posts(lines) or _is_single_post(lines) or _has_bare_posts(lines)


def _has_signed_posts(lines: Sequence[Line]) -> bool:
    """Whether an author stands above a time, or a name above the same handle again and again."""
    heads = find_heads(lines, 0, len(lines), None, None)
    if any(head.timed and _is_signed(lines, head.first, head.after) for head in heads):
        return True
    pairs = Counter((head.handle, head.name) for head in heads if head.name and head.handle)
    bare = Counter(head.handle for head in heads if head.timed)
    return any(count > 1 for count in pairs.values()) or any(count > 1 for count in bare.values())


def _is_signed(lines: Sequence[Line], first: int, after: int) -> bool:
    """Whether the handle in a head has its ``@``, or is of a domain under which people are given handles."""
    shown = lines[first:after]
    return any("@" in line.text or (line.kind == "handle" and line.value.endswith(HOSTS)) for line in shown)


def _is_single_post(lines: Sequence[Line]) -> bool:
    """Whether a name and a handle open the text and date and hour, or ``12 reposts 45 likes``, end a post below."""
    top = next((at for at, line in enumerate(lines[:_TOP]) if line.kind == "at" and line.value), None)
    return top is not None and any(has_clock(line) or is_of_thread_page(line) for line in lines[top + 1 :])


def _has_bare_posts(lines: Sequence[Line]) -> bool:
    marked = any(
        upper.kind in ("pinned", "repost") and lower.kind in ("handle", "at") and has_known_tld(lower.value)
        for upper, lower in pairwise(lines)
    )
    if marked:
        return True
    opening = Counter(
        line.value
        for line, below in pairwise(lines)
        if line.kind in ("handle", "at") and below.kind not in ("handle", "at") and has_known_tld(line.value)
    )
    if lines[0].kind in ("handle", "at") and opening[lines[0].value] > 1:
        return True
    hosted = [count for handle, count in opening.items() if handle.endswith(HOSTS)]
    return any(count > 1 for count in hosted) or (len(hosted) > 1 and lines[0].kind == "handle")
