"""Read an account archive of Mastodon or compatible software: a tar.gz, tar, zip or folder.

    actor.json     {"id": "https://kilns.example/users/mira", "type": "Person", "preferredUsername": "mira", …}
    outbox.json    {"type": "OrderedCollection", "orderedItems": [{"type": "Create", …}, {"type": "Announce", …}]}
    likes.json, bookmarks.json, media_attachments/files/…

An ``outbox.json`` alone is enough. Likes and bookmarks are addresses without texts, so they are counted and skipped.
"""

import re
from collections.abc import Iterator

from threadkeep.errors import DumpError
from threadkeep.parsers._json.values import object_of
from threadkeep.parsers.entry import Entry, damage
from threadkeep.parsers.fediverse._activities import (
    CollectionItem,
    SourceContext,
    entries_of,
    records_of_item,
    role_of,
)
from threadkeep.parsers.fediverse._json_files import (
    WHOLE_DUMP_LOCATOR,
    array_keys,
    first_character,
    load_value,
    member_array_items,
    source_values,
)
from threadkeep.parsers.fediverse._object_values import id_of
from threadkeep.parsers.fediverse._objects import ArchiveFiles, account_of
from threadkeep.records import Parsed, Skipped
from threadkeep.sources.source import HEAD_BYTES, Source

NAME = "mastodon-archive"
TITLE = "Mastodon account archive: tar.gz, tar, zip, folder or a bare outbox.json"
VERSION = 4

_OUTBOX = "outbox.json"
_ACTOR = "actor.json"
_OTHER_FILES = (_ACTOR, "likes.json", "bookmarks.json")
_ACTOR_LIMIT_BYTES = 4 << 20
_RAW_LIMIT = 10_000

_KEY = "orderedItems"
_ARCHIVE_ID = re.compile(r'"id"\s*:\s*"(?:outbox|likes|bookmarks)\.json"')
_TOTAL = re.compile(rb'"totalItems"\s*+:\s*+(\d{1,12})\b')
_PICTURES = re.compile(r"(?:avatar|header)\.\w+|media_attachments/.*", re.S)


def recognizes(source: Source) -> bool:
    """Whether it is a file of an archive by its id, or a container with an outbox, or all but it, at its top."""
    if source.members:
        outbox = _outbox(source)
        return _is_outbox(source, outbox) if outbox is not None else _without_outbox(source) is not None
    return first_character(source) == "{" and bool(array_keys(source, (_KEY,))) and _has_archive_id(source.head or "")


def _has_archive_id(head: str) -> bool:
    return _ARCHIVE_ID.search(head.partition(f'"{_KEY}"')[0]) is not None


def _outbox(source: Source) -> str | None:
    """The outbox at the top of a folder or packed archive, or of the single folder in it.

    It counts only beside an actor, likes, bookmarks or media.
    """
    depth = 1 if source.is_folder else 1 + max(1, source.folders_around)
    found = [name for name in source.members if name.rpartition("/")[2] == _OUTBOX and name.count("/") < depth]
    if not found:
        return None
    outbox = min(found, key=lambda name: (name.count("/"), name))
    folder = outbox[: -len(_OUTBOX)]
    has_others = any(source.has_member(folder + name) for name in _OTHER_FILES)
    media = f"{folder}media_attachments/"
    return outbox if has_others or any(name.startswith(media) for name in source.members) else None


def _without_outbox(source: Source) -> str | None:
    """The folder, with a final slash, of an archive whose outbox is missing: an actor beside likes or bookmarks."""
    depth = 1 if source.is_folder else 1 + max(1, source.folders_around)
    for name in source.members:
        if name.rpartition("/")[2] == _ACTOR and name.count("/") < depth:
            folder = name[: -len(_ACTOR)]
            beside = any(source.has_member(folder + other) for other in _OTHER_FILES[1:])
            if beside and b"ns/activitystreams" in source.member_head(name, HEAD_BYTES)[0]:
                return folder
    return None


def _is_outbox(source: Source, name: str) -> bool:
    head, error = source.member_head(name, HEAD_BYTES)
    if b'"orderedItems"' in head or b"ns/activitystreams" in head:
        return True
    # One that is damaged is told by what stands beside it.
    folder = name[: -len(_OUTBOX)]
    actor = source.member_head(folder + _ACTOR, HEAD_BYTES)[0] if source.has_member(folder + _ACTOR) else b""
    return error is not None or b"ns/activitystreams" in actor


def entries(source: Source) -> Iterator[Entry]:
    """The owner, their posts and boosts, an entry for each item of every other collection, and for each damaged file.

    Raises DumpError at the end, if a source of one file is truncated.
    """
    context = SourceContext(owner_override=source.options.owner or source.options.author)
    if not source.members:
        role = role_of(_own_name(source.head or ""))
        for value in source_values(source, (_KEY,)):
            yield from entries_of(value, context, role, is_page=value.locator == WHOLE_DUMP_LOCATOR)
        return
    outbox = _outbox(source) or next((name for name in source.members if name.endswith(_OUTBOX)), None)
    folder = outbox[: -len(_OUTBOX)] if outbox else _without_outbox(source)
    if folder is None:
        raise DumpError(f"{source.name}: there is no {_OUTBOX} in it")
    context.files = ArchiveFiles(source.members, folder)
    if source.has_member(folder + _ACTOR):
        yield _actor_entry(source, folder + _ACTOR, context)
    if outbox is None:
        yield damage(folder + _OUTBOX, "it is missing, and with it all posts")
    for name in (*([outbox] if outbox else []), *_others(source, folder)):
        yield from _entries_of_file(source, name, name[len(folder) :], context)


def _own_name(head: str) -> str:
    match = _ARCHIVE_ID.search(head.partition(f'"{_KEY}"')[0])
    return match[0].rpartition(":")[2].strip(' \t\n"') if match else ""


def _others(source: Source, folder: str) -> list[str]:
    """The files besides the owner, the outbox, pictures and media."""
    known = (_OUTBOX, _ACTOR)
    names = [name for name in source.members if name.startswith(folder) and name[len(folder) :] not in known]
    return [name for name in names if not _PICTURES.fullmatch(name[len(folder) :])]


def _entries_of_file(source: Source, name: str, locator: str, context: SourceContext) -> Iterator[Entry]:
    if locator == _OUTBOX:
        role = None
    elif (role := role_of(locator)) is None:
        yield Entry(locator, Skipped("file that is not part of an archive"), "")
        return
    count = 0
    try:
        for value in member_array_items(source, name, locator, _KEY):
            count += 1
            yield from entries_of(value, context, role)
    except DumpError as error:
        yield damage(name, f"{error}{_promised(source, name, count)}")


def _promised(source: Source, name: str, count: int) -> str:
    """How many items a file says that it has, of which ``count`` were read: a note, since whole ones differ, too."""
    total = _TOTAL.search(source.member_head(name, HEAD_BYTES)[0])
    return f" ({count:,} of the {int(total[1]):,} items that it says it has were found)" if total else ""


def _actor_entry(source: Source, name: str, context: SourceContext) -> Entry:
    """The entry of the owner, who is set in ``context``."""
    raw, error = source.member_head(name, _ACTOR_LIMIT_BYTES)
    try:
        actor = object_of(load_value(raw), _ACTOR)
        context.owner = account_of(actor)
        context.followers = id_of(actor.get("followers"), "followers")
    except ValueError as not_read:
        return damage(name, f"nothing says whose archive this is: {error or not_read}; say it with --owner HANDLE")
    if error:
        return damage(name, error)
    return Entry(_ACTOR, CollectionItem(actor, context), raw[:_RAW_LIMIT].decode("utf-8", "replace"))


def parse(entry: Entry) -> Iterator[Parsed]:
    """``{"type": "Create", "object": {"type": "Note", …}}`` -> a Post; ``{"type": "Announce", …}`` -> a Repost.

    Activities of other types are skipped under their names, as are likes and bookmarks. Raises ValueError.
    """
    if isinstance(entry.data, Skipped):
        yield entry.data
    else:
        yield from records_of_item(entry.data)
