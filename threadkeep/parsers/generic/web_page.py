"""Read any saved page that no network's parser knows: one titled post, and the posts of networks embedded in it.

<!-- saved from url=(0027)https://mira.example/kiln -->
<html lang="en"><head><title>How I fire a kiln</title><meta name="author" content="Mira Okonjo"></head>
<body><nav>…</nav><article><h1>How I fire a kiln</h1><p>First I <a href="/ash">weigh the ash</a>.</p></article></body>
    -> a post of the web by Mira Okonjo, its title, "First I weigh the ash." and the link in it
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from threadkeep.errors import DumpError
from threadkeep.parsers._html.cutter import Block, looked_at, read_page
from threadkeep.parsers._html.elements import Node, every, fragment, named
from threadkeep.parsers._html.embeds import Embed, find_embeds, has_embeds
from threadkeep.parsers._html.wrappers import is_wrapped
from threadkeep.parsers.entry import Entry, line_locator
from threadkeep.parsers.generic._implied_ends import with_implied_ends
from threadkeep.parsers.generic._page_facts import PageFacts, facts_of
from threadkeep.parsers.generic._page_main import main_text
from threadkeep.parsers.generic._page_text import PageText, page_text
from threadkeep.platforms import web
from threadkeep.records import Account, Parsed, Post, Ref, Skipped, account_ref, post_ref
from threadkeep.sources.source import Source
from threadkeep.text.html_text import html_to_text
from threadkeep.text.languages import language_code

NAME = "web-page"
TITLE = "Any other web page, saved as HTML"
VERSION = 1

CHROME = "part of the page, not of its text"
COMMENTS = "comments of readers"
"""Why something on a page is left out."""

_TOP = r"(?:\s|\ufeff|<!--(?:(?!-->).){0,20000}-->|<\?[^>]{0,500}>)*"
_PAGE = re.compile(rf"{_TOP}<(?:!doctype\s+html|html|head|body|meta|title|base)\b", re.I | re.S)
_FRAGMENT = re.compile(
    rf"{_TOP}<(?:article|aside|blockquote|center|div|dl|figure|footer|h[1-6]|header|iframe|link|main|nav|ol|p|pre|section|"
    r"script|style|table|ul)\b[^<>]*>",
    re.I | re.S,
)
_MARKDOWN = re.compile(r"^(?:#{1,6} |[-*+] |\d+\. |```|> )|\]\(https?://", re.M)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>", re.I)
_TREE_LIMIT = 800_000
"""The most characters of markup, without scripts and styles, that become a tree; of longer pages only the text is."""
_RAW_LIMIT = 10_000
_WALL = re.compile(
    r"JavaScript is (?:not available|disabled)|Log ?in to (?:X|Twitter)\b|Sign in to (?:X|Twitter)\b|"
    r"Something went wrong[.,]? (?:but don.t fret|Try reloading)|To use the Mastodon web application, please enable|"
    r"(?:please|you need to) enable JavaScript|This is a heavily interactive web application",
    re.I,
)
"""What a page says instead of its posts, to who is not logged in or has no JavaScript."""
_SHORT_LENGTH = 100
_WALL_LENGTH = 2000
"""A page with more text than this holds something besides."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that was read: what it says of itself, its text, the posts embedded in it, and what was left out."""

    facts: PageFacts
    text: PageText
    embeds: tuple[Embed, ...] = ()
    skipped: tuple[str, ...] = ()


def recognizes(source: Source) -> bool:
    """Whether the source is a page or a piece of one. Parsers of networks are asked first."""
    head = looked_at(source) if is_wrapped(source) else source.head
    if head is None:
        return False
    if _PAGE.match(head):
        return True
    return _FRAGMENT.match(head) is not None and not _MARKDOWN.search(_outside(head))


def entries(source: Source) -> Iterator[Entry]:
    """The page as one entry. Raises DumpError where there is no text on it."""
    page = read_page(source)
    read = _read(page, source.options.author)
    if not read.text.text and not read.embeds and not read.facts.title:
        raise DumpError(
            f"{source.name}: there is no text on the page", "save it as a complete page once it can be seen"
        )
    # What only browsers without JavaScript show counts where there is nothing else.
    shown = page if len(read.text.text) < _SHORT_LENGTH else read.text.text
    if len(read.text.text) < _WALL_LENGTH and (wall := _WALL.search(shown)):
        raise DumpError(
            f"{source.name}: there is no post on the page, which says “{' '.join(wall[0].split())}”",
            "log in, wait until the posts can be seen, and save the page then",
        )
    raw = page if len(page) <= _RAW_LIMIT else f"{page[:_RAW_LIMIT]}…"
    yield Entry(line_locator(1, page.rstrip("\n").count("\n") + 1), read, raw)


def parse(entry: Entry) -> Iterator[Parsed]:
    """The embedded posts, then the page's author and post, and what was left out of it."""
    page: _Page = entry.data
    for embed in page.embeds:
        yield from embed.records
    facts, text = page.facts, page.text
    if not text.text and page.embeds:
        return
    author = None
    if facts.author:
        author = Account(account_ref(web.NAME, facts.author), name=facts.author, url=facts.author_url)
        yield author
    words = text.text or facts.description or facts.title or ""
    yield Post(
        Ref(web.NAME, facts.url) if facts.url else post_ref(web.NAME, facts.author, f"{facts.title or ''}\n{words}"),
        author.ref if author else None,
        words,
        title=facts.title,
        created=facts.created,
        url=facts.url,
        quotes=tuple(dict.fromkeys(embed.post.ref for embed in page.embeds)),
        links=text.links,
        media=text.media,
        tags=facts.tags,
        language=language_code(facts.language),
    )
    for reason in page.skipped:
        yield Skipped(reason, entry.locator)


def _read(page: str, author: str | None) -> _Page:
    markup = _without_scripts(page)
    if len(markup) > _TREE_LIMIT:
        facts = facts_of(page, fragment(Block("page", page[: page.lower().find("</head") + 1 or 20_000])))
        title, plain = html_to_text(page)
        return _Page(_signed(facts, author, title), PageText(plain.strip()))
    root = fragment(Block("page", with_implied_ends(markup)))
    facts = _signed(facts_of(page, root), author, None)
    embeds = tuple(find_embeds(root)) if has_embeds(markup) else ()
    main = main_text(root)
    heading = _heading_of(main.node, facts.title)
    quoted = {id(embed.node) for embed in embeds} if not _is_more_than(main.node, embeds) else set()

    def skips(node: Node) -> bool:
        return node is heading or id(node) in quoted or main.is_chrome(node)

    text = page_text(main.node, skips, lambda href: _resolved(facts.base, href))
    left_out = ((CHROME,) if main.left_out else ()) + ((COMMENTS,) if main.comments else ())
    return _Page(facts, text, embeds, left_out)


def _signed(facts: PageFacts, author: str | None, title: str | None) -> PageFacts:
    name = facts.author or ((author or "").strip().lstrip("@") or None)
    return replace(facts, author=name, title=facts.title or title)


def _heading_of(node: Node, title: str | None) -> Node | None:
    """The heading that is the page's title, which need not stand in its text once more."""
    for item in every(node, named("h1", "h2")):
        shown = " ".join("".join(item.strings).split())
        return item if shown == title else None
    return None


def _is_more_than(node: Node, embeds: tuple[Embed, ...]) -> bool:
    """Whether there are words in an element beside the posts embedded in it."""
    inside = {id(embed.node) for embed in embeds}
    skipped = frozenset(("script", "style", "noscript"))
    return bool(page_text(node, lambda item: id(item) in inside or item.name in skipped, lambda _href: None).text)


def _resolved(base: str | None, href: str) -> str | None:
    """A whole address of the web or of mail; None for scripts, for pictures in the page and for what is on a disk."""
    href = href.strip()
    if href.lower().startswith("mailto:"):
        return href
    try:
        found = urljoin(base or "", href)
    except ValueError:
        return None
    return found if re.match(r"https?://[^\s/]", found, re.I) else None


def _outside(head: str) -> str:
    """The text of a piece of markup that stands in no element."""
    return "".join(str(item) for item in fragment(Block("page", head)).find_all(string=True, recursive=False))


def _without_scripts(page: str) -> str:
    """The markup without the contents of scripts and styles; of one that never ends only its tag is taken."""
    pieces: list[str] = []
    position, low = 0, page.lower()
    endless: set[str] = set()
    for match in _HIDDEN.finditer(page):
        name = match[1].lower()
        if match.start() < position or name in endless:
            continue
        end = low.find(f"</{name}", match.end())
        if end < 0:
            endless.add(name)
            continue
        pieces.append(page[position : match.start()])
        position = low.find(">", end) + 1 or len(page)
    pieces.append(page[position:])
    return "".join(pieces)
