"""An account archive of X, or one of its files, that somebody turned into plain JSON.

    [{"tweet": {"id_str": "1750", "full_text": "Tea", …}}, …]     tweets.js without what stands before its bracket
    {"id_str": "1750", "full_text": "Tea", …}⏎{…}                  its posts, one a line
    {"account": [{"account": {…}}], "tweets": [{"tweet": {…}}], "note-tweet": […], …}      all files in one object

The last is how the Community Archive hands out the archives that people gave it.
"""

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from threadkeep.errors import DumpError
from threadkeep.parsers._json.stream import is_json, is_lines, paths_of
from threadkeep.parsers.x._archive_files import YtdFile
from threadkeep.sources.json_stream import items, keys_of_arrays
from threadkeep.sources.source import Source

_OF_FILES = frozenset(
    "account[].account tweets[].tweet like[].like profile[].profile follower[].follower following[].following"
    " note-tweet[].noteTweet".split()
)
"""How the parts of an archive begin when they stand in one object: under the name of the file, and that of an item."""
_MOST_FILES = 500
"""An archive of today has ninety; each is a pass over the dump."""
_TEXTS = ("full_text", "text")
_AUTHORS = ("user", "user_id_str", "author_id")
"""What posts of an archive never have, for they are all the owner's."""


def looks_like_ytd_json(source: Source) -> bool:
    """Whether the beginning of the dump shows posts as an archive has them, or several of its files."""
    if not is_json(source):
        return False
    found = paths_of(source)
    return any(path in found for path in _OF_FILES) or any(
        _are_posts(found, place) for place in ("", "[].", "tweets[].")
    )


def _are_posts(found: set[str], place: str) -> bool:
    if f"{place}tweet.id_str" in found and f"{place}tweet.user" not in found:
        return f"{place}tweet.full_text" in found or f"{place}tweet.created_at" in found
    own = {key for key in ("id_str", "created_at", *_TEXTS, *_AUTHORS) if f"{place}{key}" in found}
    return {"id_str", "created_at"} <= own and not own.isdisjoint(_TEXTS) and own.isdisjoint(_AUTHORS)


def json_files(source: Source) -> list[YtdFile]:
    """What the dump holds, as if each part were a file of an archive; nothing where it is none."""
    if not looks_like_ytd_json(source):
        return []
    found = paths_of(source)
    if _are_posts(found, "[].") or _are_posts(found, ""):
        cut = _lines if is_lines(source) else items
        return [YtdFile("tweets", 0, "item" if cut is items else "line", source.open, cut)]
    with source.open() as stream:
        keys = keys_of_arrays(stream)
    if len(keys) > _MOST_FILES:
        raise DumpError(f"{source.name}: {len(keys):,} lists in it are more than an archive has")
    return [YtdFile(key.replace("-", "_"), 0, key, source.open, partial(_under, key)) for key in sorted(keys)]


def _under(key: str, stream: BinaryIO) -> Iterator[bytes]:
    return items(stream, key)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    return (text for line in stream if (text := line.strip(b"\xef\xbb\xbf \t\r\n\0")))
