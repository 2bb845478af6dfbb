"""Read ActivityStreams objects, whoever wrote them down: activities, the posts in them, actors, collections.

    {"type": "Create", "actor": "https://kilns.example/users/mira", "object": {"type": "Note", …}}
    {"type": "Announce", "actor": "https://kilns.example/users/mira", "object": "https://other.example/users/bea/7"}

Mastodon's ``Announce`` has the address of a post by somebody else and not its text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from threadkeep.parsers._json.stream import Value
from threadkeep.parsers._json.values import Object, object_of, raw_of
from threadkeep.parsers._known_accounts import Known
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse._json_files import value_of
from threadkeep.parsers.fediverse._object_values import (
    address_of,
    id_of,
    listed,
    objects,
    stated_type,
    type_of,
    when_of,
)
from threadkeep.parsers.fediverse._objects import QUOTES, Around, Files, account_of, post_of
from threadkeep.parsers.fediverse._values import PLATFORM, handle_at, handle_in, host_of
from threadkeep.records import Account, Gap, Parsed, Pin, Post, Ref, Repost, Skipped

POSTS = frozenset("Note Question Article Page Image Video Audio Event".split())
ACTORS = frozenset("Person Service Group Organization Application".split())
COLLECTIONS = frozenset("Collection OrderedCollection CollectionPage OrderedCollectionPage".split())
ITEMS = ("orderedItems", "items")
"""The keys under which collections have their items."""

FEATURED = "featured"
"""The name of the collection of posts that an actor has pinned."""

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
class Dump:
    """What is known of a dump while it is read: its owner, the files in it, and the accounts given already.

    ``followers`` is the address of the owner's followers; ``told`` the owner's handle as the person importing gave it,
    for a dump that does not say.
    """

    owner: Account | None = None
    followers: str | None = None
    told: str | None = None
    files: Files = field(default_factory=Files)
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class Item:
    """One item. ``role`` is what its collection is, where that is not one of posts."""

    value: Any
    dump: Dump
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """What stands where an item should, and is none: ``reason`` says why."""

    reason: str


def role_of(name: str) -> str | None:
    """What a collection of this file name or id holds: ``likes.json`` -> ``like``; None for posts and activities."""
    path = name.partition("?")[0]
    return next((role for pattern, role in _ROLES if pattern.search(path)), None)


def entries_of(value: Value, dump: Dump, role: str | None = None, *, is_page: bool = False) -> Iterator[Entry]:
    """One value of a dump as one entry; as one for each item where it is a collection with items.

    ``is_page``: the value stands by itself, on a line or as the whole dump, and may be an array of items as well.
    """
    if role is not None and role != FEATURED:
        yield Entry(value.locator, Item(None, dump, role), value.raw())
        return
    try:
        held = value_of(value.json)
    except ValueError as error:
        yield Entry(value.locator, Bad(str(error)), value.raw())
        return
    if isinstance(held, list) and is_page:
        inside = held
    elif isinstance(held, dict) and any(key in held for key in ITEMS) and "object" not in held:
        inside = [item for key in ITEMS for item in listed(held, key)]
        role = role or role_of(str(held.get("id", "")))
    else:
        yield Entry(value.locator, Item(held, dump, role), value.raw())
        return
    for number, item in enumerate(inside, 1):
        yield Entry(f"{value.locator} item {number}", Item(item, dump, role), raw_of(item))


def parsed(item: Item | Bad) -> list[Parsed]:
    """The records of one item. Raises ValueError."""
    if isinstance(item, Bad):
        raise ValueError(item.reason)
    if item.role is not None and item.role != FEATURED:
        return [Skipped(item.role)]
    if item.role == FEATURED:
        return _pinned(item.value, item.dump)
    if isinstance(item.value, str) and host_of(item.value):
        return [Skipped("a post of which the dump has the address only")]
    return records(object_of(item.value, "an entry"), item.dump)


def records(item: Object, dump: Dump) -> list[Parsed]:
    """The records of one object or activity, with those of the posts inside it. Raises ValueError.

    ``{"type": "Announce", "actor": A, "object": U}`` -> ``Account(A)``, ``Repost(A, U)``; ``{"type": "Note", …}`` ->
    its author and a Post; ``{"type": "Person", …}`` -> an Account; other activities -> ``Skipped`` by their names.
    """
    found: list[Parsed] = []
    # What is inside waits its turn: conversations nest deeper than functions may call.
    waiting = [(item, _NOTHING)]
    while waiting:
        held, around = waiting.pop()
        found += _records(held, around, dump)
        waiting += reversed(list(_inside(held)))
    return list(dump.known.fresh(found))


def _records(item: Object, around: Object, dump: Dump) -> Iterator[Parsed]:
    kind = type_of(item)
    if kind in POSTS:
        yield from _posted(item, around, dump)
    elif kind == "Announce":
        yield from _announced(item, dump)
    elif kind in ACTORS:
        yield account_of(item)
    elif kind == "Tombstone":
        id_ = id_of(item, "id")
        if id_ is None:
            raise ValueError("a 'Tombstone' has no 'id'")
        yield Gap(Ref(PLATFORM, id_), "deleted")
    elif kind == "Create":
        if not isinstance(item.get("object"), dict | list):
            yield Skipped("a post of which the dump has the address only")
    elif kind in ("Like", "EmojiReact"):
        yield Skipped("like")
    elif kind not in COLLECTIONS:
        word = "activity" if "object" in item or "actor" in item else "object"
        yield Skipped(f"{word} type {kind[:_NAME_LENGTH]}")


def _inside(item: Object) -> Iterator[tuple[Object, Object]]:
    """The objects that an object holds and that are worth records, each with the activity that made it."""
    kind = type_of(item)
    if kind == "Create":
        yield from ((made, item) for made in objects(item, "object"))
    elif kind == "Announce":
        # A group passes on what its members do: what it holds may be a Create.
        held = objects(item, "object")
        yield from ((thing, _NOTHING) for thing in held if _is_post(thing) or stated_type(thing) == "Create")
    elif kind in COLLECTIONS:
        yield from ((thing, _NOTHING) for key in ("first", *ITEMS) for thing in objects(item, key))
    elif kind in POSTS:
        yield from ((thing, _NOTHING) for thing in _below(item))


def _below(item: Object) -> Iterator[Object]:
    """The posts that stand in full inside a post: its replies, what it answers and what it quotes."""
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
    """Whether an object inside another is a post in full: with words, or attachments."""
    return stated_type(item) in POSTS and any(item.get(key) for key in ("content", "contentMap", "attachment"))


def _posted(item: Object, activity: Object, dump: Dump) -> Iterator[Parsed]:
    if type_of(item) == "Note" and item.get("name") and item.get("content") is None and item.get("inReplyTo"):
        yield Skipped("poll vote")
        return
    author = _actor(item.get("attributedTo") or activity.get("actor"), item, activity, dump)
    if author is not None:
        yield author
    post, wrong = post_of(item, Around(activity, author, dump.followers, dump.files))
    yield post
    if wrong:
        yield Skipped(wrong)


def _announced(item: Object, dump: Dump) -> Iterator[Parsed]:
    account = _actor(item.get("actor"), item, _NOTHING, dump)
    passed_on = item.get("object")
    if isinstance(passed_on, dict) and "object" in passed_on:
        if stated_type(passed_on) != "Create":
            yield Skipped(f"activity type {type_of(passed_on)[:_NAME_LENGTH]}")
            return
        passed_on = passed_on["object"]
    id_ = id_of(passed_on, "object")
    if account is None or id_ is None:
        raise ValueError(f"an 'Announce' without {'an actor' if account is None else 'the id of a post'}")
    yield account
    created, wrong = when_of(item.get("published"))
    yield Repost(account.ref, Ref(PLATFORM, id_), created)
    if wrong:
        yield Skipped(wrong)


def _actor(actor: object, item: Object, activity: Object, dump: Dump) -> Account | None:
    """Whoever made ``item``: as an object describes them, or by their id and what the addresses betray."""
    if isinstance(actor, list) and actor:
        actor = next((one for one in actor if isinstance(one, dict) and stated_type(one) in ACTORS), actor[0])
    if isinstance(actor, dict):
        return account_of(actor)
    id_ = id_of(actor, "attributedTo")
    if id_ is None:
        return dump.owner
    if dump.owner is not None and dump.owner.ref.id == id_:
        return dump.owner
    handle = _betrayed_handle(id_, item) or _betrayed_handle(id_, activity) or handle_in(id_)
    if handle is None and dump.owner is None and dump.told and (activity or "object" in item):
        handle = handle_at(dump.told, id_)
    return Account(Ref(PLATFORM, id_), handle)


def _betrayed_handle(actor: str, item: Object) -> str | None:
    """The handle in a post's permalink ``/@mira/1``, or in its id where that is ``/users/mira/statuses/1``.

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


def _pinned(item: object, dump: Dump) -> list[Parsed]:
    """The pin that an item of a collection of featured posts is, with the post where it stands there in full."""
    found: list[Parsed] = []
    id_ = id_of(item, FEATURED)
    author = dump.owner.ref if dump.owner else None
    if isinstance(item, dict):
        found = records(item, dump)
        author = next((record.author for record in found if isinstance(record, Post)), None) or author
    if author is None or id_ is None:
        raise ValueError("a pinned post without its id or its author")
    return [*found, Pin(author, Ref(PLATFORM, id_))]
