"""Write CAR files of Bluesky repositories, whole or damaged on purpose, to test and to measure their reading.

    car = repository("did:plc:mira", {"app.bsky.feed.post/3k2a": {"$type": "app.bsky.feed.post", "text": "Hi."}})
    Path("repo.car").write_bytes(car.to_bytes())

``python tests/parsers/bluesky/car_writer.py seeds/bluesky-car/bluesky-repo.car`` writes the sample anew.
"""

import struct
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

DAG_CBOR, RAW = 0x71, 0x55
TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


class Cid(bytes):
    """The bytes of a CID, which are written as a link, not as a byte string."""


@dataclass
class Car:
    """Roots and blocks in the order in which they are written."""

    roots: list[Cid]
    blocks: list[tuple[Cid, bytes]]
    nodes: list[Cid] = field(default_factory=list)
    """The tree's nodes, its root last."""
    records: dict[str, Cid] = field(default_factory=dict)

    def without(self, *cids: Cid) -> "Car":
        """The same file, but for those blocks."""
        return Car(self.roots, [item for item in self.blocks if item[0] not in cids], self.nodes, self.records)

    def to_bytes(self) -> bytes:
        frames = (varint(len(cid) + len(block)) + cid + block for cid, block in self.blocks)
        return header(self.roots) + b"".join(frames)


def repository(did: str, records: Mapping[str, Any], *, rev: str | None = "3l2aaaaaaaa2a", version: int = 3) -> Car:
    """A repository of ``records`` by key (``collection/rkey``): its commit, its tree and its records."""
    blocks: dict[Cid, bytes] = {}
    cids = {key: _put(blocks, record) for key, record in records.items()}
    nodes: dict[Cid, bytes] = {}
    root = _tree(nodes, sorted((key.encode(), cid) for key, cid in cids.items()))
    commit = {"did": did, "version": version, "prev": None, "data": root, "sig": b"\1" * 64}
    if rev is not None:
        commit["rev"] = rev
    top: dict[Cid, bytes] = {}
    commit_cid = _put(top, commit)
    return Car([commit_cid], [*top.items(), *nodes.items(), *blocks.items()], list(nodes), cids)


def header(roots: Iterable[Cid]) -> bytes:
    block = encode({"roots": list(roots), "version": 1})
    return varint(len(block)) + block


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def cid_of(block: bytes, codec: int = DAG_CBOR) -> Cid:
    return Cid(bytes([1, codec, 0x12, 0x20]) + sha256(block).digest())


def encode(value: Any) -> bytes:
    """DAG-CBOR; text may hold lone surrogates, which no other writer would write."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case Cid():
            return b"\xd8\x2a" + _head(2, len(value) + 1) + b"\0" + value
        case bytes():
            return _head(2, len(value)) + value
        case str():
            data = value.encode("utf-8", "surrogatepass")
            return _head(3, len(data)) + data
        case list() | tuple():
            return _head(4, len(value)) + b"".join(encode(item) for item in value)
        case dict():
            pairs = sorted(((encode(key), encode(item)) for key, item in value.items()), key=lambda pair: pair[0])
            return _head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
    raise TypeError(value)


def tid(microseconds: int) -> str:
    """The record key of that moment."""
    number = microseconds << 10
    return "".join(TID_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def blob(content: bytes, mime: str = "image/jpeg") -> dict[str, Any]:
    return {"$type": "blob", "ref": cid_of(content, RAW), "mimeType": mime, "size": len(content)}


def node(entries: Iterable[tuple[bytes, Cid, Cid | None]], left: Cid | None = None) -> dict[str, Any]:
    """A node of a tree: entries of key, record and the subtree behind, the keys cut to what is new in each."""
    before, cut = b"", []
    for key, value, right in entries:
        shared = next((i for i, (a, b) in enumerate(zip(before, key, strict=False)) if a != b), len(before))
        cut.append({"p": shared, "k": key[shared:], "v": value, "t": right})
        before = key
    return {"l": left, "e": cut}


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for low, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * width:
            return bytes([kind << 5 | low]) + number.to_bytes(width, "big")
    raise ValueError(number)


def _put(blocks: dict[Cid, bytes], value: Any) -> Cid:
    block = encode(value)
    cid = cid_of(block)
    blocks[cid] = block
    return cid


def _layer(key: bytes) -> int:
    """How high a key stands: pairs of zero bits at the beginning of its hash."""
    digest = int.from_bytes(sha256(key).digest(), "big")
    return (256 - digest.bit_length()) // 2


def _tree(nodes: dict[Cid, bytes], leaves: list[tuple[bytes, Cid]]) -> Cid:
    """Write the tree of sorted ``leaves``, the children before their parents."""
    layered = [(_layer(key), key, cid) for key, cid in leaves]
    top = max((layer for layer, _, _ in layered), default=0)
    return _subtree(nodes, layered, top) or _put(nodes, node([]))


def _subtree(nodes: dict[Cid, bytes], leaves: list[tuple[int, bytes, Cid]], layer: int) -> Cid | None:
    if not leaves:
        return None
    here = [index for index, leaf in enumerate(leaves) if leaf[0] == layer]
    edges = [*here, len(leaves)]
    left = _subtree(nodes, leaves[: edges[0]], layer - 1)
    entries = [
        (leaves[at][1], leaves[at][2], _subtree(nodes, leaves[at + 1 : after], layer - 1))
        for at, after in zip(here, edges[1:], strict=True)
    ]
    return _put(nodes, node(entries, left))


DID, OTHER = "did:plc:mira4kiln4glaze4notes4aa", "did:plc:odo4harbour4walks4every4b"
_DAY = 1_714_521_600_000_000
"""The first of May 2024, in microseconds."""


def sample() -> Car:
    """The repository in seeds/bluesky-car/bluesky-repo.car: a potter's, with every oddity a parser must bear."""
    car = repository(DID, {**_sample_posts(), **_sample_rest()})
    deleted = encode({"$type": "app.bsky.feed.post", "text": "Deleted long ago.", "createdAt": "2024-05-01T00:00:00Z"})
    # What real files hold besides the tree: a record deleted long ago, and a block written twice.
    return Car(car.roots, [*car.blocks, (cid_of(deleted), deleted), car.blocks[1]], car.nodes, car.records)


def _at(hour: int, did: str = DID, collection: str = "app.bsky.feed.post") -> str:
    return f"at://{did}/{collection}/{tid(_DAY + hour * 3_600_000_000)}"


def _ref(uri: str) -> dict[str, str]:
    return {"cid": "bafyrei" + "a" * 52, "uri": uri}


def _post(text: str, created: str, **more: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": created, **more}


def _reply(root: str, parent: str) -> dict[str, Any]:
    return {"root": _ref(root), "parent": _ref(parent)}


def _facet(text: str, part: str, **feature: str) -> dict[str, Any]:
    start = text.encode().index(part.encode())
    kind = {"uri": "link", "tag": "tag", "did": "mention"}[next(iter(feature))]
    return {
        "index": {"byteStart": start, "byteEnd": start + len(part.encode())},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


def _sample_posts() -> dict[str, Any]:
    opening = "🏺 How I mix an ash glaze, step by step. Notes at example.com/ash #glaze 🧵"
    greeting = "Thanks @odo.example.org, the harbour clay works!"
    picture = {"alt": "A bowl with a green ash glaze, cooling on a brick.", "image": blob(b"bowl")}
    posts = [
        _post(
            opening,
            "2024-05-01T00:00:00.250Z",
            langs=["en"],
            facets=[
                _facet(opening, "#glaze", tag="glaze"),
                _facet(opening, "example.com/ash", uri="https://example.com/ash-glaze-notes"),
            ],
        ),
        _post("Sieve the ash twice.", "2024-05-01T01:00:00Z", reply=_reply(_at(0), _at(0)), langs=["en", "de"]),
        _post("Then wait a week.", "2024-05-01T04:00:00.123456+02:00", reply=_reply(_at(0), _at(1))),
        _post(
            greeting,
            "2024-05-01T03:00:00.000Z",
            reply=_reply(_at(0, OTHER), _at(1, OTHER)),
            facets=[_facet(greeting, "@odo.example.org", did=OTHER)],
        ),
        _post(
            "Out of the kiln.",
            "yesterday, about noon",
            embed={"$type": "app.bsky.embed.images", "images": [picture, {"alt": "", "image": blob(b"shelf")}]},
            tags=["#Pottery", "ash"],
        ),
        _post(
            "What Odo says:",
            "2024-05-01T05:00:00Z",
            embed={
                "$type": "app.bsky.embed.recordWithMedia",
                "record": {"$type": "app.bsky.embed.record", "record": _ref(_at(2, OTHER))},
                "media": {"$type": "app.bsky.embed.images", "images": [picture]},
            },
        ),
        _post(
            "Potters to follow:",
            "2024-05-01T06:00:00Z",
            embed={"$type": "app.bsky.embed.record", "record": _ref(_at(6, DID, "app.bsky.graph.list"))},
        ),
        _post(
            "Worth a read.",
            "2024-05-01T07:00:00Z",
            embed={
                "$type": "app.bsky.embed.external",
                "external": {
                    "uri": "https://example.org/kilns",
                    "title": "On wood-fired kilns",
                    "description": "A short history.",
                },
            },
        ),
        _post(
            "",
            "2024-05-01T08:00:00Z",
            embed={"$type": "app.bsky.embed.video", "video": blob(b"wheel", "video/mp4"), "alt": "Hands at a wheel."},
            labels={"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]},
        ),
        _post(
            "Five bowls.",
            "2024-05-01T09:00:00Z",
            embed={
                "$type": "app.bsky.embed.gallery",
                "items": [{"$type": "app.bsky.embed.gallery#image", "image": blob(b"five"), "alt": "Five bowls."}],
            },
        ),
        _post(
            "😀 see example.com",
            "2023-03-30T14:34:05-07:00",
            entities=[{"type": "link", "index": {"start": 7, "end": 18}, "value": "https://example.com"}],
        ),
    ]
    return {_at(hour).removeprefix(f"at://{DID}/"): post for hour, post in enumerate(posts)}


def _sample_rest() -> dict[str, Any]:
    created = "2024-05-02T10:00:00.000Z"
    like = {"$type": "app.bsky.feed.like", "subject": _ref(_at(0, OTHER)), "createdAt": created}
    rest = [
        ("app.bsky.feed.like", like),
        ("app.bsky.feed.like", {**like, "subject": _ref(_at(1, OTHER))}),
        ("app.bsky.feed.repost", {**like, "$type": "app.bsky.feed.repost"}),
        ("app.bsky.graph.follow", {"$type": "app.bsky.graph.follow", "subject": OTHER, "createdAt": created}),
        ("app.bsky.feed.threadgate", {"$type": "app.bsky.feed.threadgate", "post": _at(0), "createdAt": created}),
        ("com.example.kiln.firing", {"$type": "com.example.kiln.firing", "cone": 10, "hours": 31}),
    ]
    profile = {
        "$type": "app.bsky.actor.profile",
        "displayName": "Mira Okafor",
        "description": "Pots, glazes, frost.",
        "avatar": blob(b"mira"),
        "pinnedPost": _ref(_at(0)),
    }
    records = {f"{name}/{tid(_DAY + (24 + n) * 3_600_000_000)}": record for n, (name, record) in enumerate(rest)}
    return {"app.bsky.actor.profile/self": profile, **records}


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(sample().to_bytes())
