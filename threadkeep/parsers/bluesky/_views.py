"""Split responses of Bluesky's API into posts, reposts, pins, gaps and accounts.

    {"feed": [{"post": {"uri": "at://…", "author": {…}, "record": {…}, "embed": {…}},      a post, and those it quotes
               "reply": {"root": {…}, "parent": {…}},                                      two more posts
               "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": {…}}}]}        a repost
    {"thread": {"post": {…}, "parent": {…}, "replies": [{"post": {…}, "replies": []}]}}    posts, and gaps
    {"records": [{"uri": "at://…", "value": {…}}]}                                         records of one collection
    {"did": "did:plc:mira", "commit": {"operation": "create", "rkey": "3k2a…", "record": {…}}}     a line of Jetstream

The keys of a view show what it is: all endpoints wrap the same few.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from threadkeep.parsers.bluesky._facets import iter_objects, object_or_empty
from threadkeep.parsers.bluesky._records import Author, account_of, author_of
from threadkeep.platforms import bluesky
from threadkeep.records import Account, Gap, Ref, Skipped

LISTS = frozenset("feed posts records thread replies value notifications profiles bookmarks".split())
"""Keys of the main list of a response: an item of it that is not known is a fault."""

Role = Literal["response", "item", "embed", "wrapper"]
"""What a value is expected to be: the whole response, an item of a list, an embed, or an object around these."""

_MAX_LOCATOR = 60
"""Longer locators are not extended: they would grow with the depth of the response."""

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
class RecordView:
    """A record of any collection, with its id, its author, and the view around it."""

    record: object
    uri: str | None
    author: Author
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FeedReason:
    """Why a post is in a feed: somebody reposted it, or pinned it."""

    reason: dict[str, Any]
    post: object
    author: Author


@dataclass(frozen=True, slots=True)
class InvalidItem:
    """A value that is not known, and what is wrong with it."""

    reason: str


@dataclass(frozen=True, slots=True)
class ApiItem:
    """One item of a response and its position: ``feed 3``, ``line 12``."""

    locator: str
    value: RecordView | FeedReason | InvalidItem | Account | Gap | Skipped
    source: Any
    """The JSON value it was read from."""


_Pending = tuple[Any, str, Role]
_Split = tuple[list[ApiItem], list[_Pending]]


class ResponseSplitter:
    """Splits the responses of one source; each account comes once. ``author`` wrote the records that name none."""

    def __init__(self, author: Author) -> None:
        self._author = author
        self._seen_accounts: set[Account] = set()
        self._seen_refs: set[Ref] = set()

    def split(self, response: object, locator: str, role: Role) -> Iterator[ApiItem]:
        """The items of ``response`` in reading order, at any depth."""
        pending: list[_Pending] = [(response, locator, role)]
        while pending:
            value, locator, role = pending.pop()
            found, below = self._split_value(value, locator, role)
            yield from found
            pending.extend(reversed(below))

    def _split_value(self, value: object, locator: str, role: Role) -> _Split:
        if isinstance(value, list):
            within: Role = "wrapper" if role == "wrapper" else "item"
            is_long = len(locator) > _MAX_LOCATOR
            locators = (locator if is_long else f"{locator} {number}".lstrip() for number in range(1, len(value) + 1))
            return [], [(item, where, within) for item, where in zip(value, locators, strict=True)]
        if not isinstance(value, dict):
            return _unknown_value(value, locator, role)
        if role == "embed":
            return self._split_embed(value, locator)
        if isinstance(value.get("post"), dict):
            return self._split_post_item(value, locator)
        kind = _kind(value)
        inner = value.get("value")
        if "#threadItem" in kind or (isinstance(inner, dict) and "#threadItem" in _kind(inner)):
            return self._split_thread_item(value, locator)
        if gap := _gap(value, kind):
            return [ApiItem(locator, gap, value)], []
        commit = object_or_empty(value, "commit")
        if isinstance(value.get("did"), str) and isinstance(commit.get("collection"), str):
            return self._split_event(value["did"], commit, locator)
        record = value.get("record") if "author" in value or "uri" in value else None
        if isinstance(record, dict):
            return self._split_record(value, record, locator)
        if isinstance(inner, dict) and isinstance(value.get("uri"), str):
            return self._split_record(value, inner, locator)
        if kind and "#" not in kind:
            return self._split_record({}, value, locator)
        if isinstance(value.get("did"), str) and isinstance(value.get("handle"), str):
            return self._split_profile(value, locator), []
        if "#" in kind:
            return [ApiItem(locator, Skipped(kind[:80]), value)], []
        return _split_wrapper(value, locator, role)

    def _split_post_item(self, item: dict[str, Any], locator: str) -> _Split:
        """A post in a feed or a thread, after the posts it replies to and before its replies."""
        post, reply, reason = item["post"], object_or_empty(item, "reply"), item.get("reason")
        before = [view for view in (reply.get("root"), reply.get("parent"), item.get("parent")) if view is not None]
        found = self._account(object_or_empty(reply, "grandparentAuthor"), locator)
        if isinstance(reason, dict):
            found += self._account(object_or_empty(reason, "by"), locator)
            found.append(ApiItem(locator, FeedReason(reason, post.get("uri"), self._author_of(post)), reason))
        replies = item.get("replies")
        behind = replies if isinstance(replies, list) else []
        return found, [(view, locator, "item") for view in (*before, post, *behind)]

    def _split_thread_item(self, item: dict[str, Any], locator: str) -> _Split:
        """An item of a flat thread: its id, and the post or why there is none."""
        inner = object_or_empty(item, "value") or item
        if isinstance(inner.get("post"), dict):
            return self._split_post_item(inner, locator)
        gap = _gap({"uri": item.get("uri")}, _kind(inner))
        return [ApiItem(locator, gap or Skipped(_kind(inner)[:80]), item)], []

    def _split_record(self, view: dict[str, Any], record: dict[str, Any], locator: str) -> _Split:
        """A record with its author, and what it embeds as far as the view shows it."""
        author, uri = self._author_of(view), view.get("uri")
        found = self._account(object_or_empty(view, "author"), locator)
        if author.ref is not None and author.ref not in self._seen_refs:
            found += self._new_account(Account(author.ref, author.handle, url=author.url), locator, view.get("author"))
        shown = {key: item for key, item in view.items() if key not in ("embed", "embeds")}
        if "record" not in view and "value" not in view:
            shown["record"] = record
        uri = uri if isinstance(uri, str) and uri else None
        found.append(ApiItem(locator, RecordView(record, uri, author, view), shown))
        return found, [(embed, locator, "embed") for embed in (view.get("embed"), *iter_objects(view.get("embeds")))]

    def _split_event(self, did: str, commit: dict[str, Any], locator: str) -> _Split:
        """An event of the stream of all repositories: a record was written or deleted."""
        uri = f"at://{did}/{commit['collection']}/{commit.get('rkey')}"
        record, operation = commit.get("record"), str(commit.get("operation"))[:20]
        if isinstance(record, dict):
            return self._split_record({"uri": uri}, record, locator)
        if operation == "delete" and commit["collection"] == bluesky.POST:
            return [ApiItem(locator, Gap(Ref(bluesky.NAME, uri), "deleted"), commit)], []
        return [ApiItem(locator, Skipped(f"{operation} of {commit['collection'][:80]}"), commit)], []

    def _split_embed(self, embed: dict[str, Any], locator: str) -> _Split:
        """The quoted post in an embed; lists and feeds are links of the quoting post."""
        record = object_or_empty(embed, "record")
        if "uri" not in record:
            record = object_or_empty(record, "record")
        if gap := _gap(record, _kind(record)):
            return [ApiItem(locator, gap, record)], []
        value = record.get("value")
        return self._split_record(record, value, locator) if isinstance(value, dict) else ([], [])

    def _split_profile(self, profile: dict[str, Any], locator: str) -> list[ApiItem]:
        found = self._account(profile, locator)
        pinned = object_or_empty(profile, "pinnedPost")
        if pinned.get("uri"):
            found.append(
                ApiItem(locator, FeedReason({"$type": "#reasonPin"}, pinned["uri"], author_of(profile)), pinned)
            )
        return found

    def _author_of(self, view: dict[str, Any]) -> Author:
        """The author in a view, else the owner of the repository in its id, else the one from the command line."""
        author = author_of(object_or_empty(view, "author"))
        uri = view.get("uri")
        parts = bluesky.split_uri(uri) if isinstance(uri, str) else None
        if author.ref is None and parts:
            return Author(did=parts[0]) if parts[0].startswith("did:") else author_of({"handle": parts[0]})
        return author if author.ref else self._author

    def _account(self, profile: dict[str, Any], locator: str) -> list[ApiItem]:
        return self._new_account(account_of(profile), locator, profile)

    def _new_account(self, account: Account | None, locator: str, shown: object) -> list[ApiItem]:
        if account is None or account in self._seen_accounts:
            return []
        self._seen_accounts.add(account)
        self._seen_refs.add(account.ref)
        return [ApiItem(locator, account, shown)]


def _split_wrapper(value: dict[str, Any], locator: str, role: Role) -> _Split:
    """Split an object that is not a view into its values."""
    below: list[_Pending] = []
    for key, item in value.items():
        if isinstance(item, list | dict):
            listed = isinstance(item, list) and key in LISTS
            # Only the top key: a whole path could be as long as the response is deep.
            below.append(
                (item, key[:_MAX_LOCATOR] if role == "response" else locator, "response" if listed else "wrapper")
            )
    return ([], below) if below else _unknown_value(value, locator, role)


def _unknown_value(value: object, locator: str, role: Role) -> _Split:
    """An unknown value: invalid as an item of a list, ignored elsewhere."""
    fault = InvalidItem("it is not a post, a record or an account, or its keys are missing")
    return ([ApiItem(locator, fault, value)] if role == "item" else []), []


def _gap(view: dict[str, Any], kind: str) -> Gap | Skipped | None:
    """The gap that a view stands for; None if it shows a post."""
    flag = next((reason for name, reason in _FLAGS.items() if view.get(name) is True), None)
    reason = _GAPS.get(kind.rpartition("#")[2]) or flag
    uri = view.get("uri")
    if reason is None or not isinstance(uri, str) or not uri:
        return None
    return Gap(Ref(bluesky.NAME, uri), reason)


def _kind(value: dict[str, Any]) -> str:
    """The ``$type`` of a value; empty if missing."""
    kind = value.get("$type")
    return kind if isinstance(kind, str) else ""
