"""The accounts of one dump that were given already, so that each comes once, and again only with something new."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from threadkeep.records import Account, Parsed, Ref

_ACCOUNT_FIELDS = tuple(field.name for field in fields(Account))


class Known:
    """The accounts of one dump that were given already, so that each comes once, and again only with something new."""

    def __init__(self) -> None:
        self._said: dict[Ref, set[str]] = {}

    def fresh(self, records: Iterable[Parsed]) -> Iterator[Parsed]:
        """``records`` without the accounts that say nothing new. What it is given must be kept: it remembers."""
        for record in records:
            if isinstance(record, Account):
                said = {name for name in _ACCOUNT_FIELDS if getattr(record, name) is not None}
                if said <= self._said.setdefault(record.ref, set()):
                    continue
                self._said[record.ref] |= said
            yield record
