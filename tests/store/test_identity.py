"""Two posts never become one by their words alone: each keeps its own text, whatever the dumps and their order."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.ingest.import_session import ImportSession
from threadkeep.records import (
    Account,
    Edit,
    Exported,
    Link,
    Media,
    Parsed,
    Pin,
    Post,
    Ref,
    Repost,
    When,
    account_ref,
    post_ref,
)
from threadkeep.sources.source import Source
from threadkeep.store.identity import agreement, best_match
from threadkeep.store.store import Store

MIRA = Account(Ref("x", "12"), "mira", "Mira")
BY_HANDLE = Account(account_ref("x", "mira"), "mira", bio="Pots.")
BEA = Account(Ref("x", "13"), "bea")
WORDS = "There is a new entry in the kiln diary, come and read it"


def at(day: int) -> When:
    return When(datetime(2024, 5, day, 6, tzinfo=UTC))


def linked(id_: str, text: str, url: str | None = None, day: int = 1, **fields: object) -> Post:
    if url is not None:
        text = f"{text}: https://t.co/{id_}"
        fields["links"] = (Link(url, f"https://t.co/{id_}", None, len(text) - len(f"https://t.co/{id_}"), len(text)),)
    return Post(Ref("x", id_), MIRA.ref, text, created=at(day), **fields)  # type: ignore[arg-type]


def shown(post: Post, **fields: object) -> Post:
    """``post`` as a paste shows it: without its id."""
    pasted = replace(post, author=BY_HANDLE.ref, created=None, **fields)  # type: ignore[arg-type]
    return replace(pasted, ref=post_ref("x", "mira", pasted.text))


def cut(post: Post, length: int = 50) -> Post:
    return shown(post, text=post.text[:length] + "…", links=(), media=(), inferred=("truncated",))


def store_of(folder: Path, dumps: list[tuple[str, tuple[Parsed, ...]]]) -> Store:
    store = Store(folder)
    for name, records in dumps:
        path = folder / name
        path.write_text(name, encoding="utf-8")
        with ImportSession.open(store, Source(name, path), "jsonl", 1) as session:
            for record in records:
                session.add(record, "line 1")
            counts = session.finish()
        assert counts.read == counts.new + counts.updated + counts.unchanged + counts.skipped.total()
        assert counts.read - counts.skipped.total() == sum(counts.held.values())
    return store


def contents(store: Store) -> list[object]:
    with store.selection(private=True) as selection:
        posts = [(one.post, one.author, one.thread, sorted(one.sources)) for one in selection.posts()]
        return [*map(str, selection.accounts()), *sorted(map(str, posts)), *sorted(map(str, selection.reposts()))] + [
            str(pin) for pin in selection.pins()
        ]


def texts(store: Store) -> set[str]:
    with store.selection(private=True) as selection:
        posts = [one.post for one in selection.posts()]
    return {post.text for post in posts} | {edit.text for post in posts for edit in post.edits}


TWO_POSTS = {
    "text": (linked("100", WORDS), linked("200", f"{WORDS} twice")),
    "punctuation": (linked("100", f"{WORDS}?"), linked("200", f"{WORDS}!")),
    "case": (linked("100", WORDS), linked("200", WORDS.upper())),
    "link": (linked("100", WORDS, "https://example.com/1"), linked("200", WORDS, "https://example.com/2")),
    "no link": (linked("100", WORDS), linked("200", WORDS, "https://example.com/2")),
    "mention": (linked("100", f"@bea {WORDS}"), linked("200", f"@finn {WORDS}")),
    "alt": (
        linked("100", WORDS, media=(Media("image", None, None, "a bowl"),)),
        linked("200", WORDS, media=(Media("image", None, None, "a jug"),)),
    ),
    "date": (linked("99", WORDS, day=1), linked("100", WORDS, day=9)),
    "short": (linked("100", "Yes", "https://example.com/1"), linked("200", "Yes", "https://example.com/2")),
}


def dumps_of(first: Post, second: Post) -> dict[str, tuple[Parsed, ...]]:
    edited = replace(first, text=f"{first.text} (mended)", edited=at(20))
    return {
        "first": (MIRA, first),
        "second": (MIRA, second),
        "paste of first": (BY_HANDLE, shown(first), Pin(BY_HANDLE.ref, shown(first).ref)),
        "paste of second": (BY_HANDLE, shown(second)),
        "repost of second": (BEA, BY_HANDLE, shown(second), Repost(BEA.ref, shown(second).ref, at(10))),
        "cut repost of first": (BEA, BY_HANDLE, cut(first), Repost(BEA.ref, cut(first).ref, at(11))),
        "edited": (MIRA, edited),
        "all": (MIRA, first, second, shown(first), BY_HANDLE, Repost(MIRA.ref, shown(first).ref)),
        "answer": (MIRA, linked("900", "And this is the answer", reply_to=shown(second).ref)),
    }


@settings(max_examples=25, deadline=None)
@given(kind=st.sampled_from(sorted(TWO_POSTS)), data=st.data())
def test_both_texts_stay_and_every_order_of_imports_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    dumps = dumps_of(*TWO_POSTS[kind])
    order = data.draw(st.permutations(sorted(dumps)))
    chosen = order[: data.draw(st.integers(2, len(order)))]
    with store_of(tmp_path_factory.mktemp("a"), [(name, dumps[name]) for name in chosen]) as store:
        found, kept = contents(store), texts(store)
    with store_of(tmp_path_factory.mktemp("b"), [(name, dumps[name]) for name in sorted(chosen)]) as store:
        assert found == contents(store)
    posts = [record for name in chosen for record in dumps[name] if isinstance(record, Post)]
    assert {post.text for post in posts if "truncated" not in post.inferred} <= kept


@settings(max_examples=15, deadline=None)
@given(kind=st.sampled_from(sorted(TWO_POSTS)), data=st.data())
def test_what_one_dump_showed_can_be_taken_away_again(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    dumps = dumps_of(*TWO_POSTS[kind])
    order = data.draw(st.permutations(sorted(dumps)))
    chosen = order[: data.draw(st.integers(2, len(order)))]
    gone = data.draw(st.sampled_from(chosen))
    emptied = [*((name, dumps[name]) for name in chosen), (gone, ())]
    with store_of(tmp_path_factory.mktemp("a"), emptied) as store:
        found = [line for line in contents(store) if not str(line).startswith("Account")]
    rest = [(name, dumps[name]) for name in sorted(chosen) if name != gone]
    with store_of(tmp_path_factory.mktemp("b"), rest) as store:
        assert found == [line for line in contents(store) if not str(line).startswith("Account")]


def test_what_is_shown_without_an_id_never_replaces_what_is_shown_with_it(tmp_path: Path) -> None:
    native = linked("100", WORDS, "https://example.com/1", media=(Media("image", "https://example.com/a.jpg"),))
    paste = shown(
        native, language="en", warning="kiln", media=(Media("image", None, None, "a bowl"),), mentions=("bea",)
    )
    dumps: list[tuple[str, tuple[Parsed, ...]]] = [("paste", (BY_HANDLE, paste)), ("export", (MIRA, native))]
    with store_of(tmp_path, dumps) as store, store.selection(private=True) as selection:
        [one] = selection.posts()
    assert (one.post.text, one.post.links, one.post.created) == (native.text, native.links, native.created)
    assert (one.post.language, one.post.mentions) == ("en", ("bea",))
    assert one.post.media == (Media("image", "https://example.com/a.jpg", None, "a bowl"),)


def test_a_paste_that_agrees_with_several_posts_stays_alone_and_says_so(tmp_path: Path) -> None:
    first, second = linked("99", WORDS), linked("100", WORDS, day=3)
    dumps: list[tuple[str, tuple[Parsed, ...]]] = [("a", (MIRA, first)), ("p", (BY_HANDLE, shown(first)))]
    with store_of(tmp_path, [*dumps, ("b", (MIRA, second))]) as store, store.selection(private=True) as selection:
        inferred = {one.post.ref.id: one.post.inferred for one in selection.posts()}
    assert inferred == {"99": (), "100": (), shown(first).ref.id: ("identity",)}


def test_the_link_decides_between_two_posts_with_the_same_words() -> None:
    first, second = TWO_POSTS["link"]
    paste = shown(second, text=f"{WORDS}: example.com/2", links=())
    assert agreement(paste, second) == 0
    assert agreement(paste, first) is None
    assert best_match(paste, {1: first, 2: second}) == 2
    assert best_match(shown(first, text=f"{WORDS}: https://t.co/zzz", links=()), {1: first, 2: second}) is None


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_newest_version_is_the_text_in_whatever_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    first = linked("100", "The glaze is safe for food, I am quite sure of it.")
    second = replace(first, text="The glaze is NOT food safe.", edited=at(3))
    third = replace(first, text="The glaze is not food safe", edited=at(4), edits=(Edit(second.text, at(3)),))
    dumps: list[tuple[str, tuple[Parsed, ...]]] = [(str(n), (MIRA, (first, second, third)[n])) for n in order]
    with store_of(tmp_path, dumps) as store, store.selection() as selection:
        [one] = selection.posts()
    assert one.post.text == third.text
    assert one.post.edited == at(4)
    assert [edit.text for edit in one.post.edits] == [first.text, second.text]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_exports_the_later_shows_the_text(tmp_path: Path, order: tuple[int, ...]) -> None:
    old, new = linked("100", "Cone 6 is 1222 degrees, and I checked"), linked("100", "Cone 6 is 1240 degrees")
    exports = (Exported(datetime(2024, 1, 1, tzinfo=UTC)), old), (Exported(datetime(2024, 2, 1, tzinfo=UTC)), new)
    with store_of(tmp_path, [(str(n), exports[n]) for n in order]) as store, store.selection() as selection:
        [one] = selection.posts()
    assert (one.post.text, [edit.text for edit in one.post.edits]) == (new.text, [old.text])


def test_another_rendering_is_no_version(tmp_path: Path) -> None:
    archive = linked("100", WORDS, "https://example.com/1")
    page = replace(archive, text=f"{WORDS}:  example.com/1", links=())
    dumps: list[tuple[str, tuple[Parsed, ...]]] = [("a", (MIRA, archive)), ("b", (MIRA, page))]
    with store_of(tmp_path, dumps) as store, store.selection() as selection:
        [one] = selection.posts()
    assert (one.post.text, one.post.edits) == (archive.text, ())


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(["nine", "hundred", "handle", "repost"]))
def test_a_handle_is_the_oldest_account_that_has_it(tmp_path_factory: pytest.TempPathFactory, order: list[str]) -> None:
    old, new = Account(Ref("x", "9"), "mira"), Account(Ref("x", "100"), "Mira", "The new Mira")
    post = Post(post_ref("x", "mira", WORDS), BY_HANDLE.ref, WORDS)
    dumps: dict[str, tuple[Parsed, ...]] = {
        "nine": (old,),
        "hundred": (new,),
        "handle": (BY_HANDLE, post),
        "repost": (BY_HANDLE, Repost(BY_HANDLE.ref, Ref("x", "5"))),
    }
    chosen = [(name, dumps[name]) for name in order]
    with store_of(tmp_path_factory.mktemp("a"), chosen) as store, store.selection() as selection:
        [one] = selection.posts()
        [repost] = selection.reposts()
    assert one.author == Account(Ref("x", "9"), "mira", bio="Pots.")
    assert repost.account == old.ref
