"""Whoosh's own query classes, reading the same index through its codec, find the same posts with the same scores."""

import random
from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from math import log
from pathlib import Path
from typing import Any

import pytest
from documents import post
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as theirs
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import Searcher

from threadkeep.index.analysis import stem_term
from threadkeep.index.engine import Document
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.index.whoosh.index_meta import read_segments
from threadkeep.index.whoosh.segment_reader import open_index
from threadkeep.query.ast import And, Node, Not, Or, Phrase, Prefix, Query, Word

COMMON = "the kiln was fired again and we stopped to look".split()
ENDINGS = ("ze", "y", "s", "ter")
WORDS = [*COMMON, *(f"{start}{end}" for start in ("gla", "cla", "wood", "pot", "ash") for end in ENDINGS)]
POSTS = 2600


class Bm25(WeightingModel):
    """The formula that ``scoring`` states, from Whoosh's own statistics."""

    def scorer(self, searcher: Searcher, fieldname: str, text: bytes, qf: int = 1) -> BaseScorer:
        whole = searcher.get_parent().reader()
        size, holding = whole.doc_count_all(), whole.doc_frequency(fieldname, text)
        idf = log(1 + (size - holding + 0.5) / (holding + 0.5))
        average = whole.field_length(fieldname) / size or 1.0
        return Scorer(partial(searcher.reader().doc_field_length, fieldname=fieldname), idf, average)


class Scorer(BaseScorer):
    def __init__(self, length: Any, idf: float, average: float) -> None:
        self.length, self.idf, self.average = length, idf, average

    def supports_block_quality(self) -> bool:
        return False

    def score(self, matcher: Any) -> float:
        weight, length = matcher.weight(), self.length(matcher.id())
        return self.idf * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * length / self.average))


def documents(random_: random.Random) -> Iterator[Document]:
    explain_scores = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
    for number in range(1, POSTS + 1):
        chosen = random_.choices(WORDS, cum_weights=explain_scores, k=random_.choice((1, 4, 9, 25)))
        title = random_.choice(WORDS) if number % 7 == 0 else None
        urls = ("https://example.org/kiln",) if number % 11 == 0 else ()
        created = None if number % 50 == 0 else (POSTS - number // 3) * 1_000_000
        yield post(number, " ".join(chosen), title=title, urls=urls, created=created)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of several segments, the first of several blocks a word, with posts replaced and removed."""
    version_key, random_ = tmp_path_factory.mktemp("index"), random.Random(5)
    engine = WhooshEngine(version_key)
    held = list(documents(random_))
    engine.update(held[:2000], (), 1)
    engine.update(held[2000:], (), 2)
    engine.update([post(number, "the kiln again the kiln", created=7) for number in range(5, 2500, 60)], (9, 1000), 3)
    return version_key


@pytest.fixture(scope="module")
def searcher(folder: Path) -> Iterator[Searcher]:
    with FileIndex(FileStorage(str(folder))).searcher(weighting=Bm25()) as found:
        yield found


def as_theirs(node: Node) -> theirs.Query:
    match node:
        case Word(text):
            return theirs.Term("words", stem_term(text))
        case Phrase(text):
            return theirs.Phrase("words", [stem_term(word) for word in text.split()])
        case Prefix(text):
            return theirs.Or([theirs.Prefix("words", text), theirs.Prefix("forms", text)])
        case And(parts):
            return theirs.And([as_theirs(part) for part in parts])
        case Or(parts):
            return theirs.Or([as_theirs(part) for part in parts])
    raise AssertionError(node)


def their_scores(searcher: Searcher, node: Node) -> dict[int, float]:
    match node:
        case And((kept, Not(part))):
            # Whoosh's own "and not" loses its place now and then, so that both halves are asked for.
            left_out = their_scores(searcher, part)
            found = their_scores(searcher, kept).items()
            return {number: score for number, score in found if number not in left_out}
    numbers = searcher.reader().column_reader("row_id")
    return {numbers[hit.docnum]: hit.score for hit in searcher.search(as_theirs(node), limit=None)}


WORD = st.sampled_from(WORDS).map(Word)
PHRASE = st.lists(st.sampled_from(COMMON[:4]), min_size=2, max_size=3).map(" ".join).map(Phrase)
TREES = st.recursive(
    WORD | PHRASE,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3, unique=True).map(tuple).map(And),
        st.lists(parts, min_size=2, max_size=3, unique=True).map(tuple).map(Or),
    ),
    max_leaves=4,
)
SCORED = TREES | st.tuples(TREES, WORD.map(Not)).map(And)
PREFIX = st.sampled_from(["k", "gl", "ag", "stopp", "wood", "poty", "zzz"]).map(Prefix)
FILTERED = st.tuples(PREFIX | TREES, TREES | PREFIX | PREFIX.map(Not)).map(And) | PREFIX


def test_there_are_several_segments_and_blocks(folder: Path) -> None:
    segments = open_index(folder, read_segments(folder)).segments
    assert len(segments) == 3
    assert segments[0].dictionary.find("words", "the").postings.blocks > 2  # type: ignore[union-attr] # it is there
    assert segments[0].deleted


@given(node=SCORED)
@settings(max_examples=60, deadline=None)
def test_posts_and_scores_are_those_of_whoosh(folder: Path, searcher: Searcher, node: Node) -> None:
    engine, expected = WhooshEngine(folder), their_scores(searcher, node)
    page = engine.search(Query("", node), limit=POSTS)
    assert page.total == len(expected)
    found = {hit.row_id: hit.score for hit in page.hits}
    assert found.keys() == expected.keys()
    if is_scored_alike(node):
        assert found == pytest.approx(expected)


@given(node=FILTERED)
@settings(max_examples=40, deadline=None)
def test_posts_with_beginnings_are_those_of_whoosh(folder: Path, searcher: Searcher, node: Node) -> None:
    page = WhooshEngine(folder).search(Query("", node), limit=POSTS)
    assert {hit.row_id for hit in page.hits} == their_scores(searcher, node).keys()


@given(node=SCORED | FILTERED, limit=st.sampled_from([1, 3, 20, 200]), offset=st.sampled_from([0, 2, 40]))
@settings(max_examples=60, deadline=None)
def test_the_first_hits_are_the_first_of_all(folder: Path, node: Node, limit: int, offset: int) -> None:
    engine, query = WhooshEngine(folder), Query("", node)
    for sort in ("relevance", "newest", "oldest"):
        whole = engine.search(query, sort, limit=POSTS)
        page = engine.search(query, sort, limit, offset)
        assert page.total == whole.total
        assert [hit.row_id for hit in page.hits] == [hit.row_id for hit in whole.hits[offset : offset + limit]]
        assert [hit.score for hit in page.hits] == pytest.approx(
            [hit.score for hit in whole.hits[offset : offset + limit]]
        )


@given(node=SCORED)
@settings(max_examples=60, deadline=None)
def test_shares_sum_to_the_score(folder: Path, node: Node) -> None:
    engine, query = WhooshEngine(folder), Query("", node)
    hits = engine.search(query, limit=5).hits
    explained = engine.explain(query, [hit.row_id for hit in hits])
    assert [number for number, _ in explained] == [hit.row_id for hit in hits]
    assert [sum(share.score for share in explain_scores) for _, explain_scores in explained] == pytest.approx(
        [hit.score for hit in hits]
    )


def is_scored_alike(node: Node) -> bool:
    """Whoosh counts a word for each time that a query has it, and in an alternative only where all of that is found.

    Here each word that a post found holds counts once.
    """

    def words(part: Node) -> Iterator[str]:
        match part:
            case Word(text) | Phrase(text):
                yield from map(stem_term, text.split())
            case And(parts) | Or(parts):
                for one in parts:
                    yield from words(one)

    def alternatives(part: Node) -> Iterator[Node]:
        match part:
            case And(parts) | Or(parts):
                yield from parts if isinstance(part, Or) else ()
                for one in parts:
                    yield from alternatives(one)

    found = list(words(node))
    return len(found) == len(set(found)) and all(isinstance(part, Word) for part in alternatives(node))
