"""What a reader sees of a text, whatever way a source writes it: words, links by their targets, mentions of a reply.

"@bea It&#39;s   here: https://t.co/a"     mentions ("bea",)  words "It's here: ￼"  targets (a short one,)
"It’s here: example.com/kiln/2"            mentions ()        words "It's here: ￼"  targets ("example.com/kiln/2",)
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from threadkeep.records import Link, Post

LINK = "\ufffc"
"""Stands for a link in ``VisibleText.words``."""

MEDIA = "a picture or a video"
"""The target of a link that X adds to a text for what hangs below it."""

SHORT = "behind "
"""Before the target of a shortened link, which can be compared only with another."""

LETTERS_OF_A_CUT_TEXT = 30
"""A cut text with fewer letters could be the beginning of several posts."""

_WRITTEN_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|(?<![@\w.])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/[^\s<>\"]*", re.I)
_END_OF_SENTENCE = ".,;:!?)]}'\"»”’"
_OF_MEDIA = re.compile(r"pic\.(?:twitter|x)\.com/|.*/status/\d+/(?:photo|video)/\d")
_SHORTENED = re.compile(
    r"(?:t\.co|bit\.ly|buff\.ly|ow\.ly|goo\.gl|tinyurl\.com|dlvr\.it|is\.gd|lnkd\.in|fb\.me|trib\.al|ift\.tt|j\.mp|t\.ly)"
    r"(?:/|$)"
)
_LEADING_MENTIONS = re.compile(r"(?:\.?@[\w.-]+(?:@[\w.-]+)?:?\s+)+")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "}
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f\u200e\u200f\u2066\u2067\u2068\u2069")
)


@dataclass(frozen=True, slots=True)
class VisibleText:
    """A text as it is seen. ``targets`` are those of its links in order, cards last."""

    mentions: tuple[str, ...]
    words: str
    targets: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The words without the links behind them, which a page shows as a card or a picture."""
        return self.words.rstrip(LINK + " ")


def visible_text(post: Post) -> VisibleText:
    """What is seen of the text of ``post``."""
    return _visible(post.text, post.links)


@lru_cache(maxsize=4096)
def _visible(text: str, links: tuple[Link, ...]) -> VisibleText:
    pieces: list[str] = []
    targets: list[str] = []
    place = 0
    for link in sorted((link for link in links if link.start is not None), key=lambda link: link.start or 0):
        start, end = link.start or 0, link.end or link.start or 0
        if not place <= start < end <= len(text):
            continue
        pieces += [_without_links(text[place:start], targets), LINK]
        targets.append(_target(link.url or text[start:end]))
        place = end
    pieces.append(_without_links(text[place:], targets))
    words = " ".join(
        unicodedata.normalize("NFC", html.unescape("".join(pieces))).translate(_PLAIN).replace("...", "…").split()
    )
    found = _LEADING_MENTIONS.match(words)
    mentions = tuple(name.strip(".@:").casefold() for name in found[0].split()) if found else ()
    cards = [_target(link.url) for link in links if link.start is None and link.url]
    targets += [card for card in cards if card not in targets]
    return VisibleText(mentions, words[found.end() :] if found else words, tuple(targets))


def _without_links(text: str, targets: list[str]) -> str:
    if "/" not in text and "www." not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        written = match[0].rstrip(_END_OF_SENTENCE)
        targets.append(_target(written))
        return LINK + match[0][len(written) :]

    return _WRITTEN_LINK.sub(replaced, text)


def _target(url: str) -> str:
    """An address without what sources write differently; with ``…`` at its end where it is cut."""
    address = re.sub(r"^https?://(?:www\.|mobile\.|m\.)?|^www\.", "", url.strip(), flags=re.I)
    host, slash, path = address.partition("/")
    address = (host.lower() + slash + path).rstrip("/")
    if _OF_MEDIA.match(address):
        return MEDIA
    if _SHORTENED.match(address):
        return SHORT + address
    return address.replace("...", "…")


def are_other_targets(one: str, other: str) -> bool:
    """Whether two links certainly lead to different places."""
    if one == other or one.startswith(SHORT) != other.startswith(SHORT):
        return False
    pairs = ((one, other), (other, one))
    return not any(cut.endswith("…") and whole.startswith(cut[:-1]) for cut, whole in pairs)


def is_beginning_of(cut: VisibleText, whole: VisibleText) -> bool:
    """Whether ``cut``, which ends in ``…``, is the beginning of ``whole``."""
    beginning = cut.words.rstrip("… " + LINK)
    if len(beginning) < LETTERS_OF_A_CUT_TEXT or len(beginning) >= len(whole.words):
        return False
    return whole.words.startswith(beginning) and not differ(cut.targets[: cut.words.count(LINK)], whole.targets)


def differ(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether any link of one text certainly leads elsewhere than that of the other in its place."""
    return any(map(are_other_targets, some, others))


def are_one_rendering(one: Post, other: Post) -> bool:
    """Whether two texts of one post differ only in how sources write them, so that neither is another version."""
    if one.text == other.text and one.links == other.links:
        return True
    first, second = visible_text(one), visible_text(other)
    if first.stem == second.stem:
        if differ(first.targets, second.targets):
            return False
        return one.edited == other.edited or len(first.targets) == len(second.targets)
    return (first.words.endswith("…") and is_beginning_of(first, second)) or (
        second.words.endswith("…") and is_beginning_of(second, first)
    )
