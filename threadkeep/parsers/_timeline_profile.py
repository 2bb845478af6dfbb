"""The head of a profile page copied from X: name, handle, bio, counts, and the tabs below them.

Ada Rivers
@ada_rivers
I listen to rivers for a living.
ada.example.com
Joined March 2012
412 Following
4,567 Followers
Posts
Replies
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from threadkeep.parsers._timeline_headers import HANDLE, MONTH, NUMBER, line_above

_COUNTED = re.compile(r"(?P<count>[\d.,]{1,18}[KMB]?)\s+(?P<what>Following|Followers|posts)", re.I)
_JOINED = re.compile(rf"Joined {MONTH} \d{{4}}", re.I)
_LINK = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.I)
_SCALE = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_LONGEST = 60
_DEEPEST = 200
"""A profile's head stands within the first lines of a page."""

_TABS = frozenset("posts replies highlights articles media likes subs affiliates".split())
_BUTTONS = frozenset(
    "home explore notifications messages grok bookmarks jobs communities premium profile more post conversation reply "
    "follow following".split()
).union(
    ["see new posts", "verified account", "edit profile", "post your reply", "click to follow", "most relevant"],
    ["to view keyboard shortcuts, press question mark", "view keyboard shortcuts"],
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The head of a profile page, with the lines it takes (1-based, inclusive)."""

    handle: str
    name: str | None
    first: int
    last: int
    bio: str | None
    url: str | None
    following: int | None
    followers: int | None
    posts: int | None


def find_profile(lines: Sequence[str]) -> Profile | None:
    """The head of a profile page among the first of ``lines``; it tells how many follow, and whom."""
    plain = [line.strip() for line in lines[:_DEEPEST]]
    counted = [
        (index, match["what"].lower(), read_count(match["count"]))
        for index, line in enumerate(plain)
        if len(line) <= _LONGEST
        for match in _COUNTED.finditer(line)
    ]
    counts = {what: count for _, what, count in reversed(counted)}
    follows = [index for index, what, _ in counted if what != "posts"]
    if not {"following", "followers"} <= counts.keys() or follows[-1] - follows[0] > 3:
        return None
    handles = [index for index in range(follows[0]) if HANDLE.fullmatch(plain[index])]
    if not handles:
        return None
    above = line_above(plain, 0, handles[-1])
    bio, url = _about(plain[handles[-1] + 1 : follows[0]])
    return Profile(
        plain[handles[-1]][1:],
        plain[above] if above is not None else None,
        (handles[-1] if above is None else above) + 1,
        _end(plain, follows[-1]) + 1,
        bio,
        url,
        counts["following"],
        counts["followers"],
        counts.get("posts"),
    )


def _about(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """The bio and the link under it; where a place stands between them it is taken for bio."""
    told = [line for line in lines if line and not _JOINED.fullmatch(line) and line.lower() not in _BUTTONS]
    link = told.pop() if told and _LINK.fullmatch(told[-1]) else None
    url = link if link is None or "://" in link else f"https://{link}"
    return "\n".join(told) or None, url


def _end(plain: Sequence[str], index: int) -> int:
    while index + 1 < len(plain) and (plain[index + 1].lower() in _TABS or plain[index + 1].startswith("Followed by ")):
        index += 1
    return index


def is_furniture(line: str, profile: Profile | None) -> bool:
    """Whether a line above the first post is a button, a tab, or says again what the profile's head says."""
    told = line.lower()
    return told in _BUTTONS or told in _TABS or bool(profile and (line == profile.name or _COUNTED.fullmatch(line)))


_MOST = 10**18
"""No page counts so far, and no database much further."""


def read_count(text: str) -> int:
    """How many a page says: ``1,234`` -> 1234, ``1.2K`` -> 1200."""
    match = NUMBER.fullmatch(text.rstrip(".,"))
    if match is None:
        return int(re.sub(r"\D", "", text) or 0)
    count = round(float(match["number"].replace(",", "")) * _SCALE.get((match["unit"] or "").upper(), 1))
    return min(count, _MOST)
