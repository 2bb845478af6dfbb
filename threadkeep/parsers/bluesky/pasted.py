"""Read a Bluesky profile or thread that somebody copied from a page and pasted into a file.

    Mira Lane
    @mira.example.com
    370 followers 320 following 8 posts
    Potter in Ghent. I glaze things.
    Posts Replies Media
    Pinned
    mira.example.com
    How I fire a kiln 🧵
    Reposted by Mira Lane
    odo.example.org
    New glaze notes are up.
    Notes on celadon
    kilns.example.org
    mira.example.com
    First, I dry it.
    mira.example.com
    How I fire a kiln 🧵

-> an account; the post about the kiln, once, with a pin, and the post that goes on with it as its thread; odo's post
with a link card; a repost. Copies with names, times and counts are read too: ``_bluesky_heads`` has their shapes.
"""

from collections.abc import Iterator

from threadkeep.parsers.bluesky._paste_lines import handle_of, puts_month_first, solid_lines
from threadkeep.parsers.bluesky._paste_page import Shown, furniture, page_entries, read_page
from threadkeep.parsers.bluesky._paste_profile import find_profiles
from threadkeep.parsers.bluesky._paste_recognition import looks_like_bluesky
from threadkeep.parsers.bluesky._paste_threads import Item
from threadkeep.parsers.entry import Entry
from threadkeep.records import Parsed, Pin, Post, Ref, Repost, Skipped
from threadkeep.sources.source import Source
from threadkeep.text.entities import find_links, find_mentions, find_tags

NAME = "bluesky-text"
TITLE = "Bluesky profile or thread, pasted"
VERSION = 2

REPEATED = "repeated in this dump"


def recognizes(source: Source) -> bool:
    """Whether the dump is a copied Bluesky page: a profile's counts, authors with times, or handles that recur."""
    return source.head is not None and looks_like_bluesky(source.head)


def entries(source: Source) -> Iterator[Entry]:
    """The profile header and the posts of each page, in its order; what they mean for each other is concluded here."""
    lines = solid_lines(source.text().split("\n"))
    told = handle_of((source.options.owner or source.options.author or "").strip())
    month_first = puts_month_first(lines)
    profiles = find_profiles(lines)
    stops = [*(profile.first for profile in profiles), len(lines)]
    seen: set[Ref] = set()
    for profile, stop in zip((None, *profiles), stops, strict=True):
        if profile is not None or stop:
            page = read_page(lines, profile, stop, told)
            if profile is None and profiles and not page.heads:
                yield furniture(lines[:stop])
            else:
                yield from page_entries(lines, page, month_first, seen)


def parse(entry: Entry) -> Iterator[Parsed]:
    """The records of a profile header, of a post, or of lines that are neither."""
    shown: Shown = entry.data
    yield from shown.accounts
    if shown.item is None:
        if not shown.accounts:
            yield Skipped("part of the page, not of a post", entry.locator)
        return
    yield Skipped(REPEATED, entry.locator) if shown.item.repeated else _post(shown.item)
    if shown.reposter is not None:
        yield Repost(shown.reposter, shown.item.ref)
    if shown.pinner is not None:
        yield Pin(shown.pinner, shown.item.ref)


def _post(item: Item) -> Post:
    body = item.body
    links = find_links(body.text)
    return Post(
        item.ref,
        item.author,
        body.text,
        created=body.created,
        reply_to=item.reply_to,
        root=item.root,
        quotes=tuple(item.quotes),
        links=(*links, body.card) if body.card else links,
        media=body.media,
        tags=find_tags(body.text),
        mentions=find_mentions(body.text),
        warning=body.warning,
        counts=dict(body.counts),
        inferred=item.inferred,
    )
