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
    block_quote,
    destination,
    heading,
    label,
    link,
    one_line,
    paragraphs,
)
from threadkeep.exporters._media import file_target
from threadkeep.exporters._post_parts import KINDS, card_parts, inferences, links_in_and_below, notes_of, poll_lines
from threadkeep.exporters.exporter import Selection
from threadkeep.platforms.registry import permalink, url_of
from threadkeep.platforms.web import is_web_url
from threadkeep.records import Account, Gap, Link, Media, Ref, StoredPost, Thread
from threadkeep.text.formatting import minute_text

_SHORT_ALT = 120


def render_thread(thread: Thread, title: str, selection: Selection, quoted: Mapping[Ref, StoredPost]) -> str:
    """Return the page of ``thread``, which has at least one post. ``quoted`` are the quoted posts in the archive."""
    authors = {stored.post.author for stored in thread.posts}
    first = thread.posts[0]
    notes = notes_of(thread, selection)
    items = []
    for item in thread.items:
        if isinstance(item, Gap):
            items.append(_gap(item))
        else:
            names_author = item is first or len(authors) > 1
            blocks = _blocks(item, names_author, item is first, notes.get(item.post.ref, []), quoted)
            items.append("\n\n".join(blocks))
    body = "\n\n---\n\n".join(filter(None, items))
    parts = [f"# {heading(title, first.post.tags)}", body, _inferences(thread.posts)]
    text = "\n\n".join(filter(None, parts))
    return f"{front_matter(thread, title, selection)}\n{text}\n"


def _blocks(
    stored: StoredPost, names_author: bool, is_first: bool, notes: list[str], quoted: Mapping[Ref, StoredPost]
) -> Iterator[str]:
    """Yield the blocks of a post."""
    post = stored.post
    spans, cards = links_in_and_below(post.text, post.links)
    if post.title and not is_first:
        yield f"## {heading(post.title, post.tags)}"
    if small := _facts(stored, names_author, notes):
        yield small
    if post.warning:
        yield f"**Content warning:** {label(post.warning)}"
    if text := paragraphs(post.text, spans, post.tags):
        yield text
    if "truncated" in post.inferred:
        yield "*The dump shows only the beginning of this post.*"
    if post.poll:
        yield "\n".join(f"- {label(line)}" for line in poll_lines(post.poll))
    for media in post.media:
        yield from _media(media)
    if shown := [card for card in map(_card, cards) if card]:
        yield f"{'Links' if len(shown) > 1 else 'Link'}: {' · '.join(shown)}"
    for ref in post.quotes:
        yield _quote(ref, quoted.get(ref))


def _facts(stored: StoredPost, names_author: bool, notes: Iterable[str] = ()) -> str:
    """Return author, date with permalink, and notes on one line; empty if nothing is known."""
    post, parts = stored.post, []
    if names_author and stored.author:
        parts.append(_author(stored.author))
    url, date = url_of(post), minute_text(post.created)
    if url:
        parts.append(link(date or "Permalink", url))
    elif date:
        parts.append(date)
    if post.edits or post.edited:
        edited = minute_text(post.edited)
        parts.append(f"Edited {edited}" if edited else "Edited")
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
    """Show an exported image, link what is only on the web: opening a page fetches nothing."""
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
        yield block_quote(f"**{label(kind)}:** {paragraphs(alt)}")
        return
    else:
        yield f"*{label(kind)}, not in the dump*"
    if alt and not is_short:
        yield block_quote(paragraphs(alt))


def _quote(ref: Ref, stored: StoredPost | None) -> str:
    if stored is None:
        url = permalink(ref)
        return f"Quoted post: {link(None, url) if url else label(str(ref))}"
    spans, _ = links_in_and_below(stored.post.text, stored.post.links)
    text = paragraphs(stored.post.text, spans, stored.post.tags)
    title = f"**{label(stored.post.title)}**" if stored.post.title else ""
    return block_quote("\n\n".join(filter(None, [_facts(stored, True), title, text])) or label(str(ref)))


def _gap(gap: Gap) -> str:
    url = permalink(gap.ref)
    where = link(None, url) if url else label(str(gap.ref))
    return f"*A post is missing here: {label(gap.reason)}.* {where}"


def _inferences(posts: Iterable[StoredPost]) -> str:
    """Return one line that says what was inferred; empty if nothing was."""
    said = "; ".join(label(words) for words in inferences(posts))
    return f"---\n\n*Concluded, not read from the dump: {said}.*" if said else ""
