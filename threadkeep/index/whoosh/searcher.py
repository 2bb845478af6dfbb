"""Answer a query: how many posts it finds in all segments together, and the first of them in the order asked for.

Where a query is a word, or words of which any will do, its posts are not gone through to be counted or sorted: how many
there are is known beforehand, the newest stand first, and ``topmost`` finds the best.
"""

from collections.abc import Iterable, Sequence

from threadkeep.index.analysis import query_terms
from threadkeep.index.engine import Hit, Sort
from threadkeep.index.keyword_terms import keys_sought
from threadkeep.index.query_rewrite import IN_TEXT
from threadkeep.index.whoosh.matcher import matching
from threadkeep.index.whoosh.postings_cache import Reading
from threadkeep.index.whoosh.segment_reader import OpenIndex
from threadkeep.index.whoosh.sort_by_date import Found, by_date
from threadkeep.index.whoosh.term_dictionary import KEYS, WORDS
from threadkeep.index.whoosh.thread_join import find_threads
from threadkeep.index.whoosh.top_docs import by_relevance, weighing_words
from threadkeep.query.ast import Node, Or, Phrase, Term, Word


def answered(index: OpenIndex, root: Node, sort: Sort, count: int) -> tuple[list[Hit], int]:
    """The first ``count`` hits of ``root``, and how many there are in all."""
    lists = _alternatives(root) if sort != "oldest" else None
    words = weighing_words(root) if sort == "relevance" and not _are_keys(lists) else []
    if words and lists and any(field != WORDS for field, _ in lists):
        lists = None  # posts are scored, and those that hold none of the words have no place in any list
    found = found_by(index, root, lists)
    total = sum(part.total for part in found)
    if not total or count <= 0:
        return [], total
    if words:
        return by_relevance(index, found, words, count), total
    return by_date(found, count, newest=sort != "oldest"), total


def found_by(index: OpenIndex, root: Node, lists: Sequence[tuple[str, str]] | None = None) -> list[Found]:
    """The posts that ``root`` finds, by segment; as the postings of words where ``lists`` say that it asks for them."""
    readings = [Reading(segment) for segment in index.segments]
    if lists is not None:
        return [_listed(lists, reading) for reading in readings]
    find_threads(root, readings, lambda node, reading: Found(reading, matching(node, reading)).all_ids())
    return [Found(reading, matching(root, reading)) for reading in readings]


def _are_keys(lists: Sequence[tuple[str, str]] | None) -> bool:
    """Whether no words are asked for, so that posts are not scored."""
    return lists is not None and all(field == KEYS for field, _ in lists)


def _alternatives(node: Node) -> list[tuple[str, str]] | None:
    """Fields and words such that ``node`` finds what holds any of them; ``None`` where it asks for something else."""
    match node:
        case Word(text) | Phrase(text):
            words = query_terms(text)
            return [(WORDS, words[0][0])] if len(words) == 1 else None
        case Term(op, value) if op not in IN_TEXT and not value.endswith("*"):
            return [(KEYS, key) for key in keys_sought(op, value)]
        case Or(parts):
            found: list[tuple[str, str]] = []
            for part in parts:
                lists = _alternatives(part)
                if lists is None:
                    return None
                found += lists
            return found
    return None


def _listed(lists: Iterable[tuple[str, str]], reading: Reading) -> Found:
    listings = [listing for one in dict.fromkeys(lists) if (listing := reading.listing(*one)) is not None]
    return Found(reading, None, listings)
