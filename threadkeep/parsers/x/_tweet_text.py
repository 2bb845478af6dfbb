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

from threadkeep.records import Link
from threadkeep.text.entities import find_links

_ESCAPES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'"}
_ESCAPE = re.compile(f"&({'|'.join(_ESCAPES)});")
_LONGEST_ESCAPE = len("&quot;")
_UNESCAPED = re.compile(rf"[<>]|&(?!(?:{'|'.join(_ESCAPES)});)")
_STATUS = re.compile(
    r"https?://(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/(?:#!/)?(?:[A-Za-z0-9_]{1,20}|i/web|i)/status(?:es)?/([0-9]{1,20})"
    r"/?(?:[?#].*)?",
    re.I | re.A | re.S,
)


class Place(NamedTuple):
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
    match = _STATUS.fullmatch(url) if url else None
    return (match[1].lstrip("0") or "0") if match else None


def unescaped(text: str) -> str:
    """``Tea &amp; kilns`` -> ``Tea & kilns``: the few escapes X writes, once."""
    return _ESCAPE.sub(_unescape, text) if "&" in text else text


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPES[match[1]]


def is_escaped(text: str) -> bool:
    """Whether ``text`` can be escaped for HTML: it cannot where a bare ``<``, ``>`` or ``&`` stands in it.

    The long text of a note comes either way, so only this tells.
    """
    return _UNESCAPED.search(text) is None


def shown(raw: str, places: Iterable[Place], *, escaped: bool = True) -> tuple[str, tuple[Link, ...]]:
    """The text a reader sees, and its links with their places in it; see the module.

    A place that does not fit the text is looked for; a link that does not stand in the text comes last, without one.
    """
    placed, elsewhere = _fitted(raw, places)
    if not placed:
        text = unescaped(raw) if escaped else raw
        return text, tuple(elsewhere)
    hidden = _hidden(raw, placed)
    pieces: list[str] = []
    links: list[Link] = []
    length = position = 0

    def take(until: int) -> None:
        nonlocal length, position
        piece = raw[position:until]
        piece = unescaped(piece) if escaped else piece
        pieces.append(piece)
        length += len(piece)
        position = until

    for place in placed:
        if place in hidden:
            # The blank before it goes with it.
            take(position + len(raw[position : place.start].rstrip()))
            position = place.end
            continue
        take(place.start)
        start = length
        take(place.end)
        links.append(Link(place.url, pieces[-1], place.title, start, length))
    take(len(raw))
    text = "".join(pieces)
    return (text.rstrip() if placed[-1] in hidden else text), (*links, *elsewhere)


def _fitted(raw: str, places: Iterable[Place]) -> tuple[list[Place], list[Link]]:
    """The places in order, each where its link really stands, without repetition; and the links that stand nowhere."""
    fitted: dict[int, Place] = {}
    lost: list[Place] = []
    for place in places:
        if _fits(raw, place):
            # Several pictures have one link between them.
            if place.start not in fitted or place.is_hidden:
                fitted[place.start] = place
        else:
            lost.append(place)
    elsewhere = [] if not lost else _searched(raw, lost, fitted)
    placed: list[Place] = []
    for start in sorted(fitted):
        if not placed or start >= placed[-1].end:
            placed.append(fitted[start])
    return placed, elsewhere


def _fits(raw: str, place: Place) -> bool:
    """Whether the link stands where its place says; old dumps have its address unescaped."""
    start, end = place.start, place.end
    if not 0 <= start < end <= len(raw):
        return False
    stands = raw[start:end]
    if stands != place.written and unescaped(stands) != place.written:
        return False
    return "&" not in raw or not (_is_in_escape(raw, start) or _is_in_escape(raw, end))


def _is_in_escape(raw: str, position: int) -> bool:
    opening = raw.rfind("&", max(0, position - _LONGEST_ESCAPE), position)
    escape = _ESCAPE.match(raw, opening) if opening >= 0 else None
    return escape is not None and escape.end() > position


def _searched(raw: str, lost: Sequence[Place], fitted: dict[int, Place]) -> list[Link]:
    """Put each of ``lost`` where its link stands in the text, into ``fitted``; give the others as links."""
    typed: dict[str, list[int]] = {}
    for link in reversed(find_links(raw)):
        if link.text is not None and link.start is not None and link.start not in fitted:
            typed.setdefault(link.text, []).append(link.start)
    known = {(place.written, place.url) for place in fitted.values()}
    elsewhere: dict[str, Link] = {}
    for place in lost:
        if place.written and (place.written, place.url) in known:
            continue
        if starts := typed.get(place.written):
            start = starts.pop()
            fitted[start] = place._replace(start=start, end=start + len(place.written))
            known.add((place.written, place.url))
        elif place.url and not place.is_hidden:
            elsewhere.setdefault(place.url, Link(place.url, None, place.title))
    return list(elsewhere.values())


def _hidden(raw: str, placed: Sequence[Place]) -> set[Place]:
    """The hidden ones in the run of links that ends the text; a quoted post's link may stand among them."""
    hidden = set()
    end = len(raw)
    for place in reversed(placed):
        if raw[place.end : end].strip() or not (place.is_hidden or status_id(place.url)):
            break
        if place.is_hidden:
            hidden.add(place)
        end = place.start
    return hidden


_LEADING = re.compile(r"@[A-Za-z0-9_]{1,20}\s", re.A)
_ALIKE = 20
"""How many characters two texts must share to begin alike."""


def leading_mentions(raw: str, note: str) -> str:
    """The mentions before a reply that ``raw`` begins with and the long text ``note`` of the same post leaves out.

    ``"@mira @finn The kiln…"``, ``"The kiln is hot"`` -> ``"@mira @finn "``
    """
    opening = unescaped(note)[:_ALIKE]
    position = 0
    while True:
        if unescaped(raw[position : position + 2 * _ALIKE]).startswith(opening):
            return raw[:position]
        mention = _LEADING.match(raw, position)
        if mention is None:
            return "" if note.startswith("@") else raw[:position]
        position = mention.end()
