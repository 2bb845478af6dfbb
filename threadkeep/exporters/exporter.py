"""The exporter protocol: what it reads (``Selection``) and what it reports (``ExportCounts``)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from threadkeep.records import Account, Gap, Pin, Ref, Repost, SourceRecord, StoredPost, Thread


class Selection(Protocol):
    """The records to export, streamed from the archive: all, or the hits of a query with what belongs to them."""

    def accounts(self) -> Iterator[Account]:
        """The accounts that the other records name, sorted by platform and id."""

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
        """Return the account with that ref, if it is known."""

    def source(self, sha256: str) -> SourceRecord | None:
        """Return the source with that hash; None for one that only an earlier archive held."""

    def medium(self, file: str) -> Path | None:
        """Return where the archive keeps the file that a medium names; None if it does not."""


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """How many files an export wrote, and how many posts are in them."""

    files: int
    posts: int


class Exporter(Protocol):
    """What an exporter module provides."""

    NAME: str
    """Its name for ``--format``."""
    TITLE: str
    """One line for the help."""

    def write(self, selection: Selection, to: Path) -> ExportCounts:
        """Write ``selection`` to the file (atomically) or folder ``to``. Raises StorageError."""
