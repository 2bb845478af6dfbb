"""What of a post is searchable, and what of it can be shown around a hit."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from threadkeep.index import Document
from threadkeep.index.keys import cashtags_in
from threadkeep.records import PRIVATE, KeptPost
from threadkeep.store import IndexedPost


def readable(kept: KeptPost) -> tuple[str, ...]:
    """The texts of a post in which a hit can be shown, the most telling first."""
    post = kept.post
    cards = (link.title for link in post.links if link.start is None and link.title)
    alts = (media.alt for media in post.media if media.alt)
    first = "\n".join(part for part in (post.title, post.text) if part)
    return tuple(dict.fromkeys(text for text in (first, *cards, *alts) if text)) or ("",)


def documents(posts: Iterator[IndexedPost], progress: Callable[[int], None] | None) -> Iterator[Document]:
    """The posts as the index wants them; ``progress`` is called now and then with how many went by."""
    for count, indexed in enumerate(posts, 1):
        yield _document(indexed)
        if progress and count % 500 == 0:
            progress(count)


def _document(indexed: IndexedPost) -> Document:
    kept, post = indexed.kept, indexed.kept.post
    author = kept.author
    names = (author.handle or author.name) if author else None
    created = post.created.instant if post.created else None
    return Document(
        number=indexed.number,
        thread=indexed.thread,
        platform=post.ref.platform,
        text=post.text,
        title=post.title,
        alts=tuple(media.alt for media in post.media if media.alt),
        cards=tuple(link.title for link in post.links if link.start is None and link.title),
        authors=(names,) if names else (),
        addressees=_addressees(indexed),
        mentions=post.mentions,
        tags=post.tags,
        urls=tuple(link.url for link in post.links if link.url),
        language=post.language,
        created=None if created is None else (created - _EPOCH) // timedelta(microseconds=1),
        likes=post.counts.get("likes"),
        reposts=post.counts.get("reposts"),
        replies=post.counts.get("replies"),
        flags=frozenset(_flags(indexed)),
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPENING = r"\s*[@＠]([\w.-]*\w(?:@[\w.-]*\w)?)"
_OPTION = r"(?m)^☐ "
"""How parsers write what a poll gives to choose from."""


def _addressees(indexed: IndexedPost) -> tuple[str, ...]:
    """Whom a post is addressed to: the author of the post it answers, else whom its text begins by mentioning."""
    if indexed.answer.addressee:
        return (indexed.answer.addressee,)
    opening = re.match(_OPENING, indexed.kept.post.text)
    return (opening[1],) if opening else ()


def _flags(indexed: IndexedPost) -> Iterator[str]:
    """What ``is:`` and ``has:`` ask for."""
    post = indexed.kept.post
    kinds = {media.kind for media in post.media}
    facts = {
        "pinned": indexed.is_pinned,
        "repost": indexed.is_reposted,
        "reply": post.reply_to is not None,
        "self_thread": indexed.answer.continues,
        "quote": bool(post.quotes),
        "thread": indexed.thread_size > 1,
        "edited": bool(post.edits),
        "truncated": "truncated" in post.inferred,
        "private": post.visibility in PRIVATE,
        "link": bool(post.links),
        "media": bool(post.media),
        "image": "image" in kinds,
        "video": bool(kinds & {"video", "gif"}),
        "audio": "audio" in kinds,
        "alt": any(media.alt for media in post.media),
        "hashtag": bool(post.tags),
        "cashtag": bool(cashtags_in(post.text)),
        "mention": bool(post.mentions),
        "title": post.title is not None,
        "poll": "☐" in post.text and re.search(_OPTION, post.text) is not None,
        "warning": post.warning is not None,
        "gap": indexed.answer.has_gap,
    }
    return (name for name, holds in facts.items() if holds)
