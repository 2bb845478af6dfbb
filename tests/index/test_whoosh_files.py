"""What the default engine writes: places and postings come back as they were, segments stay few, Whoosh can read it."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from documents import post
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query import And, Or, Term

from threadkeep.index.whoosh import WhooshEngine, places, writing
from threadkeep.index.whoosh.merging import SEGMENT_LIMIT, merged, worth_merging
from threadkeep.index.whoosh.postings import Postings, joined, loaded, stored
from threadkeep.index.whoosh.segments import opened
from threadkeep.query import parse

PLACES = st.lists(st.integers(0, places.MASK), min_size=1, max_size=20).map(sorted)


@given(PLACES)
def test_places_come_back_as_they_were(held: list[int]) -> None:
    assert places.unpacked(places.packed(held)) == held


def test_zones_do_not_meet_and_fit() -> None:
    zones = (places.TEXT, places.TITLE, places.ASIDE, places.LINKS)
    assert [zone.start for zone in zones[1:]] == [zone.stop for zone in zones[:-1]]
    assert zones[-1].stop <= places.MASK


def test_a_word_counts_by_where_it_stands() -> None:
    starts = [places.TEXT.start, places.TITLE.start, places.ASIDE.start, places.LINKS.start]
    assert [places.weight([start]) for start in starts] == [1.0, 3.0, 0.5, 0.2]
    assert places.weight([0, 5, places.TITLE.start]) == 5.0


@st.composite
def postings(draw: st.DrawFn) -> Postings:
    ids = sorted(
        draw(st.sets(st.integers(0, draw(st.sampled_from([10, 300, 70_000, 2**31]))), min_size=1, max_size=20))
    )
    weights = draw(st.none() | st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=len(ids), max_size=len(ids)))
    sizes = draw(st.sampled_from([1, 20, 300]))
    held = draw(st.none() | st.lists(st.binary(min_size=1, max_size=sizes), min_size=len(ids), max_size=len(ids)))
    return Postings(ids, weights, held)


def as_lists(held: Postings) -> tuple[list[int], list[float] | None, list[bytes] | None]:
    weights = None if held.weights is None else list(held.weights)
    return list(held.ids), weights, None if held.places is None else list(held.places)


@given(postings())
@settings(max_examples=200, deadline=None)
def test_postings_come_back_as_they_were(held: Postings) -> None:
    assert as_lists(loaded(stored(held))) == as_lists(held)
    assert as_lists(loaded(stored(held), with_places=False)) == (list(held.ids), as_lists(held)[1], None)
    if held.places is not None:
        assert [loaded(stored(held)).places_in(id_) for id_ in held.ids] == list(held.places)


def test_parts_of_postings_join_with_the_weights_they_leave_out() -> None:
    assert joined([Postings([1, 2]), Postings([5], [3.0])]) == Postings([1, 2, 5], [1.0, 1.0, 3.0])
    assert joined([Postings([1], None, [b"a"]), Postings([2], None, [b"b"])]) == Postings([1, 2], None, [b"a", b"b"])


def test_sources_merge_word_by_word_in_their_order() -> None:
    def items(*words: str, id_: int) -> Iterator[tuple[str, bytes, list[Postings]]]:
        return ((word[0], word[1:].encode(), [Postings([id_])]) for word in words)

    found = list(merged(items("ax", "bx", id_=1), items("ax", "az", id_=2), items("ay", "bx", id_=3)))
    assert [(field, word.decode(), [part.ids[0] for part in parts]) for field, word, parts in found] == [
        ("a", "x", [1, 2]),
        ("a", "y", [3]),
        ("a", "z", [2]),
        ("b", "x", [1, 3]),
    ]


@given(st.lists(st.integers(1, 1000), max_size=300), st.integers(0, 100_000))
@settings(max_examples=50, deadline=None)
def test_segments_stay_few_and_no_post_is_written_again_often(sizes: list[int], large: int) -> None:
    held = [large] if large else []
    written = 0
    for size in sizes:
        chosen = worth_merging(held, held)
        again = sum(held[i] for i in chosen)
        written += again
        held = [kept for i, kept in enumerate(held) if i not in chosen] + [again + size]
        assert len(held) <= SEGMENT_LIMIT
    assert sum(held) == large + sum(sizes)
    assert written <= 6 * (sum(sizes) + 1) + (large if large < 2 * sum(sizes) else 0)


def test_a_segment_mostly_of_forgotten_posts_is_written_again() -> None:
    assert worth_merging([40, 60, 100], [100, 100, 100]) == {0}


def test_an_index_of_many_updates_has_few_segments(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for revision in range(1, 40):
        engine.update([post(revision, "kiln"), post(1, f"again {revision}")], (), revision)
    assert len(opened(tmp_path).segments) <= SEGMENT_LIMIT
    assert sum(path.suffix == ".trm" for path in tmp_path.iterdir()) == len(opened(tmp_path).segments)
    assert engine.search(parse("")).total == 39
    assert engine.search(parse("again")).total == 1


def test_an_update_beyond_what_memory_holds_is_written_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "GATHERED_LIMIT", 100)
    engine = WhooshEngine(tmp_path)
    engine.update((post(number, f"kiln number{number} " * 5) for number in range(1, 300)), (), 1)
    assert 1 < len(opened(tmp_path).segments) <= SEGMENT_LIMIT
    assert engine.search(parse("kiln")).total == 299
    assert [hit.number for hit in engine.search(parse('"number77 kiln"')).hits] == [77]


def test_posts_all_replaced_leave_one_segment(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for revision in (1, 2, 3):
        engine.update([post(number, f"kiln {revision}") for number in range(1, 50)], (), revision)
    assert len(opened(tmp_path).segments) == 1
    assert opened(tmp_path).size == 49


WORDS = ["kiln", "glaze", "clay", "wheel", "fire"]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=4), min_size=1, max_size=8), st.lists(st.sampled_from(WORDS)))
@settings(max_examples=20, deadline=None)
def test_whooshs_own_queries_read_the_index(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], wanted: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    engine = WhooshEngine(folder)
    for revision, half in groupby(enumerate(texts, 1), key=lambda item: 1 + item[0] % 2):
        engine.update([post(number, " ".join(text)) for number, text in half], (), revision)
    stems = [("words", {"glaze": "glaze"}.get(word, word)) for word in wanted]
    with FileIndex(FileStorage(str(folder))).searcher() as searcher:
        for kind, between in ((And, " "), (Or, " OR ")):
            theirs = searcher.search(kind([Term(*stem) for stem in stems]), limit=None) if stems else ()
            ours = engine.search(parse(between.join(wanted)), limit=100).total if wanted else 0
            assert len(theirs) == ours
