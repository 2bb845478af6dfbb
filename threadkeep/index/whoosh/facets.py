"""How many of the posts found there are of each author, tag, site, platform, kind, language, year or month."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from threadkeep.index.engine import CountBy, FacetCounts
from threadkeep.index.keyword_terms import COUNTED
from threadkeep.index.whoosh.postings_cache import Listing
from threadkeep.index.whoosh.segment_reader import CREATED, UNDATED
from threadkeep.index.whoosh.sort_by_date import Found
from threadkeep.index.whoosh.term_dictionary import KEYS

_EPOCH = date(1970, 1, 1)
_DAY = 86_400_000_000


def counted(found: Sequence[Found], by: CountBy) -> FacetCounts:
    """Count the posts found for each value of ``by``.

    A post with two tags counts twice, one without tags not at all; by year, undated posts do not count.
    """
    counts: Counter[str] = Counter()
    for part in found:
        if by in ("year", "month"):
            _count_dates(part, by == "month", counts)
        elif part.total:
            _count_keys(part, COUNTED[by], counts)
    total = sum(part.total for part in found)
    return FacetCounts(tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))), total)


def _count_keys(found: Found, start: str, counts: Counter[str]) -> None:
    ids = found.all_ids()
    everything = ids == found.reading.everything
    for entry in found.reading.segment.dictionary.beginning(KEYS, start):
        held = entry.count if everything else len(Listing(entry).among(ids))
        if held:
            counts[entry.word[len(start) :]] += held


def _count_dates(found: Found, months: bool, counts: Counter[str]) -> None:
    created = found.reading.segment.column(CREATED)
    days = Counter(map(_DAY.__rfloordiv__, map(created.__getitem__, found.all_ids())))
    for day, count in days.items():
        if day != UNDATED // _DAY:
            counts[(_EPOCH + timedelta(days=day)).isoformat()[: 7 if months else 4]] += count
