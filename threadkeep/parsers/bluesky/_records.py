"""Convert Bluesky's records, which repositories and API responses share, into records.

{"$type": "app.bsky.feed.post", "text": "The kiln is hot.", "createdAt": "2024-05-01T12:30:00.250Z",
 "reply": {"root": {"uri": "at://…"}, "parent": {"uri": "at://…"}}, "langs": ["en"], "facets": […], "embed": {…}}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from threadkeep.parsers.bluesky._embeds import EmbedContent, read_embeds
from threadkeep.parsers.bluesky._facets import iter_objects, object_or_empty, rich_text
from threadkeep.platforms import bluesky
from threadkeep.records import Account, Pin, Post, Ref, Repost, When, account_ref, post_ref
from threadkeep.text.entities import is_handle
from threadkeep.text.languages import language_code

REPOST = "app.bsky.feed.repost"
PROFILE = "app.bsky.actor.profile"

RAW_LIMIT = 4000
"""How many characters of a record a problem shows."""

_YEARS = range(1971, 2100)
"""Plausible years of a post: people import old posts with their dates, but 1970 is a clock that was not set."""

_COUNTS = {"replyCount": "replies", "repostCount": "reposts", "likeCount": "likes", "quoteCount": "quotes"}
_NO_HANDLE = "handle.invalid"
_DATE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a record: ``did`` and ``handle`` may each be missing."""

    did: str | None = None
    handle: str | None = None

    @property
    def ref(self) -> Ref | None:
        """The account: by DID, else by handle."""
        if self.did:
            return Ref(bluesky.NAME, self.did)
        return account_ref(bluesky.NAME, self.handle) if self.handle else None

    @property
    def url(self) -> str | None:
        """The profile's page."""
        name = self.handle or (self.did if self.did and self.did.startswith("did:") else None)
        return f"{bluesky.SITE}/profile/{name}" if name else None


def post_of(record: object, uri: str | None, author: Author, view: dict[str, Any]) -> tuple[Post, EmbedContent]:
    """The post in ``record``, and its embeds. Raises ValueError.

    ``uri`` is its id; without one the post is identified by author and text. ``view`` is the view around the record,
    empty if there is none.
    """
    body = _record(record, bluesky.POST)
    text = body.get("text")
    if not isinstance(text, str):
        raise ValueError(f"its text is {_json_kind(text)}, not text" if "text" in body else "it has no text")
    ref = Ref(bluesky.NAME, uri) if uri else post_ref(bluesky.NAME, author.handle or author.did, text)
    parts = bluesky.split_uri(uri) if uri else None
    shown = view.get("embed") or next(iter_objects(view.get("embeds")), None)
    below = read_embeds(body.get("embed"), shown, author.did)
    marked = rich_text(text, body)
    created = parse_time(body.get("createdAt"), parts[2] if parts else None)
    reply = object_or_empty(body, "reply")
    parent, root = _strong_ref(reply.get("parent")), _strong_ref(reply.get("root"))
    return (
        Post(
            ref,
            author.ref,
            text,
            created=created,
            url=f"{author.url}/post/{parts[2]}" if author.url and parts and parts[1] == bluesky.POST else None,
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
    """The repost in a record of ``app.bsky.feed.repost``. Raises ValueError."""
    body = _record(record, REPOST)
    post = _strong_ref(body.get("subject"))
    if post is None:
        raise ValueError("the repost does not name its post")
    if author.ref is None:
        raise ValueError("nothing says who reposted; --owner HANDLE does")
    return Repost(author.ref, post, parse_time(body.get("createdAt"), rkey))


def profile_of(record: object, author: Author) -> Iterator[Account | Pin]:
    """The account in a record of ``app.bsky.actor.profile``, and its pinned post. Raises ValueError."""
    body = _record(record, PROFILE)
    name = _nonblank(body.get("displayName"))
    ref = author.ref or (account_ref(bluesky.NAME, name) if name else None)
    if ref is None:
        raise ValueError("the profile has neither a name nor an account; give it with --owner HANDLE")
    yield Account(ref, author.handle, name, _nonblank(body.get("description")), author.url)
    pinned = _strong_ref(body.get("pinnedPost"))
    if pinned is not None:
        yield Pin(ref, pinned)


def author_of(view: dict[str, Any]) -> Author:
    """The author in a profile view: ``{"did": "did:plc:mira", "handle": "mira.example.com", …}``."""
    handle = _nonblank(view.get("handle"))
    return Author(_nonblank(view.get("did")), handle if handle and is_handle(handle) and handle != _NO_HANDLE else None)


def account_of(view: dict[str, Any]) -> Account | None:
    """The account in a profile view; None if the view has only an id."""
    author = author_of(view)
    name, bio = _nonblank(view.get("displayName")), _nonblank(view.get("description"))
    if author.ref is None or not (author.handle or name or bio):
        return None
    counts = [view.get(key) for key in ("followersCount", "followsCount", "postsCount")]
    followers, following, posts = (count if _is_count(count) else None for count in counts)
    return Account(author.ref, author.handle, name, bio, author.url, followers, following, posts)


def raw_json(value: object) -> str:
    """A record as JSON, for the report of a problem, with the bytes of CIDs in base 64."""
    try:
        return msgspec.json.encode(value).decode()[:RAW_LIMIT]
    except (UnicodeEncodeError, RecursionError, TypeError, OverflowError, msgspec.MsgspecError):
        return f"{_json_kind(value)} that JSON cannot hold"


def parse_time(stated: object, rkey: str | None) -> When | None:
    """The time a record states, else the one in its key, else None.

    A stated time counts only with a time zone and in a plausible year.
    """
    if isinstance(stated, str) and len(stated) <= _DATE_LENGTH:
        try:
            moment = datetime.fromisoformat(stated)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None and moment.year in _YEARS:
            return When(moment)
    return bluesky.time_of_id(rkey) if rkey else None


def _record(record: object, kind: str) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise ValueError(f"the record is {_json_kind(record)}, not an object")
    stated = record.get("$type", kind)
    if stated != kind:
        raise ValueError(f"it stands where {kind} should, but says it is {str(stated)[:80]}")
    return record


def _strong_ref(value: object) -> Ref | None:
    """``{"uri": "at://…", "cid": "bafy…"}`` -> the post it names."""
    uri = _nonblank(value.get("uri")) if isinstance(value, dict) else None
    return Ref(bluesky.NAME, uri) if uri else None


def _language(langs: object) -> str | None:
    codes = (language_code(lang) for lang in langs if isinstance(lang, str)) if isinstance(langs, list) else ()
    return next(filter(None, codes), None)


def _warning(record: dict[str, Any], view: dict[str, Any], author: Author) -> str | None:
    """The labels that the author gave the post; those of moderation services are left out."""
    own = [label.get("val") for label in iter_objects(object_or_empty(record, "labels").get("values"))]
    own += [
        label.get("val")
        for label in iter_objects(view.get("labels"))
        if author.did and label.get("src") == author.did and not label.get("neg")
    ]
    return ", ".join(dict.fromkeys(value for value in own if isinstance(value, str) and value)) or None


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _nonblank(value: object) -> str | None:
    """``value`` if it is text that is not blank."""
    return value if isinstance(value, str) and value.strip() else None


def _json_kind(value: object) -> str:
    """The type of a JSON value, for a message."""
    names = {type(None): "null", bool: "true or false", list: "a list", dict: "an object", bytes: "bytes"}
    return names.get(type(value), "text" if isinstance(value, str) else "a number")
