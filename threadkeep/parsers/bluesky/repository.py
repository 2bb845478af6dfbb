"""Read a Bluesky repository: everything one account has written, in a CAR file, as "Export my data" gives it.

    commit   {"did": "did:plc:mira", "version": 3, "rev": "3l2a…", "data": CID of the tree, "sig": …}
    tree     app.bsky.feed.post/3k2a… -> CID of the record, app.bsky.feed.like/3k2b… -> …
    record   {"$type": "app.bsky.feed.post", "text": "The kiln is hot.", "createdAt": "2024-05-01T12:30:00.250Z"}

The tree says which records there are: files hold blocks of deleted ones too. The handle is not in the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers.bluesky._car_file import Blocks, is_car, open_blocks
from threadkeep.parsers.bluesky._dag_cbor import decode
from threadkeep.parsers.bluesky._embeds import PLATFORM, POST
from threadkeep.parsers.bluesky._mst import Leaf, Tree
from threadkeep.parsers.bluesky._records import (
    PROFILE,
    RAW_LIMIT,
    REPOST,
    Author,
    post_of,
    profile_of,
    raw_of,
    repost_of,
)
from threadkeep.parsers.entry import Entry
from threadkeep.records import Account, Parsed, Ref, Skipped
from threadkeep.sources.source import Source
from threadkeep.text.entities import is_handle

NAME = "bluesky-car"
TITLE = "Bluesky repository (CAR file)"
VERSION = 1

_READ = (POST, REPOST, PROFILE)
_COMMIT_STARTS = (b"\xa5cdid", b"\xa6cdid")
"""How commits begin: a map of five or six pairs, the shortest key first, and of those ``did``."""


@dataclass(frozen=True, slots=True)
class _Record:
    """One record, decoded if it is of a kind that is read; ``fault`` says why it is not here."""

    author: Author
    collection: str
    rkey: str
    body: Any = None
    fault: str | None = None


@dataclass(slots=True)
class _Commit:
    """The root of a repository: whose it is, and its tree."""

    author: Author
    tree: bytes
    has_profile: bool = field(default=False, init=False)


def recognizes(source: Source) -> bool:
    """Whether the file begins with the header of a CAR file."""
    return is_car(source.head_bytes)


def entries(source: Source) -> Iterator[Entry]:
    """The records in the order of the tree, then what is missing of it.

    Raises DumpError at the end where the file itself is damaged, and at once where it holds no repository.
    """
    with open_blocks(source) as blocks:
        commits, said = _commits(blocks, source)
        for commit in commits:
            yield from _entries_of(blocks, commit)
        yield from said
        if complaint := blocks.complaint():
            raise DumpError(f"{source.name}: {complaint}")


def _entries_of(blocks: Blocks, commit: _Commit) -> Iterator[Entry]:
    tree = Tree(blocks, commit.tree)
    for leaf in tree.leaves():
        yield _entry(blocks, commit, leaf)
    if tree.holes and _count_commits(blocks) == 1:
        # With older commits in the file, nodes that nothing leads to may be of an older state.
        for leaf in tree.stray_leaves():
            yield _entry(blocks, commit, leaf)
    for hole in tree.holes:
        fault = f"a node of the tree cannot be read: {hole.reason}"
        yield Entry(f"node {hole.node}", _Record(commit.author, "", "", fault=fault), "")
    if not commit.has_profile:
        yield Entry(
            "commit", Account(Ref(PLATFORM, commit.author.did or ""), commit.author.handle, url=commit.author.url), ""
        )


def parse(entry: Entry) -> Iterator[Parsed]:
    """The records of one entry: the record of a profile -> its Account, and a Pin of what it pinned.

    A record of a kind that is not read is skipped under the name of its collection. Raises ValueError.
    """
    if isinstance(entry.data, Account | Skipped):
        yield entry.data
        return
    record: _Record = entry.data
    if record.fault:
        raise ValueError(record.fault)
    if record.collection == POST:
        uri = f"at://{record.author.did}/{POST}/{record.rkey}"
        post, below = post_of(record.body, uri, record.author, {})
        yield post
        for name in below.unknown:
            yield Skipped(f"embed {name}")
    elif record.collection == REPOST:
        yield repost_of(record.body, record.author, record.rkey)
    elif _is_own_profile(record.collection, record.rkey):
        yield from profile_of(record.body, record.author)
    else:
        yield Skipped(record.collection)


def _commits(blocks: Blocks, source: Source) -> tuple[list[_Commit], list[Entry]]:
    """The commits the file is about, one for each account, and what to say of its other roots.

    They are its roots; where these are missing, the newest commit in it is taken. Raises DumpError where none is.
    """
    found: dict[str, _Commit] = {}
    said = []
    for number, root in enumerate(blocks.roots, 1):
        commit = _commit(blocks.get(root), source)
        if commit is not None and found.setdefault(commit.author.did or "", commit) is not commit:
            said.append(Entry(f"root {number}", Skipped("another commit of the same account"), ""))
        elif commit is None and found:
            said.append(Entry(f"root {number}", Skipped("root that is no commit"), ""))
    if found:
        return list(found.values()), said
    why = blocks.why_not(blocks.roots[0]) if blocks.roots else "its header names none"
    newest = _newest_commit(blocks, source)
    if newest is None:
        hint = "it is no Bluesky repository, or only a part of one"
        raise DumpError(f"{source.name}: no commit is in it", blocks.complaint() or hint)
    fault = f"the commit that the file is about: {why}; the newest one in it was read instead"
    return [newest], [Entry("header", _Record(newest.author, "", "", fault=fault), "")]


def _newest_commit(blocks: Blocks, source: Source) -> _Commit | None:
    """Of all the commits in the file the one with the highest revision."""
    found: dict[str, _Commit] = {}
    for cid in blocks:
        block = blocks.get(cid)
        if block is not None and block.startswith(_COMMIT_STARTS) and (commit := _commit(block, source)):
            found[str(decode(block).get("rev") or "")] = commit
    return found[max(found)] if found else None


def _commit(block: bytes | None, source: Source) -> _Commit | None:
    """The commit in ``block``, None where it holds something else."""
    try:
        value = decode(block) if block is not None else None
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    did, tree = value.get("did"), value.get("data")
    if not isinstance(did, str) or not did.startswith("did:") or not isinstance(tree, bytes):
        return None
    owner = (source.options.owner or source.options.author or "").removeprefix("@")
    return _Commit(Author(did, owner if is_handle(owner) else None), tree)


def _count_commits(blocks: Blocks) -> int:
    found = (blocks.get(cid) for cid in blocks)
    return sum(block is not None and block.startswith(_COMMIT_STARTS) for block in found)


def _entry(blocks: Blocks, commit: _Commit, leaf: Leaf) -> Entry:
    """The record of a leaf. What is not read of a repository is not decoded either."""
    key = leaf[0].decode("utf-8", "replace")
    collection, slash, rkey = key.partition("/")
    if not slash or not rkey or not collection:
        return Entry(key, _Record(commit.author, "", "", fault=f"{key[:80]!r} is no key of a record"), "")
    block = blocks.get(leaf[1])
    if block is None:
        return Entry(key, _Record(commit.author, collection, rkey, fault=blocks.why_not(leaf[1])), "")
    if collection not in _READ:
        return Entry(key, _Record(commit.author, collection, rkey), "")
    try:
        body = decode(block)
    except ValueError as error:
        fault = f"its block cannot be read: {error}"
        return Entry(key, _Record(commit.author, collection, rkey, fault=fault), block[:RAW_LIMIT].hex())
    if _is_own_profile(collection, rkey):
        commit.has_profile = True
    return Entry(key, _Record(commit.author, collection, rkey, body), raw_of(body))


def _is_own_profile(collection: str, rkey: str) -> bool:
    return collection == PROFILE and rkey == "self"
