"""Parse retweets of which a source has the text only: ``RT @mira: The kiln is hot``, cut near 140 characters.

{"id_str": "1751", "full_text": "RT @mira: The kiln is…", "entities": {"user_mentions": [{"id_str": "12", …}]}}
    -> Retweet(Account(x:12, "mira"), Post(x:~1f0c…, x:12, "The kiln is…", inferred=("truncated",)))
"""

import re
from typing import NamedTuple

from threadkeep.parsers._json.values import Object, get_object, get_objects, get_str
from threadkeep.parsers.x._ids_and_times import PLATFORM, post_time, ref_of
from threadkeep.parsers.x._tweet import body_of, indices_of, language_of, media_objects, text_holder
from threadkeep.parsers.x._tweet_text import unescape
from threadkeep.platforms.x import parse_post_url, post_url
from threadkeep.records import Account, Post, Ref, account_ref, post_ref

_RETWEET = re.compile(r"RT @([A-Za-z0-9_]{1,20}):? ?", re.A)
_LISTS = ("urls", "media", "hashtags", "symbols", "user_mentions")


class Retweet(NamedTuple):
    """The original of a retweet, as far as the retweet shows it, and its author."""

    account: Account
    post: Post


def parse_retweet(tweet: Object, ref: Ref | None = None) -> Retweet | None:
    """Return the original in a text of the form ``RT @mira: …``; None for other texts. Raises ValueError.

    Its id is ``ref`` if known, else the one that its media name, else derived from author and text. Its time comes from
    the id. Counts stay unknown: those present belong to the retweet.
    """
    holder, raw = text_holder(tweet)
    match = _RETWEET.match(raw)
    if match is None:
        return None
    account = _author(holder, match[1])
    original = _without_prefix(tweet, holder, raw, match.end())
    body = body_of(original)
    ref = ref or _source(tweet, account) or post_ref(PLATFORM, match[1], body.text)
    created = post_time(None, ref.id) if ref.is_native else None
    inferred = {"created": created is not None, "truncated": body.is_cut or raw.rstrip().endswith("…")}
    post = Post(
        ref,
        account.ref,
        body.text,
        created=created,
        url=post_url(ref.id, account.handle) if ref.is_native else None,
        links=body.links,
        media=body.media,
        poll=body.poll,
        tags=body.tags,
        mentions=body.mentions,
        language=language_of(tweet),
        warning=body.warning,
        inferred=tuple(name for name, holds in inferred.items() if holds),
    )
    return Retweet(account, post)


def _author(holder: Object, handle: str) -> Account:
    """Return the account mentioned first, with its id if the entities have it."""
    for mention in get_objects(get_object(holder, "entities"), "user_mentions"):
        if (get_str(mention, "screen_name") or "").casefold() == handle.casefold():
            name = get_str(mention, "name")
            return Account(ref_of(mention, "id") or account_ref(PLATFORM, handle), handle, name and unescape(name))
    return Account(account_ref(PLATFORM, handle), handle)


def _source(tweet: Object, author: Account) -> Ref | None:
    """Return the original's id, which X gives only in the original's own media."""
    for item in media_objects(tweet):
        # …/mira/status/1750/photo/1; the media may come from a third person's post.
        found = parse_post_url(get_str(item, "expanded_url") or "")
        handle = found.handle if found else None
        if ref_of(item, "source_user_id") == author.ref or (
            handle is not None and author.handle is not None and handle.casefold() == author.handle.casefold()
        ):
            return ref_of(item, "source_status_id")
    return None


def _without_prefix(tweet: Object, holder: Object, raw: str, length: int) -> Object:
    """Return ``tweet`` without the first ``length`` characters of its text and the entities in them."""
    entities = get_object(holder, "entities")
    moved: Object = dict(entities)
    for name in _LISTS:
        if name in entities:
            moved[name] = [
                _moved(item, length) for item in get_objects(entities, name) if indices_of(item)[0] >= length
            ]
    kept = {key: value for key, value in tweet.items() if key not in ("extended_tweet", "full_text", "text")}
    key = "full_text" if "full_text" in holder else "text"
    return {**kept, key: raw[length:], "entities": moved if holder.get("entities") is not None else None}


def _moved(item: Object, length: int) -> Object:
    start, end = indices_of(item)
    return {**item, "indices": [start - length, end - length]}
