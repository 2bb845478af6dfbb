"""Match the long texts of an archive of X with their posts, with which they share no id.

    {"noteTweet": {"noteTweetId": "99", "createdAt": "2023-05-01T12:00:00.000Z", "core": {"text": "…", "urls": […]}}}

A long text belongs to the post of the same second that begins with the same 50 characters, ignoring escapes, links and
the leading mentions of a reply.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from threadkeep.parsers._json.values import Object, get_object, get_objects, get_str
from threadkeep.parsers.x._ids_and_times import parse_time
from threadkeep.parsers.x._tweet import Note, text_holder
from threadkeep.parsers.x._tweet_text import unescape

BEGINNING = 50
"""Characters that must be equal."""

_LINKS = re.compile(r"https?://\S+")
_MENTIONS = re.compile(r"^(?:\s*@\w+)+")


@dataclass(frozen=True, slots=True)
class LongText:
    """A long text; ``core`` is the archive's object."""

    locator: str
    text: str
    created: datetime | None
    core: Object

    def as_note(self, tweet: Object) -> Note:
        """Return the text with its entities in the shape of the API v1.1, and the mentions of ``tweet``.

        Raises ValueError.
        """
        entities: Object = {
            "urls": [
                {
                    "url": get_str(url, "shortUrl"),
                    "expanded_url": get_str(url, "expandedUrl"),
                    "display_url": get_str(url, "displayUrl"),
                    "indices": [url.get("fromIndex"), url.get("toIndex")],
                }
                for url in get_objects(self.core, "urls")
            ],
            "hashtags": [{"text": get_str(tag, "text")} for tag in get_objects(self.core, "hashtags")],
            "user_mentions": [
                *get_objects(get_object(tweet, "entities"), "user_mentions"),
                *({"screen_name": get_str(mention, "screenName")} for mention in get_objects(self.core, "mentions")),
            ],
        }
        return Note(self.text, entities)


def parse_long_text(locator: str, note: Object) -> LongText:
    """Parse an item of ``note-tweet.js``. Raises ValueError if it has no text."""
    core = get_object(note, "core")
    text, created = get_str(core, "text"), get_str(note, "createdAt")
    if text is None:
        raise ValueError("a long text without 'core.text'")
    return LongText(locator, text, parse_time(created) if created else None, core)


class UnmatchedLongTexts:
    """The long texts not yet matched with a post."""

    def __init__(self, texts: Iterable[LongText]) -> None:
        self._by_second: dict[datetime | None, list[LongText]] = defaultdict(list)
        for text in texts:
            self._by_second[text.created and text.created.replace(microsecond=0)].append(text)

    def take(self, tweet: Object) -> LongText | None:
        """Remove and return the long text of a post, if it has one. Raises ValueError for a post without text."""
        created = get_str(tweet, "created_at")
        if not self._by_second or created is None:
            return None
        candidates = self._by_second.get(parse_time(created), [])
        if not candidates:
            return None
        beginning = _beginning(unescape(text_holder(tweet)[1]))
        for number, candidate in enumerate(candidates):
            if _same(beginning, _beginning(candidate.text)):
                return candidates.pop(number)
        return None

    def __iter__(self) -> Iterator[LongText]:
        """Yield the long texts left without a post."""
        for texts in self._by_second.values():
            yield from texts


def _beginning(text: str) -> str:
    return " ".join(_LINKS.sub(" ", _MENTIONS.sub("", text)).split())[:BEGINNING]


def _same(post: str, long: str) -> bool:
    """Whether the two begin alike; never for a post of links and mentions only."""
    shown = post.rstrip("…").rstrip()
    return bool(shown) and long.startswith(shown[:BEGINNING])
