"""Turn Bluesky's records into ours; repositories and API responses hold the same ones.

{"$type": "app.bsky.feed.post", "text": "The kiln is hot.", "createdAt": "2024-05-01T12:30:00.250Z",
 "reply": {"root": {"uri": "at://…"}, "parent": {"uri": "at://…"}}, "langs": ["en"], "facets": […], "embed": {…}}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from threadkeep.parsers.bluesky._embeds import PLATFORM, POST, Embedded, embedded, split_uri
from threadkeep.parsers.bluesky._facets import object_in, objects, rich_text
from threadkeep.records import Account, Pin, Post, Ref, Repost, When, account_ref, post_ref
from threadkeep.text.entities import is_handle

REPOST = "app.bsky.feed.repost"
PROFILE = "app.bsky.actor.profile"

RAW_LIMIT = 4000
"""How many characters of a record a problem shows."""

_YEARS = range(1971, 2100)
"""Years a post can be of: people do bring in old ones with their dates, but the epoch is a clock that was not set."""

_TID_LETTERS = {letter: value for value, letter in enumerate("234567abcdefghijklmnopqrstuvwxyz")}
_TID_LENGTH = 13
_TID_YEARS = range(2022, 2100)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTS = {"replyCount": "replies", "repostCount": "reposts", "likeCount": "likes", "quoteCount": "quotes"}
_NO_HANDLE = "handle.invalid"
_DATE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a record, as far as known: ``did`` and ``handle`` may each be missing."""

    did: str | None = None
    handle: str | None = None

    @property
    def ref(self) -> Ref | None:
        """The account: by DID, else by handle."""
        if self.did:
            return Ref(PLATFORM, self.did)
        return account_ref(PLATFORM, self.handle) if self.handle else None

    @property
    def url(self) -> str | None:
        """The profile's page."""
        name = self.handle or (self.did if self.did and self.did.startswith("did:") else None)
        return f"https://bsky.app/profile/{name}" if name else None


def post_of(record: object, uri: str | None, author: Author, view: dict[str, Any]) -> tuple[Post, Embedded]:
    """The post that ``record`` is, and what is embedded in it. Raises ValueError.

    ``uri`` is its id, and where it is not known the post is named after its author and text. ``view`` is what an API
    shows beside the record, empty where there is none.
    """
    body = _record(record, POST)
    text = body.get("text")
    if not isinstance(text, str):
        raise ValueError(f"its text is {_kind(text)}, not text" if "text" in body else "it has no text")
    ref = Ref(PLATFORM, uri) if uri else post_ref(PLATFORM, author.handle or author.did, text)
    parts = split_uri(uri) if uri else None
    shown = view.get("embed") or next(objects(view.get("embeds")), None)
    below = embedded(body.get("embed"), shown, author.did)
    marked = rich_text(text, body)
    created = when(body.get("createdAt"), parts[2] if parts else None)
    reply = object_in(body, "reply")
    parent, root = _strong_ref(reply.get("parent")), _strong_ref(reply.get("root"))
    return (
        Post(
            ref,
            author.ref,
            text,
            created=created,
            url=f"{author.url}/post/{parts[2]}" if author.url and parts and parts[1] == POST else None,
            reply_to=parent,
            root=root if root != ref else None,
            quotes=below.quotes,
            links=(*marked.links, *below.links),
            media=below.media,
            tags=marked.tags,
            mentions=marked.mentions,
            language=_language(body.get("langs")),
            warning=_warning(body, view, author),
            visibility="public",
            counts={ours: view[theirs] for theirs, ours in _COUNTS.items() if _is_count(view.get(theirs))},
            inferred=("created",) if created is not None and created.origin == "derived" else (),
        ),
        below,
    )


def repost_of(record: object, author: Author, rkey: str | None) -> Repost:
    """The repost that a record of ``app.bsky.feed.repost`` is. Raises ValueError."""
    body = _record(record, REPOST)
    post = _strong_ref(body.get("subject"))
    if post is None:
        raise ValueError("the repost does not say of what")
    if author.ref is None:
        raise ValueError("nothing says who reposted; --owner HANDLE does")
    return Repost(author.ref, post, when(body.get("createdAt"), rkey))


def profile_of(record: object, author: Author) -> Iterator[Account | Pin]:
    """The account that a record of ``app.bsky.actor.profile`` is, and what it pinned. Raises ValueError."""
    body = _record(record, PROFILE)
    name = _text(body.get("displayName"))
    ref = author.ref or (account_ref(PLATFORM, name) if name else None)
    if ref is None:
        raise ValueError("the profile has neither a name nor an account; --owner HANDLE tells whose it is")
    yield Account(ref, author.handle, name, _text(body.get("description")), author.url)
    pinned = _strong_ref(body.get("pinnedPost"))
    if pinned is not None:
        yield Pin(ref, pinned)


def author_of(view: dict[str, Any]) -> Author:
    """Whom a profile view shows: ``{"did": "did:plc:mira", "handle": "mira.example.com", …}``."""
    handle = _text(view.get("handle"))
    return Author(_text(view.get("did")), handle if handle and is_handle(handle) and handle != _NO_HANDLE else None)


def account_of(view: dict[str, Any]) -> Account | None:
    """The account a profile view shows; None where it shows nothing but an id."""
    author = author_of(view)
    name, bio = _text(view.get("displayName")), _text(view.get("description"))
    if author.ref is None or not (author.handle or name or bio):
        return None
    counts = [view.get(key) for key in ("followersCount", "followsCount", "postsCount")]
    followers, following, posts = (count if _is_count(count) else None for count in counts)
    return Account(author.ref, author.handle, name, bio, author.url, followers, following, posts)


def raw_of(value: object) -> str:
    """A record as JSON, for a problem to show, the bytes of CIDs in base 64."""
    try:
        return msgspec.json.encode(value).decode()[:RAW_LIMIT]
    except (UnicodeEncodeError, RecursionError, TypeError, OverflowError, msgspec.MsgspecError):
        return f"{_kind(value)} that JSON cannot hold"


def when(stated: object, rkey: str | None) -> When | None:
    """The time a record states, else the one its key was made from, else None.

    ``"2024-05-01T12:30:00Z"`` -> that moment; a time without a zone, or of no year a post can be of, is none.
    """
    if isinstance(stated, str) and len(stated) <= _DATE_LENGTH:
        try:
            moment = datetime.fromisoformat(stated)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None and moment.year in _YEARS:
            return When(moment)
    derived = _moment_of_tid(rkey)
    return When(derived, origin="derived") if derived else None


def _moment_of_tid(rkey: str | None) -> datetime | None:
    """When a record key was made, if it is a TID: its first 53 bits are microseconds."""
    if rkey is None or len(rkey) != _TID_LENGTH or rkey[0] not in "234567abcdefghij":
        return None
    number = 0
    for letter in rkey:
        value = _TID_LETTERS.get(letter)
        if value is None:
            return None
        number = number << 5 | value
    moment = _EPOCH + timedelta(microseconds=number >> 10)
    return moment if moment.year in _TID_YEARS else None


def _record(record: object, kind: str) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise ValueError(f"the record is {_kind(record)}, not an object")
    stated = record.get("$type", kind)
    if stated != kind:
        raise ValueError(f"it stands where {kind} should, but says it is {str(stated)[:80]}")
    return record


def _strong_ref(value: object) -> Ref | None:
    """``{"uri": "at://…", "cid": "bafy…"}`` -> the post it names."""
    uri = _text(value.get("uri")) if isinstance(value, dict) else None
    return Ref(PLATFORM, uri) if uri else None


def _language(langs: object) -> str | None:
    return next((lang for lang in langs if _text(lang)), None) if isinstance(langs, list) else None


def _warning(record: dict[str, Any], view: dict[str, Any], author: Author) -> str | None:
    """The labels the author gave the post; those of moderation services are theirs, not the post's."""
    own = [label.get("val") for label in objects(object_in(record, "labels").get("values"))]
    own += [
        label.get("val")
        for label in objects(view.get("labels"))
        if author.did and label.get("src") == author.did and not label.get("neg")
    ]
    return ", ".join(dict.fromkeys(value for value in own if isinstance(value, str) and value)) or None


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _text(value: object) -> str | None:
    """Text that says something."""
    return value if isinstance(value, str) and value.strip() else None


def _kind(value: object) -> str:
    """What a JSON value is, for a person."""
    names = {type(None): "null", bool: "true or false", list: "a list", dict: "an object", bytes: "bytes"}
    return names.get(type(value), "text" if isinstance(value, str) else "a number")
