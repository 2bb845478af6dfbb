"""Fixtures for every test: the project's own samples, an archive made of some, and real dumps beside the project."""

import os
import shutil
from pathlib import Path

import pytest
from archives import copy_of
from seed_samples import SEEDS, seed

from threadkeep.archive.archive import Archive
from threadkeep.backup.create import back_up
from threadkeep.sources.source import Source

PROJECT = Path(__file__).resolve().parent.parent

os.environ["THREADKEEP_PAGER"] = ""  # a test on a pseudo terminal must not wait for a person to leave a pager
SHARED = PROJECT.parent / "shared"


@pytest.fixture
def seeds() -> Path:
    return SEEDS


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real dumps beside the project; tests that need it are skipped where it is not."""
    if not (SHARED / "seeds").is_dir():
        pytest.skip("the real dumps do not lie beside this checkout")
    return SHARED


MODEL_DUMPS = ("bluesky-profile.txt", "export.jsonl", "x-export", "mastodon-export", "x-api-v2.jsonl")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive to copy; its dumps were read from copies of the samples beside it, in ``dumps``."""
    place = tmp_path_factory.mktemp("model")
    folder = place / "archive"
    with Archive(folder) as archive:
        for name in MODEL_DUMPS:
            here, there = place / "dumps" / name, seed(name)
            here.parent.mkdir(exist_ok=True)
            shutil.copytree(there, here) if there.is_dir() else shutil.copyfile(there, here)
            archive.import_(Source.from_path(here))
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
