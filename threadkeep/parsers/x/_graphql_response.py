"""Walk a GraphQL response of X's web interface and find its posts, accounts and missing posts at any depth.

    {"data": {"user": {"result": {"timeline_v2": {"timeline": {"instructions": [
        {"type": "TimelinePinEntry", "entry": {"entryId": "tweet-50", "content": {"itemContent": {…}}}},
        {"type": "TimelineAddEntries", "entries": [{"entryId": "tweet-51", "content": {…}}, {"entryId": "cursor-1"}]}
    ]}}}}}}

The structure of responses changes every few months, so posts and accounts are recognized by their keys, wherever they
stand. Within a post only the quoted and the reposted one are searched for.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from threadkeep.parsers._json.values import Object, get_object, get_str
from threadkeep.parsers.x._ids_and_times import id_of
from threadkeep.parsers.x._tweet import Note

Kind = Literal["post", "account", "missing", "skipped", "old post", "old account"]

_ENTRY_POST = re.compile(r"(?:tweet|tombstone)-([0-9]{1,20})", re.A)
_MISSING = frozenset({"TweetTombstone", "TweetUnavailable", "TimelineTombstone"})
_CURSOR = "TimelineTimelineCursor"
_READ_ITEMS = frozenset({"TimelineTweet", "TimelineUser", "TimelineTombstone", "TimelineNotification", _CURSOR})
_SUGGESTIONS = ("who-to-follow", "who-to-subscribe", "similar-to", "similaruser")
_REASONS = (
    ("suspended", "suspended"),
    ("deleted", "deleted"),
    ("protect", "private"),
    ("limits who can", "private"),
    ("limited who can", "private"),
    ("block", "blocked"),
)


class Context(NamedTuple):
    """State inherited from enclosing objects: the id of the entry's post, pinned, suggested, content warning."""

    post: str | None = None
    is_pinned: bool = False
    is_suggested: bool = False
    warning: str | None = None


class Item(NamedTuple):
    """An item: a post or an account (unconverted), or the reason why a post is missing or something is skipped.

    ``old`` ones come from responses until 2021, in the shape of the API v1.1.
    """

    kind: Kind
    value: Any
    context: Context


def walk(answer: object) -> Iterator[Item]:
    """Yield the items of a response in order. Iterative, for any depth; linear time."""
    waiting: list[tuple[object, Context]] = [(answer, Context())]
    while waiting:
        node, context = waiting.pop()
        if isinstance(node, list):
            waiting.extend((item, context) for item in reversed(node) if isinstance(item, dict | list))
        elif isinstance(node, dict):
            context = _entered(node, context)
            found, below = _classify(node, context)
            yield from found
            waiting.extend((item, inner) for item, inner in reversed(below) if isinstance(item, dict | list))


def _entered(node: Object, context: Context) -> Context:
    """Return the context inside ``node``."""
    entry = node.get("entryId")
    if isinstance(entry, str):
        ids = _ENTRY_POST.findall(entry)
        context = context._replace(
            post=ids[-1] if ids else None, is_suggested=context.is_suggested or entry.startswith(_SUGGESTIONS)
        )
    if node.get("type") == "TimelinePinEntry":
        context = context._replace(is_pinned=True)
    return context


def _classify(node: Object, context: Context) -> tuple[list[Item], list[tuple[object, Context]]]:
    """Return the items that ``node`` is, and the nodes to visit below it."""
    if is_post(node):
        return [Item("post", node, context)], _below_post(node)
    if is_account(node):
        below = [(value, context) for key, value in node.items() if "timeline" in key]
        if context.is_suggested:
            return [Item("skipped", "suggested account", context)], below
        return [Item("account", node, context)], below
    if isinstance(_get_path(node, "tweet", "legacy"), dict):
        warning = _get_path(node, "tweetInterstitial", "text", "text")
        return [], [(node["tweet"], context._replace(warning=warning if isinstance(warning, str) else None))]
    if "globalObjects" in node:
        return _global_objects(node), [(node.get("timeline"), context)]
    if (left_out := _skipped(node, context)) is not None:
        return [left_out], []
    return _errors(node, context), [(value, context) for value in node.values()]


def _errors(node: Object, context: Context) -> list[Item]:
    """Return the errors of a response as skipped items."""
    errors = node.get("errors")
    messages = [_get_path(error, "message") for error in errors] if isinstance(errors, list) else []
    return [Item("skipped", f"API error: {said[:60]}", context) for said in messages if isinstance(said, str)]


def _skipped(node: Object, context: Context) -> Item | None:
    """Return the item for a node known to hold neither post nor account; nothing below it is visited."""
    kind, entry = _type(node), node.get("entryId")
    if node.get("promotedMetadata") or (isinstance(entry, str) and entry.startswith("promoted")):
        return Item("skipped", "advertisement", context)
    if kind == _CURSOR or isinstance(_get_path(node, "operation", "cursor"), dict):
        return Item("skipped", "cursor", context)
    if kind in _MISSING or "tombstoneInfo" in node:
        return Item("missing", reason_of(node), context)
    if kind == "UserUnavailable":
        return Item("skipped", "unavailable account", context)
    for name in ("tweet_results", "tweetResult", "user_results"):
        # A request for several posts is answered with a list of results.
        if name in node and not isinstance(node[name], list):
            return _unread_result(_get_path(node, name, "result"), context, is_user=name == "user_results")
    item = node.get("itemContent")
    if isinstance(item, dict) and "tweet_results" not in item and "user_results" not in item:
        unread = _type(item)
        if unread is not None and unread not in _READ_ITEMS:
            return Item("skipped", f"unknown record type {unread!r}", context)
    return None


def _unread_result(result: Any, context: Context, *, is_user: bool) -> Item | None:
    """Return the item for a result that is missing or of an unknown type; None for a readable one."""
    if not isinstance(result, dict) or not result:
        return Item("skipped", "unavailable account", context) if is_user else Item("missing", "not found", context)
    is_read = is_post(result) or is_account(result) or isinstance(_get_path(result, "tweet", "legacy"), dict)
    if is_read or _type(result) in (*_MISSING, "UserUnavailable") or any("timeline" in key for key in result):
        return None
    return Item("skipped", f"unknown record type {_type(result) or 'without a name'!r}", context)


def _type(node: Object) -> str | None:
    names = (node.get(key) for key in ("__typename", "itemType", "entryType"))
    return next((name for name in names if isinstance(name, str)), None)


def _get_path(node: object, *keys: str) -> Any:
    """Return the value at a path of keys; None if missing."""
    for key in keys:
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def is_post(node: Object) -> bool:
    """Whether ``node`` is a post of the interface."""
    legacy = node.get("legacy")
    return isinstance(legacy, dict) and (
        "full_text" in legacy or (node.get("__typename") == "Tweet" and "rest_id" in node)
    )


def is_account(node: Object) -> bool:
    """Whether ``node`` is an account: its handle is under ``legacy`` until 2025, under ``core`` since."""
    return "rest_id" in node and any(
        isinstance(holder, dict) and "screen_name" in holder for holder in (node.get("core"), node.get("legacy"))
    )


def _result(node: Object, key: str) -> Object:
    result = _get_path(node, key, "result")
    return result if isinstance(result, dict) else {}


def _below_post(node: Object) -> list[tuple[object, Context]]:
    """Return the reposted and the quoted post, each with its id, which a tombstone lacks."""
    below: list[tuple[object, Context]] = []
    legacy = node["legacy"]
    for name in ("retweeted_status", "quoted_status"):
        id_ = legacy.get(f"{name}_id_str")
        context = Context(post=id_ if isinstance(id_, str) else None)
        below += [
            (_result(holder, f"{name}_result"), context) for holder in (node, legacy) if f"{name}_result" in holder
        ]
    return below


def reason_of(tombstone: Object) -> str:
    """``This Post is from a suspended account`` -> ``suspended``; ``not found`` for unknown wordings."""
    info = tombstone.get("tombstone") or tombstone.get("tombstoneInfo")
    texts = (
        _get_path(info, "text"),
        _get_path(info, "text", "text"),
        _get_path(info, "richText", "text"),
        tombstone.get("reason"),
    )
    said = " ".join(text for text in texts if isinstance(text, str)).casefold()
    return next((reason for sign, reason in _REASONS if sign in said), "not found")


def _global_objects(node: Object) -> list[Item]:
    """Return the posts and accounts of a response until 2021, which has them by id beside its timeline."""
    tweets, users = _get_path(node, "globalObjects", "tweets"), _get_path(node, "globalObjects", "users")
    users = users if isinstance(users, dict) else {}
    tweets = tweets if isinstance(tweets, dict) else {}
    found = [
        Item("old post", {**tweet, "user": users.get(str(tweet.get("user_id_str")))}, Context())
        for tweet in tweets.values()
        if isinstance(tweet, dict)
    ]
    return found + [Item("old account", user, Context()) for user in users.values() if isinstance(user, dict)]


def post_id(node: Object) -> str | None:
    """Return the id of a post. Raises ValueError."""
    return id_of(node, "rest_id") or id_of(get_object(node, "legacy"), "id")


def original_of(node: Object) -> tuple[bool, str | None]:
    """Return whether a post is a retweet, and the id of the original if known. Raises ValueError."""
    legacy = get_object(node, "legacy")
    for holder in (legacy, node):
        if "retweeted_status_result" in holder:
            result = _result(holder, "retweeted_status_result")
            return True, post_id(get_object(result, "tweet") or result) or id_of(legacy, "retweeted_status_id")
    return "retweeted_status_id_str" in legacy, id_of(legacy, "retweeted_status_id")


def v1_tweet(node: Object) -> Object:
    """Convert a post to the shape of the API v1.1, without the posts it refers to. Raises ValueError."""
    legacy = get_object(node, "legacy")
    quoted = _result(node, "quoted_status_result")
    return {
        **legacy,
        "id_str": post_id(node),
        "id": node.get("rest_id"),
        "quoted_status_id_str": id_of(legacy, "quoted_status_id") or post_id(get_object(quoted, "tweet") or quoted),
        "quoted_status": None,
        "card": node.get("card"),
        "birdwatch_pivot": node.get("birdwatch_pivot"),
        "edit_control": node.get("edit_control"),
        "view_count": get_object(node, "views").get("count"),
        "user": v1_author(node),
    }


def v1_author(node: Object) -> Object | None:
    """Return the author of a post in the shape of v1.1; only the id if it is unavailable. Raises ValueError."""
    user = _result(get_object(node, "core"), "user_results")
    if is_account(user):
        return v1_user(user)
    id_ = id_of(get_object(node, "legacy"), "user_id")
    return None if id_ is None else {"id_str": id_}


def v1_user(node: Object) -> Object:
    """Convert an account to the shape of v1.1; since 2025 ``legacy`` is split up. Raises ValueError."""
    legacy, core, bio = get_object(node, "legacy"), get_object(node, "core"), get_object(node, "profile_bio")
    people, made = get_object(node, "relationship_counts"), get_object(node, "tweet_counts")
    return {
        "id_str": id_of(node, "rest_id"),
        "screen_name": core.get("screen_name") or legacy.get("screen_name"),
        "name": core.get("name") or legacy.get("name"),
        "description": bio.get("description") or legacy.get("description"),
        "url": get_object(node, "website").get("url") or legacy.get("url"),
        "entities": bio.get("entities") or legacy.get("entities"),
        "followers_count": _first(people.get("followers"), legacy.get("followers_count")),
        "friends_count": _first(people.get("following"), legacy.get("friends_count")),
        "statuses_count": _first(made.get("tweets"), legacy.get("statuses_count")),
    }


def _first(newer: Any, older: Any) -> Any:
    return older if newer is None else newer


def pinned_ids(node: Object) -> tuple[str, ...]:
    """Return the ids of the posts pinned on a profile. Raises ValueError."""
    listed = get_object(node, "pinned_items").get("tweet_ids_str") or get_object(node, "legacy").get(
        "pinned_tweet_ids_str"
    )
    return tuple(id_ for id_ in listed if isinstance(id_, str)) if isinstance(listed, list) else ()


def note_of(node: Object) -> Note | None:
    """Return the long text of a post of more than 280 characters. Raises ValueError."""
    note = _result(get_object(node, "note_tweet"), "note_tweet_results")
    text = get_str(note, "text")
    return None if text is None else Note(text, get_object(note, "entity_set"))


def article_title(node: Object) -> str | None:
    """Return the title of an article published as a post. Raises ValueError."""
    return get_str(_result(get_object(node, "article"), "article_results"), "title")
