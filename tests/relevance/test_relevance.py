"""The posts that a person would want first stand first: not behind what plain BM25F makes of the same posts.

``posts.jsonl`` are invented posts. ``queries.jsonl`` says for each query which posts are ``best``, and which are
``good`` besides, as judged by reading all of them; the rest does not answer it.
"""

from datetime import datetime
from typing import Any

import pytest
from judging import SHOWN, PlainPost, found_by_bm25f, grades, mean, ndcg, read_lines

from threadkeep.index.engine import Document
from threadkeep.index.whoosh.engine import WhooshEngine
from threadkeep.query.parser import parse

POSTS, QUERIES = read_lines("posts.jsonl"), read_lines("queries.jsonl")


def document(post: dict[str, Any]) -> Document:
    return Document(
        row_id=post["number"],
        thread=post["number"],
        platform="bluesky",
        text=post["text"],
        title=post.get("title"),
        alts=tuple(post.get("alts", ())),
        urls=tuple(post.get("urls", ())),
        created=int(datetime.fromisoformat(f"{post['created']}T12:00:00+00:00").timestamp()) * 1_000_000,
    )


def plain_post(post: dict[str, Any]) -> PlainPost:
    several = {name: " ".join(post.get(name, ())) for name in ("alts", "urls")}
    return PlainPost(post["number"], post["text"], post.get("title", ""), **several)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    engine.update(map(document, POSTS), (), 1)
    found = ([hit.row_id for hit in engine.search(parse(query["query"]), limit=SHOWN).hits] for query in QUERIES)
    return [ndcg(order, grades(query)) for order, query in zip(found, QUERIES, strict=True)]


@pytest.fixture(scope="module")
def plain() -> list[float]:
    found = found_by_bm25f(map(plain_post, POSTS), [query["query"] for query in QUERIES])
    return [ndcg(order, grades(query)) for order, query in zip(found, QUERIES, strict=True)]


def test_there_are_enough_judged_queries() -> None:
    assert len(QUERIES) >= 40
    assert {number for query in QUERIES for number in grades(query)} <= {post["number"] for post in POSTS}


def test_only_a_question_asked_in_full_misses_what_answers_it(ours: list[float]) -> None:
    missed = [query["query"] for query, worth in zip(QUERIES, ours, strict=True) if worth < 0.5]
    assert missed == ["why does my glaze craze"]  # every word must be there, and no post asks it so


def test_the_order_is_no_worse_than_that_of_plain_bm25f(
    ours: list[float], plain: list[float], record_property: Any
) -> None:
    record_property("nDCG@10", mean(ours))
    record_property("nDCG@10 of BM25F", mean(plain))
    print(f"nDCG@10: {mean(ours):.3f}, plain BM25F {mean(plain):.3f}, over {len(QUERIES)} queries")
    assert mean(ours) >= mean(plain)
    assert mean(ours) >= 0.9
