"""What a disk may hold after a power cut, told from a log of what a process did to its files (``faults.c``).

Nothing but a sync makes anything last. Of a file, the writes since its last sync are each there, not there, or there
in part, and its length is any it had since; of a folder, the names made, moved and deleted since its last sync are
as they were at any moment since. A disk that keeps more than this keeps what is worth testing too.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = struct.Struct("<ciqII")


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the log: C create, O open, X close, W write, T truncate, S sync, R rename, L link, U unlink, M make
    a folder, D delete one, A something printed."""

    kind: str
    descriptor: int
    offset: int
    data: bytes
    other: bytes


def operations(log: Path) -> Iterator[Operation]:
    """The operations in the file ``log``."""
    data, position = log.read_bytes(), 0
    while position < len(data):
        kind, descriptor, offset, size, other = _HEAD.unpack_from(data, position)
        position += _HEAD.size
        end = position + size
        yield Operation(kind.decode(), descriptor, offset, data[position:end], data[end : end + other])
        position = end + other


@dataclass(slots=True)
class File:
    """A file: what is on the disk for certain, and what was done since its last sync."""

    lasting: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes, each with its offset; a truncation has no bytes."""

    def sync(self) -> None:
        self.lasting = _applied(self.lasting, self.since)
        self.since = []

    def after_cut(self, chance: random.Random) -> bytes:
        """One thing the disk may hold."""
        mood = chance.randrange(4)
        if mood == 0 or not self.since:
            return self.lasting
        if mood == 1:
            return _applied(self.lasting, self.since)
        if mood == 2:  # the length is there and the data is not
            full = _applied(self.lasting, self.since)
            return self.lasting[: len(full)].ljust(len(full), b"\0")
        kept: list[tuple[int, bytes | None]] = []
        for offset, data in self.since[: chance.randint(0, len(self.since))]:
            if data is None or chance.random() < 0.6:
                kept.append((offset, data))
            elif chance.random() < 0.5:
                kept.append((offset, data[: chance.randrange(len(data) + 1)]))
        return _applied(self.lasting, kept)


def _applied(content: bytes, changes: list[tuple[int, bytes | None]]) -> bytes:
    if not changes:
        return content
    held = bytearray(content)
    for offset, data in changes:
        if data is None:
            del held[offset:]
            held.extend(bytes(offset - len(held)))
        else:
            held.extend(bytes(max(0, offset - len(held))))
            held[offset : offset + len(data)] = data
    return bytes(held)


@dataclass(slots=True)
class Folder:
    """A folder: its lasting names, and the states it went through since its last sync."""

    lasting: dict[str, "File | Folder"] = field(default_factory=dict)
    since: list[dict[str, "File | Folder"]] = field(default_factory=list)

    @property
    def now(self) -> dict[str, "File | Folder"]:
        return self.since[-1] if self.since else self.lasting

    def change(self, name: str, entry: "File | Folder | None") -> None:
        names = dict(self.now)
        if entry is None:
            names.pop(name, None)
        else:
            names[name] = entry
        self.since.append(names)

    def sync(self) -> None:
        self.lasting = self.now
        self.since = []


class Disk:
    """A folder tree that a log is played onto. What is in it at the beginning lasts; so does the root itself."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tree = _read(root) if root.is_dir() else Folder()
        self._open: dict[int, File | Folder] = {}
        self.printed = b""

    def play(self, operation: Operation) -> None:
        """Do what the process did."""
        match operation.kind:
            case "A":
                self.printed += operation.data
            case "C":
                self._name(operation.data, made := File())
                self._open[operation.descriptor] = made
            case "O":
                if (entry := self._entry(operation.data)) is not None:
                    self._open[operation.descriptor] = entry
            case "X":
                self._open.pop(operation.descriptor, None)
            case "W" | "T":
                file = self._open[operation.descriptor]
                assert isinstance(file, File)
                file.since.append((operation.offset, operation.data if operation.kind == "W" else None))
            case "S":
                self._open[operation.descriptor].sync()
            case "M":
                self._name(operation.data, Folder())
            case "U" | "D":
                self._name(operation.data, None)
            case "R" | "L":
                entry = self._entry(operation.data)
                if operation.kind == "R":
                    self._name(operation.data, None)
                self._name(operation.other, entry)
            case _:
                raise AssertionError(operation.kind)

    def cut(self, to: Path, chance: random.Random) -> None:
        """Write to ``to`` one thing that may be left when the power goes now."""
        _write(self._tree, to, chance)

    def _parts(self, path: bytes) -> tuple[str, ...]:
        return Path(path.decode()).relative_to(self._root).parts

    def _entry(self, path: bytes) -> File | Folder | None:
        entry: File | Folder | None = self._tree
        for part in self._parts(path):
            assert isinstance(entry, Folder)
            entry = entry.now.get(part)
        return entry

    def _name(self, path: bytes, entry: File | Folder | None) -> None:
        *above, name = self._parts(path)
        folder = self._entry("/".join([str(self._root), *above]).encode())
        assert isinstance(folder, Folder)
        folder.change(name, entry)


def _read(folder: Path) -> Folder:
    return Folder({path.name: _read(path) if path.is_dir() else File(path.read_bytes()) for path in folder.iterdir()})


def _write(folder: Folder, to: Path, chance: random.Random) -> None:
    to.mkdir(parents=True)
    moments = [folder.lasting, *folder.since]
    mood = chance.randrange(3)
    names = moments[0] if mood == 0 else moments[-1] if mood == 1 else chance.choice(moments)
    for name, entry in names.items():
        if isinstance(entry, Folder):
            _write(entry, to / name, chance)
        else:
            (to / name).write_bytes(entry.after_cut(chance))
