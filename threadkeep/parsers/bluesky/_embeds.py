"""Turn what is embedded in a Bluesky post into media, links and quotes: as its record states it, or as a view shows it.

record  {"$type": "app.bsky.embed.images", "images": [{"alt": "A kiln", "image": {"ref": CID, …}}]}
view    {"$type": "app.bsky.embed.images#view", "images": [{"alt": "A kiln", "fullsize": "https://cdn.…"}]}
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from threadkeep.parsers.bluesky._dag_cbor import cid_text
from threadkeep.parsers.bluesky._facets import object_in, objects
from threadkeep.records import Link, Media, Ref

PLATFORM = "bluesky"
POST = "app.bsky.feed.post"

_AT_URI = re.compile(r"at://([^/?#\s]+)/([^/?#\s]+)/([^/?#\s]+)")
_PLACES = {
    "app.bsky.feed.generator": "https://bsky.app/profile/{}/feed/{}",
    "app.bsky.graph.list": "https://bsky.app/profile/{}/lists/{}",
    "app.bsky.graph.starterpack": "https://bsky.app/starter-pack/{}/{}",
    "app.bsky.labeler.service": "https://bsky.app/profile/{}",
}
_NO_POST_VIEWS = ("generatorView", "listView", "starterPackView", "starterPackViewBasic", "labelerView")


@dataclass(frozen=True, slots=True)
class Embedded:
    """What hangs below a post's text. ``unknown`` names the embeds of a kind that is not known here."""

    media: tuple[Media, ...] = ()
    links: tuple[Link, ...] = ()
    quotes: tuple[Ref, ...] = ()
    unknown: tuple[str, ...] = ()


def split_uri(uri: str) -> tuple[str, str, str] | None:
    """``at://did:plc:mira/app.bsky.feed.post/3k2a`` -> its DID or handle, its collection, its record key."""
    match = _AT_URI.fullmatch(uri)
    return (match[1], match[2], match[3]) if match else None


def embedded(stated: object, shown: object, did: str | None) -> Embedded:
    """What a record states (``stated``), completed by what a view shows of the same (``shown``).

    ``did`` is the author's: a blob's address needs it.
    """
    record, view = _read(stated, did), _read(shown, did)
    links = record.links
    if len(view.links) == len(links):
        links = tuple(_fuller_link(a, b) for a, b in zip(links, view.links, strict=True))
    quotes = record.quotes or view.quotes
    if record.quotes and view.links and not view.quotes and not record.links:
        # Only the view tells that what looks like a post is a list or a feed.
        links, quotes = view.links, ()
    return Embedded(
        _fuller_media(record.media, view.media), links or view.links, quotes, record.unknown or view.unknown
    )


def _read(embed: object, did: str | None) -> Embedded:
    """What one embed holds; the keys tell its kind, since the names of views and records differ."""
    if not isinstance(embed, dict) or not embed:
        return Embedded()
    inner = embed.get("media")
    below = Embedded()
    if isinstance(inner, dict):  # recordWithMedia; nothing nests deeper
        below = _read({key: item for key, item in inner.items() if key not in ("record", "media")}, did)
    media = (*_media(embed, did), *below.media)
    card = _card(object_in(embed, "external"))
    links = (*below.links, card) if card else below.links
    quotes: tuple[Ref, ...] = ()
    target = _record_in(embed)
    found = _target(target) if target else None
    if isinstance(found, Ref):
        quotes = (found,)
    elif found:
        links = (*links, found)
    unknown = below.unknown
    if not (media or links or quotes or unknown):
        unknown = (str(embed.get("$type") or "without a name")[:80],)
    return Embedded(media, links, quotes, unknown)


def _media(embed: dict[str, Any], did: str | None) -> Iterator[Media]:
    # A gallery's list was called "media" before it was "items".
    for name in ("images", "items", "media"):
        for item in objects(embed.get(name)):
            url = _text(item.get("fullsize")) or _text(item.get("thumb")) or _blob_url(item.get("image"), did)
            yield Media("image", url, alt=_text(item.get("alt")))
    if isinstance(embed.get("video"), dict) or "playlist" in embed:
        kind = "gif" if embed.get("presentation") == "gif" else "video"
        url = _text(embed.get("playlist")) or _video_url(embed.get("video"), did)
        yield Media(kind, url, alt=_text(embed.get("alt")))


def _card(external: dict[str, Any]) -> Link | None:
    url = _text(external.get("uri"))
    return Link(url, text=_text(external.get("description")), title=_text(external.get("title"))) if url else None


def _record_in(embed: dict[str, Any]) -> dict[str, Any] | None:
    """What a quote points to: ``record``, which for a quote with media, and in some views, is one level below."""
    target = embed.get("record")
    if isinstance(target, dict) and "uri" not in target and isinstance(target.get("record"), dict):
        target = target["record"]
    return target if isinstance(target, dict) and _text(target.get("uri")) else None


def _target(target: dict[str, Any]) -> Ref | Link:
    """A post as a quote, a list, a feed or a starter pack as a link."""
    uri = str(target["uri"])
    parts = split_uri(uri)
    kind = str(target.get("$type")).rpartition("#")[2]
    if kind not in _NO_POST_VIEWS and (parts is None or parts[1] == POST):
        return Ref(PLATFORM, uri)
    place = _PLACES.get(parts[1]) if parts else None
    url = place.format(parts[0], parts[2]) if place and parts else uri
    named = [target.get("displayName"), target.get("name"), object_in(target, "record").get("name")]
    return Link(url, title=next((name for name in map(_text, named) if name), None))


def _fuller_link(stated: Link, shown: Link) -> Link:
    return Link(stated.url, stated.text or shown.text, stated.title or shown.title)


def _fuller_media(stated: Sequence[Media], shown: Sequence[Media]) -> tuple[Media, ...]:
    """What is stated, with the addresses and descriptions a view shows of the same pictures."""
    if not stated or not shown or len(stated) != len(shown):
        return tuple(stated or shown)
    return tuple(
        Media(a.kind if a.kind == "gif" else b.kind, b.url or a.url, alt=a.alt or b.alt)
        for a, b in zip_longest(stated, shown)
    )


def _blob_cid(blob: object) -> str | None:
    """The CID of a blob: ``ref`` in CBOR and in JSON, ``cid`` in records of before 2023."""
    if not isinstance(blob, dict):
        return None
    ref = blob.get("ref")
    if isinstance(ref, bytes):
        return cid_text(ref)
    return _text(ref.get("$link")) if isinstance(ref, dict) else _text(blob.get("cid"))


def _blob_url(blob: object, did: str | None) -> str | None:
    cid = _blob_cid(blob)
    is_real = cid is not None and cid.isalnum() and did is not None and did.startswith("did:")
    return f"https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}" if is_real else None


def _video_url(blob: object, did: str | None) -> str | None:
    cid = _blob_cid(blob)
    is_real = cid is not None and cid.isalnum() and did is not None and did.startswith("did:")
    return f"https://video.bsky.app/watch/{quote(did or '', safe='')}/{cid}/playlist.m3u8" if is_real else None


def _text(value: object) -> str | None:
    """Text that says something."""
    return value if isinstance(value, str) and value.strip() else None
