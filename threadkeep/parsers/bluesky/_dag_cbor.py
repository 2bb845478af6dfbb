"""Decode DAG-CBOR, the binary JSON of Bluesky repositories.

    a1 64 74 65 78 74 62 68 69      -> {"text": "hi"}
    d8 2a 58 25 00 01 71 12 20 …    -> the 36 bytes of a CID, the address of another block

libipld decodes blocks that follow the rules. A block that breaks them without loss of data (half of a surrogate pair in
a text, keys out of order, NaN) is decoded here instead.
"""

import struct
from typing import Any

import libipld

_MAX_DEPTH = 100
"""The deepest nesting read; no lexicon comes near it."""

_SIMPLE = {20: False, 21: True, 22: None, 23: None}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_CID_TAG = 42


def decode(block: bytes) -> Any:
    """The value of ``block``, with every CID as its bytes. Raises ValueError if it is not DAG-CBOR."""
    try:
        return libipld.decode_dag_cbor(block)
    except RecursionError:
        raise ValueError("it is nested too deeply to be a record") from None
    except ValueError:
        return _LenientDecoder(block).value(0)


def cid_text(cid: bytes) -> str | None:
    """A CID as text: its 36 bytes -> ``bafyrei…``; None if they are not a CID."""
    try:
        return libipld.encode_cid(cid)
    except ValueError:
        return None


class _LenientDecoder:
    """Decoder of one block that accepts what strict decoders refuse. ``_at`` is the next byte to read."""

    def __init__(self, block: bytes) -> None:
        self._block = block
        self._at = 0

    def value(self, depth: int) -> Any:
        """The value that begins here. Raises ValueError."""
        if depth > _MAX_DEPTH:
            raise ValueError("it is nested too deeply to be a record")
        head = self._take(1)[0]
        kind, low = head >> 5, head & 0x1F
        if kind == 7:
            return self._simple(low)
        count = self._argument(low)
        match kind:
            case 0:
                return count
            case 1:
                return -1 - count
            case 2:
                return self._take(count)
            case 3:
                return _text(self._take(count))
            case 4:
                return [self.value(depth + 1) for _ in range(self._checked_count(count))]
            case 5:
                return self._map(count, depth)
        inner = self.value(depth + 1)
        return inner.removeprefix(b"\0") if count == _CID_TAG and isinstance(inner, bytes) else inner

    def _map(self, count: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self._checked_count(count)):
            key = self.value(depth + 1)
            if not isinstance(key, str):
                raise ValueError(f"byte {self._at:,} of the block: a key is not text")
            found[key] = self.value(depth + 1)
        return found

    def _simple(self, low: int) -> Any:
        if low in _FLOATS:
            return struct.unpack(_FLOATS[low], self._take(_WIDTHS[low]))[0]
        if low not in _SIMPLE:
            raise ValueError(f"byte {self._at:,} of the block: {low} is not a simple value")
        return _SIMPLE[low]

    def _argument(self, low: int) -> int:
        if low < 24:
            return low
        if low not in _WIDTHS:
            raise ValueError(f"byte {self._at:,} of the block: a length is missing")
        return int.from_bytes(self._take(_WIDTHS[low]), "big")

    def _checked_count(self, count: int) -> int:
        """``count``, unless the block is too short for so many."""
        if count > len(self._block) - self._at:
            raise ValueError(f"byte {self._at:,} of the block: {count:,} items cannot follow")
        return count

    def _take(self, count: int) -> bytes:
        taken = self._block[self._at : self._at + count]
        if len(taken) < count:
            raise ValueError(f"it ends in the middle, after {len(self._block):,} bytes")
        self._at += count
        return taken


def _text(data: bytes) -> str:
    """Text, with halves of surrogate pairs kept; any other byte that is not UTF-8 becomes U+FFFD."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
