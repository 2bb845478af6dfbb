"""Read saved pages of Mastodon, of any server and of what was made from it: a post with its thread, a profile, a list.

    <meta property="og:url" content="https://kilns.example/@mira/1124">
    <div class="detailed-status__wrapper"><div class="detailed-status">…   the post the page is about
    <div class="status__wrapper status__wrapper-reply"><div class="status status--in-thread" data-id="1125">…
    <div class="entry h-entry"><div class="status">…                        pages until 2022

A page shows what its post answers above it and the answers below, depth first. ``status--first-in-thread`` begins anew:
such a post does not answer the one above it, but somebody further up, told by whom it mentions first. All of that is
concluded. Posts of this server have the id that the fediverse knows; those of others stand under numbers of this one,
so the page does not say their ids.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from threadkeep.parsers._html.cutter import Attributes, Block, Head, Marks, start_tags
from threadkeep.parsers._html.elements import Node, attribute, classed, classes, every, first, fragment, named, plain
from threadkeep.parsers._html.page_format import PROFILE, PageFormat, SavedPage, with_thread
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse._page_post import Page, Place, account_of, author_of, post_of, profile
from threadkeep.records import Parsed, Pin, Post, Ref, Repost, Skipped

NAME = "mastodon-page"
TITLE = "Mastodon page, saved as HTML (best effort)"
VERSION = 2

_SIGNS = (
    re.compile(r"class\s*=\s*[\"']?[^\"'<>]{0,300}\b(?:status__content|detailed-status)\b"),
    re.compile(r"class\s*=\s*[\"']?[^\"'<>]{0,300}\bdisplay-name\b"),
    re.compile(r"class\s*=\s*[\"']?[^\"'<>]{0,300}\b(?:status__relative-time|detailed-status__datetime)\b"),
)
_SIGN = re.compile(r"\bstatus\b|detailed-status|status__wrapper|\bentry\b|account-?_?_?header")
_FOCAL = frozenset({"detailed-status__wrapper", "detailed-status"})
_STATUS = frozenset({"status__wrapper", "entry", "status"})
_PROFILE = frozenset({"account__header", "public-account-header"})
_SHOWN = ("status__content", "status__relative-time", "detailed-status__datetime", "content-warning")
_TIMES = frozenset({"status__relative-time", "detailed-status__datetime"})
_DETAILED = re.compile(r"class\s*=\s*[\"']?[^\"'<>]{0,200}\bdetailed-status\b")
_DOMAIN = re.compile(r"\"domain\"\s*:\s*\"([\w.:-]{1,253})\"", re.A)
_NUMBERED = re.compile(r"(https://[^/]+/ap/users/\d+/statuses/)\d+", re.A)
_BASE = re.compile(r"https?://[^/?#\s\"'<>]{1,260}")


@dataclass(frozen=True, slots=True)
class _Item:
    """A block, and where its post stands in the conversation."""

    block: Block
    page: Page
    above: Ref | None = None
    root: Ref | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """A post on the way from the first one down to the last one seen."""

    ref: Ref | None
    handle: str | None


def parse(entry: Entry) -> Iterator[Parsed]:
    """A post, with who wrote, quoted and boosted it; the account of a profile's header. Raises ValueError."""
    item: _Item = entry.data
    tree = fragment(item.block)
    if item.block.kind == "profile":
        yield from item.page.accounts.new(profile(tree, item.page))
    elif classed(tree, *_SHOWN) is None:
        is_more = classed(tree, "load-more") is not None
        yield Skipped("link to more posts" if is_more else "post hidden by a filter", entry.locator)
    else:
        yield from _posts(tree, item)


def _kind(_name: str, attributes: Attributes) -> str | None:
    names = attributes.get("class", "").split()
    if not _FOCAL.isdisjoint(names):
        return "focal"
    if not _STATUS.isdisjoint(names):
        return "status"
    return "profile" if not _PROFILE.isdisjoint(names) else None


def _page_of(text: str, head: Head) -> Page:
    url = head.url or head.meta.get("og:url")
    base = _BASE.match(url or "")
    domain = _DOMAIN.search(text)
    page = Page(base[0] if base else None, domain[1] if domain else (base[0].partition("://")[2] if base else None))
    if page.base is None and page.domain is not None:
        page.base = f"https://{page.domain}"
    place = page.place(url)
    if place is not None and place.number is not None:
        page.link = place._replace(id=_object_of(head, place, page) or place.id)
        numbered = _NUMBERED.fullmatch(page.link.id)
        if numbered is not None and place.handle is not None:
            page.beginnings[place.handle] = numbered[1]
        page.published = head.meta.get("og:published_time") or head.meta.get("article:published_time")
    return page


def _object_of(head: Head, place: Place, page: Page) -> str | None:
    """The id of the page's own post, if the head is of this post: it may be left from the page shown before."""
    told = page.place(head.meta.get("og:url"))
    for link in head.links:
        href = link.get("href", "")
        if "activity+json" in link.get("type", "") and href.startswith("https://"):
            is_its_own = href.endswith(f"/{place.number}") or (told is not None and told.number == place.number)
            return href if is_its_own else None
    return None


def _laid_out(blocks: Sequence[Block], page: Page) -> list[_Item]:
    """The posts with whom each answers, where the page is about one post."""
    focal = next((at for at, block in enumerate(blocks) if _is_focal(block)), None)
    items: list[_Item] = []
    way: list[_Step] = []
    own = 0
    for at, block in enumerate(blocks):
        place, handle = _place_in(block, page), None
        if focal is None:
            items.append(_Item(block, page))
            continue
        if at == focal and page.link is not None and place is not None and place.number == page.link.number:
            place = page.link
        handle = place.handle if place is not None else None
        depth = len(way) if at <= focal else _depth(block, way, own, page, is_first=at == focal + 1)
        above = way[depth - 1].ref if depth else None
        root = way[0].ref if way else None
        way = [*way[:depth], _Step(place.ref if place else None, handle)]
        if at == focal:
            own = len(way)
        is_begun = "status__wrapper-reply" not in blocks[0].html and "status-reply" not in blocks[0].html
        items.append(_Item(block, page, above, root if is_begun else None))
    return items


def _depth(block: Block, way: Sequence[_Step], own: int, page: Page, *, is_first: bool) -> int:
    """How many of the posts on the way stand above this one; ``own`` of them end with the page's own post."""
    begins = "status--first-in-thread" in block.html or "p-comment" in block.html[:300]
    if is_first or not begins:
        return own if is_first else len(way)
    if "status__line" in block.html and "status__line--full" not in block.html:
        return own
    mentioned = _first_mention(block, page)
    for depth in range(len(way) - 1, own, -1):
        if mentioned is not None and way[depth - 1].handle == mentioned:
            return depth
    return own


def _is_focal(block: Block) -> bool:
    return block.kind == "focal" or _DETAILED.search(block.html) is not None


def _place_in(block: Block, page: Page) -> Place | None:
    for attributes in start_tags(block.html, "a"):
        if not _TIMES.isdisjoint(attributes.get("class", "").split()):
            return page.place(attributes.get("href"))
    return None


def _first_mention(block: Block, page: Page) -> str | None:
    for attributes in start_tags(block.html, "a"):
        names = attributes.get("class", "").split()
        if "mention" in names and "hashtag" not in names:
            return page.person(attributes.get("href"))
    return None


def _posts(tree: Node, item: _Item) -> Iterator[Parsed]:
    page = item.page
    prepend = classed(tree, "status__prepend")
    if prepend is not None:
        prepend.extract()
    quoted = classed(tree, "status__quote")
    quotes: tuple[Ref, ...] = ()
    if quoted is not None:
        quoted.extract()
        if classed(quoted, "status__content") is not None:
            quoting = author_of(quoted, page)
            inner = post_of(quoted, quoting, page)
            quotes = (inner.ref,)
            yield from page.accounts.new(quoting)
            yield inner
        else:
            yield Skipped("unavailable post without an id", None)
    author = author_of(tree, page)
    post = replace(post_of(tree, author, page), quotes=quotes)
    post = with_thread(post, item.above, item.root)
    yield from page.accounts.new(author)
    yield post
    yield from _reason(tree, prepend, author.ref, post, page)


def _reason(tree: Node, prepend: Node | None, author: Ref, post: Post, page: Page) -> Iterator[Parsed]:
    """Why a list shows the post: somebody boosted it, or its author pinned it."""
    link = first(prepend, named("a"))
    signs = " ".join(name for node in every(prepend, lambda _: True) for name in classes(node)) if prepend else ""
    handle = page.person(attribute(link, "href"))
    if handle is not None and "retweet" in signs:
        booster = account_of(handle, plain(link))
        yield from page.accounts.new(booster)
        yield Repost(booster.ref, post.ref)
    elif "thumb-tack" in signs or first(tree, lambda node: attribute(node, "data-featured") == "true") is not None:
        yield Pin(author, post.ref)


def _lay_out(saved: SavedPage) -> Iterator[Entry]:
    """The profile's header, if there is one, and the posts of the page."""
    page = _page_of(saved.text, saved.head)
    header = next((block for block in saved.blocks if block.kind == "profile"), None)
    if header is not None:
        yield Entry(PROFILE, _Item(header, page), header.raw)
    posts = [block for block in saved.blocks if block.kind != "profile"]
    for number, item in enumerate(_laid_out(posts, page), 1):
        yield Entry(f"post {number}", item, item.block.raw)


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind, nests=True), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries
