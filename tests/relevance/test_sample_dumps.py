"""Of the real dumps beside the project, the posts that a person would want first stand first, as in BM25F or better.

``sample_dumps.jsonl`` names for each query the posts that are ``best``, and those that are ``good`` besides, as judged
by reading what the dumps hold; the rest does not answer it.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from judging import SHOWN, PlainPost, found_by_bm25f, grades, mean, ndcg, read_lines

from threadkeep.archive.archive import Archive
from threadkeep.records import StoredPost

QUERIES = read_lines("sample_dumps.jsonl")


@pytest.fixture(scope="module")
def archive(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """All dumps in one archive."""
    folder = tmp_path_factory.mktemp("dumps") / "archive"
    command = [sys.executable, "-m", "threadkeep", "--archive", folder, "import", shared / "dumps", shared / "seeds"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with Archive(folder) as made:
        yield made


def plain_post(stored: StoredPost) -> PlainPost:
    post = stored.post
    cards = (link.title for link in post.links if link.start is None and link.title)
    return PlainPost(
        str(post.ref),
        " ".join((post.text, *cards)),
        post.title or "",
        " ".join(media.alt for media in post.media if media.alt),
        " ".join(link.url for link in post.links if link.url),
        (stored.author.handle or "").lower() if stored.author else "",
    )


@pytest.fixture(scope="module")
def posts(archive: Archive) -> list[PlainPost]:
    with archive.selection() as selection:
        return [plain_post(stored) for stored in selection.posts()]


@pytest.fixture(scope="module")
def ours(archive: Archive) -> list[float]:
    found = (
        [str(hit.stored.post.ref) for hit in archive.search(query["query"], limit=SHOWN).hits] for query in QUERIES
    )
    return [ndcg(order, grades(query)) for order, query in zip(found, QUERIES, strict=True)]


@pytest.fixture(scope="module")
def plain(posts: list[PlainPost]) -> list[float]:
    found = found_by_bm25f(posts, [query["query"] for query in QUERIES])
    return [ndcg(order, grades(query)) for order, query in zip(found, QUERIES, strict=True)]


def test_every_judged_post_is_in_the_dumps(posts: list[PlainPost]) -> None:
    assert {name for query in QUERIES for name in grades(query)} <= {post.name for post in posts}


def test_only_words_that_the_post_has_not_miss_it(ours: list[float]) -> None:
    missed = [query["query"] for query, worth in zip(QUERIES, ours, strict=True) if worth < 0.5]
    assert missed == ["internet archive jobs", "プラットフォーム"]  # only its author's name says so; another ending


def test_real_posts_are_ordered_no_worse_than_by_plain_bm25f(
    ours: list[float], plain: list[float], record_property: Any
) -> None:
    record_property("nDCG@10", mean(ours))
    record_property("nDCG@10 of BM25F", mean(plain))
    print(f"nDCG@10: {mean(ours):.3f}, plain BM25F {mean(plain):.3f}, over {len(QUERIES)} queries")
    assert mean(ours) >= mean(plain)
    assert mean(ours) >= 0.9
