"""Walk the Merkle search tree of a Bluesky repository: its records by key, in order, and what is missing of it.

    {"l": CID of the node with smaller keys, or null,
     "e": [{"p": 0,  "k": b"app.bsky.feed.like/3jzaa", "v": CID of the record, "t": CID of the node that follows},
           {"p": 14, "k": b"post/3jzab", …}]}

``p`` is how many bytes a key shares with the one before it in the same node.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from threadkeep.parsers.bluesky._car_file import Blocks
from threadkeep.parsers.bluesky._dag_cbor import cid_text, decode

Leaf = tuple[bytes, bytes]
"""The key of a record (``collection/rkey``) and the CID of its block."""

KEY_LIMIT_BYTES = 1024
"""The longest key the protocol allows."""

_NODE_START = b"\xa2\x61e"
"""How every node begins: a map of two pairs, the first of them ``e``."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of the tree that cannot be read: its node's CID as text, and why."""

    node: str
    reason: str


@dataclass(slots=True)
class _Gap:
    """Where a node is missing: between the keys ``after`` and ``before``, which are None at the ends of the tree."""

    after: bytes | None
    before: bytes | None = None

    def holds(self, key: bytes) -> bool:
        return (self.after is None or key > self.after) and (self.before is None or key < self.before)


class Tree:
    """The tree below the node ``root``. ``holes`` fills while its records are read."""

    def __init__(self, blocks: Blocks, root: bytes) -> None:
        self.holes: list[Hole] = []
        self._blocks = blocks
        self._root = root
        self._entered: set[bytes] = set()
        self._gaps: list[_Gap] = []
        self._last: bytes | None = None

    def leaves(self) -> Iterator[Leaf]:
        """The records in the order of their keys. Every node is entered once, so a tree that bites itself ends too."""
        for leaf in self._below(self._root):
            self._last = leaf[0]
            for gap in reversed(self._gaps):
                if gap.before is not None:
                    break
                gap.before = leaf[0]
            yield leaf

    def stray_leaves(self) -> Iterator[Leaf]:
        """After ``leaves``: what whole nodes hold that only missing nodes lead to, no key twice.

        Such nodes are told from those that an older state of the repository left behind by their keys: these must lie
        where a node is missing.
        """
        gaps, self._gaps = self._gaps, []
        given: set[bytes] = set()
        for root in self._stray_roots() if gaps else ():
            for leaf in self._below(root):
                if leaf[0] not in given and any(gap.holds(leaf[0]) for gap in gaps):
                    given.add(leaf[0])
                    yield leaf

    def _stray_roots(self) -> Iterable[bytes]:
        """The nodes not entered to which none of the others not entered leads, in the order of their first keys."""
        first_keys: dict[bytes, bytes] = {}
        children: set[bytes] = set()
        for cid in self._blocks:
            block = self._blocks.get(cid) if cid not in self._entered else None
            if block is not None and block.startswith(_NODE_START):
                steps, _ = _steps(block)
                children.update(step for step in steps if isinstance(step, bytes))
                first_keys[cid] = next((step[0] for step in steps if isinstance(step, tuple)), b"")
        return sorted(first_keys.keys() - children, key=lambda cid: (first_keys[cid], cid))

    def _below(self, root: bytes) -> Iterator[Leaf]:
        stack: list[bytes | Leaf] = [root]
        while stack:
            step = stack.pop()
            if isinstance(step, tuple):
                yield step
            else:
                stack.extend(self._enter(step))

    def _enter(self, cid: bytes) -> list[bytes | Leaf]:
        """What stands in a node, the last first; what is wrong with it becomes a hole."""
        if cid in self._entered:
            return self._hole(cid, "the tree leads to it twice")
        self._entered.add(cid)
        block = self._blocks.get(cid)
        if block is None:
            self._gaps.append(_Gap(self._last))
            return self._hole(cid, f"{self._blocks.why_not(cid)}, and with it every record below it")
        steps, fault = _steps(block)
        if fault:
            self._hole(cid, fault)
        steps.reverse()
        return steps

    def _hole(self, cid: bytes, reason: str) -> list[bytes | Leaf]:
        self.holes.append(Hole(cid_text(cid) or cid.hex(), reason))
        return []


def _steps(block: bytes) -> tuple[list[bytes | Leaf], str | None]:
    """The subtrees and the records of a node, in order, as far as it can be read, and what is wrong with the rest."""
    steps: list[bytes | Leaf] = []
    try:
        node = decode(block)
        if not isinstance(node, dict) or not isinstance(node.get("e"), list):
            return steps, "it is no node of a tree"
        key = b""
        if node.get("l") is not None:
            steps.append(_cid(node["l"]))
        for entry in node["e"]:
            shared, rest = entry["p"], entry["k"]
            if not 0 <= shared <= len(key) or shared + len(rest) > KEY_LIMIT_BYTES:
                return steps, f"{len(steps):,} of its parts can be read, then a key is wrong"
            key = key[:shared] + rest
            steps.append((key, _cid(entry["v"])))
            if entry.get("t") is not None:
                steps.append(_cid(entry["t"]))
    except (KeyError, TypeError, AttributeError):
        return steps, f"{len(steps):,} of its parts can be read, then one has another form"
    except ValueError as error:
        return steps, str(error)
    return steps, None


def _cid(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value
