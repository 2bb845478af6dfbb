"""Access to the values of ActivityStreams objects, which may be written in many ways.

    "https://a.example/1"  {"id": "https://a.example/1", …}  [{"href": …}]      id_of(…) -> "https://a.example/1"
    {"to": "as:Public"}  {"cc": ["…/followers"]}                                visibility_of(…) -> public, followers

One item may stand for a list of one, an object for its id. A value of an impossible type raises a ValueError that names
the key.
"""

from collections.abc import Iterator
from typing import Any

from threadkeep.parsers._json.values import Object, get_str, kind_of
from threadkeep.parsers.fediverse._values import InvalidTime, parse_time
from threadkeep.records import When

PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})

_LARGEST = 2**63 - 1


def type_of(object_: Object) -> str:
    """The type, the first of several. Raises ValueError if there is none."""
    value = object_.get("type", object_.get("@type"))
    kind = value[0] if isinstance(value, list) and value else value
    if not isinstance(kind, str) or not kind:
        raise ValueError(f"'type' should say what the object is, found {kind_of(value)}")
    return kind.removeprefix("as:")


def stated_type(object_: Object) -> str:
    """The type of an object inside another; empty if missing or not a string."""
    value = object_.get("type")
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""


def listed(object_: Object, key: str) -> list[Any]:
    """The value under ``key`` as a list: empty, of one item, or the list itself."""
    value = object_.get(key)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def objects(object_: Object, key: str) -> Iterator[Object]:
    """The objects under ``key``; addresses among them are skipped. Raises ValueError for anything else."""
    for value in listed(object_, key):
        if isinstance(value, dict):
            yield value
        elif not isinstance(value, str):
            raise ValueError(f"{key!r} should hold objects, found {kind_of(value)}")


def in_language(object_: Object, key: str) -> tuple[str | None, str | None]:
    """A natural-language value and its language: ``content``, else the first of ``contentMap``."""
    text, by_language = get_str(object_, key), object_.get(f"{key}Map")
    if not isinstance(by_language, dict):
        return text, None
    known = [(code, value) for code, value in by_language.items() if isinstance(value, str) and value]
    if text is None and known:
        return known[0][1], known[0][0]
    matching = [code for code, value in known if value == text] or [code for code, _ in known]
    return text, matching[0] if len(matching) == 1 and matching[0] != "und" else None


def id_of(value: object, name: str) -> str | None:
    """The id in ``value``: an address, an object with an id or an address, or a list. Raises ValueError."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        id_ = value.get("id", value.get("@id"))
        if id_ is not None and not isinstance(id_, str):
            raise ValueError(f"'id' should be an address, found {kind_of(id_)}")
        return id_ or address_of(value.get("url", value.get("href")))
    if isinstance(value, list):
        return next((found for item in value if (found := id_of(item, name))), None)
    raise ValueError(f"{name!r} should be an id, found {kind_of(value)}")


def address_of(value: object, wanted: str = "text/html") -> str | None:
    """The web address in ``value``: a string, a link, or the item of a list with the ``wanted`` media type."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, dict):
        href = value.get("href", value.get("url"))
        return href if isinstance(href, str) and href else None
    if isinstance(value, list):
        links = [(item, address) for item in value if not isinstance(item, list) and (address := address_of(item))]
        fitting = (address for item, address in links if _media_type(item).startswith(wanted))
        return next(fitting, links[0][1] if links else None)
    return None


def _media_type(item: object) -> str:
    value = item.get("mediaType") if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""


def total_of(value: object) -> int | None:
    """The stated number of items of a collection."""
    total = value.get("totalItems") if isinstance(value, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= _LARGEST else None


def visibility_of(object_: Object, activity: Object, followers: str | None) -> str | None:
    """``public``, ``unlisted``, ``followers`` or ``direct``, by the addressees of a post; None if not stated.

    ``activity`` is the one that created it, ``followers`` the author's collection of followers, if known.
    """
    holder = object_ if "to" in object_ or "cc" in object_ else activity
    if "to" not in holder and "cc" not in holder:
        return None
    to, copied = ({id_ for item in listed(holder, key) if (id_ := id_of(item, key))} for key in ("to", "cc"))
    if to & PUBLIC:
        return "public"
    if copied & PUBLIC:
        return "unlisted"
    if any(_is_followers(address, followers) for address in to | copied):
        return "followers"
    return "direct"


def _is_followers(address: str, followers: str | None) -> bool:
    return address == followers or address.rstrip("/").endswith("/followers") or "/followers/" in address


def when_of(*stated: object) -> tuple[When | None, str | None]:
    """The first time stated, or what is wrong with it."""
    for value in stated:
        if value is None:
            continue
        if not isinstance(value, str):
            return None, "a time that cannot be read"
        try:
            return parse_time(value), None
        except InvalidTime as error:
            return None, str(error)
    return None, None
