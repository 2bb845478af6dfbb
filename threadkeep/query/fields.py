"""The one table of the query language's operators: the parser, the documentation and completion all read it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["handle", "tag", "date", "choice", "code", "domain", "text"]


@dataclass(frozen=True, slots=True)
class Field:
    """An operator: what may follow its colon, what it finds, and an example that parses.

    ``sign`` is a character that says the same without a colon. ``choices`` are the values of the kind ``choice``.
    """

    name: str
    kind: Kind
    meaning: str
    example: str
    sign: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


FIELDS = (
    Field("from", "handle", "posts by this account: its handle, or the first part of it", "from:mira.example.com"),
    Field("to", "handle", "posts that mention this account", "@mira", sign="@", aliases=("mentions",)),
    Field("tag", "tag", "posts with this hashtag", "#pottery", sign="#"),
    Field("since", "date", "posts of that day and later", "since:2024-05-01"),
    Field("until", "date", "posts before that day, month or year", "until:2025"),
    Field(
        "is",
        "choice",
        "posts of this kind; a thread is two posts or more, a private post is not for everyone",
        "is:thread",
        choices=("pinned", "repost", "reply", "quote", "thread", "private"),
    ),
    Field(
        "has",
        "choice",
        "posts that hold one: a link, a picture, a description of a picture, a content warning",
        "has:image",
        choices=("link", "media", "image", "video", "alt", "title", "warning"),
    ),
    Field("platform", "code", "posts of this network", "platform:bluesky"),
    Field("lang", "code", "posts in this language; `en` finds `en-GB` too", "lang:en"),
    Field("domain", "domain", "posts that link to this site or a part of it", "domain:example.org"),
    Field("url", "text", "posts with a link that holds these words in a row", "url:example.org/kiln"),
    Field("title", "text", "posts whose title holds these words in a row", 'title:"firing a kiln"'),
)

ELSEWHERE = {
    "author": "from",
    "by": "from",
    "user": "from",
    "mention": "to",
    "hashtag": "tag",
    "after": "since",
    "before": "until",
    "filter": "has",
    "include": "has",
    "site": "domain",
    "link": "url",
    "language": "lang",
    "network": "platform",
    "intitle": "title",
    "inurl": "url",
}
"""What other search boxes call our operators: too far apart in spelling to be guessed from it."""


def field_named(name: str) -> Field | None:
    """The operator of that name or alias, whatever the case of its letters."""
    name = name.lower()
    return next((field for field in FIELDS if name == field.name or name in field.aliases), None)
