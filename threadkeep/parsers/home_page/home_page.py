"""A personal home page, copied from the browser and pasted: one person, sections, publications, projects, articles.

    Ada Byron
    I am a weaver at the Loom Institute. ...
    Email / Google Scholar / Github
    Research
    Tiny Looms: Weaving by Numbers
    Ada Byron*, Jo Gray
    WEAVE 2021
    [paper] [code]

    We show that ...

The account takes the name and all text up to the first section or entry. An entry is a post: its title apart, and as
text everything else it shows, authors and venue and link labels included. All other prose is posts without a title, a
section's heading above the text that follows it. So every word is kept, menus and footers too; what is not are list
markers, the quotation marks around a title and the colon, dash or full stop between a title and its text.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from threadkeep.parsers.entry import Entry, line_locator
from threadkeep.parsers.home_page._line_kinds import is_menu, is_prose, section_of
from threadkeep.parsers.home_page._link_labels import is_contact_row, label_links
from threadkeep.parsers.home_page._people import name_part, opens_bio
from threadkeep.parsers.home_page._rows import Row, rows_of
from threadkeep.parsers.home_page._segments import Segment, segments_of
from threadkeep.parsers.home_page._titles import titled
from threadkeep.records import Account, Link, Parsed, Post, Ref, account_ref, post_ref
from threadkeep.sources.source import Options, Source
from threadkeep.text.entities import find_links, find_mentions, find_tags
from threadkeep.text.mojibake import fix_mojibake

NAME = "home-page"
TITLE = "Personal home page, pasted"
VERSION = 2

_PLATFORM = "web"
_ENOUGH = 5
"""Points of ``_score`` from which on a text is taken for a home page."""
_TOP_ROWS = 25

_DATA = re.compile(r"\s*(?:[{<]|\[\s*[\[{\"]|%PDF|%!PS|#!)")
_MARKUP = re.compile(
    r"(?m)^(?:#{1,6} \S|```|\|.*\|[ \t]*$|import \w|from \w+ import|#include|[ \t]*\}[ \t);,]*$)|\]\(https?:|\[edit\]"
)
_TIMELINE = re.compile(
    r"(?mi)\bt\.co/|🧵\s*$|\(\s?\d{1,2}\s?/\s?(?:\d{1,2}|n)\s?\)|^[\d.,]+[KM]?\s+(?:followers|following|posts)\b|^@\w+$|"
    r"^(?:reposted by|replying to) |^(?:pinned|show more|quote|·|\d{1,2}[smhd])$| reposted$|@\w+[ \t]*·|"
    r"^[\w-]+\.bsky\.social$"
)
"""What pasted timelines have and home pages do not."""
_FEW_MENTIONS = 2
_AT_WORK = re.compile(r"\b(?:I am|I'm|I’m|I work|\w+ is)\b[^.!?\n]{3,120}? (?:at|in|with|for|based)\b")


@dataclass(frozen=True, slots=True)
class _Person:
    """Who the page is about, as far as it or the person importing says: ``called`` goes into the refs of the posts."""

    ref: Ref | None
    handle: str | None
    name: str | None
    called: str | None


@dataclass(frozen=True, slots=True)
class _Item:
    segment: Segment
    person: _Person


def recognizes(source: Source) -> bool:
    """Whether the dump is a home page: it presents a person, and has the sections, entries or links such pages have."""
    head = source.head
    if not head or _DATA.match(head) or _MARKUP.search(head) or _TIMELINE.search(head):
        return False
    text = fix_mojibake(head)
    return len(find_mentions(text)) <= _FEW_MENTIONS and _score(rows_of(text)) >= _ENOUGH


def _score(rows: list[Row]) -> int:
    """How much speaks for a home page; 0 where nothing in it presents a person."""
    segments = segments_of(rows)
    name = next((segment.title for segment in segments if segment.kind == "person"), None)
    entries = [segment for segment in segments if segment.kind == "entry"]
    surname = name.split()[-1] if name else "\0"
    has_contacts = any(is_contact_row(row.text) for row in rows[:_TOP_ROWS])
    is_author = sum(surname in entry.text for entry in entries) >= 2
    bio = _bio_points(rows[:_TOP_ROWS])
    if not (bio or has_contacts or is_author):
        return 0
    headings = sum(section_of(row.text) is not None for row in rows)
    firm = sum(bool(entry.created or label_links(entry.text, bare=True)) for entry in entries)
    return (
        bio + 2 * has_contacts + 2 * is_author + (name is not None) + min(3, headings)
        + 2 * (len(entries) >= (2 if bio == 4 else 3)) + 2 * (firm >= 2)
    )  # fmt: skip


def _bio_points(rows: list[Row]) -> int:
    """How much the first rows present a person; most where the page begins with it: ``I am a weaver at …``."""
    sentences = [row for row in rows if is_prose(row.text) and not titled(row.text)]
    if not sentences or not any(opens_bio(row.text) for row in sentences):
        return 0
    above = rows[: rows.index(sentences[0])]
    is_first = all(name_part(row.text) or is_menu(row.text) or len(row.text.split()) > 3 for row in above)
    if not is_first or not opens_bio(sentences[0].text):
        return 2
    return 4 if _AT_WORK.search(sentences[0].text[:400]) else 3


def entries(source: Source) -> Iterator[Entry]:
    """The person, then the page's entries and prose in its order, each with the lines it stands on."""
    text = fix_mojibake(source.text())
    segments = segments_of(rows_of(text))
    lines = text.split("\n")
    person = _person(segments, source.options, text)
    if person.ref is not None and not any(segment.kind == "person" for segment in segments):
        yield Entry("the person named for the import", _Item(Segment("person", 1, 1, None, ""), person), "")
    for segment in segments:
        raw = "\n".join(lines[segment.first - 1 : segment.last])
        yield Entry(line_locator(segment.first, segment.last), _Item(segment, person), raw)


def _person(segments: list[Segment], options: Options, text: str) -> _Person:
    """The account of the page. A name given for the import goes first; a nameless page is known by its fingerprint."""
    shown = next((segment for segment in segments if segment.kind == "person"), None)
    name = shown.title if shown else None
    given = (options.author or options.owner or "").strip().lstrip("@") or None
    handle = given if given and " " not in given else None
    called = given or name
    if called is None and shown is None:
        return _Person(None, None, None, None)
    digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()
    ref = account_ref(_PLATFORM, called or f"home-page:{digest[:16]}")
    return _Person(ref, handle, name or (given if handle is None else None), called)


def parse(entry: Entry) -> Iterator[Parsed]:
    """One segment of a page: ``Ada Byron`` and her bio -> Account; an entry or prose -> Post."""
    item: _Item = entry.data
    segment, person = item.segment, item.person
    if segment.kind == "person":
        if person.ref is not None:
            yield Account(ref=person.ref, handle=person.handle, name=person.name, bio=segment.text or None)
        return
    yield Post(
        ref=post_ref(_PLATFORM, person.called, f"{segment.title or ''}\n{segment.text}"),
        author=person.ref,
        text=segment.text,
        title=segment.title,
        created=segment.created,
        links=_links(segment.text, bare_labels=segment.kind == "entry"),
        tags=find_tags(segment.text),
        mentions=find_mentions(segment.text),
        inferred=("split",) if segment.joined else (),
    )


def _links(text: str, bare_labels: bool) -> tuple[Link, ...]:
    """The addresses in a text, and its link labels, whose addresses a paste has lost."""
    links = list(find_links(text))
    starts = [link.start or 0 for link in links]
    for start, end in label_links(text, bare=bare_labels):
        before = bisect_left(starts, end)
        if before == 0 or (links[before - 1].end or 0) <= start:
            links.append(Link(url=None, text=text[start:end], start=start, end=end))
    return tuple(sorted(links, key=lambda link: link.start or 0))
