"""What an exporter is, what it is given, and what it reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from threadkeep.records import Account, Gap, Pin, Ref, Repost, SourceRecord, StoredPost, Thread


class Selection(Protocol):
    """What is to be exported, streamed from the archive: everything, or what a query found with what belongs to it."""

    def accounts(self) -> Iterator[Account]:
        """The accounts that the other records name, by platform and id."""

    def posts(self) -> Iterator[StoredPost]:
        """The posts, thread by thread in reading order."""

    def reposts(self) -> Iterator[Repost]:
        """The reposts."""

    def pins(self) -> Iterator[Pin]:
        """The pins."""

    def gaps(self) -> Iterator[Gap]:
        """The posts known to be missing."""

    def threads(self) -> Iterator[Thread]:
        """The threads, whole, in the order of their roots."""

    def account(self, ref: Ref) -> Account | None:
        """The account with that ref."""

    def source(self, sha256: str) -> SourceRecord | None:
        """The dump with that hash; ``None`` for one that only an earlier archive held."""

    def medium(self, file: str) -> Path | None:
        """Where the archive keeps the file that a medium names; ``None`` where it does not."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote: how many files, and how many posts in them."""

    files: int
    posts: int


class Exporter(Protocol):
    """What an exporter module holds."""

    NAME: str
    """How ``--format`` calls it."""
    TITLE: str
    """One line for the help."""

    def write(self, selection: Selection, to: Path) -> Written:
        """Write ``selection`` to the file or folder ``to``, whole or not at all for a file. Raises StorageError."""
