"""Links, accounts and posts of X on saved pages of any site that shows them.

<a href="/mira/status/1750#m">…</a>        post_address  -> handle mira, id 1750
<a href="/search?q=%23kiln">#kiln</a>      target_of     -> the hashtag kiln
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from threadkeep.parsers._cards import poll_of
from threadkeep.parsers._html.elements import Node, Target, Written, attribute, split_address
from threadkeep.parsers.x._ids_and_times import PLATFORM, post_time
from threadkeep.platforms.x import SITE, PostAddress, is_cut_text, parse_post_path, post_url
from threadkeep.records import Account, Gap, Post, Ref, Skipped, account_ref

_PROFILE = re.compile(r"/?@?(\w{1,30})/?", re.A)
_NO_HANDLES = frozenset(
    "i home explore search hashtag settings notifications messages intent share tos privacy".split()
)
_REASONS = (
    ("suspended", "suspended"),
    ("deleted", "deleted"),
    ("limits who", "private"),
    ("protected", "private"),
    ("blocked", "blocked"),
)


def post_address(href: str | None) -> PostAddress | None:
    """Return the post that a link names: ``/mira/status/1750#m`` -> mira, 1750; None for anything else."""
    return parse_post_path(href or "")


def handle_of(href: str | None) -> str | None:
    """Return the handle in the address of a profile: ``/mira``, ``https://x.com/mira?lang=en`` -> ``mira``."""
    found = _PROFILE.fullmatch(split_address(href).path)
    return found[1] if found and found[1].lower() not in _NO_HANDLES else None


def account_of(handle: str, name: str | None = None, id_: str | None = None) -> Account:
    """Create an account of which a page shows the handle, and perhaps name and id."""
    ref = Ref(PLATFORM, id_) if id_ else account_ref(PLATFORM, handle)
    return Account(ref, handle=handle, name=name)


def post_of(place: PostAddress, author: Account, written: Written, stated: str | None) -> Post:
    """Create a post with what every page shows. ``stated`` is the time with its zone. Raises ValueError."""
    created = post_time(stated, place.id)
    inferred = ("created",) if created is not None and created.origin == "derived" else ()
    if is_cut_text(written.text, created.instant if created else None):
        inferred = (*inferred, "truncated")
    return Post(
        place.ref,
        author.ref,
        written.text,
        created=created,
        url=post_url(place.id, author.handle),
        links=written.links,
        tags=written.tags,
        mentions=written.mentions,
        inferred=inferred,
    )


def with_poll(post: Post, options: Iterable[str | None]) -> Post:
    """``post`` with a poll of these options; pages show shares of the votes, not the votes."""
    return replace(post, poll=poll_of((option, None) for option in options))


def target_of(anchor: Node, text: str) -> Target | None:
    """Return the target of an anchor in the text of a post; None for a search for a share price."""
    href = attribute(anchor, "href")
    if text.startswith(("#", "＃")):
        return Target("tag", text[1:]) if len(text) > 1 else None
    if text.startswith(("@", "＠")):
        return Target("mention", text[1:]) if len(text) > 1 else None
    if href is None or (text.startswith("$") and "search" in href):
        return None
    return Target("link", f"{SITE}{href}" if href.startswith("/") and not href.startswith("//") else href)


def missing(place: PostAddress | None, said: str | None, locator: str | None) -> Gap | Skipped:
    """Return a gap for an unavailable post, with the reason X gives; Skipped if no link identifies it."""
    if place is None:
        return Skipped("unavailable post without an id", locator)
    said = (said or "").lower()
    return Gap(place.ref, next((reason for sign, reason in _REASONS if sign in said), "not found"))
