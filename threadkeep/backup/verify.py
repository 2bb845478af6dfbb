"""Checking a backup against its manifests: what is missing, what has changed, and what is there besides.

It needs nothing but the backup's folder, and believes nothing in it.
"""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from threadkeep.backup import manifest as names
from threadkeep.backup.manifest import Item, Manifest, read_manifest, states_in
from threadkeep.backup.safe_files import Sum, opened, sum_of
from threadkeep.errors import BackupError

Kind = Literal["missing", "changed", "unreadable", "lacking", "extra"]

HARMLESS: tuple[Kind, ...] = ("extra",)
"""What is said and is not wrong: files of dropped states, of a backup that was cut off, or anybody's."""

Watch = Callable[[float | None, int], object]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A file that is not as the manifest of ``state`` says. ``lacking`` was so when the backup was made."""

    kind: Kind
    state: str | None
    path: str
    said: str

    @property
    def is_harmless(self) -> bool:
        """Whether the backup is whole in spite of it."""
        return self.kind in HARMLESS


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of a backup found."""

    states: tuple[str, ...]
    files: int
    bytes: int
    flaws: tuple[Flaw, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything that any state lists is there as it was written."""
        return all(flaw.is_harmless for flaw in self.flaws)


def verify(folder: Path, watch: Watch | None = None) -> Verified:
    """Check every file of every state of the backup in ``folder``. Raises BackupError where that is no backup."""
    states = states_in(folder)
    if not states:
        raise BackupError(f"{folder}: there is no backup", "threadkeep backup DIR makes one")
    flaws: list[Flaw] = []
    manifests: list[Manifest] = []
    for state in states:
        try:
            manifests.append(read_manifest(folder, state))
        except BackupError as error:
            flaws.append(Flaw("unreadable", state, f"{state}/{names.NAME}", error.message))
    checking = _Checking(folder, manifests, watch or (lambda _part, _count: None))
    flaws += checking.flaws()
    flaws += _wrong_readme(folder, manifests)
    flaws += _extra(folder, states, {item.path for one in manifests for item in one.files})
    return Verified(tuple(states), checking.count, checking.bytes, tuple(flaws))


class _Checking:
    """The files of some states, each read once."""

    def __init__(self, folder: Path, manifests: list[Manifest], watch: Watch) -> None:
        self._folder = folder
        self._manifests = manifests
        self._watch = watch
        self._whole = sum({item.path: item.bytes for one in manifests for item in one.files}.values()) or 1
        self._read = 0
        self.count = 0
        self._sums: dict[str, Sum | OSError] = {}

    @property
    def bytes(self) -> int:
        """How many bytes were read."""
        return self._read

    def flaws(self) -> Iterator[Flaw]:
        """What is wrong with the files."""
        for manifest in self._manifests:
            for item in manifest.files:
                if flaw := self._flaw(manifest.state, item):
                    yield flaw
            yield from self._wrong_sums(manifest)
            for lacking in manifest.lacking:
                yield Flaw("lacking", manifest.state, lacking.path[:200], f"not in the backup: {lacking.why}")

    def _flaw(self, state: str, item: Item) -> Flaw | None:
        if item.path not in self._sums:
            self.count += 1
            try:
                self._sums[item.path] = sum_of(self._folder, item.path, self._count, item.bytes)
            except OSError as error:
                self._sums[item.path] = error
        found = self._sums[item.path]
        if isinstance(found, FileNotFoundError | NotADirectoryError):
            return Flaw("missing", state, item.path, "it is not there")
        if isinstance(found, OSError):
            return Flaw("unreadable", state, item.path, found.strerror or str(found))
        if found == (item.bytes, item.sha256):
            return None
        if found[0] != item.bytes:
            said = f"it has {'more' if found[0] > item.bytes else 'fewer'} than its {item.bytes:,} bytes"
        else:
            said = "its contents are not what was written"
        return Flaw("changed", state, item.path, said)

    def _count(self, size: int) -> None:
        self._read += size
        self._watch(min(1.0, self._read / self._whole), self.count)

    def _wrong_sums(self, manifest: Manifest) -> Iterator[Flaw]:
        """Whether what ``sha256sum`` would check is what the manifest says, its own hash included."""
        name = f"{manifest.state}/{names.SUMS}"
        try:
            _, own = sum_of(self._folder, f"{manifest.state}/{names.NAME}", lambda _count: None)
            with opened(self._folder, name) as file:
                said, readme = file.read(names.SIZE_LIMIT_BYTES), manifest.item(names.README).sha256
                if said not in (names.sums_text(manifest, own, readme), names.sums_text(manifest, own, None)):
                    yield Flaw("changed", manifest.state, name, "it does not say what the manifest says")
        except FileNotFoundError:
            yield Flaw("missing", manifest.state, name, "it is not there")
        except OSError as error:
            yield Flaw("unreadable", manifest.state, name, error.strerror or str(error))


def _wrong_readme(folder: Path, manifests: list[Manifest]) -> Iterator[Flaw]:
    """Whether the backup's README is the one that a state was written with."""
    try:
        _, sha256 = sum_of(folder, names.README, lambda _count: None, names.SIZE_LIMIT_BYTES)
    except FileNotFoundError:
        yield Flaw("missing", None, names.README, "it is not there")
    except OSError as error:
        yield Flaw("unreadable", None, names.README, error.strerror or str(error))
    else:
        if manifests and sha256 not in {manifest.item(names.README).sha256 for manifest in manifests}:
            yield Flaw("changed", None, names.README, "its contents are not what was written")


def _extra(folder: Path, states: list[str], listed: set[str]) -> Iterator[Flaw]:
    """What no manifest lists. Links are told and not followed."""
    ours = {names.README, ".lock", *(f"{state}/{name}" for state in states for name in (names.NAME, names.SUMS))}
    for parent, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in sorted([*files, *links]):
            path = Path(parent, name)
            inside = path.relative_to(folder).as_posix()
            if inside not in listed and inside not in ours:
                said = "a link" if stat.S_ISLNK(path.lstat().st_mode) else "in no manifest"
                yield Flaw("extra", None, os.fsencode(inside).decode("utf-8", "replace"), said)
