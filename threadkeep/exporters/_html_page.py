"""Render a thread, and the index of threads, as self-contained HTML pages: no script, no network.

<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8">…<title>How we fire a kiln</title><style>…</style></head>
<body><nav>…</nav><header><h1>How we fire a kiln</h1></header><main><article>…</article>…</main></body>
</html>

The markup is in ``templates/``. Jinja escapes every value, after control characters and bidirectional overrides in it
became visible (``text.control_chars``). This module turns records into the values that the templates show.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from threadkeep.exporters._folder_export import IndexEntry, by_year
from threadkeep.exporters._markdown_escape import Span, one_line, trimmed, web_address
from threadkeep.exporters._media import file_target
from threadkeep.exporters._post_parts import KINDS, card_parts, inferences, links_in_and_below, notes_of, poll_lines
from threadkeep.exporters.exporter import Selection
from threadkeep.platforms.registry import permalink, url_of
from threadkeep.platforms.web import is_web_url
from threadkeep.records import Gap, Link, Media, Ref, StoredPost, Thread, When
from threadkeep.text.control_chars import escape_controls
from threadkeep.text.formatting import minute_text, plural

if TYPE_CHECKING:
    from jinja2 import Environment

INDEX = "index.html"
SIGNATURE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="threadkeep">
"""
"""How ``page.html.jinja`` begins: a later export replaces an index that begins so, and no other."""

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class _Run:
    """Text of a paragraph, and the address it links to, if any."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """The runs of a paragraph, and the blank lines before it as they stand in the text."""

    blank_lines_before: str
    runs: tuple[_Run, ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A medium: ``file`` is the address of the copy beside the page, ``url`` the one on the web."""

    kind: str
    label: str
    alt: str
    file: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class _Card:
    """A link below the text: what it shows, where it leads, and what else is known of it."""

    shown: str
    url: str | None
    rest: str | None


@dataclass(frozen=True, slots=True)
class _Gap:
    """A post that is known to be missing."""

    reason: str
    ref: str
    url: str | None
    is_gap: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class _Post:
    """What a page shows of a post; empty or None is left out. ``heading`` is the title where the page has another."""

    language: str | None
    title: str
    heading: str
    name: str
    handle: str
    date: str | None
    datetime: str | None
    url: str | None
    is_edited: bool
    visibility: str
    notes: tuple[str, ...]
    warning: str
    has_text: bool
    paragraphs: tuple[_Paragraph, ...]
    is_truncated: bool
    poll: tuple[str, ...]
    media: tuple[_Figure, ...]
    cards: tuple[_Card, ...]
    quotes: "tuple[_Quote, ...]"
    is_gap: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class _Quote:
    """A quoted post; without ``post`` where the archive does not hold it."""

    ref: str
    url: str | None
    post: _Post | None


def render_thread(thread: Thread, title: str, selection: Selection, quoted: Mapping[Ref, StoredPost]) -> str:
    """Return the page of ``thread``, which has at least one post. ``quoted`` are the quoted posts in the archive."""
    notes = notes_of(thread, selection)
    items: list[_Post | _Gap] = []
    for item in thread.items:
        if isinstance(item, Gap):
            items.append(_Gap(item.reason, str(item.ref), permalink(item.ref)))
        else:
            is_first = item is thread.posts[0]
            items.append(_post(item, notes.get(item.post.ref, []), selection, quoted, has_heading=not is_first))
    return _render("thread.html.jinja", title=title, index=INDEX, items=items, inferences=inferences(thread.posts))


def render_index(entries: Sequence[IndexEntry]) -> str:
    """Return the page that lists all threads."""
    return _render(
        "index.html.jinja",
        title="Threads",
        thread_count=plural(len(entries), "thread"),
        post_count=plural(sum(entry.posts for entry in entries), "post"),
        years=by_year(entries),
    )


def _render(template: str, **values: Any) -> str:
    page = _environment().get_template(template).render(values)
    return page if page.endswith("\n") else f"{page}\n"


@cache
def _environment() -> "Environment":
    import jinja2  # loaded with the first page: the names of the formats are asked for more often

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("threadkeep.exporters"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_without_controls,
    )
    environment.filters |= {"counted": plural, "web_address": web_address}
    environment.tests["web"] = is_web_url
    assert environment.loader is not None
    style, _, _ = environment.loader.get_source(environment, "page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals |= {"style": style, "style_hash": f"sha256-{digest}"}
    return environment


def _without_controls(value: object) -> object:
    """Make text harmless before Jinja escapes it. What a macro returned has been through this."""
    return escape_controls(value) if type(value) is str else value


def _post(
    stored: StoredPost,
    notes: Sequence[str],
    selection: Selection,
    quoted: Mapping[Ref, StoredPost],
    *,
    has_heading: bool = False,
) -> _Post:
    post, author = stored.post, stored.author
    title = one_line(post.title or "")
    spans, cards = links_in_and_below(post.text, post.links)
    return _Post(
        language=post.language if post.language and _LANGUAGE.fullmatch(post.language) else None,
        title=title,
        heading=title if has_heading else "",
        name=one_line(author.name or "") if author else "",
        handle=one_line(author.handle or "") if author else "",
        date=minute_text(post.created),
        datetime=_machine_date(post.created),
        url=url_of(post),
        is_edited=bool(post.edits or post.edited),
        visibility="" if post.visibility in (None, "public") else one_line(post.visibility or ""),
        notes=tuple(notes),
        warning=one_line(post.warning or ""),
        has_text=bool(post.text),
        paragraphs=tuple(_paragraphs(post.text, spans)),
        is_truncated="truncated" in post.inferred,
        poll=tuple(poll_lines(post.poll)),
        media=tuple(_figure(media, selection) for media in post.media),
        cards=tuple(card for card in map(_card, cards) if card.shown),
        quotes=tuple(_quote(ref, selection, quoted) for ref in post.quotes),
    )


def _quote(ref: Ref, selection: Selection, quoted: Mapping[Ref, StoredPost]) -> _Quote:
    stored = quoted.get(ref)
    return _Quote(str(ref), permalink(ref), _post(stored, (), selection, {}) if stored else None)


def _machine_date(when: When | None) -> str | None:
    """The value of a ``datetime`` attribute: as much of the moment as is known."""
    if when is None or when.precision != "second":
        return minute_text(when)
    return f"{when.instant.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _paragraphs(text: str, spans: Sequence[Span]) -> Iterator[_Paragraph]:
    """Cut ``text`` at its blank lines, with ``spans`` as links: in order, not overlapping, none over a line's end."""
    text = escape_controls(text)
    links = list(trimmed(text, spans))
    start, before = 0, ""
    for blank in [*_BLANK_LINES.finditer(text), None]:
        end = blank.start() if blank else len(text)
        yield _Paragraph(before, tuple(_runs(text, start, end, links)))
        if blank:
            start, before = blank.end(), blank[0]


def _runs(text: str, start: int, end: int, links: Sequence[Span]) -> Iterator[_Run]:
    position = start
    for span in links:
        if start <= span.start and span.end <= end:
            if position < span.start:
                yield _Run(text[position : span.start], None)
            yield _Run(text[span.start : span.end], span.url)
            position = span.end
    if position < end:
        yield _Run(text[position:end], None)


def _figure(media: Media, selection: Selection) -> _Figure:
    """What the archive holds is shown; what is only on the web is linked, so that opening a page fetches nothing."""
    label = KINDS.get(media.kind, one_line(media.kind))
    file = file_target(media.file) if media.file and selection.medium(media.file) else None
    return _Figure(media.kind, label, (media.alt or "").strip(), file, media.url)


def _card(link: Link) -> _Card:
    shown, url, rest = card_parts(link)
    return _Card(one_line(shown), url, one_line(rest) if rest else None)
