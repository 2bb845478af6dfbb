"""Read captured GraphQL responses of X's web interface: TweetDetail, UserTweets, SearchTimeline and the like.

    {"data": {"threaded_conversation_with_injections_v2": {"instructions": [{"type": "TimelineAddEntries", "entries": [
        {"entryId": "tweet-51", "content": {"itemContent": {"tweet_results": {"result": {"__typename": "Tweet",
         "rest_id": "51", "core": {"user_results": {…}}, "legacy": {"full_text": "Tea", …}, "note_tweet": {…}}}}}}]}]}}}

One response, an array of them, one a line, posts cut out of one, or a HAR saved by a browser's developer tools. An
entry is a post, an account, a missing post, a cursor, an advertisement, or an item of another type, skipped by name.
"""

import base64
import binascii
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads, loads_truncated
from threadkeep.parsers._json.stream import Value, is_json, values
from threadkeep.parsers._json.values import Object, get_object, get_str, object_of, raw_of
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._graphql_response import (
    Item,
    article_title,
    note_of,
    original_of,
    pinned_ids,
    post_id,
    v1_tweet,
    v1_user,
    walk,
)
from threadkeep.parsers.x._ids_and_times import PLATFORM, id_of, parse_id, post_time
from threadkeep.parsers.x._retweet import parse_retweet, with_reposts
from threadkeep.parsers.x._tweet import EARLIER_VERSION, Versions, account_of, merge_versions, post_of, tweet_id
from threadkeep.records import Account, Gap, Parsed, Pin, Post, Ref, Repost, Skipped
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import Source

NAME = "x-graphql"
TITLE = "X (Twitter) browser capture: JSON of TweetDetail, UserTweets and the like, or HAR"
VERSION = 3

_RESULT = re.compile(r'(?<!\\)"(?:rest_id|tweet_results|user_results|tweetResult)"\s*:')
_SIGN = re.compile(r'(?<!\\)"(?:legacy|__typename|instructions)"\s*:|(?<!\\)"globalObjects"\s*:\s*\{')
_OLD_SIGN = re.compile(r'\s*\{\s*"globalObjects"\s*:\s*\{')
_ASKED = re.compile(r"https://(?:[\w-]+\.)*(?:x|twitter)\.com/(?:i/api|graphql|2)/", re.A)
_HAR = re.compile(r'[\s\ufeff]*\{\s*"log"\s*:\s*\{')
_VISITED = re.compile(r'"url"\s*:\s*"https://(?:[\w-]+\.)*(?:x|twitter)\.com/', re.A)


@dataclass(frozen=True, slots=True)
class _Item:
    found: Item | str | bytes
    posts: dict[str, Object]
    versions: Versions


def recognizes(source: Source) -> bool:
    """Whether results with the interface's own keys stand near the beginning, or a HAR of X."""
    head = source.head
    if head is None or not is_json(source):
        return False
    if _is_har(source):
        return _VISITED.search(head) is not None
    return _OLD_SIGN.match(head) is not None or (_RESULT.search(head) is not None and _SIGN.search(head) is not None)


def entries(source: Source) -> Iterator[Entry]:
    """Yield what each response holds, in order; of a truncated one all that is complete.

    Raises DumpError if there is nothing.
    """
    found = False
    for entry in _entries(source):
        found = True
        yield entry
    if not found:
        raise DumpError(f"{source.name}: nothing in it is a post or an account of X")


def _entries(source: Source) -> Iterator[Entry]:
    if not _is_har(source):
        for value in values(source):
            yield from _cut(value)
        return
    for locator, url, text in _har_responses(source):
        if text is not None and _ASKED.match(url) and text.lstrip()[:1] in ("{", "["):
            yield from _cut(Value(locator, text))
        else:
            yield Entry(locator, Skipped("answer that holds no posts"), "")


class _Response(NamedTuple):
    """One response in a HAR: the address asked for, and the body; None if the browser did not keep it as text."""

    locator: str
    url: str
    text: str | None


def _is_har(source: Source) -> bool:
    return _HAR.match(source.head or "") is not None


def _har_responses(source: Source) -> Iterator[_Response]:
    """Yield the responses of a HAR in order. Raises DumpError where the rest is cut off.

    {"log": {"version": "1.2", "entries": [{"request": {"url": "https://x.com/i/api/graphql/…/UserTweets?…"},
        "response": {"content": {"mimeType": "application/json", "text": "{\\"data\\": …}"}}}, …]}}
    """
    with source.open() as stream:
        for number, item in enumerate(items(stream, "log", "entries"), 1):
            locator = f"entry {number}"
            try:
                entry = object_of(loads(item), "an entry")
                content = get_object(get_object(entry, "response"), "content")
                url, text = get_str(get_object(entry, "request"), "url") or "", get_str(content, "text")
                if text is not None and content.get("encoding") == "base64":
                    text = base64.b64decode(text, validate=True).decode("utf-8")
            except (ValueError, binascii.Error):
                yield _Response(locator, "", None)
            else:
                yield _Response(locator, url, text)


def _cut(value: Value) -> Iterator[Entry]:
    response, is_complete = _decode(value)
    found = list(walk(response))
    if not is_complete:
        # parse reports the error
        yield Entry(value.locator, _Item(value.json, {}, Versions({})), value.raw())
    posts = {id_: item.value for item in found if item.kind == "post" and (id_ := _id(item.value))}
    versions = Versions(posts)
    for number, item in enumerate(found, 1):
        yield Entry(f"{value.locator} {item.kind} {number}", _Item(item, posts, versions), raw_of(item.value))


def _decode(value: Value) -> tuple[object, bool]:
    """Return the response and whether it is complete; of a truncated one all but the unfinished post."""
    try:
        return loads(value.json), True
    except ValueError:
        text = value.json if isinstance(value.json, str) else value.json.decode("utf-8", "replace")
        with contextlib.suppress(ValueError):
            return loads_truncated(text, "tweet_results"), False
        return None, False


def _id(node: Object) -> str | None:
    try:
        return post_id(node)
    except ValueError:
        return None  # fails as an entry


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield the records of one item. Raises ValueError.

    ``{"rest_id": "51", "core": {…}, "legacy": {"full_text": "Tea", …}}`` -> ``Account(x:12)``, ``Post(x:51, "Tea")``
    """
    if isinstance(entry.data, Skipped):
        yield entry.data
        return
    item: _Item = entry.data
    if isinstance(item.found, str | bytes):
        loads(item.found)
        raise ValueError("not a response of X's web interface")
    yield from with_reposts(_records(item, item.found))


def _records(item: _Item, found: Item) -> Iterator[Parsed]:
    if found.kind == "skipped":
        yield Skipped(found.value)
    elif found.kind == "missing":
        post = found.context.post
        reason = found.value
        yield Skipped(f"missing post without an id ({reason})") if post is None else Gap(_ref(post), reason)
    elif found.kind == "account":
        account = account_of(v1_user(found.value))
        yield account
        yield from (Pin(account.ref, _ref(id_)) for id_ in pinned_ids(found.value) if id_ in item.posts)
    elif found.kind == "old account":
        yield account_of(found.value)
    elif found.kind == "old post":
        yield from _old_post(found.value)
    else:
        yield from _post(item, found)


def _ref(id_: str) -> Ref:
    return Ref(PLATFORM, parse_id(id_, "id"))


def _post(item: _Item, found: Item) -> Iterator[Parsed]:
    node = found.value
    id_ = post_id(node) or ""
    if item.versions.current(id_) != id_:
        yield Skipped(EARLIER_VERSION)
        return
    shape = v1_tweet(node)
    tweet_id(shape)  # raises for a post without one
    author = account_of(user) if (user := get_object(shape, "user")) else None
    if author:
        yield author
    is_retweet, original = original_of(node)
    if is_retweet:
        yield from _repost(item, shape, author, original)
        return
    post = replace(_node_post(node, author), warning=found.context.warning or _node_post(node, author).warning)
    earlier = [_node_post(version, author) for version in item.versions.earlier(id_)]
    yield merge_versions((*earlier, post)) if earlier else post
    if author and found.context.is_pinned:
        yield Pin(author.ref, post.ref)


def _node_post(node: Object, author: Account | None) -> Post:
    ref, handle = (author.ref, author.handle) if author else (None, None)
    return replace(post_of(v1_tweet(node), ref, handle, note_of(node)), title=article_title(node))


def _repost(item: _Item, shape: Object, author: Account | None, original: str | None) -> Iterator[Parsed]:
    if author is None:
        raise ValueError("a retweet without its author: neither 'core.user_results' nor 'legacy.user_id_str'")
    ref = None if original is None else Ref(PLATFORM, item.versions.current(original))
    retweet = None if original in item.posts else parse_retweet(shape, ref)
    if ref is None:
        if retweet is None:
            raise ValueError("a retweet without its original: no result in 'retweeted_status_result'")
        ref = retweet.post.ref
    yield Repost(author.ref, ref, post_time(get_str(shape, "created_at"), tweet_id(shape)))
    if retweet:
        yield from retweet


def _old_post(tweet: Object) -> Iterator[Parsed]:
    """Yield the records of a post from a response until 2021: API v1.1, with the posts it refers to beside it."""
    author = account_of(user) if (user := get_object(tweet, "user")) else None
    ref = author.ref if author else None
    if author:
        yield author
    original = id_of(tweet, "retweeted_status_id")
    if original is None or ref is None:
        yield post_of(tweet, ref, author.handle if author else None)
    else:
        yield Repost(ref, Ref(PLATFORM, original), post_time(get_str(tweet, "created_at"), tweet_id(tweet)))
