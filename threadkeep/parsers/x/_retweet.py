"""Parse retweets of which a source has the text only: ``RT @mira: The kiln is hot``, cut near 140 characters.

{"id_str": "1751", "full_text": "RT @mira: The kiln is…", "entities": {"user_mentions": [{"id_str": "12", …}]}}
    -> Retweet(Account(x:12, "mira"), Post(x:~1f0c…, x:12, "The kiln is…", inferred=("truncated",)))
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from threadkeep.parsers._json.values import Object, get_object, get_objects, get_str
from threadkeep.parsers.x._ids_and_times import PLATFORM, post_time, ref_of
from threadkeep.parsers.x._tweet import body_of, indices_of, language_of, media_objects, text_holder
from threadkeep.parsers.x._tweet_text import unescape
from threadkeep.platforms.x import parse_post_url, parse_retweet_text, post_url
from threadkeep.records import Account, Link, Parsed, Pin, Post, Ref, Repost, account_ref, post_ref

_RETWEET = re.compile(r"RT @([A-Za-z0-9_]{1,20}):? ?", re.A)
_LISTS = ("urls", "media", "hashtags", "symbols", "user_mentions")


class Retweet(NamedTuple):
    """The original of a retweet, as far as the retweet shows it, and its author."""

    account: Account
    post: Post


def with_reposts(records: Iterable[Parsed]) -> Iterator[Parsed]:
    """``records``, with a repost of mira's post in the place of every post ``RT @mira: …``.

    Where a source shows such a text as its owner's post, the words are still mira's. A post that has words of its own
    before ``RT`` stays what it is.
    """
    moved: dict[Ref, Ref] = {}
    for record in records:
        retweet = _retweet_of(record) if isinstance(record, Post) else None
        if retweet is not None and isinstance(record, Post):
            moved[record.ref] = retweet.post.ref
            yield from retweet
            if record.author is not None:
                yield Repost(record.author, retweet.post.ref, record.created)
        elif isinstance(record, Pin | Repost) and record.post in moved:
            yield replace(record, post=moved[record.post])
        else:
            yield record


def _retweet_of(post: Post) -> Retweet | None:
    found = parse_retweet_text(post.text) if post.text.startswith("RT @") else None
    if found is None or not (post.text[found.start :].strip() or post.media):
        return None
    text = post.text[found.start :]
    account = Account(account_ref(PLATFORM, found.handle), found.handle)
    is_cut = "truncated" in post.inferred or text.rstrip().endswith("…")
    original = Post(
        post_ref(PLATFORM, found.handle, text),
        account.ref,
        text,
        quotes=post.quotes,
        links=tuple(
            _moved_link(link, found.start) for link in post.links if link.start is None or link.start >= found.start
        ),
        media=post.media,
        tags=post.tags,
        mentions=tuple(name for name in post.mentions if f"@{name}".casefold() in text.casefold()),
        language=post.language,
        warning=post.warning,
        inferred=("truncated",) if is_cut else (),
    )
    return Retweet(account, original)


def _moved_link(link: Link, length: int) -> Link:
    if link.start is None or link.end is None:
        return link
    return replace(link, start=link.start - length, end=link.end - length)


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
