"""Read saved pages of bsky.app: a post with its thread, a profile, a feed.

    <link rel="alternate" href="at://did:plc:mira/app.bsky.feed.post/3kabc">     of the post the page is about
    <div data-testid="postThreadItem-by-mira.example.com">                        on profiles feedItem-by-…
      <img src="https://cdn.bsky.app/img/avatar_thumbnail/plain/did:plc:mira/…">
      <a href="/profile/mira.example.com/post/3kabc" data-tooltip="January 26, 2026 at 3:30 PM">18h</a> …

The times have no zone, so the key of the post dates it. The account's DID is in the address of its avatar; on pages
saved with copies of the pictures the handle has to do. A line between two posts means that one replies to the other; a
post below the page's own one without a line replies to that. Both are inferred.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from threadkeep.parsers._html.cutter import Attributes, Block, Head, Marks, start_tags
from threadkeep.parsers._html.elements import Style, attribute, first, fragment, plain
from threadkeep.parsers._html.page_format import PROFILE, PageFormat, SavedPage, with_thread
from threadkeep.parsers.bluesky._page_post import (
    AVATAR_URL,
    BlueskyPage,
    display_name,
    feed_reasons,
    read_post,
    take_quote,
)
from threadkeep.parsers.entry import Entry
from threadkeep.platforms import bluesky
from threadkeep.platforms.bluesky import PostAddress
from threadkeep.records import Account, Parsed, Ref
from threadkeep.text.counts import read_exact_count

NAME = "bluesky-page"
TITLE = "bsky.app page, saved as HTML (best effort)"
VERSION = 2

_SIGNS = (
    re.compile(r"data-testid\s*=\s*[\"']?(?:feedItem|postThreadItem)-by-"),
    re.compile(r"bsky\.app|<meta[^<>]{0,100}Bluesky"),
)
_SIGN = re.compile(r"(?:feedItem|postThreadItem)-by-|profileHeader|/post/")
_ITEM = re.compile(r"(?:feedItem|postThreadItem)-by-(.+)", re.S)
_HEADER = {
    "profileHeaderDisplayName": "name",
    "profileHeaderDescription": "bio",
    "profileHeaderFollowersButton": "followers",
    "profileHeaderFollowsButton": "following",
}
_NETWORK = re.compile(r"/profile/([^/?#\s]{3,300})/(?:followers|follows)")
_NUMBER = re.compile(r"(\d[\d.,\u00a0\u202f]{0,20})(?![\d.,KMB])")
_PUBLISHED = ("article:published_time", "twitter:value1")
_LINE_SEARCH_LIMIT = 4000
"""The lines above a post are drawn within so many characters of its markup."""
_THREAD_LINE = re.compile(
    r"height: 12px;?[\"'][^<>]{0,500}>\s*<div[^<>]{0,500}width: 42px;?[\"'][^<>]{0,500}>\s*(<div)?"
)
_FEED_LINE = re.compile(
    r"gap: 10px; padding-left: 8px;?[\"'][^<>]{0,500}>\s*<div[^<>]{0,500}width: 42px;?[\"'][^<>]{0,500}>\s*<div"
)


@dataclass(frozen=True, slots=True)
class _PageItem:
    """The parts of a profile's header, or the block of a post with its address, parent and root."""

    blocks: tuple[Block, ...]
    page: BlueskyPage
    address: PostAddress | None = None
    parent: Ref | None = None
    root: Ref | None = None


def parse(entry: Entry) -> Iterator[Parsed]:
    """A post with its author, quote and reposter; the account of a profile's header. Raises ValueError."""
    item: _PageItem = entry.data
    if entry.locator == PROFILE:
        yield from item.page.accounts.new(_profile(item))
        return
    node = first(fragment(item.blocks[0]), lambda _: True)
    handle = _handle_in(item.blocks[0])
    if node is None or handle is None:
        raise ValueError("the post does not say who wrote it")
    inner = take_quote(node, item.page)
    author = item.page.account(handle, display_name(node, handle))
    post = read_post(node, author, item.address, item.page)
    if inner is not None:
        yield from item.page.accounts.new(inner[1])
        yield inner[0]
        post = replace(post, quotes=(inner[0].ref,))
    post = with_thread(post, item.parent, item.root)
    yield from item.page.accounts.new(author)
    yield post
    yield from feed_reasons(node, handle, author, post, item.page)


def _kind(name: str, attributes: Attributes) -> str | None:
    tested = attributes.get("data-testid", "")
    if _ITEM.fullmatch(tested):
        return "post"
    if name == "a" and bluesky.parse_post_url(attributes.get("href", "")):
        return "gap"  # between two posts: "View full thread"
    return _HEADER.get(tested)


def _page_context(head: Head, posts: Sequence[Block]) -> BlueskyPage:
    dids: dict[str, str] = {}
    for block in posts:
        handle, avatar = _handle_in(block), AVATAR_URL.search(block.html)
        if handle is not None and avatar is not None:
            dids.setdefault(handle.lower(), unquote(avatar[1]))
    address = bluesky.parse_post_url(head.url or "")
    for uri in head.linked("alternate"):
        own = bluesky.split_uri(uri)
        if own is None or address is None or own[1] != bluesky.POST or own[2] != address.rkey:
            continue
        if own[0].startswith("did:"):
            dids[address.actor.lower()] = own[0]
            return BlueskyPage(address, next((head.meta[key] for key in _PUBLISHED if key in head.meta), None), dids)
    return BlueskyPage(address, None, dids)


def _handle_in(block: Block) -> str | None:
    """The handle in the ``data-testid`` of a post's element."""
    found = _ITEM.fullmatch(block.attributes.get("data-testid", ""))
    return found[1] if found else None


def _address_in(block: Block, page: BlueskyPage) -> PostAddress | None:
    """The address of the post in a block: the first link to a post of its author."""
    handle = (_handle_in(block) or "").lower()
    names = {handle, page.dids.get(handle, handle).lower()}
    for attributes in start_tags(block.html, "a"):
        found = bluesky.parse_post_url(attributes.get("href", ""))
        if found is not None and unquote(found.actor).lower() in names:
            return found._replace(actor=handle)
    return None


def _with_parents(blocks: Sequence[Block], page: BlueskyPage) -> list[_PageItem]:
    """The posts with their parents, by lines and order: in a thread the posts above the page's own lead to it."""
    addresses = [_address_in(block, page) if block.kind == "post" else None for block in blocks]
    focal = _focal_index(blocks, addresses, page)
    own = page.ref(page.address) if page.address is not None and focal is not None else None
    items: list[_PageItem] = []
    previous: Ref | None = None
    root: Ref | None = None
    for at, (block, found) in enumerate(zip(blocks, addresses, strict=True)):
        if block.kind == "gap":
            previous = None
            continue
        address = page.address if at == focal else found
        ref = page.ref(address) if address is not None else None
        line = _THREAD_LINE.search(block.html, 0, _LINE_SEARCH_LIMIT)
        is_joined = bool(line and line[1]) or _FEED_LINE.search(block.html, 0, _LINE_SEARCH_LIMIT) is not None
        parent = previous if is_joined or (focal is not None and at <= focal) else None
        if focal is not None and at > focal and line is not None and not is_joined:
            parent = own
        root = ref if focal is not None and at == 0 else root
        items.append(_PageItem((block,), page, address, parent, root))
        previous = ref
    return items


def _focal_index(blocks: Sequence[Block], addresses: Sequence[PostAddress | None], page: BlueskyPage) -> int | None:
    """The index of the page's own post: the one with its key, or the one by its author without a key."""
    own = page.address
    if own is None:
        return None
    with_key = (at for at, found in enumerate(addresses) if found is not None and found.rkey == own.rkey)
    without = (
        at
        for at, (block, found) in enumerate(zip(blocks, addresses, strict=True))
        if block.kind == "post" and found is None and _handle_in(block) == own.actor
    )
    return next(itertools.chain(with_key, without), None)


def _profile(item: _PageItem) -> Account:
    parts = {block.kind: fragment(block) for block in item.blocks}
    network = "".join(block.html for block in item.blocks if block.kind in ("followers", "following"))
    found = _NETWORK.search(network)
    if found is None:
        raise ValueError("there is no handle in the profile's header")
    counts = {}
    for kind in ("followers", "following"):
        label = attribute(first(parts[kind], lambda _: True), "aria-label") if kind in parts else None
        number = _NUMBER.search(label or "")
        counts[kind] = read_exact_count(number[1]) if number else None
    return replace(
        item.page.account(found[1], plain(parts["name"])),
        bio=plain(parts.get("bio"), Style(keeps_lines=True)),
        followers=counts["followers"],
        following=counts["following"],
    )


def _lay_out(saved: SavedPage) -> Iterator[Entry]:
    """The profile's header, if there is one, and the posts of the page."""
    posts = [block for block in saved.blocks if block.kind in ("post", "gap")]
    page = _page_context(saved.head, posts)
    header = tuple(block for block in saved.blocks if block.kind in _HEADER.values())
    if any(block.kind == "name" for block in header):
        yield Entry(PROFILE, _PageItem(header, page), header[0].raw)
    for number, item in enumerate(_with_parents(posts, page), 1):
        yield Entry(f"post {number}", item, item.blocks[0].raw)


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries
