"""Whatever stops a command, the archive holds all it had acknowledged, and the same command again ends it well."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_checks import COMMANDS, THEN, Stage, Stages, Trial, files_in, state_of
from crash_points import WAYS
from faults import KILL, TEAR, Faults, is_available

from threadkeep.archive.archive import Archive
from threadkeep.sources.source import Source

pytestmark = pytest.mark.skipif(not is_available(), reason="needs Linux and a C compiler")

IMPORTS = COMMANDS[:2]
OTHERS = COMMANDS[2:]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faults]:
    with Faults(tmp_path_factory.mktemp("layer")) as faults:
        yield faults


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory, faults: Faults) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"), faults)


@pytest.mark.parametrize("way", WAYS)
def test_an_import_stopped_anywhere_loses_nothing(way: str, stages: Stages, faults: Faults, tmp_path: Path) -> None:
    outcome = WAYS[way](stages.named("import"), tmp_path / "trial", faults, 3, 1)
    assert outcome.tried >= 3
    assert outcome.lost == {}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", IMPORTS)
def test_an_import_stopped_at_many_points_loses_nothing(
    name: str, way: str, stages: Stages, faults: Faults, tmp_path: Path
) -> None:
    outcome = WAYS[way](stages.named(name), tmp_path / "trial", faults, 8, 2)
    assert outcome.lost == {}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OTHERS)
def test_no_other_command_stopped_anywhere_loses_anything(
    name: str, way: str, stages: Stages, faults: Faults, tmp_path: Path
) -> None:
    outcome = WAYS[way](stages.named(name), tmp_path / "trial", faults, 3, 3)
    assert outcome.lost == {}


def test_the_layer_notices_what_is_lost(stages: Stages, faults: Faults, tmp_path: Path) -> None:
    trial = Trial(stages.named("import"), tmp_path / "trial", faults).prepare()
    whole = trial.run()
    dumps = list((trial.archive / "sources").rglob("*.zip"))
    dumps[0].unlink()
    with pytest.raises(Exception, match="the kept copy of"):
        trial.check(whole.out)


@pytest.mark.slow
def test_crashes_one_after_another_leave_nothing_behind(stages: Stages, faults: Faults, tmp_path: Path) -> None:
    stage = stages.named("import")
    trial = Trial(stage, tmp_path / "trial", faults).prepare()
    fresh = tmp_path / "fresh"
    shutil.copytree(trial.archive, fresh)
    with Archive(fresh) as archive:
        archive.reindex()
    files = len(list((fresh / "index").iterdir()))
    for at in range(5, 420, 37):
        trial.run(at=at, action=KILL if at % 2 else TEAR)
    assert trial.run().code == 0
    with Archive(trial.archive) as archive:
        assert state_of(archive) == stage.states[-1]
    assert files_in(trial.archive) == stage.files
    assert len(list((trial.archive / "index").iterdir())) <= 13 * files


def test_an_import_that_is_killed_and_never_repeated_hinders_no_other(
    stages: Stages, faults: Faults, tmp_path: Path
) -> None:
    stage: Stage = stages.named("import")
    trial = Trial(stage, tmp_path / "trial", faults).prepare()
    trial.run(at=40, action=KILL)
    with Archive(trial.archive) as archive:
        archive.import_(Source.from_path(THEN[1]))
        assert len(archive.store.sources()) == len(stage.states[0].sources) + 1
        assert {report.format for report in archive.rebuild()} >= {"x-page"}
