"""Cut a JSON array of any size into its items without reading it whole.

    window.YTD.tweets.part0 = [ {"tweet": {…}}, {"tweet": {…}} ]      items(stream)
    {"totalItems": 2, "orderedItems": [ {…}, {…} ]}                   items(stream, "orderedItems")

Only brackets and strings are looked at; what stands between them is for the one who decodes the item.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from threadkeep.errors import DumpError

CHUNK_BYTES = 1 << 20
ITEM_LIMIT_BYTES = 64 << 20
"""The largest single item taken: no post is longer, and a hostile dump must not fill memory."""

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
# Possessive: no input makes it go back over what it has read.
_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb")*+([{}\[\]])", re.S)
_DEEP = 12
"""How many brackets deep an item may be to be matched by one pattern; posts of X are eight deep."""
_PLAIN = rb'[^"{}\[\]]*+'
_IN_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_SCALAR = re.compile(rb"\s*+(" + _STRING + rb"|[^\s,\]}\[{\"]++)\s*+(?=[,\]}])", re.S)
_KEY = re.compile(rb"[\s,]*+(" + _STRING + rb")\s*+:\s*+(?=\S)", re.S)
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:(?:var\s++)?[A-Za-z_$][\w.$]*+\s*+=\s*+)?(?=\S)")
_NEXT = re.compile(rb"[\s,]*+(?=[^\s,])")


@cache
def _item() -> re.Pattern[bytes]:
    """An object or array that is not too deep, whole: a third of the time of going from bracket to bracket."""
    inside = rb"(?!)"
    for _ in range(_DEEP):
        inside = _PLAIN + rb"(?:(?:" + _IN_STRING + rb"|[{\[]" + inside + rb"[}\]])" + _PLAIN + rb")*+"
    return re.compile(rb"[{\[]" + inside + rb"[}\]]", re.S)


def items(stream: BinaryIO, *keys: str) -> Iterator[bytes]:
    """The raw JSON of each item of the array at top level, or of that under ``keys``, one object in the other.

    A JavaScript assignment before it and whatever follows it are passed over. An object at top level, asked for without
    a key, is one item. Where the key stands twice, as Mastodon's archives have it (``"orderedItems":[],
    "orderedItems":[…]``), the items of both are given. Raises DumpError, after the items that were whole, where the
    rest is cut off, is no such array, or has an item beyond 64 MiB.
    """
    reader = _Reader(stream)
    reader.expect(_OPENING, "JSON")
    path = [key for key in keys if key]
    if not path and reader.peek() == b"{":
        yield reader.bracketed()
        return
    for key in path:
        _enter(reader, key)
    yield from _array(reader)
    while path and _stands_again(reader, path[-1]):
        yield from _array(reader)


def _array(reader: "_Reader") -> Iterator[bytes]:
    """The items of the array that begins here; the reader ends up behind it."""
    if reader.peek() != b"[":
        raise DumpError(f"a JSON array should begin at byte {reader.offset:,}")
    reader.skip(1)
    while True:
        reader.expect(_NEXT, "the next item of a JSON array, or its end")
        opener = reader.peek()
        if opener == b"]":
            reader.skip(1)
            return
        yield reader.bracketed() if opener in (b"{", b"[") else reader.expect(_SCALAR, "a JSON value").group(1)


def _enter(reader: "_Reader", key: str) -> None:
    """Go to the value of ``key`` in the object that begins here."""
    if reader.peek() != b"{":
        raise DumpError(f"a JSON object should begin at byte {reader.offset:,}")
    reader.skip(1)
    if not _goes_to(reader, key):
        raise DumpError(f"there is no {key!r} in it")


def _goes_to(reader: "_Reader", key: str) -> bool:
    """Go to the next value of ``key`` in the object the reader is inside; False at its end. Raises DumpError."""
    wanted = f'"{key}"'.encode()
    while True:
        if reader.expect(_NEXT, f"the key {key!r}") and reader.peek() == b"}":
            return False
        if reader.expect(_KEY, "a key").group(1) == wanted:
            return True
        _pass_over(reader)


def _pass_over(reader: "_Reader") -> None:
    """Go behind the value that begins here. Raises DumpError."""
    if reader.peek() == b"[":
        for _ in _array(reader):  # item by item, since an array may be of any size
            pass
    elif reader.peek() == b"{":
        reader.bracketed()
    else:
        reader.expect(_SCALAR, "a JSON value")


def keys_of_arrays(stream: BinaryIO) -> list[str]:
    """The keys of the object at top level that hold arrays, in order; as far as it is whole.

    ``{"a": [], "b": 1, "c": [2]}`` -> ``["a", "c"]``
    """
    reader, found = _Reader(stream), dict[str, None]()
    try:
        reader.expect(_OPENING, "JSON")
        if reader.peek() != b"{":
            return []
        reader.skip(1)
        while reader.expect(_NEXT, "a key") and reader.peek() != b"}":
            key = reader.expect(_KEY, "a key").group(1)[1:-1]
            if reader.peek() == b"[":
                found[key.decode("utf-8", "replace")] = None
            _pass_over(reader)
    except DumpError:
        pass  # reading the items reports what is wrong
    return list(found)


def _stands_again(reader: "_Reader", key: str) -> bool:
    """Whether ``key`` has another array behind the one that was read. What is damaged there held none of its items."""
    try:
        return _goes_to(reader, key) and reader.peek() == b"["
    except DumpError:
        return False


class _Reader:
    """A window over the stream that grows only as far as one item needs. ``offset`` counts bytes from its beginning."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._window = b""
        self._at = 0
        self._before = 0
        self._ended = False

    @property
    def offset(self) -> int:
        return self._before + self._at

    def peek(self) -> bytes:
        return self._window[self._at : self._at + 1]

    def skip(self, count: int) -> None:
        self._at += count

    def expect(self, pattern: re.Pattern[bytes], what: str) -> re.Match[bytes]:
        """Match ``pattern`` here and go behind it."""
        match = pattern.match(self._window, self._at)
        # A match that reaches the window's end might go on in what is not read yet.
        while (match is None or match.end() == len(self._window)) and self._more():
            match = pattern.match(self._window, self._at)
        if match is None:
            raise DumpError(f"it is cut off or damaged at byte {self.offset:,}: {what} should stand there")
        self._at = match.end()
        return match

    def bracketed(self) -> bytes:
        """The object or array that begins here, whole."""
        if whole := _item().match(self._window, self._at):
            self._at = whole.end()
            return whole[0]
        depth, at = 0, self._at
        while True:
            match = _BRACKET.match(self._window, at)
            if match is None:
                scanned = at - self._at
                if not self._more():
                    raise DumpError(f"it is cut off in the item that begins at byte {self.offset:,}")
                at = self._at + scanned
                continue
            at = match.end()
            depth += 1 if match[1] in b"{[" else -1
            if depth == 0:
                item = self._window[self._at : at]
                self._at = at
                return item

    def _more(self) -> bool:
        """Read on, forgetting what lies behind; at least as much again as is kept, so that work stays linear."""
        if self._ended:
            return False
        kept = self._window[self._at :]
        if len(kept) > ITEM_LIMIT_BYTES:
            raise DumpError(f"the item at byte {self.offset:,} is longer than {ITEM_LIMIT_BYTES:,} bytes")
        try:
            data = self._stream.read(max(CHUNK_BYTES, len(kept)))
        except (OSError, EOFError) as error:
            raise DumpError(f"it cannot be read beyond byte {self._before + len(self._window):,}: {error}") from error
        self._ended = not data
        self._before += self._at
        self._window, self._at = kept + data, 0
        return bool(data)
