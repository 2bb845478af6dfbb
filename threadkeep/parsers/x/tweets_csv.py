"""Read ``tweets.csv``, the table in account archives of X (Twitter) from 2012 to 2018.

    "tweet_id","in_reply_to_status_id","in_reply_to_user_id","timestamp","source","text","retweeted_status_id",…
    "1750","","","2015-05-01 12:00:00 +0000","<a …>web</a>","Tea &amp; kilns","","","",""

Columns are found by name. The table does not name its owner: give ``--owner``.
"""

import csv
from collections.abc import Iterator

from threadkeep.errors import DumpError
from threadkeep.parsers._json.values import Object
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._ids_and_times import PLATFORM, post_time
from threadkeep.parsers.x._retweet import parse_retweet
from threadkeep.parsers.x._tweet import post_of
from threadkeep.records import Account, Parsed, Ref, Repost, account_ref
from threadkeep.sources.source import Source

NAME = "tweets-csv"
TITLE = "X (Twitter) tweets.csv, 2012 to 2018"
VERSION = 1

_HEADS = {"tweet_id", "timestamp", "text"}


def recognizes(source: Source) -> bool:
    """Whether the first line has the names of the required columns."""
    first = (source.head or "").lstrip("\ufeff").partition("\n")[0]
    return {name.strip().strip('"') for name in first.split(",")} >= _HEADS and "{" not in first


def entries(source: Source) -> Iterator[Entry]:
    """Yield the rows as dictionaries. Raises DumpError for invalid CSV."""
    owner = source.options.owner or source.options.author
    rows = csv.DictReader(line + "\n" for line in source.lines())
    try:
        for row in rows:
            yield Entry(f"line {rows.line_num}", (row, owner), ",".join(str(value) for value in row.values()))
    except csv.Error as error:
        raise DumpError(f"{source.name}: line {rows.line_num}: {error}") from error


def parse(entry: Entry) -> Iterator[Parsed]:
    """A row -> the owner's post, or another's post and the owner's repost of it. Raises ValueError."""
    row, handle = entry.data
    owner = Account(account_ref(PLATFORM, handle), handle) if handle else None
    tweet: Object = {
        "id_str": row.get("tweet_id") or None,
        "created_at": row.get("timestamp") or None,
        "full_text": row.get("text"),
        "in_reply_to_status_id_str": row.get("in_reply_to_status_id") or None,
    }
    if row.get(None) or tweet["full_text"] is None:
        raise ValueError("its number of columns differs from the first line's")
    if owner:
        yield owner
    original = row.get("retweeted_status_id")
    retweet = parse_retweet(tweet, Ref(PLATFORM, original) if original else None)
    if retweet is None:
        yield post_of(tweet, owner.ref if owner else None, handle)
    elif owner is None:
        raise ValueError("a retweet, and nothing says whose table this is: import it with --owner HANDLE")
    else:
        yield retweet.account
        yield retweet.post
        yield Repost(owner.ref, retweet.post.ref, post_time(tweet["created_at"], str(tweet["id_str"])))
