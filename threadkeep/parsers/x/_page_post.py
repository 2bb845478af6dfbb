"""Read one post of a saved page of X's current site. See ``page``.

<article data-testid="tweet">                              the site since 2019, for who is logged in
  <div data-testid="User-Name">Mira Lane @mira · <a href="/mira/status/1750"><time datetime="2026-…Z">4h</time></a>
  <div data-testid="tweetText" lang="en">New: <a href="https://t.co/a1"><span>https://</span>a.example/x…</a></div>
  <div role="link">… <div data-testid="User-Name">…</div> the quoted post, mostly without its id </div>
  <button data-testid="like" aria-label="1204 Likes. Like">

<article data-tweet-id="1750"> … <a href="https://x.com/mira">@mira</a> … <div dir="auto">…</div>     since 2026
  <div role="link" data-href="/jun/status/1740">the quoted post</div>

<article><div data-testid="tweet"> <a href="/mira">Mira Lane @mira</a> … <div lang="en" dir="auto">…</div>   until 2021
  <div role="blockquote">the quoted post, in which nothing is a link</div>
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from threadkeep.parsers._cards import titled
from threadkeep.parsers._html.elements import (
    Node,
    Style,
    Target,
    Written,
    above,
    attribute,
    every,
    first,
    named,
    plain,
    read,
    tested,
    without_layout,
)
from threadkeep.parsers._html.page_format import cut_short, mentioning
from threadkeep.parsers.x._ids_and_times import parse_time
from threadkeep.parsers.x._page_links import account_of, handle_of, post_address, post_of, target_of, with_poll
from threadkeep.parsers.x._page_parts import card_of, counts_of, media_of, note_of, options_of
from threadkeep.platforms.x import PostAddress, is_cut_text
from threadkeep.records import Account, Post, When, post_ref
from threadkeep.text.languages import language_code

_AT = re.compile(r"@(\w{1,30})", re.A)
_QUOTING = frozenset({"link", "blockquote"})
"""The roles of the element of a quoted post."""
_MOST_QUOTED = 40
"""A post quotes one other; a long article may hold more."""
_SHORTENED = re.compile(r"https?://t\.co/")


@dataclass(frozen=True, slots=True)
class PagePost:
    """A post of a page with its author, the posts it quotes, and the handles it answers."""

    post: Post
    author: Account
    quoted: tuple["PagePost", ...] = ()
    answered: tuple[str, ...] = ()


def is_post(article: Node) -> bool:
    """Whether an article holds a post, not a notice that it is unavailable."""
    names = tested("User-Name", "tweetText", "twitterArticleRichTextView")
    if attribute(article, "data-tweet-id") is not None or first(article, names) is not None:
        return True
    return first(article, tested("tweet")) is not None and author_of(article) is not None


def read_post(article: Node, page: PostAddress | None) -> PagePost:
    """Read the post in an article; ``page`` is the address of the page, if this is its main post.

    Raises ValueError if there is no author.
    """
    quoted = tuple(_quoted(article))
    author = author_of(article)
    if author is None and page is not None and page.handle is not None:
        author = account_of(page.handle)
    if author is None:
        raise ValueError("there is no author's name on the post")
    content = _content(article)
    answered = tuple(_answered(article, content, author))
    post = _post(article, author, content, place_of(article, author) or page)
    post = replace(post, quotes=tuple(quote.post.ref for quote in quoted))
    return PagePost(mentioning(post, answered), author, quoted, answered)


def author_of(node: Node) -> Account | None:
    """Return the author of a post: the first handle in an element of its own, and the name before it."""
    user = first(node, tested("User-Name"))
    if user is not None:
        handle = _handle_alone(user)
        return _named(handle, plain(user)) if handle else None
    if (handle := _stated(node, "additionalName")) is not None:
        return account_of(handle, _stated(node, "name"))
    is_of_text = tested("twitterArticleRichTextView")  # a long article may name other accounts
    names: dict[str, str] = {}
    for anchor in every(node, named("a")):
        handle = handle_of(attribute(anchor, "href"))
        is_portrait = not any(string.strip() for string in anchor.strings)
        if handle is not None and not is_portrait and above(anchor, is_of_text) is None:
            text = plain(anchor) or ""
            if text == f"@{handle}":
                return account_of(handle, names.get(handle))
            if handle == _handle_alone(anchor):
                return _named(handle, text)
            names.setdefault(handle, text)
    handle = _handle_alone(node) if first(node, is_of_text) is None else None
    return _named(handle, plain(node)) if handle else None


def _stated(node: Node, property_: str) -> str | None:
    """Return the microdata of an element: ``<meta itemprop="additionalName" content="mira">``."""
    return attribute(first(node, lambda item: item.attrs.get("itemprop") == property_), "content")


def _handle_alone(node: Node) -> str | None:
    """Return the first handle in an element of its own."""
    alone = (_AT.fullmatch(str(string).strip()) for string in node.strings)
    return next((found[1] for found in alone if found), None)


def _named(handle: str, text: str | None) -> Account:
    """Return the account with that handle, and the name before it in ``text``."""
    name = (text or "").partition(f"@{handle}")[0]
    return account_of(handle, " ".join(name.split()) or None)


def place_of(node: Node, author: Account | None) -> PostAddress | None:
    """Return the address of a post: its attribute, the link on its time, or a link to one of its pictures."""
    own = attribute(node, "data-tweet-id")
    stated = post_address(f"/i/status/{own}") if own else post_address(attribute(node, "data-href"))
    if stated is not None:
        return stated
    time = first(node, named("time"))
    link = above(time, named("a")) if time is not None else None
    if (timed := post_address(attribute(link, "href"))) is not None:
        return timed
    links = (post_address(attribute(anchor, "href")) for anchor in every(node, named("a")))
    handle = (author.handle or "").lower() if author is not None else None
    return next((link for link in links if link is not None and (link.handle or "").lower() == handle), None)


def _quoted(article: Node) -> Iterator[PagePost]:
    """Remove and yield the posts inside another one: a quoted one, or those in a long article."""
    for _ in range(_MOST_QUOTED):
        inner = _inner(article)
        if inner is None:
            return
        inner.extract()
        author = author_of(inner)
        if author is not None:
            yield PagePost(_post(inner, author, _content(inner), place_of(inner, author)), author)


def _inner(article: Node) -> Node | None:
    for node in every(article, lambda item: item.name == "article" or "data-href" in item.attrs):
        if node.name == "article" or post_address(attribute(node, "data-href")) is not None:
            return node
    own = first(article, tested("User-Name"))
    around = list(own.parents) if own is not None else []
    for head in itertools.islice(every(article, _is_head), _MOST_QUOTED):
        holder = above(head, lambda item: item.attrs.get("role") in _QUOTING)
        if holder is not None and holder.name == "div" and not any(holder is item for item in around):
            return holder
    return None


def _is_head(node: Node) -> bool:
    """Whether an element is above the text of a post: the author's name, or the time."""
    return node.name == "time" or node.attrs.get("data-testid") == "User-Name"


def _content(node: Node) -> Node | None:
    """Return the element of a post's text."""
    content = first(node, tested("tweetText")) or first(node, tested("twitterArticleRichTextView"))
    if content is not None or first(node, tested("User-Name")) is not None:
        return content
    if attribute(node, "data-tweet-id") or attribute(node, "data-href"):
        return first(node, lambda item: item.name == "div" and item.attrs.get("dir") == "auto")
    return first(node, lambda item: item.name == "div" and bool(item.attrs.get("lang")))


def _post(node: Node, author: Account, content: Node | None, place: PostAddress | None) -> Post:
    time = attribute(first(node, named("time")), "datetime")
    links: dict[str, str] = {}
    written = _written(content, links)
    if place is not None:
        post = post_of(place, author, written, time)
    else:
        post = Post(
            post_ref("x", author.handle, written.text),
            author.ref,
            written.text,
            created=When(parse_time(time)) if time else None,
            links=written.links,
            tags=written.tags,
            mentions=written.mentions,
        )
    post = replace(
        post,
        title=plain(first(node, tested("twitter-article-title"))),
        links=(*titled(post.links, card_of(node, links)), *note_of(node)),
        media=tuple(media_of(node)),
        counts=counts_of(node),
        language=_language(content),
    )
    is_cut = (
        is_cut_text(written.text)
        or first(node, tested("tweet-text-show-more-link")) is not None
        or (content is not None and first(content, named("button")) is not None)
    )
    return with_poll(cut_short(post) if is_cut else post, options_of(node))


def _written(content: Node | None, links: dict[str, str]) -> Written:
    """Read the text with complete links: the hidden ends of ``https://a.example/x/y…`` are in the page.

    Fills ``links``: the target of each ``t.co`` address.
    """

    def target(anchor: Node, text: str) -> Target | None:
        found = target_of(anchor, text)
        if found is not None and found.kind == "link" and _SHORTENED.match(found.value) and "://" in text:
            links[found.value] = text
            return Target("link", text)
        return found

    if content is None:
        return Written()
    is_long = content.attrs.get("data-testid") == "twitterArticleRichTextView"
    if not is_long:
        without_layout(content)
    return read(content, Style(keeps_lines=not is_long, target=target, skips=_is_no_text))


def _is_no_text(node: Node) -> bool:
    if node.name == "button" or node.attrs.get("data-testid") in ("tweet-text-show-more-link", "tweetPhoto"):
        return True
    return node.name == "span" and node.attrs.get("aria-hidden") == "true" and plain(node) == "…"


def _answered(article: Node, content: Node | None, author: Account) -> Iterator[str]:
    """Yield the handles in the line ``Replying to`` above the text."""
    user = first(article, tested("User-Name"))
    for node in every(article, lambda _: True):
        if node is content:
            return
        handle = handle_of(attribute(node, "href")) if node.name == "a" else None
        if handle is None or plain(node) != f"@{handle}":
            continue
        is_author = handle == author.handle if user is None else any(item is user for item in node.parents)
        if not is_author:
            yield handle


def _language(content: Node | None) -> str | None:
    return language_code(attribute(content, "lang"))
