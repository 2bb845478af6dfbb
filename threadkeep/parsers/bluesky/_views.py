"""Cut what Bluesky's API answers into posts, reposts, pins, gaps and accounts, each on its own.

    {"feed": [{"post": {"uri": "at://…", "author": {…}, "record": {…}, "embed": {…}},      a post, and those it quotes
               "reply": {"root": {…}, "parent": {…}},                                      two more posts
               "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": {…}}}]}        a repost
    {"thread": {"post": {…}, "parent": {…}, "replies": [{"post": {…}, "replies": []}]}}    posts, and gaps
    {"records": [{"uri": "at://…", "value": {…}}]}                                         records of one collection
    {"did": "did:plc:mira", "commit": {"operation": "create", "rkey": "3k2a…", "record": {…}}}     a line of Jetstream

What a view is, its keys tell: every endpoint wraps the same few.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from threadkeep.parsers.bluesky._embeds import PLATFORM, POST, split_uri
from threadkeep.parsers.bluesky._facets import object_in, objects
from threadkeep.parsers.bluesky._records import Author, account_of, author_of
from threadkeep.records import Account, Gap, Ref, Skipped

LISTS = frozenset("feed posts records thread replies value notifications profiles bookmarks".split())
"""Keys under which an API lists what is asked for: whatever is in there must be something."""

Role = Literal["asked", "item", "embed", "wrapper"]
"""What a value is expected to be: the whole answer, one of a list, an embed, or anything around these."""

_PLACE_LENGTH = 60
"""Longer names of places get no longer: they could grow with the depth of the dump."""

_GAPS = {
    "notFoundPost": "not found",
    "viewNotFound": "not found",
    "threadItemNotFound": "not found",
    "blockedPost": "blocked",
    "viewBlocked": "blocked",
    "threadItemBlocked": "blocked",
    "viewDetached": "detached",
    "threadItemNoUnauthenticated": "private",
}
_FLAGS = {"notFound": "not found", "blocked": "blocked", "detached": "detached"}


@dataclass(frozen=True, slots=True)
class View:
    """A record of any collection, with its id, its author, and what the API shows beside it."""

    record: object
    uri: str | None
    author: Author
    around: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a post is in a feed: somebody reposted it, or pinned it."""

    reason: dict[str, Any]
    post: object
    author: Author


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is nothing we know: what is wrong with it."""

    words: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing cut out, and where it stood: ``feed 3``, ``line 12``."""

    place: str
    thing: View | Reason | Fault | Account | Gap | Skipped
    shown: Any
    """What of the answer it was made from."""


_Step = tuple[Any, str, Role]
_Cut = tuple[list[Piece], list[_Step]]


class Cutter:
    """Cuts one answer after the other; it remembers the accounts it has given, and gives each once.

    ``author`` is who wrote records that do not say.
    """

    def __init__(self, author: Author) -> None:
        self._author = author
        self._given: set[Account] = set()
        self._named: set[Ref] = set()

    def pieces(self, answer: object, place: str, role: Role) -> Iterator[Piece]:
        """The pieces of ``answer`` in reading order, however deep it is nested."""
        steps: list[_Step] = [(answer, place, role)]
        while steps:
            value, place, role = steps.pop()
            cut, below = self._cut(value, place, role)
            yield from cut
            steps.extend(reversed(below))

    def _cut(self, value: object, place: str, role: Role) -> _Cut:
        if isinstance(value, list):
            within: Role = "wrapper" if role == "wrapper" else "item"
            is_long = len(place) > _PLACE_LENGTH
            places = (place if is_long else f"{place} {number}".lstrip() for number in range(1, len(value) + 1))
            return [], [(item, where, within) for item, where in zip(value, places, strict=True)]
        if not isinstance(value, dict):
            return _nothing(value, place, role)
        if role == "embed":
            return self._cut_embed(value, place)
        if isinstance(value.get("post"), dict):
            return self._cut_item(value, place)
        kind = _kind(value)
        inner = value.get("value")
        if "#threadItem" in kind or (isinstance(inner, dict) and "#threadItem" in _kind(inner)):
            return self._cut_thread_item(value, place)
        if gap := _gap(value, kind):
            return [Piece(place, gap, value)], []
        commit = object_in(value, "commit")
        if isinstance(value.get("did"), str) and isinstance(commit.get("collection"), str):
            return self._cut_event(value["did"], commit, place)
        record = value.get("record") if "author" in value or "uri" in value else None
        if isinstance(record, dict):
            return self._cut_record(value, record, place)
        if isinstance(inner, dict) and isinstance(value.get("uri"), str):
            return self._cut_record(value, inner, place)
        if kind and "#" not in kind:
            return self._cut_record({}, value, place)
        if isinstance(value.get("did"), str) and isinstance(value.get("handle"), str):
            return self._cut_profile(value, place), []
        if "#" in kind:
            return [Piece(place, Skipped(kind[:80]), value)], []
        return _cut_wrapper(value, place, role)

    def _cut_item(self, item: dict[str, Any], place: str) -> _Cut:
        """A post in a feed or in a thread, with what it answers before it and its replies behind it."""
        post, reply, reason = item["post"], object_in(item, "reply"), item.get("reason")
        before = [view for view in (reply.get("root"), reply.get("parent"), item.get("parent")) if view is not None]
        cut = self._account(object_in(reply, "grandparentAuthor"), place)
        if isinstance(reason, dict):
            cut += self._account(object_in(reason, "by"), place)
            cut.append(Piece(place, Reason(reason, post.get("uri"), self._author_of(post)), reason))
        replies = item.get("replies")
        behind = replies if isinstance(replies, list) else []
        return cut, [(view, place, "item") for view in (*before, post, *behind)]

    def _cut_thread_item(self, item: dict[str, Any], place: str) -> _Cut:
        """A post of a thread that is a flat list: its id, and what is there or why nothing is."""
        inner = object_in(item, "value") or item
        if isinstance(inner.get("post"), dict):
            return self._cut_item(inner, place)
        gap = _gap({"uri": item.get("uri")}, _kind(inner))
        return [Piece(place, gap or Skipped(_kind(inner)[:80]), item)], []

    def _cut_record(self, view: dict[str, Any], record: dict[str, Any], place: str) -> _Cut:
        """A record, whoever's it is, and what it embeds as far as that is shown."""
        author, uri = self._author_of(view), view.get("uri")
        cut = self._account(object_in(view, "author"), place)
        if author.ref is not None and author.ref not in self._named:
            cut += self._once(Account(author.ref, author.handle, url=author.url), place, view.get("author"))
        shown = {key: item for key, item in view.items() if key not in ("embed", "embeds")}
        if "record" not in view and "value" not in view:
            shown["record"] = record
        uri = uri if isinstance(uri, str) and uri else None
        cut.append(Piece(place, View(record, uri, author, view), shown))
        return cut, [(embed, place, "embed") for embed in (view.get("embed"), *objects(view.get("embeds")))]

    def _cut_event(self, did: str, commit: dict[str, Any], place: str) -> _Cut:
        """What the stream of all repositories tells of one record: that it was written, or deleted."""
        uri = f"at://{did}/{commit['collection']}/{commit.get('rkey')}"
        record, operation = commit.get("record"), str(commit.get("operation"))[:20]
        if isinstance(record, dict):
            return self._cut_record({"uri": uri}, record, place)
        if operation == "delete" and commit["collection"] == POST:
            return [Piece(place, Gap(Ref(PLATFORM, uri), "deleted"), commit)], []
        return [Piece(place, Skipped(f"{operation} of {commit['collection'][:80]}"), commit)], []

    def _cut_embed(self, embed: dict[str, Any], place: str) -> _Cut:
        """What a quote shows of the post it quotes; lists and feeds are links of the quoting post."""
        record = object_in(embed, "record")
        if "uri" not in record:
            record = object_in(record, "record")
        if gap := _gap(record, _kind(record)):
            return [Piece(place, gap, record)], []
        value = record.get("value")
        return self._cut_record(record, value, place) if isinstance(value, dict) else ([], [])

    def _cut_profile(self, profile: dict[str, Any], place: str) -> list[Piece]:
        cut = self._account(profile, place)
        pinned = object_in(profile, "pinnedPost")
        if pinned.get("uri"):
            cut.append(Piece(place, Reason({"$type": "#reasonPin"}, pinned["uri"], author_of(profile)), pinned))
        return cut

    def _author_of(self, view: dict[str, Any]) -> Author:
        """Whom a view names as the author, else whose repository its id is in, else whom we were told."""
        author = author_of(object_in(view, "author"))
        uri = view.get("uri")
        parts = split_uri(uri) if isinstance(uri, str) else None
        if author.ref is None and parts:
            return Author(did=parts[0]) if parts[0].startswith("did:") else author_of({"handle": parts[0]})
        return author if author.ref else self._author

    def _account(self, profile: dict[str, Any], place: str) -> list[Piece]:
        return self._once(account_of(profile), place, profile)

    def _once(self, account: Account | None, place: str, shown: object) -> list[Piece]:
        if account is None or account in self._given:
            return []
        self._given.add(account)
        self._named.add(account.ref)
        return [Piece(place, account, shown)]


def _cut_wrapper(value: dict[str, Any], place: str, role: Role) -> _Cut:
    """An object that is none of the views: what may be in it."""
    below: list[_Step] = []
    for key, item in value.items():
        if isinstance(item, list | dict):
            listed = isinstance(item, list) and key in LISTS
            # No more of the path than that: it could be as long as the dump is deep.
            below.append((item, key[:_PLACE_LENGTH] if role == "asked" else place, "asked" if listed else "wrapper"))
    return ([], below) if below else _nothing(value, place, role)


def _nothing(value: object, place: str, role: Role) -> _Cut:
    """What to say of a value that is nothing we know: where something must be, that is a fault."""
    fault = Fault("it is no post, no record and no account, or its keys are missing")
    return ([Piece(place, fault, value)] if role == "item" else []), []


def _gap(view: dict[str, Any], kind: str) -> Gap | Skipped | None:
    """The gap that a view stands for; None where it shows something."""
    flag = next((reason for name, reason in _FLAGS.items() if view.get(name) is True), None)
    reason = _GAPS.get(kind.rpartition("#")[2]) or flag
    uri = view.get("uri")
    if reason is None or not isinstance(uri, str) or not uri:
        return None
    return Gap(Ref(PLATFORM, uri), reason)


def _kind(value: dict[str, Any]) -> str:
    """What a value says it is; empty where it does not."""
    kind = value.get("$type")
    return kind if isinstance(kind, str) else ""
