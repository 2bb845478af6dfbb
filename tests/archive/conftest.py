"""An archive made of some of the project's samples, once; each test works on a copy of its own."""

import shutil
from pathlib import Path

import pytest
from archives import copy_of

from threadkeep.archive import Archive
from threadkeep.archive.backup import back_up
from threadkeep.sources import Source

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
DUMPS = ("bluesky-profile.txt", "export.jsonl", "x-archive", "mastodon-archive", "x-api-v2.jsonl")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive to copy; its dumps were read from copies of the samples beside it, in ``dumps``."""
    place = tmp_path_factory.mktemp("model")
    folder = place / "archive"
    with Archive(folder) as archive:
        for name in DUMPS:
            here, there = place / "dumps" / name, SEEDS / name
            here.parent.mkdir(exist_ok=True)
            shutil.copytree(there, here) if there.is_dir() else shutil.copyfile(there, here)
            archive.import_(Source.of_path(here))
        archive.sync()
    return folder


@pytest.fixture
def folder(model: Path, tmp_path: Path) -> Path:
    """A copy of the archive, its files as old as if they had been lying there for a day."""
    return copy_of(model, tmp_path / "archive")


@pytest.fixture(scope="session")
def model_backup(model: Path) -> Path:
    """A backup of ``model``, to copy."""
    back_up(model, model.parent / "backup")
    return model.parent / "backup"


@pytest.fixture
def backup(model_backup: Path, tmp_path: Path) -> Path:
    """A copy of a backup of what ``folder`` is a copy of."""
    return shutil.copytree(model_backup, tmp_path / "backup")
