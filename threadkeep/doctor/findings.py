"""What a check-up finds, and what it works with."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from threadkeep.doctor.quarantine import Aside

SETTLED_SECONDS = 600
"""A file that was changed less long ago may be part of an import that is running, and is left alone."""

REBUILDING = ".rebuilding"
"""Where a database is made anew before it takes the place of a damaged one."""

Watch = Callable[[str, int], object]
"""Called with what is being looked at, and how many of it were."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: where, what, and what ``doctor --fix`` does about it; ``fix`` is None where only a person can.

    ``kind`` is one word for programs; ``check``, ``kind`` and ``where`` tell findings apart.
    """

    check: str
    kind: str
    where: str
    what: str
    fix: str | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells this finding from others, whenever it is looked for."""
        return self.check, self.kind, self.where


class Checkup:
    """One archive being looked at. What is taken out of it goes to ``aside``."""

    def __init__(self, folder: Path, watch: Watch | None = None) -> None:
        self.folder = folder
        self.database = folder / "threadkeep.db"
        self.watch: Watch = watch or (lambda _what, _count: None)
        self.seen: dict[str, str] = {}
        """What each check has looked at, in words."""
        self.has_reread = False
        self.given_up: set[tuple[str, str, str]] = set()
        """The keys of findings that will not be found again, and yet are not set right."""

    @cached_property
    def aside(self) -> Aside:
        """Where what is taken out goes; the folder is made when the first thing does."""
        return Aside(self.folder)

    def named(self, path: Path) -> str:
        """``path`` as findings name it: relative to the archive."""
        return path.relative_to(self.folder).as_posix()

    def counted(self, what: str, items: Iterable[Path]) -> Iterator[Path]:
        """``items``, each told to whoever watches."""
        for count, item in enumerate(items):
            self.watch(what, count)
            yield item


class Check(Protocol):
    """What a module of checks holds."""

    NAME: str
    NEEDS_DATABASE: bool
    """Whether it can only look where the database is whole and of today's schema."""

    def find(self, checkup: Checkup) -> Iterator[Finding]:
        """What is wrong. Changes nothing."""

    def repair(self, checkup: Checkup, findings: Sequence[Finding]) -> None:
        """Do what the findings of this check say; what cannot be done is left to be found again."""


def is_settled(path: Path) -> bool:
    """Whether ``path`` was changed so long ago that no running command is about to name it."""
    try:
        return time.time() - path.stat().st_mtime > SETTLED_SECONDS
    except OSError:
        return False


def of_kind(findings: Iterable[Finding], *kinds: str) -> list[Finding]:
    """Those findings that are of one of ``kinds``."""
    return [finding for finding in findings if finding.kind in kinds]


def on_posix() -> bool:
    """Whether files have modes that mean something."""
    return os.name == "posix"
