"""Where a post stands on the web, as far as its id tells."""

import re

from threadkeep.exporters._markdown_escape import is_web
from threadkeep.records import Post, Ref

_BLUESKY = re.compile(r"at://([^/\s]+)/app\.bsky\.feed\.post/([^/\s]+)")


def permalink(ref: Ref) -> str | None:
    """``x:1750`` -> ``https://x.com/i/status/1750``; None for ids that say no place."""
    if ref.platform == "x" and ref.id.isascii() and ref.id.isdigit():
        return f"https://x.com/i/status/{ref.id}"
    bluesky = _BLUESKY.fullmatch(ref.id) if ref.platform == "bluesky" else None
    if bluesky:
        return f"https://bsky.app/profile/{bluesky[1]}/post/{bluesky[2]}"
    return ref.id if is_web(ref.id) else None


def url_of(post: Post) -> str | None:
    """The post's address, as its dump gives it or as its id tells."""
    return post.url if is_web(post.url) else permalink(post.ref)
