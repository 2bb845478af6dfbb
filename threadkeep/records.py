"""The records every dump is turned into: accounts, posts, reposts, pins and gaps, frozen and in plain Python.

    Ref("bluesky", "at://did:plc:abc/app.bsky.feed.post/3k2a")      a post, by its native id
    Ref("x", "~1f0c9a…")                                            a post of a dump that shows no ids

Unknown is ``None``, never ``""``, ``0`` or a guess. Every ``str`` counts in Unicode code points.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Precision = Literal["second", "day", "month", "year"]
Origin = Literal["stated", "derived"]
Band = Literal["sure", "likely", "check"]

_MEDIA_KINDS = {
    **{kind: kind for kind in ("image", "video", "gif", "audio")},
    **{"photo": "image", "picture": "image", "animated_gif": "gif", "gifv": "gif", "sound": "audio"},
}

PRIVATE = ("followers", "direct")
"""The values of ``Post.visibility`` of posts that were not for everyone."""


def media_kind(stated: str) -> str:
    """The ``kind`` of a ``Media``: ``image``, ``video``, ``gif`` or ``audio``, ``unknown`` for what else is stated.

    >>> media_kind("animated_gif"), media_kind("hologram")
    ('gif', 'unknown')
    """
    return _MEDIA_KINDS.get(stated.lower(), "unknown")


@dataclass(frozen=True, slots=True)
class Ref:
    """The native identity of a post or an account: ``platform`` and ``id``, printed ``x:1750…``.

    It may name something no dump holds. Ids that begin with ``~`` are ours: the dump showed none.
    """

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"

    @property
    def is_native(self) -> bool:
        """Whether the platform gave the id (``False`` for the ``~`` ids made here)."""
        return not self.id.startswith("~")

    @property
    def age(self) -> tuple[int, str, str]:
        """Sorts ids by age, the oldest first: networks count up, so of two numbers the longer is the later.

        >>> min((Ref("x", "1750"), Ref("x", "999")), key=lambda ref: ref.age).id
        '999'
        """
        number = self.id.rstrip("/").rpartition("/")[2]
        return (len(number), number, self.id)


def account_ref(platform: str, handle: str) -> Ref:
    """The ref of an account of which a dump shows the handle or the name only.

    >>> str(account_ref("bluesky", "@Alice.example.com"))
    'bluesky:~alice.example.com'
    """
    return Ref(platform, "~" + " ".join(handle.lstrip("@").casefold().split()))


def post_ref(platform: str, author: str | None, text: str, created: "When | None" = None) -> Ref:
    """The ref of a post of which a dump shows no id: a fingerprint of its author and its text.

    ``author`` is a handle or a name. With ``created`` the time counts, too: for rows of a table, of which two with the
    same words are two posts. The text counts in Unicode NFC with white space folded, so the same words pasted
    twice, with other line ends, are one post. With 64 bits, two of a million posts
    collide in one of 37 million archives.
    """
    import hashlib  # with OpenSSL behind it: a search should not wait for it

    words = " ".join(unicodedata.normalize("NFC", text).split())
    who = (author or "").lstrip("@").casefold()
    when = "" if created is None else f"\n{created.instant.isoformat()}"
    digest = hashlib.sha256(f"{who}\n{words}{when}".encode("utf-8", "surrogatepass")).hexdigest()
    return Ref(platform, f"~{digest[:16]}")


@dataclass(frozen=True, slots=True)
class When:
    """A moment: ``instant`` in UTC, how much of it is known, and whether a dump says so or an id betrays it.

    With a precision above seconds ``instant`` is the first moment of that day, month or year.
    """

    instant: datetime
    precision: Precision = "second"
    origin: Origin = "stated"

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError(f"{self.instant.isoformat()} has no time zone, so it names no moment")
        object.__setattr__(self, "instant", self.instant.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a post. ``start`` and ``end`` are code points of the post's text, ``None`` for a card below it.

    ``title`` and ``description`` are those of its card.
    """

    url: str | None
    text: str | None = None
    title: str | None = None
    start: int | None = None
    end: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, video or sound; ``file`` is the name of our copy.

    ``kind``: ``image``, ``video``, ``gif``, ``audio`` or ``unknown``.
    """

    kind: str
    url: str | None = None
    file: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class PollOption:
    """One choice of a poll; ``votes`` is ``None`` where the source does not count them."""

    text: str
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """An earlier version of a post."""

    text: str
    created: When | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A person or an organisation on one platform. ``handle`` is without ``@``; the counts are what the dump says."""

    ref: Ref
    handle: str | None = None
    name: str | None = None
    bio: str | None = None
    url: str | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post, as its author would recognize it.

    ``root`` is the first post of the conversation where a dump states it. ``inferred`` names what was concluded rather
    than read: ``split`` (where the post begins and ends), ``thread``, ``author``, ``created``; ``identity`` is set by
    the archive on a post without a native id that may be one of several others, or none. ``origins`` is set only
    by a threadkeep export: the SHA-256 of the dumps that the exporting archive had seen the post in. ``counts`` holds
    ``replies``, ``reposts``, ``likes``, ``quotes``, ``views`` as far as known. ``edited`` is when the version shown
    was written, of a post that was edited; ``edits`` are the versions before it.
    """

    ref: Ref
    author: Ref | None
    text: str
    title: str | None = None
    created: When | None = None
    url: str | None = None
    reply_to: Ref | None = None
    root: Ref | None = None
    quotes: tuple[Ref, ...] = ()
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()
    poll: tuple[PollOption, ...] = ()
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    language: str | None = None
    warning: str | None = None
    visibility: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    inferred: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    edited: When | None = None


@dataclass(frozen=True, slots=True)
class Repost:
    """``account`` passed ``post`` on; it is not a post by ``account``."""

    account: Ref
    post: Ref
    created: When | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """``account`` keeps ``post`` at the top of its profile; it is not a second post."""

    account: Ref
    post: Ref


@dataclass(frozen=True, slots=True)
class Gap:
    """A post known to be missing, and why: ``not found``, ``blocked``, ``deleted``."""

    ref: Ref
    reason: str


Record = Account | Post | Repost | Pin | Gap


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something read and left out on purpose, for a named reason: the report counts it."""

    reason: str
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place between two lines of a paste where a post may begin: what the parser decided, and how sure it is.

    ``line`` is the 1-based line of the dump that follows the gap. Only boundaries that begin a post (``starts``) and
    doubtful ones that do not are worth yielding.
    """

    line: int
    starts: bool
    band: Band


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that could not be read: where it stands, why, and the entry itself, so that nothing is lost."""

    locator: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Exported:
    """When the network made the export that is read: of two exports that show different texts, the later is newer.

    A parser that knows it yields it before any record.
    """

    when: datetime

    def __post_init__(self) -> None:
        if self.when.tzinfo is None:
            raise ValueError(f"{self.when.isoformat()} has no time zone, so it names no moment")


Parsed = Record | Skipped | Boundary | Exported


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as the archive holds it: with its author's account, the root of its thread, and the dumps that showed it.

    ``thread`` is the post's own ref where it stands alone. ``sources`` are SHA-256 of dumps, in the order of import.
    """

    post: Post
    author: Account | None
    thread: Ref
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """The posts of one conversation in reading order, with a gap where one is known to be missing.

    Derived from replies, never read from a dump. ``reposts`` and ``pins`` are those of its posts.
    """

    root: Ref
    items: tuple[StoredPost | Gap, ...]
    reposts: tuple[Repost, ...] = ()
    pins: tuple[Pin, ...] = ()

    @property
    def posts(self) -> tuple[StoredPost, ...]:
        """The posts that are held, in reading order."""
        return tuple(item for item in self.items if isinstance(item, StoredPost))


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A dump the archive keeps: ``path`` is where it was read from, ``imported`` when, in UTC."""

    sha256: str
    path: str
    format: str
    imported: datetime
    owner: str | None = None
