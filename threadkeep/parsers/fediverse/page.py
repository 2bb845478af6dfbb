"""Read saved pages of Mastodon and its forks: a post with its thread, a profile, a list.

    <meta property="og:url" content="https://kilns.example/@mira/1124">
    <div class="detailed-status__wrapper"><div class="detailed-status">…   the post the page is about
    <div class="status__wrapper status__wrapper-reply"><div class="status status--in-thread" data-id="1125">…
    <div class="entry h-entry"><div class="status">…                        pages until 2022

A page shows the ancestors of its post above it and the replies below, depth first. A post with
``status--first-in-thread`` does not reply to the one above it but to one further up, by the author of whom it mentions
first. All of that is inferred. Posts of the page's server have their ids; those of other servers have only numbers of
this server, which are not ids.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from threadkeep.parsers._html.cutter import Attributes, Block, Head, Marks, start_tags
from threadkeep.parsers._html.elements import Node, attribute, classed, classes, every, first, fragment, named, plain
from threadkeep.parsers._html.page_format import PROFILE, PageFormat, SavedPage, with_thread
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse._page_post import (
    MastodonPage,
    StatusAddress,
    account_of,
    author_of,
    parse_profile,
    read_post,
)
from threadkeep.records import Parsed, Pin, Post, Ref, Repost, Skipped

NAME = "mastodon-page"
TITLE = "Mastodon page, saved as HTML (best effort)"
VERSION = 3

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
class _PageItem:
    """A block, and the parent and root of its post."""

    block: Block
    page: MastodonPage
    parent: Ref | None = None
    root: Ref | None = None


@dataclass(frozen=True, slots=True)
class _Ancestor:
    """A post on the path from the root to the last post read."""

    ref: Ref | None
    handle: str | None


def parse(entry: Entry) -> Iterator[Parsed]:
    """A post with its author, quote and booster; the account of a profile's header. Raises ValueError."""
    item: _PageItem = entry.data
    tree = fragment(item.block)
    if item.block.kind == "profile":
        yield from item.page.accounts.new(parse_profile(tree, item.page))
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


def _page_context(text: str, head: Head) -> MastodonPage:
    url = head.url or head.meta.get("og:url")
    base = _BASE.match(url or "")
    domain = _DOMAIN.search(text)
    page = MastodonPage(
        base[0] if base else None, domain[1] if domain else (base[0].partition("://")[2] if base else None)
    )
    if page.base is None and page.domain is not None:
        page.base = f"https://{page.domain}"
    address = page.address_of(url)
    if address is not None and address.number is not None:
        page.address = address._replace(id=_object_id(head, address, page) or address.id)
        numbered = _NUMBERED.fullmatch(page.address.id)
        if numbered is not None and address.handle is not None:
            page.id_prefixes[address.handle] = numbered[1]
        page.published = head.meta.get("og:published_time") or head.meta.get("article:published_time")
    return page


def _object_id(head: Head, address: StatusAddress, page: MastodonPage) -> str | None:
    """The id of the page's own post, if the head is of this post: it may be left from the page before."""
    stated = page.address_of(head.meta.get("og:url"))
    for link in head.links:
        href = link.get("href", "")
        if "activity+json" in link.get("type", "") and href.startswith("https://"):
            is_its_own = href.endswith(f"/{address.number}") or (stated is not None and stated.number == address.number)
            return href if is_its_own else None
    return None


def _with_parents(blocks: Sequence[Block], page: MastodonPage) -> list[_PageItem]:
    """The posts with their parents, if the page is about one post."""
    focal = next((at for at, block in enumerate(blocks) if _is_focal(block)), None)
    items: list[_PageItem] = []
    ancestors: list[_Ancestor] = []
    own = 0
    for at, block in enumerate(blocks):
        address, handle = _address_in(block, page), None
        if focal is None:
            items.append(_PageItem(block, page))
            continue
        if at == focal and page.address is not None and address is not None and address.number == page.address.number:
            address = page.address
        handle = address.handle if address is not None else None
        depth = len(ancestors) if at <= focal else _depth(block, ancestors, own, page, is_first=at == focal + 1)
        parent = ancestors[depth - 1].ref if depth else None
        root = ancestors[0].ref if ancestors else None
        ancestors = [*ancestors[:depth], _Ancestor(address.ref if address else None, handle)]
        if at == focal:
            own = len(ancestors)
        is_begun = "status__wrapper-reply" not in blocks[0].html and "status-reply" not in blocks[0].html
        items.append(_PageItem(block, page, parent, root if is_begun else None))
    return items


def _depth(block: Block, ancestors: Sequence[_Ancestor], own: int, page: MastodonPage, *, is_first: bool) -> int:
    """The number of ancestors of this post; the first ``own`` of the candidates end with the page's own post."""
    begins = "status--first-in-thread" in block.html or "p-comment" in block.html[:300]
    if is_first or not begins:
        return own if is_first else len(ancestors)
    if "status__line" in block.html and "status__line--full" not in block.html:
        return own
    mentioned = _first_mention(block, page)
    for depth in range(len(ancestors) - 1, own, -1):
        if mentioned is not None and ancestors[depth - 1].handle == mentioned:
            return depth
    return own


def _is_focal(block: Block) -> bool:
    return block.kind == "focal" or _DETAILED.search(block.html) is not None


def _address_in(block: Block, page: MastodonPage) -> StatusAddress | None:
    for attributes in start_tags(block.html, "a"):
        if not _TIMES.isdisjoint(attributes.get("class", "").split()):
            return page.address_of(attributes.get("href"))
    return None


def _first_mention(block: Block, page: MastodonPage) -> str | None:
    for attributes in start_tags(block.html, "a"):
        names = attributes.get("class", "").split()
        if "mention" in names and "hashtag" not in names:
            return page.person(attributes.get("href"))
    return None


def _posts(tree: Node, item: _PageItem) -> Iterator[Parsed]:
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
            inner = read_post(quoted, quoting, page)
            quotes = (inner.ref,)
            yield from page.accounts.new(quoting)
            yield inner
        else:
            yield Skipped("unavailable post without an id", None)
    author = author_of(tree, page)
    post = replace(read_post(tree, author, page), quotes=quotes)
    post = with_thread(post, item.parent, item.root)
    yield from page.accounts.new(author)
    yield post
    yield from _list_reason(tree, prepend, author.ref, post, page)


def _list_reason(tree: Node, prepend: Node | None, author: Ref, post: Post, page: MastodonPage) -> Iterator[Parsed]:
    """Why a list shows the post: somebody boosted it, or its author pinned it."""
    link = first(prepend, named("a"))
    marker = " ".join(name for node in every(prepend, lambda _: True) for name in classes(node)) if prepend else ""
    handle = page.person(attribute(link, "href"))
    if handle is not None and "retweet" in marker:
        booster = account_of(handle, plain(link))
        yield from page.accounts.new(booster)
        yield Repost(booster.ref, post.ref)
    elif "thumb-tack" in marker or first(tree, lambda node: attribute(node, "data-featured") == "true") is not None:
        yield Pin(author, post.ref)


def _lay_out(saved: SavedPage) -> Iterator[Entry]:
    """The profile's header, if there is one, and the posts of the page."""
    page = _page_context(saved.text, saved.head)
    header = next((block for block in saved.blocks if block.kind == "profile"), None)
    if header is not None:
        yield Entry(PROFILE, _PageItem(header, page), header.raw)
    posts = [block for block in saved.blocks if block.kind != "profile"]
    for number, item in enumerate(_with_parents(posts, page), 1):
        yield Entry(f"post {number}", item, item.block.raw)


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind, nests=True), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries
