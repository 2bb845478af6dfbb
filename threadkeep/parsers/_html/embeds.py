"""Find posts of networks that are embedded in a page or a note, and have each network read its own.

<blockquote class="twitter-tweet"><p>Frost.</p>&mdash; Mira (@mira) <a href="…/mira/status/1750">…</a></blockquote>
    -> the post 1750 and its author

A network that can be embedded has a module ``_embed`` in its folder: ``CLASSES`` are the classes by which its embeds
are known, ``records_of`` gives the records of one. Nothing is registered by hand.
"""

import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple, Protocol, cast

from threadkeep import parsers
from threadkeep.parsers._html.cutter import Block
from threadkeep.parsers._html.elements import Node, classes, every, fragment, plain
from threadkeep.records import Account, Post

_NAMES = ("blockquote", "iframe")
_LONGEST = 100_000
"""The most characters of markup that an embed in a note may have."""


class EmbedReader(Protocol):
    """What a network's ``_embed`` holds."""

    CLASSES: frozenset[str]

    def records_of(self, node: Node) -> Iterable[Account | Post]:
        """The author, as far as shown, and the post; nothing where the element names none."""


class Embed(NamedTuple):
    """An embedded post: its element, and its records, the post last."""

    node: Node
    records: tuple[Account | Post, ...]

    @property
    def post(self) -> Post:
        """The post that is embedded."""
        return cast(Post, self.records[-1])


class EmbedsInText(NamedTuple):
    """A text with what was embedded in it: each embed stands as lines of a quote, ``> ``, where its markup was."""

    text: str
    embeds: tuple[Embed, ...]


@cache
def _readers() -> dict[str, EmbedReader]:
    """The readers by the classes of their embeds."""
    found: dict[str, EmbedReader] = {}
    for network in pkgutil.iter_modules(parsers.__path__, f"{parsers.__name__}."):
        name = f"{network.name}._embed"
        if network.ispkg and not network.name.rpartition(".")[2].startswith("_") and importlib.util.find_spec(name):
            reader = cast(EmbedReader, importlib.import_module(name))
            found.update(dict.fromkeys(reader.CLASSES, reader))
    return found


@cache
def _start_tag() -> re.Pattern[str]:
    signs = "|".join(map(re.escape, sorted(_readers())))
    return re.compile(
        rf"<({'|'.join(_NAMES)})\b[^<>]{{0,2000}}\bclass\s*=\s*[\"']?[^\"'<>]{{0,200}}\b(?:{signs})\b", re.I
    )


def has_embeds(markup: str) -> bool:
    """Whether there is the start tag of an embedded post in a text."""
    return _start_tag().search(markup) is not None


def find_embeds(root: Node) -> Iterator[Embed]:
    """The embedded posts inside an element, in its order."""
    readers = _readers()
    for node in every(root, lambda node: node.name in _NAMES and not readers.keys().isdisjoint(classes(node))):
        reader = next(readers[name] for name in classes(node) if name in readers)
        records = tuple(reader.records_of(node))
        if records:
            yield Embed(node, records)


def embeds_in_text(text: str) -> EmbedsInText:
    """Take the embedded posts out of a note, and leave what a reader sees of them as a quote."""
    pieces: list[str] = []
    embeds: list[Embed] = []
    position = 0
    while (start := _start_tag().search(text, position)) is not None:
        end = re.compile(rf"</{start[1]}\s*>(?:\s*<script\b[^<>]*>\s*</script\s*>)?", re.I).search(text, start.end())
        if end is None or end.end() - start.start() > _LONGEST:
            break
        found = list(find_embeds(fragment(Block("embed", text[start.start() : end.end()]))))
        pieces.append(text[position : start.start()])
        pieces.append(_quoted(found[0]) if found else text[start.start() : end.end()])
        embeds += found[:1]
        position = end.end()
    pieces.append(text[position:])
    return EmbedsInText("".join(pieces), tuple(embeds))


def _quoted(embed: Embed) -> str:
    shown = plain(embed.node) or embed.post.url or ""
    return "\n".join(f"> {line}".rstrip() for line in shown.split("\n"))
