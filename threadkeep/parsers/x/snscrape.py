"""Read JSON Lines that snscrape and twscrape wrote of X: one post a line.

    {"_type": "snscrape.modules.twitter.Tweet", "id": 51, "date": "2022-02-08T20:07:58+00:00", "rawContent": "Tea",
     "user": {"id": 12, "username": "mira"}, "links": [{"tcourl": "https://t.co/a1", "url": "https://example.com/"}],
     "quotedTweet": {…}, "retweetedTweet": null, "inReplyToTweetId": 50, "conversationId": 49}

Older versions say ``content``, ``outlinks`` and ``tcooutlinks``; twscrape groups media by kind.
"""

import re
from collections.abc import Iterator
from typing import Any

from threadkeep.parsers._json.stream import DecodedItem, decoded_items, is_json, paths_of
from threadkeep.parsers._json.values import Object, get_object, get_objects, get_str
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._graphql_response import reason_of
from threadkeep.parsers.x._ids_and_times import PLATFORM, parse_id, post_time
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.parsers.x._tweet import account_of, poll_card, post_of, tweet_id, tweet_ref
from threadkeep.records import Gap, Parsed, Pin, Ref, Repost, Skipped
from threadkeep.sources.source import Source

NAME = "snscrape"
TITLE = "snscrape or twscrape JSON Lines of X (Twitter)"
VERSION = 3

_TYPE = re.compile(r'(?<!\\)"_type"\s*:\s*"snscrape\.modules\.twitter\.')
_REFERENCES = ("Tombstone", "TweetRef")
"""Types that stand for a post snscrape could not read."""
_TRAILING = re.compile(r"https://t\.co/[A-Za-z0-9]++(?=\s*\Z)")
_COUNTS = (
    ("reply_count", "replyCount"),
    ("retweet_count", "retweetCount"),
    ("favorite_count", "likeCount"),
    ("quote_count", "quoteCount"),
    ("view_count", "viewCount"),
)


def recognizes(source: Source) -> bool:
    """Whether objects name their snscrape type, or are posts with the keys of early versions."""
    if source.head is None or not is_json(source):
        return False
    if _TYPE.search(source.head):
        return True
    found = paths_of(source)
    needed = ("id", "date", "user.username", "renderedContent", "conversationId")
    return any(all(f"{place}{name}" in found for name in needed) for place in ("", "[]."))


def entries(source: Source) -> Iterator[Entry]:
    """Yield the lines, or the items of an array."""
    for item in decoded_items(source):
        yield Entry(item.locator, item, item.raw)


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield the post with its author, then the posts it quotes or reposts with theirs. Raises ValueError.

    ``{"id": 51, "user": {"id": 12}, "retweetedTweet": {"id": 50, …}}`` -> ``Repost(x:12, x:50)``, ``Post(x:50)``, …
    """
    item: DecodedItem = entry.data
    yield from with_reposts(_records(item.as_object()))


def _records(item: Object) -> Iterator[Parsed]:
    kind = (get_str(item, "_type") or "").rpartition(".")[2]
    if kind == "User":
        yield account_of(_v1_user(item))
    elif kind in _REFERENCES:
        yield _gap(item)
    elif kind in ("Tweet", "") or _has_text(item):
        yield from _tweets(item)
    else:
        yield Skipped(f"unknown record type {kind!r}")


def _gap(item: Object) -> Gap:
    return Gap(Ref(PLATFORM, parse_id(_id(item, "id"), "id")), reason_of({"reason": item.get("text")}))


def _has_text(item: Object) -> bool:
    return "rawContent" in item or "content" in item


def _tweets(tweet: Object) -> Iterator[Parsed]:
    """Yield a post or a repost with its author, then the posts inside it, to any depth."""
    waiting = [tweet]
    while waiting:
        current = waiting.pop()
        if (get_str(current, "_type") or "TweetRef").rpartition(".")[2] in _REFERENCES and not _has_text(current):
            yield _gap(current)
            continue
        user = get_object(current, "user") or {"username": current.get("username")}
        author = account_of(_v1_user(user))
        yield author
        shape = _v1_tweet(current)
        original, quoted = get_object(current, "retweetedTweet"), get_object(current, "quotedTweet")
        if original:
            created = post_time(get_str(shape, "created_at"), tweet_id(shape))
            yield Repost(author.ref, _ref_of(original), created)
            waiting.append(original)
        else:
            post = post_of(shape, author.ref, author.handle)
            yield post
            if current.get("pinned") is True:
                yield Pin(author.ref, post.ref)
            if quoted:
                waiting.append(quoted)


def _ref_of(tweet: Object) -> Ref:
    """Return what a post inside another one is called."""
    if _has_text(tweet):
        return tweet_ref(_v1_tweet(tweet))
    return Ref(PLATFORM, parse_id(_id(tweet, "id"), "id"))


def _id(item: Object, key: str) -> Any:
    """Return an id; twscrape has it also as text, under ``id_str`` or ``conversationIdStr``."""
    return item.get(f"{key}_str") or item.get(f"{key}Str") or item.get(key)


def _v1_tweet(tweet: Object) -> Object:
    """Convert a post to the shape of the API v1.1, without the posts it refers to."""
    if not _has_text(tweet):
        raise ValueError("there is neither 'rawContent' nor 'content'")
    raw = get_str(tweet, "rawContent") or get_str(tweet, "content") or ""
    media = list(_v1_media(tweet))
    quoted = get_object(tweet, "quotedTweet")
    return {
        "id": _id(tweet, "id"),
        "url": tweet.get("url"),
        "user": _v1_user(get_object(tweet, "user")),
        "created_at": tweet.get("date"),
        "full_text": raw,
        "entities": _v1_entities(tweet, raw, has_media=bool(media)),
        "extended_entities": {"media": media},
        "lang": tweet.get("lang"),
        "conversation_id_str": _id(tweet, "conversationId"),
        "in_reply_to_status_id_str": _id(tweet, "inReplyToTweetId"),
        "quoted_status_id_str": _id(quoted, "id"),
        "is_quote_status": bool(quoted),
        "card": _v1_card(get_object(tweet, "card")),
        **{ours: tweet.get(theirs) for ours, theirs in _COUNTS},
    }


def _v1_entities(tweet: Object, raw: str, *, has_media: bool) -> Object:
    """Convert links, tags and mentions; lists that early versions did not write stay missing."""
    urls = [
        {"url": item.get("tcourl"), "expanded_url": item.get("url"), "indices": item.get("indices")}
        for item in get_objects(tweet, "links")
    ] or [
        {"url": written, "expanded_url": target}
        for written, target in zip(_texts(tweet, "tcooutlinks"), _texts(tweet, "outlinks"), strict=False)
    ]
    entities: Object = {"urls": urls, "media": []}
    trailing = _TRAILING.search(raw, max(0, len(raw) - 100)) if has_media else None
    if trailing and all(item["url"] != trailing[0] for item in urls):
        # No list has the link of the media.
        entities["media"] = [{"url": trailing[0], "indices": list(trailing.span())}]
    if "hashtags" in tweet:
        entities["hashtags"] = [{"text": tag} for tag in _texts(tweet, "hashtags")]
    if "mentionedUsers" in tweet:
        entities["user_mentions"] = [
            {"screen_name": user.get("username")} for user in get_objects(tweet, "mentionedUsers")
        ]
    return entities


def _texts(tweet: Object, key: str) -> list[str]:
    listed = tweet.get(key)
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise ValueError(f"{key!r} should be a list of strings")
    return listed


def _v1_media(tweet: Object) -> Iterator[Object]:
    """Yield the media from one list (snscrape) or a list for each kind (twscrape)."""
    media = tweet.get("media")
    if isinstance(media, dict):
        for item in get_objects(media, "photos"):
            yield _v1_medium("photo", item)
        for item in get_objects(media, "videos"):
            yield _v1_medium("video", item)
        for item in get_objects(media, "animated"):
            yield _v1_medium("animated_gif", item)
        return
    for item in get_objects(tweet, "media"):
        kind = (get_str(item, "_type") or get_str(item, "type") or "").rpartition(".")[2].casefold()
        if kind in ("gif", "animated_gif"):
            yield _v1_medium("animated_gif", item)
        else:
            yield _v1_medium("video" if "variants" in item else "photo", item)


def _v1_medium(kind: str, item: Object) -> Object:
    urls = ("fullUrl", "videoUrl", "url", "previewUrl", "thumbnailUrl")
    return {
        "type": kind,
        "media_url_https": next((url for name in urls if (url := get_str(item, name))), None),
        "ext_alt_text": item.get("altText"),
        "video_info": {"variants": get_objects(item, "variants")},
    }


def _v1_card(card: Object) -> Object | None:
    options = get_objects(card, "options")
    if options:
        return poll_card([(item.get("label"), item.get("count")) for item in options])
    values = {name: {"string_value": text} for name in ("title", "description") if (text := get_str(card, name))}
    return {"url": get_str(card, "url"), "binding_values": values} if values else None


def _v1_user(user: Object) -> Object:
    """Convert an account to the shape of the API v1.1."""
    raw = get_str(user, "rawDescription")
    links = get_objects(user, "descriptionLinks") or get_objects(user, "descriptionUrls")
    urls = [{"url": item.get("tcourl"), "expanded_url": item.get("url")} for item in links]
    return {
        "id_str": _id(user, "id"),
        "screen_name": user.get("username"),
        "name": user.get("displayname"),
        "description": raw or get_str(user, "renderedDescription") or get_str(user, "description"),
        "url": get_str(get_object(user, "link"), "url") or get_str(user, "linkUrl"),
        "entities": {"description": {"urls": urls}},
        "followers_count": user.get("followersCount"),
        "friends_count": user.get("friendsCount"),
        "statuses_count": user.get("statusesCount"),
    }
