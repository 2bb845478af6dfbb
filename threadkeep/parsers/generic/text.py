"""Any text no other parser recognizes: one document, or short messages one after another.

Buy oat milk.          three lines that look like posts: three posts, split as posts from X are
Call Ivo about it!
See https://example.com
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from threadkeep.parsers._html.cutter import read_page
from threadkeep.parsers._html.embeds import Embed, embeds_in_text, has_embeds
from threadkeep.parsers._html.wrappers import is_wrapped
from threadkeep.parsers._segmentation import documents, posts
from threadkeep.parsers.entry import Entry, line_locator
from threadkeep.records import Account, Boundary, Parsed, account_ref
from threadkeep.sources.source import Options, Source

NAME = "text"
TITLE = "Any other text"
VERSION = 2

PLATFORM = "text"

_HTML = re.compile(r"\s*(?:<!--.{0,2100}?-->\s*)?(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.I)
_HEADING = re.compile(r"#\s+(?P<title>\S.*?)\s*#*\s*")


@dataclass(frozen=True, slots=True)
class _Document:
    """A text that is one post."""

    title: str | None
    text: str
    author: str | None
    embeds: tuple[Embed, ...] = ()


def recognizes(source: Source) -> bool:
    """Never: this is what is left when no other parser takes ``source``."""
    return source.size < 0


def entries(source: Source) -> Iterator[Entry]:
    """The whole text, or the posts it looks like, or those it was said to hold."""
    text, options = _text_of(source), source.options
    if _is_split(text, options):
        yield from posts.drafts(posts.cut(text, options), PLATFORM, options.author)
    else:
        author = (options.author or "").strip().lstrip("@") or None
        yield Entry(line_locator(1, text.rstrip("\n").count("\n") + 1), _document(text, author), text)


def parse(entry: Entry) -> Iterator[Parsed]:
    """``# On rivers\\n\\nThey rise.`` -> one Post with the title ``On rivers``, its heading still in the text."""
    if not isinstance(entry.data, _Document):
        yield from posts.records(entry.data)
        return
    written = entry.data
    author = account_ref(PLATFORM, written.author) if written.author else None
    if author:
        yield Account(author, handle=written.author)
    for embed in written.embeds:
        yield from embed.records
    post = posts.written_post(PLATFORM, written.author, author, written.text, title=written.title)
    yield replace(post, quotes=tuple(dict.fromkeys(embed.post.ref for embed in written.embeds)))


def boundaries(source: Source) -> tuple[Boundary, ...]:
    """Every boundary, concluded or stated, of a text that was split; none of a document."""
    text, options = _text_of(source), source.options
    return posts.boundaries(posts.cut(text, options)) if _is_split(text, options) else ()


def _text_of(source: Source) -> str:
    """The text, or the markup of the page in the file that a browser saved it in."""
    return read_page(source) if is_wrapped(source) else source.text()


def _is_split(text: str, options: Options) -> bool:
    told = options.split != "auto" or options.posts is not None or options.starts is not None
    return told or documents.is_set_of_posts(text)


def _document(text: str, author: str | None) -> _Document:
    if _HTML.match(text[:2000]):
        from threadkeep.text.html_text import html_to_text

        title, plain = html_to_text(text)
        return _Document(title, plain.strip() or text.strip(), author)
    text, embeds = embeds_in_text(text) if has_embeds(text) else (text, ())
    text = text.strip()
    heading = _HEADING.fullmatch(text.split("\n", 1)[0])
    return _Document(heading["title"] if heading else None, text, author, embeds)
