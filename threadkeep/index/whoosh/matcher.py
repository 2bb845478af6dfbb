"""Which posts of a segment a query finds: its tree worked out with sets of ids, exactly and without scores."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, compress
from operator import neg

from threadkeep.index.analysis import beginning, query_terms, term
from threadkeep.index.fuzzy_terms import Like, near, shapes
from threadkeep.index.keyword_terms import keys_sought
from threadkeep.index.query_rewrite import IN_TEXT, words_begun
from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.phrase import ANYWHERE, Row, close_together, in_a_row
from threadkeep.index.whoosh.postings_cache import Ids, Reading
from threadkeep.index.whoosh.segment_reader import CREATED, THREAD, UNDATED
from threadkeep.index.whoosh.term_dictionary import FORMS, KEYS, WORDS
from threadkeep.query.ast import (
    And,
    AtLeast,
    DateRange,
    Everything,
    Fuzzy,
    InThread,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    RowIdSet,
    Term,
    Wildcard,
    Word,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_ZONES = {"title": positions.TITLE, "alt": positions.ALTS, "url": positions.LINKS}
"""The operators that look for words in one zone. A key, ``zone=title``, tells the posts with anything there."""

_FEW = 4


def matching(node: Node, reading: Reading) -> Ids:
    """The ids of the posts that ``node`` finds, those forgotten left out, unless it is a range of ids."""
    found = _found(node, reading, reading.everything)
    forgotten = reading.segment.forgotten
    return found - forgotten if forgotten and isinstance(found, set) else found


def _found(node: Node, reading: Reading, within: Ids) -> Ids:
    """The posts of ``within`` that ``node`` finds; forgotten ones may be among them."""
    match node:
        case And(parts):
            return _all_of(parts, reading, within)
        case Or(parts):
            return _any_of((_found(part, reading, within) for part in parts), within)
        case Not(part):
            found = _found(part, reading, within)
            return set() if found == within else set(within).difference(found)
        case Everything():
            return within
        case Term(op, value) if op not in IN_TEXT:
            return _any_of((_filed(key, reading, within) for key in keys_sought(op, value)), within)
        case DateRange() | AtLeast() | RowIdSet() | InThread():
            return _known(node, reading, within)
        case _:
            return _holding(node, reading, within)


def _holding(node: Node, reading: Reading, within: Ids) -> Ids:
    """What a node finds that looks for words."""
    match node:
        case Word(text) | Phrase(text):
            return in_a_row(query_terms(text), reading, within, ANYWHERE)
        case Near(text, far):
            return close_together(text, far, reading, within)
        case Prefix(text):
            return _begun(*beginning(text), reading, within, ANYWHERE)
        case Wildcard(pattern):
            wholes, likes = shapes(pattern)
            return _like([((whole, 0),) for word in wholes for whole, _ in query_terms(word)], likes, reading, within)
        case Fuzzy(text, edits):
            row, like = near(text, edits)
            return _like([row] if row else [], (like,) if like else (), reading, within)
        case Term(op, value):
            within = _filed(f"zone={op}", reading, within)
            return within if value == "*" else _begun(*words_begun(value), reading, within, _ZONES[op])
    raise AssertionError(node)


def _known(node: Node, reading: Reading, within: Ids) -> Ids:
    """What a node finds that goes by what the columns tell of each post."""
    match node:
        case DateRange(since, until):
            return _between(_moment(since, UNDATED + 1), _moment(until, 2**63), reading, within)
        case AtLeast(of, number):
            return set(compress(within, map(number.__le__, _values(of, reading, within))))
        case RowIdSet(_, numbers):
            return _among(numbers, reading, within)
        case InThread():
            threads = reading.threads[node]
            return set(compress(within, map(threads.__contains__, _values(THREAD, reading, within))))
    raise AssertionError(node)


def _all_of(parts: tuple[Node, ...], reading: Reading, within: Ids) -> Ids:
    """What all of ``parts`` find: the rarest first, and what is left out last, so that each looks at fewer posts."""
    for part in sorted(parts, key=lambda part: _cost(part, reading)):
        within = _found(part, reading, within)
        if not within:
            break
    return within


def _any_of(found: Iterable[Ids], within: Ids) -> Ids:
    """All ids in ``found``, of which each lies in ``within``."""
    sets = [ids for ids in found if ids]
    if len(sets) < 2:
        return sets[0] if sets else set()
    return within if within in sets else set().union(*sets)


def _cost(node: Node, reading: Reading) -> int:
    """About how many posts ``node`` finds; more than there are where it is better asked about a few."""
    size = reading.segment.size
    match node:
        case Word(text) | Phrase(text) | Near(text):
            return min((reading.count(WORDS, word) for word, _ in query_terms(text)), default=0)
        case Term(op, value) if op not in IN_TEXT and not value.endswith("*"):
            return sum(reading.count(KEYS, key) for key in keys_sought(op, value))
        case RowIdSet(_, numbers):
            return len(numbers)
        case DateRange() if reading.segment.in_date_order:
            return 0
        case And(parts):
            return min(_cost(part, reading) for part in parts)
        case Or(parts):
            return sum(_cost(part, reading) for part in parts)
        case Prefix() | Wildcard() | Fuzzy() | Term():
            return size
        case _:
            return size + 1


# Keys and words


def _filed(key: str, reading: Reading, within: Ids) -> set[int]:
    """The posts with ``key``, or with one that begins so where it ends in ``*``."""
    if key.endswith("*"):
        return _with_any((entry.ids for entry in reading.segment.dictionary.beginning(KEYS, key[:-1])), reading, within)
    listing = reading.listing(KEYS, key)
    return listing.among(within) if listing else set()


def _begun(row: Row, start: str, reading: Reading, within: Ids, zone: range) -> Ids:
    """The posts with the words of ``row`` in a row and, anywhere in the zone, a word that begins with ``start``.

    Unreduced words have no places, so that a beginning in a zone is looked for among the stems alone.
    """
    if row:
        within = in_a_row(row, reading, within, zone)
    if not start or not within:
        return within
    dictionary = reading.segment.dictionary
    stems = dictionary.beginning(WORDS, start)
    if zone is not ANYWHERE:
        return set().union(*(in_a_row(((stem.word, 0),), reading, within, zone) for stem in stems))
    forms = (
        form.ids
        for form in dictionary.beginning(FORMS, start)
        # What holds a form holds its stem, which mostly begins so too; reducing it takes longer than reading a few ids.
        if form.count <= _FEW or not term(form.word).startswith(start)
    )
    return _with_any(chain((stem.ids for stem in stems), forms), reading, within)


def _like(rows: Iterable[Row], likes: Iterable[Like], reading: Reading, within: Ids) -> Ids:
    """The posts with each of ``rows``, and for each of ``likes`` a word, reduced or not, that is one of them."""
    for row in rows:
        within = in_a_row(row, reading, within, ANYWHERE)
    for like in likes:
        if within:
            fitting = (reading.segment.dictionary.like(field, like) for field in (WORDS, FORMS))
            within = _with_any((entry.ids for entry in chain.from_iterable(fitting)), reading, within)
    return within


def _with_any(lists: Iterable[Sequence[int]], reading: Reading, within: Ids) -> set[int]:
    ids: set[int] = set().union(*lists)
    return _limited(ids, reading, within)


def _limited(ids: set[int], reading: Reading, within: Ids) -> set[int]:
    if within == reading.everything:
        return ids
    return ids & within if isinstance(within, set) else {id_ for id_ in ids if id_ in within}


# Dates, counts, numbers


def _between(first: int, end: int, reading: Reading, within: Ids) -> Ids:
    """The posts written from the moment ``first`` on and before ``end``, in microseconds since 1970."""
    segment = reading.segment
    if not segment.in_date_order:
        created = segment.column(CREATED)
        return {id_ for id_ in within if first <= created[id_] < end}
    created_down = segment.created
    low, high = (bisect_right(created_down, -moment, key=neg) for moment in (end, first))
    if isinstance(within, range):
        return range(max(low, within.start), max(min(high, within.stop), low, within.start))
    return {id_ for id_ in within if low <= id_ < high}


def _moment(point: date | None, otherwise: int) -> int:
    """``point`` in microseconds since 1970; a day is its first moment in UTC."""
    if point is None:
        return otherwise
    if not isinstance(point, datetime):
        point = datetime.combine(point, time())
    return ((point if point.tzinfo else point.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def _among(numbers: frozenset[int], reading: Reading, within: Ids) -> Ids:
    """The posts of these numbers."""
    if isinstance(within, set) and len(within) < len(numbers):
        held = reading.segment.numbers
        return {id_ for id_ in within if held[id_] in numbers}
    return _limited(reading.segment.ids_of(numbers), reading, within)


def _values(column: str, reading: Reading, within: Ids) -> Iterable[int]:
    """What a column says of each of ``within``, in their order."""
    values = reading.segment.column(column)
    return values[within.start : within.stop] if isinstance(within, range) else map(values.__getitem__, within)
