"""Read the code that X gives to embed a post in a page.

<blockquote class="twitter-tweet"><p lang="en">Frost. <a href="https://t.co/a">https://t.co/a</a></p>
&mdash; Mira (@mira) <a href="https://twitter.com/mira/status/1750?ref_src=twsrc">January 24, 2024</a></blockquote>
    -> x:1750 by @mira: "Frost. https://t.co/a"
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from threadkeep.parsers._html.elements import Node, Style, Written, attribute, every, first, named, plain, read
from threadkeep.parsers.x._page_links import account_of, post_of, target_of
from threadkeep.platforms.x import PostAddress, parse_post_url
from threadkeep.records import Account, Post
from threadkeep.text.languages import language_code

CLASSES = frozenset({"twitter-tweet", "twitter-video", "tweet-blockquote"})

_BYLINE = re.compile(r"[—–-]\s*(?P<name>[^\n]{0,100}?)\s*\(@(?P<handle>\w{1,30})\)", re.A)
_TEXT = Style(target=target_of)


def records_of(node: Node) -> Iterator[Account | Post]:
    """The author and the post; nothing where the element has no address of a post."""
    paragraph = first(node, named("p"))
    place = _place(node, paragraph)
    if place is None:
        return
    bylines = list(_BYLINE.finditer(plain(node) or ""))
    byline = bylines[-1] if bylines else None  # the text may hold another
    handle = place.handle or (byline["handle"] if byline else None)
    if handle is None:
        return
    account = account_of(
        handle, byline["name"] or None if byline and byline["handle"].lower() == handle.lower() else None
    )
    post = post_of(place, account, read(paragraph, _TEXT) if paragraph else Written(), None)
    answered = attribute(node, "data-in-reply-to")
    yield account
    yield replace(
        post,
        language=language_code(attribute(paragraph, "lang")),
        reply_to=replace(place.ref, id=answered) if answered and answered.isdigit() else None,
        inferred=post.inferred if post.text else (*post.inferred, "truncated"),
    )


def _place(node: Node, paragraph: Node | None) -> PostAddress | None:
    """The address below the text; a link in the text may be to another post."""
    inside = set() if paragraph is None else {id(anchor) for anchor in every(paragraph, named("a"))}
    anchors = [anchor for anchor in every(node, named("a")) if id(anchor) not in inside]
    addresses = (parse_post_url(attribute(anchor, "href") or "") for anchor in reversed(anchors))
    return next((address for address in addresses if address is not None), None)
