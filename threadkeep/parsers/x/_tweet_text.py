"""The text of a post on X as a reader sees it, and the links in it, from the text and the entities of a dump.

    "Tea &amp; kilns https://t.co/a1 https://t.co/b2", a1 a link, b2 an attached picture
        -> "Tea & kilns https://t.co/a1", Link("https://example.com/", text="https://t.co/a1", start=12, end=27)

The text keeps ``t.co`` where the platform shows a link; ``Link.url`` is where it leads. Entities are places in the text
as it came, still escaped for HTML, in code points. Two links X puts at the end of a text and shows to nobody: the
``t.co`` of attached media, and that of the post itself, behind a text that was cut or edited. Both are dropped, with
the blanks before them; a quoted post's link, which may stand among them, stays. So do the mentions that a reply begins
with: they are part of what was written.
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
    """A link in the text as it came: what stands there, where, and where it leads. ``start`` below 0 is unknown.

    ``is_hidden`` where no reader sees it at the end of the text.
    """

    written: str
    start: int
    end: int
    url: str | None
    title: str | None = None
    is_hidden: bool = False


def status_id(url: str | None) -> str | None:
    """The post a link leads to: ``https://twitter.com/mira/status/1750?s=20`` -> ``1750``; None for anything else."""
    found = parse_post_url(url) if url is not None and "/status" in url else None
    return found.id if found is not None and not found.subpath else None


def unescape(text: str) -> str:
    """``Tea &amp; kilns`` -> ``Tea & kilns``: the few escapes X writes, once."""
    return _ESCAPE.sub(_unescape, text) if "&" in text else text


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPES[match[1]]


def may_be_escaped(text: str) -> bool:
    """Whether ``text`` can be escaped for HTML: it cannot where a bare ``<``, ``>`` or ``&`` stands in it.

    The long text of a note comes either way, so only this tells.
    """
    return _UNESCAPED.search(text) is None


def display_text(raw: str, spans: Iterable[EntitySpan], *, escaped: bool = True) -> tuple[str, tuple[Link, ...]]:
    """The text a reader sees, and its links with their places in it; see the module.

    A place that does not fit the text is looked for; a link that does not stand in the text comes last, without one.
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
            # The blank before it goes with it.
            take(position + len(raw[position : span.start].rstrip()))
            position = span.end
            continue
        take(span.start)
        start = length
        take(span.end)
        links.append(Link(span.url, pieces[-1], span.title, start, length))
    take(len(raw))
    text = "".join(pieces)
    return (text.rstrip() if fitted_spans[-1] in hidden else text), (*links, *elsewhere)


def _fitted(raw: str, spans: Iterable[EntitySpan]) -> tuple[list[EntitySpan], list[Link]]:
    """The places in order, each where its link really stands, without repetition; and the links that stand nowhere."""
    fitted: dict[int, EntitySpan] = {}
    lost: list[EntitySpan] = []
    for span in spans:
        if _fits(raw, span):
            # Several pictures have one link between them.
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
    """Whether the link stands where its place says; old dumps have its address unescaped."""
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
    """Put each of ``lost`` where its link stands in the text, into ``fitted``; give the others as links."""
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
            elsewhere.setdefault(span.url, Link(span.url, None, span.title))
    return list(elsewhere.values())


def _hidden(raw: str, fitted_spans: Sequence[EntitySpan]) -> set[EntitySpan]:
    """The hidden ones in the run of links that ends the text; a quoted post's link may stand among them."""
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
"""How many characters two texts must share to begin alike."""


def leading_mentions(raw: str, note: str) -> str:
    """The mentions before a reply that ``raw`` begins with and the long text ``note`` of the same post leaves out.

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
