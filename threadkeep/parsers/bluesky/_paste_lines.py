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
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from threadkeep.records import When
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
_LONGEST_COUNT = 30
_MAX_COUNT = 10**18

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
_NUMBER = re.compile(r"\d{1,3}|\d{1,3}(?:[.,]\d)?\s?(?:K|M|B|k|mil|万|천|만)")
_STAT = re.compile(
    r"(\d[\d.,]*\s?[KMBk]?)\s+(replies|reply|reposts?|quotes?|quote posts?|likes?|saves?|bookmarks?)(?:\s*·)?\s*", re.I
)
_NAME_AND_HANDLE = re.compile(r"(.{1,100}?)\s*\(?@([A-Za-z0-9.-]+)\)?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_RELATIVE = re.compile(
    r"now|yesterday|\d{1,3}\s?(?:s|m|h|d|w|mo|y|yr|sec|min|hr|std|sem|mes|tag|j|秒|分|時間|日|か月)\.?|"
    r"\d{1,3}\s?(?:s|m|h|d|w|mo|y|seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago",
    re.I,
)
_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
_AT_TIME = (
    r"(?:,|\s+at|\s+um|\s+à|\s+a las|\s+às)?\s+\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s(?:UTC|GMT|[ECMP][SD]T))?"
)
_TIME_ENDS = ("am", "pm", "now", "yesterday", "utc", "gmt", "st", "dt")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})")
_MONTH_FIRST = re.compile(rf"([^\W\d_]{{3,12}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?({_AT_TIME})?", re.I)
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})\.?\s+(?:de\s+)?([^\W\d_]{{3,12}})\.?(?:,?\s+(?:de\s+)?(\d{{4}}))?({_AT_TIME})?", re.I
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})(?:[-/.]|年)(\d{{1,2}})(?:[-/.]|月)(\d{{1,2}})日?({_AT_TIME})?", re.I)
_NUMERIC = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}})({_AT_TIME})?", re.I)
_CLOCK_FIRST = re.compile(r"\d{1,2}:\d{2}(?:\s?[ap]m)?\s+·\s+(.+)", re.I)
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
    if _RELATIVE.fullmatch(bare) or _ZONED.fullmatch(bare) or _date_parts(bare) is not None:
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


def parse_count(text: str) -> int | None:
    """A count as the app writes it: ``1.2K`` -> 1200, ``12,345`` -> 12345, ``1,2 M`` -> 1200000."""
    match = re.fullmatch(r"(\d[\d., ]*?)\s?(K|M|B|mil|万|천|만)?", text.strip(), re.I)
    if match is None or len(match[1]) > _LONGEST_COUNT:
        return None
    figures, unit = match[1].replace(" ", ""), (match[2] or "").lower()
    times = {"": 1, "k": 1_000, "mil": 1_000, "천": 1_000, "万": 10_000, "만": 10_000, "m": 10**6, "b": 10**9}[unit]
    if unit and re.fullmatch(r"\d+[.,]\d{1,2}", figures):
        whole, _, part = figures.replace(",", ".").partition(".")
        return int(whole) * times + int(part) * times // int("1".ljust(len(part) + 1, "0"))
    count = int(figures.replace(".", "").replace(",", "")) * times
    return count if count < _MAX_COUNT else None


def parse_stats(text: str) -> dict[str, int]:
    """The counts of an opened post: ``12 reposts 3 quotes 45 likes``; empty if the line is anything else."""
    counts: dict[str, int] = {}
    position = 0
    while match := _STAT.match(text, position):
        word = match[2].lower().split()[0].rstrip("s")
        count = parse_count(match[1])
        name = {"reply": "replies", "replie": "replies", "repost": "reposts", "quote": "quotes", "like": "likes"}.get(
            word
        )
        if count is not None:
            counts[name or "saves"] = count
        position = match.end()
    return counts if position == len(text) else {}


def parse_date(text: str, *, month_first: bool | None = None) -> When | None:
    """The day of a date line: ``Jul 27, 2024 at 3:45 PM`` -> 2024-07-27; the zone is unknown, so the time is dropped.

    None without a year. ``7/8/2024`` may be in July or in August: ``month_first`` decides; if it is None, only the
    year is taken.
    """
    if _ZONED.fullmatch(text):
        return _instant(text)
    archived = _ARCHIVED.fullmatch(text)
    year, month, day = _date_parts(archived[1] if archived else text) or (None, None, None)
    if year is None:
        return None
    if month is None and month_first is not None and (numeric := _NUMERIC.fullmatch(text)):
        month, day = (int(numeric[1]), int(numeric[3])) if month_first else (int(numeric[3]), int(numeric[1]))
    try:
        if month is None or day is None:
            return When(datetime(year, 1, 1, tzinfo=UTC), "year")
        return When(datetime(year, month, day, tzinfo=UTC), "day")
    except ValueError:
        return None


def _instant(text: str) -> When | None:
    try:
        return When(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def infer_month_first(lines: Iterable[PasteLine]) -> bool | None:
    """Whether numeric dates put the month first, as ``7/27/2024`` shows; None if no date decides it."""
    for line in lines:
        if line.kind == "time" and (numeric := _NUMERIC.fullmatch(line.value)) and numeric[2] != ".":
            if int(numeric[1]) > 12:
                return False
            if int(numeric[3]) > 12:
                return True
    return None


def has_time_of_day(line: PasteLine) -> bool:
    """Whether a time line has a time of day, as on the page of one post."""
    return line.kind == "time" and (":" in line.value or re.search(r"\d[h.]\d\d$", line.value) is not None)


def is_archived_date(line: PasteLine) -> bool:
    """Whether the line gives the date that a backdated post claims."""
    return _ARCHIVED.fullmatch(line.text) is not None and parse_date(line.text) is not None


def _date_parts(text: str) -> tuple[int | None, int | None, int | None] | None:
    """Year, month and day, as far as ``text`` names them; None if it is not a date."""
    if (clock := _CLOCK_FIRST.fullmatch(text)) is not None:
        text = clock[1]
    if (match := _MONTH_FIRST.fullmatch(text)) is not None and (month := _month(match[1])):
        return int(match[3]) if match[3] else None, month, int(match[2])
    if (match := _DAY_FIRST.fullmatch(text)) is not None and (month := _month(match[2])):
        return int(match[3]) if match[3] else None, month, int(match[1])
    if (match := _YEAR_FIRST.fullmatch(text)) is not None:
        return int(match[1]), int(match[2]), int(match[3])
    if (match := _NUMERIC.fullmatch(text)) is not None:
        return _numeric_parts(int(match[1]), match[2], int(match[3]), int(match[4]))
    return None


def _numeric_parts(first: int, separator: str, second: int, year: int) -> tuple[int, int | None, int | None] | None:
    if separator == "." or first > 12:
        return (year, second, first) if second <= 12 and first <= 31 else None
    if second > 12:
        return (year, first, second) if second <= 31 else None
    return year, *((first, second) if first == second else (None, None))


def _month(name: str) -> int | None:
    """The number of a month by its name, or the first letters of it, in one of five languages."""
    for names in _MONTHS:
        for number, month in enumerate(names.split(), 1):
            if month.startswith(name.casefold()):
                return number
    return None


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
