"""What the default engine writes: places and postings come back as they were, segments stay few, Whoosh can read it."""

import random
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from io import BytesIO
from itertools import chain, groupby
from pathlib import Path

import pytest
from documents import post
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader
from whoosh.filedb.structfile import BufferFile
from whoosh.index import FileIndex
from whoosh.query import And, Or, Term

from threadkeep.index.whoosh import merge, parallel_writer, positions
from threadkeep.index.whoosh.doc_values import ColumnValues, column_extents, encode_columns
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.index.whoosh.index_meta import read_segments
from threadkeep.index.whoosh.merge import ALWAYS_MERGE_MAX, MERGE_FACTOR, select_merge
from threadkeep.index.whoosh.postings_reader import PAIRS, Postings, best_pairs
from threadkeep.index.whoosh.postings_writer import (
    EncodedPostings,
    encode_ids,
    encode_postings,
    encode_presence,
    merge_runs,
)
from threadkeep.index.whoosh.segment_reader import open_index
from threadkeep.index.whoosh.term_dictionary import EXTENT, VALUE
from threadkeep.index.whoosh.term_dictionary_writer import write_dictionary
from threadkeep.index.whoosh.whoosh_compat import MappedStorage
from threadkeep.query.parser import parse


def test_zones_do_not_meet_and_fit() -> None:
    zones = (positions.TEXT, positions.TITLE, positions.ALTS, positions.CARDS, positions.LINKS)
    assert [zone.start for zone in zones[1:]] == [zone.stop for zone in zones[:-1]]
    assert zones[-1].stop <= positions.MASK


def test_a_place_weighs_by_its_zone() -> None:
    zones = (positions.TEXT, positions.TITLE, positions.ALTS, positions.CARDS, positions.LINKS)
    ends = [place for zone in zones for place in (zone.start, zone.stop - 1)]
    assert [positions.TENTHS[place >> positions.ZONE_BITS] for place in ends] == [10, 10, 30, 30, 5, 5, 5, 5, 2, 2]


def weight(held: Sequence[int]) -> int:
    return min(sum(positions.TENTHS[place >> positions.ZONE_BITS] for place in held), 65_535)


PLACES = st.lists(
    st.sampled_from(
        [
            0,
            1,
            127,
            128,
            0xD800,
            *(zone.start for zone in (positions.TITLE, positions.ALTS, positions.CARDS, positions.LINKS)),
        ]
    )
    | st.integers(0, 917_503),
    min_size=1,
    max_size=6,
).map(sorted)


@st.composite
def words(draw: st.DrawFn) -> dict[int, list[int]]:
    """The places of a word by the post's id: in few posts or in several blocks of them."""
    several = draw(st.sampled_from([1, 1, 1, 40, 700]))
    step = draw(st.sampled_from([1, 3, 300, 70_000]))
    if draw(st.booleans()):
        plain = st.lists(st.integers(0, 300), min_size=1, max_size=2).map(sorted)
        some = draw(st.lists(plain, min_size=1, max_size=4))
    else:
        some = draw(st.lists(PLACES, min_size=1, max_size=4))
    first = draw(st.integers(0, 70_000))
    return {first + i * step: held for i, held in enumerate(some * several)}


def numbers(word: dict[int, list[int]]) -> "array[int]":
    return array("Q", (doc_id << 32 | place for doc_id, held in word.items() for place in held))


class Lengths(dict[int, int]):
    def __missing__(self, doc_id: int) -> int:
        return 1 + doc_id * 7919 % 60


@given(words())
@settings(max_examples=200, deadline=None)
def test_postings_come_back_as_they_were(word: dict[int, list[int]]) -> None:
    made = encode_postings(numbers(word), Lengths())
    held = Postings(made.data)
    weights = [weight(found) for found in word.values()]
    assert held.ids == list(word)
    assert len(held) == made.posts == len(word)
    assert [made.first, made.last] == [held.ids[0], held.ids[-1]]
    assert [made.weight, made.greatest] == [sum(weights), max(weights)]
    assert (held.weights or [1.0] * len(word)) == [tenths / 10 for tenths in weights]
    assert (held.weights is None) == all(tenths == 10 for tenths in weights)
    assert list(map(positions.decode, held.positions or ())) == list(word.values())


@given(words())
@settings(max_examples=100, deadline=None)
def test_blocks_are_read_by_themselves(word: dict[int, list[int]]) -> None:
    held = Postings(memoryview(encode_postings(numbers(word), Lengths()).data))
    ids = [held.ids_in(block) for block in reversed(range(held.blocks))][::-1]
    assert list(chain(*ids)) == list(word)
    assert [some[-1] for some in ids] == list(held.lasts)
    assert [len(some) for some in ids] == [held.size_of(block) for block in range(held.blocks)]
    assert all(
        bisect_left(held.lasts, some[0]) == bisect_left(held.lasts, some[-1]) == block for block, some in enumerate(ids)
    )
    assert bisect_left(held.lasts, held.ids[-1] + 1) == held.blocks


@given(words())
@settings(max_examples=100, deadline=None)
def test_no_post_of_a_block_outdoes_its_best_pairs(word: dict[int, list[int]]) -> None:
    lengths = Lengths()
    held = Postings(encode_postings(numbers(word), lengths).data)
    assert len(held.bests) == (held.blocks if held.blocks > 1 else 0)
    for block, best in enumerate(held.bests):
        pairs = best_pairs(best)
        posts = [(weight(word[doc_id]), lengths[doc_id]) for doc_id in held.ids_in(block)]
        assert all(any(w >= weight_ and n <= length for w, n in pairs) for weight_, length in posts)
        if len(pairs) < PAIRS and all(found[-1] < positions.TITLE.start for found in word.values()):
            assert set(pairs) <= set(posts)


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=2000, unique=True).map(sorted))
@settings(max_examples=50, deadline=None)
def test_postings_of_presence_only_come_back_as_they_were(ids: list[int]) -> None:
    held = Postings(encode_ids(array("I", ids)).data)
    assert (held.ids, held.weights, held.positions) == (ids, None, None)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=2000).map(sorted))
@settings(max_examples=50, deadline=None)
def test_a_post_that_is_named_again_counts_once(ids: list[int]) -> None:
    assert Postings(encode_ids(array("I", ids)).data).ids == sorted(set(ids))
    assert Postings(encode_presence(array("Q", [doc_id << 32 | 7 for doc_id in ids])).data).ids == sorted(set(ids))


NUMBERS = st.builds(lambda doc_id, place: doc_id << 32 | place, st.integers(0, 2**30), st.integers(0, positions.MASK))


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=60).map(sorted), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_places_of_several_forms_come_together_in_order(runs: list[list[int]]) -> None:
    assert list(merge_runs([array("Q", run) for run in runs])) == sorted(chain(*runs))


def test_columns_come_back_as_they_were(tmp_path: Path) -> None:
    columns = {"row_id": array("q", [-(2**63), 5]), "length": array("H", [1, 65_535]), "none": array("i")}
    (tmp_path / "columns").write_bytes(encode_columns(columns))
    file = MappedStorage(str(tmp_path)).open_file("columns")
    for name, (start, length) in column_extents(file).items():
        reader = ColumnValues(file, start, length, columns[name].typecode)
        assert reader.values == columns[name]
        assert start % 8 == 0
        if length:
            assert list(reader.view) == list(columns[name])


@given(st.dictionaries(st.binary(max_size=12), st.binary(min_size=1, max_size=100), max_size=600))
@settings(max_examples=50, deadline=None)
def test_whooshs_own_reader_reads_the_dictionary(entries: dict[bytes, bytes]) -> None:
    words, postings = BytesIO(), BytesIO()
    written_words = [(b"\0\0" + key, EncodedPostings(data, 3, 35, 15, 1, 9)) for key, data in sorted(entries.items())]
    write_dictionary(written_words, words, postings)
    reader = OrderedHashReader(BufferFile(memoryview(words.getvalue())), len(words.getvalue()))
    assert list(reader.keys()) == [b"\0\0" + key for key in sorted(entries)]
    for key, data in entries.items():
        assert reader.closest_key(b"\0\0" + key) == b"\0\0" + key
        value = reader[b"\0\0" + key]
        inline, total, count, _, _, greatest, first, last = VALUE.unpack_from(value)
        assert (total, count, first, last) == (3.5, 3, 1, 9)
        assert 1.5 <= greatest < 1.50001
        if inline:
            assert value[VALUE.size :] == data
        else:
            start, size = EXTENT.unpack_from(value, VALUE.size)
            assert postings.getvalue()[start : start + size] == data
    assert b"\0\1" not in reader


class Sizes:
    """The sizes of an index's segments as changes come, and what was written again."""

    def __init__(self, kept: list[int]) -> None:
        self.kept, self.sizes = kept, list(kept)
        self.again: list[int] = []

    def change(self, brought: list[int]) -> None:
        left = [(k, s) for k, s in zip(self.kept, self.sizes, strict=True) if k]
        self.kept, self.sizes = [k for k, _ in left] + brought, [s for _, s in left] + brought
        chosen = select_merge(self.kept, self.sizes, len(brought))
        self.again.append(sum(self.kept[i] for i in chosen))
        merge_runs = self.again[-1:] if chosen else []
        self.kept = [k for i, k in enumerate(self.kept) if i not in chosen] + merge_runs
        self.sizes = [s for i, s in enumerate(self.sizes) if i not in chosen] + merge_runs


@given(st.lists(st.integers(1, 200_000) | st.integers(1, 100), max_size=200), st.integers(0, 1_000_000))
@settings(max_examples=50, deadline=None)
def test_no_change_writes_much_again_and_no_post_often(changes: list[int], large: int) -> None:
    index = Sizes([large] if large else [])
    for brought in changes:
        index.change([brought])
        assert index.again[-1] <= max(ALWAYS_MERGE_MAX, MERGE_FACTOR * brought)
    assert sum(index.kept) == large + sum(changes)
    assert sum(index.again) <= 8 * sum(changes) + large


def test_ten_thousand_small_changes_leave_few_segments_and_little_dead_weight() -> None:
    chance = random.Random(8)
    index = Sizes([10_000, 495_000, 495_000])
    for _ in range(10_000):
        for i in chance.choices(range(len(index.kept)), weights=index.kept, k=40):
            index.kept[i] -= index.kept[i] > 0
        index.change([80])
        assert len(index.kept) <= 60
        assert sum(index.kept) * 2 > sum(index.sizes)
    assert max(index.again) <= ALWAYS_MERGE_MAX
    assert sum(index.again) <= 6 * 800_000


def test_what_one_change_brings_in_several_segments_stays_as_it_is() -> None:
    assert select_merge([500_000] * 8, [500_000] * 8, 8) == set()


def test_a_segment_mostly_of_forgotten_posts_is_written_again() -> None:
    assert select_merge([40, 600, 1000, 1], [100, 1000, 1000, 1], 1) == {0}
    assert select_merge([400_000, 1], [1_000_000, 1], 1) == set()
    assert select_merge([240_000, 1], [1_000_000, 1], 1) == {0}


def test_an_index_of_many_updates_has_few_segments(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for revision in range(1, 40):
        engine.update([post(revision, "kiln"), post(1, f"again {revision}")], (), revision)
    assert len(open_index(tmp_path, read_segments(tmp_path)).segments) <= 9
    assert sum(path.suffix == ".trm" for path in tmp_path.iterdir()) == len(
        open_index(tmp_path, read_segments(tmp_path)).segments
    )
    assert engine.search(parse("")).total == 39
    assert engine.search(parse("again")).total == 1


def test_an_update_beyond_what_memory_holds_is_written_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel_writer, "BUFFER_LIMIT", 50_000)
    monkeypatch.setattr(merge, "ALWAYS_MERGE_MAX", 0)
    engine = WhooshEngine(tmp_path)
    monkeypatch.setattr(parallel_writer, "BATCH_SIZE", 40)
    engine.update((post(number, f"kiln number{number} " * 5) for number in range(1, 300)), (), 1)
    assert len(open_index(tmp_path, read_segments(tmp_path)).segments) > 1
    assert engine.search(parse("kiln")).total == 299
    assert [hit.row_id for hit in engine.search(parse('"number77 kiln"')).hits] == [77]


def test_posts_all_replaced_leave_one_segment(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for revision in (1, 2, 3):
        engine.update([post(number, f"kiln {revision}") for number in range(1, 50)], (), revision)
    assert len(open_index(tmp_path, read_segments(tmp_path)).segments) == 1
    assert open_index(tmp_path, read_segments(tmp_path)).size == 49


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
