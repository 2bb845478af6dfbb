"""Read Markdown notes with front matter: clippings of pages, and posts of networks that a tool wrote into a note.

---
title: "Mira on X: A thread on ash"                     title, author, source, published, tags: of the whole note
source: https://example.org/kiln
tags: [pottery]
---
Mira ([@mira](https://x.com/mira)) - May 1, 2024 12:30 PM              Tweet-to-Markdown: a post a block
Would weighing the ash tell the glaze?
[Tweet link](https://x.com/mira/status/1785600000000000000)
---
**Odo** @odo [2024-05-01](https://x.com/odo/status/1785600000000000001)    web clippers: the address above the text

Notes that threadkeep exported are left alone: their posts are in the archive that they came from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadkeep.parsers.entry import Entry, line_locator
from threadkeep.platforms import web
from threadkeep.platforms.registry import platform_named, ref_of_url
from threadkeep.records import Account, Link, Media, Parsed, Post, Ref, When, account_ref, post_ref
from threadkeep.sources.source import Source
from threadkeep.text.dates import read_time
from threadkeep.text.entities import find_links, find_mentions, find_tags

NAME = "markdown-note"
TITLE = "Markdown note with front matter: clippings, Tweet-to-Markdown"
VERSION = 1

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<keys>(?:(?!---[ \t]*$).*\n){1,400}?)---[ \t]*(?:\n|\Z)", re.M)
_KEY = re.compile(r"(?P<key>[A-Za-z][\w -]{0,40}):(?:[ \t]+(?P<value>.*))?")
_ITEM = re.compile(r"\s*-\s+(?P<value>.*)")
_RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$", re.M)
_OWN = {"thread_id", "post_count"}
_SOURCES = ("source", "url", "link")
_HEADERS = (
    re.compile(
        r"(?:!\[[^\]\n]*\]\([^)\n]*\)\s*\n)?"
        r"(?P<name>[^\n]{0,200}?) ?\(\[@(?P<handle>[\w.@-]+)\]\((?P<account>[^)\s]+)\)\)(?: - (?P<date>[^\n]+))?\n?"
    ),
    re.compile(r"\*\*(?P<name>[^\n]{0,200}?)\*\* @(?P<handle>[\w.@-]+) \[(?P<date>[^\]\n]*)\]\((?P<url>[^)\s]+)\)\n?"),
)
_FOOTER = re.compile(r"\n?\[(?:Tweet|Post|Toot|View Tweet)(?: link)?\]\((?P<url>[^)\s]+)\)\s*\Z", re.I)
_MARKUP = re.compile(
    r"(?P<image>!)?\[(?P<text>(?:[^\]\[\n]|\\.){0,2000})\]\((?P<url>[^()\s]{1,2000})(?: \"[^\"\n]*\")?\)"
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")


@dataclass(frozen=True, slots=True)
class _Note:
    """What the front matter says: text, or several texts, by key in small letters."""

    keys: dict[str, tuple[str, ...]]

    def one(self, *names: str) -> str | None:
        return next((self.keys[name][0] for name in names if self.keys.get(name)), None)


@dataclass(frozen=True, slots=True)
class _Block:
    """The Markdown of one post, or the whole note where ``is_post`` is false; ``tags`` are those of the note."""

    note: _Note
    text: str
    tags: tuple[str, ...]
    is_post: bool


def recognizes(source: Source) -> bool:
    """Whether the text begins with front matter that names an address; not a page that threadkeep wrote."""
    read = _read(source.head or "")
    return read is not None and not read[0].keys.keys() >= _OWN and _address(read[0]) is not None


def entries(source: Source) -> Iterator[Entry]:
    """Yield the posts of the note by the rules between them; a note that is no list of posts as a whole."""
    text = source.text()
    read = _read(text)
    note, start = read or (_Note({}), 0)
    tags = note.keys.get("tags", ())
    pieces = list(_pieces(text, start))
    if not any(_header(piece) for _, piece in pieces):
        yield Entry(
            line_locator(1, text.rstrip("\n").count("\n") + 1), _Block(note, text[start:].strip(), tags, False), text
        )
        return
    for number, (line, piece) in enumerate(pieces):
        last = line + piece.rstrip("\n").count("\n")
        yield Entry(line_locator(line, last), _Block(note, piece, () if number else tags, True), piece)


def parse(entry: Entry) -> Iterator[Parsed]:
    """A block -> its author and its post. Raises ValueError for one among posts that names neither."""
    block: _Block = entry.data
    yield from _post_of(block) if block.is_post else _document_of(block)


def _post_of(block: _Block) -> Iterator[Parsed]:
    header = _header(block.text)
    if header is None:
        raise ValueError("among the posts of this note: nothing says who wrote it")
    body = block.text[header.end() :]
    found = header.groupdict()
    footer = _FOOTER.search(body)
    if footer:
        body = body[: footer.start()]
    url = found.get("url") or (footer["url"] if footer else None)
    ref = ref_of_url(url) if url else None
    account_address = found.get("account") or ""
    linked = ref_of_url(f"{account_address.rstrip('/')}/status/1") if account_address else None
    platform = ref.platform if ref else linked.platform if linked else web.NAME
    author = Account(account_ref(platform, found["handle"]), found["handle"], found["name"].strip() or None)
    yield author
    text, links, media = _plain(body)
    created = _time_of(ref) or read_time(found.get("date") or "")
    yield Post(
        ref or post_ref(platform, found["handle"], text),
        author.ref,
        text,
        created=created,
        url=url,
        links=links,
        media=media,
        tags=tuple(dict.fromkeys((*find_tags(text), *block.tags))),
        mentions=find_mentions(text),
    )


def _document_of(block: _Block) -> Iterator[Parsed]:
    note, url = block.note, _address(block.note)
    ref = ref_of_url(url) if url else None
    platform = ref.platform if ref else web.NAME
    said = (note.one("author", "authors", "creator") or "").strip().removeprefix("[[").removesuffix("]]")
    handle = said.removeprefix("@") if said.startswith("@") else (note.one("handle") or "").lstrip("@") or None
    name = None if said.startswith("@") else said or None
    who = handle or name
    author = Account(account_ref(platform, who), handle, name) if who else None
    if author:
        yield author
    text, links, media = _plain(block.text)
    yield Post(
        ref or post_ref(platform, who, text or url or ""),
        author.ref if author else None,
        text or note.one("description") or "",
        title=note.one("title"),
        created=_time_of(ref) or read_time(note.one("published", "date") or ""),
        url=url,
        links=links,
        media=media,
        tags=tuple(dict.fromkeys((*block.tags, *find_tags(text)))),
        mentions=find_mentions(text) if ref else (),
    )


def _time_of(ref: Ref | None) -> When | None:
    platform = platform_named(ref.platform) if ref else None
    return platform.time_of_id(ref.id) if ref and platform else None


def _header(piece: str) -> re.Match[str] | None:
    return next((match for pattern in _HEADERS if (match := pattern.match(piece))), None)


def _pieces(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield what stands between the rules, each with the number of its first line; blank pieces are left out."""
    begin = start
    for end, after in [*((rule.start(), rule.end()) for rule in _RULE.finditer(text, start)), (len(text), len(text))]:
        piece = text[begin:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield text.count("\n", 0, begin + lead) + 1, piece.strip()
        begin = after


def _address(note: _Note) -> str | None:
    url = note.one(*_SOURCES)
    return url if web.is_web_url(url) else None


def _read(text: str) -> tuple[_Note, int] | None:
    """Return the front matter, and where the text after it begins; None without any."""
    match = _FRONT_MATTER.match(text.removeprefix("\ufeff"))
    if match is None:
        return None
    keys: dict[str, tuple[str, ...]] = {}
    last = ""
    for line in match["keys"].split("\n"):
        if key := _KEY.fullmatch(line):
            last = key["key"].lower()
            keys[last] = _values(key["value"] or "")
        elif last and (item := _ITEM.fullmatch(line)):
            keys[last] = (*keys[last], *_values(item["value"]))
    return (_Note(keys), match.end()) if keys else None


def _values(text: str) -> tuple[str, ...]:
    """Read a value of front matter: plain, in quotes, or a list in brackets on one line."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return tuple(value for part in text[1:-1].split(",") for value in _values(part))
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    elif len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1].replace("''", "'")
    return (text,) if text and text not in ("null", "~", "|", ">") else ()


def _plain(markdown: str) -> tuple[str, tuple[Link, ...], tuple[Media, ...]]:
    """Return the text that a reader sees, its links by code points, and the pictures in it."""
    parts: list[str] = []
    links: list[Link] = []
    media: list[Media] = []
    length, last, markdown = 0, 0, markdown.strip()
    for match in _MARKUP.finditer(markdown):
        before = _ESCAPED.sub(r"\1", markdown[last : match.start()])
        shown = "" if match["image"] else _ESCAPED.sub(r"\1", match["text"])
        if match["image"]:
            media.append(Media("image", match["url"], None, match["text"] or None))
        elif not shown.startswith(("@", "#")):
            start = length + len(before)
            links.append(Link(match["url"], shown, None, start, start + len(shown)))
        parts += (before, shown)
        length += len(before) + len(shown)
        last = match.end()
    text = "".join((*parts, _ESCAPED.sub(r"\1", markdown[last:]))).rstrip()
    if text[:1].isspace():  # a picture stood first
        lead = len(text) - len(text.lstrip())
        text = text[lead:]
        links = [Link(x.url, x.text, None, (x.start or 0) - lead, (x.end or 0) - lead) for x in links]
    covered = {(link.start, link.end) for link in links}
    found = [link for link in find_links(text) if not any(_overlap(link, *place) for place in covered)]
    return text, tuple(sorted([*links, *found], key=lambda link: link.start or 0)), tuple(media)


def _overlap(link: Link, start: int | None, end: int | None) -> bool:
    return (link.start or 0) < (end or 0) and (start or 0) < (link.end or 0)
