"""Convert the HTML of a fediverse post into the text a reader sees, with its links, mentions and hashtags.

    <p>Glaze notes:<br />see <a href="https://a.example/x"><span class="invisible">https://</span>a.example/x</a></p>
        -> "Glaze notes:\\nsee https://a.example/x", Link("https://a.example/x", start=17, end=36)

One pattern without backtracking splits the markup at its tags, which are read as events, not as a tree: the time is
linear even with deep nesting or unclosed tags. ``html.parser`` takes more than twice as long on short posts, and its
treatment of broken markup changes between versions of Python.
"""

import re
from html import unescape
from typing import NamedTuple

from threadkeep.records import Link
from threadkeep.text.entities import find_links

_TAG = re.compile(r"""<(?:(/?+)([a-zA-Z][\w:-]*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)|[!?][^<>]*+)>""", re.A)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++)))?+""")
_SPACE = re.compile(r"[ \t\r\n\f]++")

_PARAGRAPHS = frozenset("blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split())
_LINES = frozenset("article aside details div dd dt figcaption footer header li section summary tr".split())
_UNSEEN = frozenset("script style template title".split())
_SPACED = frozenset({"td", "th"})

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


def html_to_text(html: str, *, without_quote: bool = False) -> HtmlText:
    """The text of ``html``: ``<br>`` ends a line, ``<p>`` a paragraph; anything that is not a tag is text.

    White space stays as typed, as Mastodon shows it, but line ends in the markup are blanks. ``without_quote`` leaves
    out the words that stand for a quoted post, where the source names that post.
    """
    if "<" not in html:
        text = unescape(html).replace("\r\n", "\n").strip()
        return HtmlText(text, _written_out_links(text))
    builder = _TextBuilder(without_quote=without_quote)
    builder.read(html)
    if builder.hidden:
        # An unclosed hidden element would hide the rest of the post.
        builder = _TextBuilder(without_quote=False, hides=False)
        builder.read(html)
    return builder.result()


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


class _Anchor(NamedTuple):
    attributes: dict[str, str]
    start: int
    """The number of parts of text before it."""


class _TextBuilder:
    """Collects text in parts; ``hidden`` names the element being left out, if any."""

    def __init__(self, *, without_quote: bool, hides: bool = True) -> None:
        self.hidden: str | None = None
        self._depth = 0
        self._without_quote = without_quote
        self._hides = hides
        self._parts: list[str] = []
        self._length = 0
        self._line_ends = 0
        self._is_spaced = False
        self._pre = 0
        self._anchor: _Anchor | None = None
        self._links: list[Link] = []
        self._mentions: list[HtmlMention] = []
        self._tags: list[str] = []
        self._has_anchors = False

    def read(self, html: str) -> None:
        at = 0
        for match in _TAG.finditer(html):
            start = match.start()
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
                self._open(name, attributes)
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
        else:
            self._break_at(name)
            self._pre += name == "pre"

    def _close(self, name: str) -> None:
        if name == "a":
            self._end_anchor()
        elif name in _SPACED:
            self._is_spaced = True
        else:
            self._break_at(name)
            if name == "pre" and self._pre:
                self._pre -= 1

    def _break_at(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._line_ends = max(self._line_ends, 2)
        elif name in _LINES:
            self._line_ends = max(self._line_ends, 1)

    def _write(self, text: str, *, is_escaped: bool = True) -> None:
        if is_escaped and "&" in text:
            text = unescape(text)
        ends_spaced = False
        if "\n" in text or "\r" in text:
            if self._pre:
                text = text.replace("\r\n", "\n")
                text = text.lstrip("\n") if self._line_ends else text
            else:
                text = _SPACE.sub(_folded, text)
                self._is_spaced = self._is_spaced or text[0] == "\n"
                ends_spaced = text[-1] == "\n"
                text = text.strip("\n").replace("\n", " ")
        if not self._parts:
            text = text.lstrip()
        if not text:
            self._is_spaced = self._is_spaced or ends_spaced
            return
        if self._parts and self._line_ends:
            self._add("\n" * self._line_ends)
        elif self._parts and self._is_spaced:
            self._add(" ")
        self._line_ends, self._is_spaced = 0, ends_spaced
        self._add(text)

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


def _folded(match: re.Match[str]) -> str:
    """A run of white space: a line feed if the markup ends a line there, else as typed."""
    run = match[0]
    return "\n" if "\n" in run or "\r" in run else run


def _is_address(href: str) -> bool:
    """Whether ``href`` has a scheme, other than one that runs a program."""
    return ":" in href and not href.startswith("/") and not href.lower().startswith(_UNSAFE)
