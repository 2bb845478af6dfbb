"""Read saved pages of nitter, a front end to X: profiles, searches and conversations, of any instance since 2019.

    <div class="timeline-item"><a class="tweet-link" href="/mira/status/1750#m"></a><div class="tweet-body">
      <div class="retweet-header">Jun Park retweeted</div>
      <a class="fullname" title="Mira Lane"> <a class="username" title="@mira">
      <span class="tweet-date"><a title="Jul 27, 2026 · 9:09 AM UTC">   (until 2020: "27/7/2026, 09:09:00", day first)
      <div class="tweet-content">The kiln is hot.</div> <div class="quote">…</div>
      <span class="tweet-stat"><span class="icon-heart"></span> 1,204</span>

A repost shows the author of the post; the reposter is the name in the header. Posts joined by a line of a conversation
(``before-tweet``, ``after-tweet``, ``thread-line``) each answer the one above: this is inferred, since the page names
only the people answered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from threadkeep.parsers._html.cutter import Attributes, Block, Head, Marks, start_tags
from threadkeep.parsers._html.elements import Node, attribute, classed, fragment, plain, split_address
from threadkeep.parsers._html.page_format import PageFormat, SavedPage, mentioning, with_thread
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x import _nitter_post
from threadkeep.parsers.x._nitter_post import NitterPage
from threadkeep.parsers.x._page_links import account_of, handle_of, missing, post_address
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.platforms.x import PostAddress
from threadkeep.records import Account, Gap, Parsed, Pin, Post, Ref, Repost, Skipped, account_ref

NAME = "nitter-page"
TITLE = "nitter page, saved as HTML (best effort)"
VERSION = 4

_SIGNS = (
    re.compile(r"class\s*=\s*[\"']?[^\"'<>]{0,200}\b(?:timeline-item|profile-card)\b"),
    re.compile(r"class\s*=\s*[\"']?[^\"'<>]{0,200}\b(?:tweet-body|unavailable-box|profile-card-fullname)\b"),
)
_SIGN = re.compile(r"timeline-item|thread-line|before-tweet|main-tweet|after-tweet|show-more|profile-card")
_GROUPS = {
    "before-tweet": "before",
    "main-tweet": "main",
    "after-tweet": "after",
    "reply": "replies",
    "thread-line": "thread",
}
_OWNER = re.compile(r"(.*) \(@(\w{1,30})\)", re.S | re.A)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s<>]{0,200}/status/\d+)")
_REPOSTED = re.compile(r"(.*) retweeted", re.S)


@dataclass(frozen=True, slots=True)
class _Item:
    """A block with the post above it, the handle it must answer for that to count, and the root of the thread."""

    block: Block
    page: NitterPage
    above: Ref | None = None
    answers: str | None = None
    root: Ref | None = None


@dataclass(slots=True)
class _Conversation:
    """The last post read on each line of a conversation."""

    main: PostAddress | None = None
    focal: PostAddress | None = None
    root: Ref | None = None
    begun: bool = False
    last: dict[int, PostAddress | None] = field(default_factory=dict)


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield a post with its author, quote and repost, or the account of the profile's card. Raises ValueError."""
    item: _Item = entry.data
    if item.block.kind == "link to more":
        yield Skipped("link to more posts", entry.locator)
        return
    tree = fragment(item.block)
    unavailable = classed(tree, "unavailable-box")
    if item.block.kind == "profile":
        yield from item.page.accounts.new(_nitter_post.profile(tree))
    elif unavailable is not None:
        yield missing(post_address(attribute(unavailable, "href")), plain(unavailable), entry.locator)
        yield from _quoted(tree, item.page)
    elif classed(tree, "profile-result") is not None:
        bio = plain(classed(tree, "tweet-content"))
        yield from item.page.accounts.new(replace(_nitter_post.author_of(tree), bio=bio))
    else:
        yield from with_reposts(_posts(tree, item))


def _kind(name: str, attributes: Attributes) -> str | None:
    classes = attributes.get("class", "").split()
    if "show-more" in classes or any("more-replies" in name for name in classes):
        return "link to more" if "timeline-item" in classes or "show-more" in classes else None
    if "timeline-item" in classes:
        return "post"
    if "profile-card" in classes:
        return "profile"
    return next((group for sign, group in _GROUPS.items() if sign in classes), None) if name == "div" else None


def _page_of(text: str, head: Head) -> NitterPage:
    owner = _OWNER.fullmatch(head.meta.get("og:title", ""))
    handles: dict[str, str | None] = {}
    for attributes in start_tags(text, "a"):
        handle, name = handle_of(attributes.get("href")), attributes.get("title")
        if handle and name and "fullname" in attributes.get("class", ""):
            handles[name] = handle if handles.get(name, handle) == handle else None
    instance = next(head.linked("search"), None) or head.url
    return NitterPage(
        account_of(owner[2], owner[1]) if owner else None, handles, split_address(instance).netloc or None
    )


def _in_thread(block: Block, page: NitterPage, conversation: _Conversation) -> _Item:
    """Return the block with the post above it, if a line of the conversation joins the two."""
    if block.kind != "post":
        conversation.last[block.number] = None
        conversation.begun = conversation.begun or block.group == "before"
        return _Item(block, page)
    found = _HREF.search(block.html)
    place = post_address(found[1]) if found else None
    if block.group is None:
        return _Item(block, page)
    if block.group in ("before", "main", "after"):
        return _Item(block, page, _upper(block, place, conversation), root=conversation.root)
    is_first = block.number not in conversation.last
    upper, conversation.last[block.number] = conversation.last.get(block.number), place
    if is_first and block.group == "replies" and conversation.focal is not None:
        focal = conversation.focal
        return _Item(block, page, focal.ref, focal.handle, conversation.root)
    return _Item(block, page, upper.ref if upper else None, root=conversation.root)


def _upper(block: Block, place: PostAddress | None, conversation: _Conversation) -> Ref | None:
    """Return the post above on the main line; the first one is the root unless it answers a post not shown."""
    upper, conversation.main = conversation.main, place
    if not conversation.begun and place is not None and "replying-to" not in block.html:
        conversation.root = place.ref
    conversation.begun = True
    if block.group == "main":
        conversation.focal = place
    return upper.ref if upper else None


def _posts(tree: Node, item: _Item) -> Iterator[Parsed]:
    quoted = list(_quoted(tree, item.page))
    post, author = _nitter_post.post(tree, "tweet-content", item.page)
    answered = list(_nitter_post.answered(tree))
    begins = post_address(attribute(classed(tree, "show-thread"), "href"))
    post = replace(post, quotes=tuple(record.ref for record in quoted if isinstance(record, Post | Gap)))
    is_answer = item.answers is None or item.answers.casefold() in {
        handle.casefold() for handle in answered or [author.handle or ""]
    }
    post = with_thread(post, item.above if is_answer else None, item.root or (begins.ref if begins else None))
    yield from item.page.accounts.new(author)
    yield from quoted
    yield mentioning(post, answered)
    if classed(tree, "pinned") is not None:
        yield Pin(author.ref, post.ref)
    if (header := plain(classed(tree, "retweet-header"))) is not None:
        reposter = _reposter(header, item.page)
        yield from item.page.accounts.new(reposter)
        yield Repost(reposter.ref, post.ref)


def _quoted(tree: Node, page: NitterPage) -> Iterator[Account | Post | Gap | Skipped]:
    """Remove the quoted post from the tree; yield it with its author."""
    quote = classed(tree, "quote")
    if quote is None:
        return
    quote.extract()
    unavailable = classed(quote, "unavailable-quote")
    if unavailable is not None:
        yield missing(post_address(attribute(unavailable, "href")), plain(unavailable), None)
        return
    if classed(quote, "quote-link", "tweet-date") is None and classed(quote, "username") is None:
        yield Skipped("quoted post without a link or an author")
        return
    post, author = _nitter_post.post(quote, "quote-text", page)
    yield from page.accounts.new(author)
    yield post


def _reposter(header: str, page: NitterPage) -> Account:
    """Return the reposter: the name in the header, with its handle if the page shows it elsewhere."""
    found = _REPOSTED.fullmatch(header)
    name = found[1] if found else header
    if page.owner is not None and page.owner.name == name:
        return page.owner
    handle = page.handles.get(name)
    return account_of(handle, name) if handle else Account(account_ref("x", name), name=name)


def _lay_out(saved: SavedPage) -> Iterator[Entry]:
    """Yield the profile's card, the posts, and the links to more."""
    page = _page_of(saved.text, saved.head)
    conversation = _Conversation()
    for number, block in enumerate(saved.blocks, 1):
        yield Entry(f"{block.kind} {number}", _in_thread(block, page, conversation), block.raw)


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind, frozenset(_GROUPS.values())), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries
