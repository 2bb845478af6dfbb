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


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no about a post: ``is:reply``, ``has:link``. ``op`` is the operator it is best read with.

    ``filter:``, ``is:`` and ``has:`` take every flag, in singular and plural, and by each of its ``aliases``.
    """

    op: Literal["is", "has"]
    name: str
    meaning: str
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

FLAGS = (
    Flag("is", "pinned", "its author keeps it at the top of the profile", ("pin",)),
    Flag("is", "repost", "someone passed it on", ("retweet", "nativeretweet")),
    Flag("is", "reply", "it answers another post"),
    Flag("is", "self_thread", "it answers a post of its own author, or its own author answers it", ("selfthread",)),
    Flag("is", "thread", "it stands in a thread of two posts or more"),
    Flag("is", "quote", "it quotes another post", ("quote_tweet", "quotetweet")),
    Flag("is", "edited", "an earlier version of it is held", ("edit",)),
    Flag("is", "truncated", "the dump shows only the beginning of it", ("cut",)),
    Flag("is", "private", "it was not for everyone"),
    Flag("has", "link", "it holds a link", ("url",)),
    Flag("has", "media", "it holds a picture, a video or a sound"),
    Flag("has", "image", "it holds a picture", ("picture", "photo", "twimg")),
    Flag("has", "video", "it holds a video or an animation", ("native_video", "consumer_video", "pro_video", "gif")),
    Flag("has", "audio", "it holds a sound", ("sound",)),
    Flag("has", "alt", "it holds a picture that is described", ("alt_text", "description")),
    Flag("has", "hashtag", "it holds a hashtag", ("tag",)),
    Flag("has", "cashtag", "it holds a cashtag", ("symbol",)),
    Flag("has", "mention", "it mentions an account"),
    Flag("has", "title", "it has a title"),
    Flag("has", "poll", "it asks with choices to vote on"),
    Flag("has", "warning", "it hides behind a content warning", ("content_warning", "cw", "sensitive")),
    Flag("has", "gap", "the post it answers is missing", ("missing",)),
)

NOT_KEPT = {
    "follows": "no dump says whom its reader follows",
    "verified": "no dump says who was verified when",
    "blue_verified": "no dump says who was verified when",
    "trusted": "X alone knows whom it trusted",
    "social": "X alone knows what that means",
    "news": "X alone knows which links it counted as news; domain: asks for a site",
    "safe": "-has:warning leaves out what hides behind a warning",
    "has_engagement": "min_faves:1, min_retweets:1 and min_replies:1 ask for it",
}
"""Values of X's ``filter:`` that an archive cannot answer, and why or what can."""

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


def flag_named(name: str) -> Flag | None:
    """The flag of that name or alias, in singular or plural, in small letters."""
    name = name.replace("-", "_")
    spellings = (name, name.removesuffix("s"), name.removesuffix("ies") + "y")
    return next((flag for one in spellings for flag in FLAGS if one == flag.name or one in flag.aliases), None)
