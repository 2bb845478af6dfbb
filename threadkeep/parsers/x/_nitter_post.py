"""Read one post, or the profile's card, of a page of nitter. See ``nitter``.

<span class="tweet-date"><a href="/mira/status/1750#m" title="27/7/2026, 09:09:00">…</a></span>
<div class="attachment image"><a class="still-image" href="/pic/orig/media%2FEd0.jpg"><img alt="A kiln"></a></div>
    -> 2026-07-27T09:09:00Z, Media("image", "https://pbs.twimg.com/media/Ed0.jpg", alt="A kiln")
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import unquote

from threadkeep.parsers._cards import Card, titled
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
    dedent,
    every,
    first,
    has_class,
    named,
    plain,
    read,
    split_address,
)
from threadkeep.parsers._html.page_format import Accounts
from threadkeep.parsers.x._page_links import account_of, handle_of, post_address, post_of, target_of, with_poll
from threadkeep.platforms.x import SITE
from threadkeep.records import Account, Media, Post
from threadkeep.text.counts import read_exact_count
from threadkeep.text.dates import month_number

_OLD_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}), (\d{1,2}):(\d\d):(\d\d)", re.A)
_DATE = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) · (\d{1,2}):(\d\d) ([AP]M) UTC", re.A)
_STATS = {
    "icon-comment": "replies",
    "icon-retweet": "reposts",
    "icon-quote": "quotes",
    "icon-heart": "likes",
    "icon-play": "views",
    "icon-views": "views",
}
_PASSED_ON = re.compile(r"/(?:pic/(?:orig/)?|video/[0-9A-F]+/)(.+)", re.S)
_CARDS = frozenset({"card-container", "card-content-container"})
_NO_TEXT = has_class("tweet-geo")
_BIO = Style(keeps_lines=True)


@dataclass(slots=True)
class NitterPage:
    """Context of a page: its owner, the handles of the names on it, and the host of the instance."""

    owner: Account | None = None
    handles: dict[str, str | None] = field(default_factory=dict)
    host: str | None = None
    accounts: Accounts = field(default_factory=Accounts)


def post(tree: Node, text_class: str, page: NitterPage) -> tuple[Post, Account]:
    """Return the post in ``tree`` and its author. Raises ValueError if either is not identified."""
    date = first(classed(tree, "tweet-date"), named("a"))
    link = classed(tree, "tweet-link", "quote-link")
    place = post_address(attribute(link, "href")) or post_address(attribute(date, "href"))
    if place is None:
        raise ValueError("there is no link to the post")
    author = author_of(tree)
    content = classed(tree, text_class)
    written = _written(content, page) if content is not None else Written()
    found = post_of(place, author, written, parse_time(attribute(date, "title")))
    found = replace(
        found, links=titled(found.links, _card(tree, page)), media=tuple(_media(tree)), counts=_counts(tree)
    )
    return with_poll(found, map(plain, all_classed(tree, "poll-choice-option", "poll-option-label"))), author


def author_of(tree: Node) -> Account:
    """Return the author of the post in ``tree``. Raises ValueError."""
    user, name = classed(tree, "username"), classed(tree, "fullname")
    handle = (plain(user) or attribute(user, "title") or "").removeprefix("@")
    if not handle:
        raise ValueError("there is no author's name on the post")
    return account_of(handle, attribute(name, "title") or plain(name))


def profile(tree: Node) -> Account:
    """Return the account on the profile's card. Raises ValueError."""
    user, name = classed(tree, "profile-card-username"), classed(tree, "profile-card-fullname")
    handle = (plain(user) or attribute(user, "title") or "").removeprefix("@")
    if not handle:
        raise ValueError("there is no handle on the profile's card")
    followers, following, posts = (
        read_exact_count(plain(classed(classed(tree, kind), "profile-stat-num")))
        for kind in ("followers", "following", "posts")
    )
    return replace(
        account_of(handle, attribute(name, "title") or plain(name)),
        bio=plain(classed(tree, "profile-bio"), _BIO),
        url=attribute(first(classed(tree, "profile-website"), named("a")), "href"),
        followers=followers,
        following=following,
        posts=posts,
    )


def answered(tree: Node) -> Iterator[str]:
    """Yield the handles after ``Replying to``."""
    line = classed(tree, "replying-to")
    for anchor in every(line, named("a")) if line is not None else ():
        handle = handle_of(attribute(anchor, "href"))
        if handle is not None:
            yield handle


def parse_time(title: str | None) -> str | None:
    """Return the time of a post in ISO 8601; None if ``title`` is None. Raises ValueError for other formats.

    ``27/4/2019, 05:45:08`` (until 2020, day first), ``Jul 27, 2026 · 9:09 AM UTC``; both are UTC.
    """
    if title is None:
        return None
    if old := _OLD_DATE.fullmatch(title):
        day, month, year, hour, minute, second = map(int, old.groups())
    elif new := _DATE.fullmatch(title):
        day, month, year, second = int(new[2]), month_number(new[1]) or 0, int(new[3]), 0
        hour, minute = int(new[4]) % 12 + (12 if new[6] == "PM" else 0), int(new[5])
    else:
        raise ValueError(f"{title[:60]!r} is not a time as nitter writes it")
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat()
    except ValueError:
        raise ValueError(f"{title!r} is not a possible time") from None


def _written(content: Node, page: NitterPage) -> Written:
    def target(anchor: Node, text: str) -> Target | None:
        found = target_of(anchor, text)
        return Target("link", _original(found.value, page)) if found and found.kind == "link" else found

    dedent(content)
    return read(content, Style(keeps_lines=True, target=target, skips=_NO_TEXT))


def _original(url: str, page: NitterPage) -> str:
    """Return X's address for a nitter link: ``https://nitter.test/mira/status/1`` -> ``https://x.com/…``."""
    parts = split_address(url)
    is_ours = url.startswith(SITE) or (page.host is not None and parts.netloc == page.host)
    return f"{SITE}{parts.path}" if is_ours and post_address(parts.path) is not None else url


def _card(tree: Node, page: NitterPage) -> Card:
    link = first(tree, lambda node: node.name == "a" and not _CARDS.isdisjoint(classes(node)))
    href = attribute(link, "href") or ""
    url = f"{SITE}{href}" if href.startswith("/i/") else _original(href, page)
    title = plain(classed(link, "card-title")) or plain(classed(link, "card-destination"))
    return Card(url, title, description=plain(classed(link, "card-description")))


def _media(tree: Node) -> Iterator[Media]:
    for node in all_classed(tree, "attachment"):
        video, image = first(node, named("video")), first(node, named("img"))
        if video is not None or "video-container" in classes(node):
            source = first(video, named("source"))
            url = attribute(video, "data-url") or attribute(source, "src") or attribute(video, "src")
            is_gif = video is not None and "gif" in classes(video)
            yield Media("gif" if is_gif else "video", url=_media_address(url))
        elif image is not None:
            said = (plain(classed(node, "alt-text")) or "").removeprefix("ALT").strip()
            url = _media_address(attribute(classed(node, "still-image"), "href"))
            url = url or _media_address(attribute(image, "src"))
            yield Media("image", url=url, alt=attribute(image, "alt") or said or None)


def _media_address(url: str | None) -> str | None:
    """Return X's address of proxied media: ``/pic/orig/media%2FEd0.jpg`` -> ``https://pbs.twimg.com/media/Ed0.jpg``."""
    found = _PASSED_ON.fullmatch(split_address(url).path)
    if found is None:
        return address(url)
    path = unquote(found[1])
    if path.startswith(("https://", "http://")):
        return path
    host = "" if path.split("/")[0].endswith(".twimg.com") else "pbs.twimg.com/"
    return f"https://{host}{path.removesuffix('?name=orig')}" if "/" in path else None


def _counts(tree: Node) -> dict[str, int]:
    found: dict[str, int] = {}
    for stat in all_classed(tree, "tweet-stat"):
        count = read_exact_count(plain(stat))
        for icon in every(stat, has_class(*_STATS)) if count is not None else ():
            found.update((_STATS[name], count) for name in classes(icon) if name in _STATS and count is not None)
    return found
