"""The threads: every post hangs where its replies say, as deriving all of them anew tells."""

from collections.abc import Iterator, Sequence

from threadkeep.doctor.findings import Checkup, Finding
from threadkeep.store.repair import Inspection

NAME = "threads"
NEEDS_DATABASE = True


def find(checkup: Checkup) -> Iterator[Finding]:
    """Posts that hang elsewhere."""
    checkup.watch("threads", 0)
    with Inspection(checkup.folder) as inspection:
        found = inspection.misplaced()
    if found.posts or found.circles:
        parts = [f"{found.posts:,} posts do not stand in their threads where their replies say"] * bool(found.posts)
        parts += [f"{found.circles:,} circles of replies are opened elsewhere"] * bool(found.circles)
        yield Finding(NAME, "misplaced", "threadkeep.db, posts", " and ".join(parts), "derive the threads again")
    checkup.seen[NAME] = "they match the replies"


def repair(checkup: Checkup, findings: Sequence[Finding]) -> None:
    """Derive them anew."""
    if findings:
        with Inspection(checkup.folder) as inspection:
            inspection.rebuild_threads()
