"""Convert the facets of a Bluesky post into links, tags and mentions with their positions in the text.

{"index": {"byteStart": 4, "byteEnd": 15},                                    bytes of the text in UTF-8
 "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/kiln"}]}
{"index": {"start": 4, "end": 15}, "type": "link", "value": "https://…"}      "entities", until 2023: UTF-16 units
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from threadkeep.records import Link
from threadkeep.text.entities import is_handle


@dataclass(frozen=True, slots=True)
class RichText:
    """The markup of a post's text. ``mentions`` are handles, or DIDs where the text does not show them."""

    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Feature:
    """One link, tag or mention: its ``kind``, its target, and its span in units of the encoding."""

    kind: str
    target: str
    start: int | None
    end: int | None


def rich_text(text: str, record: dict[str, Any]) -> RichText:
    """The markup of ``record``, in the order of the text.

    A broken span (inside a character, beyond the end) is dropped, its target kept. ``entities`` count only without
    facets: clients wrote both during the transition.
    """
    features = list(_facet_features(record.get("facets")))
    encoding = "utf-8"
    if not features:
        features = list(_entity_features(record.get("entities")))
        encoding = "utf-16-le"
    if not features:
        return RichText(tags=_distinct(_tags(record)))
    offsets = _code_point_offsets(text, encoding, (at for item in features for at in (item.start, item.end)))
    placed = []
    for item in features:
        start, end = offsets.get(item.start), offsets.get(item.end)
        span = (start, end) if start is not None and end is not None and start < end else None
        placed.append((item, span))
    placed.sort(key=lambda pair: pair[1] or (len(text), len(text)))
    return RichText(
        links=tuple(_link(item.target, text, span) for item, span in placed if item.kind == "link"),
        tags=_distinct([*(item.target for item, _ in placed if item.kind == "tag"), *_tags(record)]),
        mentions=_distinct(_mention(item.target, text, span) for item, span in placed if item.kind == "mention"),
    )


def _facet_features(facets: object) -> Iterator[_Feature]:
    for facet in iter_objects(facets):
        index = object_or_empty(facet, "index")
        for feature in iter_objects(facet.get("features")):
            kind = str(feature.get("$type")).rpartition("#")[2]
            target = feature.get({"link": "uri", "tag": "tag", "mention": "did"}.get(kind, "$type"))
            if kind in ("link", "tag", "mention") and isinstance(target, str) and target:
                yield _Feature(kind, target, _offset(index.get("byteStart")), _offset(index.get("byteEnd")))


def _entity_features(entities: object) -> Iterator[_Feature]:
    for entity in iter_objects(entities):
        index, kind, target = object_or_empty(entity, "index"), entity.get("type"), entity.get("value")
        kind = "tag" if kind == "hashtag" else kind
        if kind in ("link", "tag", "mention") and isinstance(target, str) and target:
            yield _Feature(kind, target, _offset(index.get("start")), _offset(index.get("end")))


def _offset(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _link(url: str, text: str, span: tuple[int, int] | None) -> Link:
    if span is None:
        return Link(url)
    return Link(url, text[span[0] : span[1]], start=span[0], end=span[1])


def _mention(did: str, text: str, span: tuple[int, int] | None) -> str:
    """The handle in the text, without ``@``; the DID if there is none."""
    shown = text[span[0] : span[1]].strip().removeprefix("@") if span else ""
    return shown if is_handle(shown) else did


def _tags(record: dict[str, Any]) -> Iterable[str]:
    """The tags that are not in the text."""
    tags = record.get("tags")
    return (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """``words`` without leading ``#``, in order, each once regardless of case."""
    found: dict[str, str] = {}
    for word in words:
        bare = word.strip().lstrip("#＃")
        if bare:
            found.setdefault(bare.casefold(), bare)
    return tuple(found.values())


def _code_point_offsets(text: str, encoding: str, offsets: Iterable[int | None]) -> dict[int | None, int]:
    """Map offsets in the encoded text to code points of ``text``; offsets inside a character are left out."""
    unit = 1 if encoding == "utf-8" else 2
    known = sorted({offset for offset in offsets if offset is not None})
    data = text.encode(encoding, "surrogatepass")
    found: dict[int | None, int] = {}
    at = count = 0
    for offset in known:
        position = offset * unit
        if position > len(data):
            break
        if not _splits_character(data, position, unit):
            count += len(data[at:position].decode(encoding, "surrogatepass"))
            at = position
            found[offset] = count
    return found


def _splits_character(data: bytes, offset: int, unit: int) -> bool:
    """Whether ``offset`` is inside a character."""
    if offset in (0, len(data)):
        return False
    if unit == 1:
        return data[offset] & 0xC0 == 0x80
    return data[offset + 1] & 0xFC == 0xDC and data[offset - 1] & 0xFC == 0xD8


def iter_objects(value: object) -> Iterator[dict[str, Any]]:
    """The JSON objects in a list; none if ``value`` is not a list."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def object_or_empty(holder: dict[str, Any], key: str) -> dict[str, Any]:
    """The JSON object under ``key``, an empty one if there is none."""
    value = holder.get(key)
    return value if isinstance(value, dict) else {}
