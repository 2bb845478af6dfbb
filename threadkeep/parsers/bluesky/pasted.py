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

-> an account; the post about the kiln, once, with a pin, and the post that continues it as its thread; odo's post
with a link card; a repost. Copies with names, times and counts are read too: ``_paste_headers`` shows their shapes.

A copy is recognized by what no other site's pages show: a handle with dots above counts, an author above a time, a
marker such as "Reposted by" above a handle, or one handle above several posts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from threadkeep.parsers._pasted_posts import has_bare_headers, has_signed_handles
from threadkeep.parsers.bluesky._paste_bare_headers import HOSTS
from threadkeep.parsers.bluesky._paste_headers import find_headers
from threadkeep.parsers.bluesky._paste_lines import (
    PasteLine,
    classify_lines,
    has_time_of_day,
    is_thread_page_line,
    parse_handle,
)
from threadkeep.parsers.bluesky._paste_page import PageEntry, page_chrome, page_entries, read_page
from threadkeep.parsers.bluesky._paste_profile import find_profiles
from threadkeep.parsers.bluesky._paste_threads import PastedPost
from threadkeep.parsers.entry import REPEATED, Entry
from threadkeep.records import Parsed, Pin, Post, Ref, Repost, Skipped
from threadkeep.sources.source import Source
from threadkeep.text.dates import puts_month_first
from threadkeep.text.entities import find_links, find_mentions, find_tags, has_known_tld

NAME = "bluesky-text"
TITLE = "Bluesky profile or thread, pasted"
VERSION = 3


_LINES_CHECKED = 600
_TOP_LINES = 8
_NOT_PASTED = ("{", "[", "<", "---\n", "# ")
"""How JSON, HTML, Markdown with front matter and Markdown begin."""


def recognizes(source: Source) -> bool:
    """Whether the text is a copied Bluesky page: a profile's counts, authors with times, or handles that recur."""
    return source.head is not None and _looks_like_bluesky(source.head)


def entries(source: Source) -> Iterator[Entry]:
    """The profile header and the posts of each page, in its order, with inferred quotes and threads."""
    lines = classify_lines(source.text().split("\n"))
    owner_override = parse_handle((source.options.owner or source.options.author or "").strip())
    month_first = puts_month_first(line.value for line in lines if line.kind == "time")
    profiles = find_profiles(lines)
    stops = [*(profile.start for profile in profiles), len(lines)]
    seen: set[Ref] = set()
    for profile, stop in zip((None, *profiles), stops, strict=True):
        if profile is not None or stop:
            page = replace(read_page(lines, profile, stop, owner_override), saved_on=source.options.saved_on)
            if profile is None and profiles and not page.headers:
                yield page_chrome(lines[:stop])
            else:
                yield from page_entries(lines, page, month_first, seen)


def parse(entry: Entry) -> Iterator[Parsed]:
    """The records of a profile header or a post; other lines of the page are skipped."""
    found: PageEntry = entry.data
    yield from found.accounts
    if found.post is None:
        if not found.accounts:
            yield Skipped("part of the page, not of a post", entry.locator)
        return
    yield Skipped(REPEATED, entry.locator) if found.post.repeated else _record_of(found.post)
    if found.reposter is not None:
        yield Repost(found.reposter, found.post.ref)
    if found.pinner is not None:
        yield Pin(found.pinner, found.post.ref)


def _record_of(post: PastedPost) -> Post:
    body = post.body
    links = find_links(body.text)
    return Post(
        post.ref,
        post.author,
        body.text,
        created=body.created,
        reply_to=post.reply_to,
        root=post.root,
        quotes=tuple(post.quotes),
        links=(*links, body.card) if body.card else links,
        media=body.media,
        tags=find_tags(body.text),
        mentions=find_mentions(body.text),
        warning=body.warning,
        counts=dict(body.counts),
        inferred=post.inferred,
    )


def _looks_like_bluesky(head: str) -> bool:
    """Whether ``head``, the beginning of a source, was certainly copied from a Bluesky page."""
    raw = head.split("\n", _LINES_CHECKED * 2)[: _LINES_CHECKED * 2]
    if head.lstrip().startswith(_NOT_PASTED) or has_signed_handles(raw) or has_bare_headers(raw):
        return False
    lines = classify_lines(raw)[:_LINES_CHECKED]
    if not any(line.kind in ("at", "handle") for line in lines) and "·" not in head:
        return False
    return bool(find_profiles(lines)) or _has_signed_posts(lines) or _is_single_post(lines) or _has_bare_posts(lines)


def _has_signed_posts(lines: Sequence[PasteLine]) -> bool:
    """Whether an author stands above a time, or one name above one handle more than once."""
    headers = find_headers(lines, 0, len(lines), None, None)
    if any(header.timed and _is_signed(lines, header.start, header.end) for header in headers):
        return True
    pairs = Counter((header.handle, header.name) for header in headers if header.name and header.handle)
    bare = Counter(header.handle for header in headers if header.timed)
    return any(count > 1 for count in (*pairs.values(), *bare.values()))


def _is_signed(lines: Sequence[PasteLine], start: int, end: int) -> bool:
    """Whether the handle in a header has its ``@``, or ends in a domain under which people are given handles."""
    shown = lines[start:end]
    return any("@" in line.text or (line.kind == "handle" and line.value.endswith(HOSTS)) for line in shown)


def _is_single_post(lines: Sequence[PasteLine]) -> bool:
    """Whether name and handle open the text, and date and time or ``12 reposts 45 likes`` end a post below."""
    top = next((at for at, line in enumerate(lines[:_TOP_LINES]) if line.kind == "at" and line.value), None)
    return top is not None and any(has_time_of_day(line) or is_thread_page_line(line) for line in lines[top + 1 :])


def _has_bare_posts(lines: Sequence[PasteLine]) -> bool:
    """Whether handles stand below markers, or one handle above several posts."""
    marked = any(
        upper.kind in ("pinned", "repost") and lower.kind in ("handle", "at") and has_known_tld(lower.value)
        for upper, lower in pairwise(lines)
    )
    if marked:
        return True
    opening = Counter(
        line.value
        for line, below in pairwise(lines)
        if line.kind in ("handle", "at") and below.kind not in ("handle", "at") and has_known_tld(line.value)
    )
    if lines[0].kind in ("handle", "at") and opening[lines[0].value] > 1:
        return True
    hosted = [count for handle, count in opening.items() if handle.endswith(HOSTS)]
    return any(count > 1 for count in hosted) or (len(hosted) > 1 and lines[0].kind == "handle")
