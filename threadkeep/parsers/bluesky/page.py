"""Read saved pages of bsky.app: a post with its thread, a profile, a feed.

    <link rel="alternate" href="at://did:plc:mira/app.bsky.feed.post/3kabc">     of the post the page is about
    <div data-testid="postThreadItem-by-mira.example.com">                        on profiles feedItem-by-…
      <img src="https://cdn.bsky.app/img/avatar_thumbnail/plain/did:plc:mira/…">
      <a href="/profile/mira.example.com/post/3kabc" data-tooltip="January 26, 2026 at 3:30 PM">18h</a> …

The times have no zone, so the key of the post dates it. The account's id stands in the address of its portrait; on
pages saved with copies of the pictures the handle has to do. A line drawn between two posts says that one answers the
other; whoever stands below the page's own post without a line answers that. Both are concluded.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from threadkeep.parsers._html.cutter import Attributes, Block, Head, Marks
from threadkeep.parsers._html.elements import Style, attribute, first, fragment, plain
from threadkeep.parsers._html.page_format import PROFILE, PageFormat, SavedPage, with_thread
from threadkeep.parsers.bluesky._page_post import PLACE, PORTRAIT, Page, Place, name_of, post_of, quoted, reason_of
from threadkeep.parsers.entry import Entry
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
_URI = re.compile(r"at://([^/]{3,300})/app\.bsky\.feed\.post/([A-Za-z0-9._~:-]{1,512})")
_PUBLISHED = ("article:published_time", "twitter:value1")
_TOP = 4000
"""How many characters of a post's markup draw the lines above it."""
_THREAD_LINE = re.compile(
    r"height: 12px;?[\"'][^<>]{0,500}>\s*<div[^<>]{0,500}width: 42px;?[\"'][^<>]{0,500}>\s*(<div)?"
)
_FEED_LINE = re.compile(
    r"gap: 10px; padding-left: 8px;?[\"'][^<>]{0,500}>\s*<div[^<>]{0,500}width: 42px;?[\"'][^<>]{0,500}>\s*<div"
)


@dataclass(frozen=True, slots=True)
class _Item:
    """The parts of a profile's header, or the block of a post with its place and what it stands below."""

    blocks: tuple[Block, ...]
    page: Page
    place: Place | None = None
    above: Ref | None = None
    root: Ref | None = None


def parse(entry: Entry) -> Iterator[Parsed]:
    """A post, with who wrote, quoted and passed it on; the account of a profile's header. Raises ValueError."""
    item: _Item = entry.data
    if entry.locator == PROFILE:
        yield from item.page.accounts.new(_profile(item))
        return
    node = first(fragment(item.blocks[0]), lambda _: True)
    handle = _handle_in(item.blocks[0])
    if node is None or handle is None:
        raise ValueError("the post does not say who wrote it")
    inner = quoted(node, item.page)
    author = item.page.account(handle, name_of(node, handle))
    post = post_of(node, author, item.place, item.page)
    if inner is not None:
        yield from item.page.accounts.new(inner[1])
        yield inner[0]
        post = replace(post, quotes=(inner[0].ref,))
    post = with_thread(post, item.above, item.root)
    yield from item.page.accounts.new(author)
    yield post
    yield from reason_of(node, handle, author, post, item.page)


def _kind(name: str, attributes: Attributes) -> str | None:
    tested = attributes.get("data-testid", "")
    if _ITEM.fullmatch(tested):
        return "post"
    if name == "a" and PLACE.match(attributes.get("href", "")):
        return "gap"  # between two posts: "View full thread"
    return _HEADER.get(tested)


def _page_of(head: Head, posts: Sequence[Block]) -> Page:
    dids: dict[str, str] = {}
    for block in posts:
        handle, portrait = _handle_in(block), PORTRAIT.search(block.html)
        if handle is not None and portrait is not None:
            dids.setdefault(handle.lower(), unquote(portrait[1]))
    found = PLACE.match(head.url or "")
    link = Place(found[1], found[2]) if found else None
    for uri in head.linked("alternate"):
        own = _URI.fullmatch(uri)
        if own is not None and link is not None and own[2] == link.key and own[1].startswith("did:"):
            dids[link.actor.lower()] = own[1]
            return Page(link, next((head.meta[key] for key in _PUBLISHED if key in head.meta), None), dids)
    return Page(link, None, dids)


def _handle_in(block: Block) -> str | None:
    """The handle in the name of a post's element."""
    found = _ITEM.fullmatch(block.attributes.get("data-testid", ""))
    return found[1] if found else None


def _place_in(block: Block, page: Page) -> Place | None:
    """The place of the post in a block: the first link that leads to a post of its author's."""
    handle = (_handle_in(block) or "").lower()
    names = {handle, page.dids.get(handle, handle).lower()}
    for found in PLACE.finditer(block.html):
        if unquote(found[1]).lower() in names:
            return Place(handle, found[2])
    return None


def _laid_out(blocks: Sequence[Block], page: Page) -> list[_Item]:
    """The posts with what lines and order say: in a thread what stands above the page's own post leads to it."""
    places = [_place_in(block, page) if block.kind == "post" else None for block in blocks]
    focal = _focal(blocks, places, page)
    own = page.ref(page.link) if page.link is not None and focal is not None else None
    items: list[_Item] = []
    upper: Ref | None = None
    root: Ref | None = None
    for at, (block, found) in enumerate(zip(blocks, places, strict=True)):
        place = page.link if at == focal else found
        if block.kind == "gap":
            upper = None
            continue
        ref = page.ref(place) if place is not None else None
        line = _THREAD_LINE.search(block.html, 0, _TOP)
        is_joined = bool(line and line[1]) or _FEED_LINE.search(block.html, 0, _TOP) is not None
        above = upper if is_joined or (focal is not None and at <= focal) else None
        if focal is not None and at > focal and line is not None and not is_joined:
            above = own
        root = ref if focal is not None and at == 0 else root
        items.append(_Item((block,), page, place, above, root))
        upper = ref
    return items


def _focal(blocks: Sequence[Block], places: Sequence[Place | None], page: Page) -> int | None:
    """Which block is the page's own post: the one with its key, or the one of its author's without any."""
    link = page.link
    if link is None:
        return None
    with_key = (at for at, place in enumerate(places) if place is not None and place.key == link.key)
    without = (
        at
        for at, (block, place) in enumerate(zip(blocks, places, strict=True))
        if block.kind == "post" and place is None and _handle_in(block) == link.actor
    )
    return next(itertools.chain(with_key, without), None)


def _profile(item: _Item) -> Account:
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
    page = _page_of(saved.head, posts)
    header = tuple(block for block in saved.blocks if block.kind in _HEADER.values())
    if any(block.kind == "name" for block in header):
        yield Entry(PROFILE, _Item(header, page), header[0].raw)
    for number, item in enumerate(_laid_out(posts, page), 1):
        yield Entry(f"post {number}", item, item.blocks[0].raw)


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries
