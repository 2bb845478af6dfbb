"""Read the code that Mastodon gives to embed a post in a page; it names the post and mostly holds nothing of its text.

<iframe src="https://kilns.example/@mira/1125/embed" class="mastodon-embed"></iframe>
<blockquote class="mastodon-embed" data-embed-url="https://kilns.example/@mira/1125/embed">
<a href="https://kilns.example/@mira/1125"><div>Post by @mira@kilns.example</div><div>View on Mastodon</div></a>
    -> mastodon:https://kilns.example/users/mira/statuses/1125 by @mira@kilns.example
"""

import re
from collections.abc import Iterator

from threadkeep.parsers._html.elements import (
    Node,
    Style,
    Target,
    attribute,
    every,
    first,
    named,
    plain,
    read,
    split_address,
)
from threadkeep.platforms import mastodon
from threadkeep.records import Account, Post, account_ref

CLASSES = frozenset({"mastodon-embed"})

_POST_BY = re.compile(r"Post by @?[\w.@:-]{1,300}|View on \w{1,40}|\s+")


def records_of(node: Node) -> Iterator[Account | Post]:
    """The author and the post; nothing where the element names none. What has no text is marked ``truncated``."""
    urls = [attribute(node, "data-embed-url"), attribute(node, "src")]
    urls += [attribute(anchor, "href") for anchor in every(node, named("a"))]
    for url in filter(None, urls):
        address = url.partition("?")[0].removesuffix("/embed")
        ref = mastodon.ref_of_url(address)
        place = mastodon.parse_post_path(split_address(address).path)
        if ref is None or place is None:
            continue
        handle = f"{place.name}@{split_address(address).netloc}"
        paragraph = first(node, named("p"))
        is_shown = paragraph is not None and _POST_BY.sub("", plain(paragraph) or "") != ""
        written = read(paragraph, Style(target=_target)) if paragraph is not None and is_shown else None
        created = mastodon.time_of_id(ref.id)
        account = Account(account_ref(mastodon.NAME, handle), handle, url=mastodon.account_url(handle))
        yield account
        yield Post(
            ref,
            account.ref,
            written.text if written else "",
            created=created,
            url=address,
            links=written.links if written else (),
            tags=written.tags if written else (),
            mentions=written.mentions if written else (),
            inferred=(("created",) if created else ()) + (() if written else ("truncated",)),
        )
        return


def _target(anchor: Node, text: str) -> Target | None:
    if text.startswith(("#", "@")) and len(text) > 1:
        return Target("tag" if text[0] == "#" else "mention", text[1:])
    href = attribute(anchor, "href")
    return Target("link", href) if href else None
