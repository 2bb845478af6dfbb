"""Read ActivityStreams JSON from servers: a post, an activity, an actor, a collection, an array or JSON Lines.

    {"@context": "https://www.w3.org/ns/activitystreams", "id": "https://kilns.example/users/mira/statuses/1",
     "type": "Note", "content": "<p>Frost again.</p>", …}

The outbox of an account archive has the id ``outbox.json``: ``archive`` reads it.
"""

import re
from collections.abc import Iterator

from threadkeep.parsers._json.stream import paths_of
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse import archive
from threadkeep.parsers.fediverse._activities import ITEMS, SourceContext, entries_of, records_of_item, role_of
from threadkeep.parsers.fediverse._json_files import (
    WHOLE_DUMP_LOCATOR,
    array_keys,
    first_character,
    is_json_lines,
    source_values,
)
from threadkeep.records import Parsed
from threadkeep.sources.source import Source

NAME = "activitypub"
TITLE = "ActivityPub objects and collections (JSON, JSON Lines)"
VERSION = 4

_ACTIVITY = re.compile(r'"type"\s*+:\s*+\[?\s*+"(?:Create|Announce|Update|Delete|Undo|Like|Add|Remove)"')
_ID = re.compile(r'"id"\s*+:\s*+"([^"\\]{1,2000})"')


def recognizes(source: Source) -> bool:
    """Whether an object near the beginning states ActivityStreams, or has the keys of an activity."""
    head = source.head
    if head is None or first_character(source) not in ("{", "["):
        return False
    found = paths_of(source)
    is_stated = not {"@context", "[].@context"}.isdisjoint(found) and "ns/activitystreams" in head
    is_activity = any({f"{place}{key}" for key in ("type", "actor", "object")} <= found for place in ("", "[]."))
    return (is_stated or (is_activity and bool(_ACTIVITY.search(head)))) and not archive.recognizes(source)


def entries(source: Source) -> Iterator[Entry]:
    """Each object or activity, also in an array or a collection. Raises DumpError if the rest is truncated."""
    context = SourceContext(owner_override=source.options.owner or source.options.author)
    role, has_arrays = None, not is_json_lines(source)
    if has_arrays and (arrays := array_keys(source, ITEMS)):
        id_ = _ID.search((source.head or "").partition(f'"{arrays[0]}"')[0])
        role = role_of(id_[1]) if id_ else None
    for value in source_values(source, ITEMS):
        yield from entries_of(value, context, role, is_page=not has_arrays or value.locator == WHOLE_DUMP_LOCATOR)


def parse(entry: Entry) -> Iterator[Parsed]:
    """``{"type": "Note", "id": I, …}`` -> its author and ``Post(I)``; an actor -> an Account. Raises ValueError."""
    yield from records_of_item(entry.data)
