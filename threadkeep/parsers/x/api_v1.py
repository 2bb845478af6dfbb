"""Read responses of the API v1.1 of X: one post, a list, a search, or one post a line as twarc 1 writes them.

    {"id_str": "1750", "created_at": "Mon Oct 03 00:23:22 +0000 2016", "full_text": "Tea &amp; kilns https://t.co/a1",
     "user": {"id_str": "12", "screen_name": "mira", …}, "entities": {…}, "retweeted_status": {…}, "quoted_status": {…}}

Objects that wrap posts (``{"statuses": […]}``) or accounts (``{"users": […]}``) are unwrapped. Of the notices that the
streaming API sends between posts a deletion becomes a gap, others are skipped by their name.
"""

from collections.abc import Iterator

from threadkeep.parsers._json.stream import DecodedItem, decoded_items, is_json, paths_of
from threadkeep.parsers._json.values import Object, get_object
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._ids_and_times import ref_of
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.parsers.x._tweet import account_of, tweet_records
from threadkeep.records import Gap, Parsed, Ref, Skipped
from threadkeep.sources.source import Source

NAME = "x-api-v1"
TITLE = "X (Twitter) API v1.1: JSON or JSON Lines, also from twarc 1"
VERSION = 2

_NOTICES = frozenset(
    "disconnect direct_message event follow for_user friends friends_str limit scrub_geo sender status_withheld "
    "user_withheld warning".split()
)
"""Notices of the streaming API, by the only key of each."""


def recognizes(source: Source) -> bool:
    """Whether posts that hold their authors, or accounts, stand at one of the usual places."""
    if not is_json(source):
        return False
    found = paths_of(source)
    return any(_is_tweets(found, place) or _is_users(found, place) for place in ("", "[]", "statuses[]", "users[]"))


def _is_tweets(found: set[str], place: str) -> bool:
    where = f"{place}." if place else ""
    has_text = f"{where}text" in found or f"{where}full_text" in found
    has_id = f"{where}id" in found or f"{where}id_str" in found
    # Lists cut out of browser captures name the author by id only.
    has_author = f"{where}user" in found or f"{where}user_id_str" in found
    return has_text and has_id and has_author and f"{where}created_at" in found


def _is_users(found: set[str], place: str) -> bool:
    where = f"{place}." if place else ""
    has_id = f"{where}id" in found or f"{where}id_str" in found
    return has_id and f"{where}screen_name" in found and f"{where}followers_count" in found


def entries(source: Source) -> Iterator[Entry]:
    """Yield the posts one by one, also those of a list or a search on one line or in one object."""
    for item in decoded_items(source, "statuses", "users"):
        yield Entry(item.locator, item, item.raw)


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield the post with its author, then the posts it quotes or reposts with theirs. Raises ValueError.

    ``{"id_str": "51", "user": {"id_str": "12"}, "retweeted_status": {"id_str": "50", "user": {"id_str": "13"}, …}}``
        -> ``Repost(x:12, x:50)``, ``Account(x:12)``, ``Post(x:50, author=x:13)``, ``Account(x:13)``
    """
    item: DecodedItem = entry.data
    yield from with_reposts(_records(item.as_object()))


def _records(item: Object) -> Iterator[Parsed]:
    if "delete" in item:
        yield Gap(_deleted(get_object(item, "delete")), "deleted")
    elif len(item) == 1 and (notice := next(iter(item))) in _NOTICES:
        yield Skipped(f"streaming notice {notice!r}")
    elif "screen_name" in item and "text" not in item and "full_text" not in item:
        yield account_of(item)
        if status := get_object(item, "status"):
            # The latest post of an account omits its author.
            yield from tweet_records({**status, "user": item})
    else:
        yield from tweet_records(item)


def _deleted(notice: Object) -> Ref:
    ref = ref_of(get_object(notice, "status"), "id")
    if ref is None:
        raise ValueError("a deletion without an id: no 'id_str' in 'delete.status'")
    return ref
