"""Read one post of a saved page of bsky.app. See ``bluesky_page``.

<div data-testid="feedItem-by-mira.example.com"> <a href="/profile/jun.example.com">Reposted by Jun</a>
  <a href="/profile/mira.example.com">Mira Lane</a> <a href="/profile/mira.example.com">@mira.example.com</a>
  <div data-testid="postText">Tea: <a href="https://a.example/x">a.example/x</a></div>
  <img alt="A cup" src="https://cdn.bsky.app/img/feed_thumbnail/plain/did:plc:mira/bafy…@jpeg">
  <button data-testid="likeBtn" aria-label="Like (1,204 likes)">
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

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
    split_address,
    tested,
)
from threadkeep.parsers._html.page_format import Accounts
from threadkeep.parsers.bluesky._embeds import PLATFORM, POST
from threadkeep.parsers.bluesky._records import when
from threadkeep.records import Account, Media, Pin, Post, Ref, Repost, account_ref, post_ref
from threadkeep.text.counts import read_exact_count

SITE = "https://bsky.app"

PORTRAIT = re.compile(r"/img/avatar(?:_thumbnail)?/plain/(did:[a-z]{1,10}:[\w.:%-]{1,200})/")
"""The address of an account's portrait, which holds its id."""
PLACE = re.compile(r"(?:https://bsky\.app)?/profile/([^/?#\s]{3,300})/post/([A-Za-z0-9._~:-]{1,512})")
_PROFILE = re.compile(r"(?:https://bsky\.app)?/profile/([^/?#\s]{3,300})/?(?:[?#].*)?", re.S)
_FORM = re.compile(r"@(?:jpeg|png|webp)\Z")
_IN_BRACKETS = re.compile(r"\((\d[\d.,\u00a0\u202f]{0,20})(?![\d.,KMB])")
_REPOSTED = re.compile(r"(?:Reposted by|Repost von|Republié par|Repostado por|Republicado por) (.+)", re.S)
_PINNED = (
    "pinned angeheftet épinglé fijado fixado fissato vastgemaakt 固定 ピン留め 固定済み 已置顶 已固定 고정됨 закреплено"
)
_MARKS = "\u202a\u202c\u200e\u200f\u2066\u2067\u2068\u2069 \u00a0\n"
"""Signs of direction, and blanks, around names and handles."""
_COUNTS = {
    "replyBtn": "replies",
    "likeBtn": "likes",
    "repostCount-expanded": "reposts",
    "quoteCount-expanded": "quotes",
    "likeCount-expanded": "likes",
}
"""``repostCount`` without more counts the quotes too."""


class Place(NamedTuple):
    """Where a post is: the handle or id of its author, and its key."""

    actor: str
    key: str


@dataclass(slots=True)
class Page:
    """The post a page is about, with the time it states for it, whose the ids on it are, and what it has shown."""

    link: Place | None
    published: str | None
    dids: dict[str, str]
    accounts: Accounts = field(default_factory=Accounts)

    def account(self, handle: str, name: str | None = None, did: str | None = None) -> Account:
        """The account with that handle, by its id where the page shows it."""
        did = did or self.dids.get(handle.lower()) or (handle if handle.startswith("did:") else None)
        ref = Ref(PLATFORM, did) if did else account_ref(PLATFORM, handle)
        return Account(ref, None if handle == did else handle, name, url=f"{SITE}/profile/{handle}")

    def ref(self, place: Place) -> Ref:
        """The post at a place."""
        return Ref(PLATFORM, f"at://{self.dids.get(place.actor.lower(), place.actor)}/{POST}/{place.key}")


def name_of(node: Node, handle: str) -> str | None:
    """The name of an author: what stands before the handle where that stands alone."""
    before = None
    for string in node.strings:
        text = string.strip(_MARKS)
        if text == f"@{handle}":
            return before
        before = text or before
    return None


def post_of(node: Node, author: Account, place: Place | None, page: Page) -> Post:
    """The post in ``node``; where nothing shows its key, it is named after its author and text."""
    content = first(node, lambda item: item.attrs.get("data-testid") == "postText" or "data-word-wrap" in item.attrs)
    written = read(content, Style(keeps_lines=True, target=_target)) if content is not None else Written()
    name = author.handle or author.ref.id
    created = when(page.published if place is not None and place == page.link else None, place.key if place else None)
    return Post(
        page.ref(place) if place is not None else post_ref(PLATFORM, name, written.text),
        author.ref,
        written.text,
        created=created,
        url=f"{SITE}/profile/{name}/post/{place.key}" if place is not None else None,
        links=titled(written.links, _card(node, content)),
        media=tuple(_media(node)),
        tags=written.tags,
        mentions=written.mentions,
        visibility="public",
        counts=_counts(node),
        inferred=("created",) if created is not None and created.origin == "derived" else (),
    )


def quoted(node: Node, page: Page) -> tuple[Post, Account] | None:
    """The quoted post, taken out of the one that quotes it, and its author."""
    holder = first(node, lambda item: item.name == "div" and item.attrs.get("role") == "link")
    if holder is None:
        return None
    holder.extract()
    links = (PLACE.match(attribute(anchor, "href") or "") for anchor in every(holder, named("a")))
    found = next((link for link in links if link), None)
    handles = (text[1:] for string in holder.strings if (text := string.strip(_MARKS)).startswith("@") and "." in text)
    handle = next(handles, None) or (found[1] if found else None)
    if handle is None:
        return None
    portrait = next(
        (match for image in every(holder, named("img")) if (match := PORTRAIT.search(attribute(image, "src") or ""))),
        None,
    )
    did = unquote(portrait[1]) if portrait else None
    if did is not None:
        page.dids.setdefault(handle.lower(), did)
    author = page.account(handle, name_of(holder, handle), did)
    return post_of(holder, author, Place(found[1], found[2]) if found else None, page), author


def reason_of(node: Node, handle: str, author: Account, post: Post, page: Page) -> Iterator[Account | Repost | Pin]:
    """Why a feed shows the post: somebody passed it on, or its author pinned it. That stands above the portrait."""
    for anchor in every(node, named("a")):
        found = _PROFILE.fullmatch(attribute(anchor, "href") or "")
        said = _REPOSTED.fullmatch(plain(anchor) or "")
        is_author = found is not None and found[1] in (handle, author.ref.id)
        if found is not None and (said or not is_author):
            reposter = author if is_author else page.account(found[1], said[1].strip(_MARKS) if said else None)
            yield from page.accounts.new(reposter)
            yield Repost(reposter.ref, post.ref)
        if found is not None:
            break
    for string in node.strings:
        text = string.strip(_MARKS)
        if text.lower() in _PINNED.split():
            yield Pin(author.ref, post.ref)
        if text.startswith("@") or text.lower() in _PINNED.split():
            return


def _target(anchor: Node, text: str) -> Target | None:
    href = attribute(anchor, "href") or ""
    if text.startswith(("#", "＃")):
        return Target("tag", text[1:]) if len(text) > 1 else None
    if text.startswith("@") and _PROFILE.fullmatch(href):
        return Target("mention", text[1:])
    url = _unwrapped(href)
    return Target("link", url) if url else None


def _unwrapped(href: str) -> str | None:
    """Where a link leads: ``https://go.bsky.app/redirect?u=https%3A%2F%2Fa.example`` -> ``https://a.example``."""
    parts = split_address(href)
    if parts.netloc == "go.bsky.app" and parts.path == "/redirect":
        return parse_qs(parts.query).get("u", [""])[0] or None
    return f"{SITE}{href}" if href.startswith("/") and not href.startswith("//") else address(href)


def _card(node: Node, content: Node | None) -> Card:
    """The link card below the text, which has its title for the blind."""
    for anchor in every(node, named("a")):
        url, title = _unwrapped(attribute(anchor, "href") or ""), attribute(anchor, "aria-label")
        if url is None or title is None or url.startswith(SITE):
            continue
        if content is None or not any(item is content for item in anchor.parents):
            return Card(url, title)
    return Card()


def _media(node: Node) -> Iterator[Media]:
    for item in every(node, named("img", "video")):
        source = attribute(item, "src") or ""
        if above(item, tested("userAvatarImage")) is not None or PORTRAIT.search(source):
            continue
        if item.name == "video":
            is_gif = "gifs.bsky.app" in source or "tenor" in source
            yield Media("gif" if is_gif else "video", url=address(source), alt=attribute(item, "aria-label"))
        elif above(item, lambda around: (attribute(around, "href") or "").startswith("http")) is None:
            yield Media("image", url=address(_in_full(source)), alt=attribute(item, "alt"))


def _in_full(url: str) -> str:
    """``…/feed_thumbnail/plain/did:plc:mira/bafy…@jpeg`` -> ``…/feed_fullsize/plain/did:plc:mira/bafy…``."""
    return _FORM.sub("", url.replace("/feed_thumbnail/", "/feed_fullsize/"))


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
