"""What a page shows of a post besides its text, without markup: shared by the Markdown and the HTML pages."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from threadkeep.exporters._markdown_escape import Span, one_line
from threadkeep.exporters._titles import name_of
from threadkeep.exporters.exporter import Selection
from threadkeep.platforms.web import is_web_url
from threadkeep.records import Link, PollOption, Ref, StoredPost, Thread
from threadkeep.text.entities import find_links
from threadkeep.text.formatting import date_text, plural

KINDS = {"image": "Image", "video": "Video", "gif": "GIF", "audio": "Audio"}

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
"""A bare host name, which many cards show instead of a title."""

_INFERENCES = {
    "split": "where posts begin and end",
    "thread": "that these posts form a thread",
    "author": "who wrote them",
    "created": "when they were written",
}


def notes_of(thread: Thread, selection: Selection) -> Mapping[Ref, list[str]]:
    """Return, by post, who pinned and who reposted it: ``Pinned``, ``Reposted by Bo on 2024-05-03``."""
    authors = {stored.post.ref: stored.post.author for stored in thread.posts}
    notes: defaultdict[Ref, list[str]] = defaultdict(list)
    for pin in thread.pins:
        name = name_of(selection.account(pin.account))
        is_own = pin.account == authors.get(pin.post)
        notes[pin.post].append("Pinned" if is_own or not name else f"Pinned by {name}")
    for repost in thread.reposts:
        name, day = name_of(selection.account(repost.account)), date_text(repost.created)
        said = ["Reposted", f"by {name}" if name else "", f"on {day}" if day else ""]
        notes[repost.post].append(" ".join(filter(None, said)))
    return notes


def links_in_and_below(text: str, links: Iterable[Link]) -> tuple[list[Span], list[Link]]:
    """Return the links in the text (its own and typed addresses), in order, and the links shown below it."""
    spans, cards = [], []
    for item in links:
        is_placed = item.start is not None and item.end is not None and 0 <= item.start < item.end <= len(text)
        if not is_placed or item.title or item.description:
            cards.append(item)
        if not is_placed:
            continue
        if item.url is not None and is_web_url(item.url):
            spans.append(Span(item.start or 0, item.end or 0, item.url))
        elif item.url is not None and item.url not in text and item not in cards:
            cards.append(item)
    if "://" in text:
        typed = (item for item in find_links(text) if item.url == item.text and is_web_url(item.url))
        spans += [Span(item.start or 0, item.end or 0, item.url or "") for item in typed]
    # Stable sort: of two links with one start, the post's own comes before the one found in the text.
    spans.sort(key=lambda span: span.start)
    apart: list[Span] = []
    for span in spans:
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    linked = {span.url for span in apart}
    return apart, [card for card in cards if card.url not in linked or card.title or card.description]


def card_parts(card: Link) -> tuple[str, str | None, str | None]:
    """Return what a link below a post shows (title, text or URL), its web address, and what else to show."""
    if card.description:
        shown, url, _ = card_parts(replace(card, description=None))
        return shown, url, card.description
    text = None if card.title and card.start is not None else card.text
    words = card.title or (None if text and _HOST.fullmatch(text) else text)
    shown = words or card.url or card.text or ""
    if is_web_url(card.url):
        rest = text if text and text != shown and text not in card.url else None
        return shown, card.url, rest
    rest = card.url or card.text
    return shown, None, rest if rest and rest != shown else None


def inferences(posts: Iterable[StoredPost]) -> list[str]:
    """Return what threadkeep inferred about the posts, in words."""
    names = dict.fromkeys(name for stored in posts for name in stored.post.inferred)
    if any(stored.post.created and stored.post.created.origin == "derived" for stored in posts):
        names["created"] = None
    return [_INFERENCES.get(name, name) for name in names if name != "truncated"]


def poll_lines(poll: Iterable[PollOption]) -> Iterator[str]:
    """Yield a line an option: ``Raku: 3 votes``, or ``Raku`` where the source does not count them."""
    for option in poll:
        text = one_line(option.text)
        yield text if option.votes is None else f"{text}: {plural(option.votes, 'vote')}"
