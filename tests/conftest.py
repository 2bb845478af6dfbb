"""Fixtures every test may use: the project's own samples, and real dumps where they lie beside the project."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SEEDS = PROJECT / "seeds"
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
