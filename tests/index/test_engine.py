"""Every engine keeps the promises of ``threadkeep.index.Engine``; what it finds is compared with reading every post."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from documents import found_slowly, hits, moment, post
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkeep.index.engine import Document, Engine, FacetCounts
from threadkeep.index.whoosh import parallel_writer
from threadkeep.query.ast import And, AtLeast, Fuzzy, InThread, Near, Not, Or, Query, RowIdSet, Term, Wildcard
from threadkeep.query.parser import parse

Make = Callable[[Path], Engine]


# What is found


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("run", {1}),
        ("STOP", {2}),
        ("cafe", {2}),
        ("#cafe", {2}),
        ("kiln", {1, 3, 4}),
        ("kiln -title:kiln", {1, 4}),
        ('"the kiln"', {1}),
        ('"kiln the"', set()),
        ("clay OR night", {1, 3}),
        ("(clay OR night) glaze", {3}),
        ("gla*", {3}),
        ("runn*", {1}),
        ("from:mira", {1}),
        ("from:MIRA.example.com", {1}),
        ("@mira", {3}),
        ("since:2024-05-01", {1, 2}),
        ("until:2024-05-01", {4}),
        ("since:2024 until:2024-06", {1}),
        ("since:2024-05-01T12:00 until:2024-06-30T12:00:01", {1, 2}),
        ("k?ln", {1, 3, 4}),
        ("*nn?ng", {1}),
        ("r?n", {1}),
        ("gl*e c?ay", {3}),
        ("kiln *.*", {1, 3, 4}),
        ("kilm~", {1, 3, 4}),
        ("kalm~", set()),
        ("kalm~2", {1, 3, 4}),
        ("iklns~2", {1, 3, 4}),
        ("rnuning~", {1}),
        ('near:"kiln running"~2', {1}),
        ('near:"kiln running"~1', set()),
        ('near:"clay firing"~50', set()),
        ("title:firing", {3}),
        ("alt:kiln", set()),
        ("-since:1900", {3}),
        ("lang:fr", {2}),
        ("is:reply", {3}),
        ("example.org", {4}),
        ("https://www.example.org/kiln/log", {4}),
        ("domain:example.org", {4}),
        ("url:kiln/log", {4}),
        ("url:night", set()),
        ("platform:bluesky -has:title", {1, 2, 4}),
        ("", {1, 2, 3, 4}),
        ("-kiln", {2}),
        ("& kiln", {1, 3, 4}),
        ("&", set()),
    ],
)
def test_a_query_finds_just_what_it_means(pots: Engine, query: str, numbers: set[int]) -> None:
    page = pots.search(parse(query), limit=1000)
    assert {hit.row_id for hit in page.hits} == numbers
    assert page.total == len(numbers)


TEXTS = st.lists(
    st.sampled_from(
        "run running Runs kiln kilns fire fired firing the be to not café CAFE don't dont l'homme homme 東京都 京都 東 "
        "データ 한국어 #ThreadOfTheDay #kiln thread day threadoftheday 🧑‍🍳 🧑 🔥 snake_case snake 3.14 "
        "https://www.example.org/kiln/fire example.org @mira.example.com mira й и happy happily &".split()
    ),
    max_size=9,
).map(" ".join)
NAMES = st.sampled_from(["mira.example.com", "Mira", "juno", "café", "Cafe", "kiln"])
URLS = st.sampled_from(["https://www.example.org/kiln", "http://blog.example.org/?q=fired", "https://example.com"])
FLAGS = ["pinned", "repost", "reply", "quote", "thread", "link", "image", "title"]
DAYS = st.sampled_from(["2023-12-31", "2024-01-01", "2024-05-31"]).map(moment)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    return Document(
        row_id=draw(st.integers(1, 12)),
        thread=draw(st.integers(1, 4)),
        platform=draw(st.sampled_from(["x", "bluesky"])),
        text=draw(TEXTS),
        title=draw(st.none() | TEXTS),
        alts=tuple(draw(st.lists(TEXTS, max_size=2))),
        cards=tuple(draw(st.lists(TEXTS, max_size=1))),
        authors=tuple(draw(st.lists(NAMES, max_size=2))),
        addressees=tuple(draw(st.lists(NAMES, max_size=1))),
        mentions=tuple(draw(st.lists(NAMES, max_size=1))),
        tags=tuple(draw(st.lists(NAMES, max_size=2))),
        urls=tuple(draw(st.lists(URLS, max_size=2))),
        language=draw(st.sampled_from([None, "en", "en-gb"])),
        created=draw(st.none() | DAYS),
        likes=draw(st.none() | st.integers(0, 3)),
        flags=frozenset(draw(st.lists(st.sampled_from(FLAGS), max_size=3))),
    )


ATOMS = st.one_of(
    TEXTS.filter(bool).map(lambda text: text.split()[0]),
    TEXTS.filter(bool).map(lambda text: f'"{text}"'),
    st.sampled_from("ru* runn* happ* 東* 東京* ex* example.o* threado* 🧑* fi* & c*".split()),
    st.sampled_from("from: to: mentions: tag: title: alt: url:".split()).flatmap(
        lambda op: NAMES.map(lambda name: op + name)
    ),
    st.sampled_from(
        "since:2024 until:2024-05-31 is:reply has:title platform:x lang:en lang:en-gb domain:example.org tag:ca* "
        "from:* title:* url:* title:fir* url:example.org/k* domain:blog* * @mira".split()
    ),
    st.sampled_from(['title:"the kiln"', 'alt:"the kiln"', "since:2024-01-01T12:00:01", "until:2024-01-01T12:00"]),
)
SHAPES = "k?ln *n? ?ire* *i*n*g *東* ?? f?r* é* c?fe".split()
MISSPELT = "klin runing kiln thw happyly caffe to 東京 mira.exampel fried".split()
CLOSE = st.lists(
    st.sampled_from("kiln fire the be 京都 東京都 snake_case #ThreadOfTheDay".split()), min_size=1, max_size=3
)
NODES = st.one_of(
    st.builds(Wildcard, st.sampled_from(SHAPES)),
    st.builds(Fuzzy, st.sampled_from(MISSPELT), st.sampled_from([1, 2])),
    st.builds(Near, CLOSE.map(" ".join), st.sampled_from([0, 1, 3, 10**9])),
    st.builds(AtLeast, st.just("likes"), st.integers(0, 3)),
    st.builds(RowIdSet, st.just(Term("id", "x")), st.frozensets(st.integers(0, 13), max_size=4)),
)
ROOTS = st.recursive(
    NODES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=2).map(lambda parts: InThread(tuple(parts))),
        st.lists(parts, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(parts, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        parts.map(Not),
    ),
    max_leaves=4,
)
QUERIES = st.recursive(
    ATOMS,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(" ".join),
        st.lists(parts, min_size=2, max_size=3).map(" OR ".join),
        parts.map(lambda part: f"({part})"),
        parts.map(lambda part: f"-({part})"),
    ),
    max_leaves=5,
)


@given(
    updates=st.lists(st.tuples(st.lists(documents(), max_size=6), st.sets(st.integers(1, 12), max_size=3)), max_size=3),
    queries=st.lists(QUERIES.map(parse) | ROOTS.map(lambda root: Query("", root)), min_size=8, max_size=16),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_index_finds_what_reading_every_post_finds(
    make: Make, updates: list[tuple[list[Document], set[int]]], queries: list[Query]
) -> None:
    held: dict[int, Document] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        for revision, (changed, removed) in enumerate(updates, 1):
            engine.update(changed, removed, revision)
            held = {number: document for number, document in held.items() if number not in removed}
            held |= {document.row_id: document for document in changed}
        for query in queries:
            expected = found_slowly(held.values(), query)
            page = engine.search(query, limit=1000)
            assert ({hit.row_id for hit in page.hits}, page.total) == (expected, len(expected)), query
            for sort in ("newest", "oldest"):
                assert {hit.row_id for hit in engine.search(query, sort, limit=1000).hits} == expected, query


# Updates


def test_an_update_replaces_and_removes(pots: Engine) -> None:
    pots.update([post(1, "Now about wheels")], [2], 2)
    assert hits(pots, "run") == hits(pots, "cafe") == []
    assert hits(pots, "wheel") == [1]
    assert pots.search(parse("")).total == 3


def test_the_last_form_of_a_post_holds_where_an_update_has_several(engine: Engine) -> None:
    engine.update([post(1, "first"), post(2, "other"), post(1, "second"), post(1, "third")], (), 1)
    assert hits(engine, "first OR second OR third") == [1]
    assert hits(engine, "third") == [1]
    assert hits(engine, "", "newest") == [1, 2]


def test_a_post_removed_and_changed_at_once_is_kept(pots: Engine) -> None:
    pots.update([post(1, "back again")], [1, 2, 99], 2)
    assert hits(pots, "again") == [1]
    assert hits(pots, "", "newest") == [4, 1, 3]


def test_posts_are_streamed_not_gathered(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_writer, "BATCH_SIZE", 5)
    monkeypatch.setattr(parallel_writer, "IN_PROCESS_MAX", 5)
    monkeypatch.setattr(parallel_writer, "worker_count", lambda most: 0)
    alive = 0

    class Counted(str):
        __slots__ = ()

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def stream() -> Iterator[Document]:
        nonlocal alive
        for number in range(1, 200):
            alive += 1
            yield post(number, Counted(f"post {number}"))
            assert alive < 10

    engine.update(stream(), (), 1)
    assert engine.search(parse("post")).total == 199


def test_many_small_updates_keep_finding_everything(engine: Engine) -> None:
    for revision in range(1, 61):
        engine.update([post(revision, f"post number{revision}")], [revision - 7] if revision % 3 == 0 else [], revision)
    gone = {revision - 7 for revision in range(1, 61) if revision % 3 == 0}
    assert set(hits(engine, "post")) == set(range(1, 61)) - gone
    assert hits(engine, "number59") == [59]


def test_an_update_of_nothing_moves_the_revision(pots: Engine) -> None:
    pots.update((), (), 7)
    assert pots.revision() == 7
    assert pots.search(parse("")).total == 4


def test_a_cleared_index_is_empty_and_can_be_fed(pots: Engine) -> None:
    pots.clear()
    assert pots.revision() == 0
    assert hits(pots, "") == []
    pots.update([post(3, "glaze")], (), 3)
    assert hits(pots, "glaze") == [3]


def test_an_index_never_fed_is_empty(engine: Engine) -> None:
    assert engine.revision() == 0
    assert engine.search(parse("")).total == 0
    assert engine.counts(parse(""), "author").counts == ()


def test_threads_search_one_engine_at_once(pots: Engine) -> None:
    results: list[list[int]] = []

    def search() -> None:
        for _ in range(20):
            results.append(sorted(hits(pots, "kiln OR running OR gla* -since:2025")))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[1, 3, 4]] * 80


# Order


def test_the_order_is_by_date_and_the_undated_come_last(engine: Engine) -> None:
    days = {1: "2024-01-02", 2: None, 3: "1969-12-31", 4: "2024-01-01", 5: None}
    dated = [post(number, "x", created=moment(day) if day else None) for number, day in days.items()]
    engine.update(dated[:3], (), 1)
    engine.update(dated[3:], (), 2)
    assert hits(engine, "x", "newest") == [1, 4, 3, 2, 5]
    assert hits(engine, "x", "oldest") == [3, 4, 1, 2, 5]
    assert [hit.score for hit in engine.search(parse("x"), "oldest").hits] == [0.0] * 5


def test_equal_posts_stand_newest_first_then_by_number(engine: Engine) -> None:
    same = [post(n, "same words", created=moment("2024-01-02") if n % 2 else moment("2024-01-03")) for n in range(1, 8)]
    engine.update(same[4:], (), 1)
    engine.update(same[:4], (), 2)
    assert hits(engine, "words") == [2, 4, 6, 1, 3, 5, 7]


def test_offset_and_limit_cut_the_order_and_leave_the_total(engine: Engine) -> None:
    engine.update([post(n, "kiln " * (n % 5 + 1), created=n) for n in range(1, 41)], (), 1)
    for sort in ("relevance", "newest", "oldest"):
        whole = hits(engine, "kiln", sort)
        assert sorted(whole) == list(range(1, 41))
        assert [n for at in range(0, 45, 7) for n in hits(engine, "kiln", sort, 7, at)] == whole
        assert engine.search(parse("kiln"), sort, 3, 5).total == 40
        assert engine.search(parse("kiln"), sort, 0).total == 40
        assert engine.search(parse("kiln"), sort, 5, 100).hits == ()


def test_a_rare_word_weighs_more_than_a_common_one(engine: Engine) -> None:
    engine.update([post(n, "common words here") for n in range(1, 20)] + [post(50, "rare words here")], (), 1)
    assert hits(engine, "rare OR common", limit=1) == [50]


def test_a_title_weighs_more_than_text_and_text_more_than_alt_text_and_links(engine: Engine) -> None:
    filler = "one two three four"
    engine.update(
        [
            post(1, f"{filler} kiln", title="word"),
            post(2, f"{filler} word", title="kiln"),
            post(3, f"{filler} word", title="word", alts=("kiln",)),
            post(4, f"{filler} word", title="word", urls=("https://example.org/kiln",)),
        ],
        (),
        1,
    )
    assert hits(engine, "kiln") == [2, 1, 3, 4]


def test_filters_choose_and_do_not_weigh(pots: Engine) -> None:
    plain = {hit.row_id: hit.score for hit in pots.search(parse("kiln")).hits}
    for filters in ("platform:bluesky", "-from:nobody", "(is:reply OR -is:reply)", "* kil*"):
        filtered = {hit.row_id: hit.score for hit in pots.search(parse(f"kiln {filters}")).hits}
        assert filtered == plain
    assert {hit.score for hit in pots.search(parse("platform:bluesky")).hits} == {0.0}


def test_shares_tell_what_each_word_adds_to_a_score(pots: Engine) -> None:
    query = parse("kiln (night OR clay) from:mira -glaze gla*")
    (number, explain_scores), (other, few) = pots.explain(query, [1, 99, 2])
    assert (number, other) == (1, 2)
    assert few == []
    assert [share.term for share in explain_scores] == ["night", "kiln"]
    night, kiln = explain_scores
    assert night.idf > kiln.idf
    assert (night.weight, kiln.weight) == (1.0, 1.0)
    (hit,) = pots.search(parse("kiln (night OR clay) from:mira -glaze")).hits
    assert hit.score == pytest.approx(night.score + kiln.score)
    titled = pots.explain(parse("kiln"), [3])[0][1][0]
    assert titled.weight == 3.0


def test_a_thread_is_found_by_words_of_several_posts(engine: Engine) -> None:
    engine.update([replace(post(1, "kiln"), thread=1), replace(post(2, "glaze"), thread=1)], (), 1)
    engine.update(
        [replace(post(3, "clay"), thread=1), replace(post(4, "kiln clay"), thread=4), post(5, "other")], (), 2
    )
    assert set(hits(engine, "thread:{kiln clay}")) == {1, 2, 3, 4}
    assert set(hits(engine, "thread:{kiln clay} clay")) == {3, 4}
    assert set(hits(engine, "-thread:{glaze}")) == {4, 5}
    assert hits(engine, "thread:{kiln other}") == []
    engine.update((), [2], 3)
    assert hits(engine, "thread:{glaze}") == []


# Counts and suggestions


def test_counts_are_of_all_hits_the_most_frequent_first(engine: Engine) -> None:
    engine.update(
        [
            post(1, "a", authors=("Mira.example.com",), tags=("Café", "clay"), created=moment("2024-05-01")),
            post(2, "a", authors=("mira.example.com",), tags=("café",), flags=frozenset({"reply"}), language="pt_BR"),
        ],
        (),
        1,
    )
    engine.update(
        [
            post(
                3,
                "a",
                authors=("juno",),
                created=moment("2023-05-01"),
                urls=("https://www.example.org/a", "http://example.org"),
            ),
            post(4, "b", authors=("juno",), flags=frozenset({"repost"}), language="en"),
        ],
        (),
        2,
    )
    everything = parse("")
    assert engine.counts(everything, "author").counts == (("juno", 2), ("mira.example.com", 2))
    assert engine.counts(parse("a"), "author").counts == (("mira.example.com", 2), ("juno", 1))
    assert engine.counts(everything, "tag").counts == (("café", 2), ("clay", 1))
    assert engine.counts(everything, "year").counts == (("2023", 1), ("2024", 1))
    assert engine.counts(everything, "month").counts == (("2023-05", 1), ("2024-05", 1))
    assert engine.counts(everything, "domain").counts == (("example.org", 1),)
    assert engine.counts(everything, "kind").counts == (("post", 2), ("reply", 1), ("repost", 1))
    assert engine.counts(everything, "platform").counts == (("bluesky", 4),)
    assert engine.counts(everything, "lang").counts == (("en", 1), ("pt-br", 1))
    assert engine.counts(parse("nothing"), "tag") == engine.counts(parse("&"), "tag") == FacetCounts((), 0)


def test_counts_come_with_the_number_of_all_hits(engine: Engine) -> None:
    engine.update([post(1, "a", tags=("x", "y")), post(2, "a"), post(3, "b", tags=("x",))], (), 1)
    assert engine.counts(parse("a"), "tag") == FacetCounts((("x", 1), ("y", 1)), 2)
    assert engine.counts(parse(""), "year") == FacetCounts((), 3)


def test_matching_yields_each_hit_once(engine: Engine) -> None:
    engine.update([post(i, "kiln" if i % 3 else "clay") for i in range(1, 40)], (), 1)
    engine.update([post(2, "clay"), post(40, "kiln")], [4], 2)
    for text in ("kiln", "clay", "", "kiln OR clay", "-kiln", "kil*"):
        found = list(engine.matching(parse(text)))
        assert len(found) == len(set(found))
        assert set(found) == set(hits(engine, text)), text
    assert list(engine.matching(parse("&"))) == list(engine.matching(parse("nothing"))) == []


def test_without_a_limit_all_hits_are_returned_in_order(engine: Engine) -> None:
    engine.update([post(i, "kiln " * (1 + i % 7), created=moment("2024-05-01") + i) for i in range(1, 1_500)], (), 1)
    engine.update([post(7, "other")], [9], 2)
    for sort in ("relevance", "newest", "oldest"):
        page = engine.search(parse("kiln"), sort, None)
        assert page.total == len(page.hits) == 1_497
        assert page.hits == engine.search(parse("kiln"), sort, 10_000).hits
        assert page.hits[5:9] == engine.search(parse("kiln"), sort, 4, 5).hits
        assert page.hits[5:] == engine.search(parse("kiln"), sort, None, 5).hits


def test_posts_forgotten_are_not_counted(pots: Engine) -> None:
    pots.update((), [1], 2)
    assert pots.counts(parse(""), "author") == FacetCounts((("juno", 1),), 3)
    assert pots.counts(parse(""), "year") == FacetCounts((("2023", 1), ("2024", 1)), 3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kilm", "kiln"),
        ("runing", "running"),
        ("galze", "glaze"),
        ("clai -nothing", "clay -nothing"),
        ("kiln", None),
        ("xyzzyx", None),
        ("kilm from:nobody", None),
        ('"kilm"', None),
        ("from:mirra", None),
    ],
)
def test_a_near_spelling_is_suggested_where_it_finds_something(pots: Engine, typed: str, meant: str | None) -> None:
    suggestion = pots.search(parse(typed)).suggestion
    assert (str(suggestion) if suggestion else None) == meant
    if suggestion:
        assert suggestion.root == parse(meant or "").root
        assert pots.search(suggestion).total


# Hostile posts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00 \ud800 kiln \udfff",
        "kiln " + "x" * 200_000,
        "kiln " + "東" * 20_000,
        "kiln " + "https://" * 10_000,
        "kiln " + "a\u0301" * 50_000,
        "word " * 600_000 + "kiln",
    ],
    ids=["empty", "surrogates", "long word", "long run", "links", "accents", "many words"],
)
def test_any_text_is_indexed(engine: Engine, text: str) -> None:
    names = ("\ud800", "a\x00b", " ", "", "x" * 1000)
    document = replace(post(1, text), authors=names, tags=names, mentions=names, urls=(*names, "https://[::1"))
    engine.update([document, post(2, "other")], (), 1)
    assert hits(engine, "kiln") == ([1] if "kiln" in text else [])
    assert set(hits(engine, "other OR platform:bluesky")) == {1, 2}
    assert engine.counts(parse(""), "domain").total == 2
