"""Read one post of a saved page of bsky.app. ``page`` cuts the page into posts.

<div data-testid="feedItem-by-mira.example.com"> <a href="/profile/jun.example.com">Reposted by Jun</a>
  <a href="/profile/mira.example.com">Mira Lane</a> <a href="/profile/mira.example.com">@mira.example.com</a>
  <div data-testid="postText">Tea: <a href="https://a.example/x">a.example/x</a></div>
  <img alt="A cup" src="https://cdn.bsky.app/img/feed_thumbnail/plain/did:plc:mira/bafy…@jpeg">
  <button data-testid="likeBtn" aria-label="Like (1,204 likes)">
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from threadkeep.parsers._cards import Card, titled
from threadkeep.parsers._html.elements import (
    Node,
    Style,
    Target,
    Written,
    above,
    address,
    attribute,
    every,
    first,
    named,
    plain,
    read,
    tested,
)
from threadkeep.parsers._html.page_format import Accounts
from threadkeep.parsers.bluesky._records import parse_time
from threadkeep.platforms import bluesky
from threadkeep.platforms.bluesky import PostAddress
from threadkeep.records import Account, Media, Pin, Post, Ref, Repost, account_ref, post_ref
from threadkeep.text.counts import read_exact_count

AVATAR_URL = re.compile(r"/img/avatar(?:_thumbnail)?/plain/(did:[a-z]{1,10}:[\w.:%-]{1,200})/")
"""The address of an account's avatar, which holds its DID."""
_IMAGE_FORMAT = re.compile(r"@(?:jpeg|png|webp)\Z")
_IN_BRACKETS = re.compile(r"\((\d[\d.,\u00a0\u202f]{0,20})(?![\d.,KMB])")
_REPOSTED = re.compile(r"(?:Reposted by|Repost von|Republié par|Repostado por|Republicado por) (.+)", re.S)
_PINNED = (
    "pinned angeheftet épinglé fijado fixado fissato vastgemaakt 固定 ピン留め 固定済み 已置顶 已固定 고정됨 закреплено"
)
_DIRECTION_MARKS = "\u202a\u202c\u200e\u200f\u2066\u2067\u2068\u2069 \u00a0\n"
"""Direction marks and blanks around names and handles."""
_COUNTS = {
    "replyBtn": "replies",
    "likeBtn": "likes",
    "repostCount-expanded": "reposts",
    "quoteCount-expanded": "quotes",
    "likeCount-expanded": "likes",
}
"""``repostCount`` alone includes the quotes."""


@dataclass(slots=True)
class BlueskyPage:
    """A page: the address and time of its own post, the DIDs by handle, and the accounts shown so far."""

    address: PostAddress | None
    published: str | None
    dids: dict[str, str]
    accounts: Accounts = field(default_factory=Accounts)

    def account(self, handle: str, name: str | None = None, did: str | None = None) -> Account:
        """The account with that handle, by its DID where the page shows it."""
        did = did or self.dids.get(handle.lower()) or (handle if handle.startswith("did:") else None)
        ref = Ref(bluesky.NAME, did) if did else account_ref(bluesky.NAME, handle)
        return Account(ref, None if handle == did else handle, name, url=f"{bluesky.SITE}/profile/{handle}")

    def ref(self, post: PostAddress) -> Ref:
        """The post with that address, by the DID of its author where the page shows it."""
        return Ref(bluesky.NAME, post._replace(actor=self.dids.get(post.actor.lower(), post.actor)).uri)


def display_name(node: Node, handle: str) -> str | None:
    """The display name of an author: the text before the handle."""
    before = None
    for string in node.strings:
        text = string.strip(_DIRECTION_MARKS)
        if text == f"@{handle}":
            return before
        before = text or before
    return None


def read_post(node: Node, author: Account, where: PostAddress | None, page: BlueskyPage) -> Post:
    """The post in ``node``; without an address it is identified by author and text."""
    content = first(node, lambda item: item.attrs.get("data-testid") == "postText" or "data-word-wrap" in item.attrs)
    written = read(content, Style(keeps_lines=True, target=_anchor_target)) if content is not None else Written()
    name = author.handle or author.ref.id
    stated = page.published if where is not None and where == page.address else None
    created = parse_time(stated, where.rkey if where else None)
    return Post(
        page.ref(where) if where is not None else post_ref(bluesky.NAME, name, written.text),
        author.ref,
        written.text,
        created=created,
        url=bluesky.post_url(name, where.rkey) if where is not None else None,
        links=titled(written.links, _card(node, content)),
        media=tuple(_media(node)),
        tags=written.tags,
        mentions=written.mentions,
        visibility="public",
        counts=_counts(node),
        inferred=("created",) if created is not None and created.origin == "derived" else (),
    )


def take_quote(node: Node, page: BlueskyPage) -> tuple[Post, Account] | None:
    """Remove the quoted post from ``node`` and return it with its author."""
    holder = first(node, lambda item: item.name == "div" and item.attrs.get("role") == "link")
    if holder is None:
        return None
    holder.extract()
    links = (bluesky.parse_post_url(attribute(anchor, "href") or "") for anchor in every(holder, named("a")))
    where = next((link for link in links if link), None)
    handles = (
        text[1:]
        for string in holder.strings
        if (text := string.strip(_DIRECTION_MARKS)).startswith("@") and "." in text
    )
    handle = next(handles, None) or (where.actor if where else None)
    if handle is None:
        return None
    avatar = next(
        (match for image in every(holder, named("img")) if (match := AVATAR_URL.search(attribute(image, "src") or ""))),
        None,
    )
    did = unquote(avatar[1]) if avatar else None
    if did is not None:
        page.dids.setdefault(handle.lower(), did)
    author = page.account(handle, display_name(holder, handle), did)
    return read_post(holder, author, where, page), author


def feed_reasons(
    node: Node, handle: str, author: Account, post: Post, page: BlueskyPage
) -> Iterator[Account | Repost | Pin]:
    """Why a feed shows the post, as the lines above the avatar say: somebody reposted it, or its author pinned it."""
    for anchor in every(node, named("a")):
        actor = bluesky.parse_account_url(attribute(anchor, "href") or "")
        if actor is None:
            continue
        marker = _REPOSTED.fullmatch(plain(anchor) or "")
        is_author = actor in (handle, author.ref.id)
        if marker or not is_author:
            name = marker[1].strip(_DIRECTION_MARKS) if marker else None
            reposter = author if is_author else page.account(actor, name)
            yield from page.accounts.new(reposter)
            yield Repost(reposter.ref, post.ref)
        break
    for string in node.strings:
        text = string.strip(_DIRECTION_MARKS)
        if text.lower() in _PINNED.split():
            yield Pin(author.ref, post.ref)
        if text.startswith("@") or text.lower() in _PINNED.split():
            return


def _anchor_target(anchor: Node, text: str) -> Target | None:
    href = attribute(anchor, "href") or ""
    if text.startswith(("#", "＃")):
        return Target("tag", text[1:]) if len(text) > 1 else None
    if text.startswith("@") and bluesky.parse_account_url(href):
        return Target("mention", text[1:])
    url = _absolute(href)
    return Target("link", url) if url else None


def _absolute(href: str) -> str | None:
    """The address a link leads to, without the redirect that bsky.app puts before it."""
    if href.startswith("/") and not href.startswith("//"):
        return f"{bluesky.SITE}{href}"
    target = bluesky.resolve_redirect(href)
    return address(href) if target == href else target


def _card(node: Node, content: Node | None) -> Card:
    """The link card below the text, with the title of its ``aria-label``."""
    for anchor in every(node, named("a")):
        url, title = _absolute(attribute(anchor, "href") or ""), attribute(anchor, "aria-label")
        if url is None or title is None or url.startswith(bluesky.SITE):
            continue
        if content is None or not any(item is content for item in anchor.parents):
            return Card(url, title)
    return Card()


def _media(node: Node) -> Iterator[Media]:
    for item in every(node, named("img", "video")):
        source = attribute(item, "src") or ""
        if above(item, tested("userAvatarImage")) is not None or AVATAR_URL.search(source):
            continue
        if item.name == "video":
            is_gif = "gifs.bsky.app" in source or "tenor" in source
            yield Media("gif" if is_gif else "video", url=address(source), alt=attribute(item, "aria-label"))
        elif above(item, lambda around: (attribute(around, "href") or "").startswith("http")) is None:
            yield Media("image", url=address(_fullsize_url(source)), alt=attribute(item, "alt"))


def _fullsize_url(url: str) -> str:
    """``…/feed_thumbnail/plain/did:plc:mira/bafy…@jpeg`` -> ``…/feed_fullsize/plain/did:plc:mira/bafy…``."""
    return _IMAGE_FORMAT.sub("", url.replace("/feed_thumbnail/", "/feed_fullsize/"))


def _counts(node: Node) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in every(node, tested(*_COUNTS)):
        name = attribute(item, "data-testid") or ""
        label = _IN_BRACKETS.search(attribute(item, "aria-label") or "")
        text = (plain(item) or "").partition(" ")[0]
        count = read_exact_count(label[1] if label else None) if name.endswith("Btn") else read_exact_count(text)
        if count is not None:
            found.setdefault(_COUNTS[name], count)
    return found
