"""Read saved pages of Thread Reader (threadreaderapp.com), which shows somebody's thread on X as one text.

    <h4 class="twitter_name"><a>Mira Lane</a></h4> <span class="screenName"><a>@mira</a></span>
    <div id="tweet_2" class="content-tweet" data-tweet="1760" data-screenname="mira">The glaze:<br />
      <a class="entity-url" href="https://a.example/x">a.example/x</a> <sup class="tw-permalink">…</sup>
      <span class="entity-image"><a href="https://pbs.twimg.com/media/Ed0.jpg"><img data-src="…"></a></span>
      <span class="entity-embed"><blockquote><a href="https://twitter.com/jun/status/1740">…

The page has no times, so the ids date the posts. Consecutive posts of an author are inferred to answer one another.
Until 2019 posts have no ids: the first takes that of the thread in the page's address, and the author is the one that
the page names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from threadkeep.parsers._html.cutter import Attributes, Block, Head, Marks
from threadkeep.parsers._html.elements import (
    Node,
    Style,
    above,
    address,
    all_classed,
    attribute,
    every,
    first,
    fragment,
    has_class,
    named,
    plain,
    read,
)
from threadkeep.parsers._html.page_format import Accounts, PageFormat, SavedPage, with_thread
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._ids_and_times import PLATFORM
from threadkeep.parsers.x._page_links import account_of, post_address, post_of, target_of
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.platforms.x import PostAddress
from threadkeep.records import Media, Parsed, Post, Ref, post_ref
from threadkeep.text.entities import find_mentions, find_tags

NAME = "thread-reader-page"
TITLE = "Thread Reader page, saved as HTML (best effort)"
VERSION = 3

_SIGNS = (
    re.compile(r"threadreaderapp\.com|Thread\s?Reader", re.I),
    re.compile(r"<div\b[^<]{0,1000}\bcontent-tweet\b", re.I),
    re.compile(r"<div\b[^<]{0,1000}\b(?:data-screenname\s*=|id\s*=\s*[\"']?tweet_1\b)", re.I),
)
_SIGN = re.compile(r"content-tweet|twitter_name|screenName|username")
_NAMES = {"twitter_name": "name", "username": "name", "screenName": "handle"}
"""Contents of the elements above the thread by class; ``username`` until 2020."""
_THREAD = re.compile(r"/thread/(\d{1,20})\b", re.A)
_TITLE = re.compile(r"Thread by @(\w{1,30})\b", re.A)
_ID = re.compile(r"\d{1,20}", re.A)
_HANDLE = re.compile(r"@?(\w{1,30})", re.A)
_NO_TEXT = has_class("tw-permalink", "entity-image", "entity-video", "entity-video-gif", "entity-embed", "row")
_NO_ALT = frozenset({"image", "tweet image", "tweet media"})
_LONGEST_NAME = 4000
"""Characters of markup the name above the thread may have; a longer element was never closed."""
_NO_PICTURE = "/images/1px.png"


@dataclass(slots=True)
class _Page:
    """The id of the thread, the name and handle above it, and the accounts yielded so far."""

    thread: str | None = None
    name: str | None = None
    handle: str | None = None
    accounts: Accounts = field(default_factory=Accounts)


class _Identity(NamedTuple):
    """The post and author of a block; without ``place`` the id is derived from the text."""

    ref: Ref
    handle: str
    place: PostAddress | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    """A block with its identity, the post above it and the root of the thread."""

    block: Block
    page: _Page
    identity: _Identity | None = None
    above: Ref | None = None
    root: Ref | None = None


def _page_of(head: Head) -> _Page:
    """Return the thread by the address of the page, and the author by its title."""
    thread = _THREAD.search(head.url or "")
    author = _TITLE.match(head.title or "")
    return _Page(thread[1] if thread else None, handle=author[1] if author else None)


def _identity(block: Block, page: _Page, *, is_first: bool) -> _Identity | None:
    """Return id and author of a post; where the page has no ids, one derived from the text."""
    attributes = block.attributes
    if "data-tweet" not in attributes and "data-screenname" not in attributes:
        if page.handle is None:
            return None
        if is_first and page.thread is not None:
            place = PostAddress(page.handle, page.thread)
            return _Identity(place.ref, page.handle, place)
        node = first(fragment(block), named("div"))
        text = read(node, Style(target=target_of, skips=_NO_TEXT)).text if node is not None else ""
        return _Identity(post_ref(PLATFORM, page.handle, text), page.handle)
    found, id_ = _HANDLE.fullmatch(attributes.get("data-screenname", "")), attributes.get("data-tweet", "")
    if found is None or not _ID.fullmatch(id_):
        return None
    place = PostAddress(found[1], id_)
    return _Identity(place.ref, found[1], place)


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield a post of the thread, preceded by its author the first time. Raises ValueError."""
    item: _Item = entry.data
    if item.identity is None:
        raise ValueError("the post's id or its author is missing")
    ref, handle, place = item.identity
    is_owner = item.page.handle is not None and item.page.handle.lower() == handle.lower()
    author = account_of(handle, item.page.name if is_owner else None)
    node = first(fragment(item.block), named("div"))
    if node is None:
        raise ValueError("the post's element is missing")
    written = read(node, Style(target=target_of, skips=_NO_TEXT))
    post = post_of(place, author, written, None) if place else Post(ref, author.ref, written.text, links=written.links)
    post = replace(
        post,
        mentions=_together(written.mentions, filter(_HANDLE.fullmatch, find_mentions(post.text))),
        tags=_together(written.tags, find_tags(post.text)),
        media=tuple(_media(node)),
        quotes=_quotes(node, post),
    )
    yield from item.page.accounts.new(author)
    yield from with_reposts([with_thread(post, item.above, item.root)])


def _kind(_name: str, attributes: Attributes) -> str | None:
    classes = attributes.get("class", "").split()
    if "content-tweet" in classes:
        is_of_the_thread = "data-tweet" in attributes or attributes.get("id", "").startswith("tweet_")
        return "post" if is_of_the_thread else None
    return next((kind for name, kind in _NAMES.items() if name in classes), None)


def _note(block: Block, page: _Page) -> None:
    """Store the first name and handle; those further down are of other people."""
    text = plain(fragment(block)) if len(block.html) <= _LONGEST_NAME else None
    if block.kind == "name":
        page.name = page.name or text
    elif page.handle is None and (handle := _HANDLE.fullmatch(text or "")) is not None:
        page.handle = handle[1]


def _together(linked: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """Merge linked values with those found in the text, ignoring case."""
    known: dict[str, str] = {}
    for value in (*linked, *found):
        known.setdefault(value.casefold(), value)
    return tuple(known.values())


def _quotes(node: Node, post: Post) -> tuple[Ref, ...]:
    """Return the posts embedded below the text: links, or the frames that X's script replaced them with."""
    refs: dict[Ref, None] = {}
    for embed in all_classed(node, "entity-embed"):
        for item in every(embed, lambda _: True):
            id_ = attribute(item, "data-tweet-id")
            place = post_address(attribute(item, "href")) or (post_address(f"/i/status/{id_}") if id_ else None)
            if place is not None and place.ref != post.ref:
                refs[place.ref] = None
    return tuple(refs)


def _media(node: Node) -> Iterator[Media]:
    """Yield pictures and videos. Lazy-loaded pictures have their address in ``data-src``."""
    for item in every(node, has_class("entity-image", "entity-video", "entity-video-gif")):
        for film in every(item, named("video")):
            source = attribute(film, "src") or attribute(first(film, named("source")), "src")
            is_gif = "tweet_video" in f"{source} {attribute(film, 'poster')}"
            yield Media("gif" if is_gif else "video", url=address(source))
        link = first(item, named("a"))
        # An image inside a video is the fallback of old browsers.
        image = next((image for image in every(item, named("img")) if above(image, named("video")) is None), None)
        if image is not None:
            shown = next((url for name in ("data-src", "src") if (url := address(attribute(image, name)))), None)
            linked = address(attribute(link, "href"))
            url = linked if linked and "twimg.com/" in linked else shown
            alt = attribute(image, "alt")
            is_none = url is not None and url.endswith(_NO_PICTURE)
            yield Media("image", url=None if is_none else url, alt=alt if alt and alt.lower() not in _NO_ALT else None)


def _lay_out(saved: SavedPage) -> Iterator[Entry]:
    """Yield the posts, each an answer to the one before it by the same author."""
    page = _page_of(saved.head)
    upper: _Identity | None = None
    root: Ref | None = None
    number = 0
    for block in saved.blocks:
        if block.kind != "post":
            _note(block, page)
            continue
        number += 1
        identity = _identity(block, page, is_first=number == 1)
        is_next = identity is not None and upper is not None and upper.handle == identity.handle
        root = root if is_next else identity.ref if identity else None
        answered = upper.ref if upper is not None and is_next else None
        yield Entry(f"post {number}", _Item(block, page, identity, answered, root), block.raw)
        upper = identity


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries
