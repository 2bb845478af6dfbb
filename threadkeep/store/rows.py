"""Records to rows and back: the one place that knows how a record lies in the tables."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from threadkeep.records import Account, Edit, Gap, KeptSource, Link, Media, Pin, Post, Record, Ref, Repost, When
from threadkeep.store.identity import matching_words

Row = RowMapping
Parts = dict[str, list[dict[str, Any]]]
"""The rows of a post in the tables of its parts, by table: links, media, tags, mentions, quotes."""


def instant_text(instant: datetime) -> str:
    """UTC in one width, so that text order is time order.

    >>> instant_text(datetime.fromisoformat("2024-05-01T12:00:00+02:00"))
    '2024-05-01T10:00:00.000000Z'
    """
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def when_columns(when: When | None) -> dict[str, str | None]:
    """The columns ``created``, ``precision`` and ``origin``."""
    if when is None:
        return {"created": None, "precision": None, "origin": None}
    return {"created": instant_text(when.instant), "precision": when.precision, "origin": when.origin}


def when_of(row: Row) -> When | None:
    """The moment in a row's ``created``, ``precision`` and ``origin``."""
    if row["created"] is None:
        return None
    return When(datetime.fromisoformat(row["created"]), row["precision"], row["origin"])


def account_columns(account: Account) -> dict[str, Any]:
    """The row of an account, without its id."""
    return {
        "platform": account.ref.platform,
        "ref": account.ref.id,
        "handle": account.handle,
        "name": account.name,
        "bio": account.bio,
        "url": account.url,
        "followers": account.followers,
        "following": account.following,
        "posts": account.posts,
    }


def account_of(row: Row) -> Account:
    """The account in a row."""
    return Account(
        Ref(row["platform"], row["ref"]),
        row["handle"],
        row["name"],
        row["bio"],
        row["url"],
        row["followers"],
        row["following"],
        row["posts"],
    )


def post_columns(post: Post, author: int | None) -> dict[str, Any]:
    """The row of a post, without its id and what is derived; ``author`` is the row of its author's account."""
    return {
        "platform": post.ref.platform,
        "ref": post.ref.id,
        "author": author,
        "title": post.title,
        "text": post.text,
        **when_columns(post.created),
        "url": post.url,
        "reply_to": post.reply_to.id if post.reply_to else None,
        "root": post.root.id if post.root else None,
        "language": post.language,
        "warning": post.warning,
        "visibility": post.visibility,
        "counts": _json(post.counts) if post.counts else "{}",
        "edits": _json(post.edits) if post.edits else "[]",
        "inferred": _json(post.inferred) if post.inferred else "[]",
        "words": matching_words(post),
    }


def part_columns(post: Post, number: int) -> Parts:
    """The rows of a post's parts; ``number`` is the post's row."""

    def placed(index: int, **columns: Any) -> dict[str, Any]:
        return {"post": number, "position": index, **columns}

    return {
        "links": [
            placed(i, url=link.url, text=link.text, title=link.title, start=link.start, end=link.end)
            for i, link in enumerate(post.links)
        ],
        "media": [
            placed(i, kind=item.kind, url=item.url, file=item.file, alt=item.alt) for i, item in enumerate(post.media)
        ],
        "tags": [placed(i, tag=tag) for i, tag in enumerate(post.tags)],
        "mentions": [placed(i, handle=handle) for i, handle in enumerate(post.mentions)],
        "quotes": [placed(i, platform=ref.platform, ref=ref.id) for i, ref in enumerate(post.quotes)],
    }


def post_of(row: Row, author: Ref | None, parts: Mapping[str, list[Row]]) -> Post:
    """The post in a row, given its author's ref and the rows of its parts in order."""
    platform = row["platform"]
    return Post(
        ref=Ref(platform, row["ref"]),
        author=author,
        text=row["text"],
        title=row["title"],
        created=when_of(row),
        url=row["url"],
        reply_to=None if row["reply_to"] is None else Ref(platform, row["reply_to"]),
        root=None if row["root"] is None else Ref(platform, row["root"]),
        quotes=tuple(Ref(part["platform"], part["ref"]) for part in parts.get("quotes", ())),
        links=tuple(
            Link(part["url"], part["text"], part["title"], part["start"], part["end"])
            for part in parts.get("links", ())
        ),
        media=tuple(Media(part["kind"], part["url"], part["file"], part["alt"]) for part in parts.get("media", ())),
        tags=tuple(part["tag"] for part in parts.get("tags", ())),
        mentions=tuple(part["handle"] for part in parts.get("mentions", ())),
        language=row["language"],
        warning=row["warning"],
        visibility=row["visibility"],
        counts={} if row["counts"] == "{}" else json.loads(row["counts"]),
        edits=() if row["edits"] == "[]" else msgspec.json.decode(row["edits"], type=tuple[Edit, ...]),
        inferred=() if row["inferred"] == "[]" else tuple(json.loads(row["inferred"])),
    )


def source_of(row: Row) -> KeptSource:
    """The dump in a row."""
    return KeptSource(row["sha256"], row["path"], row["format"], datetime.fromisoformat(row["imported"]), row["owner"])


def payload_text(record: Record) -> str:
    """A record as JSON for ``captures.payload``."""
    return _json(record)


def payload_of(kind: type[Record], payload: str) -> Record:
    """The record in a ``captures.payload``."""
    record: Record = msgspec.json.decode(payload, type=kind)
    return record


KINDS: dict[str, type[Record]] = {"account": Account, "post": Post, "repost": Repost, "pin": Pin, "gap": Gap}
"""The records' types by what ``captures.kind`` calls them."""


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
