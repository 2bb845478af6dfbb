"""How many processes pay, and what is said of one that ended without a word."""

import os
import signal
from pathlib import Path

import pytest

from threadkeep.subprocess_workers import start_worker, worker_count, worker_error


def test_processes_are_allowed_as_cores_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    else:
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert worker_count(2) == 0
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    else:
        monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert worker_count(1) == 1
    assert worker_count(2) == 2
    assert worker_count(8) == 4
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert worker_count(2) == 0


def test_it_is_said_how_a_process_ended(tmp_path: Path) -> None:
    process = start_worker("threadkeep.index.whoosh.writer_process", str(tmp_path))
    process.send_signal(signal.SIGKILL)
    assert (
        worker_error(process, "reading the dump").message
        == "the process that was reading the dump was killed by signal 9"
    )
    process.communicate()
    process = start_worker("threadkeep.no_such_module")
    assert "ended with code 1" in worker_error(process, "reading the dump").message
    process.communicate()
