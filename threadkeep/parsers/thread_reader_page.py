"""Read saved pages of Thread Reader (threadreaderapp.com), which shows somebody's thread on X as one text.

    <h4 class="twitter_name"><a>Mira Lane</a></h4> <span class="screenName"><a>@mira</a></span>
    <div id="tweet_2" class="content-tweet" data-tweet="1760" data-screenname="mira">The glaze:<br />
      <a class="entity-url" href="https://a.example/x">a.example/x</a> <sup class="tw-permalink">…</sup>
      <span class="entity-image"><a href="https://pbs.twimg.com/media/Ed0.jpg"><img data-src="…"></a></span>
      <span class="entity-embed"><blockquote><a href="https://twitter.com/jun/status/1740">…

The page has no times, so the ids date the posts. Each post of an author's answers the one before it: that is what makes
the page, though it does not say so, and so it is concluded.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from threadkeep.parsers import Entry
from threadkeep.parsers._page_cuts import Attributes, Block, Marks, cut, no_posts, read_page, shows
from threadkeep.parsers._page_posts import Accounts, with_thread
from threadkeep.parsers._pages import (
    Node,
    Style,
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
from threadkeep.parsers._x_pages import Permalink, account_of, permalink, post_of, target_of
from threadkeep.records import Media, Parsed, Post, Ref
from threadkeep.sources import Source
from threadkeep.text.entities import find_mentions, find_tags

NAME = "thread-reader-page"
TITLE = "Thread Reader page, saved as HTML (best effort)"
VERSION = 1

_SIGNS = (
    re.compile(r"threadreaderapp\.com|Thread\s?Reader", re.I),
    re.compile(r"<div\b[^<]{0,1000}\bcontent-tweet\b", re.I),
    re.compile(r"<div\b[^<]{0,1000}\bdata-screenname\s*=", re.I),
)
_SIGN = re.compile(r"content-tweet|twitter_name|screenName")
_ID = re.compile(r"\d{1,20}", re.A)
_HANDLE = re.compile(r"@?(\w{1,30})", re.A)
_NO_TEXT = has_class("tw-permalink", "entity-image", "entity-video", "entity-embed", "row")
_NO_ALT = frozenset({"image", "tweet image", "tweet media"})
_LONGEST_NAME = 4000
"""How many characters of markup the name above the thread may have; a longer element never ended."""
_NO_PICTURE = "/images/1px.png"


@dataclass(slots=True)
class _Page:
    """The name and the handle above the thread, and the accounts it has shown."""

    name: str | None
    handle: str | None
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class _Item:
    """A block with its place, its author's handle, and the post before it."""

    block: Block
    page: _Page
    place: Permalink | None = None
    handle: str | None = None
    above: Ref | None = None
    root: Ref | None = None


def recognizes(source: Source) -> bool:
    """Whether the page names Thread Reader and has the elements of its posts."""
    return shows(source, _SIGNS)


def entries(source: Source) -> Iterator[Entry]:
    """The posts of the page. Raises DumpError where there is none."""
    page = _Page(None, None, Accounts())
    upper: Permalink | None = None
    root: Ref | None = None
    number = 0
    for block in cut(read_page(source), Marks(_SIGN, _kind)):
        if block.kind != "post":
            _note(block, page)
            continue
        number += 1
        found = _HANDLE.fullmatch(block.attributes.get("data-screenname", ""))
        handle, id_ = found[1] if found else None, block.attributes.get("data-tweet", "")
        place = Permalink(handle, id_) if handle and _ID.fullmatch(id_) else None
        is_next = place is not None and upper is not None and upper.handle == place.handle
        root = root if is_next else place.ref if place else None
        above = upper.ref if upper is not None and is_next else None
        yield Entry(f"post {number}", _Item(block, page, place, handle, above, root), block.raw)
        upper = place
    if not number:
        raise no_posts(source)


def parse(entry: Entry) -> Iterator[Parsed]:
    """A post of the thread, with its author when first met. Raises ValueError."""
    item: _Item = entry.data
    if item.place is None or item.handle is None:
        raise ValueError("the post's id or its author is missing")
    is_owner = item.page.handle is not None and item.page.handle.lower() == item.handle.lower()
    author = account_of(item.handle, item.page.name if is_owner else None)
    node = first(fragment(item.block), named("div"))
    if node is None:
        raise ValueError("the post's element is missing")
    written = read(node, Style(target=target_of, skips=_NO_TEXT))
    post = post_of(item.place, author, written, None)
    post = replace(
        post,
        mentions=_together(post.mentions, filter(_HANDLE.fullmatch, find_mentions(post.text))),
        tags=_together(post.tags, find_tags(post.text)),
        media=tuple(_media(node)),
        quotes=_quotes(node, post),
    )
    yield from item.page.accounts.new(author)
    yield with_thread(post, item.above, item.root)


def _kind(_name: str, attributes: Attributes) -> str | None:
    classes = attributes.get("class", "").split()
    if "content-tweet" in classes:
        return "post" if attributes.get("data-tweet") else None
    return next((kind for kind in ("twitter_name", "screenName") if kind in classes), None)


def _note(block: Block, page: _Page) -> None:
    """Take up the name or the handle above the thread; those further down are of other people."""
    text = plain(fragment(block)) if len(block.html) <= _LONGEST_NAME else None
    if block.kind == "twitter_name":
        page.name = page.name or text
    elif page.handle is None and (handle := _HANDLE.fullmatch(text or "")) is not None:
        page.handle = handle[1]


def _together(linked: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """What the page links, and what is written without a link; each once, however it is written."""
    known: dict[str, str] = {}
    for value in (*linked, *found):
        known.setdefault(value.casefold(), value)
    return tuple(known.values())


def _quotes(node: Node, post: Post) -> tuple[Ref, ...]:
    """The posts shown below the text: links, or the frames that X's script has put in their place."""
    refs: dict[Ref, None] = {}
    for embed in all_classed(node, "entity-embed"):
        for item in every(embed, lambda _: True):
            id_ = attribute(item, "data-tweet-id")
            place = permalink(attribute(item, "href")) or (permalink(f"/i/status/{id_}") if id_ else None)
            if place is not None and place.ref != post.ref:
                refs[place.ref] = None
    return tuple(refs)


def _media(node: Node) -> Iterator[Media]:
    """Pictures and films. A picture that was not yet scrolled to has its address elsewhere."""
    for item in every(node, has_class("entity-image", "entity-video")):
        for film in every(item, named("video")):
            source = attribute(film, "src") or attribute(first(film, named("source")), "src")
            is_gif = "tweet_video" in f"{source} {attribute(film, 'poster')}"
            yield Media("gif" if is_gif else "video", url=address(source))
        link, image = first(item, named("a")), first(item, named("img"))
        if image is not None:
            shown = next((url for name in ("data-src", "src") if (url := address(attribute(image, name)))), None)
            linked = address(attribute(link, "href"))
            url = linked if linked and "twimg.com/" in linked else shown
            alt = attribute(image, "alt")
            is_none = url is not None and url.endswith(_NO_PICTURE)
            yield Media("image", url=None if is_none else url, alt=alt if alt and alt.lower() not in _NO_ALT else None)
