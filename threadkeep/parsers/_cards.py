"""The card below a post, whichever site shows it: title and description of a link, or the options of a poll.

titled((Link(url),), Card(url, "Raku at home"))    -> the link with that title
poll_of([("Raku", 3), ("", 1), ("Salt", None)])    -> PollOption("Raku", 3), PollOption("Salt")
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from threadkeep.records import Link, PollOption

_MOST_ESCAPES = 2
_LINE_END = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6])\s*>", re.I)
_MARKUP = re.compile(
    r"</?(?:a|b|big|blockquote|br|center|code|del|div|em|font|h[1-6]|i|img|ins|li|mark|ol|p|pre|q|s|small|span|strong|"
    r"sub|sup|u|ul)(?:\s[^<>]*)?/?>",
    re.I,
)


class Card(NamedTuple):
    """What stands on a card: ``url`` is the link it belongs to, as the dump has it."""

    url: str | None = None
    title: str | None = None
    poll: tuple[PollOption, ...] = ()
    description: str | None = None


def titled(links: tuple[Link, ...], card: Card) -> tuple[Link, ...]:
    """``links`` with the card's words on the one it belongs to; a card of no link in the text comes last."""
    title, description = plain_words(card.title), plain_words(card.description)
    if not (title or description) or not card.url or not card.url.startswith("http"):
        return links
    if not any(card.url in (link.text, link.url) for link in links):
        return (*links, Link(card.url, title=title, description=description))
    return tuple(
        replace(link, title=title or link.title, description=description) if card.url in (link.text, link.url) else link
        for link in links
    )


def plain_words(written: str | None) -> str | None:
    """A title, a description or a content warning as its reader sees it, which some servers escape once too often.

    ``Mira&amp;#8217;s<br>kiln`` -> ``Mira’s`` and ``kiln`` on two lines; what is no markup stays: ``ash <3 salt``.
    None if nothing is left.
    """
    text = written or ""
    for _ in range(_MOST_ESCAPES):
        if "&" not in text or (unescaped := unescape(text)) == text:
            break
        text = unescaped
    if "<" in text:
        text = _MARKUP.sub("", _LINE_END.sub("\n", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line) or None


def poll_of(options: Iterable[tuple[str | None, int | None]]) -> tuple[PollOption, ...]:
    """The poll with these options and their votes; options without a text are left out."""
    return tuple(PollOption(text, votes) for text, votes in options if text)
