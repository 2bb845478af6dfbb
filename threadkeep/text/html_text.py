"""Turn an HTML page into its title and the text a person reads on it.

    <title>Ada</title><h1>Ada</h1><p>See <a href="/x">notes</a>,<br>or:<ul><li>one<li>two</ul>
        -> ("Ada", "Ada\\n\\nSee notes,\\nor:\\n\\none\\ntwo")

The page is read tag by tag, as events and never as a tree: neither deep nesting nor a large page costs more than its
length. Beautiful Soup's tree of a 5 MB page takes 400 MB.
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

_HEAD_ONLY = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})
_DROPPED = frozenset({"head", "iframe", "nav", "noscript", "object", "script", "select", "style", "svg", "template"})
"""What a reader does not see, or sees on every page of a site."""
_PARAGRAPH_NAMES = "blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul"
_BLOCK_NAMES = (
    "address article aside body caption center dd details dialog div dt fieldset figcaption footer form header html "
    "legend li main menu option search section summary tbody tfoot thead tr"
)
_PARAGRAPHS = frozenset(_PARAGRAPH_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SPACE = re.compile(r"\s+")


def html_to_text(html: str) -> tuple[str | None, str]:
    """The title of the page, if it has one, and its text: a line a block, an empty line between paragraphs.

    Links and pictures are there as their text and their alt text; scripts, styles and navigation are not. White space
    is folded but in ``<pre>``. Anything is taken for HTML: what is no tag is text, and nothing is raised.
    """
    markup = _with_ends(html)
    reader = _Reader(_DROPPED)
    reader.feed(markup)
    reader.close()
    if reader.dropping and set(reader.dropping) != {"head"}:
        # An element that never ends would take the rest of the page with it.
        reader = _Reader(_DROPPED.difference(reader.dropping))
        reader.feed(markup)
        reader.close()
    title = " ".join("".join(reader.title or ()).split())
    return title or None, "".join(reader.pieces).strip("\n").rstrip()


def _with_ends(html: str) -> str:
    """``html`` without the openings that have no end: the parser would look for it from each of them anew."""
    end = html.rfind(">") + 1
    html = html[:end] + html[end:].replace("<", "&lt;")
    end = html.rfind("-->") + 1
    html = html[:end] + html[end:].replace("<!--", "&lt;!--")
    return html.replace("<![", "<?[")  # Word's conditions: the parser refuses those it does not know


class _Reader(HTMLParser):
    """Gathers the text in ``pieces``, and the title; ``dropping`` are the open elements whose text is left out."""

    def __init__(self, dropped: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.title: list[str] | None = None
        self.dropping: list[str] = []
        self._dropped = dropped
        self._is_in_title = False
        self._pre = 0
        self._line_ends = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._is_in_title = False
        if self.dropping == ["head"] and tag not in _HEAD_ONLY:
            self.dropping = []  # a head may end without saying so
        if tag == "title" and self.title is None and self.dropping in ([], ["head"]):
            self.title, self._is_in_title = [], True
        elif tag in self._dropped:
            self.dropping.append(tag)
        elif not self.dropping:
            self._open(tag, attrs)

    def _open(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._break_at(tag)
        if tag == "br":
            self._line_ends = min(self._line_ends + 1, 2)
        elif tag == "img":
            self._write(dict(attrs).get("alt") or "")
        elif tag == "pre":
            self._pre += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._is_in_title = False
        if tag in self.dropping:
            while self.dropping.pop() != tag:
                pass
        elif not self.dropping:
            self._break_at(tag)
            if tag == "pre":
                self._pre = max(0, self._pre - 1)
            elif tag in ("td", "th"):
                self._write(" ")

    def handle_data(self, data: str) -> None:
        if self._is_in_title and self.title is not None:
            self.title.append(data)
        elif not self.dropping:
            self._write(data)

    def _break_at(self, tag: str) -> None:
        self._line_ends = max(self._line_ends, 2 if tag in _PARAGRAPHS else 1 if tag in _BLOCKS else 0)

    def _write(self, text: str) -> None:
        if not self._pre:
            text = _SPACE.sub(" ", text)
        is_new_line = self._line_ends or not self.pieces
        if is_new_line:
            text = text.lstrip("\n" if self._pre else None)
        elif not self._pre and self.pieces[-1].endswith(" "):
            text = text.lstrip()
        if not text:
            return
        if is_new_line and self.pieces:
            self.pieces[-1] = self.pieces[-1].rstrip()
            self.pieces.append("\n" * self._line_ends)
        self._line_ends = 0
        self.pieces.append(text)
