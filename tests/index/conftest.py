"""Engines to test: empty ones, and one that holds a few posts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from documents import POTS

from threadkeep.index.engine import Engine
from threadkeep.index.whoosh.engine import WhooshEngine

Make = Callable[[Path], Engine]


@pytest.fixture(params=[WhooshEngine])
def make(request: pytest.FixtureRequest) -> Make:
    """What makes an engine over a folder; one for each there is."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def engine(make: Make, tmp_path: Path) -> Engine:
    return make(tmp_path / "index")


@pytest.fixture
def pots(engine: Engine) -> Engine:
    engine.update(POTS, (), 1)
    return engine
