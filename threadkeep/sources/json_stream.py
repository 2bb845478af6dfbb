"""Cut a JSON array of any size into its items without reading it whole.

    window.YTD.tweets.part0 = [ {"tweet": {…}}, {"tweet": {…}} ]      items(stream)
    {"totalItems": 2, "orderedItems": [ {…}, {…} ]}                   items(stream, "orderedItems")

Only brackets and strings are looked at; what stands between them is for the one who decodes the item.
"""

import re
from collections.abc import Generator, Iterator
from functools import cache
from itertools import islice
from typing import BinaryIO

from threadkeep.errors import DumpError

CHUNK_BYTES = 1 << 20
ITEM_LIMIT_BYTES = 16 << 20
"""The largest single item taken: no post is longer, and a hostile dump must not fill memory."""

_SHOWN_BYTES = 10_000
_TRIED = 100
"""How many places are tried as the beginning of an item behind a damaged one."""

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
_BETWEEN = re.compile(rb"(?:[\s,;\0\x1e]|\xef\xbb\xbf)*+(?:(?:var\s++)?[A-Za-z_$][\w.$]*+\s*+=\s*+)?(?=[^\s,;\0\x1e])")
_FIRST_KEY = re.compile(rb'[\s,\[{]*+\{\s*+("(?:[^"\\]|\\.)*+")\s*+:', re.S)
_ANY_KEY = re.compile(rb'"?+([A-Za-z_$@][\w$@.-]*+)"\s*+:')
_DAMAGED_OPENING_BYTES = 300
_NEXT = re.compile(rb"[\s,]*+(?=[^\s,])")


@cache
def _item() -> re.Pattern[bytes]:
    """An object or array that is not too deep, whole: a third of the time of going from bracket to bracket."""
    inside = rb"(?!)"
    for _ in range(_DEEP):
        inside = _PLAIN + rb"(?:(?:" + _IN_STRING + rb"|[{\[]" + inside + rb"[}\]])" + _PLAIN + rb")*+"
    return re.compile(rb"[{\[]" + inside + rb"[}\]]", re.S)


class DamagedItem(bytes):
    """The beginning of an item that is not whole or too long; ``reason`` says what is wrong."""

    reason: str


def _damaged(begun: bytes, reason: str) -> DamagedItem:
    item = DamagedItem(begun if len(begun) <= _SHOWN_BYTES else begun[:_SHOWN_BYTES] + "…".encode())
    item.reason = reason
    return item


def items(stream: BinaryIO, *keys: str) -> Iterator[bytes]:
    """The raw JSON of each item of the array at top level, or of that under ``keys``, one object in the other.

    A JavaScript assignment before it and whatever follows it are passed over. An object at top level, asked for without
    a key, is one item. Of several values one after the other, as in files that were joined, all are read. Where the key
    stands twice, as Mastodon's archives have it (``"orderedItems":[], "orderedItems":[…]``), the items of both are
    given. An item that is damaged or longer than 16 MiB comes as a ``DamagedItem``, and those behind it follow. Raises
    DumpError, after the items that were whole, where the rest is cut off or is no such array.
    """
    reader = _Reader(stream)
    reader.expect(_OPENING, "JSON")
    path = [key for key in keys if key]
    if not path:
        yield from _values(reader)
        return
    for key in path:
        _enter(reader, key)
    yield from _array(reader)
    while True:
        while _stands_again(reader, path[-1]):
            yield from _array(reader)
        if len(path) > 1 or reader.peek() != b"}":
            return
        reader.skip(1)
        if not _follows(reader) or reader.peek() != b"{":
            return
        try:
            _enter(reader, path[0])
        except DumpError as error:
            yield _damaged(b"", error.message)
            if reader.peek() != b"}":
                return
        else:
            yield from _array(reader)


def _values(reader: "_Reader") -> Iterator[bytes]:
    """The items of the arrays, and the objects, at top level."""
    if reader.peek() not in (b"[", b"{"):
        reader.skip_damaged_opening()
    last: bytes | None = None
    while True:
        if reader.peek() == b"[":
            yield from _array(reader)
        else:
            last = yield from _item_of(reader, last)
        if not _follows(reader) or reader.peek() not in (b"[", b"{"):
            return


def _follows(reader: "_Reader") -> bool:
    """Go to the next value at top level; False at the end of the stream. Raises DumpError if it cannot be read."""
    return reader.match(_BETWEEN) is not None


def _array(reader: "_Reader") -> Iterator[bytes]:
    """The items of the array that begins here; the reader ends up behind it."""
    if reader.peek() != b"[":
        raise DumpError(f"a JSON array should begin at byte {reader.offset:,}")
    reader.skip(1)
    last: bytes | None = None
    is_after_damage = False
    while True:
        try:
            reader.expect(_NEXT, "the next item of a JSON array, or its end")
            opener = reader.peek()
            if opener == b"]":
                reader.skip(1)
                return
            if opener in (b"{", b"["):
                before = last
                last = yield from _item_of(reader, last)
                is_after_damage = before is last
            else:
                yield reader.expect(_SCALAR, "a JSON value").group(1)
        except _Unfinished:
            raise
        except DumpError as error:
            begun = reader.resume(last, error)
            if not is_after_damage:
                yield _damaged(begun, error.message)
            is_after_damage = True


def _item_of(reader: "_Reader", last: bytes | None) -> Generator[bytes, None, bytes | None]:
    """Yield the object or array that begins here, and return it, or ``last`` if it is damaged.

    A damaged one ends where one begins that is whole and like ``last``.
    """
    try:
        item = reader.bracketed()
    except DumpError as error:
        yield _damaged(reader.resume(last, error), error.message)
        return last
    if is_json(item):
        yield item
        return item
    begun = reader.resume_within(item, last)
    yield item if begun is None else _damaged(begun, f"it is damaged: the next item begins at byte {reader.offset:,}")
    return last


def is_json(item: bytes) -> bool:
    """Whether it decodes, which costs a tenth of decoding it."""
    import msgspec

    try:
        msgspec.json.decode(item, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def _alike(item: bytes, last: bytes | None) -> bool:
    """Whether ``item`` is an object with at least half of the keys of ``last``, an item of the same array."""
    import msgspec

    try:
        keys, known = (msgspec.json.decode(one).keys() for one in (item, last or item))
    except (ValueError, AttributeError, RecursionError):
        return False
    return len(keys & known) * 2 >= min(len(keys), len(known)) > 0


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
        if reader.is_unreadable:
            raise
        return False


class _Unfinished(DumpError):
    """Nothing that can be read follows."""


def _start_of(last: bytes | None, damaged: bytes) -> re.Pattern[bytes] | None:
    """What an item begins with behind another one: the first key of ``last``, or of the damaged one itself."""
    found = _FIRST_KEY.match(last or damaged) or _ANY_KEY.search(damaged, 0, _DAMAGED_OPENING_BYTES)
    if found is None:
        return None
    key = b'"' + found[1].strip(b'"') + b'"'
    return re.compile(rb"(?:[}\]]\s*+,?\s*+|(?<=.)[\[{]\s*+|,\s*+)(\{)\s*+" + re.escape(key) + rb"\s*+:", re.S)


class _Reader:
    """A window over the stream that grows only as far as one item needs. ``offset`` counts bytes from its beginning."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._window = b""
        self._at = 0
        self._before = 0
        self._ended = False
        self.is_unreadable = False
        """Whether the stream ended with an error."""

    @property
    def offset(self) -> int:
        return self._before + self._at

    def peek(self) -> bytes:
        return self._window[self._at : self._at + 1]

    def skip(self, count: int) -> None:
        self._at += count

    def expect(self, pattern: re.Pattern[bytes], what: str) -> re.Match[bytes]:
        """Match ``pattern`` here and go behind it. Raises DumpError."""
        match = self.match(pattern)
        if match is None:
            raise DumpError(f"it is cut off or damaged at byte {self.offset:,}: {what} should stand there")
        return match

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Match ``pattern`` here and go behind it, if it matches. Raises DumpError if the stream cannot be read."""
        match = pattern.match(self._window, self._at)
        # A match that reaches the window's end might go on in what is not read yet.
        while (match is None or match.end() == len(self._window)) and self._more():
            match = pattern.match(self._window, self._at)
        if match is not None:
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

    def skip_damaged_opening(self) -> None:
        """Go to the first bracket nearby. Raises DumpError where there is none."""
        found = re.compile(rb"[\[{]").search(self._window, self._at, self._at + _DAMAGED_OPENING_BYTES)
        if found is None:
            raise DumpError(f"a JSON array should begin at byte {self.offset:,}")
        self._at = found.start()

    def resume_within(self, item: bytes, last: bytes | None) -> bytes | None:
        """Go back into an item that was just read and is damaged, to one that begins in it; return what is before it.

        None, and the reader stays, if there is none.
        """
        pattern = _start_of(last, item)
        start = self._at - len(item)
        for found in islice(pattern.finditer(item, 1), _TRIED) if pattern else ():
            self._at = start + found.start(1)
            if self._is_item(last):
                return item[: found.start(1)]
        self._at = start + len(item)
        return None

    def resume(self, last: bytes | None, error: DumpError) -> bytes:
        """Go to the next item that is whole and like ``last``; return the beginning of what is passed over.

        Raises ``error`` if none follows.
        """
        begun = self._window[self._at : self._at + _SHOWN_BYTES + 1]
        pattern = _start_of(last, begun)
        if pattern is None:
            raise _Unfinished(error.message, error.hint) from error
        at, tried = self._at + 1, 0
        while tried < _TRIED:
            found = pattern.search(self._window, at)
            if found is None:
                self._at = max(at, len(self._window) - CHUNK_BYTES)
                if not self._more():
                    break
                at = self._at
                continue
            self._at = found.start(1)
            tried += 1
            if self._is_item(last):
                return begun
            at = self._at + 1
        raise _Unfinished(error.message, error.hint) from error

    def _is_item(self, last: bytes | None) -> bool:
        """Whether a whole item like ``last`` begins here; the reader stays."""
        try:
            item = self.bracketed()
        except DumpError:
            return False
        self._at -= len(item)
        return _alike(item, last)

    def _more(self) -> bool:
        """Read on, forgetting what lies behind; at least as much again as is kept, so that work stays linear."""
        if self._ended:
            return False
        kept = self._window[self._at :]
        if len(kept) > ITEM_LIMIT_BYTES:
            raise DumpError(f"the item at byte {self.offset:,} is longer than {ITEM_LIMIT_BYTES:,} bytes")
        try:
            read = getattr(self._stream, "read1", self._stream.read)  # read() drops what comes before an error
            data = read(max(CHUNK_BYTES, len(kept)))
        except DumpError:
            self.is_unreadable = True
            raise
        except (OSError, EOFError) as error:
            self.is_unreadable = True
            raise DumpError(f"it cannot be read beyond byte {self._before + len(self._window):,}: {error}") from error
        self._ended = not data
        self._before += self._at
        self._window, self._at = kept + data, 0
        return bool(data)
