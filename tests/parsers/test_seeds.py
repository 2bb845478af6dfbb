"""Every sample in seeds/ is recognized by its parser and no other, and gives exactly the records written beside it.

``UPDATE_EXPECTED=1 pytest tests/parsers/test_seeds.py`` writes what the samples give today; read the difference before
committing it.
"""

import json
import os
from pathlib import Path

import pytest

from threadkeep.archive import Archive
from threadkeep.exporters import jsonl
from threadkeep.parsers import all_parsers, is_known, parser_for, parser_named
from threadkeep.sources import EXPECTED_SUFFIX, Source, find_dumps

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SAMPLES = [found.path for found in find_dumps([str(SEEDS)], lambda folder: is_known(Source.of_path(folder)))]

PARSERS = {
    "activitypub-note.json": "activitypub",
    "bluesky-feed.json": "bluesky-json",
    "bluesky-profile.txt": "bluesky-text",
    "bluesky-repo.car": "bluesky-car",
    "bluesky-thread.html": "bluesky-page",
    "bluesky-thread.json": "bluesky-json",
    "bluesky-thread.txt": "bluesky-text",
    "export.jsonl": "jsonl",
    "home-page-prose.txt": "home-page",
    "home-page-sections.txt": "home-page",
    "mastodon-archive": "mastodon-archive",
    "mastodon-context.json": "mastodon-api",
    "mastodon-thread.html": "mastodon-page",
    "nitter-profile.html": "nitter-page",
    "notes.txt": "text",
    "snscrape.jsonl": "snscrape",
    "thread-reader.html": "thread-reader-page",
    "tweets.csv": "tweets-csv",
    "x-2016.html": "x-page-2016",
    "x-api-v1.json": "x-api-v1",
    "x-api-v2.jsonl": "x-api-v2",
    "x-archive": "x-archive",
    "x-archive-2013": "grailbird",
    "x-graphql.json": "x-graphql",
    "x-profile.txt": "x-text",
    "x-thread.html": "x-page",
    "x-timeline.txt": "x-text",
}

TOLD = {"table"}
"""Formats that only a person can tell, so that no sample of theirs lies among the others."""


def name_of(path: Path) -> str:
    return path.relative_to(SEEDS).as_posix()


@pytest.fixture(params=SAMPLES, ids=name_of)
def sample(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def given(sample: Path, folder: Path) -> list[dict[str, object]]:
    """What an archive made of the sample alone exports, but for the hash of the sample itself."""
    with Archive(folder) as archive:
        report = archive.import_(Source.of_path(sample))
        assert report.adds_up()
        assert not report.problems
        with archive.selection() as selection:
            objects = [json.loads(line) for line in jsonl.lines(selection)]
    for item in objects:
        item.get("sources", []).clear() if item.get("sources") == [report.sha256] else None
    return objects


def test_a_sample_is_recognized_by_its_parser(sample: Path) -> None:
    assert parser_for(Source.of_path(sample)) is parser_named(PARSERS[name_of(sample)])


def test_a_sample_gives_the_records_beside_it(sample: Path, tmp_path: Path) -> None:
    expected = sample.with_name(sample.name + EXPECTED_SUFFIX)
    objects = given(sample, tmp_path)
    if os.environ.get("UPDATE_EXPECTED"):
        lines = (json.dumps(item, ensure_ascii=False) + "\n" for item in objects)
        expected.write_text("".join(lines), encoding="utf-8")
    assert objects == [json.loads(line) for line in expected.read_text("utf-8").splitlines()]


def test_every_parser_has_a_sample() -> None:
    assert set(PARSERS.values()) | TOLD == set(all_parsers())
    assert set(PARSERS) == {name_of(sample) for sample in SAMPLES}
