"""Classify the lines of text copied from bsky.app: handles, times, markers, buttons, and text that somebody wrote.

    Reposted by Mira Lane        repost, of "Mira Lane"
    @odo.bsky.social             at, of "odo.bsky.social"      (between direction marks in the browser)
    · 3h                         time
    12                           number
    Write your reply             chrome

A line is judged by itself here; ``_paste_headers`` decides whether a handle begins a post.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkeep.records import When
from threadkeep.text.counts import UNIT, read_count
from threadkeep.text.dates import date_parts, read_date
from threadkeep.text.entities import is_handle

LineKind = Literal[
    "pinned", "repost", "reply", "at", "handle", "dot", "time", "number", "stats", "clock", "badge", "tab",
    "button", "chrome", "text",
]  # fmt: skip

MAX_APP_LINE = 200
"""The longest line that the app itself writes."""
_NAME_WORDS = 5
MAX_NAME = 100
"""The longest line taken for a name: display names have 64 characters at most, as Bluesky counts them."""

_DIRECTION_MARKS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PINNED = frozenset(
    {"pinned", "pinned post", "angeheftet", "angepinnt", "épinglé", "fijado", "fixado", "fissato", "固定"}
)
_REPOST = re.compile(
    r"(?:reposted by|repostet von|republié par|reposté par|reposteado por|republicado por|repostado por|"
    r"ripubblicato da|herplaatst door)\s+(.+)|(.+?)\s*がリポスト(?:しました)?",
    re.I,
)
_REPLY = re.compile(
    r"(?:reply to|replied to|replying to|antwort an|en réponse à|a répondu à|respondió a|em resposta a|respondeu a)"
    r"\s+(.+)",
    re.I,
)
_INVALID_HANDLE = "⚠invalid handle"
_TABS = (
    "posts|replies|media|videos|likes|feeds|starter packs|lists|labels|articles|"
    "beiträge|antworten|medien|listen|publicaciones|respuestas|multimedia|réponses|médias|respostas|mídia|vídeos|"
    "post|risposte|contenuti|video|berichten|antwoorden|投稿|ポスト|返信|メディア|動画|ビデオ|いいね|フィード|リスト|"
    "スターターパック|게시물|답글|미디어|동영상"
)
_TAB_LINE = re.compile(rf"(?:{_TABS})(?:\s+(?:{_TABS}))*", re.I)
_CHROME = frozenset(
    """translate|translate post|show more|show less|show more replies|show replies|hide replies|show hidden replies|
    show muted replies|show all replies|load more|load more posts|load new posts|view full thread|show full thread|
    continue thread|continue thread...|read more replies|end of feed|write your reply|write your reply...|
    everybody can reply|everyone can reply|anybody can interact|some people can reply|nobody can reply|
    replies disabled|interaction limited|removed by author|removed by you|post has been deleted|post not found|
    hot replies first|sign in or create your account to join the conversation!""".replace("\n    ", "").split("|")
)
"""Lines that the app writes around posts and nobody writes in one."""
_BUTTONS = frozenset(
    """follow|following|+ follow|follow back|+ follow back|unfollow|message|edit profile|follows you|share|more|back|
    reply|subscribe|sign in|sign up|create account|skip to main content|new post|home|explore|notifications|chat|saved|
    profile|settings""".replace("\n    ", "").split("|")
)
"""Buttons that are ordinary words: they count only beside an author or above a profile."""
_MORE_REPLIES = re.compile(
    r"(?:read|show|view|load) \d{1,4} (?:more )?(?:replies|reply)|\d{1,4} more (?:replies|reply)", re.I
)
_THREAD_PAGE = frozenset(
    {"write your reply", "write your reply...", "everybody can reply", "everyone can reply", "anybody can interact",
     "some people can reply", "replies disabled", "interaction limited"}
)  # fmt: skip
_WARNINGS = frozenset(
    {"adult content", "sexually suggestive", "graphic media", "non-sexual nudity", "nudity", "spoiler", "threats",
     "content warning", "sensitive content", "intolerance", "misinformation"}
)  # fmt: skip
_NUMBER = re.compile(rf"\d{{1,3}}|\d{{1,3}}(?:[.,]\d)?\s?(?:{UNIT}|k)")
_STAT = re.compile(
    rf"(\d[\d.,]*\s?(?:{UNIT})?)\s+"
    r"(replies|reply|reposts?|quotes?|quote posts?|likes?|saves?|bookmarks?)(?:\s*·)?\s*",
    re.I,
)
_NAME_AND_HANDLE = re.compile(r"(.{1,100}?)\s*\(?@([A-Za-z0-9.-]+)\)?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_RELATIVE = re.compile(
    r"now|yesterday|\d{1,3}\s?(?:s|m|h|d|w|mo|y|yr|sec|min|hr|std|sem|mes|tag|j|秒|分|時間|日|か月)\.?|"
    r"\d{1,3}\s?(?:s|m|h|d|w|mo|y|seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago",
    re.I,
)
_TIME_ENDS = ("am", "pm", "now", "yesterday", "utc", "gmt", "st", "dt")
_ARCHIVED = re.compile(r"archived from\s+(.+)", re.I)


@dataclass(frozen=True, slots=True)
class PasteLine:
    """A line that is not blank: its 1-based number in the source, its raw text, and its kind.

    ``text`` is without direction marks and outer spaces; ``value`` is the handle, name or date that the line holds.
    """

    number: int
    raw: str
    text: str
    kind: LineKind
    value: str = ""


def classify_lines(raws: Sequence[str], first: int = 1) -> list[PasteLine]:
    """The lines that are not blank; ``first`` is the number of the first of ``raws``."""
    return [line for number, raw in enumerate(raws, first) if (line := _classify(number, raw)) is not None]


def join_lines(lines: Sequence[PasteLine]) -> str:
    """The raw lines, with the blank ones between them."""
    parts: list[str] = []
    for line, before in zip(lines, (None, *lines), strict=False):
        parts += ["\n" * (line.number - before.number) if before else "", line.raw]
    return "".join(parts).strip()


def strip_marks(raw: str) -> str:
    """``raw`` without direction marks and outer spaces."""
    return _DIRECTION_MARKS.sub("", raw).replace("\xa0", " ").replace("\u202f", " ").strip()


def _classify(number: int, raw: str) -> PasteLine | None:
    text = strip_marks(raw)
    if not text:
        return None
    if len(text) > MAX_APP_LINE:
        return PasteLine(number, raw, text, "text")
    kind, value = _line_kind(text)
    return PasteLine(number, raw, text, kind, value)


def _line_kind(text: str) -> tuple[LineKind, str]:
    folded = text.casefold()
    if text in "·•":
        return "dot", ""
    if folded in _PINNED:
        return "pinned", ""
    if folded in _CHROME or _MORE_REPLIES.fullmatch(text):
        return "chrome", folded
    if folded in _BUTTONS:
        return "button", folded
    if folded in ("alt", "gif"):
        return "badge", folded
    if handle := parse_handle(text):
        return ("at", handle) if text.startswith("@") else ("handle", handle)
    if folded == _INVALID_HANDLE:
        return "at", ""
    if (repost := _REPOST.fullmatch(text)) is not None:
        return "repost", (repost[1] or repost[2]).strip()
    if (reply := _REPLY.fullmatch(text)) is not None:
        return "reply", reply[1].strip()
    if text[0].isdigit() or text[0] == "·" or text[-1].isdigit() or folded.endswith(_TIME_ENDS):
        return _figure_kind(text)
    if _TAB_LINE.fullmatch(text):
        return "tab", folded
    return "text", ""


def _figure_kind(text: str) -> tuple[LineKind, str]:
    bare = text.removeprefix("·").strip()
    if _NUMBER.fullmatch(text):
        return "number", text
    if _CLOCK.fullmatch(text):
        return "clock", text
    if _RELATIVE.fullmatch(bare) or date_parts(bare) is not None or read_date(bare) is not None:
        return "time", bare
    if parse_stats(text):
        return "stats", text
    return "text", ""


def parse_handle(text: str) -> str | None:
    """The handle, in lower case, if the whole text is one: ``@Odo.bsky.social`` -> ``odo.bsky.social``."""
    handle = text.removeprefix("@")
    return handle.lower() if "." in handle and is_handle(handle) else None


def split_name_and_handle(text: str) -> tuple[str, str] | None:
    """A name and a handle on one line: ``Mira Lane (@mira.example.com)``."""
    match = _NAME_AND_HANDLE.fullmatch(text) if "@" in text and len(text) <= MAX_APP_LINE else None
    handle = parse_handle(match[2]) if match else None
    return (match[1], handle) if match and handle else None


def is_reply_marker(line: PasteLine, names: Collection[str]) -> bool:
    """Whether ``Replied to Mira Lane`` is the app's line: it names one of ``names`` (case-folded) or a person."""
    name = line.value.removeprefix("@")
    if line.kind != "reply" or len(name) > MAX_NAME or name.endswith((".", "!", "?", ":", ",", ";")):
        return False
    if name.casefold() in names or parse_handle(name):
        return True
    letters = [next((c for c in word if c.isalpha()), "") for word in name.split()]
    return len(letters) <= _NAME_WORDS and any(letters) and not any(letter.islower() for letter in letters)


def is_thread_page_line(line: PasteLine) -> bool:
    """Whether only the page of one post shows such a line."""
    return line.kind == "stats" or (line.kind == "chrome" and line.value in _THREAD_PAGE)


def is_warning(line: PasteLine) -> bool:
    """Whether the line is the name of a content warning."""
    return line.text.casefold() in _WARNINGS


def is_reveal_button(line: PasteLine) -> bool:
    """Whether the line is the button that opens what a content warning hides."""
    return line.text.casefold() in ("show", "hide", "learn more")


def parse_stats(text: str) -> dict[str, int]:
    """The counts of an opened post: ``12 reposts 3 quotes 45 likes``; empty if the line is anything else."""
    counts: dict[str, int] = {}
    position = 0
    while match := _STAT.match(text, position):
        word = match[2].lower().split()[0].rstrip("s")
        count = read_count(match[1])
        name = {"reply": "replies", "replie": "replies", "repost": "reposts", "quote": "quotes", "like": "likes"}.get(
            word
        )
        if count is not None:
            counts[name or "saves"] = count
        position = match.end()
    return counts if position == len(text) else {}


def has_time_of_day(line: PasteLine) -> bool:
    """Whether a time line has a time of day, as on the page of one post."""
    return line.kind == "time" and (":" in line.value or re.search(r"\d[h.]\d\d$", line.value) is not None)


def archived_date(line: PasteLine, *, month_first: bool | None = None) -> When | None:
    """The date that a backdated post claims: ``Archived from May 4, 2020``; None for other lines."""
    match = _ARCHIVED.fullmatch(line.text)
    return read_date(match[1], month_first=month_first) if match else None


def visible_length(text: str) -> int:
    """About how many characters a reader sees, as Bluesky counts them: a flag or a family is one."""
    count, is_joined = 0, False
    for character in text:
        if character == "\u200d":
            is_joined = True
        elif is_joined:
            is_joined = False
        elif not (unicodedata.combining(character) or character in "\ufe0e\ufe0f" or "🏻" <= character <= "🏿"):
            count += 1
    return count
