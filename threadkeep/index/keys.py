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
from collections.abc import Iterable, Iterator
from functools import lru_cache

from threadkeep.index import CountBy, Document
from threadkeep.index.analysis import folded
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


def names_of(document: Document) -> list[tuple[str, str]]:
    """What ``document`` is filed under: names, each with its operator or what stands for one, for ``keys_by``."""
    found = [("platform", document.platform), ("kind", _kind(document))]
    found += [("flag", flag) for flag in document.flags]
    found += [("from", handle) for handle in document.authors]
    if document.addressees:
        found += [("to", handle) for handle in document.addressees]
    if document.mentions:
        found += [("mentions", handle) for handle in document.mentions]
    if document.tags:
        found += [("tag", tag) for tag in document.tags]
    if document.urls:
        found += [("domain", host_of(url) or "") for url in document.urls]
    found += [("cash", cashtag) for cashtag in cashtags_in(document.text)]
    if document.language:
        found.append(("lang", document.language))
    return found


@lru_cache(maxsize=50_000)
def keys_by(op: str, name: str) -> tuple[str, ...]:
    """The keys under which one name files a post. Most names come again and again."""
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
    sought = dict.fromkeys((f"{op}={name}", f"{op}~{name}"))
    if op in ("from", "to", "mentions", "tag"):
        sought |= dict.fromkeys((f"{op}={folded(name)}", f"{op}~{folded(name)}"))
    return tuple(key.encode("utf-8", "replace").decode()[:KEY_LENGTH] + star for key in sought)


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


def _kind(document: Document) -> str:
    return next((kind for kind in _KINDS if kind in document.flags), "post")


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
