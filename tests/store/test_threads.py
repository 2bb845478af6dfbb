"""Threads come out the same whatever order their posts arrive in, and whatever is missing or circular."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.ingest.import_session import ImportSession
from threadkeep.records import Gap, Post, Ref, StoredPost
from threadkeep.sources.source import Source
from threadkeep.store.store import Store


def post(number: int, answers: int | None = None, author: str = "ada", root: int | None = None) -> Post:
    return Post(
        Ref("x", str(number)),
        Ref("x", f"~{author}"),
        f"post {number}",
        reply_to=None if answers is None else Ref("x", str(answers)),
        root=None if root is None else Ref("x", str(root)),
    )


def archive_of(folder: Path, *dumps: list[Post]) -> Store:
    store = Store(folder)
    for number, posts in enumerate(dumps):
        path = folder / f"dump{number}"
        path.write_text(f"{number}", encoding="utf-8")
        with ImportSession.open(store, Source(path.name, path), "jsonl", 1) as loading:
            for item in posts:
                loading.add(item, item.ref.id)
            loading.finish()
    return store


def threads(store: Store) -> dict[str, str]:
    with store.selection() as selection:
        return {stored.post.ref.id: stored.thread.id for stored in selection.posts()}


def shown(store: Store, name: str, *, conversation: bool = False) -> list[str]:
    thread = store.thread(name, conversation=conversation)
    return [item.post.ref.id if isinstance(item, StoredPost) else f"gap {item.ref.id}" for item in thread.items]


def test_replies_may_arrive_before_their_parents(tmp_path: Path) -> None:
    with archive_of(tmp_path, [post(3, 2)], [post(2, 1)], [post(1)]) as store:
        assert threads(store) == {"1": "1", "2": "1", "3": "1"}
        assert shown(store, "3") == ["1", "2", "3"]


def test_a_chain_is_one_authors_and_a_conversation_everyones(tmp_path: Path) -> None:
    posts = [post(1), post(2, 1, "bea"), post(3, 1), post(4, 3), post(5, 2)]
    with archive_of(tmp_path, posts) as store:
        assert shown(store, "4") == ["1", "3", "4"]
        assert shown(store, "4", conversation=True) == ["1", "3", "4", "2", "5"]
        assert shown(store, "5") == ["5"]


def test_order_follows_ids_as_numbers_not_as_text(tmp_path: Path) -> None:
    with archive_of(tmp_path, [post(1), post(100, 1), post(20, 1)]) as store:
        assert shown(store, "1") == ["1", "20", "100"]


def test_a_missing_parent_is_a_gap(tmp_path: Path) -> None:
    with archive_of(tmp_path, [post(3, 2)]) as store:
        assert shown(store, "3") == ["gap 2", "3"]
        assert store.thread("3").items[0] == Gap(Ref("x", "2"), "not held")


def test_a_stated_root_joins_what_a_missing_post_parts(tmp_path: Path) -> None:
    with archive_of(tmp_path, [post(1)], [post(3, 2, root=1)]) as store:
        assert shown(store, "3") == ["1", "gap 2", "3"]


def test_a_missing_parent_that_arrives_takes_its_place(tmp_path: Path) -> None:
    with archive_of(tmp_path, [post(1)], [post(3, 2, root=1)], [post(2, 1)]) as store:
        assert shown(store, "3") == ["1", "2", "3"]


def test_a_parent_taken_away_leaves_threads_of_their_own(tmp_path: Path) -> None:
    store = archive_of(tmp_path, [post(1)], [post(2, 1), post(3, 2)])
    with store:
        path = tmp_path / "dump0"
        with ImportSession.open(store, Source(path.name, path), "jsonl", 1) as loading:
            loading.finish()
        assert threads(store) == {"2": "2", "3": "2"}


def test_a_reply_that_changes_its_parent_changes_its_thread(tmp_path: Path) -> None:
    with archive_of(tmp_path, [post(1), post(2), post(3, 1)]) as store:
        path = tmp_path / "dump0"
        with ImportSession.open(store, Source(path.name, path), "jsonl", 1) as loading:
            for item in (post(1), post(2), post(3, 2)):
                loading.add(item, "")
            loading.finish()
        assert threads(store) == {"1": "1", "2": "2", "3": "2"}


def test_a_circle_of_replies_is_opened_and_shown_whole(tmp_path: Path) -> None:
    with archive_of(tmp_path, [post(1, 3), post(2, 1), post(3, 2), post(4, 4)]) as store:
        assert threads(store) == {"1": "1", "2": "1", "3": "1", "4": "4"}
        assert shown(store, "3") == ["1", "2", "3"]


@settings(max_examples=40, deadline=None)
@given(data=st.data(), parents=st.lists(st.integers(0, 11), min_size=12, max_size=12))
def test_the_order_of_arrival_never_matters(tmp_path_factory: object, data: st.DataObject, parents: list[int]) -> None:
    posts = [post(number, parent, root=parents[parent]) for number, parent in enumerate(parents)]
    posts[0] = replace(posts[0], reply_to=None)
    shuffled = data.draw(st.permutations(posts))
    cut = data.draw(st.integers(0, 12))
    results = []
    for order in ([posts], [shuffled[:cut], shuffled[cut:]]):
        folder = tmp_path_factory.mktemp("archive")  # type: ignore[attr-defined]
        with archive_of(folder, *order) as store:
            found = threads(store)
            assert len(found) == 12
            assert all(found[root] == root for root in found.values())
            results.append(found)
    assert results[0] == results[1]
