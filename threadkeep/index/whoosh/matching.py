"""Which posts of a segment a query finds: its tree worked out with sets of ids, exactly and without scores."""

from collections.abc import Iterable
from datetime import date
from functools import reduce

from threadkeep.index.analysis import beginning, sought
from threadkeep.index.keys import keys_sought
from threadkeep.index.wanted import IN_TEXT, words_begun
from threadkeep.index.whoosh import places
from threadkeep.index.whoosh.gathering import FORMS, KEYS, WORDS
from threadkeep.index.whoosh.segments import UNDATED, Segment
from threadkeep.query.ast import And, DateRange, Everything, Node, Not, Or, Phrase, Prefix, Term, Word

_DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)

_ZONES = {"title": places.TITLE, "url": places.LINKS}
_ANYWHERE = range(1 << places.BITS)
"""The operators that look for words in one zone. A key, ``zone=title``, tells the posts with anything there."""


def matching(node: Node, segment: Segment) -> set[int]:
    """The ids of the posts that ``node`` finds, those forgotten left out."""
    return _found(node, segment, None) - segment.forgotten


def _found(node: Node, segment: Segment, within: set[int] | None) -> set[int]:
    """The posts of ``within`` (``None``: of all) that ``node`` finds; forgotten ones may be among them."""
    match node:
        case And(parts):
            return _all_of(parts, segment, within)
        case Or(parts):
            return set().union(*(_found(part, segment, within) for part in parts))
        case Not(part):
            everything = segment.ids if within is None else within
            return everything - _found(part, segment, everything)
        case Everything():
            return set(segment.ids) if within is None else within
        case Word(text) | Phrase(text):
            return _in_a_row(sought(text), segment, within, _ANYWHERE)
        case Prefix(text):
            return _begun(*beginning(text), segment, within, _ANYWHERE)
        case DateRange(since, until):
            return _between(since, until, segment, within)
        case Term(op, value) if op in IN_TEXT and value == "*":
            return _filed(f"zone={op}", segment, within)
        case Term(op, value) if op in IN_TEXT:
            return _begun(*words_begun(value), segment, _filed(f"zone={op}", segment, within), _ZONES[op])
        case Term(op, value):
            return set().union(*(_filed(key, segment, within) for key in keys_sought(op, value)))


def _all_of(parts: tuple[Node, ...], segment: Segment, within: set[int] | None) -> set[int]:
    """What all of ``parts`` find: the rarest first, and what is left out last, so that each looks at fewer posts."""
    for part in sorted(parts, key=lambda part: _cost(part, segment)):
        within = _found(part, segment, within)
        if not within:
            break
    return within or set()


def _cost(node: Node, segment: Segment) -> int:
    """About how many posts ``node`` finds; more than there are where it is better asked about a few."""
    match node:
        case Word(text) | Phrase(text):
            return min((segment.count(WORDS, word) for word, _ in sought(text)), default=0)
        case Term(op, value) if op not in IN_TEXT and not value.endswith("*"):
            return sum(segment.count(KEYS, key) for key in keys_sought(op, value))
        case And(parts):
            return min(_cost(part, segment) for part in parts)
        case Or(parts):
            return sum(_cost(part, segment) for part in parts)
        case Prefix() | Term():
            return segment.size
        case _:
            return segment.size + 1


def _filed(key: str, segment: Segment, within: set[int] | None) -> set[int]:
    """The posts with ``key``, or with one that begins so where it ends in ``*``."""
    if key.endswith("*"):
        return _limited(_beginning(KEYS, key[:-1], segment), within)
    postings = segment.postings(KEYS, key)
    return _limited(postings.ids, within) if postings else set()


def _beginning(field: str, start: str, segment: Segment) -> set[int]:
    found: set[int] = set()
    for _, _, info in segment.beginning(field, start):
        found.update(segment.ids_of(info))
    return found


def _limited(ids: Iterable[int], within: set[int] | None) -> set[int]:
    return set(ids) if within is None else within.intersection(ids)


def _begun(
    words: tuple[tuple[str, int], ...], start: str, segment: Segment, within: set[int] | None, zone: range
) -> set[int]:
    """The posts with ``words`` in a row and, anywhere in the zone, a word that begins with ``start``.

    Unreduced words have no places, so that a beginning in a zone is looked for among the stems alone.
    """
    if words:
        within = _in_a_row(words, segment, within, zone)
    if not start or (within is not None and not within):
        return within or set()
    if zone is _ANYWHERE:
        return _limited(_beginning(WORDS, start, segment) | _beginning(FORMS, start, segment), within)
    stems = [word for word, _, _ in segment.beginning(WORDS, start)]
    return set().union(*(_in_a_row(((stem, 0),), segment, within, zone) for stem in stems))


def _in_a_row(words: tuple[tuple[str, int], ...], segment: Segment, within: set[int] | None, zone: range) -> set[int]:
    """The posts that hold ``words``, each as far behind the first as its place says, the first within the zone."""
    anywhere = len(words) == 1 and zone is _ANYWHERE
    rarest_first = sorted(words, key=lambda word: segment.count(WORDS, word[0]))
    held = []
    for word, place in rarest_first:
        postings = segment.postings(WORDS, word, with_places=not anywhere)
        if postings is None:
            return set()
        within = _limited(postings.ids, within)
        if not within:
            return within
        held.append((postings, place))
    if anywhere:
        return within or set()

    def stands_in(id_: int) -> bool:
        starts = ({found - place for found in places.unpacked(postings.places_in(id_))} for postings, place in held)
        return any(start in zone for start in reduce(set.intersection, starts))

    return {id_ for id_ in within or () if stands_in(id_)}


def _between(since: date | None, until: date | None, segment: Segment, within: set[int] | None) -> set[int]:
    first = UNDATED + 1 if since is None else (since - _EPOCH).days * _DAY
    end = 2**63 if until is None else (until - _EPOCH).days * _DAY
    created = segment.created
    if within is None:
        return {id_ for id_, moment in enumerate(created) if first <= moment < end}
    return {id_ for id_ in within if first <= created[id_] < end}
