"""Values that ActivityPub and Mastodon's API have in common: moments, handles, kinds of media, a post's tags.

"2023-05-28T12:06:50.000Z"                       -> 2023-05-28T12:06:50Z
"@mira", "https://kilns.example/@mira"           -> mira@kilns.example
"video/mp4"                                      -> video
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from threadkeep.parsers.fediverse._post_html import Mention, Written
from threadkeep.records import Link, When

PLATFORM = "mastodon"

LEAST_YEAR, LAST_YEAR = 2000, 2099
"""Blogs that were brought to the fediverse date their posts back to their first days; nothing is older."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_ENDING = re.compile(r"\.([A-Za-z0-9]{2,5})(?:[?#].*)?\Z", re.S)
_PROFILE = re.compile(r"https?://[^/?#]+/@([\w.-]+)(?:@([\w.:-]+))?/?(?:[?#].*)?\Z", re.A | re.S)
_KINDS = {
    **dict.fromkeys("jpg jpeg png webp avif heic heif bmp svg".split(), "image"),
    "gif": "gif",
    **dict.fromkeys("mp4 webm mov m4v ogv mkv".split(), "video"),
    **dict.fromkeys("mp3 ogg oga wav flac opus aac m4a wma 3gp".split(), "audio"),
}


class NoMoment(ValueError):
    """Words that stand where a time should, and are none."""


def moment(text: str) -> When:
    """A time as it is stated. Raises NoMoment for what is none, has no time zone, or lies outside 2000 to 2099."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise NoMoment("a time that cannot be read") from None
    if not LEAST_YEAR <= instant.year <= LAST_YEAR:
        raise NoMoment("a time that cannot be")
    if instant.tzinfo is None:
        if _DAY.fullmatch(text):
            return When(instant.replace(tzinfo=UTC), "day")
        raise NoMoment("a time without its zone")
    return When(instant)


def host_of(url: str | None) -> str | None:
    """``https://Kilns.example:3000/@mira`` -> ``kilns.example:3000``; None for what is no web address."""
    scheme, _, rest = (url or "").partition("://")
    if scheme.lower() not in ("http", "https"):
        return None
    return re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].lower() or None


def handle_at(name: str, url: str | None) -> str | None:
    """``@mira`` at any address of her server -> ``mira@kilns.example``; a name that has its server keeps it."""
    name = name.strip().lstrip("@")
    if not name or " " in name or "\n" in name:
        return None
    if "@" in name.strip("@"):
        return name
    host = host_of(url)
    return f"{name}@{host}" if host else name


def handle_in(url: str | None) -> str | None:
    """The handle that a profile's address shows: ``https://kilns.example/@mira`` -> ``mira@kilns.example``."""
    match = _PROFILE.match(url or "")
    if match is None:
        return None
    return f"{match[1]}@{match[2] or host_of(url)}"


def mentioned(mention: Mention) -> str | None:
    """The handle of somebody whom the HTML mentions, by the words shown and the address they lead to."""
    return handle_in(mention.href) or handle_at(mention.name, mention.href)


def kind_of_media(media_type: str | None, url: str | None, otherwise: str = "unknown") -> str:
    """``image``, ``video``, ``gif`` or ``audio``, by the media type, else by the ending of the address."""
    family, _, subtype = (media_type or "").lower().partition("/")
    if subtype == "gif":
        return "gif"
    if family in ("image", "video", "audio"):
        return family
    ending = _ENDING.search(url or "")
    return _KINDS.get(ending[1].lower(), otherwise) if ending else otherwise


def tags_of(named: Iterable[str], shown: Written) -> tuple[str, ...]:
    """The hashtags a dump names, without ``#``, distinct whatever their case, written as the text shows them."""
    as_shown = {tag.casefold(): tag for tag in reversed(shown.tags)}
    found: dict[str, str] = {}
    for name in named:
        tag = name.strip().lstrip("#＃")
        if tag:
            found.setdefault(tag.casefold(), as_shown.get(tag.casefold(), tag))
    return tuple(found.values())


def distinct(handles: Iterable[str | None]) -> tuple[str, ...]:
    """The handles there are, distinct whatever their case, in order, as first written."""
    found: dict[str, str] = {}
    for handle in handles:
        if handle:
            found.setdefault(handle.casefold(), handle)
    return tuple(found.values())


def with_card(links: tuple[Link, ...], url: str | None, title: str | None) -> tuple[Link, ...]:
    """``links`` and the card below the post, which has no place in its text."""
    return (*links, Link(url, title=title or None)) if url else links
