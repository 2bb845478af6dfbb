"""What one line of a paste looks like: how it opens, how it closes, and how long X would count it.

"- Write kernels ⚡️"           opens with a list item, closes with an emoji
"Paper: https://t.co/a1 (2/5)"  closes with its number in a thread
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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

_DOTTED = re.compile(r"(?P<k>\d{1,2})[.)](?=\s?\D)")
_MIN_LIST_POSTS = 3
_MAX_LINES_BETWEEN = 10
"""Lines that one of the posts takes at most."""

_SIZES = ((30, "tiny"), (80, "short"), (160, "middling"), (240, "long"), (X_LIMIT + 1, "a full post"))

_OPENING_SIGNS = {
    "@＠": "mention",
    "#＃": "hashtag",
    "\"“«‘„'": "quote mark",
    "([": "bracket",
    "*_-–—=~/|&+^…": "odd sign",
}

_CLOSING_SIGNS = {",;—–&-/": "comma", "?": "question", "!": "exclamation", '.。”")]»': "stop"}


def _opening(*words: str) -> re.Pattern[str]:
    return re.compile(rf"[\W_]{{0,3}}(?:{'|'.join(words)})(?![\w'’])", re.I)


_OPENERS = {
    "news": _opening(
        r"new (?:paper|work|preprint|blog|post|results?|video|episode|model|dataset|benchmark)|announcing|excited",
        r"our (?:new|latest|recent)|thrilled|(?:so|very|super|really) (?:excited|happy|proud|thrilled|honou?red)",
        r"(?:happy|glad|proud|delighted|pleased) to|breaking|update|psa|reminder|hot take|fun fact",
        r"i(?:['’]m| am) (?:so |very |super )?(?:excited|thrilled|happy|proud|delighted|hiring|recruiting)",
        r"just (?:released|published|finished|got|posted|launched)|today|yesterday|wrapped up|looking forward",
        r"congrat\w*|check out (?:our|my|the) new|nuev[oa]s?|hoy|heute|ayer",
    ),
    "introducing": _opening(
        r"introducing|enter|meet|presenting|to (?:this end|address|tackle|solve|do this)",
        r"we (?:introduce|present|propose|show|find|found|develop|built?|train|study|release)",
        r"in (?:our|this|a) (?:new )?(?:paper|work|post|preprint|study)",
    ),
    "connective": _opening(
        r"and|but|so|or|because|also|plus|then|however|therefore|thus|hence|instead|moreover|furthermore|btw|e\.?g|i\.?e",
        r"p\.?s|tl;?dr|results?|finally|second|third|next|for (?:example|instance)|specifically|importantly",
        r"in (?:short|addition|particular|fact)|interestingly|surprisingly|notably|overall|otherwise|even|still|yet",
        r"though|although|while|until|unless|main|key|bottom ?line|y|pero",
        r"porque|adem[aá]s|tambi[eé]n|und|aber|denn|weil",
    ),
    "pointer": _opening(
        r"read|links?|details|more|full|see|check (?:it|them|this) out|watch|listen|learn more|h/t|via|cc|source|image",
        r"photo|video|paper|code|blog|website|project|demo|data|dataset|preprint|arxiv|github|pdf|slides|joint work",
        r"work with|with @|w/|led by|thanks to|thank you|huge thanks|kudos|shout ?out|big shout|follow|join|register",
        r"sign up|apply|please|credits?|aqu[ií]|enlace|gracias|danke",
    ),
}
"""What a line announces, introduces, goes on with or points at by its first words.

Words say little, and only in the languages they are of; structure and length do the work.
"""

_STOP_WORDS = frozenset(
    "the and but for with from are was were been its this that these those our you your they their she his her him not "
    "then than there here what which who how when where why can could will would should does did has have had just "
    "about into over more most some any all one two out also very much many get got new now see use used using make "
    "makes made it's i'm we're don't can't that's i've it’s i’m we’re don’t can’t that’s i’ve like even only own other "
    "such each both still well way ways really first last good great lot lots thing things work works working day days "
    "today time want need know think find show shows let take while after before because between through during "
    "without within que los las una uno por para con del como más pero und der die das ist nicht ein eine mit auf den "
    "dem von für".split()
)
"""Words that two lines may share without being of one post."""


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
        frozenset(word[:_STEM] for word in _WORD.findall(look.bare.lower()) if word not in _STOP_WORDS),
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
    names.extend(name for name, opener in _OPENERS.items() if opener.match(text[:80]))
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
        if look.width <= 45 and _OPENERS["news"].match(text):
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


def with_numbered_threads(lines: Sequence[Line]) -> list[Line]:
    """``lines``, of which those that number a thread's posts open with a number instead of a list's item.

    Under a line that ends in 🧵, ``1.``, ``2.``, ``3.`` begin the posts of the thread after the first.
    A list that fits into one post together with what announces it stays a list.
    """
    found = list(lines)
    for above in range(len(lines) - 1):
        if "🧵" not in lines[above].text[-8:]:
            continue
        places = _list_lines(lines, above + 1)
        if len(places) >= _MIN_LIST_POSTS and sum(line.width for line in lines[above : places[-1] + 1]) > X_LIMIT:
            for number, at in enumerate(places, 1):
                closes = tuple(name for name in lines[at].closes if name != "item")
                found[at] = replace(lines[at], opens=("number",), closes=closes, number_first=number)
    return found


def _list_lines(lines: Sequence[Line], start: int) -> list[int]:
    """The lines that open with 1, 2, 3 and so on; the first of them is ``start``."""
    places: list[int] = []
    for at in range(start, len(lines)):
        match = _DOTTED.match(lines[at].text)
        if match and int(match["k"]) == len(places) + 1:
            places.append(at)
        elif not places or at - places[-1] > _MAX_LINES_BETWEEN:
            break
    return places
