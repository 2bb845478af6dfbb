"""Findings of a check-up, and the interface of a check."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from threadkeep.doctor.quarantine import Aside

SETTLED_SECONDS = 600
"""A file changed more recently may belong to a running import, and is left alone."""

REBUILDING = ".rebuilding"
"""Where a database is rebuilt before it replaces a damaged one."""

Watch = Callable[[str, int], object]
"""Called with what is being checked, and how many items were."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem: where, what, and what ``doctor --fix`` does about it; ``fix`` is None where only a person can help.

    ``kind`` is one word for programs; ``check``, ``kind`` and ``where`` identify a finding.
    """

    check: str
    kind: str
    where: str
    what: str
    fix: str | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies this finding in every round."""
        return self.check, self.kind, self.where


class Checkup:
    """The state of one check-up. What is removed from the archive goes to ``aside``."""

    def __init__(self, folder: Path, watch: Watch | None = None) -> None:
        self.folder = folder
        self.database = folder / "threadkeep.db"
        self.watch: Watch = watch or (lambda _what, _count: None)
        self.seen: dict[str, str] = {}
        """What each check has checked, in words."""
        self.has_reread = False
        self.given_up: set[tuple[str, str, str]] = set()
        """Keys of findings that are not fixed although they will not be found again."""

    @cached_property
    def aside(self) -> Aside:
        """The quarantine; its folder is created when something is moved there."""
        return Aside(self.folder)

    def named(self, path: Path) -> str:
        """Return ``path`` relative to the archive, as findings show it."""
        return path.relative_to(self.folder).as_posix()

    def counted(self, what: str, items: Iterable[Path]) -> Iterator[Path]:
        """Yield ``items`` and report progress."""
        for count, item in enumerate(items):
            self.watch(what, count)
            yield item


class Check(Protocol):
    """The interface of a module with checks."""

    NAME: str
    NEEDS_DATABASE: bool
    """Whether it needs an intact database of today's schema."""

    def find(self, checkup: Checkup) -> Iterator[Finding]:
        """Yield what is wrong. Changes nothing."""

    def repair(self, checkup: Checkup, findings: Sequence[Finding]) -> None:
        """Apply the fixes of ``findings``; what cannot be fixed will be found again."""


def is_settled(path: Path) -> bool:
    """Whether ``path`` is too old to belong to a running command."""
    try:
        return time.time() - path.stat().st_mtime > SETTLED_SECONDS
    except OSError:
        return False


def of_kind(findings: Iterable[Finding], *kinds: str) -> list[Finding]:
    """Return the findings of one of ``kinds``."""
    return [finding for finding in findings if finding.kind in kinds]


def on_posix() -> bool:
    """Whether file modes restrict access here."""
    return os.name == "posix"
