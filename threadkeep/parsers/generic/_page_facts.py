"""What a page says of itself: its address, title, author, day, language and tags, from its head, JSON-LD and markup.

<link rel="canonical" href="https://mira.example/kiln"><meta name="author" content="Mira Okonjo">
<script type="application/ld+json">{"@type": "BlogPosting", "datePublished": "2026-02-11T09:00:00Z"}</script>
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urldefrag, urljoin

from threadkeep.parsers._html.cutter import head_of
from threadkeep.parsers._html.elements import Node, attribute, classes, every, first, named, plain, split_address
from threadkeep.records import When
from threadkeep.text.dates import calendar_date, read_date

_TOP = 5000
_SAVED_FROM = re.compile(
    r"saved from url=\(\d+\)(\S+)|^\s*url:\s*(https?://\S+)|\"url\":\s*\"(https?://[^\"]+)\"", re.M
)
_COMMENT = re.compile(r"<!--(.*?)-->", re.S)
_JSON_LD = re.compile(r"<script\b[^<>]*\bapplication/ld\+json[^<>]*>(.*?)</script\s*>", re.S | re.I)
_JSON_LD_LIMIT = 1_000_000
_NODES = 2000
_WRITINGS = re.compile(r"(?:\w*Article|\w*Posting|Review|Recipe|Report|CreativeWork|Web[Pp]age)")
_AUTHOR_META = (
    "author", "article:author", "og:article:author", "parsely-author", "dc.creator", "dcterms.creator",
    "citation_author", "sailthru.author", "byl",
)  # fmt: skip
_DATE_META = (
    "article:published_time", "og:article:published_time", "article:published", "parsely-pub-date", "date", "dc.date",
    "dc.date.issued", "dcterms.date", "dcterms.created", "citation_publication_date", "citation_date", "pubdate",
    "publish-date", "sailthru.date", "datepublished",
)  # fmt: skip
_NAIVE = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_ZONED = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?\s?(Z|[+-]\d{2}:?\d{2})")
_MONTH = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_BY = re.compile(r"(?:posted |written |text )?(?:by|von|par|por|di|door)[: ]\s*", re.I)
_LONGEST_NAME = 100
_LONGEST_TITLE = 500
_MOST_TAGS = 30
_DATED = frozenset("dt-published published entry-date post-date pubdate date-published".split())
_BYLINES = frozenset("p-author byline author-name post-author entry-author".split())
_SEPARATOR = re.compile(r"\s+[-|–—·•:»«]\s+")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself; None and nothing where it does not. ``base`` is what its links are relative to."""

    url: str | None = None
    base: str | None = None
    title: str | None = None
    author: str | None = None
    author_url: str | None = None
    created: When | None = None
    language: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()


def facts_of(page: str, root: Node) -> PageFacts:
    """Read what ``page``, whose tree is ``root``, says of itself."""
    head = head_of(page)
    meta = {name.lower(): value.strip() for name, value in head.meta.items() if value.strip()}
    written = _structured(page)
    url = _address(page, list(head.linked("canonical")), meta, written)
    name, link = _author(meta, written, root)
    base = attribute(first(root, named("base")), "href")
    return PageFacts(
        url,
        _joined(url, base) if base else url,
        _title(head.title, meta, written, root),
        name,
        _joined(url, link) if link else None,
        _created(meta, written, root),
        _language(meta, written, root),
        meta.get("og:description") or meta.get("description"),
        _tags(head.meta, page, written),
    )


def _joined(base: str | None, href: str) -> str | None:
    """``href`` as a whole address of the web; None where it cannot be known or is none."""
    try:
        found = urljoin(base or "", href.strip())
    except ValueError:
        return None
    return found if re.match(r"https?://[^\s/]", found, re.I) else None


def _address(page: str, canonical: list[str], meta: dict[str, str], written: dict[str, Any]) -> str | None:
    """The page's own word for its address, unless that is the site's front and the browser saved another page."""
    comments = "\n".join(_COMMENT.findall(page[:_TOP]))
    saved_by = _SAVED_FROM.search(comments)
    saved = next((part for part in saved_by.groups() if part), None) if saved_by else None
    told = [*canonical, meta.get("og:url"), _text(written.get("url")), _text(written.get("mainEntityOfPage"))]
    own = next((found for item in told if item and (found := _joined(saved, item))), None)
    saved = _joined(None, saved) if saved else None
    if own and saved and split_address(own).path in ("", "/") and not split_address(own).query:
        own = saved if split_address(own).netloc == split_address(saved).netloc else own
    found = own or saved
    return urldefrag(found).url if found else None


def _structured(page: str) -> dict[str, Any]:
    """The JSON-LD object of the page's text; of several kinds the most telling."""
    found: list[dict[str, Any]] = []
    for match in _JSON_LD.finditer(page):
        if len(match[1]) <= _JSON_LD_LIMIT:
            try:
                found += _objects(json.loads(match[1].strip().removesuffix(";"), strict=False))
            except (ValueError, RecursionError):
                continue
    writings = [item for item in found if any(map(_WRITINGS.fullmatch, _names(item.get("@type"))))]
    told = [item for item in writings if item.get("headline") or item.get("datePublished") or item.get("author")]
    articles = [item for item in told if not {"WebPage", "Webpage"}.issuperset(_names(item.get("@type")))]
    return next(iter(articles or told), {})


def _objects(value: object) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(_NODES):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            yield item
            waiting += [item[key] for key in ("@graph", "mainEntity") if key in item]


def _names(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _text(value: object) -> str | None:
    """A text, or the address of what is named by one."""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _author(meta: dict[str, str], written: dict[str, Any], root: Node) -> tuple[str | None, str | None]:
    """Name and page of who wrote the text; of several people all names."""
    told = written.get("author") or written.get("creator")
    people = told if isinstance(told, list) else [told]
    names = [_text(person.get("name") if isinstance(person, dict) else person) for person in people]
    if any(names):
        pages = [_text(person.get("url")) for person in people if isinstance(person, dict)]
        shown = ", ".join(dict.fromkeys(name for name in names if name))
        return _name(shown), pages[0] if len(pages) == 1 else None
    for key in _AUTHOR_META:
        if key in meta and (name := _name(meta[key])):
            return name, None
    node = first(root, _is_author)
    link = node if node is not None and node.name == "a" else first(node, named("a"))
    return _name(plain(node) or attribute(node, "content")), attribute(link, "href")


def _is_author(node: Node) -> bool:
    rel, prop = attribute(node, "rel") or "", attribute(node, "itemprop") or ""
    return "author" in rel.split() or "author" in prop.split() or not _BYLINES.isdisjoint(classes(node))


def _name(text: str | None) -> str | None:
    """A name; None for addresses and for what is too long to be one."""
    name = _BY.sub("", " ".join((text or "").split()), count=1).strip(" ,·|")
    return name if name and len(name) <= _LONGEST_NAME and "://" not in name else None


def _created(meta: dict[str, str], written: dict[str, Any], root: Node) -> When | None:
    """When the text was published."""
    told = [_text(written.get("datePublished")), *(meta.get(key) for key in _DATE_META)]
    nodes = [*every(root, _is_dated)] or [*every(root, named("time"))][:1]
    told += [attribute(node, name) for node in nodes[:3] for name in ("datetime", "content", "title")]
    told += [plain(node) for node in nodes[:3]]
    return next((found for text in told if text and (found := read_moment(text.strip()))), None)


def _is_dated(node: Node) -> bool:
    prop = (attribute(node, "itemprop") or "").split()
    own = classes(node)
    return "datePublished" in prop or "pubdate" in node.attrs or (not _DATED.isdisjoint(own) and "updated" not in own)


def read_moment(text: str) -> When | None:
    """``2026-02-11T09:00:00+0100`` to the second; without a zone the day; ``2026-02`` the month."""
    if (zoned := _ZONED.fullmatch(text)) is not None:
        zone = zoned[4] if zoned[4] == "Z" or ":" in zoned[4] else f"{zoned[4][:3]}:{zoned[4][3:]}"
        try:
            return When(datetime.fromisoformat(f"{zoned[1]}T{zoned[2]}{zoned[3] or ':00'}{zone}").astimezone(UTC))
        except (ValueError, OverflowError):
            return None
    if (naive := _NAIVE.fullmatch(text)) is not None:
        return read_date(naive[1])
    if (month := _MONTH.fullmatch(text)) is not None:
        return calendar_date(int(month[1]), int(month[2]) if month[2] else None) if int(month[1]) > 1900 else None
    return read_date(text)


def _title(shown: str | None, meta: dict[str, str], written: dict[str, Any], root: Node) -> str | None:
    """The title of the text, without the name of the site where that can be told."""
    heading = " ".join((plain(first(root, named("h1"))) or "").split())
    told = meta.get("og:title") or _text(written.get("headline")) or meta.get("twitter:title")
    found = told or shown or heading
    if found and heading and found != heading and found.startswith(heading):
        found = heading if _SEPARATOR.match(found[len(heading) :]) else found
    elif found and (site := meta.get("og:site_name")) and found.endswith(site):
        found = re.sub(r"\s+[-|–—·•:»«]\s+\Z", "", found[: -len(site)]) or found
    return " ".join(found.split())[:_LONGEST_TITLE] if found else None


def _language(meta: dict[str, str], written: dict[str, Any], root: Node) -> str | None:
    page = first(root, named("html"))
    told: Iterable[str | None] = (
        attribute(page, "lang"), attribute(page, "xml:lang"), attribute(first(root, named("body")), "lang"),
        _text(written.get("inLanguage")), meta.get("og:locale"), meta.get("content-language"),
    )  # fmt: skip
    found = next((text.strip() for text in told if text and _LANGUAGE.fullmatch(text.strip())), None)
    return found.replace("_", "-") if found else None


def _tags(meta: dict[str, str], page: str, written: dict[str, Any]) -> tuple[str, ...]:
    """The keywords that the text is filed under; not those that were meant for search engines."""
    told = written.get("keywords")
    words = told.split(",") if isinstance(told, str) else _names(told)
    if "article:tag" in meta:
        from threadkeep.parsers._html.cutter import start_tags

        words += [tag.get("content", "") for tag in start_tags(page, "meta") if tag.get("property") == "article:tag"]
    return tuple(dict.fromkeys(" ".join(word.split()) for word in words if word.strip()))[:_MOST_TAGS]
