"""Read responses of the API v2 of X: pages, lines of a stream, and the flat lines that ``twarc2 flatten`` writes.

    {"data": [{"id": "51", "text": "RT @finn: Salt…", "author_id": "12", "referenced_tweets": [{"type": "retweeted",
     "id": "50"}]}], "includes": {"users": […], "tweets": […]}, "errors": [{"resource_type": "tweet", "value": "49"}]}

A page gives an entry for each post in ``data`` and ``includes.tweets``, each account in ``includes.users`` and each of
its ``errors``. Versions of an edited post on one page are one post with its edits; flat lines are independent, so there
each version is a post. A retweet is a repost; its original comes from the page or, truncated, from the retweet's text.
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.stream import is_json, paths_of, values
from threadkeep.parsers._json.values import Object, get_object, get_str, object_of, raw_of
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._api_v2_tweet import (
    ResponsePage,
    listed,
    note_of,
    referenced,
    v1_tweet,
    v1_user,
    with_referenced,
)
from threadkeep.parsers.x._ids_and_times import PLATFORM, id_of, parse_id, post_time
from threadkeep.parsers.x._retweet import parse_retweet, with_reposts
from threadkeep.parsers.x._tweet import EARLIER_VERSION, account_of, merge_versions, post_of
from threadkeep.records import Account, Gap, Parsed, Pin, Post, Ref, Repost, Skipped
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import Source

NAME = "x-api-v2"
TITLE = "X (Twitter) API v2: JSON or JSON Lines, also from twarc 2"
VERSION = 2

_FLAT_SIGNS = ("author_id", "conversation_id", "edit_history_tweet_ids", "public_metrics", "referenced_tweets")
_PAGE_KEYS = frozenset({"data", "includes", "errors", "meta"})
_INCLUDED = frozenset({"users", "tweets", "media", "polls", "places"})
"""Keys of ``includes`` that are read."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A post, an account or an error, with its page."""

    value: Any
    page: ResponsePage


def recognizes(source: Source) -> bool:
    """Whether pages, or flat posts or accounts, stand near the beginning."""
    if not is_json(source):
        return False
    found = paths_of(source)
    return _is_beside(found) or any(_is_page(found, place) or _is_flat(found, place) for place in ("", "[]."))


def _is_beside(found: set[str]) -> bool:
    """Whether it is the ``includes`` of a page, which academictwitteR writes to separate files."""
    if "data" in found or "includes" in found:
        return False
    return {"users[].id", "users[].username"} <= found or {
        "tweets[].id",
        "tweets[].text",
        "tweets[].author_id",
    } <= found


def _is_page(found: set[str], place: str) -> bool:
    if f"{place}data" not in found:
        return {f"{place}meta.result_count", f"{place}__twarc"} <= found or {
            f"{place}errors[].resource_type",
            f"{place}errors[].title",
        } <= found
    held = (f"{place}data[].", f"{place}data.")
    return any(
        {f"{data}id", f"{data}text"} <= found
        or {f"{data}id", f"{data}username"} <= found
        or {f"{data}start", f"{data}end", f"{data}tweet_count"} <= found
        for data in held
    )


def _is_flat(found: set[str], place: str) -> bool:
    signs = {name for name in _FLAT_SIGNS if f"{place}{name}" in found}
    if f"{place}id" not in found or f"{place}user" in found:
        return False
    if f"{place}text" in found:
        return bool(signs)
    return f"{place}username" in found and "public_metrics" in signs


def entries(source: Source) -> Iterator[Entry]:
    """Yield the posts, accounts and errors of each page, or the flat lines. See the module."""
    for value in values(source):
        try:
            held = loads(value.json)
        except ValueError:
            # parse reports the error
            yield Entry(value.locator, _Item(value.json, ResponsePage()), value.raw())
            if whole := _whole_posts(value.json):
                yield from _cut(value.locator, {"data": whole}, "")
            continue
        if isinstance(held, list):
            for number, item in enumerate(held, 1):
                yield from _cut(f"{value.locator} item {number}", item, raw_of(item))
        else:
            yield from _cut(value.locator, held, value.raw())


def _cut(locator: str, item: Any, raw: str) -> Iterator[Entry]:
    """Yield the entries of a page, or of a flat post, account or notice."""
    if isinstance(item, dict) and "id" not in item and any(isinstance(item.get(key), list) for key in _INCLUDED):
        item = {"includes": item}
    if not isinstance(item, dict) or not _PAGE_KEYS & item.keys():
        yield Entry(locator, _Item(item, _page_of_flat(item)), raw)
        return
    try:
        includes = get_object(item, "includes")
        data, tweets, users = listed(item, "data"), listed(includes, "tweets"), listed(includes, "users")
        groups = {"data": data, "includes.tweets": tweets, "includes.users": users, "errors": listed(item, "errors")}
        page = ResponsePage(data, includes)
    except ValueError as error:
        yield Entry(locator, _Item(error, ResponsePage()), raw)
        return
    for where, things in groups.items():
        for number, thing in enumerate(things, 1):
            yield Entry(f"{locator} {where} {number}", _Item(thing, page), raw_of(thing))
    for key in sorted(includes.keys() - _INCLUDED):
        things = includes[key] if isinstance(includes[key], list) else [includes[key]]
        for number, thing in enumerate(things, 1):
            yield Entry(f"{locator} includes.{key} {number}", _Item({key: thing}, page), raw_of(thing))


def _whole_posts(page: str | bytes) -> list[Any]:
    """Return the complete posts of a truncated page."""
    whole = []
    with contextlib.suppress(DumpError, ValueError):
        for item in items(io.BytesIO(page.encode("utf-8", "replace") if isinstance(page, str) else page), "data"):
            whole.append(loads(item))
    return whole


def _page_of_flat(item: Any) -> ResponsePage:
    try:
        return ResponsePage(with_referenced(item)) if isinstance(item, dict) else ResponsePage()
    except ValueError:
        return ResponsePage()


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield the records of a post, an account or an error. Raises ValueError.

    ``{"id": "51", "author_id": "12", "text": "RT …", "referenced_tweets": [{"type": "retweeted", "id": "50"}]}``
        -> ``Account(x:12)``, ``Repost(x:12, x:50)``
    """
    item: _Item = entry.data
    if isinstance(item.value, ValueError):
        raise item.value
    value = loads(item.value) if isinstance(item.value, str | bytes) else item.value
    yield from with_reposts(_records(object_of(value, "an entry"), item.page))


def _records(item: Object, page: ResponsePage) -> Iterator[Parsed]:
    if "event_type" in item or "dm_conversation_id" in item:
        yield Skipped("direct message")
    elif "text" in item:
        for tweet in with_referenced(item):
            yield from _tweet(tweet, page)
    elif "username" in item:
        yield from _account(item, page)
    elif "title" in item and ("detail" in item or "resource_type" in item or "type" in item):
        yield _error(item)
    elif "tweet_count" in item and "start" in item:
        yield Skipped("count of posts")
    else:
        yield Skipped(f"unknown kind of object ({', '.join(sorted(item)[:3])})")


def _tweet(tweet: Object, page: ResponsePage) -> Iterator[Parsed]:
    if tweet.get("id") is None:
        raise ValueError("there is no 'id'")
    id_ = id_of(tweet, "id") or ""
    if page.versions.current(id_) != id_:
        yield Skipped(EARLIER_VERSION)
        return
    shape = v1_tweet(tweet, page)
    author = account_of(user) if (user := get_object(shape, "user")) else None
    if author:
        yield author
    original = referenced(tweet, "retweeted")
    if original is None:
        post = _post(tweet, page, author)
        earlier = [_post(version, page, author) for version in page.versions.earlier(id_)]
        yield merge_versions((*earlier, post)) if earlier else post
        return
    if author is None:
        raise ValueError("a retweet without its author: no 'author_id'")
    ref = Ref(PLATFORM, page.versions.current(original))
    yield Repost(author.ref, ref, post_time(get_str(tweet, "created_at"), id_ or None))
    if original not in page.tweets and (retweet := parse_retweet(shape, ref)):
        yield from retweet


def _post(tweet: Object, page: ResponsePage, author: Account | None) -> Post:
    ref, handle = (author.ref, author.handle) if author else (None, None)
    return post_of(v1_tweet(tweet, page), ref, handle, note_of(tweet))


def _account(user: Object, page: ResponsePage) -> Iterator[Parsed]:
    """Yield the account, and its pin if the page holds the pinned post."""
    account = account_of(v1_user(user))
    yield account
    pinned = get_object(user, "pinned_tweet")
    if "text" in pinned:
        yield from _tweet(pinned, ResponsePage((*page.tweets.values(), pinned), {"users": [user]}))
    id_ = id_of(user, "pinned_tweet_id")
    if id_ is not None and (id_ in page.tweets or "text" in pinned):
        yield Pin(account.ref, Ref(PLATFORM, page.versions.current(id_)))


def _error(error: Object) -> Parsed:
    """Return a gap for a post that X calls missing; skip other errors by their title."""
    title = get_str(error, "title") or "untitled"
    id_ = error.get("resource_id") or error.get("value")
    if error.get("resource_type") != "tweet" or not isinstance(id_, str) or not (id_.isascii() and id_.isdigit()):
        return Skipped(f"API error: {title}")
    said = f"{title} {get_str(error, 'detail') or ''}".casefold()
    for reason, sign in (("suspended", "suspended"), ("private", "authoriz"), ("not found", "not found")):
        if sign in said:
            return Gap(Ref(PLATFORM, parse_id(id_, "resource_id")), reason)
    return Gap(Ref(PLATFORM, parse_id(id_, "resource_id")), title.casefold())
