"""A selection held in memory, so that exporters are tested on records alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from threadkeep.records import Account, Gap, Pin, Ref, Repost, SourceRecord, StoredPost, Thread


@dataclass(frozen=True)
class Records:
    """What an archive would hand to an exporter."""

    kept_accounts: tuple[Account, ...] = ()
    kept_threads: tuple[Thread, ...] = ()
    kept_sources: tuple[SourceRecord, ...] = ()
    kept_reposts: tuple[Repost, ...] = ()
    kept_pins: tuple[Pin, ...] = ()
    kept_gaps: tuple[Gap, ...] = ()
    kept_media: dict[str, Path] = field(default_factory=dict)

    def accounts(self) -> Iterator[Account]:
        return iter(self.kept_accounts)

    def posts(self) -> Iterator[StoredPost]:
        return (stored for thread in self.kept_threads for stored in thread.posts)

    def reposts(self) -> Iterator[Repost]:
        yield from self.kept_reposts
        for thread in self.kept_threads:
            yield from thread.reposts

    def pins(self) -> Iterator[Pin]:
        yield from self.kept_pins
        for thread in self.kept_threads:
            yield from thread.pins

    def gaps(self) -> Iterator[Gap]:
        yield from self.kept_gaps
        for thread in self.kept_threads:
            yield from (item for item in thread.items if isinstance(item, Gap))

    def threads(self) -> Iterator[Thread]:
        return iter(self.kept_threads)

    def account(self, ref: Ref) -> Account | None:
        return next((account for account in self.kept_accounts if account.ref == ref), None)

    def source(self, sha256: str) -> SourceRecord | None:
        return next((source for source in self.kept_sources if source.sha256 == sha256), None)

    def medium(self, file: str) -> Path | None:
        return self.kept_media.get(file)
