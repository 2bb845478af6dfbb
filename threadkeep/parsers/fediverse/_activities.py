"""Read ActivityStreams objects of any source: activities, the posts in them, actors, collections.

    {"type": "Create", "actor": "https://kilns.example/users/mira", "object": {"type": "Note", …}}
    {"type": "Announce", "actor": "https://kilns.example/users/mira", "object": "https://other.example/users/bea/7"}

Mastodon's ``Announce`` has the address of the boosted post, not its text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from threadkeep.parsers._json.stream import Value
from threadkeep.parsers._json.values import Object, object_of, raw_of
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse._json_files import load_value
from threadkeep.parsers.fediverse._object_values import (
    address_of,
    id_of,
    listed,
    objects,
    stated_type,
    type_of,
    when_of,
)
from threadkeep.parsers.fediverse._objects import QUOTES, ArchiveFiles, PostContext, account_of, post_of
from threadkeep.parsers.fediverse._values import handle_at, handle_in, host_of
from threadkeep.platforms import mastodon
from threadkeep.records import Account, Gap, Parsed, Pin, Post, Ref, Repost, Skipped

POSTS = frozenset("Note Question Article Page Image Video Audio Event".split())
ACTORS = frozenset("Person Service Group Organization Application".split())
COLLECTIONS = frozenset("Collection OrderedCollection CollectionPage OrderedCollectionPage".split())
ITEMS = ("orderedItems", "items")
"""The keys of a collection's items."""

FEATURED = "featured"
"""The name of the collection of an actor's pinned posts."""

_ROLES = (
    (re.compile(r"(?:^|/)(?:likes\.json|liked/?$)"), "like"),
    (re.compile(r"(?:^|/)bookmarks\.json"), "bookmark"),
    (re.compile(r"(?:^|/)followers(?:\.json|/?$)"), "follower"),
    (re.compile(r"(?:^|/)following(?:\.json|/?$)"), "following"),
    (re.compile(r"(?:^|/)(?:featured|pinned)(?:\.json|/?$)"), FEATURED),
)
_PERMALINK = re.compile(r"https?://[^/?#]+/@([\w.-]+)/", re.A)
_LOCAL_ACTOR = re.compile(r"https?://[^/?#]+/users/([\w.-]+)", re.A)
_NAME_LENGTH = 40

_NOTHING: Object = {}


@dataclass(slots=True)
class SourceContext:
    """The state of reading one source: its owner, its files, and the accounts yielded so far.

    ``followers`` is the address of the owner's followers; ``owner_override`` the owner's handle from the command line,
    for a source that does not name it.
    """

    owner: Account | None = None
    followers: str | None = None
    owner_override: str | None = None
    files: ArchiveFiles = field(default_factory=ArchiveFiles)


@dataclass(frozen=True, slots=True)
class CollectionItem:
    """One item. ``role`` is what its collection holds if not posts."""

    value: Any
    context: SourceContext
    role: str | None = None


@dataclass(frozen=True, slots=True)
class InvalidItem:
    """A value that cannot be read as an item: ``reason`` says why."""

    reason: str


def role_of(name: str) -> str | None:
    """The items of a collection by its file name or id: ``likes.json`` -> ``like``; None for posts and activities."""
    path = name.partition("?")[0]
    return next((role for pattern, role in _ROLES if pattern.search(path)), None)


def entries_of(
    value: Value, context: SourceContext, role: str | None = None, *, is_page: bool = False
) -> Iterator[Entry]:
    """The entry of one value, or one for each item if it is a collection.

    ``is_page``: the value stands alone, on a line or as the whole source, and may also be an array of items.
    """
    if role is not None and role != FEATURED:
        yield Entry(value.locator, CollectionItem(None, context, role), value.raw())
        return
    try:
        loaded = load_value(value.json)
    except ValueError as error:
        yield Entry(value.locator, InvalidItem(str(error)), value.raw())
        return
    if isinstance(loaded, list) and is_page:
        inside = loaded
    elif isinstance(loaded, dict) and any(key in loaded for key in ITEMS) and "object" not in loaded:
        inside = [item for key in ITEMS for item in listed(loaded, key)]
        role = role or role_of(str(loaded.get("id", "")))
    else:
        yield Entry(value.locator, CollectionItem(loaded, context, role), value.raw())
        return
    for number, item in enumerate(inside, 1):
        yield Entry(f"{value.locator} item {number}", CollectionItem(item, context, role), raw_of(item))


def records_of_item(item: CollectionItem | InvalidItem) -> list[Parsed]:
    """The records of one item. Raises ValueError."""
    if isinstance(item, InvalidItem):
        raise ValueError(item.reason)
    if item.role is not None and item.role != FEATURED:
        return [Skipped(item.role)]
    if item.role == FEATURED:
        return _pin_records(item.value, item.context)
    if isinstance(item.value, str) and host_of(item.value):
        return [Skipped("a post of which the dump has the address only")]
    return records(object_of(item.value, "an entry"), item.context)


def records(item: Object, context: SourceContext) -> list[Parsed]:
    """The records of one object or activity, with those of the posts in it. Raises ValueError.

    ``{"type": "Announce", "actor": A, "object": U}`` -> ``Account(A)``, ``Repost(A, U)``; ``{"type": "Note", …}`` ->
    its author and a Post; ``{"type": "Person", …}`` -> an Account; other activities -> ``Skipped`` by their names.
    """
    found: list[Parsed] = []
    # A stack instead of recursion: conversations nest deeper than Python's recursion limit.
    pending = [(item, _NOTHING)]
    while pending:
        object_, activity = pending.pop()
        found += _records(object_, activity, context)
        pending += reversed(list(_nested_objects(object_)))
    return found


def _records(item: Object, activity: Object, context: SourceContext) -> Iterator[Parsed]:
    kind = type_of(item)
    if kind in POSTS:
        yield from _post_records(item, activity, context)
    elif kind == "Announce":
        yield from _repost_records(item, context)
    elif kind in ACTORS:
        yield account_of(item)
    elif kind == "Tombstone":
        id_ = id_of(item, "id")
        if id_ is None:
            raise ValueError("a 'Tombstone' has no 'id'")
        yield Gap(Ref(mastodon.NAME, id_), "deleted")
    elif kind == "Create":
        if not isinstance(item.get("object"), dict | list):
            yield Skipped("a post of which the dump has the address only")
    elif kind in ("Like", "EmojiReact"):
        yield Skipped("like")
    elif kind not in COLLECTIONS:
        word = "activity" if "object" in item or "actor" in item else "object"
        yield Skipped(f"{word} type {kind[:_NAME_LENGTH]}")


def _nested_objects(item: Object) -> Iterator[tuple[Object, Object]]:
    """The nested objects that may give records, each with the activity that created it."""
    kind = type_of(item)
    if kind == "Create":
        yield from ((made, item) for made in objects(item, "object"))
    elif kind == "Announce":
        # A group boosts what its members do: the object may be a Create.
        nested = objects(item, "object")
        yield from ((thing, _NOTHING) for thing in nested if _is_post(thing) or stated_type(thing) == "Create")
    elif kind in COLLECTIONS:
        yield from ((thing, _NOTHING) for key in ("first", *ITEMS) for thing in objects(item, key))
    elif kind in POSTS:
        yield from ((thing, _NOTHING) for thing in _embedded_posts(item))


def _embedded_posts(item: Object) -> Iterator[Object]:
    """The complete posts inside a post: its replies, its parent and the one it quotes."""
    for key in ("inReplyTo", *QUOTES):
        yield from (thing for thing in objects(item, key) if _is_post(thing))
    for thing in objects(item, "replies"):
        if _is_post(thing) or stated_type(thing) in COLLECTIONS:
            yield thing
    for tag in objects(item, "tag"):
        if stated_type(tag) == "Link" and isinstance(tag.get("content"), str) and id_of(tag, "tag"):
            # granary writes a quoted post into the link to it
            yield {**tag, "type": "Note", "id": id_of(tag, "tag"), "url": tag.get("href"), "name": None}


def _is_post(item: Object) -> bool:
    """Whether a nested object is a complete post: with text or attachments."""
    return stated_type(item) in POSTS and any(item.get(key) for key in ("content", "contentMap", "attachment"))


def _post_records(item: Object, activity: Object, context: SourceContext) -> Iterator[Parsed]:
    if type_of(item) == "Note" and item.get("name") and item.get("content") is None and item.get("inReplyTo"):
        yield Skipped("poll vote")
        return
    author = _actor(item.get("attributedTo") or activity.get("actor"), item, activity, context)
    if author is not None:
        yield author
    post, wrong = post_of(item, PostContext(activity, author, context.followers, context.files))
    yield post
    if wrong:
        yield Skipped(wrong)


def _repost_records(item: Object, context: SourceContext) -> Iterator[Parsed]:
    account = _actor(item.get("actor"), item, _NOTHING, context)
    boosted = item.get("object")
    if isinstance(boosted, dict) and "object" in boosted:
        if stated_type(boosted) != "Create":
            yield Skipped(f"activity type {type_of(boosted)[:_NAME_LENGTH]}")
            return
        boosted = boosted["object"]
    id_ = id_of(boosted, "object")
    if account is None or id_ is None:
        raise ValueError(f"an 'Announce' without {'an actor' if account is None else 'the id of a post'}")
    yield account
    created, wrong = when_of(item.get("published"))
    yield Repost(account.ref, Ref(mastodon.NAME, id_), created)
    if wrong:
        yield Skipped(wrong)


def _actor(actor: object, item: Object, activity: Object, context: SourceContext) -> Account | None:
    """The actor of ``item``: from an object, or by id with a handle inferred from addresses."""
    if isinstance(actor, list) and actor:
        actor = next((one for one in actor if isinstance(one, dict) and stated_type(one) in ACTORS), actor[0])
    if isinstance(actor, dict):
        return account_of(actor)
    id_ = id_of(actor, "attributedTo")
    if id_ is None:
        return context.owner
    if context.owner is not None and context.owner.ref.id == id_:
        return context.owner
    handle = _infer_handle(id_, item) or _infer_handle(id_, activity) or handle_in(id_)
    if handle is None and context.owner is None and context.owner_override and (activity or "object" in item):
        handle = handle_at(context.owner_override, id_)
    return Account(Ref(mastodon.NAME, id_), handle)


def _infer_handle(actor: str, item: Object) -> str | None:
    """The handle in a post's permalink ``/@mira/1``, or in an id such as ``/users/mira/statuses/1``.

    The address of an actor alone may hold a number or a key instead of a name.
    """
    host = host_of(actor)
    permalink = _PERMALINK.match(address_of(item.get("url")) or "")
    if permalink and host_of(permalink[0]) == host:
        return f"{permalink[1]}@{host}"
    local, id_ = _LOCAL_ACTOR.fullmatch(actor), item.get("id")
    if local and isinstance(id_, str) and id_.startswith(f"{actor}/statuses/"):
        return f"{local[1]}@{host}"
    return None


def _pin_records(item: object, context: SourceContext) -> list[Parsed]:
    """The pin of an item of a collection of featured posts, with the post if it is complete there."""
    found: list[Parsed] = []
    id_ = id_of(item, FEATURED)
    author = context.owner.ref if context.owner else None
    if isinstance(item, dict):
        found = records(item, context)
        author = next((record.author for record in found if isinstance(record, Post)), None) or author
    if author is None or id_ is None:
        raise ValueError("a pinned post without its id or its author")
    return [*found, Pin(author, Ref(mastodon.NAME, id_))]
