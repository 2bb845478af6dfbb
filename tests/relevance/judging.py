"""How good an order of posts is, as judged, and the order that stock Whoosh makes of the same posts with BM25F."""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

from whoosh import fields, scoring
from whoosh.analysis import StemmingAnalyzer
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import MultifieldParser

HERE = Path(__file__).parent
SHOWN = 10


@dataclass(frozen=True, slots=True)
class PlainPost:
    """A post as the stock index gets it; ``who`` is found by ``from:`` alone, as in threadkeep."""

    name: Hashable
    text: str
    title: str = ""
    alts: str = ""
    urls: str = ""
    who: str = ""


def read_lines(name: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file beside this one."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def grades(query: dict[str, Any]) -> dict[Hashable, int]:
    """How much each post answers a judged query: 2 for the ``best``, 1 for the ``good``, and the rest not at all."""
    return dict.fromkeys(query["good"], 1) | dict.fromkeys(query["best"], 2)


def ndcg(found: Sequence[Hashable], judged: Mapping[Hashable, int]) -> float:
    """How near an order comes to the best one there is: 1 for as good, 0 for nothing of use among the first ten."""

    def gain(order: Sequence[int]) -> float:
        return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(order[:SHOWN]))

    return gain([judged.get(name, 0) for name in found]) / gain(sorted(judged.values(), reverse=True))


def mean(values: Sequence[float]) -> float:
    """The average."""
    return sum(values) / len(values)


def found_by_bm25f(posts: Iterable[PlainPost], queries: Sequence[str]) -> list[list[Hashable]]:
    """What Whoosh finds with its own analysis, fields and BM25F, all at their defaults: the first ten of each query."""
    searched = {name: fields.TEXT(analyzer=StemmingAnalyzer()) for name in ("text", "title", "alt", "url")}
    schema = fields.Schema(name=fields.STORED, **searched, **{"from": fields.ID})
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for post in posts:
        shown = {"text": post.text, "title": post.title, "alt": post.alts, "url": post.urls}
        writer.add_document(name=post.name, **shown, **{"from": post.who})
    writer.commit()
    with index.searcher(weighting=scoring.BM25F()) as searcher:
        parser = MultifieldParser(list(searched), schema)
        return [[hit["name"] for hit in searcher.search(parser.parse(query), limit=SHOWN)] for query in queries]
