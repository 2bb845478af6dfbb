"""Values that ActivityPub and Mastodon's API share: times, handles, kinds of media, tags.

"2023-05-28T12:06:50.000Z"                       -> 2023-05-28T12:06:50Z
"@mira", "https://kilns.example/@mira"           -> mira@kilns.example
"video/mp4"                                      -> video
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from threadkeep.parsers._cards import plain_words
from threadkeep.parsers.fediverse._post_html import HtmlMention, HtmlText
from threadkeep.records import Link, When

MIN_YEAR, MAX_YEAR = 2000, 2099
"""Blogs moved to the fediverse keep the dates of their posts; none are older."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_ENDING = re.compile(r"\.([A-Za-z0-9]{2,5})(?:[?#].*)?\Z", re.S)
_PROFILE = re.compile(r"https?://[^/?#]+/@([\w.-]+)(?:@([\w.:-]+))?/?(?:[?#].*)?\Z", re.A | re.S)
_KINDS = {
    **dict.fromkeys("jpg jpeg png webp avif heic heif bmp svg".split(), "image"),
    "gif": "gif",
    **dict.fromkeys("mp4 webm mov m4v ogv mkv".split(), "video"),
    **dict.fromkeys("mp3 ogg oga wav flac opus aac m4a wma 3gp".split(), "audio"),
}


class InvalidTime(ValueError):
    """A string that should be a time and is not, or not a plausible one."""


def parse_time(text: str) -> When:
    """Parse an ISO time. Raises InvalidTime if it cannot be read, has no time zone, or is outside 2000 to 2099."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidTime("a time that cannot be read") from None
    if not MIN_YEAR <= instant.year <= MAX_YEAR:
        raise InvalidTime("a time that cannot be")
    if instant.tzinfo is None:
        if _DAY.fullmatch(text):
            return When(instant.replace(tzinfo=UTC), "day")
        raise InvalidTime("a time without its zone")
    return When(instant)


def host_of(url: str | None) -> str | None:
    """``https://Kilns.example:3000/@mira`` -> ``kilns.example:3000``; None if it is not a web address."""
    scheme, _, rest = (url or "").partition("://")
    if scheme.lower() not in ("http", "https"):
        return None
    return re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].lower() or None


def is_bridged(id_: str | None) -> bool:
    """Whether a post came over Bridgy, which leaves line ends as they were typed, as Mastodon shows them."""
    return "brid.gy/" in (id_ or "") and f".{host_of(id_) or ''}".endswith(".brid.gy")


def handle_at(name: str, url: str | None) -> str | None:
    """``@mira`` at any address of her server -> ``mira@kilns.example``; a name with a server is unchanged."""
    name = name.strip().lstrip("@")
    if not name or " " in name or "\n" in name:
        return None
    if "@" in name.strip("@"):
        return name
    host = host_of(url)
    return f"{name}@{host}" if host else name


def handle_in(url: str | None) -> str | None:
    """The handle in the address of a profile: ``https://kilns.example/@mira`` -> ``mira@kilns.example``."""
    match = _PROFILE.match(url or "")
    if match is None:
        return None
    return f"{match[1]}@{match[2] or host_of(url)}"


def handle_of_mention(mention: HtmlMention) -> str | None:
    """The handle of a mention in HTML, by its address, else by its name."""
    return handle_in(mention.href) or handle_at(mention.name, mention.href)


def kind_of_media(media_type: str | None, url: str | None, otherwise: str = "unknown") -> str:
    """``image``, ``video``, ``gif`` or ``audio``, by the media type, else by the extension in the address."""
    family, _, subtype = (media_type or "").lower().partition("/")
    if subtype == "gif":
        return "gif"
    if family in ("image", "video", "audio"):
        return family
    ending = _ENDING.search(url or "")
    return _KINDS.get(ending[1].lower(), otherwise) if ending else otherwise


def tags_of(named: Iterable[str], shown: HtmlText) -> tuple[str, ...]:
    """The hashtags a source names, without ``#``, each once regardless of case, spelled as in the text."""
    as_shown = {tag.casefold(): tag for tag in reversed(shown.tags)}
    found: dict[str, str] = {}
    for name in named:
        tag = name.strip().lstrip("#＃")
        if tag:
            found.setdefault(tag.casefold(), as_shown.get(tag.casefold(), tag))
    return tuple(found.values())


def distinct_handles(handles: Iterable[str | None]) -> tuple[str, ...]:
    """``handles`` without None, in order, each once regardless of case."""
    found: dict[str, str] = {}
    for handle in handles:
        if handle:
            found.setdefault(handle.casefold(), handle)
    return tuple(found.values())


def with_card(
    links: tuple[Link, ...], url: str | None, title: str | None, description: str | None = None
) -> tuple[Link, ...]:
    """``links`` and the card below the post, which has no position in the text."""
    return (*links, Link(url, title=plain_words(title), description=plain_words(description))) if url else links
