"""Records written down as a dump of their own, for the day the dump they came from is gone.

What a lost dump showed, as the database knows it, becomes a dump in threadkeep's own JSON Lines: it is kept, it can be
read again, and every record goes on naming the dump that it was first seen in.
"""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator

from threadkeep.record_json.encode import account_object, gap_object, pin_object, post_object, repost_object
from threadkeep.record_json.json_lines import encode
from threadkeep.records import Account, Gap, Pin, Repost, StoredPost
from threadkeep.sources.source import Source
from threadkeep.store.repair import Shown

NAME_OF_UNSHOWN = "records of no dump, found by threadkeep doctor"


def name_of_rescued(path: str) -> str:
    """What the dump is called that goes in for the lost one ``path``."""
    return f"{path} (what was known of it)"


def _lines(shown: Iterable[tuple[Shown, Account | None]]) -> Iterator[bytes]:
    """The records as JSON Lines, each account before the first that names it."""
    told: set[Account] = set()
    for record, account in shown:
        named = record if isinstance(record, Account) else account
        if named is not None and named not in told:
            told.add(named)
            yield _line(account_object(named))
        if isinstance(record, StoredPost):
            yield _line(post_object(record))
        elif isinstance(record, Repost):
            yield _line(repost_object(record, account))
        elif isinstance(record, Pin):
            yield _line(pin_object(record, account))
        elif isinstance(record, Gap):
            yield _line(gap_object(record))


def _line(object_: dict[str, object]) -> bytes:
    return f"{encode(object_)}\n".encode()


@contextlib.contextmanager
def dump_of(name: str, shown: Iterable[tuple[Shown, Account | None]]) -> Iterator[Source | None]:
    """The records as a dump called ``name``, while the context lasts; ``None`` where there are none."""
    with tempfile.TemporaryFile(prefix="threadkeep-") as spool:
        for line in _lines(shown):
            spool.write(line)
        if spool.tell() == 0:
            yield None
            return
        spool.seek(0)
        with Source.from_stream(name, spool) as source:
            yield source
