"""What is gathered of posts is what ``analysis`` says of them, token by token."""

from collections import defaultdict

import pytest
from documents import post
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.index.analysis import TOKEN, analyze
from threadkeep.index.document_batch import batch_of
from threadkeep.index.engine import Document
from threadkeep.index.whoosh import positions, token_accumulator
from threadkeep.index.whoosh.postings_reader import Postings
from threadkeep.index.whoosh.segment_buffer import SegmentBuffer
from threadkeep.index.whoosh.segment_format import FORMS, KEY_START, KEYS, WORDS

PIECES = st.one_of(
    st.sampled_from(
        "run running Running, (running) RUNS don't dogs' 'tis l'homme O'Brien wood-fired snake_case a.b/c @mira #kiln "
        "#ThreadOfTheDay #a_b (#kiln) #running, https://example.com/kiln http://) at:// see:https://example.org/runs "
        "café CAFÉ, 東京都 データ。 한국어 🔥 🧑‍🍳 👍🏽! "
        "🇩🇪🇫🇷 3.14 x² ﬁre — & $CLAY a\u00adb й naïve's _ __ h\u0000i".split()
    ),
    st.text(st.sampled_from("aBns'’.-_#@:/\u0301é京🔥 \u3000\u200d€™ℹ1*\ufe0f\u20e3"), min_size=1, max_size=9),
    st.text(min_size=1, max_size=12).filter(lambda text: text.encode("utf-8", "ignore").decode() == text),
    st.sampled_from(
        "https://www.Example.com/A_b-C?x=1&y#Runs, http://a__b at://did:plc:abc/app.runs https://www.www.x/%20b'c "
        "https://example.com/(kiln)! HTTPS://X.example/Runs https://é.example/a http://www. https://_".split()
    ),
    st.sampled_from(["running" * 9, "#" + "Kilns" * 9, "https://example.com/" + "a-running" * 4]),
)
TEXTS = st.lists(PIECES, max_size=8).flatmap(
    lambda pieces: st.sampled_from([" ", "\n", "\u3000"]).map(lambda s: s.join(pieces))
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    return post(
        1,
        draw(TEXTS),
        title=draw(st.none() | TEXTS),
        alts=tuple(draw(st.lists(TEXTS, max_size=2))),
        cards=tuple(draw(st.lists(TEXTS, max_size=1))),
        urls=tuple(draw(st.lists(st.sampled_from(["https://example.com/kiln/runs", "example.org"]), max_size=2))),
    )


def gathered(documents: list[Document]) -> dict[tuple[str, str], Postings]:
    kept = SegmentBuffer()
    kept.add(batch_of(documents[:2]))
    if documents[2:]:
        kept.add(batch_of(documents[2:]))
    entries = [(key, Postings(written.data)) for key, written in kept.entries()]
    assert [key for key, _ in entries] == sorted(key for key, _ in entries)
    fields = {start: field for field, start in KEY_START.items()}
    return {(fields[key[:2]], key[2:].decode()): postings for key, postings in entries}


def told(documents: list[Document]) -> tuple[dict[str, dict[int, list[int]]], dict[str, set[int]]]:
    """The places of each word and the posts with each unreduced form, worked out a token at a time."""
    words: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    surface_forms: dict[str, set[int]] = defaultdict(set)
    for doc_id, document in enumerate(documents):
        link_place = positions.LINKS.start
        urls = tuple(url if "://" in url else f"https://{url}" for url in document.urls)
        zones = (
            (positions.TEXT, (document.text,)),
            (positions.TITLE, (document.title or "",)),
            (positions.ALTS, document.alts),
            (positions.CARDS, document.cards),
            (positions.LINKS, urls),
        )
        for zone, texts in zones:
            place = zone.start
            for text in texts:
                for token in TOKEN.findall(text):
                    spelling = analyze(token)
                    start = link_place if spelling.link else place
                    for offset, step in enumerate(spelling.positions):
                        for word in step:
                            words[word][doc_id].append(start + offset)
                    for form in spelling.surface_forms:
                        surface_forms[form].add(doc_id)
                    if spelling.link:
                        link_place += len(spelling.positions) + 1
                    else:
                        place += len(spelling.positions)
                place += 1
    return words, surface_forms


@given(st.lists(documents(), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_words_forms_and_places_are_those_of_the_analysis(posts: list[Document]) -> None:
    words, surface_forms = told(posts)
    found = gathered(posts)
    assert {word for field, word in found if field == WORDS} == set(words)
    for word, by_post in words.items():
        postings = found[WORDS, word]
        assert postings.ids == list(by_post)
        assert [positions.decode(held) for held in postings.positions or ()] == [
            sorted(held) for held in by_post.values()
        ]
    assert {form: set(postings.ids) for (field, form), postings in found.items() if field == FORMS} == surface_forms


def test_what_is_remembered_is_let_go_of_when_it_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_accumulator, "_REMEMBERED", 3)
    texts = ["kiln dogs' a'b c_d d_e", "dogs' can't won't he'll a_b c_d d_e e_f #ab #cd", "a_b can't dogs' e_f #ab #cd"]
    documents = [post(number, text) for number, text in enumerate(texts)]
    words, _ = told(documents)
    found = gathered(documents)
    assert {word: found[WORDS, word].ids for word in words} == {word: list(held) for word, held in words.items()}


def test_a_post_is_under_each_key_once() -> None:
    found = gathered([post(1, "clay", tags=("clay", "Clay")), post(2, "clay"), post(3, title="clay", tags=("clay",))])
    assert found[KEYS, "tag=clay"].ids == [0, 2]
    assert found[KEYS, "zone=title"].ids == [2]


def first_places(postings: Postings) -> str:
    """Where the word stands in the first post."""
    assert postings.ids[0] == 0
    assert postings.positions is not None
    return postings.positions[0]


def test_a_text_past_the_end_of_its_zone_stands_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "TEXT", range(8))
    found = gathered([post(1, "kiln clay glaze fire wheel pot kiln cup wood-fired bowl")])
    assert [max(positions.decode(first_places(postings))) for (field, _), postings in found.items() if field == WORDS]
    assert max(place for (f, _), p in found.items() if f == WORDS for place in positions.decode(first_places(p))) == 7
