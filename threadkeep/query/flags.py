"""The flags of a post: the one table behind ``is:``, ``has:`` and ``filter:``, the change feed and the index.

Each flag names its word, what it means, and how it is found: by a condition in SQL over the post's row, or by a
predicate over the parts that the index reads anyway.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from threadkeep.text.cashtags import find_cashtags


class PostParts(Protocol):
    """What a predicate looks at: the text, and the rows of a post's parts."""

    @property
    def text(self) -> str:
        """The text of the post."""

    @property
    def links(self) -> Sequence[tuple[str | None, str | None, str | None]]:
        """Address, and title and description of its card."""

    @property
    def media(self) -> Sequence[tuple[str, str | None]]:
        """Kind and alt text."""

    @property
    def tags(self) -> Sequence[str]:
        """Without ``#``."""

    @property
    def mentions(self) -> Sequence[str]:
        """Without ``@``."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no about a post: ``is:reply``, ``has:link``. ``op`` is the operator it is best read with.

    ``filter:``, ``is:`` and ``has:`` take every flag, in singular and plural, and by each of its ``aliases``. Each flag
    has either ``sql``, a condition over ``posts``, ``above`` (the post it answers) and the tables that name a post, or
    ``holds``, a predicate.
    """

    op: Literal["is", "has"]
    name: str
    meaning: str
    aliases: tuple[str, ...] = ()
    sql: str | None = None
    holds: Callable[[PostParts], object] | None = None


def _shows(parts: PostParts, *kinds: str) -> bool:
    return any(kind in kinds for kind, _ in parts.media)


FLAGS = (
    Flag(
        "is",
        "pinned",
        "its author keeps it at the top of the profile",
        aliases=("pin",),
        sql="EXISTS (SELECT 1 FROM pins WHERE pins.platform = posts.platform AND pins.ref = posts.ref)",
    ),
    Flag(
        "is",
        "repost",
        "someone passed it on",
        aliases=("retweet", "nativeretweet"),
        sql="EXISTS (SELECT 1 FROM reposts WHERE reposts.platform = posts.platform AND reposts.ref = posts.ref)",
    ),
    Flag(
        "is",
        "reply",
        "it answers another post",
        sql="posts.reply_to IS NOT NULL",
    ),
    Flag(
        "is",
        "self_thread",
        "it answers a post of its own author, or its own author answers it",
        aliases=("selfthread",),
        sql="""coalesce(above.author = posts.author, 0) OR EXISTS (
            SELECT 1 FROM posts AS below
            WHERE below.platform = posts.platform AND below.reply_to = posts.ref AND +below.author = posts.author
        )""",
    ),
    Flag(
        "is",
        "thread",
        "it stands in a thread of two posts or more",
        sql="EXISTS (SELECT 1 FROM posts AS other WHERE other.thread = posts.thread AND other.id <> posts.id)",
    ),
    Flag(
        "is",
        "quote",
        "it quotes another post",
        aliases=("quote_tweet", "quotetweet"),
        sql="EXISTS (SELECT 1 FROM quotes WHERE quotes.post = posts.id)",
    ),
    Flag(
        "is",
        "edited",
        "an earlier version of it is held",
        aliases=("edit",),
        sql="posts.edits <> '[]' OR posts.edited IS NOT NULL",
    ),
    Flag(
        "is",
        "truncated",
        "the dump shows only the beginning of it",
        aliases=("cut",),
        sql="""instr(posts.inferred, '"truncated"') > 0""",
    ),
    Flag(
        "is",
        "private",
        "it was not for everyone",
        sql="posts.visibility IN ('followers', 'direct')",
    ),
    Flag(
        "has",
        "link",
        "it holds a link",
        aliases=("url",),
        holds=lambda parts: parts.links,
    ),
    Flag(
        "has",
        "media",
        "it holds a picture, a video or a sound",
        holds=lambda parts: parts.media,
    ),
    Flag(
        "has",
        "image",
        "it holds a picture",
        aliases=("picture", "photo", "twimg"),
        holds=lambda parts: _shows(parts, "image"),
    ),
    Flag(
        "has",
        "video",
        "it holds a video or an animation",
        aliases=("native_video", "consumer_video", "pro_video", "gif"),
        holds=lambda parts: _shows(parts, "video", "gif"),
    ),
    Flag(
        "has",
        "audio",
        "it holds a sound",
        aliases=("sound",),
        holds=lambda parts: _shows(parts, "audio"),
    ),
    Flag(
        "has",
        "alt",
        "it holds a picture that is described",
        aliases=("alt_text", "description"),
        holds=lambda parts: any(alt for _, alt in parts.media),
    ),
    Flag(
        "has",
        "hashtag",
        "it holds a hashtag",
        aliases=("tag",),
        holds=lambda parts: parts.tags,
    ),
    Flag(
        "has",
        "cashtag",
        "it holds a cashtag",
        aliases=("symbol",),
        holds=lambda parts: find_cashtags(parts.text),
    ),
    Flag(
        "has",
        "mention",
        "it mentions an account",
        holds=lambda parts: parts.mentions,
    ),
    Flag(
        "has",
        "title",
        "it has a title",
        sql="posts.title IS NOT NULL",
    ),
    Flag(
        "has",
        "poll",
        "it asks with choices to vote on",
        sql="posts.poll <> '[]'",
    ),
    Flag(
        "has",
        "warning",
        "it hides behind a content warning",
        aliases=("content_warning", "cw", "sensitive"),
        sql="posts.warning IS NOT NULL",
    ),
    Flag(
        "has",
        "gap",
        "the post it answers is missing",
        aliases=("missing",),
        sql="posts.reply_to IS NOT NULL AND above.id IS NULL",
    ),
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


def flag_named(name: str) -> Flag | None:
    """The flag of that name or alias, in singular or plural, in small letters."""
    name = name.replace("-", "_")
    spellings = (name, name.removesuffix("s"), name.removesuffix("ies") + "y")
    return next((flag for one in spellings for flag in FLAGS if one == flag.name or one in flag.aliases), None)
