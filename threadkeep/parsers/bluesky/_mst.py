"""Walk the Merkle search tree of a Bluesky repository: its records by key, and unreadable nodes.

    {"l": CID of the node with smaller keys, or null,
     "e": [{"p": 0,  "k": b"app.bsky.feed.like/3jzaa", "v": CID of the record, "t": CID of the node that follows},
           {"p": 14, "k": b"post/3jzab", …}]}

``p`` is how many bytes a key shares with the one before it in the same node.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from threadkeep.parsers.bluesky._car_file import CarBlocks
from threadkeep.parsers.bluesky._dag_cbor import cid_text, decode

Leaf = tuple[bytes, bytes]
"""The key of a record (``collection/rkey``) and the CID of its block."""

KEY_LIMIT_BYTES = 1024
"""The longest key the protocol allows."""

_NODE_START = b"\xa2\x61e"
"""The first bytes of every node: a map of two pairs, the first of them ``e``."""


@dataclass(frozen=True, slots=True)
class UnreadableNode:
    """A node that cannot be read, or not all of it: its CID as text, and why."""

    cid: str
    reason: str


@dataclass(slots=True)
class _KeyGap:
    """The range of keys of a missing node: between ``after`` and ``before``, which are None at the ends of the tree."""

    after: bytes | None
    before: bytes | None = None

    def holds(self, key: bytes) -> bool:
        return (self.after is None or key > self.after) and (self.before is None or key < self.before)


class MerkleSearchTree:
    """The tree below the node ``root``. ``unreadable`` fills while its records are read."""

    def __init__(self, blocks: CarBlocks, root: bytes) -> None:
        self.unreadable: list[UnreadableNode] = []
        self._blocks = blocks
        self._root = root
        self._visited: set[bytes] = set()
        self._gaps: list[_KeyGap] = []
        self._last: bytes | None = None

    def leaves(self) -> Iterator[Leaf]:
        """The records in the order of their keys. Every node is visited once, so a tree with a cycle ends too."""
        for leaf in self._walk(self._root):
            self._last = leaf[0]
            for gap in reversed(self._gaps):
                if gap.before is not None:
                    break
                gap.before = leaf[0]
            yield leaf

    def orphan_leaves(self) -> Iterator[Leaf]:
        """After ``leaves``: the records of whole nodes below missing ones, each key once.

        A node left behind by an older state of the repository is excluded: the keys must lie in the range of a missing
        node.
        """
        gaps, self._gaps = self._gaps, []
        seen: set[bytes] = set()
        for root in self._orphan_roots() if gaps else ():
            for leaf in self._walk(root):
                if leaf[0] not in seen and any(gap.holds(leaf[0]) for gap in gaps):
                    seen.add(leaf[0])
                    yield leaf

    def _orphan_roots(self) -> Iterable[bytes]:
        """The unvisited nodes that no other unvisited node links to, in the order of their first keys."""
        first_keys: dict[bytes, bytes] = {}
        linked: set[bytes] = set()
        for cid in self._blocks:
            block = self._blocks.get(cid) if cid not in self._visited else None
            if block is not None and block.startswith(_NODE_START):
                children, _ = _parse_node(block)
                linked.update(child for child in children if isinstance(child, bytes))
                first_keys[cid] = next((child[0] for child in children if isinstance(child, tuple)), b"")
        return sorted(first_keys.keys() - linked, key=lambda cid: (first_keys[cid], cid))

    def _walk(self, root: bytes) -> Iterator[Leaf]:
        stack: list[bytes | Leaf] = [root]
        while stack:
            child = stack.pop()
            if isinstance(child, tuple):
                yield child
            else:
                stack.extend(self._visit(child))

    def _visit(self, cid: bytes) -> list[bytes | Leaf]:
        """The children of a node, the last first; what is wrong with it is added to ``unreadable``."""
        if cid in self._visited:
            return self._add_unreadable(cid, "the tree leads to it twice")
        self._visited.add(cid)
        block = self._blocks.get(cid)
        if block is None:
            self._gaps.append(_KeyGap(self._last))
            return self._add_unreadable(cid, f"{self._blocks.missing_reason(cid)}, and with it every record below it")
        children, fault = _parse_node(block)
        if fault:
            self._add_unreadable(cid, fault)
        children.reverse()
        return children

    def _add_unreadable(self, cid: bytes, reason: str) -> list[bytes | Leaf]:
        self.unreadable.append(UnreadableNode(cid_text(cid) or cid.hex(), reason))
        return []


def _parse_node(block: bytes) -> tuple[list[bytes | Leaf], str | None]:
    """The subtrees and records of a node, in order, as far as it can be read, and what is wrong with the rest."""
    children: list[bytes | Leaf] = []
    try:
        node = decode(block)
        if not isinstance(node, dict) or not isinstance(node.get("e"), list):
            return children, "it is not a node of a tree"
        key = b""
        if node.get("l") is not None:
            children.append(_cid(node["l"]))
        for entry in node["e"]:
            shared, rest = entry["p"], entry["k"]
            if not 0 <= shared <= len(key) or shared + len(rest) > KEY_LIMIT_BYTES:
                return children, f"{len(children):,} of its parts can be read, then a key is wrong"
            key = key[:shared] + rest
            children.append((key, _cid(entry["v"])))
            if entry.get("t") is not None:
                children.append(_cid(entry["t"]))
    except (KeyError, TypeError, AttributeError):
        return children, f"{len(children):,} of its parts can be read, then one has another form"
    except ValueError as error:
        return children, str(error)
    return children, None


def _cid(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value
