"""The JavaScript files of an account archive of X, found and cut into items without reading them whole.

    data/tweets.js            window.YTD.tweets.part0 = [ {"tweet": {…}}, … ]
    data/tweets-part1.js      window.YTD.tweets.part1 = [ … ]

Archives from before March 2020 have no ``data/``, some have a folder around everything; items may lack their wrapper.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.stream import Value
from threadkeep.parsers._json.values import Object, object_of
from threadkeep.parsers._members import folders_around
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import Source

_ASSIGNMENT = re.compile(rb"(?:\xef\xbb\xbf)?\s*window\.YTD\.(\w+)\.part(\d+)\s*=")
_TELLING = re.compile(r"(?:^|/)(?:tweets?|account|like|note-tweet|direct-messages)(?:-part\d+)?\.js$")


@dataclass(frozen=True, slots=True)
class YtdFile:
    """One file: what it holds (``tweets``, ``like``), which part of that it is, how to open it and how to cut it."""

    kind: str
    number: int
    name: str
    open: Callable[[], BinaryIO]
    cut: Callable[[BinaryIO], Iterator[bytes]] = items

    def values(self) -> Iterator[Value]:
        """Its items as they came. Raises DumpError where the rest is cut off."""
        with self.open() as file:
            for number, item in enumerate(self.cut(file), 1):
                yield Value(f"{self.name} {number}", item)


def unwrapped(value: Value, *wrappers: str) -> Object:
    """The object inside ``{"tweet": {…}}``, or the item itself where it has no such wrapper. Raises ValueError."""
    held = object_of(loads(value.json), "an item")
    for wrapper in wrappers:
        if len(held) == 1 and wrapper in held:
            return object_of(held[wrapper], wrapper)
    return held


def looks_like_ytd(source: Source) -> bool:
    """Whether the dump is such a file, or a folder, zip or tar of them."""
    if source.members:
        return any(file for file in _candidates(source) if _TELLING.search(file) and _kind_of(source, file))
    return _ASSIGNMENT.match(source.head_bytes[:200]) is not None


def ytd_files(source: Source) -> list[YtdFile]:
    """The files, in the order of their kinds and parts; a dump that is one such file is a list of one."""
    if not source.members:
        match = _ASSIGNMENT.match(source.head_bytes[:200])
        name = PurePosixPath(source.name).name or "tweets.js"
        return [YtdFile(match[1].decode(), int(match[2]), name, source.open)] if match else []
    found = [
        YtdFile(*known, PurePosixPath(member).name, partial(source.open_member, member))
        for member in _candidates(source)
        if (known := _kind_of(source, member))
    ]
    return sorted(found, key=lambda file: (file.kind, file.number, file.name))


def _candidates(source: Source) -> list[str]:
    """The JavaScript files of the shallowest folder that has one of those every archive has."""
    telling = [member for member in source.members if _TELLING.search(member)]
    if not telling:
        return []
    folder = min((PurePosixPath(member).parent for member in telling), key=lambda path: (len(path.parts), str(path)))
    # data/, in a zip inside folders around everything; deeper, it is part of something else.
    if len(folder.parts) > 1 + (0 if source.is_folder else max(1, folders_around(source))):
        return []
    return [name for name in source.members if PurePosixPath(name).parent == folder and name.endswith(".js")]


def _kind_of(source: Source, member: str) -> tuple[str, int] | None:
    with source.open_member(member) as file:
        match = _ASSIGNMENT.match(file.read(200))
    return (match[1].decode(), int(match[2])) if match else None
