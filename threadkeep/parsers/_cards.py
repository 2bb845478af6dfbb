"""The card below a post, whichever site shows it: the title of a link, or the options of a poll.

titled((Link(url),), Card(url, "Raku at home"))    -> the link with that title
poll_of([("Raku", 3), ("", 1), ("Salt", None)])    -> PollOption("Raku", 3), PollOption("Salt")
"""

from collections.abc import Iterable
from typing import NamedTuple

from threadkeep.records import Link, PollOption


class Card(NamedTuple):
    """What stands on a card: ``url`` is the link it belongs to, as the dump has it."""

    url: str | None = None
    title: str | None = None
    poll: tuple[PollOption, ...] = ()


def titled(links: tuple[Link, ...], card: Card) -> tuple[Link, ...]:
    """``links`` with the card's title on the one it belongs to; a card of no link in the text comes last."""
    if not card.title or not card.url or not card.url.startswith("http"):
        return links
    found = tuple(
        Link(link.url, link.text, card.title, link.start, link.end) if card.url in (link.text, link.url) else link
        for link in links
    )
    return found if found != links else (*links, Link(card.url, None, card.title))


def poll_of(options: Iterable[tuple[str | None, int | None]]) -> tuple[PollOption, ...]:
    """The poll with these options and their votes; options without a text are left out."""
    return tuple(PollOption(text, votes) for text, votes in options if text)
