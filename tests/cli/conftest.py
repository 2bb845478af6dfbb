"""Running the real command in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Run:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Threadkeep = Callable[..., Run]


@pytest.fixture(scope="session")
def archive_of_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of everything in seeds/, made once by the real command; tests work on copies."""
    folder = tmp_path_factory.mktemp("samples") / "archive"
    seeds = Path(__file__).resolve().parents[2] / "seeds"
    command = [sys.executable, "-m", "threadkeep", "--archive", str(folder), "import", str(seeds)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture
def threadkeep(tmp_path: Path) -> Threadkeep:
    """Run ``threadkeep`` in ``tmp_path`` with an archive there; ``given`` goes to its standard input."""

    def run(*arguments: str, given: str | bytes = b"", **environment: str) -> Run:
        result = subprocess.run(
            [sys.executable, "-m", "threadkeep", *arguments],
            cwd=tmp_path,
            env={**os.environ, "THREADKEEP_ARCHIVE": str(tmp_path / "archive"), "COLUMNS": "100", **environment},
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert b"Traceback" not in result.stderr, result.stderr.decode()
        return Run(result.returncode, result.stdout.decode(), result.stderr.decode())

    return run
