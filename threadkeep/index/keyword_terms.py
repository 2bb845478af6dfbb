"""Keyword terms: the author, tags, sites and so on of a post, indexed for operators and facet counts.

from=mira.example.com, from~mira     the handle, and its first part, which is searched but not counted
to=juno, mentions=juno               who is addressed, who is mentioned
tag=café, tag~cafe                   the tag, and without accents
cash=clay                            the cashtag $CLAY in the text
domain=blog.example.org, domain~example.org
lang=en-gb, lang~en      platform=bluesky      flag=reply      kind=reply
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, count, repeat

from threadkeep.index.analysis import fold
from threadkeep.index.document_batch import Batch
from threadkeep.index.engine import CountBy
from threadkeep.text.cashtags import find_cashtags

FACET_PREFIXES: dict[CountBy, str] = {
    "author": "from=",
    "tag": "tag=",
    "domain": "domain=",
    "platform": "platform=",
    "kind": "kind=",
    "lang": "lang=",
}
"""The key prefix of each facet; years and months are counted by date instead."""

MAX_KEY_LENGTH = 200
_HOST = re.compile(r"(?:https?:)?//([^/?#\s]*)|([^/?#\s:@]+\.[^/?#\s:@]+)", re.I)
_FIRST_PART = re.compile(r"[^.@]+(?=[.@])")
_KINDS = ("repost", "reply", "quote")


def keyword_values(batch: Batch) -> Iterator[tuple[str, Sequence[str], Iterable[int]]]:
    """Yield the operators with their values in ``batch``, for ``index_keys``.

    The third item is, for each value, the index of its post in the batch, ascending.
    """
    places = range(len(batch.row_id))
    yield "platform", batch.platform, places
    yield "kind", list(map(_kind, batch.flags)), places
    yield "flag", *_flat(batch.flags)
    yield "from", *_flat(batch.authors)
    yield "to", *_flat(batch.addressees)
    yield "mentions", *_flat(batch.mentions)
    yield "tag", *_flat(batch.tags)
    urls, places_of_urls = _flat(batch.urls)
    yield "domain", [host_of(url) or "" for url in urls], places_of_urls
    yield "cash", *_flat(list(map(find_cashtags, batch.text)))
    told = [place for place, language in enumerate(batch.language) if language]
    yield "lang", [language for language in batch.language if language], told


def _flat(lists: Sequence[Collection[str]]) -> tuple[list[str], Iterator[int]]:
    """Return the values of all posts, and for each the index of its post."""
    return list(chain.from_iterable(lists)), chain.from_iterable(map(repeat, count(), map(len, lists)))


def index_keys(op: str, name: str) -> tuple[str, ...]:
    """Return the keywords to index for a value of an operator."""
    found: Iterable[str]
    match op:
        case "from" | "to" | "mentions":
            found = _handle_keys(op, normalize_name(name.lstrip("@")))
        case "tag":
            found = _with_folded("tag", normalize_name(name.lstrip("#")))
        case "domain":
            found = _domain_keys(name)
        case "lang":
            language = normalize_name(name).replace("_", "-")
            found = (f"lang={language}", f"lang~{language.partition('-')[0]}")
        case "flag" | "kind":
            found = (f"{op}={name}",)
        case _:
            found = (f"{op}={normalize_name(name)}",)
    return tuple(key.encode("utf-8", "replace").decode()[:MAX_KEY_LENGTH] for key in found if key[-1] not in "=~")


def query_keys(op: str, value: str) -> tuple[str, ...]:
    """Return the keywords of which ``op:value`` matches any; one that ends in ``*`` is a prefix."""
    if op in ("is", "has"):
        return (f"flag={value}",)
    name, star = (normalize_name(value.rstrip("*")), "*") if value.endswith("*") else (normalize_name(value), "")
    sought = dict.fromkeys((f"{op}={name}", f"{op}~{name}"))
    if op in ("from", "to", "mentions", "tag") and (plain := fold(name)) != name:
        sought |= dict.fromkeys((f"{op}={plain}", f"{op}~{plain}"))
    return tuple(key.encode("utf-8", "replace").decode()[:MAX_KEY_LENGTH] + star for key in sought)


def normalize_name(name: str) -> str:
    """Return ``name`` case-folded, in Unicode NFKC, on one line: the form in which names are compared and counted."""
    if name.isascii():
        return " ".join(name.lower().split())
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def host_of(url: str) -> str | None:
    """Return the host of a link, without ``www.``; ``None`` if it has none.

    >>> host_of("https://mira@www.example.org:8080/kiln")
    'example.org'
    """
    found = _HOST.match(url.strip())
    if found is None:
        return None
    host = (found[1] or found[2] or "").rpartition("@")[2].partition(":")[0]
    return normalize_name(host).removeprefix("www.").strip(".") or None


@lru_cache(maxsize=1000)
def _kind(flags: frozenset[str]) -> str:
    return next((kind for kind in _KINDS if kind in flags), "post")


def _handle_keys(op: str, handle: str) -> Iterator[str]:
    yield from _with_folded(op, handle)
    first = _FIRST_PART.match(handle)
    if first:
        yield f"{op}~{fold(first[0])}"


def _with_folded(op: str, name: str) -> Iterator[str]:
    yield f"{op}={name}"
    if fold(name) != name:
        yield f"{op}~{fold(name)}"


def _domain_keys(host: str | None) -> Iterator[str]:
    if host:
        yield f"domain={host}"
        labels = host.split(".")
        for i in range(1, min(len(labels) - 1, 10)):
            yield f"domain~{'.'.join(labels[i:])}"
