"""The card below a post, whichever site shows it: the title of a link, or the options of a poll.

titled((Link(url),), Card(url, "Raku at home"))    -> the link with that title
with_options("Salt or raku?", ("Raku", "Salt"))    -> "Salt or raku?\\n\\n☐ Raku\\n☐ Salt"
"""

from typing import NamedTuple

from threadkeep.records import Link


class Card(NamedTuple):
    """What stands on a card: ``url`` is the link it belongs to, as the dump has it."""

    url: str | None = None
    title: str | None = None
    options: tuple[str, ...] = ()


def titled(links: tuple[Link, ...], card: Card) -> tuple[Link, ...]:
    """``links`` with the card's title on the one it belongs to; a card of no link in the text comes last."""
    if not card.title or not card.url or not card.url.startswith("http"):
        return links
    found = tuple(
        Link(link.url, link.text, card.title, link.start, link.end) if card.url in (link.text, link.url) else link
        for link in links
    )
    return found if found != links else (*links, Link(card.url, None, card.title))


def with_options(text: str, options: tuple[str, ...]) -> str:
    """``text`` with a poll's options below it, a line each: ``☐ Raku``."""
    lines = "\n".join(f"☐ {option}" for option in options)
    return f"{text}\n\n{lines}" if text and lines else text or lines
