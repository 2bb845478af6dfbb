"""Derive the text of a post on X as readers see it, with its links, from the raw text and its entities.

    "Tea &amp; kilns https://t.co/a1 https://t.co/b2", a1 a link, b2 an attached picture
        -> "Tea & kilns https://t.co/a1", Link("https://example.com/", text="https://t.co/a1", start=12, end=27)

The text keeps ``t.co`` where the platform shows a link; ``Link.url`` is its target. Indices of entities count code
points of the raw text, which is still escaped for HTML. X appends two kinds of links that it never shows: the ``t.co``
of attached media, and that of the post itself after a truncated or edited text. Both are dropped with the blanks before
them; the link to a quoted post, which may stand among them, is kept. So are the leading mentions of a reply: they were
written by its author.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from threadkeep.platforms.x import parse_post_url
from threadkeep.records import Link
from threadkeep.text.entities import find_links

_ESCAPES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'"}
_ESCAPE = re.compile(f"&({'|'.join(_ESCAPES)});")
_LONGEST_ESCAPE = len("&quot;")
_UNESCAPED = re.compile(rf"[<>]|&(?!(?:{'|'.join(_ESCAPES)});)")


class EntitySpan(NamedTuple):
    """A link in the raw text: as written, its range in code points (``start`` below 0: unknown), and its target.

    ``title`` and ``description`` are those of its card. ``is_hidden``: X does not show it at the end of the text.
    """

    written: str
    start: int
    end: int
    url: str | None
    title: str | None = None
    is_hidden: bool = False
    description: str | None = None


def status_id(url: str | None) -> str | None:
    """Return the id of the post at ``url``: ``https://twitter.com/mira/status/1750?s=20`` -> ``1750``; else None."""
    found = parse_post_url(url) if url is not None and "/status" in url else None
    return found.id if found is not None and not found.subpath else None


def unescape(text: str) -> str:
    """``Tea &amp; kilns`` -> ``Tea & kilns``: replace the few HTML escapes that X writes, once."""
    return _ESCAPE.sub(_unescape, text) if "&" in text else text


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPES[match[1]]


def may_be_escaped(text: str) -> bool:
    """Whether ``text`` may be escaped for HTML: no bare ``<``, ``>`` or ``&`` stands in it.

    The long text of a note comes in both forms, without a flag.
    """
    return _UNESCAPED.search(text) is None


def display_text(raw: str, spans: Iterable[EntitySpan], *, escaped: bool = True) -> tuple[str, tuple[Link, ...]]:
    """Return the text readers see, and its links with their positions in it; see the module.

    A span that does not match the text is searched for; links that are not in the text come last, without position.
    """
    fitted_spans, elsewhere = _fitted(raw, spans)
    if not fitted_spans:
        text = unescape(raw) if escaped else raw
        return text, tuple(elsewhere)
    hidden = _hidden(raw, fitted_spans)
    pieces: list[str] = []
    links: list[Link] = []
    length = position = 0

    def take(until: int) -> None:
        nonlocal length, position
        piece = raw[position:until]
        piece = unescape(piece) if escaped else piece
        pieces.append(piece)
        length += len(piece)
        position = until

    for span in fitted_spans:
        if span in hidden:
            # Drop the blank before it, too.
            take(position + len(raw[position : span.start].rstrip()))
            position = span.end
            continue
        take(span.start)
        start = length
        take(span.end)
        links.append(Link(span.url, pieces[-1], span.title, start, length, span.description))
    take(len(raw))
    text = "".join(pieces)
    return (text.rstrip() if fitted_spans[-1] in hidden else text), (*links, *elsewhere)


def _fitted(raw: str, spans: Iterable[EntitySpan]) -> tuple[list[EntitySpan], list[Link]]:
    """Return the spans that match the text, sorted, without overlaps; and the links found nowhere in it."""
    fitted: dict[int, EntitySpan] = {}
    lost: list[EntitySpan] = []
    for span in spans:
        if _fits(raw, span):
            # Several pictures share one link.
            if span.start not in fitted or span.is_hidden:
                fitted[span.start] = span
        else:
            lost.append(span)
    elsewhere = [] if not lost else _searched(raw, lost, fitted)
    fitted_spans: list[EntitySpan] = []
    for start in sorted(fitted):
        if not fitted_spans or start >= fitted_spans[-1].end:
            fitted_spans.append(fitted[start])
    return fitted_spans, elsewhere


def _fits(raw: str, span: EntitySpan) -> bool:
    """Whether the link is at its indices; old sources write its address unescaped."""
    start, end = span.start, span.end
    if not 0 <= start < end <= len(raw):
        return False
    stands = raw[start:end]
    if stands != span.written and unescape(stands) != span.written:
        return False
    return "&" not in raw or not (_is_in_escape(raw, start) or _is_in_escape(raw, end))


def _is_in_escape(raw: str, position: int) -> bool:
    opening = raw.rfind("&", max(0, position - _LONGEST_ESCAPE), position)
    escape = _ESCAPE.match(raw, opening) if opening >= 0 else None
    return escape is not None and escape.end() > position


def _searched(raw: str, lost: Sequence[EntitySpan], fitted: dict[int, EntitySpan]) -> list[Link]:
    """Add each of ``lost`` that is found in the text to ``fitted``; return the others as links."""
    typed: dict[str, list[int]] = {}
    for link in reversed(find_links(raw)):
        if link.text is not None and link.start is not None and link.start not in fitted:
            typed.setdefault(link.text, []).append(link.start)
    known = {(span.written, span.url) for span in fitted.values()}
    elsewhere: dict[str, Link] = {}
    for span in lost:
        if span.written and (span.written, span.url) in known:
            continue
        if starts := typed.get(span.written):
            start = starts.pop()
            fitted[start] = span._replace(start=start, end=start + len(span.written))
            known.add((span.written, span.url))
        elif span.url and not span.is_hidden:
            elsewhere.setdefault(span.url, Link(span.url, title=span.title, description=span.description))
    return list(elsewhere.values())


def _hidden(raw: str, fitted_spans: Sequence[EntitySpan]) -> set[EntitySpan]:
    """Return the hidden spans among the links that end the text; a quoted post's link may stand between them."""
    hidden = set()
    end = len(raw)
    for span in reversed(fitted_spans):
        if raw[span.end : end].strip() or not (span.is_hidden or status_id(span.url)):
            break
        if span.is_hidden:
            hidden.add(span)
        end = span.start
    return hidden


_LEADING = re.compile(r"@[A-Za-z0-9_]{1,20}\s", re.A)
_ALIKE = 20
"""Characters that two texts must share at the beginning."""


def leading_mentions(raw: str, note: str) -> str:
    """Return the leading mentions of ``raw`` that the long text ``note`` of the same post lacks.

    ``"@mira @finn The kiln…"``, ``"The kiln is hot"`` -> ``"@mira @finn "``
    """
    opening = unescape(note)[:_ALIKE]
    position = 0
    while True:
        if unescape(raw[position : position + 2 * _ALIKE]).startswith(opening):
            return raw[:position]
        mention = _LEADING.match(raw, position)
        if mention is None:
            return "" if note.startswith("@") else raw[:position]
        position = mention.end()
