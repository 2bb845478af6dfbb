"""A thread as a Markdown page: front matter, a heading, and the posts in reading order with what belongs to each.

# How we fire a kiln

**Mira Okafor** @mira.example.com · [2024-05-01 12:30 UTC](https://…) · Pinned

First the wood.

---

*A post is missing here: deleted.*
"""

from collections.abc import Iterable, Iterator, Mapping

from threadkeep.exporters._front_matter import front_matter
from threadkeep.exporters._markdown_escape import (
    destination,
    heading,
    label,
    link,
    one_line,
    paragraphs,
    quoted,
)
from threadkeep.exporters._media import file_target
from threadkeep.exporters._post_parts import KINDS, card_parts, concluded, moment, notes_of, placed
from threadkeep.exporters.exporter import Selection
from threadkeep.platforms.registry import permalink, url_of
from threadkeep.platforms.web import is_web_url
from threadkeep.records import Account, Gap, Link, Media, Ref, StoredPost, Thread

_SHORT_ALT = 120


def page(thread: Thread, title: str, selection: Selection, held: Mapping[Ref, StoredPost]) -> str:
    """The whole page of ``thread``, which has a post at least. ``held`` are the posts that others quote."""
    authors = {stored.post.author for stored in thread.posts}
    first = thread.posts[0]
    notes = notes_of(thread, selection)
    items = []
    for item in thread.items:
        if isinstance(item, Gap):
            items.append(_gap(item))
        else:
            names_author = item is first or len(authors) > 1
            blocks = _blocks(item, names_author, item is first, notes.get(item.post.ref, []), held)
            items.append("\n\n".join(blocks))
    body = "\n\n---\n\n".join(filter(None, items))
    parts = [f"# {heading(title, first.post.tags)}", body, _conclusions(thread.posts)]
    text = "\n\n".join(filter(None, parts))
    return f"{front_matter(thread, title, selection)}\n{text}\n"


def _blocks(
    stored: StoredPost, names_author: bool, is_first: bool, notes: list[str], held: Mapping[Ref, StoredPost]
) -> Iterator[str]:
    """What a post consists of, block by block."""
    post = stored.post
    spans, cards = placed(post.text, post.links)
    if post.title and not is_first:
        yield f"## {heading(post.title, post.tags)}"
    if small := _small_line(stored, names_author, notes):
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


def _small_line(stored: StoredPost, names_author: bool, notes: Iterable[str] = ()) -> str:
    """Author, date and permalink, and notes: as much as is known, maybe nothing."""
    post, parts = stored.post, []
    if names_author and stored.author:
        parts.append(_author(stored.author))
    url, date = url_of(post), moment(post.created)
    if url:
        parts.append(link(date or "Permalink", url))
    elif date:
        parts.append(date)
    if post.edits:
        parts.append("Edited")
    if post.visibility not in (None, "public"):
        parts.append(f"Visible to: {label(post.visibility or '')}")
    return " · ".join(filter(None, [*parts, *map(label, notes)]))


def _author(account: Account) -> str:
    name, handle = one_line(account.name or ""), one_line(account.handle or "")
    parts = [f"**{label(name)}**" if name else "", f"@{label(handle)}" if handle else ""]
    return " ".join(filter(None, parts))


def _card(card: Link) -> str:
    shown, url, rest = card_parts(card)
    markdown = link(shown, url) if url else label(shown)
    return f"{markdown} ({label(rest)})" if rest else markdown


def _media(media: Media) -> Iterator[str]:
    """A picture of ours is shown, what is only on the web is linked: opening a page fetches nothing."""
    kind = KINDS.get(media.kind, one_line(media.kind))
    alt = (media.alt or "").strip()
    is_short = len(alt) <= _SHORT_ALT and "\n" not in alt
    words = alt if alt and is_short else ""
    target = file_target(media.file)
    file = destination(target) if target else None
    if file and media.kind == "image":
        yield f"![{label(words)}]({file})"
    elif file or is_web_url(media.url):
        named = f"{kind}: {words}" if words else kind
        yield f"[{label(named)}]({file})" if file else link(named, media.url or "")
    elif alt:
        yield quoted(f"**{label(kind)}:** {paragraphs(alt)}")
        return
    else:
        yield f"*{label(kind)}, not in the dump*"
    if alt and not is_short:
        yield quoted(paragraphs(alt))


def _quote(ref: Ref, stored: StoredPost | None) -> str:
    if stored is None:
        url = permalink(ref)
        return f"Quoted post: {link(None, url) if url else label(str(ref))}"
    spans, _ = placed(stored.post.text, stored.post.links)
    text = paragraphs(stored.post.text, spans, stored.post.tags)
    title = f"**{label(stored.post.title)}**" if stored.post.title else ""
    return quoted("\n\n".join(filter(None, [_small_line(stored, True), title, text])) or label(str(ref)))


def _gap(gap: Gap) -> str:
    url = permalink(gap.ref)
    where = link(None, url) if url else label(str(gap.ref))
    return f"*A post is missing here: {label(gap.reason)}.* {where}"


def _conclusions(posts: Iterable[StoredPost]) -> str:
    """One line on what threadkeep concluded instead of reading it."""
    said = "; ".join(label(words) for words in concluded(posts))
    return f"---\n\n*Concluded, not read from the dump: {said}.*" if said else ""
