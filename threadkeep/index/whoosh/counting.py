"""How many of the posts found there are of each author, tag, site, platform, kind, year or month."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from threadkeep.index import CountBy
from threadkeep.index.keys import COUNTED
from threadkeep.index.whoosh.gathering import KEYS
from threadkeep.index.whoosh.ranking import Found
from threadkeep.index.whoosh.segments import UNDATED

_EPOCH = date(1970, 1, 1)
_DAY = 86_400_000_000


def counted(found: Sequence[Found], by: CountBy) -> list[tuple[str, int]]:
    """The values of ``by`` among the posts found, the most frequent first, then by value.

    A post of two tags counts twice, one of none not at all; so do undated posts by year.
    """
    counts: Counter[str] = Counter()
    for part in found:
        if by in ("year", "month"):
            _count_dates(part, by == "month", counts)
        elif part.ids:
            start = COUNTED[by]
            for key, _, info in part.segment.beginning(KEYS, start):
                counts[key[len(start) :]] += len(part.ids.intersection(part.segment.ids_of(info)))
    return sorted(((value, count) for value, count in counts.items() if count), key=lambda item: (-item[1], item[0]))


def _count_dates(part: Found, months: bool, counts: Counter[str]) -> None:
    created = part.segment.created
    days = Counter(created[id_] // _DAY for id_ in part.ids if created[id_] != UNDATED)
    for day, count in days.items():
        counts[(_EPOCH + timedelta(days=day)).isoformat()[: 7 if months else 4]] += count
