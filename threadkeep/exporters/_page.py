"""A thread as a Markdown page: front matter, a heading, and the posts in reading order with what belongs to each.

# How we fire a kiln

**Mira Okafor** @mira.example.com · [2024-05-01 12:30 UTC](https://…) · Pinned

First the wood.

---

*A post is missing here: deleted.*
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from threadkeep.exporters import Selection
from threadkeep.exporters._escape import Span, destination, heading, is_web, label, link, one_line, paragraphs, quoted
from threadkeep.exporters._front_matter import date_text, front_matter
from threadkeep.exporters._permalinks import permalink, url_of
from threadkeep.exporters._titles import name_of
from threadkeep.records import Account, Gap, KeptPost, Link, Media, Ref, Thread, When
from threadkeep.text.entities import find_links

_SHORT_ALT = 120
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
"""What a card shows of its address, which is no name for it."""

_KINDS = {"image": "Image", "video": "Video", "gif": "GIF", "audio": "Audio"}
_CONCLUSIONS = {
    "split": "where posts begin and end",
    "thread": "that these posts form a thread",
    "author": "who wrote them",
    "created": "when they were written",
}


def page(thread: Thread, title: str, selection: Selection, held: Mapping[Ref, KeptPost]) -> str:
    """The whole page of ``thread``, which has a post at least. ``held`` are the posts that others quote."""
    authors = {kept.post.author for kept in thread.posts}
    first = thread.posts[0]
    notes = _notes(thread, selection)
    items = []
    for item in thread.items:
        if isinstance(item, Gap):
            items.append(_gap(item))
        else:
            names_author = item is first or len(authors) > 1
            blocks = _blocks(item, names_author, item is first, notes[item.post.ref], held)
            items.append("\n\n".join(blocks))
    body = "\n\n---\n\n".join(filter(None, items))
    parts = [f"# {heading(title, first.post.tags)}", body, _conclusions(thread.posts)]
    text = "\n\n".join(filter(None, parts))
    return f"{front_matter(thread, title, selection)}\n{text}\n"


def _blocks(
    kept: KeptPost, names_author: bool, is_first: bool, notes: list[str], held: Mapping[Ref, KeptPost]
) -> Iterator[str]:
    """What a post consists of, block by block."""
    post = kept.post
    spans, cards = _placed(post.text, post.links)
    if post.title and not is_first:
        yield f"## {heading(post.title, post.tags)}"
    if small := _small_line(kept, names_author, notes):
        yield small
    if post.warning:
        yield f"**Content warning:** {label(post.warning)}"
    if text := paragraphs(post.text, spans, post.tags):
        yield text
    if "truncated" in post.inferred:
        yield "*The dump shows only the beginning of this post.*"
    for media in post.media:
        yield from _media(media)
    if shown := [card for card in map(_card, cards) if card]:
        yield f"{'Links' if len(shown) > 1 else 'Link'}: {' · '.join(shown)}"
    for ref in post.quotes:
        yield _quote(ref, held.get(ref))


def _small_line(kept: KeptPost, names_author: bool, notes: Iterable[str] = ()) -> str:
    """Author, date and permalink, and notes: as much as is known, maybe nothing."""
    post, parts = kept.post, []
    if names_author and kept.author:
        parts.append(_author(kept.author))
    url, date = url_of(post), _moment(post.created)
    if url:
        parts.append(link(date or "Permalink", url))
    elif date:
        parts.append(date)
    if post.edits:
        parts.append("Edited")
    if post.visibility not in (None, "public"):
        parts.append(f"Visible to: {label(post.visibility or '')}")
    return " · ".join(filter(None, [*parts, *notes]))


def _author(account: Account) -> str:
    name, handle = one_line(account.name or ""), one_line(account.handle or "")
    parts = [f"**{label(name)}**" if name else "", f"@{label(handle)}" if handle else ""]
    return " ".join(filter(None, parts))


def _notes(thread: Thread, selection: Selection) -> defaultdict[Ref, list[str]]:
    """Who pinned a post and who passed it on, by post."""
    authors = {kept.post.ref: kept.post.author for kept in thread.posts}
    notes: defaultdict[Ref, list[str]] = defaultdict(list)
    for pin in thread.pins:
        name = name_of(selection.account(pin.account))
        is_own = pin.account == authors.get(pin.post)
        notes[pin.post].append("Pinned" if is_own or not name else f"Pinned by {label(name)}")
    for repost in thread.reposts:
        name, day = name_of(selection.account(repost.account)), date_text(repost.created)
        said = ["Reposted", f"by {label(name)}" if name else "", f"on {day}" if day else ""]
        notes[repost.post].append(" ".join(filter(None, said)))
    return notes


def _moment(when: When | None) -> str | None:
    if when is None or when.precision != "second":
        return date_text(when)
    return f"{when.instant.replace(tzinfo=None).isoformat(sep=' ', timespec='minutes')} UTC"


def _placed(text: str, links: Iterable[Link]) -> tuple[list[Span], list[Link]]:
    """The links that stand in the text, with the addresses typed there, in order; and those that stand below it."""
    spans, cards = [], []
    for item in links:
        is_placed = item.start is not None and item.end is not None and 0 <= item.start < item.end <= len(text)
        if not is_placed:
            cards.append(item)
        elif item.url is not None and is_web(item.url):
            spans.append(Span(item.start or 0, item.end or 0, item.url))
        elif item.url is not None and item.url not in text:
            cards.append(item)
    if "://" in text:
        typed = (item for item in find_links(text) if item.url == item.text and is_web(item.url))
        spans += [Span(item.start or 0, item.end or 0, item.url or "") for item in typed]
    # Stable: where two begin alike, the post's own link stands before the one found here.
    spans.sort(key=lambda span: span.start)
    apart: list[Span] = []
    for span in spans:
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    linked = {span.url for span in apart}
    return apart, [card for card in cards if card.url not in linked or card.title]


def _card(card: Link) -> str:
    """A link below the post: its title or words as a link, or else its address; behind it what else it shows."""
    words = card.title or (None if card.text and _HOST.fullmatch(card.text) else card.text)
    shown = words or card.url or card.text or ""
    if is_web(card.url):
        rest, markdown = card.text, link(shown, card.url)
        is_news = rest is not None and rest not in (shown, "") and rest not in card.url
    else:
        rest, markdown = card.url or card.text, label(shown)
        is_news = rest not in (shown, None, "")
    return f"{markdown} ({label(rest or '')})" if is_news else markdown


def _media(media: Media) -> Iterator[str]:
    """A picture of ours is shown, what is only on the web is linked: opening a page fetches nothing."""
    kind = _KINDS.get(media.kind, one_line(media.kind))
    alt = (media.alt or "").strip()
    is_short = len(alt) <= _SHORT_ALT and "\n" not in alt
    words = alt if alt and is_short else ""
    file = _file_target(media.file)
    if file and media.kind == "image":
        yield f"![{label(words)}]({file})"
    elif file or is_web(media.url):
        named = f"{kind}: {words}" if words else kind
        yield f"[{label(named)}]({file})" if file else link(named, media.url or "")
    elif alt:
        yield quoted(f"**{label(kind)}:** {paragraphs(alt)}")
        return
    else:
        yield f"*{label(kind)}, not in the dump*"
    if alt and not is_short:
        yield quoted(paragraphs(alt))


def _file_target(file: str | None) -> str | None:
    """The place of our copy beside the pages; nothing for a name that leads out of there."""
    if not file or posixpath.normpath(file) != file or file.startswith(("/", "..")):
        return None
    return destination(f"media/{quote(file, safe='/', errors='replace')}")


def _quote(ref: Ref, kept: KeptPost | None) -> str:
    if kept is None:
        url = permalink(ref)
        return f"Quoted post: {link(None, url) if url else label(str(ref))}"
    spans, _ = _placed(kept.post.text, kept.post.links)
    text = paragraphs(kept.post.text, spans, kept.post.tags)
    title = f"**{label(kept.post.title)}**" if kept.post.title else ""
    return quoted("\n\n".join(filter(None, [_small_line(kept, True), title, text])) or label(str(ref)))


def _gap(gap: Gap) -> str:
    url = permalink(gap.ref)
    where = link(None, url) if url else label(str(gap.ref))
    return f"*A post is missing here: {label(gap.reason)}.* {where}"


def _conclusions(posts: Iterable[KeptPost]) -> str:
    """One line on what threadkeep concluded instead of reading it."""
    names = dict.fromkeys(name for kept in posts for name in kept.post.inferred)
    if any(kept.post.created and kept.post.created.origin == "derived" for kept in posts):
        names["created"] = None
    said = [_CONCLUSIONS.get(name, label(name)) for name in names if name != "truncated"]
    return f"---\n\n*Concluded, not read from the dump: {'; '.join(said)}.*" if said else ""
