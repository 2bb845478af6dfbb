"""Convert the HTML of a fediverse post into the text a reader sees, with its links, mentions and hashtags.

    <p>Glaze notes:<br />see <a href="https://a.example/x"><span class="invisible">https://</span>a.example/x</a></p>
        -> "Glaze notes:\\nsee https://a.example/x", Link("https://a.example/x", start=17, end=36)

One pattern without backtracking splits the markup at its tags, which are read as events, not as a tree: the time is
linear even with deep nesting or unclosed tags. ``html.parser`` takes more than twice as long on short posts, and its
treatment of broken markup changes between versions of Python.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from threadkeep.records import Link
from threadkeep.text.entities import find_links

_TAG = re.compile(r"""<(?:(/?+)([a-zA-Z][\w:-]*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)|[!?][^<>]*+)>""", re.A)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++)))?+""")
_SPACE = re.compile(r"[ \t\r\n\f]++")

_PARAGRAPHS = frozenset("blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split())
_LINES = frozenset("article aside center details div dd dt figcaption footer header li section summary tr".split())
_UNSEEN = frozenset("script style template title".split())
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_TEX = re.compile(r"<annotation\b[^<>]*tex[^<>]*>([^<]*)", re.I)
_ITEM = re.compile(r"<(/?)(ol|ul|li)\b", re.I)
_BLANK_LINE = re.compile(r"[^<>\n]\n[ \t]*\n[^<>]*\S")
_SCALES = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN = (*_SCALES, (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_DEEPEST = 20
"""How many lists and quotations inside one another are told apart."""

_QUOTE = "quote-inline"
"""The class of the words (``RE: https://…``) that stand for a quoted post in software without quotes."""

_UNSAFE = ("javascript:", "data:", "vbscript:")


class HtmlMention(NamedTuple):
    """A mention: ``name`` as shown, without ``@``, and the address it links to."""

    name: str
    href: str


class HtmlText(NamedTuple):
    """A text with its links (positions in code points), mentions, and hashtags without ``#``."""

    text: str = ""
    links: tuple[Link, ...] = ()
    mentions: tuple[HtmlMention, ...] = ()
    tags: tuple[str, ...] = ()


def html_to_text(html: str, *, without_quote: bool = False, keeps_lines: bool = False) -> HtmlText:
    """The text of ``html``: ``<br>`` ends a line, ``<p>`` a paragraph; anything that is not a tag is text.

    Items of lists keep their numbers and bullets, quoted lines begin with ``> ``, cells are parted by `` | ``. White
    space stays as typed, as Mastodon shows it, but line ends in the markup are blanks: programs that write HTML break
    long lines. They are the author's with ``keeps_lines``, and where an empty line stands inside a paragraph, which no
    such program writes. ``without_quote`` leaves out the words that stand for a quoted post, where the source names
    that post.
    """
    if "<" not in html:
        text = unescape(html).replace("\r\n", "\n").strip()
        return HtmlText(text, _written_out_links(text))
    keeps_lines = keeps_lines or _has_authors_lines(html)
    builder = _TextBuilder(without_quote=without_quote, keeps_lines=keeps_lines)
    builder.read(html)
    if builder.hidden:
        # An unclosed hidden element would hide the rest of the post.
        builder = _TextBuilder(without_quote=False, hides=False, keeps_lines=keeps_lines)
        builder.read(html)
    return builder.result()


def _has_authors_lines(html: str) -> bool:
    """Whether an empty line stands inside a paragraph: then its line ends are what the author typed."""
    return "\n" in html and "<pre" not in html and _BLANK_LINE.search(html) is not None


def plain_text(html: str) -> str | None:
    """The text of a biography; None if empty."""
    return html_to_text(html).text or None


def _written_out_links(text: str) -> tuple[Link, ...]:
    """The complete addresses in a text without markup."""
    return tuple(link for link in find_links(text) if link.url == link.text) if "://" in text else ()


def _attributes(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(source):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


@dataclass(slots=True)
class _Container:
    """An open list item or quotation: what begins its first line, if not written yet, and every other line of it."""

    name: str
    prefix: str
    marker: str | None = None


@dataclass(slots=True)
class _List:
    """An open list: the number of its next item, and how it counts. ``style`` is empty for bullets."""

    style: str
    number: int = 1
    step: int = 1
    depth: int = 0


def _marker(list_: _List | None) -> str:
    """What a browser writes before an item: ``3. ``, ``c. ``, ``iv. ``, ``• ``."""
    if list_ is None or not list_.style:
        return "• "
    number, shown = list_.number, str(list_.number)
    if list_.style in "aA" and 0 < number <= 26:
        shown = chr(ord(list_.style) + number - 1)
    elif list_.style in "iI" and 0 < number < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (number // value)
            number %= value
        shown = roman.upper() if list_.style == "I" else roman
    return f"{shown}. "


def _number(text: str | None) -> int | None:
    """The number in an attribute; None if it is none, or too long for one."""
    found = re.fullmatch(r"\s*(-?[0-9]{1,9})\s*", text or "")
    return int(found[1]) if found else None


class _Anchor(NamedTuple):
    attributes: dict[str, str]
    start: int
    """The number of parts of text before it."""


class _TextBuilder:
    """Collects text in parts; ``hidden`` names the element being left out, if any."""

    def __init__(self, *, without_quote: bool, hides: bool = True, keeps_lines: bool = False) -> None:
        self.hidden: str | None = None
        self._depth = 0
        self._without_quote = without_quote
        self._hides = hides
        self._parts: list[str] = []
        self._length = 0
        self._line_ends = 0
        self._is_spaced = False
        self._pre = 0
        self._skips_line_end = False
        self._keeps_lines = keeps_lines
        self._html = ""
        self._at = 0
        self._containers: list[_Container] = []
        self._last: list[_Container] = []
        self._lists: list[_List] = []
        self._cells = 0
        self._ruby: str | None = None
        self._shifted: dict[int, int] | None = None
        self._anchor: _Anchor | None = None
        self._links: list[Link] = []
        self._mentions: list[HtmlMention] = []
        self._tags: list[str] = []
        self._has_anchors = False

    def read(self, html: str) -> None:
        at = 0
        self._html = html
        for match in _TAG.finditer(html):
            start = match.start()
            if start < at:
                continue  # inside a formula that was written as a whole
            if start > at and self.hidden is None:
                self._write(html[at:start])
            at = match.end()
            slash, name, attributes = match.groups()
            if name is None:
                continue
            name = name.lower()
            if self.hidden is not None:
                self._skip(name, is_end=bool(slash))
            elif slash:
                self._close(name)
            else:
                self._at = at
                self._open(name, attributes)
                at = self._at
        if at < len(html) and self.hidden is None:
            self._write(html[at:])
        self._end_anchor()

    def result(self) -> HtmlText:
        whole = "".join(self._parts)
        text = whole.rstrip()
        links = tuple(self._links) if self._has_anchors else _written_out_links(text)
        return HtmlText(text, links, tuple(self._mentions), tuple(self._tags))

    def _skip(self, name: str, *, is_end: bool) -> None:
        if name == self.hidden:
            self._depth += -1 if is_end else 1
            if self._depth == 0:
                self.hidden = None

    def _open(self, name: str, attributes: str) -> None:
        if name == "a":
            self._end_anchor()
            self._anchor = _Anchor(_attributes(attributes), len(self._parts))
            self._has_anchors = True
        elif name == "br":
            self._line_ends += 1
        elif (name in _UNSEEN and self._hides) or (self._without_quote and _QUOTE in attributes):
            self.hidden, self._depth = name, 1
        elif name == "img":
            self._write(_attributes(attributes).get("alt", ""), is_escaped=False)
        elif name in _OPENERS:
            _OPENERS[name](self, name, attributes)
        else:
            self._break_at(name)

    def _close(self, name: str) -> None:
        if name == "a":
            self._end_anchor()
        elif name in _CLOSERS:
            _CLOSERS[name](self, name)
        else:
            self._break_at(name)

    def _open_list(self, name: str, attributes: str) -> None:
        self._line_ends = max(self._line_ends, 1 if self._lists else 2)
        found = _attributes(attributes) if attributes else {}
        list_ = _List("" if name == "ul" else found.get("type", "") if found.get("type", "") in tuple("aAiI") else "1")
        if "reversed" in found:
            list_.step = -1
        start = _number(found.get("start"))
        list_.number = start if start is not None else self._count_items() if list_.step < 0 else 1
        list_.depth = len(self._containers)
        self._lists.append(list_)

    def _count_items(self) -> int:
        """The number of items of the list that begins here."""
        depth, count = 1, 0
        for found in _ITEM.finditer(self._html, self._at):
            if found[2].lower() != "li":
                depth += -1 if found[1] else 1
                if not depth:
                    break
            elif depth == 1 and not found[1]:
                count += 1
        return count

    def _close_list(self, _name: str) -> None:
        if self._lists:
            del self._containers[self._lists.pop().depth :]
        self._line_ends = max(self._line_ends, 1 if self._lists else 2)

    def _open_item(self, _name: str, attributes: str) -> None:
        self._line_ends = max(self._line_ends, 1)
        list_ = self._lists[-1] if self._lists else None
        if list_ is not None:
            del self._containers[list_.depth :]  # the end of an item may be left out
            if "value" in attributes and (stated := _number(_attributes(attributes).get("value"))) is not None:
                list_.number = stated
        marker = _marker(list_)
        if list_ is not None:
            list_.number += list_.step
        self._enter(_Container("li", " " * len(marker), marker))

    def _open_quote(self, name: str, _attributes: str) -> None:
        self._break_at(name)
        self._enter(_Container(name, "> "))

    def _enter(self, container: _Container) -> None:
        if len(self._containers) < _DEEPEST:
            self._containers.append(container)

    def _leave(self, name: str) -> None:
        for place in range(len(self._containers) - 1, -1, -1):
            if self._containers[place].name == name:
                del self._containers[place:]
                break
        self._break_at(name)

    def _open_pre(self, name: str, _attributes: str) -> None:
        self._break_at(name)
        self._pre += 1
        self._skips_line_end = True

    def _close_pre(self, name: str) -> None:
        self._break_at(name)
        self._pre = max(0, self._pre - 1)

    def _open_row(self, name: str, _attributes: str) -> None:
        self._break_at(name)
        self._cells = 0

    def _open_cell(self, _name: str, _attributes: str) -> None:
        if self._cells and not self._line_ends:
            self._write(" | ", is_escaped=False)
        self._cells += 1

    def _close_cell(self, _name: str) -> None:
        self._is_spaced = False

    def _rule(self, name: str, _attributes: str) -> None:
        self._break_at(name)
        if self._parts:
            self._write("---")
        self._break_at(name)

    def _open_shifted(self, name: str, _attributes: str) -> None:
        self._shifted = _RAISED if name == "sup" else _LOWERED

    def _close_shifted(self, _name: str) -> None:
        self._shifted = None

    def _open_reading(self, name: str, _attributes: str) -> None:
        if name == "rt" and self._ruby is None:
            self._write("(")
            self._ruby = "ours"
        elif name == "rp":
            self._ruby = "rp"

    def _close_reading(self, name: str) -> None:
        if self._ruby == "ours":
            self._write(")")
        if name == "ruby" or self._ruby == "ours":
            self._ruby = None

    def _formula(self, _name: str, attributes: str) -> None:
        end = self._html.find("</math", self._at)
        tex = _TEX.search(self._html, self._at, end) if end >= 0 else None
        if tex is not None:
            sign = "$$" if "block" in attributes else "$"
            self._write(f"{sign}{unescape(tex[1]).strip()}{sign}", is_escaped=False)
            self._at = end

    def _break_at(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._line_ends = max(self._line_ends, 2)
        elif name in _LINES:
            self._line_ends = max(self._line_ends, 1)

    def _write(self, text: str, *, is_escaped: bool = True) -> None:
        if is_escaped and "&" in text:
            text = unescape(text)
        if self._shifted is not None and all(ord(char) in self._shifted for char in text):
            text = text.translate(self._shifted)
        ends_spaced = False
        if "\n" in text or "\r" in text:
            if self._pre or (self._keeps_lines and text.strip()):
                self._write_lines(text.replace("\r\n", "\n").replace("\r", "\n"))
                return
            text = _SPACE.sub(_folded, text)
            self._is_spaced = self._is_spaced or text[0] == "\n"
            ends_spaced = text[-1] == "\n"
            text = text.strip("\n").replace("\n", " ")
        if not self._parts and not self._pre:
            text = text.lstrip()
        if not text:
            self._is_spaced = self._is_spaced or ends_spaced
            return
        self._put(text)
        self._is_spaced = ends_spaced

    def _write_lines(self, text: str) -> None:
        """Write text whose line ends count."""
        if self._skips_line_end:
            text = text.removeprefix("\n")
        for number, line in enumerate(text.split("\n")):
            self._line_ends += number > 0
            if line and (self._parts or self._pre or line.strip()):
                self._put(line if self._parts or self._pre else line.lstrip())
        self._is_spaced = False

    def _put(self, text: str) -> None:
        """Add text of one line, and before it the end of the line above."""
        self._skips_line_end = False
        if self._parts and self._line_ends:
            if self._containers or self._last:
                self._begin_line()
            else:
                self._add("\n" * self._line_ends)
        elif self._parts and self._is_spaced:
            self._add(" ")
        elif not self._parts and self._containers:
            self._begin_line()
        self._line_ends = 0
        self._add(text)

    def _begin_line(self) -> None:
        """End the line above, and begin one with the marks of the items and quotations it stands in."""
        shared = 0
        for above, here in zip(self._last, self._containers, strict=False):
            if above is not here:
                break
            shared += 1
        if self._parts:
            between = "".join(container.prefix for container in self._containers[:shared]).rstrip()
            self._add(f"\n{between}" * (self._line_ends - 1) + "\n")
        marks = []
        for container in self._containers:
            marks.append(container.marker or container.prefix)
            container.marker = None
        if marks:
            self._add("".join(marks))
        self._last = self._containers.copy()
        if self._anchor is not None and self._is_anchor_empty():
            self._anchor = self._anchor._replace(start=len(self._parts))

    def _is_anchor_empty(self) -> bool:
        assert self._anchor is not None
        return not "".join(self._parts[self._anchor.start :]).strip(" >\n•0123456789.")

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _end_anchor(self) -> None:
        """Add the mention, hashtag or link of the anchor that ends here."""
        if self._anchor is None:
            return
        attributes, start = self._anchor
        self._anchor = None
        shown = "".join(self._parts[start:])
        text = shown.strip()
        href = attributes.get("href", "").strip()
        classes = attributes.get("class", "")
        if not text:
            return
        if text[0] in "#＃" and ("hashtag" in classes or "tag" in attributes.get("rel", "").split()):
            self._tags.append(text[1:])
        elif "mention" in classes and "hashtag" not in classes:
            self._mentions.append(HtmlMention(text.lstrip("@"), href))
        elif _is_address(href):
            at = self._length - len(shown.lstrip())
            self._links.append(Link(href, text, start=at, end=at + len(text)))


_OPENERS: dict[str, Callable[[_TextBuilder, str, str], None]] = {
    **dict.fromkeys(("ol", "ul"), _TextBuilder._open_list),
    **dict.fromkeys(("td", "th"), _TextBuilder._open_cell),
    **dict.fromkeys(("sup", "sub"), _TextBuilder._open_shifted),
    **dict.fromkeys(("rp", "rt"), _TextBuilder._open_reading),
    "blockquote": _TextBuilder._open_quote,
    "hr": _TextBuilder._rule,
    "li": _TextBuilder._open_item,
    "math": _TextBuilder._formula,
    "pre": _TextBuilder._open_pre,
    "tr": _TextBuilder._open_row,
}
_CLOSERS: dict[str, Callable[[_TextBuilder, str], None]] = {
    **dict.fromkeys(("ol", "ul"), _TextBuilder._close_list),
    **dict.fromkeys(("blockquote", "li"), _TextBuilder._leave),
    **dict.fromkeys(("td", "th"), _TextBuilder._close_cell),
    **dict.fromkeys(("sup", "sub"), _TextBuilder._close_shifted),
    **dict.fromkeys(("rt", "ruby"), _TextBuilder._close_reading),
    "pre": _TextBuilder._close_pre,
}


def _folded(match: re.Match[str]) -> str:
    """A run of white space: a line feed if the markup ends a line there, else as typed."""
    run = match[0]
    return "\n" if "\n" in run or "\r" in run else run


def _is_address(href: str) -> bool:
    """Whether ``href`` has a scheme, other than one that runs a program."""
    return ":" in href and not href.startswith("/") and not href.lower().startswith(_UNSAFE)
