"""Read an account archive of X (Twitter) from 2012 to 2018: a zip or folder, or one month's file.

    Grailbird.data.tweets_2015_05 = [ {"id_str": "1750", "text": "Tea &amp; kilns", "user": {…}, "entities": {…}} ]

Every post names its author, every retweet holds the original. Before November 2010 the time is always midnight.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.stream import Value
from threadkeep.parsers._json.values import Object, get_count, get_str, object_of
from threadkeep.parsers.entry import Entry, damage
from threadkeep.parsers.x._ids_and_times import PLATFORM, ref_of
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.parsers.x._tweet import tweet_records
from threadkeep.records import Account, Parsed, account_ref
from threadkeep.sources.json_stream import is_json as is_json_item
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import Source
from threadkeep.text.formatting import plural

NAME = "grailbird"
TITLE = "X (Twitter) account archive, 2012 to 2018"
VERSION = 2

_MONTH = re.compile(rb"(?:\xef\xbb\xbf)?\s*Grailbird\.data\.tweets_\d{4}_\d\d\s*=")
_MONTH_FILE = re.compile(r"(?:^|/)data/js/tweets/\d{4}_\d\d\.js$")
_INDEX_FILE = re.compile(r"(?:^|/)data/js/tweet_index\.js$")
_HEAD_BYTES = 200
_MOST_NAMED = 5
"""Missing months that get an entry each; of more, as where somebody kept a part of an archive, one names some."""
_USER_FILE = re.compile(r"(?:^|/)data/js/user_details\.js$")


def recognizes(source: Source) -> bool:
    """Whether it is the file of a month, or a zip, tar or folder of them."""
    if source.members:
        deepest = 3 if source.is_folder else 4  # a zip may have one folder around everything
        return any(_MONTH_FILE.search(name) and name.count("/") <= deepest for name in source.members)
    return _MONTH.match(source.head_bytes[:200]) is not None


def entries(source: Source) -> Iterator[Entry]:
    """Yield the owner's profile, then the posts month by month, and an entry for each file that is damaged or missing.

    Raises DumpError at the end, if a source of one file was truncated.
    """
    if not source.members:
        yield from _month(source.name, source.open)
        return
    for name in source.members:
        if _USER_FILE.search(name):
            try:
                with source.open_member(name) as file:
                    yield from (Entry(name, Value(name, item), "") for item in items(file))
            except DumpError as error:
                yield damage(name, str(error))
    for name in source.members:
        if _MONTH_FILE.search(name):
            try:
                yield from _month(name, partial(source.open_member, name))
            except DumpError as error:
                yield damage(name, str(error))
    yield from _missing(source)


def _month(name: str, open_: Callable[[], BinaryIO]) -> Iterator[Entry]:
    """Yield the posts of a month; if its beginning is damaged, those that are JSON. Raises DumpError at the end."""
    with open_() as file:
        is_sound = _MONTH.match(file.read(_HEAD_BYTES)) is not None
    with open_() as file:
        for number, item in enumerate(items(file), 1):
            if is_sound or is_json_item(item):  # one report is enough for a damaged beginning
                value = Value(f"{PurePosixPath(name).name} {number}", item)
                yield Entry(value.locator, value, value.raw())
    if not is_sound:
        raise DumpError("its beginning is damaged")


def _missing(source: Source) -> Iterator[Entry]:
    """Yield an entry for the months that the list of months names and that are not there.

    var tweet_index = [{"file_name": "data/js/tweets/2015_05.js", "year": 2015, "month": 5, "tweet_count": 152}, …]
    """
    index = next((name for name in source.members if _INDEX_FILE.search(name)), None)
    if index is None:
        return
    there = {PurePosixPath(name).name for name in (*source.members, *(name for name, _ in source.refused))}
    lost: dict[str, int] = {}
    try:
        with source.open_member(index) as file:
            for item in items(file):
                month = object_of(loads(item), "a month")
                path, count = get_str(month, "file_name"), get_count(month, "tweet_count")
                if path and count and PurePosixPath(path).name not in there:
                    lost[path] = count
    except (ValueError, DumpError) as error:
        yield damage(index, str(error))
    if len(lost) > _MOST_NAMED:
        posts = plural(sum(lost.values()), "post")
        named = f"{', '.join(list(lost)[:_MOST_NAMED])} and {len(lost) - _MOST_NAMED:,} more"
        yield damage(index, f"{len(lost):,} files that it lists with {posts} are missing: {named}")
        return
    for path, count in lost.items():
        yield damage(path, f"it is missing: tweet_index.js lists it with {plural(count, 'post')}")


def parse(entry: Entry) -> Iterator[Parsed]:
    """``{"id_str": "50", "text": "Tea", "user": {…}}`` -> author and post; of a retweet also the repost.

    Raises ValueError.
    """
    value: Value = entry.data
    held = object_of(loads(value.json), "an item")
    yield from with_reposts(tweet_records(held)) if "text" in held or "full_text" in held else [_owner(held)]


def _owner(details: Object) -> Account:
    """Convert ``user_details.js``."""
    handle = get_str(details, "screen_name")
    ref = ref_of(details, "id") or (account_ref(PLATFORM, handle) if handle else None)
    if ref is None:
        raise ValueError("neither a post nor an account: no 'text', no 'screen_name'")
    return Account(ref, handle, get_str(details, "full_name") or None, get_str(details, "bio") or None)
