"""Read what Mastodon's API answers, saved as JSON or JSON Lines: statuses, timelines, contexts, searches, accounts.

    [{"id": "11", "uri": "https://kilns.example/users/mira/statuses/11", "content": "<p>Frost again.</p>", …}, …]
    {"ancestors": [{…}], "descendants": [{…}, {…}]}

Pleroma, Pixelfed, GoToSocial and others answer alike. Posts by others, quoted or passed on, are posts of their own.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from threadkeep.errors import DumpError
from threadkeep.parsers._json.stream import Value, paths_of
from threadkeep.parsers._json.values import Object, get_object, get_str, object_of, raw_of
from threadkeep.parsers._known_accounts import Known
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse._json_files import WHOLE, arrays_of, is_lines, items_of, opening, value_of, values
from threadkeep.parsers.fediverse._status import Local, described, history_of, records_of, source_of
from threadkeep.records import Parsed, Ref, Skipped
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source

NAME = "mastodon-api"
TITLE = "Mastodon API responses (statuses, contexts, accounts; JSON, JSON Lines)"
VERSION = 1

PLATFORM = "mastodon"

_CONTEXT = ("ancestors", "status", "descendants")
_LISTS = ("accounts", "ancestors", "statuses", "descendants", "hashtags", "notification_groups")
_AROUND = ("context", "accounts", *_CONTEXT, "statuses", "last_status", "hashtags", "notification_groups")
"""The keys of answers that hold statuses or accounts, in the order in which they are read."""

_PLACES = ("", "[].", *(f"{outer}{key}" for outer in ("", "[].") for key in ("status.", "last_status.")))
_LISTED = tuple(f"{key}[]." for key in ("ancestors", "descendants", "statuses"))
_MARKS = ("uri", "spoiler_text", "visibility", "reblog")
_NAME_LENGTH = 40

_Kind = Literal["status", "source", "history", "account", "notification", "hashtag", "bad"]


class _Piece(NamedTuple):
    """One thing of an answer; ``root`` is the first post of the conversation it came with."""

    kind: _Kind
    value: Any
    locator: str
    root: Ref | None = None


class _Item(NamedTuple):
    piece: _Piece
    local: Local
    known: Known


def recognizes(source: Source) -> bool:
    """Whether statuses or accounts, told by their keys, stand near the beginning, at one of their usual places."""
    if opening(source) not in ("{", "["):
        return False
    found = paths_of(source)
    if found == {"ancestors", "descendants"}:
        return True
    places = (*_PLACES, *_LISTED)
    return any(_is_status(found, place) for place in places) or any(
        _is_account(found, place) or _is_notification(found, place) for place in ("", "[].", "accounts[].")
    )


def _is_status(found: set[str], place: str) -> bool:
    has = {key for key in ("id", "content", "account", "created_at", "text", *_MARKS) if f"{place}{key}" in found}
    if {"content", "account", "created_at"} <= has:
        return not has.isdisjoint(_MARKS)
    return {"id", "text", "spoiler_text"} <= has


def _is_account(found: set[str], place: str) -> bool:
    return {f"{place}{key}" for key in ("acct", "username", "display_name")} <= found


def _is_notification(found: set[str], place: str) -> bool:
    return {f"{place}{key}" for key in ("type", "created_at", "account", "account.acct")} <= found


def entries(source: Source) -> Iterator[Entry]:
    """Each status, account and notification, in order; a first pass learns what posts their numbers mean.

    Raises DumpError where the rest is cut off.
    """
    local, known = Local(), Known()
    with contextlib.suppress(DumpError):  # said when the second pass comes there
        for piece in _pieces(source):
            with contextlib.suppress(ValueError):  # likewise
                if piece.kind == "status":
                    local.see(object_of(piece.value, "a status"))
    for piece in _pieces(source):
        yield Entry(piece.locator, _Item(piece, local, known), raw_of(piece.value))


def _pieces(source: Source) -> Iterator[_Piece]:
    for value in _values(source):
        try:
            held = value_of(value.json)
        except ValueError as error:
            yield _Piece("bad", f"{error}", value.locator)
        else:
            yield from _cut(held, value.locator)


def _values(source: Source) -> Iterator[Value]:
    """The values of the file. An answer of one object is read whole where it is one, else list by list."""
    if is_lines(source) or (opening(source) == "[" and not _is_history(paths_of(source))):
        yield from values(source)
        return
    if source.size <= TEXT_LIMIT_BYTES:
        text = source.text()
        with contextlib.suppress(ValueError):
            value_of(text)
            yield Value(WHOLE, text)
            return
    lists = arrays_of(source, _LISTS)
    if "ancestors" in lists and "descendants" not in lists:
        lists.append("descendants")  # beyond what the beginning shows: no answer has only one of the two
    for key in lists:
        yield from items_of(source, key)
    if not lists:
        yield Value(WHOLE, source.text())


def _is_history(found: set[str]) -> bool:
    return {"[].content", "[].account"} <= found and found.isdisjoint({"[].id", "[].uri"})


def _cut(value: Any, locator: str) -> Iterator[_Piece]:
    """The things in an answer: itself, the items of a list, what its lists hold."""
    waiting: list[tuple[Any, str, Ref | None]] = [(value, locator, None)]
    while waiting:
        held, where, root = waiting.pop()
        if isinstance(held, list):
            if _is_history(_keys_of(held)):
                yield _Piece("history", held, where)
            else:
                waiting += reversed([(item, _within(where, f"item {n}"), root) for n, item in enumerate(held, 1)])
        elif isinstance(held, dict) and _kind_of(held) is None and not set(_AROUND).isdisjoint(held):
            root = _root_of(held) or root
            keys = [key for key in _AROUND if held.get(key) is not None]
            waiting += reversed([(held[key], _within(where, key), root) for key in keys])
        else:
            # What is nothing known is no status either: parse says so.
            kind = _kind_of(held) if isinstance(held, dict) else None
            yield _Piece(kind or "status", held, where, root)


def _within(outer: str, inner: str) -> str:
    return inner if outer == WHOLE else f"{outer} {inner}"


def _keys_of(values_: list[Any]) -> set[str]:
    return {f"[].{key}" for value in values_ if isinstance(value, dict) for key in value}


def _kind_of(item: Object) -> _Kind | None:
    """What an object of the API is; None for one that only holds others."""
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
    """The first post of a conversation, where an answer shows it: it answers none."""
    ancestors, status = context.get("ancestors"), context.get("status")
    first = ancestors[0] if isinstance(ancestors, list) and ancestors else status
    if not isinstance(first, dict) or first.get("in_reply_to_id") is not None:
        return None
    uri = first.get("uri")
    return Ref(PLATFORM, uri) if isinstance(uri, str) and uri else None


def parse(entry: Entry) -> Iterator[Parsed]:
    """``{"uri": U, "account": {…}, "content": "<p>Frost.</p>"}`` -> its Account and ``Post(U, text="Frost.")``.

    Of a notification the status is read, and the rest skipped under its name. Raises ValueError.
    """
    item: _Item = entry.data
    yield from item.known.fresh(list(_records(item.piece, item.local)))


def _records(piece: _Piece, local: Local) -> Iterator[Parsed]:
    if piece.kind == "bad":
        raise ValueError(piece.value)
    if piece.kind == "history":
        yield from history_of([object_of(version, "a version") for version in piece.value])
        return
    value = object_of(piece.value, "an entry")
    if piece.kind == "source":
        yield from source_of(value, local)
    elif piece.kind == "account":
        yield described(value)
    elif piece.kind == "hashtag":
        yield Skipped("hashtag")
    elif piece.kind == "notification":
        yield Skipped(f"notification {str(value['type'])[:_NAME_LENGTH]}")
        if status := get_object(value, "status"):
            yield from records_of(status, local)
    elif error := get_str(value, "error") if "content" not in value else None:
        raise ValueError(f"the server answered: {error[:200]}")
    else:
        yield from records_of(value, local, piece.root)
