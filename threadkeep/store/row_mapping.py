"""Records to rows and back: the one place that knows how a record lies in the tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar, get_args

from threadkeep.records import (
    Account,
    Edit,
    Gap,
    Link,
    Media,
    Pin,
    PollOption,
    Post,
    Precision,
    Record,
    Ref,
    Repost,
    SourceRecord,
    When,
)
from threadkeep.store.bulk_sql import Values

T = TypeVar("T")


class Row(Protocol):
    """A row by its columns' names: the driver's own, or SQLAlchemy's mapping."""

    def __getitem__(self, name: str, /) -> Any:
        """The value in that column."""


ACCOUNT_COLUMNS = ("platform", "ref", "handle", "name", "bio", "url", "followers", "following", "posts")
"""What ``account_values`` gives: all but the id."""

POST_COLUMNS = (
    *("platform", "ref", "author", "title", "text", "created", "precision", "origin", "url", "reply_to", "root"),
    *("language", "warning", "visibility", "counts", "edits", "inferred", "poll", "edited", "words"),
)
"""What ``post_values`` gives: all but the id, the revision, and the place in a thread."""


_PRECISIONS = frozenset(get_args(Precision))
_ORIGINS = frozenset(("stated", "derived"))


def instant_text(instant: datetime) -> str:
    """UTC in one width, so that text order is time order.

    >>> instant_text(datetime.fromisoformat("2024-05-01T12:00:00+02:00"))
    '2024-05-01T10:00:00.000000Z'
    """
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def when_values(when: When | None) -> tuple[str | None, str | None, str | None]:
    """The columns ``created``, ``precision`` and ``origin``."""
    return (None, None, None) if when is None else (instant_text(when.instant), when.precision, when.origin)


def when_of(row: Row) -> When | None:
    """The moment in a row's ``created``, ``precision`` and ``origin``. Raises ValueError."""
    if row["created"] is None:
        return None
    precision, origin = row["precision"], row["origin"]
    if precision not in _PRECISIONS or origin not in _ORIGINS:
        raise ValueError(f"{precision!r} and {origin!r} are no precision and origin of a date")
    return When(datetime.fromisoformat(row["created"]), precision, origin)


def account_values(account: Account) -> Values:
    """The row of an account, by ``ACCOUNT_COLUMNS``."""
    return (
        account.ref.platform,
        account.ref.id,
        account.handle,
        account.name,
        account.bio,
        account.url,
        account.followers,
        account.following,
        account.posts,
    )


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


def post_values(post: Post, author: int | None) -> Values:
    """The row of a post, by ``POST_COLUMNS``; ``author`` is the row of its author's account."""
    from threadkeep.store.content_key import content_key

    return (
        post.ref.platform,
        post.ref.id,
        author,
        post.title,
        post.text,
        *when_values(post.created),
        post.url,
        post.reply_to.id if post.reply_to else None,
        post.root.id if post.root else None,
        post.language,
        post.warning,
        post.visibility,
        _json(post.counts) if post.counts else "{}",
        _json(post.edits) if post.edits else "[]",
        _json(post.inferred) if post.inferred else "[]",
        _json(post.poll) if post.poll else "[]",
        _json(post.edited) if post.edited else None,
        content_key(post),
    )


def collect_part_rows(post: Post, number: int, parts: Mapping[str, list[Values]]) -> None:
    """Add the rows of a post's parts to those of each table, in the order of its columns; ``number`` is the post's."""
    for place, link in enumerate(post.links):
        parts["links"].append((number, place, link.url, link.text, link.title, link.start, link.end, link.description))
    for place, item in enumerate(post.media):
        parts["media"].append((number, place, item.kind, item.url, item.file, item.alt))
    for place, tag in enumerate(post.tags):
        parts["tags"].append((number, place, tag))
    for place, handle in enumerate(post.mentions):
        parts["mentions"].append((number, place, handle))
    for place, ref in enumerate(post.quotes):
        parts["quotes"].append((number, place, ref.platform, ref.id))


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
            Link(part["url"], part["text"], part["title"], part["start"], part["end"], part["description"])
            for part in parts.get("links", ())
        ),
        media=tuple(Media(part["kind"], part["url"], part["file"], part["alt"]) for part in parts.get("media", ())),
        tags=tuple(part["tag"] for part in parts.get("tags", ())),
        mentions=tuple(part["handle"] for part in parts.get("mentions", ())),
        language=row["language"],
        warning=row["warning"],
        visibility=row["visibility"],
        counts={} if row["counts"] == "{}" else json.loads(row["counts"]),
        edits=() if row["edits"] == "[]" else _decoded(row["edits"], tuple[Edit, ...]),
        inferred=() if row["inferred"] == "[]" else tuple(json.loads(row["inferred"])),
        poll=() if row["poll"] == "[]" else _decoded(row["poll"], tuple[PollOption, ...]),
        edited=None if row["edited"] is None else _decoded(row["edited"], When),
    )


def source_of(row: Row) -> SourceRecord:
    """The dump in a row."""
    return SourceRecord(
        row["sha256"], row["path"], row["format"], datetime.fromisoformat(row["imported"]), row["owner"]
    )


@dataclass(frozen=True, slots=True)
class _Others:
    """The part of a payload besides the record. ``aside`` is the key in the database: renaming it loses data."""

    aside: Any = None


def payload_text(record: Record, others: Sequence[tuple[str, Record, tuple[str, ...]]] = ()) -> str:
    """A record as JSON for ``captures.payload``; with what the same dump showed of it under other names, and where."""
    return f'{_json(record)[:-1]},"aside":{_json(list(others))}}}' if others else _json(record)


def others_of(kind: type[Record], payload: str, locator: str) -> list[tuple[str, Record, tuple[str, ...]]]:
    """What the dump of this ``captures.payload`` showed of the record under other names.

    Archives of version 0.2 hold one post and no locator there.
    """
    if '"aside":' not in payload:
        return []
    import msgspec

    aside = _decoded(payload, _Others).aside
    if isinstance(aside, dict):
        return [(locator, msgspec.convert(aside, kind), ())]
    return [(where, msgspec.convert(one, kind), tuple(origins)) for where, one, origins in aside or ()]


def payload_of(kind: type[Record], payload: str) -> Record:
    """The record in a ``captures.payload``."""
    return _decoded(payload, kind)


KINDS: dict[str, type[Record]] = {"account": Account, "post": Post, "repost": Repost, "pin": Pin, "gap": Gap}
"""The records' types by what ``captures.kind`` calls them."""


# Most rows that are read hold no JSON, so msgspec is loaded for those that do.


def _decoded(text: str, kind: type[T]) -> T:
    import msgspec

    return msgspec.json.decode(text, type=kind)


def _json(value: object) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()
