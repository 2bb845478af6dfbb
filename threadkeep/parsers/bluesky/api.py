"""Read responses of Bluesky's API, saved as JSON: feeds, threads, searches, and plain records.

    {"feed": [{"post": {"uri": "at://did:plc:mira/app.bsky.feed.post/3k2a…", "author": {"handle": "mira.example.com"},
                        "record": {"$type": "app.bsky.feed.post", "text": "The kiln is hot.", …}, "likeCount": 3}}]}
    {"thread": {"post": {…}, "replies": […]}}      {"records": [{"uri": "at://…", "value": {…}}]}

One response, or one a line. Posts by others, quoted or replied to, are posts of their own.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads, loads_truncated
from threadkeep.parsers._json.stream import stripped, utf8_stream, whole_or_joined
from threadkeep.parsers.bluesky._records import (
    PROFILE,
    REPOST,
    Author,
    author_of,
    parse_time,
    post_of,
    profile_of,
    raw_json,
    repost_of,
)
from threadkeep.parsers.bluesky._views import LISTS, ApiItem, FeedReason, InvalidItem, RecordView, ResponseSplitter
from threadkeep.parsers.entry import Entry
from threadkeep.platforms import bluesky
from threadkeep.records import Account, Gap, Parsed, Pin, Ref, Repost, Skipped
from threadkeep.sources.json_stream import DamagedItem, items
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source

NAME = "bluesky-json"
TITLE = "Bluesky API responses (feeds, threads, post records)"
VERSION = 2

RAW_LIMIT = 4000
"""How many characters of a line that is not JSON a problem shows."""

_LINES_CHECKED = 10
_BLANKS = "\ufeff\0 \t\r\n"
"""Stripped from lines: joined files have byte order marks in the middle."""

_TYPED = re.compile(r'"\$type"\s*:\s*"app\.bsky\.')
_VIEW = re.compile(r'"uri"\s*:\s*"at://')
_AROUND = re.compile(r'"(?:record|value)"\s*:\s*\{|"(?:notFound|blocked)"\s*:\s*true')
_PROFILE = re.compile(
    r'\s*+[\[{]\s*+(?:"profiles"\s*+:\s*+\[\s*+)?+\{?+\s*+"did"\s*:\s*"did:[a-z]+:[^"]+"\s*,\s*"handle"\s*:'
)
_LIST = re.compile(
    r'\{\s*+(?:"\w+"\s*+:\s*+(?:"(?:[^"\\]|\\.)*+"|[\w.+-]++)\s*+,\s*+)*+'  # short values before it: a cursor, a uri
    rf'"({"|".join(sorted(LISTS))})"\s*+:\s*+\['
)


def recognizes(source: Source) -> bool:
    """Whether the file begins like JSON and has, near its beginning, a view or a record of Bluesky."""
    head = source.head
    if head is None or not head.lstrip().startswith(("{", "[")):
        return False
    return bool(_TYPED.search(head) or (_VIEW.search(head) and _AROUND.search(head)) or _PROFILE.match(head))


def entries(source: Source) -> Iterator[Entry]:
    """Every post, repost, pin, gap and account in the responses, in order.

    Raises DumpError if the rest is truncated, or if the file holds none of these.
    """
    splitter = ResponseSplitter(_author_override(source))
    if _is_json_lines(source):
        yield from _entries_of_lines(source, splitter)
        return
    if source.size > TEXT_LIMIT_BYTES:
        yield from _entries_of_list(source, splitter, _list_key(source), "it is too large for one response")
        return
    whole, *joined = whole_or_joined(source)
    if joined:
        for place, json in (whole, *joined):
            yield from _entries_of_text(json, place, splitter)
        return
    try:
        response = loads(whole.json, any_depth=True)
    except ValueError as error:
        yield from _entries_of_truncated(source, splitter, str(error))
        return
    found = False
    for item in splitter.split(response, "", "response"):
        found = True
        yield _entry(item)
    if not found and not _is_empty(response):
        raise DumpError(f"{source.name}: nothing in it is a post, a record or an account of Bluesky")


def parse(entry: Entry) -> Iterator[Parsed]:
    """The records of one item: a post view -> a Post with its counts, a ``reasonRepost`` -> a Repost.

    A record of any other kind is skipped under the name of its collection. Raises ValueError.
    """
    value = entry.data
    match value:
        case Account() | Gap() | Skipped():
            yield value
        case InvalidItem():
            raise ValueError(value.reason)
        case FeedReason():
            yield _parse_reason(value)
        case RecordView():
            yield from _parse_record(value)


def _parse_record(view: RecordView) -> Iterator[Parsed]:
    parts = bluesky.split_uri(view.uri) if view.uri else None
    stated = view.record.get("$type") if isinstance(view.record, dict) else None
    kind = stated if isinstance(stated, str) else parts[1] if parts else bluesky.POST
    if kind == bluesky.POST:
        post, below = post_of(view.record, view.uri, view.author, view.context)
        yield post
        for name in below.unknown:
            yield Skipped(f"embed {name}")
    elif kind == REPOST:
        yield repost_of(view.record, view.author, parts[2] if parts else None)
    elif kind == PROFILE:
        yield from profile_of(view.record, view.author)
    else:
        yield Skipped(kind[:80])


def _parse_reason(reason: FeedReason) -> Parsed:
    """The repost or the pin that put a post into a feed. Raises ValueError."""
    kind = str(reason.reason.get("$type"))
    by = reason.reason.get("by")
    if not isinstance(reason.post, str) or not reason.post:
        raise ValueError("the post in the feed has no uri")
    post = Ref(bluesky.NAME, reason.post)
    if kind.endswith("#reasonPin"):
        if reason.author.ref is None:
            raise ValueError("nothing says whose pinned post it is")
        return Pin(reason.author.ref, post)
    if not kind.endswith("#reasonRepost") and not isinstance(by, dict):
        return Skipped(f"reason {kind[:80]}")
    account = author_of(by).ref if isinstance(by, dict) else None
    if account is None:
        raise ValueError("the repost does not say by whom")
    return Repost(account, post, parse_time(reason.reason.get("indexedAt"), None))


def _is_empty(response: object) -> bool:
    """Whether a response is an empty list, as of an account that never posted."""
    if isinstance(response, dict):
        return any(response.get(key) == [] for key in LISTS)
    return response == []


def _author_override(source: Source) -> Author:
    """The author named on the command line."""
    name = (source.options.author or source.options.owner or "").removeprefix("@")
    return Author(did=name) if name.startswith("did:") else author_of({"handle": name})


def _is_json_lines(source: Source) -> bool:
    """Whether the file is JSON Lines: the first line is JSON and others follow, or is damaged and others are JSON.

    An array printed one item a line is none.
    """
    filled = ((line, text) for line in source.lines() if (text := stripped(line) or line.strip(_BLANKS)))
    first = next(filled, None)
    if first is None:
        return False
    is_whole = _is_whole(first[1])
    if first[1].startswith("[") and not is_whole:
        return False
    # A value printed over several lines has only its first and last at the margin.
    others = islice(filled, _LINES_CHECKED)
    return any(is_whole or (line.startswith('{"') and _is_whole(text)) for line, text in others)


def _is_whole(text: str) -> bool:
    try:
        return isinstance(loads(text, any_depth=True), dict | list)
    except ValueError:
        return False


def _entries_of_lines(source: Source, splitter: ResponseSplitter) -> Iterator[Entry]:
    for number, line in enumerate(source.lines(), 1):
        text = stripped(line)
        if not text:
            continue
        yield from _entries_of_text(text, f"line {number}", splitter)


def _entries_of_text(text: str | bytes, place: str, splitter: ResponseSplitter) -> Iterator[Entry]:
    try:
        response = loads(text, any_depth=True)
    except ValueError as error:
        raw = text[: 4 * RAW_LIMIT].decode("utf-8", "replace") if isinstance(text, bytes) else text
        yield Entry(place, InvalidItem(str(error)), raw[:RAW_LIMIT])
        return
    for item in splitter.split(response, place, "item"):
        yield _entry(item)


def _entries_of_truncated(source: Source, splitter: ResponseSplitter, why: str) -> Iterator[Entry]:
    """The items of a response before the place where it is truncated or damaged."""
    key = _list_key(source)
    if key is not None:
        yield from _entries_of_list(source, splitter, key, why)
        return
    try:
        response = loads_truncated(source.text(), "post")
    except ValueError:
        response = None
    for item in splitter.split(response, "", "response"):
        yield _entry(item)
    raise DumpError(f"{source.name}: {why}")


def _list_key(source: Source) -> str | None:
    """The key of the main list of a response, "" if it is a list itself, None if there is none."""
    head = (source.head or "").lstrip(_BLANKS)
    if head.startswith("["):
        return ""
    match = _LIST.match(head)
    return match[1] if match else None


def _entries_of_list(source: Source, splitter: ResponseSplitter, key: str | None, why: str) -> Iterator[Entry]:
    """The items, one by one, of a list that is too large for memory or damaged further on."""
    if key is None:
        raise DumpError(f"{source.name}: {why}", "save it as JSON Lines, one response a line")
    with utf8_stream(source) as file:
        try:
            for number, raw in enumerate(items(file, key), 1):
                place = f"{key} {number}".lstrip()
                try:
                    decoded = raw if isinstance(raw, DamagedItem) else raw.decode("utf-8", "replace")
                    response: Any = loads(decoded, any_depth=True)
                except ValueError as error:
                    yield Entry(place, InvalidItem(str(error)), raw[:RAW_LIMIT].decode("utf-8", "replace"))
                    continue
                for item in splitter.split(response, place, "item"):
                    yield _entry(item)
        except DumpError as error:
            raise DumpError(f"{source.name}: {error.message}") from error


def _entry(item: ApiItem) -> Entry:
    uri = item.source.get("uri") if isinstance(item.source, dict) else None
    words = [item.locator, uri[:200] if isinstance(uri, str) else ""]
    return Entry(" ".join(filter(None, words)) or "the answer", item.value, raw_json(item.source))
