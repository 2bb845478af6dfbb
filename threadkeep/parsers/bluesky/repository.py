"""Read a Bluesky repository: everything one account has written, as a CAR file from "Export my data".

    commit   {"did": "did:plc:mira", "version": 3, "rev": "3l2a…", "data": CID of the tree, "sig": …}
    tree     app.bsky.feed.post/3k2a… -> CID of the record, app.bsky.feed.like/3k2b… -> …
    record   {"$type": "app.bsky.feed.post", "text": "The kiln is hot.", "createdAt": "2024-05-01T12:30:00.250Z"}

The tree lists the records: the file may hold blocks of deleted ones too. The handle is not in the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from threadkeep.errors import DumpError
from threadkeep.parsers.bluesky._car_file import CarBlocks, is_car, open_car
from threadkeep.parsers.bluesky._dag_cbor import decode
from threadkeep.parsers.bluesky._mst import Leaf, MerkleSearchTree
from threadkeep.parsers.bluesky._records import (
    PROFILE,
    RAW_LIMIT,
    REPOST,
    Author,
    post_of,
    profile_of,
    raw_json,
    repost_of,
)
from threadkeep.parsers.entry import Entry
from threadkeep.platforms import bluesky
from threadkeep.records import Account, Parsed, Ref, Skipped
from threadkeep.sources.source import Source
from threadkeep.text.entities import is_handle

NAME = "bluesky-car"
TITLE = "Bluesky repository (CAR file)"
VERSION = 2

_READ = (bluesky.POST, REPOST, PROFILE)
_COMMIT_STARTS = (b"\xa5cdid", b"\xa6cdid")
"""The first bytes of commits: a map of five or six pairs, the shortest key, ``did``, first."""


@dataclass(frozen=True, slots=True)
class _TreeRecord:
    """One record, decoded if its collection is read; ``fault`` says why it cannot be."""

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
    """The records in the order of the tree, then its unreadable nodes.

    Raises DumpError if the file holds no repository, and at the end if the file is damaged.
    """
    with open_car(source) as blocks:
        commits, notes = _find_commits(blocks, source)
        for commit in commits:
            yield from _entries_of(blocks, commit)
        yield from notes
        if damage := blocks.damage():
            raise DumpError(f"{source.name}: {damage}")


def _entries_of(blocks: CarBlocks, commit: _Commit) -> Iterator[Entry]:
    tree = MerkleSearchTree(blocks, commit.tree)
    for leaf in tree.leaves():
        yield _entry(blocks, commit, leaf)
    if tree.unreadable and _count_commits(blocks) == 1:
        # With older commits in the file, nodes without a parent may be of an older state.
        for leaf in tree.orphan_leaves():
            yield _entry(blocks, commit, leaf)
    for node in tree.unreadable:
        fault = f"a node of the tree cannot be read: {node.reason}"
        yield Entry(f"node {node.cid}", _TreeRecord(commit.author, "", "", fault=fault), "")
    if not commit.has_profile:
        yield Entry(
            "commit",
            Account(Ref(bluesky.NAME, commit.author.did or ""), commit.author.handle, url=commit.author.url),
            "",
        )


def parse(entry: Entry) -> Iterator[Parsed]:
    """The records of one entry: a profile -> its Account, and a Pin of its pinned post.

    A record of any other kind is skipped under the name of its collection. Raises ValueError.
    """
    if isinstance(entry.data, Account | Skipped):
        yield entry.data
        return
    record: _TreeRecord = entry.data
    if record.fault:
        raise ValueError(record.fault)
    if record.collection == bluesky.POST:
        uri = f"at://{record.author.did}/{bluesky.POST}/{record.rkey}"
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


def _find_commits(blocks: CarBlocks, source: Source) -> tuple[list[_Commit], list[Entry]]:
    """The commits among the roots, one for each account, and entries for the other roots.

    If the roots are missing, the newest commit in the file. Raises DumpError if there is none.
    """
    found: dict[str, _Commit] = {}
    notes = []
    for number, root in enumerate(blocks.roots, 1):
        commit = _commit(blocks.get(root), source)
        if commit is not None and found.setdefault(commit.author.did or "", commit) is not commit:
            notes.append(Entry(f"root {number}", Skipped("another commit of the same account"), ""))
        elif commit is None and found:
            notes.append(Entry(f"root {number}", Skipped("root that is not a commit"), ""))
    if found:
        return list(found.values()), notes
    why = blocks.missing_reason(blocks.roots[0]) if blocks.roots else "its header names none"
    newest = _newest_commit(blocks, source)
    if newest is None:
        hint = "it is not a Bluesky repository, or only a part of one"
        raise DumpError(f"{source.name}: there is no commit in it", blocks.damage() or hint)
    fault = f"the commit in the header: {why}; the newest commit in the file was read instead"
    return [newest], [Entry("header", _TreeRecord(newest.author, "", "", fault=fault), "")]


def _newest_commit(blocks: CarBlocks, source: Source) -> _Commit | None:
    """The commit in the file with the highest revision."""
    found: dict[str, _Commit] = {}
    for cid in blocks:
        block = blocks.get(cid)
        if block is not None and block.startswith(_COMMIT_STARTS) and (commit := _commit(block, source)):
            found[str(decode(block).get("rev") or "")] = commit
    return found[max(found)] if found else None


def _commit(block: bytes | None, source: Source) -> _Commit | None:
    """The commit in ``block``, None if it holds something else."""
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


def _count_commits(blocks: CarBlocks) -> int:
    found = (blocks.get(cid) for cid in blocks)
    return sum(block is not None and block.startswith(_COMMIT_STARTS) for block in found)


def _entry(blocks: CarBlocks, commit: _Commit, leaf: Leaf) -> Entry:
    """The entry of a leaf. Collections that are not read are not decoded either."""
    key = leaf[0].decode("utf-8", "replace")
    collection, slash, rkey = key.partition("/")
    if not slash or not rkey or not collection:
        return Entry(key, _TreeRecord(commit.author, "", "", fault=f"{key[:80]!r} is not the key of a record"), "")
    block = blocks.get(leaf[1])
    if block is None:
        return Entry(key, _TreeRecord(commit.author, collection, rkey, fault=blocks.missing_reason(leaf[1])), "")
    if collection not in _READ:
        return Entry(key, _TreeRecord(commit.author, collection, rkey), "")
    try:
        body = decode(block)
    except ValueError as error:
        fault = f"its block cannot be read: {error}"
        return Entry(key, _TreeRecord(commit.author, collection, rkey, fault=fault), block[:RAW_LIMIT].hex())
    if _is_own_profile(collection, rkey):
        commit.has_profile = True
    return Entry(key, _TreeRecord(commit.author, collection, rkey, body), raw_json(body))


def _is_own_profile(collection: str, rkey: str) -> bool:
    return collection == PROFILE and rkey == "self"
