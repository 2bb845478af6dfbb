"""Write the text of a page as a reader sees it, its structure as lines like those of Markdown, its links in place.

<h2>The wood</h2><ol><li>oak<li>beech</ol><blockquote>Wait.</blockquote><pre>cone 6</pre>
    -> "## The wood\\n\\n1. oak\\n2. beech\\n\\n> Wait.\\n\\n```\\ncone 6\\n```"
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from threadkeep.parsers._html.elements import Node, attribute, classes, events, every, named
from threadkeep.records import Link, Media

_PARAGRAPHS = frozenset("blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split())
_LINES = frozenset(
    "address article aside body caption center dd details div dt fieldset figcaption footer form header html legend li "
    "main section summary tbody tfoot thead tr".split()
)
_HEADINGS = {f"h{depth}": "#" * depth + " " for depth in range(1, 7)}
_UNSEEN = frozenset("script style template title head svg textarea select button canvas object".split())
_IN_CELLS = frozenset("blockquote div h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
_SPACE = re.compile(r"[ \t\n\r\f\u00a0]+")
_EMOJI = re.compile(r"emoji|smiley", re.I)
_CODE_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|brush:)-?([\w+#.-]{1,20})")
_MOST_LEVELS = 12
"""Lists and quotes deeper inside each other are written no further in."""

Resolve = Callable[[str], str | None]


@dataclass(slots=True)
class _Level:
    """A heading, a quote or an item: what stands before its first line and before the others."""

    tag: Node
    first: str
    rest: str
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """A text with its links, placed in code points of it, and its pictures, videos and sounds."""

    text: str = ""
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()


def page_text(node: Node, skips: Callable[[Node], bool], resolve: Resolve) -> PageText:
    """The text inside ``node`` without the elements that ``skips``. ``resolve`` makes addresses whole."""
    writer = _Writer(resolve)
    for item in events(node, lambda tag: tag.name in _UNSEEN or skips(tag) or writer.has_framed(tag)):
        if isinstance(item, str):
            writer.write(item)
        elif item.is_end:
            writer.leave(item.tag)
        else:
            writer.enter(item.tag)
    return writer.written()


class _Writer:
    """Puts text together. Line ends and markers wait until there is something to write after them."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._pieces: list[str] = []
        self._length = 0
        self._breaks = 0
        self._space = False
        self._glued = False
        self._levels: list[_Level] = []
        self._shared: list[_Level] = []
        """The levels around the last line, as far as they are still open."""
        self._lists: list[tuple[Node, int | None]] = []
        self._anchor: Node | None = None
        self._begins: int | None = None
        self._pre: Node | None = None
        self._verbatim: list[str] = []
        self._rows: set[int] = set()
        """Tables of data: their cells stand beside each other."""
        self._cell = 0
        self._links: list[Link] = []
        self._media: dict[tuple[str, str | None], Media] = {}

    def enter(self, tag: Node) -> None:
        """The beginning of an element."""
        name = tag.name
        if self._pre is not None:
            self._verbatim.append("\n" if name == "br" else "")
            return
        self._block(tag)
        if name in _HEADINGS:
            self._open(tag, _HEADINGS[name], "")
        elif name == "blockquote":
            self._open(tag, "> ", "> ")
        elif name in ("ul", "ol", "menu"):
            self._lists.append((tag, _number(tag, "start", 1) if name == "ol" else None))
        elif name == "li":
            self._item(tag)
        elif name == "pre":
            self._pre, self._verbatim = tag, []
        elif name == "br":
            self._break(min(self._breaks + 1, 2))
        elif name in ("code", "kbd", "samp") and self._anchor is None:
            self._mark("`")
        elif name in ("table", "tr", "td", "th"):
            self._enter_table(tag)
        elif name == "a" and self._anchor is None:
            self._anchor, self._begins = tag, None
        else:
            self._take_media(tag)

    def leave(self, tag: Node) -> None:
        """The end of an element."""
        if self._pre is not None:
            if tag is self._pre:
                self._write_verbatim(tag)
            return
        if tag.name in ("code", "kbd", "samp") and self._anchor is None:
            self._unmark("`")
        if tag is self._anchor:
            self._end_anchor(tag)
        if self._lists and self._lists[-1][0] is tag:
            self._lists.pop()
        if self._levels and self._levels[-1].tag is tag:
            self._levels.pop()
            self._shared = [level for level in self._shared if level in self._levels]
        self._block(tag)

    def write(self, data: str) -> None:
        """Text, with its white space folded but in ``pre``."""
        if self._pre is not None:
            self._verbatim.append(data)
            return
        folded = _SPACE.sub(" ", data)
        words = folded.strip(" ")
        self._space = (self._space or folded.startswith(" ")) and not self._glued
        if words:
            self._start()
            self._space, self._glued = folded.endswith(" "), False
            if self._begins is None:
                self._begins = self._length
            self._push(words)

    def written(self) -> PageText:
        """What was written."""
        return PageText("".join(self._pieces).rstrip(), tuple(self._links), tuple(self._media.values()))

    def _start(self) -> None:
        """Write what waited: the end of the line with the prefixes of the next, or a blank."""
        if self._pieces and not self._breaks:
            self._push(" " if self._space else "")
            return
        if self._pieces:
            between = "".join(level.rest for level in self._shared).rstrip()
            self._push("\n" + (f"{between}\n" if self._breaks > 1 else ""))
        for level in self._levels:
            self._push(level.rest if level.is_used else level.first)
            level.is_used = True
        self._breaks, self._shared = 0, list(self._levels)

    def _open(self, tag: Node, first: str, rest: str) -> None:
        if len(self._levels) < _MOST_LEVELS:
            self._levels.append(_Level(tag, first, rest))

    def _item(self, tag: Node) -> None:
        """The marker of an item, by the list it stands in."""
        marker = "- "
        if self._lists and self._lists[-1][1] is not None:
            number = _number(tag, "value", self._lists[-1][1] or 0)
            step = -1 if "reversed" in self._lists[-1][0].attrs else 1
            self._lists[-1] = (self._lists[-1][0], number + step)
            marker = f"{number}. "
        if self._pieces and self._shared == self._levels[: len(self._shared)] and self._breaks:
            self._breaks = 1 if _follows_item(tag) or len(self._lists) > 1 else self._breaks
        self._open(tag, marker, " " * len(marker))

    def _block(self, tag: Node) -> None:
        name = tag.name
        inner = len(self._lists) > 1 and name in ("ul", "ol", "menu")
        if name in _PARAGRAPHS and not inner:
            self._break(2)
        elif name in _LINES or inner:
            self._break(max(self._breaks, 1))

    def _break(self, count: int) -> None:
        if self._levels and not self._levels[-1].is_used and self._levels[-1].tag.name == "li":
            return  # nothing stands beside the marker yet
        self._breaks = max(count, self._breaks) if self._pieces else 0
        self._space = self._glued = False

    def _mark(self, mark: str) -> None:
        self._start()
        self._push(mark)
        self._space, self._glued = False, True

    def _unmark(self, mark: str) -> None:
        if self._pieces and self._pieces[-1] == mark:
            self._pieces[-1] = ""
            self._length -= len(mark)
        else:
            self._push(mark)
        self._glued = False

    def _enter_table(self, tag: Node) -> None:
        """A table, a row or a cell: the cells of data stand beside each other, ``a | b``."""
        if tag.name == "table":
            if _holds_data(tag):
                self._rows.add(id(tag))
            return
        if tag.name == "tr":
            self._cell = 0
            return
        table = next((item for item in tag.parents if item.name == "table"), None)
        if table is None or id(table) not in self._rows:
            self._break(max(self._breaks, 1))
            return
        self._cell += 1
        if self._cell > 1:
            self._start()
            self._push(" |" if self._pieces[-1:] != [" "] else "|")
            self._space = True

    def _write_verbatim(self, tag: Node) -> None:
        """The lines of ``pre`` between fences, as they are."""
        text = "".join(self._verbatim).replace("\r\n", "\n").strip("\n").rstrip()
        self._pre = None
        if text.strip():
            fence = "```" if "```" not in text else "~~~~"
            for line in (fence + _code_language(tag), *text.split("\n"), fence):
                self._start()
                self._push(line.rstrip())
                self._breaks = 1
        self._break(2)

    def _end_anchor(self, tag: Node) -> None:
        href, begins = attribute(tag, "href"), self._begins
        self._anchor = self._begins = None
        url = self._resolve(href) if href and not href.startswith("#") else None
        if url is None or begins is None:
            return
        shown = "".join(self._pieces)[begins:] if len(self._pieces) < _FEW else self._tail(begins)
        self._links.append(Link(url, shown, attribute(tag, "title"), begins, begins + len(shown)))

    def _tail(self, begins: int) -> str:
        """What was written from ``begins`` on, without putting the whole text together."""
        length, count = self._length, 0
        while length > begins:
            count += 1
            length -= len(self._pieces[-count])
        return "".join(self._pieces[len(self._pieces) - count :])[begins - length :]

    def _take_media(self, tag: Node) -> None:
        source = attribute(tag, "src") or attribute(tag, "data-src") or attribute(tag, "data-original")
        if tag.name == "img":
            alt = attribute(tag, "alt")
            if alt and (_EMOJI.search(" ".join(classes(tag))) or (len(alt) <= 2 and not alt.isascii())):
                self.write(alt)
            elif ((url := self._resolve(source or "")) is not None or alt) and not _is_tiny(tag):
                self._media.setdefault(("image", url or alt), Media("image", url, alt=alt))
        elif tag.name in ("video", "audio", "source") and source and (url := self._resolve(source)):
            kind = "audio" if "audio" in (tag.name, (attribute(tag, "type") or "").partition("/")[0]) else "video"
            if tag.name != "source" or any(item.name in ("video", "audio") for item in list(tag.parents)[:2]):
                self._media.setdefault((kind, url), Media(kind, url, alt=attribute(tag, "title")))

    def has_framed(self, tag: Node) -> bool:
        """Take the address of what another site shows in a frame; what is inside is for browsers without frames."""
        if tag.name not in ("iframe", "embed"):
            return False
        url = self._resolve(attribute(tag, "src") or attribute(tag, "data-src") or "")
        if url is not None and not _is_tiny(tag):
            self._links.append(Link(url, title=attribute(tag, "title")))
        return True

    def _push(self, data: str) -> None:
        if data:
            self._pieces.append(data)
            self._length += len(data)


_FEW = 50


def _follows_item(tag: Node) -> bool:
    return any(item.name == "li" for item in tag.previous_siblings if isinstance(item, Node))


def _number(tag: Node, name: str, otherwise: int) -> int:
    value = attribute(tag, name)
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value) else otherwise


def _is_tiny(tag: Node) -> bool:
    """Whether it is a pixel that counts readers, or a sign of the site's."""
    sizes = [attribute(tag, name) for name in ("width", "height")]
    return any(size is not None and re.fullmatch(r"\d|[12]\d|3[0-2]", size.removesuffix("px")) for size in sizes)


def _holds_data(table: Node) -> bool:
    """Whether the cells of a table are single values, not parts of the page's layout."""
    cells = list(every(table, named("td", "th")))
    return len(cells) > 1 and not any(next(every(cell, named(*_IN_CELLS)), None) for cell in cells[:50])


def _code_language(tag: Node) -> str:
    code = next(every(tag, named("code")), None)
    names = " ".join([*classes(tag), *(classes(code) if code is not None else [])])
    found = _CODE_LANGUAGE.search(names)
    return found[1] if found else ""
