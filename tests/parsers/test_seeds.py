"""Every sample in ``seeds/<format>/`` is recognized by that format alone and gives exactly the records beside it.

``UPDATE_EXPECTED=1 pytest tests/parsers/test_seeds.py`` writes what the samples give today; read the difference before
committing it.
"""

import json
import os
from pathlib import Path

import pytest
from seed_samples import SEEDS

from threadkeep.archive.archive import Archive
from threadkeep.exporters import jsonl
from threadkeep.parsers.registry import all_parsers, is_known, parser_for, parser_named
from threadkeep.sources.discovery import EXPECTED_SUFFIX, find_sources
from threadkeep.sources.source import Source

SAMPLES = [found.path for found in find_sources([str(SEEDS)], lambda folder: is_known(Source.from_path(folder)))]

TOLD = {"table"}
"""Formats that only ``--format`` or ``--map`` selects, so they have no sample to recognize."""


def name_of(path: Path) -> str:
    return path.relative_to(SEEDS).as_posix()


def format_of(path: Path) -> str:
    """The format of a sample is the folder it lies in."""
    return path.relative_to(SEEDS).parts[0]


@pytest.fixture(params=SAMPLES, ids=name_of)
def sample(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def given(sample: Path, folder: Path) -> list[dict[str, object]]:
    """What an archive made of the sample alone exports, but for the hash of the sample itself."""
    with Archive(folder) as archive:
        report = archive.import_(Source.from_path(sample))
        assert report.adds_up()
        assert not report.problems
        with archive.selection() as selection:
            objects = [json.loads(line) for line in jsonl.lines(selection)]
    for item in objects:
        item.get("sources", []).clear() if item.get("sources") == [report.sha256] else None
    return objects


def test_a_sample_is_recognized_by_its_parser(sample: Path) -> None:
    assert parser_for(Source.from_path(sample)) is parser_named(format_of(sample))


def test_a_sample_gives_the_records_beside_it(sample: Path, tmp_path: Path) -> None:
    expected = sample.with_name(sample.name + EXPECTED_SUFFIX)
    objects = given(sample, tmp_path)
    if os.environ.get("UPDATE_EXPECTED"):
        lines = (json.dumps(item, ensure_ascii=False) + "\n" for item in objects)
        expected.write_text("".join(lines), encoding="utf-8")
    assert objects == [json.loads(line) for line in expected.read_text("utf-8").splitlines()]


def test_every_parser_has_a_sample() -> None:
    assert {format_of(sample) for sample in SAMPLES} | TOLD == set(all_parsers())


def test_every_file_in_seeds_belongs_to_a_sample() -> None:
    for folder in SEEDS.iterdir():
        answers = {path.name.removesuffix(EXPECTED_SUFFIX) for path in folder.glob(f"*{EXPECTED_SUFFIX}")}
        assert answers == {path.name for path in SAMPLES if path.parent == folder}
        assert {path.name.removesuffix(EXPECTED_SUFFIX) for path in folder.iterdir()} == answers
