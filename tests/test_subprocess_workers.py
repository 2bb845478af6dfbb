"""How many processes pay, and what is said of one that ended without a word."""

import os
import signal
from pathlib import Path

import pytest

from threadkeep.subprocess_workers import ended, processes_allowed, started


def test_processes_are_allowed_as_cores_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    else:
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert processes_allowed(2) == 0
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    else:
        monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert processes_allowed(1) == 1
    assert processes_allowed(2) == 2
    assert processes_allowed(8) == 4
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert processes_allowed(2) == 0


def test_it_is_said_how_a_process_ended(tmp_path: Path) -> None:
    process = started("threadkeep.index.whoosh.writer_process", str(tmp_path))
    process.send_signal(signal.SIGKILL)
    assert ended(process, "reading the dump").message == "the process that was reading the dump was killed by signal 9"
    process.communicate()
    process = started("threadkeep.no_such_module")
    assert "ended with code 1" in ended(process, "reading the dump").message
    process.communicate()
