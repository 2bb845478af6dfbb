"""Index documents of posts, and the texts of a post from which snippets are cut."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from threadkeep.index.engine import Document
from threadkeep.records import StoredPost

if TYPE_CHECKING:  # a search has no changes to take in, as a rule
    from threadkeep.store.change_feed import ChangedPost


def readable(stored: StoredPost) -> tuple[str, ...]:
    """Return the texts of a post from which a snippet may come, the most relevant first."""
    post = stored.post
    cards = ("\n".join(filter(None, (link.title, link.description))) for link in post.links)
    options = (option.text for option in post.poll)
    alts = (media.alt for media in post.media if media.alt)
    warning = f"content warning: {post.warning}" if _is_written(post.warning) else None
    first = "\n".join(part for part in (post.title, post.text) if part)
    return tuple(dict.fromkeys(text for text in (first, *cards, *options, *alts, warning) if text)) or ("",)


def _is_written(warning: str | None) -> bool:
    """Whether a content warning has words of its own: parsers write ``sensitive`` for a flag without any."""
    return warning is not None and warning != "sensitive"


def documents(posts: "Iterator[ChangedPost]", progress: Callable[[int], None] | None) -> Iterator[Document]:
    """The posts as the index wants them; ``progress`` is called now and then with how many went by."""
    for count, post in enumerate(posts, 1):
        yield _document(post)
        if progress and count % 500 == 0:
            progress(count)


def _document(post: "ChangedPost") -> Document:
    created, counts = post.created, post.counts
    return Document(
        row_id=post.number,
        thread=post.thread,
        platform=post.platform,
        text=post.text,
        title=post.title,
        alts=tuple([alt for _, alt in post.media if alt]) if post.media else (),
        cards=_cards(post),
        authors=(post.author,) if post.author else (),
        addressees=_addressees(post),
        mentions=tuple(post.mentions),
        tags=tuple(post.tags),
        urls=tuple([url for url, _, _ in post.links if url]) if post.links else (),
        language=post.language,
        created=None if created is None else (datetime.fromisoformat(created) - _EPOCH) // _MICROSECOND,
        likes=counts.get("likes"),
        reposts=counts.get("reposts"),
        replies=counts.get("replies"),
        flags=frozenset(post.flags),
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_OPENING = r"\s*[@＠]([\w.-]*\w(?:@[\w.-]*\w)?)"


def _cards(post: "ChangedPost") -> tuple[str, ...]:
    """The texts of what stands around a post: link cards, the options of its poll, its content warning."""
    texts = [text for _, title, description in post.links for text in (title, description) if text]
    texts += post.poll
    return (*texts, post.warning) if post.warning is not None and _is_written(post.warning) else tuple(texts)


def _addressees(post: "ChangedPost") -> tuple[str, ...]:
    """Whom a post is addressed to: the author of the post it answers, else whom its text begins by mentioning."""
    if post.addressee:
        return (post.addressee,)
    opening = re.match(_OPENING, post.text) if "@" in post.text or "＠" in post.text else None
    return (opening[1],) if opening else ()
