"""Which posts hold words in a row, or close together: those that hold all of them, and of those the places."""

from collections import Counter
from collections.abc import Iterable

from threadkeep.index.analysis import TOKEN, spelled
from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.postings_cache import Ids, Listing, Reading
from threadkeep.index.whoosh.term_dictionary import WORDS

ANYWHERE = range(1 << positions.BITS)

Row = tuple[tuple[str, int], ...]
"""Words, and how far behind the first each stands."""

_FARTHEST = 100_000
"""Zones lie further apart, so that no two words of different zones count as close."""


def in_a_row(row: Row, reading: Reading, within: Ids, zone: range) -> set[int]:
    """The posts that hold the words of ``row``, each as far behind the first as it says, the first within the zone."""
    listings = _listings((word for word, _ in row), reading)
    if not listings:
        return set()
    ids = _holding(listings.values(), within)
    if len(row) == 1 and zone is ANYWHERE:
        return ids
    return {start >> positions.BITS for start in _starts(row, listings, ids) if start & positions.MASK in zone}


def close_together(text: str, far: int, reading: Reading, within: Ids) -> set[int]:
    """The posts that hold the words of ``text``, in any order, the first and the last at most ``far`` words apart.

    What stands as one token in ``text`` (``wood-fired``) must stand in a row. A word that comes twice must do so.
    """
    rows = Counter(row for token in TOKEN.findall(text) if (row := spelled(token).query_terms))
    listings = _listings((word for row in rows for word, _ in row), reading)
    ids = _holding(listings.values(), within) if listings else set()
    by_post: dict[int, list[tuple[int, Row]]] = {id_: [] for id_ in ids}
    for row in rows:
        for start in _starts(row, listings, ids) if ids else ():
            by_post[start >> positions.BITS].append((start & positions.MASK, row))
    return {id_ for id_, found in by_post.items() if _span(found, rows) <= min(far, _FARTHEST)}


def _listings(words: Iterable[str], reading: Reading) -> dict[str, Listing]:
    """The postings of all of ``words``; nothing where one is in no post."""
    found = {word: reading.listing(WORDS, word) for word in words}
    return {word: listing for word, listing in found.items() if listing} if all(found.values()) else {}


def _holding(listings: Iterable[Listing], within: Ids) -> set[int]:
    """The posts that hold every word: the rarest is read first, of the others only what may be in the same posts."""
    ids: Ids = within
    for listing in sorted(listings, key=lambda listing: listing.count):
        ids = listing.among(ids)
        if not ids:
            break
    return set(ids)


def _starts(row: Row, listings: dict[str, Listing], ids: set[int]) -> set[int]:
    """Where in the posts ``ids``, which hold all its words, ``row`` begins: ``id << places.BITS | place`` of each."""
    starts: set[int] | None = None
    for word, place in sorted(row, key=lambda part: listings[part[0]].count):
        stands = listings[word].stands(ids)
        shifted = [stand - place for stand in stands if stand & positions.MASK >= place] if place else stands
        starts = set(shifted) if starts is None else starts.intersection(shifted)
        ids = {start + place >> positions.BITS for start in starts}
        if not starts:
            break
    return starts or set()


def _span(found: list[tuple[int, Row]], wanted: Counter[Row]) -> int:
    """How far the first and the last word are apart in the shortest stretch that holds all; without one, very far."""
    found.sort(key=lambda item: item[0])
    missing, lacking = Counter(wanted), sum(wanted.values())
    shortest, behind = _FARTHEST + 1, 0
    for place, row in found:
        lacking -= missing[row] > 0
        missing[row] -= 1
        while not lacking:
            first, dropped = found[behind]
            shortest = min(shortest, place - first)
            missing[dropped] += 1
            lacking += missing[dropped] > 0
            behind += 1
    return shortest
