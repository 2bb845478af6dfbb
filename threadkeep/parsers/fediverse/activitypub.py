"""Read ActivityStreams JSON as servers give it: a post, an activity, an actor, a collection, an array or JSON Lines.

    {"@context": "https://www.w3.org/ns/activitystreams", "id": "https://kilns.example/users/mira/statuses/1",
     "type": "Note", "content": "<p>Frost again.</p>", …}

The outbox of an account archive names itself ``outbox.json``: that one is for ``mastodon_archive``.
"""

import re
from collections.abc import Iterator

from threadkeep.parsers._json.stream import paths_of
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.fediverse import archive
from threadkeep.parsers.fediverse._activities import ITEMS, Dump, entries_of, parsed, role_of
from threadkeep.parsers.fediverse._json_files import WHOLE, arrays_of, is_lines, opening, values
from threadkeep.records import Parsed
from threadkeep.sources.source import Source

NAME = "activitypub"
TITLE = "ActivityPub objects and collections (JSON, JSON Lines)"
VERSION = 2

_ACTIVITY = re.compile(r'"type"\s*+:\s*+\[?\s*+"(?:Create|Announce|Update|Delete|Undo|Like|Add|Remove)"')
_ID = re.compile(r'"id"\s*+:\s*+"([^"\\]{1,2000})"')


def recognizes(source: Source) -> bool:
    """Whether an object near the beginning says that it is ActivityStreams, or is an activity by its keys."""
    head = source.head
    if head is None or opening(source) not in ("{", "["):
        return False
    found = paths_of(source)
    is_said = not {"@context", "[].@context"}.isdisjoint(found) and "ns/activitystreams" in head
    is_activity = any({f"{place}{key}" for key in ("type", "actor", "object")} <= found for place in ("", "[]."))
    return (is_said or (is_activity and bool(_ACTIVITY.search(head)))) and not archive.recognizes(source)


def entries(source: Source) -> Iterator[Entry]:
    """Each object or activity, also those of an array or a collection. Raises DumpError where the rest is cut off."""
    dump = Dump(told=source.options.owner or source.options.author)
    role, is_cut = None, not is_lines(source)
    if is_cut and (arrays := arrays_of(source, ITEMS)):
        id_ = _ID.search((source.head or "").partition(f'"{arrays[0]}"')[0])
        role = role_of(id_[1]) if id_ else None
    for value in values(source, ITEMS):
        yield from entries_of(value, dump, role, is_page=not is_cut or value.locator == WHOLE)


def parse(entry: Entry) -> Iterator[Parsed]:
    """``{"type": "Note", "id": I, …}`` -> its author and ``Post(I)``; an actor -> an Account. Raises ValueError."""
    yield from parsed(entry.data)
