"""Convert a post of the API v2 of X to the shape of v1.1, with the ``includes`` of its page.

    {"data": [{"id": "51", "text": "Tea", "author_id": "12", "referenced_tweets": [{"type": "quoted", "id": "50"}]}],
     "includes": {"users": [{"id": "12", "username": "mira"}], "tweets": […], "media": […], "polls": […]}}
        -> {"id_str": "51", "full_text": "Tea", "quoted_status_id_str": "50", "user": {"screen_name": "mira", …}}

Lines that ``twarc2 flatten`` wrote hold the same within each post: ``author``, ``attachments.media`` and ``.poll``, and
whole posts in ``referenced_tweets``.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from threadkeep.parsers._json.values import Object, get_object, get_objects, get_str, kind_of
from threadkeep.parsers.x._ids_and_times import id_of
from threadkeep.parsers.x._tweet import Note, Versions, poll_card
from threadkeep.platforms.x import parse_post_url

_KINDS_BY_KEY = {"3": "photo", "7": "video", "13": "video", "16": "animated_gif"}
"""Kinds of media by the prefix of their key, for those missing in the page: ``3_1377…`` is a photo."""
_MEDIA_PATH = re.compile(r"/(?:photo|video)/[0-9]+", re.A)
_METRICS = (
    ("reply_count", "reply_count"),
    ("retweet_count", "retweet_count"),
    ("favorite_count", "like_count"),
    ("quote_count", "quote_count"),
    ("view_count", "impression_count"),
)


class ResponsePage:
    """The ``includes`` of a page or a flat line by id, and the versions of edited posts.

    Invalid objects are ignored here: they fail as entries.
    """

    def __init__(self, tweets: Iterable[object] = (), includes: Object | None = None) -> None:
        includes = includes or {}
        self._users = _by_id(listed(includes, "users"))
        self._media = _by_id(listed(includes, "media"), "media_key")
        self._polls = _by_id(listed(includes, "polls"))
        self.tweets = _by_id((*listed(includes, "tweets"), *tweets))
        self.versions = Versions(self.tweets)

    def author(self, tweet: Object) -> Object:
        """Return the author of ``tweet`` in the shape of v1.1; empty if unknown. Raises ValueError."""
        id_ = id_of(tweet, "author_id")
        known = self._users.get(id_, {"id": id_}) if id_ is not None else {}
        return v1_user(get_object(tweet, "author") or known)

    def media(self, tweet: Object) -> list[Object]:
        """Return the media of ``tweet``, as far as described. Raises ValueError."""
        attached = get_object(tweet, "attachments")
        here = _by_id(listed(attached, "media"), "media_key")
        return [
            here.get(key) or self._media.get(key) or {"media_key": key}
            for key in map(str, listed(attached, "media_keys") or here)
        ]

    def poll(self, tweet: Object) -> Object:
        """Return the poll of ``tweet``; empty if it has none. Raises ValueError."""
        attached = get_object(tweet, "attachments")
        ids = listed(attached, "poll_ids")
        return get_object(attached, "poll") or (self._polls.get(str(ids[-1]), {}) if ids else {})


def listed(object_: Object, key: str) -> list[Any]:
    """Return the list under ``key``; a single object counts as a list of one. Raises ValueError."""
    value = object_.get(key)
    if value is None:
        return []
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise ValueError(f"{key!r} should be a list, found {kind_of(value)}")
    return value


def _by_id(items: Iterable[object], key: str = "id") -> dict[str, Object]:
    found = {}
    for item in items:
        if isinstance(item, dict):
            with contextlib.suppress(ValueError):
                id_ = id_of(item, key) if key == "id" else get_str(item, key)
                if id_ is not None:
                    found[id_] = item
    return found


def with_referenced(tweet: Object) -> Iterator[Object]:
    """Yield a flat post, then those nested in it, to any depth. Raises ValueError."""
    waiting = [tweet]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(item for item in reversed(get_objects(current, "referenced_tweets")) if "text" in item)


def referenced(tweet: Object, kind: str) -> str | None:
    """Return the id of the post that ``tweet`` refers to: ``quoted``, ``replied_to`` or ``retweeted``.

    Raises ValueError.
    """
    for item in get_objects(tweet, "referenced_tweets"):
        if item.get("type") == kind:
            return id_of(item, "id")
    return None


def v1_tweet(tweet: Object, page: ResponsePage) -> Object:
    """Convert a post to the shape of v1.1, without the posts it refers to. Raises ValueError."""
    metrics = get_object(tweet, "public_metrics")
    quoted, answered = referenced(tweet, "quoted"), referenced(tweet, "replied_to")
    user = page.author(tweet)
    return {
        "id_str": id_of(tweet, "id"),
        "id": tweet.get("id"),
        "created_at": tweet.get("created_at"),
        "full_text": tweet.get("text"),
        "entities": _v1_entities(tweet),
        "extended_entities": {"media": [_v1_media(item) for item in page.media(tweet)]},
        "lang": tweet.get("lang"),
        "conversation_id_str": id_of(tweet, "conversation_id"),
        "in_reply_to_status_id_str": answered and page.versions.current(answered),
        "quoted_status_id_str": quoted and page.versions.current(quoted),
        "is_quote_status": quoted is not None,
        "card": _v1_poll(page.poll(tweet)),
        "birdwatch_pivot": tweet.get("birdwatch_pivot"),
        "user": user or None,
        **{ours: metrics.get(theirs) for ours, theirs in _METRICS},
    }


def note_of(tweet: Object) -> Note | None:
    """Return the long text of a post of more than 280 characters. Raises ValueError."""
    note = get_object(tweet, "note_tweet")
    text = get_str(note, "text")
    return None if text is None else Note(text, _v1_entities(note) or {})


def v1_user(user: Object) -> Object:
    """Convert an account to the shape of v1.1. Raises ValueError."""
    metrics = get_object(user, "public_metrics")
    if not user:
        return {}
    return {
        "id_str": id_of(user, "id"),
        "screen_name": user.get("username"),
        "name": user.get("name"),
        "description": user.get("description"),
        "url": user.get("url"),
        "entities": user.get("entities"),
        "followers_count": metrics.get("followers_count"),
        "friends_count": metrics.get("following_count"),
        "statuses_count": metrics.get("tweet_count"),
    }


def _v1_entities(tweet: Object) -> Object | None:
    """Convert entities to ``indices``, links of attached media separate. Lists missing in the page stay missing."""
    if tweet.get("entities") is None:
        return None
    entities = get_object(tweet, "entities")
    urls = get_objects(entities, "urls")
    found: Object = {
        "urls": [_v1_url(item) for item in urls if not _is_media(item)],
        "media": [_v1_url(item) for item in urls if _is_media(item)],
    }
    if "hashtags" in entities:
        found["hashtags"] = [
            {"text": item.get("tag"), "indices": _indices(item)} for item in get_objects(entities, "hashtags")
        ]
    if "mentions" in entities:
        found["user_mentions"] = [
            {
                "screen_name": item.get("username"),
                "id_str": id_of(item, "id"),
                "name": item.get("name"),
                "indices": _indices(item),
            }
            for item in get_objects(entities, "mentions")
        ]
    return found


def _is_media(url: Object) -> bool:
    found = parse_post_url(get_str(url, "expanded_url") or "")
    return "media_key" in url or (found is not None and _MEDIA_PATH.fullmatch(found.subpath) is not None)


def _v1_url(item: Object) -> Object:
    return {**item, "indices": _indices(item)}


def _indices(item: Object) -> list[Any] | None:
    """Return ``start`` and ``end``, which is exclusive (except in annotations)."""
    start, end = item.get("start"), item.get("end")
    return None if start is None or end is None else [start, end]


def _v1_media(item: Object) -> Object:
    key = get_str(item, "media_key") or ""
    variants = [{**variant, "bitrate": variant.get("bit_rate")} for variant in get_objects(item, "variants")]
    return {
        "type": get_str(item, "type") or _KINDS_BY_KEY.get(key.partition("_")[0]),
        "media_url_https": get_str(item, "url") or get_str(item, "preview_image_url"),
        "ext_alt_text": item.get("alt_text"),
        "video_info": {"variants": variants},
    }


def _v1_poll(poll: Object) -> Object | None:
    options = get_objects(poll, "options")
    if not options:
        return None
    return poll_card([(item.get("label"), item.get("votes")) for item in options])
