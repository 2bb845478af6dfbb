"""The exact names a post is filed under besides its words: author, tags, sites; operators and counts go by them.

from=mira.example.com, from~mira     the handle, and its first part, by which it is found but not counted
to=juno, mentions=juno               whom the post answers, whom it mentions
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

from threadkeep.index.analysis import folded
from threadkeep.index.document_batch import Batch
from threadkeep.index.engine import CountBy
from threadkeep.query.values import CASHTAG

COUNTED: dict[CountBy, str] = {
    "author": "from=",
    "tag": "tag=",
    "domain": "domain=",
    "platform": "platform=",
    "kind": "kind=",
    "lang": "lang=",
}
"""What the keys begin with that ``counts`` goes by; years and months are not among them, but told by the date."""

KEY_LENGTH = 200
_HOST = re.compile(r"(?:https?:)?//([^/?#\s]*)|([^/?#\s:@]+\.[^/?#\s:@]+)", re.I)
_CASHTAG = rf"(?<![\w$＄])[$＄]({CASHTAG})(?![\w$＄])"
_FIRST_PART = re.compile(r"[^.@]+(?=[.@])")
_KINDS = ("repost", "reply", "quote")


def named_in(batch: Batch) -> Iterator[tuple[str, Sequence[str], Iterable[int]]]:
    """What the posts of ``batch`` are filed under: operators, or what stands for one, each with names for ``keys_by``.

    The third tells of each name which post is filed under it: its place in the batch. These ascend.
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
    yield "cash", *_flat(list(map(cashtags_in, batch.text)))
    told = [place for place, language in enumerate(batch.language) if language]
    yield "lang", [language for language in batch.language if language], told


def _flat(lists: Sequence[Collection[str]]) -> tuple[list[str], Iterator[int]]:
    """All names of all posts, and the place of each one's post."""
    return list(chain.from_iterable(lists)), chain.from_iterable(map(repeat, count(), map(len, lists)))


def keys_by(op: str, name: str) -> tuple[str, ...]:
    """The keys under which one name files a post."""
    found: Iterable[str]
    match op:
        case "from" | "to" | "mentions":
            found = _handle_keys(op, named(name.lstrip("@")))
        case "tag":
            found = _with_folded("tag", named(name.lstrip("#")))
        case "domain":
            found = _domain_keys(name)
        case "lang":
            language = named(name).replace("_", "-")
            found = (f"lang={language}", f"lang~{language.partition('-')[0]}")
        case "flag" | "kind":
            found = (f"{op}={name}",)
        case _:
            found = (f"{op}={named(name)}",)
    return tuple(key.encode("utf-8", "replace").decode()[:KEY_LENGTH] for key in found if key[-1] not in "=~")


def keys_sought(op: str, value: str) -> tuple[str, ...]:
    """The keys under which ``op:value`` finds a post, any of them; one that ends in ``*`` is the beginning of a key."""
    if op in ("is", "has"):
        return (f"flag={value}",)
    name, star = (named(value.rstrip("*")), "*") if value.endswith("*") else (named(value), "")
    terms = dict.fromkeys((f"{op}={name}", f"{op}~{name}"))
    if op in ("from", "to", "mentions", "tag") and (plain := folded(name)) != name:
        terms |= dict.fromkeys((f"{op}={plain}", f"{op}~{plain}"))
    return tuple(key.encode("utf-8", "replace").decode()[:KEY_LENGTH] + star for key in terms)


def named(name: str) -> str:
    """``name`` without case, in Unicode NFKC, on one line: the form in which names are compared and counted."""
    if name.isascii():
        return " ".join(name.lower().split())
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def host_of(url: str) -> str | None:
    """The site a link leads to, without ``www.``; ``None`` where it names none.

    >>> host_of("https://mira@www.example.org:8080/kiln")
    'example.org'
    """
    found = _HOST.match(url.strip())
    if found is None:
        return None
    host = (found[1] or found[2] or "").rpartition("@")[2].partition(":")[0]
    return named(host).removeprefix("www.").strip(".") or None


def cashtags_in(text: str) -> list[str]:
    """The cashtags in ``text``, without their ``$``: Latin letters alone, so that prices are none.

    >>> cashtags_in("$CLAY rose by $5, $BRK.B fell.")
    ['CLAY', 'BRK.B']
    """
    return [found[1] for found in cashtag_matches(text)] if "$" in text or "＄" in text else []


def cashtag_matches(text: str) -> Iterator[re.Match[str]]:
    """Where cashtags stand in ``text``, with their ``$``; the first group is without."""
    return re.finditer(_CASHTAG, text)


@lru_cache(maxsize=1000)
def _kind(flags: frozenset[str]) -> str:
    return next((kind for kind in _KINDS if kind in flags), "post")


def _handle_keys(op: str, handle: str) -> Iterator[str]:
    yield from _with_folded(op, handle)
    first = _FIRST_PART.match(handle)
    if first:
        yield f"{op}~{folded(first[0])}"


def _with_folded(op: str, name: str) -> Iterator[str]:
    yield f"{op}={name}"
    if folded(name) != name:
        yield f"{op}~{folded(name)}"


def _domain_keys(host: str | None) -> Iterator[str]:
    if host:
        yield f"domain={host}"
        labels = host.split(".")
        for i in range(1, min(len(labels) - 1, 10)):
            yield f"domain~{'.'.join(labels[i:])}"
