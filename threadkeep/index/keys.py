"""The exact names a post is filed under besides its words: author, tags, sites; operators and counts go by them.

from=mira.example.com, from~mira     the handle, and its first part, by which it is found but not counted
tag=café, tag~cafe                   the tag, and without accents
domain=blog.example.org, domain~example.org
lang=en-gb, lang~en      platform=bluesky      flag=reply      kind=reply
"""

import re
import unicodedata
from collections.abc import Iterator

from threadkeep.index import CountBy, Document
from threadkeep.index.analysis import folded

COUNTED: dict[CountBy, str] = {
    "author": "from=",
    "tag": "tag=",
    "domain": "domain=",
    "platform": "platform=",
    "kind": "kind=",
}
"""What the keys begin with that ``counts`` goes by; years and months are not among them, but told by the date."""

KEY_LENGTH = 200
_HOST = re.compile(r"(?:https?:)?//([^/?#\s]*)|([^/?#\s:@]+\.[^/?#\s:@]+)", re.I)
_FIRST_PART = re.compile(r"[^.@]+(?=[.@])")
_KINDS = ("repost", "reply", "quote")


def keys_of(document: Document) -> set[str]:
    """The keys of ``document``, fit for UTF-8."""
    found = {f"platform={named(document.platform)}", f"kind={_kind(document)}"}
    found.update(f"flag={flag}" for flag in document.flags)
    for op, handles in (("from", document.authors), ("to", document.mentions)):
        for handle in handles:
            found.update(_handle_keys(op, named(handle.lstrip("@"))))
    for tag in document.tags:
        found.update(_with_folded("tag", named(tag.lstrip("#"))))
    for url in document.urls:
        found.update(_domain_keys(host_of(url)))
    if document.language:
        language = named(document.language).replace("_", "-")
        found.update((f"lang={language}", f"lang~{language.partition('-')[0]}"))
    return {key.encode("utf-8", "replace").decode()[:KEY_LENGTH] for key in found if key[-1] not in "=~"}


def keys_sought(op: str, value: str) -> tuple[str, ...]:
    """The keys under which ``op:value`` finds a post, any of them; one that ends in ``*`` is the beginning of a key."""
    if op in ("is", "has"):
        return (f"flag={value}",)
    name, star = (named(value.rstrip("*")), "*") if value.endswith("*") else (named(value), "")
    sought = dict.fromkeys((f"{op}={name}", f"{op}~{name}"))
    if op in ("from", "to", "tag"):
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
