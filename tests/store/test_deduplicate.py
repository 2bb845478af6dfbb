"""One post from many dumps: known again by id, or by author and words, whatever order the dumps come in."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.ingest.import_session import ImportSession
from threadkeep.records import Account, Media, Parsed, Pin, Post, Ref, Repost, When, account_ref, post_ref
from threadkeep.sources.source import Source
from threadkeep.store.store import Store

WORDS = "The hedgehogs came back to the garden last night, all four of them, and ate the slugs"
NATIVE = Account(Ref("x", "123"), "Mira", "Mira Holt")
BY_HANDLE = Account(account_ref("x", "mira"), "mira", followers=7)

EXPORTED = Post(
    Ref("x", "1750"),
    NATIVE.ref,
    f"{WORDS} https://t.co/abc",
    created=When(datetime(2024, 1, 24, 8, 30, tzinfo=UTC)),
    media=(Media("image", "https://example.com/h.jpg"),),
)
PASTED = Post(
    post_ref("x", "mira", f"{WORDS} example.com/h"), BY_HANDLE.ref, f"{WORDS} example.com/h", inferred=("split",)
)
CUT = Post(post_ref("x", "mira", f"{WORDS[:60]}…"), BY_HANDLE.ref, f"{WORDS[:60]}…", inferred=("truncated",))
SAVED = replace(EXPORTED, author=BY_HANDLE.ref, media=(replace(EXPORTED.media[0], alt="four hedgehogs"),), created=None)
ANSWER = Post(Ref("x", "1751"), NATIVE.ref, "And this is the answer to it", reply_to=PASTED.ref)

DUMPS: dict[str, tuple[Parsed, ...]] = {
    "export": (NATIVE, EXPORTED),
    "paste": (BY_HANDLE, PASTED, Pin(BY_HANDLE.ref, PASTED.ref)),
    "retweet": (BY_HANDLE, CUT, Repost(account_ref("x", "bea"), CUT.ref)),
    "page": (BY_HANDLE, SAVED, Repost(account_ref("x", "bea"), EXPORTED.ref)),
    "answer": (ANSWER,),
}


def load(folder: Path, names: tuple[str, ...], dumps: dict[str, tuple[Parsed, ...]] = DUMPS) -> Store:
    store = Store(folder)
    for name in names:
        path = folder / name
        path.write_text(name, encoding="utf-8")
        with ImportSession.open(store, Source(name, path), "jsonl", 1) as loading:
            for record in dumps[name]:
                loading.add(record, "line 1")
            loading.finish()
    return store


def contents(store: Store) -> list[object]:
    with store.selection() as selection:
        posts = sorted(
            ((stored.post, stored.author, stored.thread, frozenset(stored.sources)) for stored in selection.posts()),
            key=str,
        )
        return [*selection.accounts(), *posts, *sorted(selection.reposts(), key=str), *selection.pins()]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    with load(tmp_path_factory.mktemp("archive"), tuple(DUMPS)) as store:
        return contents(store)


def test_five_dumps_of_one_post_are_one_post_better_than_each(tmp_path: Path) -> None:
    with load(tmp_path, tuple(DUMPS)) as store:
        assert store.counts()["posts"] == 2
        with store.selection() as selection:
            first, second = selection.posts()
            assert [account.ref.id for account in selection.accounts()] == ["123", "~bea"]
            assert selection.account(NATIVE.ref) == replace(NATIVE, followers=7)
            assert [(pin.account, pin.post) for pin in selection.pins()] == [(NATIVE.ref, EXPORTED.ref)]
            assert [repost.post for repost in selection.reposts()] == [EXPORTED.ref]
        assert first.post.created == EXPORTED.created
        assert first.post.media[0].alt == "four hedgehogs"
        assert first.post.inferred == ()
        assert len(first.sources) == 4
        assert second.thread == EXPORTED.ref


def test_the_order_of_imports_does_not_matter(tmp_path_factory: pytest.TempPathFactory, expected: list[object]) -> None:
    for order in itertools.islice(itertools.permutations(DUMPS), 0, 120, 7):
        with load(tmp_path_factory.mktemp("archive"), order) as store:
            assert contents(store) == expected, order


@settings(max_examples=10, deadline=None)
@given(again=st.lists(st.sampled_from(sorted(DUMPS)), max_size=4))
def test_importing_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, expected: list[object], again: list[str]
) -> None:
    with load(tmp_path_factory.mktemp("archive"), (*DUMPS, *again)) as store:
        assert contents(store) == expected


def test_a_paste_read_again_is_unchanged_after_joining(tmp_path: Path) -> None:
    with load(tmp_path, ("paste", "export")) as store:
        with ImportSession.open(store, Source("paste", tmp_path / "paste"), "jsonl", 1) as loading:
            for record in DUMPS["paste"]:
                loading.add(record, "line 1")
            counts = loading.finish()
        assert (counts.new, counts.updated, counts.unchanged) == (0, 0, 3)


def test_other_words_by_the_same_author_are_another_post(tmp_path: Path) -> None:
    DUMPS["other"] = (BY_HANDLE, replace(PASTED, ref=post_ref("x", "mira", "no"), text=f"{WORDS} and the snails"))
    try:
        with load(tmp_path, ("export", "other")) as store:
            assert store.counts()["posts"] == 2
    finally:
        del DUMPS["other"]


def test_short_texts_count_with_their_links(tmp_path: Path) -> None:
    DUMPS["one"] = (NATIVE, replace(EXPORTED, text="New: https://t.co/one"))
    DUMPS["two"] = (BY_HANDLE, replace(PASTED, text="New: https://t.co/two"))
    try:
        with load(tmp_path, ("one", "two")) as store:
            assert store.counts()["posts"] == 2
    finally:
        del DUMPS["one"], DUMPS["two"]


def test_two_native_ids_are_two_posts_and_a_paste_of_either_a_third(tmp_path: Path) -> None:
    DUMPS["twin"] = (NATIVE, replace(EXPORTED, ref=Ref("x", "1760")))
    try:
        with load(tmp_path, ("export", "twin", "paste")) as store:
            assert store.counts()["posts"] == 3
    finally:
        del DUMPS["twin"]


def native(id_: str, text: str = WORDS) -> Post:
    return Post(Ref("x", id_), NATIVE.ref, text, url=f"https://x.com/mira/status/{id_}")


TWINS: dict[str, tuple[Parsed, ...]] = {
    "low": (NATIVE, native("1750")),
    "middle": (NATIVE, native("1760")),
    "high": (NATIVE, native("1770")),
    "goes on": (NATIVE, native("1740", f"{WORDS} and then the snails")),
    "paste": (BY_HANDLE, replace(PASTED, text=WORDS, title="pasted", counts={"likes": 3})),
    "retweet": (BY_HANDLE, replace(CUT, title="cut", counts={"views": 9})),
    "both": (NATIVE, native("1770"), replace(PASTED, author=NATIVE.ref, text=f"{WORDS}.", title="both")),
    "paste first": (NATIVE, replace(PASTED, text=WORDS, language="en"), native("1760"), native("1770")),
}


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(sorted(TWINS)), data=st.data())
def test_a_paste_that_may_be_any_of_its_twins_is_none_of_them_whatever_the_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], data: st.DataObject
) -> None:
    chosen = order[: data.draw(st.integers(2, len(order)))]
    with load(tmp_path_factory.mktemp("archive"), tuple(chosen), TWINS) as store:
        found = contents(store)
    with load(tmp_path_factory.mktemp("archive"), tuple(sorted(chosen)), TWINS) as store:
        assert found == contents(store)


def test_a_paste_leaves_its_post_when_a_twin_comes(tmp_path: Path) -> None:
    with load(tmp_path, ("high", "paste", "low", "paste"), TWINS) as store:
        with store.selection() as selection:
            titles = {stored.post.ref.id: (stored.post.title, len(stored.sources)) for stored in selection.posts()}
        assert titles == {"1750": (None, 1), "1770": (None, 1), PASTED.ref.id: ("pasted", 1)}
