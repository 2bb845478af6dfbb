"""Read the code that Bluesky gives to embed a post in a page.

<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:mira/app.bsky.feed.post/3k2a"><p lang="en">Frost.</p>
&mdash; Mira (<a href="https://bsky.app/profile/did:plc:mira">@mira.example.com</a>) <a href="…">June 5, 2024</a>
    -> at://did:plc:mira/app.bsky.feed.post/3k2a by @mira.example.com: "Frost."
"""

import re
from collections.abc import Iterator

from threadkeep.parsers._html.elements import Node, Style, Target, Written, attribute, first, named, plain, read
from threadkeep.platforms import bluesky
from threadkeep.records import Account, Post, Ref, account_ref
from threadkeep.text.dates import read_date
from threadkeep.text.languages import language_code

CLASSES = frozenset({"bluesky-embed"})

_BYLINE = re.compile(r"[—–-]\s*(?P<name>[^\n]{0,200}?)\s*\(@(?P<handle>[\w.:-]{3,253})\)\s*(?P<date>[^\n]*)")
_MEDIA = "[image or embed]"
"""What stands for pictures, videos, cards and quotes."""


def records_of(node: Node) -> Iterator[Account | Post]:
    """The author and the post; nothing where the element names none."""
    uri = attribute(node, "data-bluesky-uri") or ""
    parts = bluesky.split_uri(uri)
    if parts is None:
        return
    owner, _, key = parts
    bylines = list(_BYLINE.finditer(plain(node) or ""))
    byline = bylines[-1] if bylines else None  # the text may hold another
    handle = byline["handle"] if byline and "." in byline["handle"] else None
    account = Account(
        Ref(bluesky.NAME, owner) if owner.startswith("did:") else account_ref(bluesky.NAME, owner),
        handle=handle or (owner if "." in owner else None),
        name=(byline["name"] or None) if byline else None,
    )
    paragraph = first(node, named("p"))
    written = read(paragraph, Style(target=_target)) if paragraph else Written()
    text = written.text.removesuffix(_MEDIA).rstrip()
    created = bluesky.time_of_id(uri) or (read_date(byline["date"].strip()) if byline else None)
    derived = created is not None and created.origin == "derived"
    yield account
    yield Post(
        Ref(bluesky.NAME, uri),
        account.ref,
        text,
        created=created,
        url=bluesky.post_url(owner, key),
        links=tuple(link for link in written.links if (link.end or 0) <= len(text)),
        tags=written.tags,
        mentions=written.mentions,
        language=language_code(attribute(paragraph, "lang")),
        inferred=(("created",) if derived else ()) + (() if paragraph else ("truncated",)),
    )


def _target(anchor: Node, text: str) -> Target | None:
    if text == _MEDIA:
        return None
    if text.startswith("#") and len(text) > 1:
        return Target("tag", text[1:])
    if text.startswith("@") and len(text) > 1:
        return Target("mention", text[1:])
    href = attribute(anchor, "href")
    return Target("link", href) if href else None
