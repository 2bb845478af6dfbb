"""A thread as a page of HTML that needs nothing but itself and the media beside it: no script, nothing fetched.

<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8">…<title>How we fire a kiln</title><style>…</style></head>
<body><nav>…</nav><header><h1>How we fire a kiln</h1></header><main><article>…</article>…</main></body>
</html>
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources

from threadkeep.exporters._folder_export import Listed, by_year, counted
from threadkeep.exporters._html_elements import anchor, element, escaped, language, name_element, text_of
from threadkeep.exporters._markdown_escape import one_line
from threadkeep.exporters._media import file_target
from threadkeep.exporters._post_parts import KINDS, card_parts, concluded, moment, notes_of, placed
from threadkeep.exporters.exporter import Selection
from threadkeep.platforms.registry import permalink, url_of
from threadkeep.platforms.web import is_web_url
from threadkeep.records import Account, Gap, Link, Media, Ref, StoredPost, Thread, When

INDEX = "index.html"
OPENING = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="threadkeep">
"""
"""What the index begins with; a later export knows its own by that."""

_POLICY = (
    "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src '{}'; base-uri 'none'; "
    "form-action 'none'"
)


def page(thread: Thread, title: str, selection: Selection, held: Mapping[Ref, StoredPost]) -> str:
    """The whole page of ``thread``, which has a post at least. ``held`` are the posts that others quote."""
    notes = notes_of(thread, selection)
    items = []
    for item in thread.items:
        if isinstance(item, Gap):
            items.append(_gap(item))
        else:
            blocks = "\n".join(_blocks(item, item is thread.posts[0], notes.get(item.post.ref, []), selection, held))
            items.append(element("article", f"\n{blocks}\n", {"lang": language(item.post.language)}))
    body = [
        element("nav", element("a", "All threads", {"href": INDEX}), {"aria-label": "Archive"}),
        element("header", element("h1", escaped(title), {"dir": "auto"})),
        element("main", "\n".join(["", *items, ""])),
    ]
    if said := "; ".join(map(escaped, concluded(thread.posts))):
        body.append(element("footer", element("p", f"Concluded, not read from the dump: {said}.")))
    return _document(title, body)


def listing(listed: Sequence[Listed]) -> str:
    """The page that lists all threads."""
    counts = f"{counted(len(listed), 'thread')}, {counted(sum(entry.posts for entry in listed), 'post')}"
    parts = []
    for year, entries in by_year(listed):
        if year:
            parts.append(element("h2", escaped(year)))
        if entries:
            rows = "\n".join(["", *map(_row, entries), ""])
            parts.append(element("ul", rows, {"class": "threads"}))
    head = element("header", element("h1", "Threads") + element("p", counts, {"class": "facts"}))
    return _document("Threads", [head, element("main", "\n".join(["", *parts, ""]))])


def _document(title: str, body: Sequence[str]) -> str:
    style = resources.files("threadkeep.exporters").joinpath("page.css").read_text("utf-8")
    known = f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
    head = [
        element("meta", attributes={"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(known)}">',
        element("meta", attributes={"name": "referrer", "content": "no-referrer"}),
        element("title", escaped(title)),
        f"<style>{style}</style>",
    ]
    return "\n".join([f"{OPENING}{head[0]}", *head[1:], "</head>", "<body>", *body, "</body>", "</html>", ""])


def _row(entry: Listed) -> str:
    link = element("a", element("bdi", escaped(entry.title)), {"href": entry.file})
    facts = [
        element("time", entry.date, {"datetime": entry.date}) if entry.date else "",
        name_element("span", entry.author) if entry.author else "",
        counted(entry.posts, "post"),
    ]
    return element("li", link + element("p", " · ".join(filter(None, facts)), {"class": "facts"}))


def _blocks(
    stored: StoredPost, is_first: bool, notes: Sequence[str], selection: Selection, held: Mapping[Ref, StoredPost]
) -> Iterator[str]:
    """What a post consists of, block by block."""
    post = stored.post
    spans, cards = placed(post.text, post.links)
    if post.title and not is_first:
        yield element("h2", escaped(one_line(post.title)), {"dir": "auto"})
    if facts := _facts(stored, notes):
        yield element("p", facts, {"class": "meta"})
    text = element("div", text_of(post.text, spans), {"class": "text", "dir": "auto"}) if post.text else ""
    if post.warning:
        told = element("summary", f"Content warning: {element('bdi', escaped(one_line(post.warning)))}")
        text = element("details", told + text)
    if text:
        yield text
    if "truncated" in post.inferred:
        yield element("p", "The dump shows only the beginning of this post.", {"class": "kind"})
    for media in post.media:
        yield _media(media, selection)
    if shown := " · ".join(filter(None, map(_card, cards))):
        yield element("p", f"{'Links' if len(cards) > 1 else 'Link'}: {shown}", {"class": "links"})
    for ref in post.quotes:
        yield _quote(ref, held.get(ref))


def _facts(stored: StoredPost, notes: Sequence[str] = ()) -> str:
    """Author, date and permalink, and notes: as much as is known, maybe nothing."""
    post, parts = stored.post, []
    if stored.author:
        parts.append(_author(stored.author))
    if date := _time(post.created):
        url = url_of(post)
        parts.append(element("a", date, {"href": url, "rel": "noreferrer noopener"}) if url else date)
    elif url := url_of(post):
        parts.append(anchor("Permalink", url))
    if post.edits:
        parts.append("Edited")
    if post.visibility not in (None, "public"):
        parts.append(f"Visible to: {escaped(one_line(post.visibility or ''))}")
    return " · ".join(filter(None, [*parts, *(element("bdi", escaped(note)) for note in notes)]))


def _author(account: Account) -> str:
    name, handle = one_line(account.name or ""), one_line(account.handle or "")
    return " ".join(
        filter(None, [name_element("b", name) if name else "", name_element("span", f"@{handle}") if handle else ""])
    )


def _time(when: When | None) -> str:
    shown = moment(when)
    if when is None or shown is None:
        return ""
    exact = f"{when.instant.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    return element("time", escaped(shown), {"datetime": exact if when.precision == "second" else shown})


def _card(card: Link) -> str:
    shown, url, rest = card_parts(card)
    if not shown.strip():
        return ""
    link = element("bdi", anchor(one_line(shown), url) if url else escaped(one_line(shown)))
    return f"{link} ({element('bdi', escaped(one_line(rest)))})" if rest else link


def _media(media: Media, selection: Selection) -> str:
    """A picture, video or sound of ours; what is only on the web is linked: opening a page fetches nothing."""
    kind = KINDS.get(media.kind, one_line(media.kind))
    alt = (media.alt or "").strip()
    target = file_target(media.file) if media.file and selection.medium(media.file) else None
    caption = element("figcaption", escaped(alt), {"dir": "auto"}) if alt else ""
    if target and media.kind == "image":
        return element("figure", element("img", attributes={"src": target, "alt": alt, "loading": "lazy"}) + caption)
    if target and media.kind in ("video", "gif", "audio"):
        name = "audio" if media.kind == "audio" else "video"
        player = {"src": target, "controls": "", "preload": "none", "aria-label": alt or kind}
        return element("figure", element(name, "", player) + caption)
    if target:
        shown = element("a", escaped(kind), {"href": target})
    elif is_web_url(media.url):
        shown = anchor(kind or "Media", media.url)
    else:
        shown = f"{escaped(kind)}, not in the dump"
    return element("figure", element("p", shown, {"class": "kind"}) + caption)


def _quote(ref: Ref, stored: StoredPost | None) -> str:
    if stored is None:
        url = permalink(ref)
        return element("p", f"Quoted post: {anchor(url, url) if url else escaped(str(ref))}", {"class": "kind"})
    spans, _ = placed(stored.post.text, stored.post.links)
    parts = [
        element("p", _facts(stored), {"class": "meta"}),
        element("p", element("b", escaped(one_line(stored.post.title)))) if stored.post.title else "",
        element("div", text_of(stored.post.text, spans), {"class": "text", "dir": "auto"}),
    ]
    return element("blockquote", "".join(parts), {"lang": language(stored.post.language), "cite": url_of(stored.post)})


def _gap(gap: Gap) -> str:
    url = permalink(gap.ref)
    where = anchor(url, url) if url else escaped(str(gap.ref))
    return element("p", f"A post is missing here: {escaped(gap.reason)}. {where}", {"class": "gap"})
