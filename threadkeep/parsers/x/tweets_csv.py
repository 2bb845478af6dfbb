"""Read ``tweets.csv``, the table in account archives of X (Twitter) from 2012 to 2018.

    "tweet_id","in_reply_to_status_id","in_reply_to_user_id","timestamp","source","text","retweeted_status_id",…
    "1750","","","2015-05-01 12:00:00 +0000","<a …>web</a>","Tea &amp; kilns","","","",""

Columns are found by name. The table does not name its owner: give ``--owner``. Once a spreadsheet has saved it, its
ids have lost digits (``1.82303E+18``, ``1291234567890120000``): then only the address of an own picture has the id.
"""

import csv
from collections.abc import Iterator
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers._json.values import Object
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._ids_and_times import PLATFORM, post_time, ref_of
from threadkeep.parsers.x._retweet import parse_retweet
from threadkeep.parsers.x._tweet import post_of, tweet_id
from threadkeep.records import Account, Parsed, Repost, account_ref
from threadkeep.sources.source import Source
from threadkeep.text.ids import is_rounded, is_rounded_column

NAME = "tweets-csv"
TITLE = "X (Twitter) tweets.csv, 2012 to 2018"
VERSION = 2

_HEADS = {"tweet_id", "timestamp", "text"}


def recognizes(source: Source) -> bool:
    """Whether the first line has the names of the required columns."""
    first = (source.head or "").lstrip("\ufeff").partition("\n")[0]
    return {name.strip().strip('"') for name in first.split(",")} >= _HEADS and "{" not in first


def entries(source: Source) -> Iterator[Entry]:
    """Yield the rows as dictionaries. Raises DumpError for invalid CSV."""
    owner = source.options.owner or source.options.author
    is_rounded = is_rounded_column(str(row.get("tweet_id")) for _, row in _rows(source))
    for number, row in _rows(source):
        yield Entry(f"line {number}", (row, owner, is_rounded), ",".join(str(value) for value in row.values()))


def _rows(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = csv.DictReader(line + "\n" for line in source.lines())
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        raise DumpError(f"{source.name}: line {rows.line_num}: {error}") from error


def _id_in(row: Object, column: str, is_rounded_table: bool) -> str | float | None:
    """The id in a column, as a float where it lost digits."""
    written = row.get(column) or None
    if isinstance(written, str) and is_rounded_table and is_rounded(written):
        return float(written)
    return written


def parse(entry: Entry) -> Iterator[Parsed]:
    """A row -> the owner's post, or another's post and the owner's repost of it. Raises ValueError."""
    row, handle, is_rounded_table = entry.data
    owner = Account(account_ref(PLATFORM, handle), handle) if handle else None
    tweet: Object = {
        "id": _id_in(row, "tweet_id", is_rounded_table),
        "url": (row.get("expanded_urls") or "").partition(",")[0],
        "created_at": row.get("timestamp") or None,
        "full_text": row.get("text"),
        "in_reply_to_status_id": _id_in(row, "in_reply_to_status_id", is_rounded_table),
    }
    if row.get(None) or tweet["full_text"] is None:
        raise ValueError("its number of columns differs from the first line's")
    if owner:
        yield owner
    original = {"id": _id_in(row, "retweeted_status_id", is_rounded_table)}
    retweet = parse_retweet(tweet, ref_of(original, "id"))
    if retweet is None:
        yield post_of(tweet, owner.ref if owner else None, handle)
    elif owner is None:
        raise ValueError("a retweet, and nothing says whose table this is: import it with --owner HANDLE")
    else:
        yield retweet.account
        yield retweet.post
        yield Repost(owner.ref, retweet.post.ref, post_time(tweet["created_at"], tweet_id(tweet)))
