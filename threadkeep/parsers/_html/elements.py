"""Read one block of a saved page: find elements in it, and take its text with what is linked in it.

    <div class="post"><p>Frost <img alt="❄️"> again<br>at <a href="https://a.example/x">a.example/x</a></p></div>
        -> "Frost ❄️ again\\nat a.example/x", Link("https://a.example/x", text="a.example/x", start=20, end=31)

Beautiful Soup makes a tree of one block at a time, and the tree is walked without recursion, so that ten thousand tags
inside each other are read like any others.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from bs4.exceptions import ParserRejectedMarkup

from threadkeep.parsers._html.cutter import Block
from threadkeep.records import Link

Node = Tag
"""An element of a block."""

BLOCK_LIMIT = 1_000_000
"""The most characters of markup a block may have; that of a post has twenty thousand."""

_NEAREST = 200
"""How many elements around another are looked at: those of a post have thirty."""

_KEEP_SPACE = frozenset("a article div h2 p section span".split())
"""Beautiful Soup folds white space between tags but inside these: in most posts every line end is the author's."""
_UNREAD = frozenset("script style textarea title template svg".split())
_SPACE = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = frozenset("blockquote h1 h2 h3 h4 h5 h6 ol p pre ul".split())
_LINES = frozenset("article aside div dd dt figure footer header li section table tr".split())
_MOST_BREAKS = 3
_INDENTED = re.compile(r"\n( +)\Z")
_INDENT = re.compile(r"\n( *)(?=[^\n ])")


class Target(NamedTuple):
    """Where an anchor leads: the address of a link, a mentioned handle, or a hashtag."""

    kind: Literal["link", "mention", "tag"]
    value: str


def _no_target(_anchor: Node, _text: str) -> Target | None:
    return None


def _nothing(_node: Node) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Style:
    """How a site writes text: whether line ends in the markup count, where anchors lead, and what is no text."""

    keeps_lines: bool = False
    target: Callable[[Node, str], Target | None] = _no_target
    skips: Callable[[Node], bool] = _nothing


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its links (placed in code points of it), the handles it mentions and its hashtags."""

    text: str = ""
    links: tuple[Link, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def fragment(block: Block) -> Node:
    """The tree of one block: its root holds the block's element. Raises ValueError."""
    if len(block.html) > BLOCK_LIMIT:
        raise ValueError(f"{len(block.html) / 1e6:,.1f} MB of markup is more than one post can have")
    try:
        # The parser refuses Word's conditions (<![if …]>) where it does not know them.
        markup = block.html.replace("<![", "<?[")
        return BeautifulSoup(markup, "html.parser", preserve_whitespace_tags=_KEEP_SPACE)
    except (ParserRejectedMarkup, AssertionError) as error:
        raise ValueError(f"markup that cannot be read: {error}") from error


def every(node: Node, test: Callable[[Node], bool]) -> Iterator[Node]:
    """The elements inside ``node`` that pass ``test``, in their order."""
    return (item for item in node.descendants if isinstance(item, Tag) and test(item))


def first(node: Node | None, test: Callable[[Node], bool]) -> Node | None:
    """The first element inside ``node`` that passes ``test``."""
    return next(every(node, test), None) if node is not None else None


def classes(node: Node) -> list[str]:
    """The classes of an element."""
    value = node.attrs.get("class")
    return value if isinstance(value, list) else (value or "").split()


def has_class(*names: str) -> Callable[[Node], bool]:
    """The test for elements that have one of these classes."""
    wanted = frozenset(names)
    return lambda node: not wanted.isdisjoint(classes(node))


def named(*names: str) -> Callable[[Node], bool]:
    """The test for elements of these names: ``named("a")``."""
    return lambda node: node.name in names


def tested(*names: str) -> Callable[[Node], bool]:
    """The test for elements with one of these ``data-testid``."""
    return lambda node: node.attrs.get("data-testid") in names


def classed(node: Node | None, *names: str) -> Node | None:
    """The first element inside ``node`` that has one of these classes."""
    return first(node, has_class(*names))


def all_classed(node: Node, *names: str) -> list[Node]:
    """The elements inside ``node`` that have one of these classes."""
    return list(every(node, has_class(*names)))


def above(node: Node, test: Callable[[Node], bool]) -> Node | None:
    """The nearest element around ``node`` that passes ``test``, as near as one of the same post can be."""
    return next((item for item in itertools.islice(node.parents, _NEAREST) if test(item)), None)


def attribute(node: Node | None, name: str) -> str | None:
    """The value of an attribute; ``None`` where there is none or it is empty."""
    value = node.attrs.get(name) if node is not None else None
    return (value if isinstance(value, str) else " ".join(value)) if value else None


def address(value: str | None) -> str | None:
    """A picture's address as the net knows it; ``None`` for what is in the page, or beside it on a disk."""
    if value is not None and value.startswith("//"):
        return f"https:{value}"
    return value if value is not None and value.startswith(("https://", "http://")) else None


def split_address(url: str | None) -> SplitResult:
    """The parts of an address; all are empty where it is none (``http://[here]``)."""
    try:
        return urlsplit(url or "")
    except ValueError:
        return urlsplit("")


def plain(node: Node | None, style: Style | None = None) -> str | None:
    """The text of an element; ``None`` where there is none."""
    return (read(node, style or Style()).text or None) if node is not None else None


def read(node: Node, style: Style) -> Written:
    """The text of an element, with pictures of signs as their ``alt``, and where its anchors stand and lead."""
    writer = _Writer(style)
    waiting: list[PageElement | _End] = list(reversed(node.contents))
    while waiting:
        item = waiting.pop()
        if isinstance(item, _End):
            writer.leave(item.tag)
        elif isinstance(item, Tag):
            if item.name not in _UNREAD and not style.skips(item):
                writer.enter(item)
                waiting.append(_End(item))
                waiting.extend(reversed(item.contents))
        elif type(item) is NavigableString:  # its subclasses are comments and the like
            writer.write(str(item))
    return writer.written()


class Edge(NamedTuple):
    """Where an element begins or ends."""

    tag: Node
    is_end: bool


def events(node: Node, skips: Callable[[Node], bool] = _nothing) -> Iterator[Edge | str]:
    """What is inside an element in its order: texts, and where elements begin and end, without those that ``skips``."""
    waiting: list[PageElement | _End] = list(reversed(node.contents))
    while waiting:
        item = waiting.pop()
        if isinstance(item, _End):
            yield Edge(item.tag, is_end=True)
        elif isinstance(item, Tag):
            if not skips(item):
                yield Edge(item, is_end=False)
                waiting.append(_End(item))
                waiting.extend(reversed(item.contents))
        elif type(item) is NavigableString:  # its subclasses are comments and the like
            yield str(item)


def inner_html(node: Node) -> str:
    """The markup inside an element."""
    return node.decode_contents()


def dedent(node: Node) -> None:
    """Take out the indentation that an editor gave a text when it laid the page out anew.

    It is told by the white space before ``node``: no line of the text stands further left than its element.
    """
    before = node.previous_sibling
    own = _INDENTED.search(str(before)) if isinstance(before, NavigableString) else None
    strings = [item for item in node.descendants if type(item) is NavigableString]
    margins = [len(found[1]) for item in strings for found in _INDENT.finditer(str(item))]
    if own is None or not margins or min(margins) < len(own[1]):
        return
    for item in strings:
        item.replace_with(re.sub(rf"\n {{{min(margins)}}}", "\n", str(item)))


def without_layout(node: Node) -> None:
    """Take out the lines between the parts of a text, on a site that has every word inside an element of its own."""
    for item in list(node.children):
        if type(item) is NavigableString and "\n" in item and not item.strip():
            item.extract()


class _End(NamedTuple):
    tag: Node


class _Writer:
    """Puts text together. Line ends wait until there is something to write after them."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._pieces: list[str] = []
        self._length = 0
        self._breaks = 0
        self._space = False
        self._anchor: Node | None = None
        self._begins: int | None = None
        self._spans: list[tuple[int, int, Node]] = []

    def enter(self, tag: Node) -> None:
        self._block(tag.name)
        if tag.name == "br":
            if self._style.keeps_lines:
                self._write("\n")
            else:
                self._break(self._breaks + 1)
        elif tag.name == "img":
            self.write(attribute(tag, "alt") or "")
        elif tag.name == "a" and self._anchor is None:
            self._anchor, self._begins = tag, None

    def leave(self, tag: Node) -> None:
        self._block(tag.name)
        if tag is self._anchor:
            if self._begins is not None:
                self._spans.append((self._begins, self._length, tag))
            self._anchor = None

    def write(self, data: str) -> None:
        if self._style.keeps_lines:
            self._write(data)
            return
        folded = _SPACE.sub(" ", data)
        words = folded.strip(" ")
        self._space = self._space or folded.startswith(" ")
        if words:
            if self._pieces:
                self._push("\n" * self._breaks if self._breaks else " " * self._space)
            self._breaks, self._space = 0, folded.endswith(" ")
            self._write(words)

    def written(self) -> Written:
        whole = "".join(self._pieces)
        text = whole.strip()
        leading = len(whole) - len(whole.lstrip())
        links: list[Link] = []
        named: dict[str, dict[str, None]] = {"mention": {}, "tag": {}}
        for begins, ends, anchor in self._spans:
            start, end = max(0, begins - leading), max(0, ends - leading)
            shown = text[start:end].strip()
            start += text[start:end].find(shown)
            end = start + len(shown)
            target = self._style.target(anchor, shown) if shown else None
            if target is not None and target.kind == "link":
                links.append(Link(target.value, text=shown, start=start, end=end))
            elif target is not None:
                named[target.kind][target.value] = None
        return Written(text, tuple(links), tuple(named["mention"]), tuple(named["tag"]))

    def _block(self, name: str) -> None:
        if not self._style.keeps_lines and (name in _PARAGRAPHS or name in _LINES):
            self._break(max(self._breaks, 2 if name in _PARAGRAPHS else 1))

    def _break(self, count: int) -> None:
        self._breaks = min(count, _MOST_BREAKS) if self._pieces else 0
        self._space = False

    def _write(self, data: str) -> None:
        if data and self._begins is None:
            self._begins = self._length
        self._push(data)

    def _push(self, data: str) -> None:
        self._pieces.append(data)
        self._length += len(data)
