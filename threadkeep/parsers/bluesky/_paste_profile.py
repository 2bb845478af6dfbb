"""Find the header of a Bluesky profile in copied lines: handle, name, bio and counts.

Mira Lane
@mira.example.com
1.2K followers 320 following 8 posts         on one line, on three, or on six
Potter in Ghent. I glaze things.             the bio, of any length
Posts Replies Media                          the tabs, on one line or one a line; not in every copy
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from threadkeep.parsers.bluesky._paste_lines import MAX_NAME, PasteLine, split_name_and_handle
from threadkeep.text.counts import UNIT, read_count

_WORDS = {
    "followers": "followers?|seguidores?|abonnée?s?|abonné·e·s|volgers?|フォロワー|팔로워",
    "following": "following|folge ich|gefolgt|siguiendo|seguindo|seguiti|abonnements?|volgend|フォロー中?|팔로잉",
    "posts": "posts?|publicaciones|publicación|publicações|beiträge|beitrag|publications?|投稿|ポスト|게시물",
}
_COUNT = re.compile(
    rf"(\d[\d.,]*(?: \d{{3}})*\s?(?:{UNIT})?)\s*"
    rf"(?:(?P<followers>{_WORDS['followers']})|(?P<following>{_WORDS['following']})|(?P<posts>{_WORDS['posts']}))"
    r"(?![^\W\d_])\s*[·•|,]?\s*",
    re.I,
)
_WORD_FIRST = re.compile(
    rf"(?:(?P<followers>{_WORDS['followers']})|(?P<following>{_WORDS['following']})|(?P<posts>{_WORDS['posts']}))"
    rf"\s*:?\s*(\d[\d.,]*(?:\s?(?:{UNIT})\b)?)\s*[·•|,]?\s*",
    re.I,
)
_LONGEST_COUNT_LINE = 120
_COUNT_LINES = 6
_LINES_ABOVE = 4
_BIO_LINES = 60
_TOP = 12
_KNOWN_FOLLOWERS = re.compile(r"followed by .+|not followed by anyone .+", re.I)
_HANDLE_ON_X = re.compile(r"@\w{1,15}")
_LINES_OF_X = 12
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]+")


@dataclass(frozen=True, slots=True)
class ProfileHeader:
    """A profile's header: the lines from ``start`` up to ``end``, as indexes into the list of lines.

    Without tabs to end it (``has_tabs``), the bio reaches to the first post: ``bio`` is then only the part above the
    counts.
    """

    start: int
    end: int
    handle: str | None
    did: str | None
    name: str | None
    bio: tuple[PasteLine, ...]
    counts: dict[str, int]
    has_tabs: bool


def find_profiles(lines: Sequence[PasteLine]) -> list[ProfileHeader]:
    """Every profile header in ``lines``, in order; a file may hold several pages pasted one after another."""
    profiles: list[ProfileHeader] = []
    floor = 0
    for at, line in enumerate(lines):
        headed = line.kind in ("at", "handle") or (line.kind == "text" and split_name_and_handle(line.text))
        if at >= floor and headed and (profile := _profile(lines, at, floor)) is not None:
            profiles.append(profile)
            floor = profile.end
    return profiles


def _profile(lines: Sequence[PasteLine], at: int, floor: int) -> ProfileHeader | None:
    found = None
    # The site that a profile on X names looks like a bare handle, with a handle of X above it and counts further down.
    bare = lines[at].kind == "handle"
    if bare and any(_HANDLE_ON_X.fullmatch(line.text) for line in lines[max(floor, at - _LINES_OF_X) : at]):
        return None
    for start in range(at + 1, min(at + (2 if bare else 1 + _LINES_ABOVE), len(lines))):
        if lines[start].kind in ("at", "handle", "time", "dot", "pinned", "repost"):
            break
        if (found := parse_profile_counts(lines, start)) is not None:
            break
    if found is None:
        # Some copies lost the counts; at the top of one, a handle that tabs follow is a profile's all the same.
        start = at + 1
        found = {}, start
        if at > _TOP or find_tabs(lines, start) is None or lines[start].kind in ("dot", "time"):
            return None
    counts, after = found
    pair = split_name_and_handle(lines[at].text) if lines[at].kind == "text" else None
    first, name = (at, pair[0]) if pair else _name_above(lines, at, floor)
    between = lines[at + 1 : start]
    did = next((line.text for line in between if _DID.fullmatch(line.text)), None)
    bio = [line for line in between if line.kind == "text" and line.text != did]
    tabs = find_tabs(lines, after)
    if tabs is not None:
        bio += bio_lines(lines[after : tabs[0]])
        after = tabs[1]
    handle = pair[1] if pair else lines[at].value or None
    return ProfileHeader(first, after, handle, did, name, tuple(bio), counts, has_tabs=tabs is not None)


def parse_profile_counts(lines: Sequence[PasteLine], start: int) -> tuple[dict[str, int], int] | None:
    """The counts that begin at ``start`` and the index after them: ``370 followers 320 following 8 posts``."""
    best, text = None, ""
    for after in range(start + 1, min(start + 1 + _COUNT_LINES, len(lines) + 1)):
        if len(lines[after - 1].text) > _LONGEST_COUNT_LINE:
            break
        text = f"{text} {lines[after - 1].text}".strip()
        counts = _counts(text, _COUNT) or _counts(text, _WORD_FIRST)
        if counts.keys() & {"followers", "following"} and len(counts) > max(1, len(best[0]) if best else 0):
            best = counts, after
    return best


def _counts(text: str, pattern: re.Pattern[str]) -> dict[str, int]:
    """Followers, following and posts; empty if ``text`` holds anything else."""
    counts: dict[str, int] = {}
    position = 0
    while match := pattern.match(text, position):
        name = next(name for name, word in match.groupdict().items() if word)
        count = read_count(next(figures for figures in match.groups() if figures and figures[0].isdigit()))
        if name in counts or count is None:
            return {}
        counts[name] = count
        position = match.end()
    return counts if position == len(text) else {}


def _name_above(lines: Sequence[PasteLine], at: int, floor: int) -> tuple[int, str | None]:
    """The index where the header begins, and the name, past the buttons between it and the handle."""
    above = at - 1
    while above >= floor and lines[above].kind == "button":
        above -= 1
    if (
        above < floor
        or lines[above].kind not in ("text", "handle", "tab", "number")
        or len(lines[above].text) > MAX_NAME
    ):
        return at, None
    name = lines[above].text
    return above, None if name.casefold() == lines[at].value else name


def find_tabs(lines: Sequence[PasteLine], after: int) -> tuple[int, int] | None:
    """The first line of the tabs and the one after them: one line of several tabs, or one tab a line."""
    for place in range(after, min(after + _BIO_LINES, len(lines))):
        if lines[place].kind in ("pinned", "repost", "time"):
            return None
        if lines[place].kind != "tab":
            continue
        end = place
        while end < len(lines) and lines[end].kind == "tab":
            end += 1
        if end - place > 1 or " " in lines[place].value or lines[place].value == "posts":
            return place, end
    return None


def bio_lines(lines: Sequence[PasteLine]) -> list[PasteLine]:
    """The lines below the counts that the owner wrote: neither buttons nor who else follows."""
    own = [line for line in lines if line.kind != "button"]
    while own and _KNOWN_FOLLOWERS.fullmatch(own[-1].text):
        own.pop()
    return own
