"""Read saved pages of X as the site was from 2011 until 2020, when it was called Twitter: posts, threads and profiles.

    <div class="tweet js-stream-tweet descendant" data-tweet-id="1750" data-screen-name="mira" data-name="Mira Lane"
         data-user-id="12" data-permalink-path="/mira/status/1750">
      <span class="_timestamp" data-time-ms="1466523020000">Jun 21</span>
      <p class="js-tweet-text" lang="en">Glaze notes: <a title="https://a.example/x"><span class="invisible">https://…
      <span class="ProfileTweet-action--favorite"><span data-tweet-stat-count="1826">…

A page of one post shows above it what it answers (``ancestor``) and below it the replies (``descendant``), each chain
of replies in a ``ThreadedConversation``: who answers whom is inferred from that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from threadkeep.parsers._html.cutter import Attributes, Block, Marks
from threadkeep.parsers._html.elements import (
    Node,
    Style,
    Target,
    Written,
    address,
    all_classed,
    attribute,
    classed,
    classes,
    every,
    first,
    fragment,
    has_class,
    named,
    plain,
    read,
)
from threadkeep.parsers._html.page_format import Accounts, PageFormat, SavedPage, mentioning, with_thread
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._page_links import account_of, handle_of, post_address, post_of, target_of
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.platforms.x import PostAddress
from threadkeep.records import Account, Media, Parsed, Pin, Post, Ref, Repost, Skipped
from threadkeep.text.counts import read_exact_count
from threadkeep.text.languages import language_code

NAME = "x-page-2016"
TITLE = "X page from before 2020 (Twitter), saved as HTML (best effort)"
VERSION = 3

_SIGNS = (
    re.compile(r"<(?:div|li)\b[^<]{0,2000}\bdata-tweet-id\s*=", re.I),
    re.compile(
        r"class\s*=\s*[\"']?[^\"'<>]{0,200}\b(?:js-tweet-text|js-stream-tweet|js-original-tweet|permalink-tweet)\b"
    ),
)
_SIGN = re.compile(
    r"data-tweet-id|ThreadedConversation|ProfileHeaderCard|ProfileNav|suggested-tweet|Tombstone|unavailable"
)
_GROUPS = {
    "ThreadedConversation": "conversation",
    "ThreadedConversation--loneTweet": "reply",
    "suggested-tweet-stream-container": "suggested",
}
_UNAVAILABLE = frozenset({"Tombstone", "ThreadedConversation-unavailableTweet"})
_USER = re.compile(
    r"data-screen-name\s*=\s*[\"']?(\w{1,30})\b[^<]{0,400}?\bdata-user-id\s*=\s*[\"']?(\d{1,20})\b", re.A
)
_ID = re.compile(r"\d{1,20}", re.A)
_NO_TEXT = frozenset({"tco-ellipsis", "u-hidden"})
_COUNTS = (
    ("replies", "ProfileTweet-action--reply"),
    ("reposts", "ProfileTweet-action--retweet"),
    ("likes", "ProfileTweet-action--favorite"),
)
_EPOCH = datetime.fromtimestamp(0, UTC)
_BIO = Style(keeps_lines=True)


@dataclass(slots=True)
class _Page:
    """Account ids by handle, and the reading state: main post, root, and the last post of each conversation."""

    ids: dict[str, str] = field(default_factory=dict)
    accounts: Accounts = field(default_factory=Accounts)
    main: Ref | None = None
    focal: Ref | None = None
    root: Ref | None = None
    last: dict[int, Ref | None] = field(default_factory=dict)
    numbers: Block | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    block: Block
    page: _Page
    above: Ref | None = None
    root: Ref | None = None


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield a post with its author, quote and repost, or the account of a profile's header. Raises ValueError."""
    item: _Item = entry.data
    tree = fragment(item.block)
    root = first(tree, lambda _: True)
    if item.block.kind == "profile":
        yield from item.page.accounts.new(_profile(tree, item.page))
    elif item.block.kind == "unavailable":
        yield Skipped("unavailable post without an id", entry.locator)
    elif item.block.group == "suggested":
        yield Skipped("suggested post", entry.locator)
    elif root is not None and (
        "promoted-tweet" in classes(root) or attribute(root, "data-disclosure-type") == "promoted"
    ):
        yield Skipped("advertisement", entry.locator)
    elif root is not None:
        yield from with_reposts(_posts(root, item))


def _kind(name: str, attributes: Attributes) -> str | None:
    classes = attributes.get("class", "").split()
    if "tweet" in classes and attributes.get("data-tweet-id"):
        return "post"
    if not _UNAVAILABLE.isdisjoint(classes):
        return "unavailable"
    if "ProfileHeaderCard" in classes:
        return "profile"
    if "ProfileNav" in classes:
        return "numbers"
    return next((group for sign, group in _GROUPS.items() if sign in classes), None) if name in ("div", "li") else None


def _in_thread(block: Block, page: _Page) -> _Item:
    """Return the block with the post it answers, by the layout of the page."""
    if block.kind != "post":
        return _Item(block, page)
    id_ = block.attributes.get("data-tweet-id", "")
    ref = PostAddress(None, id_).ref if _ID.fullmatch(id_) else None
    kinds = block.attributes.get("class", "").split()
    if "permalink-ancestor-tweet" in kinds or "permalink-tweet" in kinds:
        upper, page.main = page.main, ref
        page.root = page.root or ref
        page.focal = ref if "permalink-tweet" in kinds else page.focal
        return _Item(block, page, upper, page.root)
    if block.group == "reply":
        return _Item(block, page, page.focal, page.root)
    if block.group == "conversation":
        upper, page.last[block.number] = page.last.get(block.number, page.focal), ref
        return _Item(block, page, upper, page.root)
    return _Item(block, page)


def _posts(tree: Node, item: _Item) -> Iterator[Parsed]:
    accounts = item.page.accounts
    quoted = _quoted(tree)
    post, author = _post(tree)
    if quoted is not None:
        yield from accounts.new(quoted[1])
        yield quoted[0]
        post = replace(post, quotes=(quoted[0].ref,))
    conversation = attribute(tree, "data-conversation-id")
    root = Ref("x", conversation) if conversation and _ID.fullmatch(conversation) else item.root
    post = with_thread(post, item.above, root)
    yield from accounts.new(author)
    yield mentioning(post, (attribute(tree, "data-mentions") or "").split())
    if "user-pinned" in classes(tree) or classed(tree, "js-pinned-text") is not None:
        yield Pin(author.ref, post.ref)
    if (handle := attribute(tree, "data-retweeter")) is not None:
        context = first(classed(tree, "js-retweet-text"), named("a"))
        reposter = account_of(handle, plain(first(context, named("b"))), attribute(context, "data-user-id"))
        yield from accounts.new(reposter)
        yield Repost(reposter.ref, post.ref)


def _post(tree: Node) -> tuple[Post, Account]:
    id_, handle = attribute(tree, "data-tweet-id"), attribute(tree, "data-screen-name")
    place = post_address(attribute(tree, "data-permalink-path")) or post_address(f"/{handle or 'i'}/status/{id_}")
    handle = handle or (place.handle if place else None)
    if place is None or handle is None:
        raise ValueError("the post's id or its author is missing")
    name = attribute(tree, "data-name") or plain(classed(tree, "fullname"))
    author = account_of(handle, name, attribute(tree, "data-user-id"))
    content = classed(tree, "js-tweet-text", "tweet-text")
    time = first(tree, lambda node: "data-time-ms" in node.attrs or "data-time" in node.attrs)
    post = post_of(place, author, _written(content), _stated_time(time))
    return replace(post, media=tuple(_media(tree)), counts=_counts(tree), language=_language(content)), author


def _quoted(tree: Node) -> tuple[Post, Account] | None:
    """Remove the quoted post from the tree; return it with its author. The page shows no time for it."""
    outer = classed(tree, "QuoteTweet", "QuoteTweet-container")
    inner = classed(outer, "QuoteTweet-innerContainer")
    handle, id_ = attribute(inner, "data-screen-name"), attribute(inner, "data-item-id")
    if outer is None:
        return None
    outer.extract()
    place = post_address(f"/{handle}/status/{id_}")
    if inner is None or handle is None or place is None:
        return None
    author = account_of(handle, plain(classed(inner, "QuoteTweet-fullname")), attribute(inner, "data-user-id"))
    content = classed(inner, "QuoteTweet-text", "tweet-text")
    post = post_of(place, author, _written(content), None)
    return replace(post, media=tuple(_media(inner)), language=_language(content)), author


def _written(content: Node | None) -> Written:
    if content is None:
        return Written()
    return read(content, Style(keeps_lines=True, target=_target, skips=has_class(*_NO_TEXT)))


def _target(anchor: Node, text: str) -> Target | None:
    expanded = attribute(anchor, "data-expanded-url") or attribute(anchor, "title")
    found = target_of(anchor, text)
    if found is not None and found.kind == "link" and expanded is not None and expanded.startswith("http"):
        return Target("link", expanded)
    return found


def _language(content: Node | None) -> str | None:
    return language_code(attribute(content, "lang"))


def _stated_time(time: Node | None) -> str | None:
    milliseconds = read_exact_count(attribute(time, "data-time-ms"))
    if milliseconds is None:
        seconds = read_exact_count(attribute(time, "data-time"))
        milliseconds = seconds * 1000 if seconds is not None else None
    if milliseconds is None:
        return None
    try:
        return (_EPOCH + timedelta(milliseconds=milliseconds)).isoformat()
    except OverflowError:
        return f"{milliseconds} ms after 1970"  # not a possible time: the one in the id counts, if any


def _media(tree: Node) -> Iterator[Media]:
    for node in every(tree, lambda item: "data-image-url" in item.attrs):
        image = first(node, named("img"))
        yield Media("image", url=address(attribute(node, "data-image-url")), alt=attribute(image, "alt"))
    for node in all_classed(tree, "PlayableMedia"):
        yield Media("gif" if "PlayableMedia--gif" in classes(node) else "video")


def _counts(tree: Node) -> dict[str, int]:
    found = {}
    for kind, name in _COUNTS:
        number = first(classed(tree, name), lambda node: "data-tweet-stat-count" in node.attrs)
        count = read_exact_count(attribute(number, "data-tweet-stat-count"))
        if count is not None:
            found[kind] = count
    return found


def _profile(tree: Node, page: _Page) -> Account:
    name, link = classed(tree, "ProfileHeaderCard-nameLink"), classed(tree, "ProfileHeaderCard-screennameLink")
    handle = handle_of(attribute(link, "href")) or handle_of(attribute(name, "href"))
    if handle is None:
        raise ValueError("there is no handle in the profile's header")
    nav = fragment(page.numbers) if page.numbers is not None else None
    counts = {}
    for kind in ("tweets", "following", "followers"):
        value = classed(classed(nav, f"ProfileNav-item--{kind}"), "ProfileNav-value")
        counts[kind] = read_exact_count(attribute(value, "data-count")) or read_exact_count(plain(value))
    id_ = attribute(classed(nav, "ProfileNav"), "data-user-id") or page.ids.get(handle.lower())
    website = first(classed(tree, "ProfileHeaderCard-urlText"), named("a"))
    return replace(
        account_of(handle, plain(name), id_),
        bio=plain(classed(tree, "ProfileHeaderCard-bio"), _BIO),
        url=attribute(website, "title") or attribute(website, "href"),
        followers=counts["followers"],
        following=counts["following"],
        posts=counts["tweets"],
    )


def _lay_out(saved: SavedPage) -> Iterator[Entry]:
    """Yield the profile's header and the posts."""
    page = _Page({handle.lower(): id_ for handle, id_ in _USER.findall(saved.text)})
    number = 0
    for block in saved.blocks:
        if block.kind == "numbers":
            page.numbers = block
            continue
        number += 1
        yield Entry(f"{block.kind} {number}", _in_thread(block, page), block.raw)


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind, frozenset(_GROUPS.values())), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries
