"""Find the header of a profile page copied from X: name, handle, bio, counts, and the tabs below them.

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

from threadkeep.parsers.x._paste_headers import HANDLE, line_above
from threadkeep.parsers.x._paste_vocabulary import MONTH, word_set
from threadkeep.text.counts import COUNT, read_count

_COUNTED_WORDS = {
    "following": "Following|Folge ich|Siguiendo|abonnements?|Seguindo|Volgend|フォロー中|팔로우 중",
    "followers": "Followers?|Seguidores|abonnés?|Volgers|フォロワー|팔로워",
    "posts": "posts?|Tweets?|Beiträge|publicaciones|件のポスト|件のツイート|게시물",
}
_COUNTED = re.compile(
    rf"(?P<count>{COUNT})\s*(?:"
    + "|".join(f"(?P<{what}>{words})" for what, words in _COUNTED_WORDS.items())
    + r")(?![^\W\d_])",
    re.I,
)
_JOINED = re.compile(
    r"(?:Joined|Beigetreten|Seit|Se unió(?: a \w+)? en|Fecha de unión:|A rejoint \w+ en|Ingressou em|Entrou em|"
    rf"Iscritto a \w+ da|Lid geworden in) {MONTH}(?: de)? \d{{4}}(?: bei \w+)?"
    r"|\d{4}年\d{1,2}月(?:から\w+を利用しています|に登録)|가입일: ?\d{4}년 \d{1,2}월",
    re.I,
)
_LINK = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.I)
_LONGEST = 60
_DEEPEST = 200
"""Lines of a page in which the header is searched for."""

_TABS = word_set(
    """posts|replies|highlights|articles|media|likes|subs|affiliates|tweets|tweets & replies|antworten|medien|
    gefällt mir|respuestas|multimedia|destacados|me gusta|réponses|médias|à la une|j’aime|respostas|mídia|destaques|
    risposte|antwoorden|ポスト|返信|ハイライト|記事|メディア|いいね|게시물|답글|하이라이트|미디어|
    마음에 들어요"""
)
_BUTTONS = frozenset(
    "home explore notifications messages grok bookmarks jobs communities premium profile more post conversation reply "
    "follow following folgen seguir suivre フォロー".split()
).union(
    ["see new posts", "verified account", "edit profile", "post your reply", "click to follow", "most relevant"],
    ["to view keyboard shortcuts, press question mark", "view keyboard shortcuts", "profil bearbeiten"],
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The header of a profile page, with its lines (1-based, inclusive)."""

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
    """Return the header of a profile among the first ``lines``; it must have both counts of follows."""
    plain = [line.strip() for line in lines[:_DEEPEST]]
    counted = [
        (index, match.lastgroup or "", read_count(match["count"]))
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
    """Return the bio and the link below it; a location between them counts as bio."""
    kept = [_JOINED.sub("", line).strip() for line in lines if line.lower() not in _BUTTONS]
    kept = [line for line in kept if line]
    link = kept.pop() if kept and _LINK.fullmatch(kept[-1]) else None
    url = link if link is None or "://" in link else f"https://{link}"
    return "\n".join(kept) or None, url


def _end(plain: Sequence[str], index: int) -> int:
    while index + 1 < len(plain) and (plain[index + 1].lower() in _TABS or plain[index + 1].startswith("Followed by ")):
        index += 1
    return index


def is_page_chrome(line: str, profile: Profile | None) -> bool:
    """Whether a line above the first post is a button, a tab, or repeats the profile's name or counts."""
    label = line.lower()
    return label in _BUTTONS or label in _TABS or bool(profile and (line == profile.name or _COUNTED.fullmatch(line)))
