"""Read responses of Mastodon's API, saved as JSON or JSON Lines: statuses, timelines, contexts, searches, accounts.

    [{"id": "11", "uri": "https://kilns.example/users/mira/statuses/11", "content": "<p>Frost again.</p>", …}, …]
    {"ancestors": [{…}], "descendants": [{…}, {…}]}

Pleroma, Pixelfed, GoToSocial and others have the same API. Posts by others, quoted or boosted, are posts of their own.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from threadkeep.errors import DumpError
from threadkeep.parsers._json.stream import Value, paths_of, whole_or_joined
from threadkeep.parsers._json.values import Object, get_object, get_str, object_of, raw_of
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse._json_files import (
    WHOLE_DUMP_LOCATOR,
    array_items,
    array_keys,
    first_character,
    is_json_lines,
    load_value,
    source_values,
)
from threadkeep.parsers.fediverse._status import StatusIds, account_of, post_from_history, post_from_source, records_of
from threadkeep.platforms import mastodon
from threadkeep.records import Parsed, Ref, Skipped
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source

NAME = "mastodon-api"
TITLE = "Mastodon API responses (statuses, contexts, accounts; JSON, JSON Lines)"
VERSION = 3

_CONTEXT = ("ancestors", "status", "descendants")
_LISTS = ("accounts", "ancestors", "statuses", "descendants", "hashtags", "notification_groups")
_WRAPPER_KEYS = ("context", "accounts", *_CONTEXT, "statuses", "last_status", "hashtags", "notification_groups")
"""The keys of responses that hold statuses or accounts, in the order in which they are read."""

_OF_OTHERS = ("favourites", "bookmarks", "mentions")
"""Lists beside ``statuses`` in the files of mastodon-archive: posts of others, mostly, that their owner kept."""

_STATUS_PATHS = ("", "[].", *(f"{outer}{key}" for outer in ("", "[].") for key in ("status.", "last_status.")))
_LISTED_PATHS = tuple(f"{key}[]." for key in ("ancestors", "descendants", "statuses"))
_STATUS_KEYS = ("uri", "spoiler_text", "visibility", "reblog")
_NAME_LENGTH = 40

_Kind = Literal["status", "source", "history", "account", "notification", "hashtag", "skipped", "bad"]


class _ApiItem(NamedTuple):
    """One object of a response; ``root`` is the first post of its conversation."""

    kind: _Kind
    value: Any
    locator: str
    root: Ref | None = None


class _EntryData(NamedTuple):
    item: _ApiItem
    ids: StatusIds


def recognizes(source: Source) -> bool:
    """Whether the keys of statuses, accounts or notifications stand near the beginning, at a usual path."""
    if first_character(source) not in ("{", "["):
        return False
    found = paths_of(source)
    if found == {"ancestors", "descendants"}:
        return True
    places = (*_STATUS_PATHS, *_LISTED_PATHS)
    return any(_is_status(found, place) for place in places) or any(
        _is_account(found, place) or _is_notification(found, place) for place in ("", "[].", "accounts[].")
    )


def _is_status(found: set[str], place: str) -> bool:
    has = {key for key in ("id", "content", "account", "created_at", "text", *_STATUS_KEYS) if f"{place}{key}" in found}
    if {"content", "account", "created_at"} <= has:
        return not has.isdisjoint(_STATUS_KEYS)
    return {"id", "text", "spoiler_text"} <= has


def _is_account(found: set[str], place: str) -> bool:
    return {f"{place}{key}" for key in ("acct", "username", "display_name")} <= found


def _is_notification(found: set[str], place: str) -> bool:
    return {f"{place}{key}" for key in ("type", "created_at", "account", "account.acct")} <= found


def entries(source: Source) -> Iterator[Entry]:
    """Each status, account and notification, in order; a first pass collects the ids behind their numbers.

    Raises DumpError if the rest is truncated.
    """
    ids = StatusIds()
    with contextlib.suppress(DumpError):  # the second pass raises it
        for item in _split_source(source):
            with contextlib.suppress(ValueError):  # likewise
                if item.kind == "status":
                    ids.add(object_of(item.value, "a status"))
    for item in _split_source(source):
        yield Entry(item.locator, _EntryData(item, ids), raw_of(item.value))


def _split_source(source: Source) -> Iterator[_ApiItem]:
    for value in _values(source):
        try:
            held = load_value(value.json)
        except ValueError as error:
            yield _ApiItem("bad", f"{error}", value.locator)
        else:
            yield from _split_value(held, value.locator)


def _values(source: Source) -> Iterator[Value]:
    """The values of the file. A single object is loaded whole if it is valid and not too large, else list by list."""
    if is_json_lines(source) or (first_character(source) == "[" and not _is_history(paths_of(source))):
        yield from source_values(source)
        return
    if source.size <= TEXT_LIMIT_BYTES:
        text = source.text()
        with contextlib.suppress(ValueError):
            load_value(text)
            yield Value(WHOLE_DUMP_LOCATOR, text)
            return
    lists = array_keys(source, _LISTS)
    if "ancestors" in lists and "descendants" not in lists:
        lists.append("descendants")  # beyond the head: no response has only one of the two
    for key in lists:
        yield from array_items(source, key)
    if not lists:
        yield from whole_or_joined(source)


def _is_history(found: set[str]) -> bool:
    return {"[].content", "[].account"} <= found and found.isdisjoint({"[].id", "[].uri"})


def _split_value(value: Any, locator: str) -> Iterator[_ApiItem]:
    """The objects in a response: itself, the items of a list, or those in its lists."""
    waiting: list[tuple[Any, str, Ref | None]] = [(value, locator, None)]
    while waiting:
        held, where, root = waiting.pop()
        if isinstance(held, list):
            if _is_history(_keys_of(held)):
                yield _ApiItem("history", held, where)
            else:
                waiting += reversed([(item, _within(where, f"item {n}"), root) for n, item in enumerate(held, 1)])
        elif isinstance(held, dict) and _kind_of(held) is None and not set(_WRAPPER_KEYS).isdisjoint(held):
            root = _root_of(held) or root
            keys = [key for key in _WRAPPER_KEYS if held.get(key) is not None]
            waiting += reversed([(held[key], _within(where, key), root) for key in keys])
            if isinstance(held.get("statuses"), list):
                yield from _of_others(held, where)
        else:
            # parse raises for what is not a status.
            kind = _kind_of(held) if isinstance(held, dict) else None
            yield _ApiItem(kind or "status", held, where, root)


def _of_others(held: Object, where: str) -> Iterator[_ApiItem]:
    """The items of the lists of a mastodon-archive file that are not its owner's posts; also its account, which is."""
    if isinstance(held.get("account"), dict):
        yield _ApiItem("account", held["account"], _within(where, "account"))
    for key in _OF_OTHERS:
        for number in range(1, 1 + len(held[key] if isinstance(held.get(key), list) else ())):
            yield _ApiItem("skipped", key, _within(where, f"{key} item {number}"))


def _within(outer: str, inner: str) -> str:
    return inner if outer == WHOLE_DUMP_LOCATOR else f"{outer} {inner}"


def _keys_of(values_: list[Any]) -> set[str]:
    return {f"[].{key}" for value in values_ if isinstance(value, dict) for key in value}


def _kind_of(item: Object) -> _Kind | None:
    """The kind of an object of the API; None for one that only holds others."""
    if "content" in item or "reblog" in item or ("text" in item and "account" in item):
        return "status"
    if "text" in item and "spoiler_text" in item:
        return "source"
    if isinstance(item.get("type"), str) and ("account" in item or "notifications_count" in item):
        return "notification"
    if "acct" in item:
        return "account"
    if "name" in item and "history" in item:
        return "hashtag"
    return None


def _root_of(context: Object) -> Ref | None:
    """The first post of a conversation, if the response has it: it is not a reply."""
    ancestors, status = context.get("ancestors"), context.get("status")
    first = ancestors[0] if isinstance(ancestors, list) and ancestors else status
    if not isinstance(first, dict) or first.get("in_reply_to_id") is not None:
        return None
    uri = first.get("uri")
    return Ref(mastodon.NAME, uri) if isinstance(uri, str) and uri else None


def parse(entry: Entry) -> Iterator[Parsed]:
    """``{"uri": U, "account": {…}, "content": "<p>Frost.</p>"}`` -> its Account and ``Post(U, text="Frost.")``.

    A notification gives its status and is skipped under its name. Raises ValueError.
    """
    data: _EntryData = entry.data
    yield from _records(data.item, data.ids)


def _records(item: _ApiItem, ids: StatusIds) -> Iterator[Parsed]:
    if item.kind == "bad":
        raise ValueError(item.value)
    if item.kind == "skipped":
        yield Skipped(item.value)
        return
    if item.kind == "history":
        yield from post_from_history([object_of(version, "a version") for version in item.value])
        return
    value = object_of(item.value, "an entry")
    if item.kind == "source":
        yield from post_from_source(value, ids)
    elif item.kind == "account":
        yield account_of(value)
    elif item.kind == "hashtag":
        yield Skipped("hashtag")
    elif item.kind == "notification":
        yield Skipped(f"notification {str(value['type'])[:_NAME_LENGTH]}")
        if status := get_object(value, "status"):
            yield from records_of(status, ids)
    elif error := get_str(value, "error") if "content" not in value else None:
        raise ValueError(f"the server answered: {error[:200]}")
    else:
        yield from records_of(value, ids, item.root)
