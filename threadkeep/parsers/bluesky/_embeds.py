"""Convert the embed of a Bluesky post, from its record or from a view, into media, links and quotes.

record  {"$type": "app.bsky.embed.images", "images": [{"alt": "A kiln", "image": {"ref": CID, …}}]}
view    {"$type": "app.bsky.embed.images#view", "images": [{"alt": "A kiln", "fullsize": "https://cdn.…"}]}
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from threadkeep.parsers._cards import plain_words
from threadkeep.parsers.bluesky._dag_cbor import cid_text
from threadkeep.parsers.bluesky._facets import iter_objects, object_or_empty
from threadkeep.platforms import bluesky
from threadkeep.records import Link, Media, Ref

_LINK_VIEWS = ("generatorView", "listView", "starterPackView", "starterPackViewBasic", "labelerView")


@dataclass(frozen=True, slots=True)
class EmbedContent:
    """The media, links and quotes of a post. ``unknown`` names embeds of other kinds."""

    media: tuple[Media, ...] = ()
    links: tuple[Link, ...] = ()
    quotes: tuple[Ref, ...] = ()
    unknown: tuple[str, ...] = ()


def read_embeds(record_embed: object, view_embed: object, did: str | None) -> EmbedContent:
    """The embed of a record, completed from the view of it. ``did`` is the author's: the address of a file needs it."""
    record, view = _read_embed(record_embed, did), _read_embed(view_embed, did)
    links = record.links
    if len(view.links) == len(links):
        links = tuple(_merge_link(a, b) for a, b in zip(links, view.links, strict=True))
    quotes = record.quotes or view.quotes
    if record.quotes and view.links and not view.quotes and not record.links:
        # Only the view shows that what looks like a post is a list or a feed.
        links, quotes = view.links, ()
    return EmbedContent(
        _merge_media(record.media, view.media), links or view.links, quotes, record.unknown or view.unknown
    )


def _read_embed(embed: object, did: str | None) -> EmbedContent:
    """One embed. Its keys decide its kind, since the type names of views and records differ."""
    if not isinstance(embed, dict) or not embed:
        return EmbedContent()
    inner = embed.get("media")
    below = EmbedContent()
    if isinstance(inner, dict):  # recordWithMedia; nothing nests deeper
        below = _read_embed({key: item for key, item in inner.items() if key not in ("record", "media")}, did)
    media = (*_media(embed, did), *below.media)
    card = _card(object_or_empty(embed, "external"))
    links = (*below.links, card) if card else below.links
    quotes: tuple[Ref, ...] = ()
    target = _record_in(embed)
    found = _quoted_target(target) if target else None
    if isinstance(found, Ref):
        quotes = (found,)
    elif found:
        links = (*links, found)
    unknown = below.unknown
    if not (media or links or quotes or unknown):
        unknown = (str(embed.get("$type") or "without a name")[:80],)
    return EmbedContent(media, links, quotes, unknown)


def _media(embed: dict[str, Any], did: str | None) -> Iterator[Media]:
    # A gallery's list was called "media" before it was "items".
    for name in ("images", "items", "media"):
        for item in iter_objects(embed.get(name)):
            url = _nonblank(item.get("fullsize")) or _nonblank(item.get("thumb")) or _blob_url(item.get("image"), did)
            yield Media("image", url, alt=_nonblank(item.get("alt")))
    if isinstance(embed.get("video"), dict) or "playlist" in embed:
        kind = "gif" if embed.get("presentation") == "gif" else "video"
        url = _nonblank(embed.get("playlist")) or _video_url(embed.get("video"), did)
        yield Media(kind, url, alt=_nonblank(embed.get("alt")))


def _card(external: dict[str, Any]) -> Link | None:
    url = _nonblank(external.get("uri"))
    if url is None:
        return None
    title, description = _nonblank(external.get("title")), _nonblank(external.get("description"))
    return Link(url, title=plain_words(title), description=plain_words(description))


def _record_in(embed: dict[str, Any]) -> dict[str, Any] | None:
    """The quoted record: ``record``, which for a quote with media, and in some views, is one level below."""
    target = embed.get("record")
    if isinstance(target, dict) and "uri" not in target and isinstance(target.get("record"), dict):
        target = target["record"]
    return target if isinstance(target, dict) and _nonblank(target.get("uri")) else None


def _quoted_target(target: dict[str, Any]) -> Ref | Link:
    """The quoted post; a link for a list, a feed or a starter pack."""
    uri = str(target["uri"])
    parts = bluesky.split_uri(uri)
    kind = str(target.get("$type")).rpartition("#")[2]
    if kind not in _LINK_VIEWS and (parts is None or parts[1] == bluesky.POST):
        return Ref(bluesky.NAME, uri)
    record = object_or_empty(target, "record")
    names = (target.get("displayName"), target.get("name"), record.get("displayName"), record.get("name"))
    descriptions = (target.get("description"), record.get("description"))
    title, description = (next(filter(None, map(_nonblank, values)), None) for values in (names, descriptions))
    return Link(bluesky.record_url(uri) or uri, title=title, description=description)


def _merge_link(stated: Link, shown: Link) -> Link:
    title, description = stated.title or shown.title, stated.description or shown.description
    return Link(stated.url, stated.text or shown.text, title, description=description)


def _merge_media(stated: Sequence[Media], shown: Sequence[Media]) -> tuple[Media, ...]:
    """The media of the record, with the addresses and descriptions of the same media in the view."""
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
    return _nonblank(ref.get("$link")) if isinstance(ref, dict) else _nonblank(blob.get("cid"))


def _blob_url(blob: object, did: str | None) -> str | None:
    cid = _blob_cid(blob)
    return bluesky.image_url(did, cid) if did and cid and _is_blob(did, cid) else None


def _video_url(blob: object, did: str | None) -> str | None:
    cid = _blob_cid(blob)
    return bluesky.video_url(did, cid) if did and cid and _is_blob(did, cid) else None


def _is_blob(did: str, cid: str) -> bool:
    return cid.isalnum() and did.startswith("did:")


def _nonblank(value: object) -> str | None:
    """``value`` if it is text that is not blank."""
    return value if isinstance(value, str) and value.strip() else None
