"""Find the files of an account archive of X and cut them into items without reading them whole.

    data/tweets.js            window.YTD.tweets.part0 = [ {"tweet": {…}}, … ]
    data/tweets-part1.js      window.YTD.tweets.part1 = [ … ]

Archives from before March 2020 have no ``data/``, some have a folder around everything; items may lack their wrapper.
Some people converted theirs to plain JSON, and the Community Archive hands archives out as one object:

    [{"tweet": {"id_str": "1750", "full_text": "Tea", …}}, …]     tweets.js without the assignment
    {"id_str": "1750", "full_text": "Tea", …}⏎{…}                  its posts, one a line
    {"account": [{"account": {…}}], "tweets": [{"tweet": {…}}], "note-tweet": […], …}      all files in one object
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.stream import Value, is_json, is_lines, paths_of
from threadkeep.parsers._json.values import Object, object_of
from threadkeep.sources.json_stream import is_json as is_json_item
from threadkeep.sources.json_stream import items, keys_of_arrays
from threadkeep.sources.source import Source

_ASSIGNMENT = re.compile(rb"(?:\xef\xbb\xbf)?\s*window\.YTD\.(\w+)\.part(\d+)\s*=")
_HEAD_BYTES = 200
_READ = re.compile(r"(?:^|/)((?:community-|deleted-)?tweets?|note-tweets?|account|profile|like)(?:-part(\d+))?\.js$")
"""The names of the files that are read."""
_TYPICAL = re.compile(r"(?:^|/)(?:tweets?|account|profile|like|note-tweet|direct-messages)(?:-part\d+)?\.js$")
_OF_FILES = frozenset(
    "account[].account tweets[].tweet like[].like profile[].profile follower[].follower following[].following"
    " note-tweet[].noteTweet".split()
)
"""Paths of the first keys of an archive in one object: the name of the file, then that of an item."""
_MOST_FILES = 500
"""A current archive has ninety; each takes a pass over the source."""
_TEXTS = ("full_text", "text")
_AUTHORS = ("user", "user_id_str", "author_id")
"""Keys that posts of an archive never have: all are the owner's."""


@dataclass(frozen=True, slots=True)
class YtdFile:
    """One file: its kind (``tweets``, ``like``), the number of its part, and how to open it and cut it into items."""

    kind: str
    number: int
    name: str
    open: Callable[[], BinaryIO]
    cut: Callable[[BinaryIO], Iterator[bytes]] = items
    member: str = ""
    damage: str | None = None
    """What is wrong with its beginning."""

    def values(self) -> Iterator[Value]:
        """Yield its items, undecoded. Raises DumpError where the rest is cut off."""
        with self.open() as file:
            for number, item in enumerate(self.cut(file), 1):
                if self.damage is None or is_json_item(item):  # one report is enough for a damaged beginning
                    yield Value(f"{self.name} {number}", item)
        if self.damage is not None:
            raise DumpError(self.damage)


def unwrap(value: Value, *wrappers: str) -> Object:
    """Return the object inside ``{"tweet": {…}}``, or the item itself if it has no such wrapper. Raises ValueError."""
    held = object_of(loads(value.json), "an item")
    for wrapper in wrappers:
        if len(held) == 1 and wrapper in held:
            return object_of(held[wrapper], wrapper)
    return held


def is_ytd(source: Source) -> bool:
    """Whether the source is a JavaScript file of an archive, or a folder, zip or tar of them."""
    if source.members:
        known = [known for file in _candidates(source) if _TYPICAL.search(file) and (known := _kind_of(source, file))]
        return any(damage is None for _, _, damage in known) or bool(known and _has_manifest(source))
    return _ASSIGNMENT.match(source.head_bytes[:200]) is not None


def ytd_files(source: Source) -> list[YtdFile]:
    """Return the files in the order of their kinds and parts; for a single file a list of one."""
    if not source.members:
        match = _ASSIGNMENT.match(source.head_bytes[:200])
        name = PurePosixPath(source.name).name or "tweets.js"
        return [YtdFile(match[1].decode(), int(match[2]), name, source.open)] if match else []
    found = [
        YtdFile(*known[:2], PurePosixPath(member).name, partial(source.open_member, member), items, member, known[2])
        for member in _candidates(source)
        if (known := _kind_of(source, member))
    ]
    return sorted(found, key=lambda file: (file.kind, file.number, file.name))


def _candidates(source: Source) -> list[str]:
    """Return the JavaScript files of the topmost folder that holds one of those every archive has."""
    typical = [member for member in source.members if _TYPICAL.search(member)]
    if not typical:
        return []
    folder = min((PurePosixPath(member).parent for member in typical), key=lambda path: (len(path.parts), str(path)))
    # data/, in a zip below enclosing folders; deeper, it belongs to something else.
    if len(folder.parts) > 1 + (0 if source.is_folder else max(1, source.folders_around)):
        return []
    return [name for name in source.members if name.endswith(".js") and PurePosixPath(name).parent == folder]


def _kind_of(source: Source, member: str) -> tuple[str, int, str | None] | None:
    """Return the kind of a file, the number of its part, and what is wrong with its beginning.

    The file says so itself; where it is damaged, its name does. None for a file of no known kind.
    """
    head, error = source.member_head(member, _HEAD_BYTES)
    match = _ASSIGNMENT.match(head)
    if match:
        return match[1].decode(), int(match[2]), None
    named = _READ.search(member)
    if named is None:
        return None
    if error is None:
        error = "there is nothing in it" if not head.strip(b"\0 \t\r\n") else "its beginning is damaged"
    return named[1].replace("-", "_"), int(named[2] or 0), error


def _has_manifest(source: Source) -> bool:
    return any(name.rpartition("/")[2] == "manifest.js" for name in source.members)


def is_converted_archive(source: Source) -> bool:
    """Whether the source begins with the posts of an archive as plain JSON, or with several files in one object."""
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


def converted_files(source: Source) -> list[YtdFile]:
    """Return the lists of a converted archive as if they were files; nothing for other sources. Raises DumpError."""
    if not is_converted_archive(source):
        return []
    found = paths_of(source)
    if _are_posts(found, "[].") or _are_posts(found, ""):
        cut = _lines if is_lines(source) else items
        return [YtdFile("tweets", 0, "item" if cut is items else "line", source.open, cut)]
    with source.open() as stream:
        keys = keys_of_arrays(stream)
    if len(keys) > _MOST_FILES:
        raise DumpError(f"{source.name}: {len(keys):,} lists are more than an archive has")
    return [YtdFile(key.replace("-", "_"), 0, key, source.open, partial(_under, key)) for key in sorted(keys)]


def _under(key: str, stream: BinaryIO) -> Iterator[bytes]:
    return items(stream, key)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    return (text for line in stream if (text := line.strip(b"\xef\xbb\xbf \t\r\n\0")))
