"""What one line of a paste looks like: how it opens, how it closes, and how long X would count it.

"- Write kernels ⚡️"           opens with a list item, closes with an emoji
"Paper: https://t.co/a1 (2/5)"  closes with its number in a thread
"""

import re
from dataclasses import dataclass

from threadkeep.parsers._segmentation.words import COMMON, OPENERS

X_LIMIT = 280
"""The weighted length of a post by an author who does not pay for longer ones."""

_LINK_WIDTH = 23

_LINK = r"(?:https?://|www\.)\S+|\b(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}/\S*"
_EMOJI = "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\u25a0-\u25ff\ufe0f\u200d\u20e3]"
_DOWN = "[🧵👇⬇⤵]"
_PLACE = r"[(\[]?\s{0,2}(?P<k>\d{1,3})\s?/\s?(?P<n>\d{1,3}|[nNkKxX?]|)\s{0,2}[)\]]?"
_BULLETS = "-–—•*·▪◦‣∙●○►▶➡→✅✔❌☑➤🔹🔸📍➜»>"

_LINKS = re.compile(_LINK, re.I)
_NAMES = re.compile(r"(?<!\w)@[\w.]+(?:@[\w.]+)*|(?<!\w)#\w+")
_EMOJIS = re.compile(_EMOJI)
_ONLY_MARK = re.compile(
    rf"(?:{_DOWN}|[\ufe0f\U0001f3fb-\U0001f3ff]|\s|thread:?|hilo:?)*(?:{_PLACE})?(?:{_DOWN}|[\ufe0f\s./])*", re.I
)
_NUMBER = re.compile(_PLACE)
_NUMBER_FIRST = re.compile(
    rf"\W{{0,3}}?(?:(?:part|teil|parte|partie|deel|thread)\s)?{_PLACE}(?:[.:)–-]|(?=\s)|(?=$))", re.I
)
_NUMBER_LAST = re.compile(rf"(?:^|\s|[.!?…)])(?:[🧵👇]\s?)?{_PLACE}\s?(?:{_DOWN}\ufe0f?|\.)?$")
_ITEM = re.compile(
    rf"[{_BULLETS}]\ufe0f?(?=\s*\S)|\d{{1,2}}[.)](?=\s?\D)|[(]\w{{1,2}}[)]\s|[a-zA-Z][.)]\s|\d\ufe0f?\u20e3"
)
_LABELLED = re.compile(rf"\W{{0,4}}[\w/&' -]{{2,24}}\s?(?::(?!//)|[→➡👉])\W{{0,3}}(?:(?:{_LINK})\s*)+", re.I)
_LABEL = re.compile(r"[A-ZÁÉÍÓÚÄÖÜ][\w' -]{1,18}:\s")
_CREDITS = re.compile(r"\b(?:with|w/|by|led by|thanks to|from|con|mit|and|&)\s+(?:the \w+ )?@|@\w+\s*,\s*@\w+", re.I)
_LAST_NAMES = re.compile(r"(?:[#@]\w[\w.]*[\s,]*){2,}$|#\w+\W*$")
_LAST_DOWN = re.compile(_DOWN)
_SENTENCE_END = re.compile(r"[.!…](?=\s|$)")
_WORD = re.compile(r"[#@]?\w[\w'’-]{2,}")

_STEM = 6
"""Words count as the same where their first letters agree: ``sample``, ``samples``, ``sampling``."""

_SIZES = ((30, "tiny"), (80, "short"), (160, "middling"), (240, "long"), (X_LIMIT + 1, "a full post"))

_OPENING_SIGNS = {
    "@＠": "mention",
    "#＃": "hashtag",
    "\"“«‘„'": "quote mark",
    "([": "bracket",
    "*_-–—=~/|&+^…": "odd sign",
}

_CLOSING_SIGNS = {",;—–&-/": "comma", "?": "question", "!": "exclamation", '.。”")]»': "stop"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank.

    ``kind`` is ``text``, or all that the line consists of: ``link``, ``names`` (tags and mentions), ``mark`` (``(1/5)``
    or 🧵), ``emoji``. ``opens`` and ``closes`` name what its two ends look like; ``number_first`` and ``number_last``
    are its place in a thread, written at the one or the other. ``words`` are its longer words, for likeness.
    """

    text: str
    width: int
    kind: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    number_first: int | None
    number_last: int | None
    bullet: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Look:
    """What both ends of a line need to know of it: ``shown`` is what is looked at, ``bare`` that without links."""

    shown: str
    bare: str
    kind: str
    width: int
    is_item: bool
    is_labelled: bool
    ends_in_link: bool
    number_first: int | None
    number_last: int | None


def read_line(text: str) -> Line:
    """What ``text``, a line without blank ends, looks like. A very long line is judged by its two ends."""
    look = _look(text)
    first = text[0]
    return Line(
        text,
        look.width,
        look.kind,
        tuple(_opens(look)),
        tuple(_closes(look)),
        look.number_first,
        look.number_last,
        first if look.is_item or _EMOJIS.match(first) else "",
        frozenset(word[:_STEM] for word in _WORD.findall(look.bare.lower()) if word not in COMMON),
    )


def weighted_length(text: str) -> int:
    """How long X counts ``text``: a link 23, an emoji or a Chinese character 2, any other 1.

    >>> weighted_length("see https://example.com/a/long/path ok")
    30
    """
    bare, links = _LINKS.subn("", text) if "." in text else (text, 0)
    more = 0 if bare.isascii() else sum(_weight(character) - 1 for character in bare)
    return links * _LINK_WIDTH + len(bare) + more


def _weight(character: str) -> int:
    if character in "\ufe0f\u200d":
        return 0
    return 1 if character <= "\u10ff" or "\u2000" <= character <= "\u201f" else 2


def _look(text: str) -> _Look:
    shown = text if len(text) <= 4000 else f"{text[:2000]} {text[-2000:]}"
    links = [match.span() for match in _LINKS.finditer(shown)] if "." in shown else []
    bare = _LINKS.sub(" ", shown) if links else shown
    kind = _kind(shown, bare, bool(links))
    first, last = _numbers(shown, kind)
    return _Look(
        shown,
        bare,
        kind,
        weighted_length(text),
        is_item=kind == "text" and first is None and _ITEM.match(shown) is not None,
        is_labelled=kind == "text" and bool(links) and _LABELLED.fullmatch(shown) is not None,
        ends_in_link=bool(links) and not any(map(str.isalnum, shown[links[-1][1] :])),
        number_first=first,
        number_last=last,
    )


def _kind(text: str, bare: str, has_link: bool) -> str:
    if _ONLY_MARK.fullmatch(text):
        return "mark"
    if has_link and not any(map(str.isalnum, bare)):
        return "link"
    rest = _NAMES.sub("", bare) if "@" in bare or "#" in bare else bare
    if any(map(str.isalnum, rest)):
        return "text"
    return "names" if len(rest) < len(bare) else "emoji"


def _numbers(text: str, kind: str) -> tuple[int | None, int | None]:
    """The number of the post in its thread, where the line opens and where it closes with it."""
    if kind == "mark":
        return None, _place(_NUMBER.search(text))
    return _place(_NUMBER_FIRST.match(text)), _place(_NUMBER_LAST.search(text[-40:]))


def _place(match: re.Match[str] | None) -> int | None:
    """``k`` of ``k/n``; neither 24/7 nor 0/5 is a place."""
    if match is None:
        return None
    place = int(match["k"])
    last = int(match["n"]) if match["n"].isdigit() else 200
    return place if 0 < place <= last else None


def _opens(look: _Look) -> list[str]:
    text = look.shown
    names = [_size(look.width)] if look.kind == "text" else [f"{look.kind} only"]
    if look.kind not in ("text", "names"):
        return names
    if look.is_labelled:
        return [*names, "labelled link"]
    if look.ends_in_link:
        names.append("link at its end")
    if look.number_last is not None and look.kind == "text":
        names.append("number at its end")
    names.extend(_first_sign(look))
    if _LABEL.match(text):
        names.append("label")
    if look.width <= 140 and _CREDITS.search(text):
        names.append("credits")
    names.extend(name for name, opener in OPENERS.items() if opener.match(text[:80]))
    if "?" in text and not _SENTENCE_END.search(text[: text.index("?")]):
        names.append("asks first")
    return names


def _first_sign(look: _Look) -> list[str]:
    if look.number_first is not None:
        return ["number"]
    if look.is_item:
        return ["item"]
    first = look.shown[0]
    if first.islower():
        return ["lower case"]
    if first.isdigit():
        return ["digit"]
    for signs, name in _OPENING_SIGNS.items():
        if first in signs:
            return [name]
    return ["emoji"] if _EMOJIS.match(first) else []


def _closes(look: _Look) -> list[str]:
    if look.kind == "mark":
        return ["mark with number" if look.number_last is not None else "thread mark"]
    text, bare = look.shown, look.bare
    names = [_size(look.width)] if look.kind == "text" else [f"{look.kind} only"]
    if look.number_last is not None:
        names.append("number")
    elif _LAST_DOWN.search(text[-6:]):
        names.append("thread mark")
    if look.is_item:
        names.append("item")
    if look.is_labelled:
        names.append("labelled link")
    elif look.ends_in_link and look.kind != "link":
        names.append("link")
    if look.kind == "text":
        if not look.ends_in_link:
            names.extend(_last_sign(text, bare))
        if _LAST_NAMES.search(bare[-120:]):
            names.append("names")
        if look.width <= 45 and OPENERS["news"].match(text):
            names.append("a greeting")
        if _CREDITS.search(bare[-2000:]):
            names.append("credits")
    if text.count("“") > text.count("”") or text.count("(") > text.count(")") or text.count('"') % 2:
        names.append("open bracket")
    return names


def _last_sign(text: str, bare: str) -> list[str]:
    plain = _EMOJIS.sub("", bare[-200:]).rstrip()
    if plain.endswith(":") or text[-2:].rstrip("\ufe0f").endswith(("👉", "➡", "→")):
        return ["colon"]
    if plain.endswith(tuple(",;—–&-/")):
        return ["comma"]
    names = ["emoji"] if _EMOJIS.search(text[-2:]) and not _LAST_DOWN.search(text[-3:]) else []
    if plain.endswith(("…", "...")):
        return [*names, "ellipsis"]
    for signs, name in _CLOSING_SIGNS.items():
        if plain.endswith(tuple(signs)):
            return [*names, name]
    return names or ["nothing"]


def _size(width: int) -> str:
    return next((name for limit, name in _SIZES if width <= limit), "beyond a post")
