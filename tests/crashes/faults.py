"""Stop or fail a command of threadkeep at any file operation it makes: Python's, SQLite's and the index's alike.

    with Faults(scratch) as faults:
        ended = faults.run(["import", "dump.txt"], archive)               how many operations there are
        ended = faults.run(["import", "dump.txt"], archive, at=17, action=KILL)

The layer is ``faults.c``, preloaded into the process; it needs Linux and a C compiler.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

NOTHING, KILL, TEAR, FAIL_ONCE, FAIL_ON = range(5)
"""What happens at the operation: SIGKILL before it, or in the middle of a write; an error, or one from there on."""

HERE = Path(__file__).parent


def is_available() -> bool:
    """Whether the layer can be made here."""
    return sys.platform == "linux" and shutil.which("cc") is not None


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative: the signal that killed it), and its output."""

    code: int
    operations: int
    out: str
    err: str


class Faults:
    """Processes with the layer under them. ``scratch`` is a folder for its own files."""

    def __init__(self, scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = scratch
        library = scratch / "faults.so"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(HERE / "faults.c"), "-ldl"], check=True
        )
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "faulty_commands.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"LD_PRELOAD": str(library), "NO_COLOR": "1"},
            text=True,
        )

    def __enter__(self) -> "Faults":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(
        self,
        command: list[str],
        archive: Path,
        *,
        below: Path | None = None,
        at: int = 0,
        action: int = NOTHING,
        error: int = 0,
        log: Path | None = None,
    ) -> Ended:
        """Run ``threadkeep --archive ARCHIVE COMMAND``; what is done at or below ``below`` counts, else the archive."""
        out, err = self._scratch / "out", self._scratch / "err"
        order = {
            "argv": ["--archive", str(archive), *command],
            "below": str(below or archive),
            "at": at,
            "action": action,
            "error": error,
            "log": str(log) if log else None,
            "out": str(out),
            "err": str(err),
        }
        _pipe(self._process.stdin).write(f"{json.dumps(order)}\n")
        _pipe(self._process.stdin).flush()
        answer = json.loads(_pipe(self._process.stdout).readline())
        return Ended(
            answer["code"],
            answer["operations"],
            out.read_text("utf-8", errors="replace"),
            err.read_text("utf-8", errors="replace"),
        )


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
