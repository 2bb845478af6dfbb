"""Read posts of LinkedIn that somebody copied from a page and pasted into a file.

Marta Olsen
 • 2nd
Head of Records at Harbour City
2d • Edited •

Our archive is now open on Sundays.
…more
126                     reactions
18 comments
4 reposts
Like
Comment
Repost
Send

-> a post by Marta Olsen with its counts; the buttons are left out
"""

import re
from collections.abc import Iterator, Sequence

from threadkeep.parsers._pasted_posts import PastedPost, ends_of, joined, pasted_entries, pasted_records
from threadkeep.parsers.entry import Entry
from threadkeep.platforms import linkedin
from threadkeep.records import Parsed
from threadkeep.sources.source import Source
from threadkeep.text.counts import COUNT, is_count, read_count

NAME = "linkedin-text"
TITLE = "LinkedIn posts, pasted"
VERSION = 1

_AGE = re.compile(
    r"(?P<age>\d{1,3} ?(?:s|m|h|d|w|mo|yr|Min\.?|Std\.?|Tg?\.|Tage?n?|Wo\.?|Mon\.?|J\.?|j|sem\.?|mois|an))\s*•"
    r"(?:\s*(?:Edited|Bearbeitet|Modifié|Editado|Modificato|Bewerkt)\s*•?)?(?:\s*Visible to .{1,60})?",
    re.I,
)
_DEGREE = re.compile(
    r"(?P<name>[^•]{0,100}?)\s*•\s*"
    r"(?:1st|2nd|3rd\+?|You|Following|Author|Premium|[123]\.\+?|[123](?:er|re|e|º)\+?)",
    re.I,
)
_FOLLOWERS = re.compile(rf"{COUNT}\s+(?:followers|Follower(?::innen)?|abonnés|seguidores|follower|volgers)", re.I)
_COUNTS = {
    "replies": re.compile(rf"({COUNT})\s+(?:comments?|Kommentare?|commentaires?|comentarios?|commenti)", re.I),
    "reposts": re.compile(rf"({COUNT})\s+(?:reposts?|shares?|Reposts?|republications?|veces compartido)", re.I),
    "likes": re.compile(rf"({COUNT})\s+(?:reactions?|likes?|Reaktionen)", re.I),
}
_BUTTONS = frozenset(
    "like|comment|repost|send|share|follow|gefällt mir|kommentieren|reposten|senden|j’aime|j'aime|commenter|republier|"
    "envoyer|recomendar|comentar|compartir|enviar".split("|")
)
_CHROME = _BUTTONS | frozenset(
    "…more|...more|… more|…see more|see translation|show translation|activate to view larger image,|"
    "activate to view larger image|no alternative text description for this image|"
    "play|hashtag|reactions|most relevant".split("|")
)
_TOP = re.compile(
    r"Feed post number \d+|.{1,100} (?:likes|reposted|commented on|loves|celebrates) this|Suggested|Promoted|"
    r"View .{1,100}",
    re.I,
)
_FROM_OTHERS = re.compile(r".{1,100} and (\d[\d.,]*) others?", re.I)
_ABOVE = 9
"""How many lines above the age may hold name, degree and headline."""


def recognizes(source: Source) -> bool:
    """Whether an age and a dot stand below a degree (``• 2nd``) or a number of followers: the head of a post."""
    head = source.head
    if head is None or head.lstrip().startswith(("<", "{", "[", "---\n", "# ")):
        return False
    return bool(_headers([line.strip() for line in head.split("\n")]))


def entries(source: Source) -> Iterator[Entry]:
    """The posts in the order of the page."""
    lines = source.text().split("\n")
    plain = [line.strip() for line in lines]
    headers = _headers(plain)
    ends = ends_of([first for first, _, _ in headers], len(plain))
    posts = [_post(lines, plain, header, end) for header, end in zip(headers, ends, strict=True)]
    yield from pasted_entries(posts, lines, source)


def parse(entry: Entry) -> Iterator[Parsed]:
    """The author, the post, and what of the page stood beside it."""
    yield from pasted_records(entry.data, entry.locator)


def _headers(plain: Sequence[str]) -> list[tuple[int, int, int]]:
    """The heads of posts: their first line, that which tells the author (degree or followers), and the age's."""
    found: list[tuple[int, int, int]] = []
    floor = 0
    for index, line in enumerate(plain):
        if _AGE.fullmatch(line) is None:
            continue
        signs = [
            at
            for at in range(max(floor, index - _ABOVE), index)
            if _DEGREE.fullmatch(plain[at]) or _FOLLOWERS.fullmatch(plain[at])
        ]
        if not signs:
            continue
        degrees = [at for at in signs if _DEGREE.fullmatch(plain[at])]
        sign = (degrees or signs)[-1]
        first = sign
        while first > floor and plain[first - 1] and plain[first - 1].lower() not in _BUTTONS and sign - first < 3:
            first -= 1
        found.append((first, sign, index))
        floor = index + 1
    return found


def _post(lines: Sequence[str], plain: Sequence[str], header: tuple[int, int, int], end: int) -> PastedPost:
    first, sign, age = header
    degree = _DEGREE.fullmatch(plain[sign])
    names = [line for line in plain[first:sign] if line and not _TOP.fullmatch(line)]
    name = (degree["name"].strip() if degree else "") or (names[-1] if names else None)
    headline = "\n".join(line for line in plain[sign + 1 : age] if line and not _FOLLOWERS.fullmatch(line)) or None
    body = [index for index in range(age + 1, end) if plain[index]]
    counts: dict[str, int] = {}
    chrome = _take_footer(plain, body, counts)
    shown = _AGE.fullmatch(plain[age])
    text = re.sub(r"(?m)\bhashtag\n?(?=#)", "", joined(lines, body))
    time = shown["age"] if shown else None
    return PastedPost(
        linkedin.NAME, None, name, text, time, counts, first + 1, end, headline, chrome=chrome
    )  # fmt: skip


def _take_footer(plain: Sequence[str], body: list[int], counts: dict[str, int]) -> int:
    """Remove counts and buttons from the end of ``body``; return how many lines were neither text nor count."""
    chrome = 0
    while body:
        line = plain[body[-1]]
        told = next((kind for kind, pattern in _COUNTS.items() if pattern.fullmatch(line)), None)
        if told is not None:
            counts[told] = read_count(_COUNTS[told].fullmatch(line)[1]) or 0  # type: ignore[index]
        elif is_count(line) and (chrome or counts):
            counts.setdefault("likes", read_count(line) or 0)
        elif line.lower() in _CHROME or _FROM_OTHERS.fullmatch(line):
            chrome += 1
        else:
            break
        body.pop()
    return chrome
