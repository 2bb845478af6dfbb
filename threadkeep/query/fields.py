"""The one table of the query language's operators: the parser, the documentation, help and completion all read it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from threadkeep.platforms.registry import all_platforms

Kind = Literal[
    "handle",
    "tag",
    "cashtag",
    "date",
    "seconds",
    "age",
    "year",
    "flag",
    "platform",
    "code",
    "domain",
    "text",
    "words",
    "number",
    "post",
    "dump",
]


@dataclass(frozen=True, slots=True)
class Field:
    """An operator: what may follow its colon, what it finds, and an example that parses.

    ``sign`` is a character that says the same without a colon. ``description`` is how ``describe``
    words it, with the value at ``{}``.
    """

    name: str
    kind: Kind
    meaning: str
    example: str
    description: str = "{}"
    sign: str | None = None
    aliases: tuple[str, ...] = ()


FIELDS = (
    Field(
        "from",
        "handle",
        "posts by this account: its handle, or the first part of it; `from:me` once `owner` is in config.toml",
        "from:mira.example.com",
        "written by {}",
    ),
    Field(
        "to",
        "handle",
        "posts that answer this account; where the answered post is not held, those that begin with its mention",
        "to:mira",
        "addressed to {}",
    ),
    Field("mentions", "handle", "posts that mention this account", "@mira", "mentioning {}", "@", ("mention",)),
    Field("tag", "tag", "posts with this hashtag", "#pottery", "tagged {}", "#", ("hashtag",)),
    Field("cash", "cashtag", "posts with this cashtag", "$CLAY", "with the cashtag {}", "$", ("cashtag",)),
    Field("since", "date", "posts of that day or moment and later", "since:2024-05-01"),
    Field("until", "date", "posts before that day, month, year or moment", "until:2025"),
    Field("year", "year", "posts of that year", "year:2024"),
    Field("within_time", "age", "posts of the last seconds, minutes, hours, days, weeks", "within_time:2d"),
    Field("since_time", "seconds", "posts of that moment and later, in seconds since 1970", "since_time:1714521600"),
    Field("until_time", "seconds", "posts before that moment, in seconds since 1970", "until_time:1714521600"),
    Field(
        "is",
        "flag",
        "posts of one kind, or that hold something: the next table",
        "filter:replies",
        "{}",
        None,
        ("has", "filter"),
    ),
    Field("min_faves", "number", "posts with as many likes or more", "min_faves:100", aliases=("min_likes",)),
    Field("min_retweets", "number", "posts with as many reposts or more", "min_retweets:10", aliases=("min_reposts",)),
    Field("min_replies", "number", "posts with as many replies or more", "min_replies:5"),
    Field(
        "platform",
        "platform",
        f"posts of this network: {', '.join(f'`{platform.NAME}`' for platform in all_platforms())}",
        "platform:bluesky",
        "on {}",
    ),
    Field("lang", "code", "posts in this language; `en` finds `en-GB` too", "lang:en", "in the language {}"),
    Field("domain", "domain", "posts that link to this site or a part of it", "domain:example.org", "linking to {}"),
    Field(
        "url",
        "text",
        "posts with a link holding these words in a row",
        "url:example.org/kiln",
        "with {} in a link",
    ),
    Field(
        "title",
        "text",
        "posts whose title holds these words in a row",
        'title:"firing a kiln"',
        "with {} in the title",
    ),
    Field(
        "alt",
        "text",
        "posts with a picture whose description holds these words in a row",
        "alt:bowl",
        "with {} in the description of a picture",
    ),
    Field("near", "words", "posts with these words at most so many words apart, in any order", 'near:"kiln ash"~5'),
    Field("id", "post", "the post of this id, ref or address", "id:x:1750000000000000000", "the post {}"),
    Field(
        "thread",
        "post",
        "the posts of the thread that post stands in; `thread:{kiln glaze}`: of the threads that hold all of it",
        "thread:bluesky:~1f0c9a2b",
        "in the thread of {}",
        aliases=("conversation_id",),
    ),
    Field(
        "source",
        "dump",
        "posts seen in this dump: its path or a part of it, its file name, or the beginning of its hash",
        "source:tweets.csv",
        "seen in the dump {}",
    ),
)

ELSEWHERE = {
    "author": "from",
    "by": "from",
    "user": "from",
    "reply_to": "to",
    "after": "since",
    "before": "until",
    "date": "since",
    "include": "is",
    "site": "domain",
    "card_domain": "domain",
    "link": "url",
    "language": "lang",
    "network": "platform",
    "intitle": "title",
    "inurl": "url",
    "file": "source",
    "conversation": "thread",
}
"""What other search boxes call our operators: too far apart in spelling to be guessed from it."""


@lru_cache(maxsize=200)
def field_named(name: str) -> Field | None:
    """The operator of that name or alias, whatever the case of its letters."""
    name = name.lower()
    return next((field for field in FIELDS if name == field.name or name in field.aliases), None)
