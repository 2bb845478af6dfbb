"""Read a saved page and cut it into blocks: the head, and the elements that a parser says are posts.

    <div class="timeline"><div class="post">Frost.</div><div class="post">Tea.</div></div>
        -> Block("post", '<div class="post">Frost.</div>'), Block("post", '<div class="post">Tea.</div>')

The page is gone through tag by tag and never as a tree: neither its length nor how deep its elements nest costs more
than reading it once.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from threadkeep.errors import DumpError, DumpTooLarge
from threadkeep.parsers._html.wrappers import Unwrapped, is_wrapped, unwrapped, without_wayback
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source

Attributes = dict[str, str]

PAGE_LIMIT_BYTES = 64 * 1024 * 1024
"""The largest page read at all; without the pictures written into it, it may have 16 MiB, as any text."""
RAW_LIMIT = 10_000
"""How many characters of a post's markup a problem shows; the dump is kept whole."""

_HEAD_START = 5000
_PAGE_START = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|div|article|main)\b", re.I)

_WRITTEN_IN = r"data:[a-z]{1,20}/[a-z0-9.+-]{1,80}(?:;[a-z0-9=.+-]{1,80}){0,4},[a-z0-9+/=%._~-]{200,}"
_PICTURES = re.compile(_WRITTEN_IN, re.I)
_PICTURE_BYTES = re.compile(_WRITTEN_IN.encode(), re.I)
_NO_PICTURE = "data:,"

_TAG = re.compile(
    r"<(?:!--|(?P<end>/?)(?P<name>[a-zA-Z][^\s/<>]*+)"
    r"(?:[^<>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+|[\"'])*+(?P<whole>>)?)"
)
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?""")
_RAW_ENDS = {
    name: re.compile(rf"</{name}\b", re.I)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed")
}
"""Elements whose content is no markup, and where it ends."""
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BODY = frozenset("body div main article section header nav".split())
_SAVED_FROM = re.compile(
    r"saved from url=\(\d+\)(\S+)|^\s*url:\s*(https?://\S+)|\"url\":\s*\"(https?://[^\"]+)\"", re.M
)
"""What Chrome, SingleFile and other tools write above a page."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Which elements of a page are blocks: ``kind`` names what it wants of a start tag that holds ``sign``.

    Elements of the kinds in ``groups`` hold blocks, the others are blocks. A block inside one of the same kind is part
    of it where ``nests``; elsewhere it shows that the outer one never ended, and ends it.
    """

    sign: re.Pattern[str]
    kind: Callable[[str, Attributes], str | None]
    groups: frozenset[str] = frozenset()
    nests: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """An element of a page: its markup, and the innermost group it stands in, which ``number`` tells from others."""

    kind: str
    html: str
    attributes: Attributes = field(default_factory=dict)
    group: str | None = None
    number: int = 0

    @property
    def raw(self) -> str:
        """The markup as a problem shows it."""
        return self.html if len(self.html) <= RAW_LIMIT else f"{self.html[:RAW_LIMIT]}…"


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself: its address, its title, the contents of ``meta`` by name, and its ``link`` tags."""

    url: str | None = None
    title: str | None = None
    meta: dict[str, str] = field(default_factory=dict)
    links: tuple[Attributes, ...] = ()

    def linked(self, relation: str) -> Iterator[str]:
        """The addresses of the ``link`` tags with that ``rel``."""
        return (link["href"] for link in self.links if link.get("rel") == relation and link.get("href"))


def looked_at(source: Source) -> str:
    """As much of a page as shows what it is; nothing where the dump is no page."""
    is_page = source.head is not None and _PAGE_START.search(source.head[:_HEAD_START]) is not None
    if not is_page and not is_wrapped(source):
        return ""
    try:
        return read_page(source)
    except DumpTooLarge:
        return source.head or ""
    except DumpError:  # a broken wrapping, which shows nothing
        return ""


@lru_cache(maxsize=1)
def read_page(source: Source) -> str:
    """The markup of the page, without pictures written into it. Raises DumpTooLarge, DumpError.

    Every parser of pages asks for it to see whether it is one of its own, so the last one stays at hand.
    """
    if source.size <= TEXT_LIMIT_BYTES and not is_wrapped(source):
        return without_wayback(_PICTURES.sub(_NO_PICTURE, source.text()))
    too_large = DumpTooLarge(
        f"{source.name}: {source.size / 1e6:,.0f} MB is more than a saved page can have",
        "save the page without its pictures, or in parts",
    )
    if source.size > PAGE_LIMIT_BYTES:
        raise too_large
    with source.open() as file:
        data = file.read()
    page = unwrapped(data, source.name) if is_wrapped(source) else Unwrapped(data, source.encoding, None)
    page = page._replace(markup=_PICTURE_BYTES.sub(_NO_PICTURE.encode(), page.markup))
    if len(page.markup) > TEXT_LIMIT_BYTES:
        raise too_large
    return without_wayback(page.text().replace("\r\n", "\n").replace("\r", "\n"))


def head_of(page: str) -> Head:
    """The head of a page. The address that a browser wrote above it goes before the page's own ``canonical``."""
    meta: dict[str, str] = {}
    links: list[Attributes] = []
    title = None
    for name, is_end, start, end in tags_of(page):
        if name in _BODY:
            break
        if name == "title" and not is_end and title is None:
            closing = page.find("<", end)
            title = " ".join(unescape(page[end : closing if closing > 0 else end]).split()) or None
        elif name == "link":
            links.append(attributes_of(page[start:end]))
        elif name == "meta":
            attributes = attributes_of(page[start:end])
            key = attributes.get("property") or attributes.get("name")
            if key:
                meta.setdefault(key, attributes.get("content", ""))
    head = Head(None, title, meta, tuple(links))
    saved = _SAVED_FROM.search(page[:_HEAD_START])
    url = next((part for part in saved.groups() if part), None) if saved else None
    return Head(url or next(head.linked("canonical"), None) or meta.get("og:url"), title, meta, tuple(links))


def cut(page: str, marks: Marks) -> Iterator[Block]:
    """The blocks of a page, in its order. One that never ends, ends with the page."""
    cutter = _Cutter(page, marks)
    for name, is_end, start, end in tags_of(page):
        found = cutter.ended(name, end) if is_end else cutter.begun(name, start, end)
        if found is not None:
            yield found
    if (last := cutter.finished()) is not None:
        yield last


def start_tags(html: str, wanted: str) -> Iterator[Attributes]:
    """The attributes of the start tags of that name."""
    for name, is_end, start, end in tags_of(html):
        if name == wanted and not is_end:
            yield attributes_of(html[start:end])


def tags_of(page: str) -> Iterator[tuple[str, bool, int, int]]:
    """The tags of a page: name, whether it ends an element, and where it stands."""
    position, last_comment = 0, page.rfind("-->")
    endless: set[str] = set()
    while (match := _TAG.search(page, position)) is not None:
        position = match.end()
        if match["name"] is None:
            if position <= last_comment:
                position = page.find("-->", position) + 3
            continue
        if match["whole"] is None:
            continue  # it never ends; what was gone through is not gone through again, or it would take for ever
        name = match["name"].lower()
        yield name, bool(match["end"]), match.start(), position
        if name in _RAW_ENDS and not match["end"] and name not in endless:
            end = _RAW_ENDS[name].search(page, position)
            if end is None:
                endless.add(name)
            else:
                position = end.start()


def attributes_of(tag: str) -> Attributes:
    """The attributes of a start tag; of two with one name the first counts."""
    found: Attributes = {}
    name = _ATTRIBUTE.match(tag, 1)
    for match in _ATTRIBUTE.finditer(tag, name.end() if name else 1):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        found.setdefault(match[1].lower(), unescape(value))
    return found


class _Open(NamedTuple):
    kind: str
    name: str
    depth: int
    start: int
    attributes: Attributes
    number: int = 0


class _Cutter:
    """Keeps count of which wanted elements are open. Only tags of their own name end them."""

    def __init__(self, page: str, marks: Marks) -> None:
        self._page = page
        self._marks = marks
        self._depths: dict[str, int] = defaultdict(int)
        self._groups: list[_Open] = []
        self._block: _Open | None = None
        self._numbers = 0

    def begun(self, name: str, start: int, end: int) -> Block | None:
        """A start tag; returns the block it shows to have ended."""
        finished = None
        if self._marks.sign.search(self._page, start, end) is not None:
            attributes = attributes_of(self._page[start:end])
            kind = self._marks.kind(name, attributes)
            if kind is not None and kind in self._marks.groups:
                self._begin_group(kind, name, start, attributes)
            elif kind is not None:
                if self._block is not None and self._block.kind == kind and not self._marks.nests:
                    finished = self._close(start)
                if self._block is None:
                    self._block = _Open(kind, name, self._depths[name], start, attributes)
        if name not in _VOID:
            self._depths[name] += 1
        return finished

    def ended(self, name: str, end: int) -> Block | None:
        """An end tag; returns the block it ends."""
        depth = self._depths[name] = max(0, self._depths[name] - 1)
        if self._block is not None:
            is_its_own = self._block.name == name and depth <= self._block.depth
            return self._close(end) if is_its_own else None
        while self._groups and self._groups[-1].name == name and depth <= self._groups[-1].depth:
            self._groups.pop()
        return None

    def finished(self) -> Block | None:
        """The end of the page."""
        return self._close(len(self._page)) if self._block is not None else None

    def _begin_group(self, kind: str, name: str, start: int, attributes: Attributes) -> None:
        if self._block is None:
            self._numbers += 1
            self._groups.append(_Open(kind, name, self._depths[name], start, attributes, self._numbers))

    def _close(self, end: int) -> Block | None:
        block, self._block = self._block, None
        if block is None:
            return None
        group = self._groups[-1] if self._groups else None
        html = self._page[block.start : end]
        place = (group.kind, group.number) if group else (None, 0)
        return Block(block.kind, html, block.attributes, *place)
