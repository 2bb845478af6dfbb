"""The posts that a person would want first stand first: not behind what plain BM25F makes of the same posts.

``posts.jsonl`` are invented posts. ``queries.jsonl`` says for each query which posts are ``best``, and which are
``good`` besides, as judged by reading all of them; the rest does not answer it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import log2
from pathlib import Path
from typing import Any

import pytest
from whoosh import fields, scoring
from whoosh.analysis import StemmingAnalyzer
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import MultifieldParser

from threadkeep.index import Document
from threadkeep.index.whoosh import WhooshEngine
from threadkeep.query import parse

HERE = Path(__file__).parent
SHOWN = 10


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


POSTS, QUERIES = lines("posts.jsonl"), lines("queries.jsonl")


def ndcg(found: Sequence[int], grades: Mapping[int, int]) -> float:
    """How near an order comes to the best one there is: 1 for as good, 0 for nothing of use among the first ten."""

    def gain(order: Sequence[int]) -> float:
        return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(order[:SHOWN]))

    return gain([grades.get(number, 0) for number in found]) / gain(sorted(grades.values(), reverse=True))


def grades(query: dict[str, Any]) -> dict[int, int]:
    return dict.fromkeys(query["good"], 1) | dict.fromkeys(query["best"], 2)


def document(post: dict[str, Any]) -> Document:
    return Document(
        number=post["number"],
        thread=post["number"],
        platform="bluesky",
        text=post["text"],
        title=post.get("title"),
        alts=tuple(post.get("alts", ())),
        urls=tuple(post.get("urls", ())),
        created=int(datetime.fromisoformat(f"{post['created']}T12:00:00+00:00").timestamp()) * 1_000_000,
    )


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    engine.update(map(document, POSTS), (), 1)
    found = ([hit.number for hit in engine.search(parse(query["query"]), limit=SHOWN).hits] for query in QUERIES)
    return [ndcg(order, grades(query)) for order, query in zip(found, QUERIES, strict=True)]


@pytest.fixture(scope="module")
def plain() -> list[float]:
    """What Whoosh finds with its own analysis, fields and BM25F, all at their defaults."""
    text = fields.TEXT(analyzer=StemmingAnalyzer())
    names = ("text", "title", "alts", "urls")
    index = RamStorage().create_index(fields.Schema(number=fields.STORED, **dict.fromkeys(names, text)))
    writer = index.writer()
    for post in POSTS:
        several = {name: " ".join(post.get(name, ())) for name in ("alts", "urls")}
        writer.add_document(number=post["number"], text=post["text"], title=post.get("title", ""), **several)
    writer.commit()
    with index.searcher(weighting=scoring.BM25F()) as searcher:
        parser = MultifieldParser(list(names), index.schema)
        found = [
            [hit["number"] for hit in searcher.search(parser.parse(query["query"]), limit=SHOWN)] for query in QUERIES
        ]
    return [ndcg(order, grades(query)) for order, query in zip(found, QUERIES, strict=True)]


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


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
