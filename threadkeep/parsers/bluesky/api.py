"""Read what Bluesky's API answers, saved as JSON: feeds, threads, searches, and records as they are.

    {"feed": [{"post": {"uri": "at://did:plc:mira/app.bsky.feed.post/3k2a…", "author": {"handle": "mira.example.com"},
                        "record": {"$type": "app.bsky.feed.post", "text": "The kiln is hot.", …}, "likeCount": 3}}]}
    {"thread": {"post": {…}, "replies": […]}}      {"records": [{"uri": "at://…", "value": {…}}]}

One answer, or one a line. Posts by others, quoted or answered, are posts of their own.
"""

import re
from collections.abc import Iterator
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads, loads_truncated
from threadkeep.parsers.bluesky._embeds import PLATFORM, POST, split_uri
from threadkeep.parsers.bluesky._records import (
    PROFILE,
    REPOST,
    Author,
    author_of,
    post_of,
    profile_of,
    raw_of,
    repost_of,
    when,
)
from threadkeep.parsers.bluesky._views import LISTS, Cutter, Fault, Piece, Reason, View
from threadkeep.parsers.entry import Entry
from threadkeep.records import Account, Gap, Parsed, Pin, Ref, Repost, Skipped
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source

NAME = "bluesky-json"
TITLE = "Bluesky API responses (feeds, threads, post records)"
VERSION = 1

RAW_LIMIT = 4000
"""How many characters of a line that is no JSON a problem shows."""

_LINE_LIMIT_BYTES = 64 << 20
"""The longest first line looked at, to tell JSON Lines from one answer."""

_TRIED_LINES = 10
_BLANKS = "\ufeff\0 \t\r\n"
"""What may stand around a line without being of it: files that were joined have byte order marks in the middle."""
_BLANK_BYTES = _BLANKS.encode()

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
    """Whether the file begins like JSON and has, near its beginning, a view or a record of Bluesky's."""
    head = source.head
    if head is None or not head.lstrip().startswith(("{", "[")):
        return False
    return bool(_TYPED.search(head) or (_VIEW.search(head) and _AROUND.search(head)) or _PROFILE.match(head))


def entries(source: Source) -> Iterator[Entry]:
    """Everything in the answers that is a record of ours, one by one, in order.

    Raises DumpError where the rest is cut off, or nothing in the file is an answer.
    """
    cutter = Cutter(_told_author(source))
    if _has_lines(source):
        yield from _entries_of_lines(source, cutter)
        return
    if source.size > TEXT_LIMIT_BYTES:
        yield from _entries_of_list(source, cutter, _list_key(source), "it is too large for one answer")
        return
    try:
        answer = loads(source.text(), any_depth=True)
    except ValueError as error:
        yield from _entries_of_damaged(source, cutter, str(error))
        return
    found = False
    for piece in cutter.pieces(answer, "", "asked"):
        found = True
        yield _entry(piece)
    if not found and not _is_empty(answer):
        raise DumpError(f"{source.name}: nothing in it is a post, a record or an account of Bluesky")


def parse(entry: Entry) -> Iterator[Parsed]:
    """The records of one piece: a post view -> a Post with its counts, a ``reasonRepost`` -> a Repost.

    A record of a kind that is not read is skipped under the name of its collection. Raises ValueError.
    """
    thing = entry.data
    match thing:
        case Account() | Gap() | Skipped():
            yield thing
        case Fault():
            raise ValueError(thing.words)
        case Reason():
            yield _because(thing)
        case View():
            yield from _of_record(thing)


def _of_record(view: View) -> Iterator[Parsed]:
    parts = split_uri(view.uri) if view.uri else None
    stated = view.record.get("$type") if isinstance(view.record, dict) else None
    kind = stated if isinstance(stated, str) else parts[1] if parts else POST
    if kind == POST:
        post, below = post_of(view.record, view.uri, view.author, view.around)
        yield post
        for name in below.unknown:
            yield Skipped(f"embed {name}")
    elif kind == REPOST:
        yield repost_of(view.record, view.author, parts[2] if parts else None)
    elif kind == PROFILE:
        yield from profile_of(view.record, view.author)
    else:
        yield Skipped(kind[:80])


def _because(reason: Reason) -> Parsed:
    """The repost or the pin for which a post is in a feed. Raises ValueError."""
    kind = str(reason.reason.get("$type"))
    by = reason.reason.get("by")
    if not isinstance(reason.post, str) or not reason.post:
        raise ValueError("the post in the feed has no uri")
    post = Ref(PLATFORM, reason.post)
    if kind.endswith("#reasonPin"):
        if reason.author.ref is None:
            raise ValueError("nothing says whose pinned post it is")
        return Pin(reason.author.ref, post)
    if not kind.endswith("#reasonRepost") and not isinstance(by, dict):
        return Skipped(f"reason {kind[:80]}")
    account = author_of(by).ref if isinstance(by, dict) else None
    if account is None:
        raise ValueError("the repost does not say by whom")
    return Repost(account, post, when(reason.reason.get("indexedAt"), None))


def _is_empty(answer: object) -> bool:
    """Whether an answer is a list of nothing, as of an account that never posted."""
    if isinstance(answer, dict):
        return any(answer.get(key) == [] for key in LISTS)
    return answer == []


def _told_author(source: Source) -> Author:
    """Whom the person importing named."""
    name = (source.options.author or source.options.owner or "").removeprefix("@")
    return Author(did=name) if name.startswith("did:") else author_of({"handle": name})


def _has_lines(source: Source) -> bool:
    """Whether each line is JSON of its own: the first is, and others follow, or it is damaged and others are."""
    with source.open() as file:
        lines = [line for _ in range(_TRIED_LINES) if (line := file.readline(_LINE_LIMIT_BYTES))]
        # Blank lines at the end make no second one, however many there are.
        goes_on = any(rest.strip() for rest in iter(lambda: file.read(1 << 16), b""))
    told = [line for line in lines if line.strip(_BLANK_BYTES)]
    if not told or (len(told) == 1 and not goes_on):
        return False
    # Printed over several lines, a value has only its first and its last at the margin.
    return _is_whole(told[0]) or any(line.startswith(b'{"') and _is_whole(line) for line in told[1:])


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(loads(line.decode("utf-8").strip(_BLANKS), any_depth=True), dict | list)
    except ValueError:
        return False


def _entries_of_lines(source: Source, cutter: Cutter) -> Iterator[Entry]:
    for number, line in enumerate(source.lines(), 1):
        text = line.strip(_BLANKS)
        if not text:
            continue
        place = f"line {number}"
        try:
            answer = loads(text, any_depth=True)
        except ValueError as error:
            yield Entry(place, Fault(str(error)), text[:RAW_LIMIT])
            continue
        for piece in cutter.pieces(answer, place, "item"):
            yield _entry(piece)


def _entries_of_damaged(source: Source, cutter: Cutter, why: str) -> Iterator[Entry]:
    """What stands in an answer before the place where it is cut off or damaged."""
    key = _list_key(source)
    if key is not None:
        yield from _entries_of_list(source, cutter, key, why)
        return
    try:
        answer = loads_truncated(source.text(), "post")
    except ValueError:
        answer = None
    for piece in cutter.pieces(answer, "", "asked"):
        yield _entry(piece)
    raise DumpError(f"{source.name}: it is no whole JSON: {why}")


def _list_key(source: Source) -> str | None:
    """The key of the list that an answer is about, "" where it is a list itself, None where it is about none."""
    head = (source.head or "").lstrip(_BLANKS)
    if head.startswith("["):
        return ""
    match = _LIST.match(head)
    return match[1] if match else None


def _entries_of_list(source: Source, cutter: Cutter, key: str | None, why: str) -> Iterator[Entry]:
    """The items of a list that is too large to be read at once, or damaged further on, one by one."""
    if key is None:
        raise DumpError(f"{source.name}: {why}", "bring it as JSON Lines, one answer a line")
    with source.open() as file:
        try:
            for number, item in enumerate(items(file, key), 1):
                place = f"{key} {number}".lstrip()
                try:
                    answer: Any = loads(item.decode("utf-8", "replace"), any_depth=True)
                except ValueError as error:
                    yield Entry(place, Fault(str(error)), item[:RAW_LIMIT].decode("utf-8", "replace"))
                    continue
                for piece in cutter.pieces(answer, place, "item"):
                    yield _entry(piece)
        except DumpError as error:
            raise DumpError(f"{source.name}: {error.message}") from error


def _entry(piece: Piece) -> Entry:
    uri = piece.shown.get("uri") if isinstance(piece.shown, dict) else None
    words = [piece.place, uri[:200] if isinstance(uri, str) else ""]
    return Entry(" ".join(filter(None, words)) or "the answer", piece.thing, raw_of(piece.shown))
