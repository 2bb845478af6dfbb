"""Make segments of new posts: in this process, and of many posts in two more, each of which writes its own.

The first posts are gathered here. Once there are so many that it pays, worker processes start, and what follows goes
to them in batches, to each as it can take more; so each gets its posts in the order in which they came. Workers are
started as programs, not as copies of this process, and end when it does.
"""

import contextlib
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from queue import Full, Queue
from struct import Struct
from typing import Any

from threadkeep.errors import StorageError
from threadkeep.index import Document
from threadkeep.index.whoosh.codec import DatedSegment
from threadkeep.index.whoosh.gathering import Gathering
from threadkeep.index.whoosh.segment_writing import write_segment

WORKERS = 2
"""How many processes build at most: one a core, and no more than memory has room for."""

ALONE = 10_000
"""Up to so many posts are gathered in this process: starting others takes as long."""

GATHERED_LIMIT = 280_000_000
"""How many bytes a process gathers, by its own estimate, before it writes a segment: some 300,000 posts."""

BATCH = 500
"""How many posts are sent at a time."""

SIZE = Struct("<I")
"""What precedes a batch: how many bytes it has; 0 after the last."""

_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from threadkeep.index.whoosh.worker import work
work(sys.argv[2])
"""
FIELDS = tuple(field.name for field in fields(Document))
"""What is sent of a document, in this order."""

_values_of: Callable[[Document], tuple[Any, ...]] = attrgetter(*FIELDS)


def processes_allowed() -> int:
    """How many worker processes may be started here: none where there is one core, or no interpreter to start."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    can_start = bool(sys.executable) and not getattr(sys, "frozen", False)
    return min(WORKERS, cores) if can_start and cores > 1 else 0


class Segments:
    """Gathers posts in this process and writes a segment whenever there are enough."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gathering = Gathering()
        self._written: list[DatedSegment] = []

    def __len__(self) -> int:
        """How many posts are gathered and not yet written."""
        return len(self._gathering)

    def add(self, document: Document) -> None:
        """Take a post in."""
        self._gathering.add(document)
        if self._gathering.size >= GATHERED_LIMIT:
            self._write()

    def finish(self) -> list[DatedSegment]:
        """Write what is left; all segments written."""
        if len(self._gathering):
            self._write()
        return self._written

    def _write(self) -> None:
        gathering, self._gathering = self._gathering, Gathering()
        self._written.append(write_segment(self._folder, gathering.columns, gathering.entries()))


class Building:
    """Takes new posts in and makes segments of them, with as many processes as are worth while."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._here = Segments(folder)
        self._workers: Workers | None = None

    def add(self, document: Document) -> None:
        """Take a post in. Raises StorageError where a worker process has ended."""
        if self._workers is not None:
            self._workers.add(document)
            return
        self._here.add(document)
        if len(self._here) == ALONE and (count := processes_allowed()):
            self._workers = Workers(self._folder, count)

    def finish(self) -> list[DatedSegment]:
        """Write all posts; the segments that hold them, their files on the disk. Raises OSError, StorageError."""
        segments = self._here.finish()
        return segments + self._workers.finish() if self._workers else segments

    def stop(self) -> None:
        """End the worker processes, whatever they are at. What they wrote is no part of any index."""
        if self._workers is not None:
            self._workers.stop()


class Workers:
    """Processes that gather posts and write a segment each."""

    def __init__(self, folder: Path, count: int) -> None:
        self._batch: list[tuple[Any, ...]] = []
        self._queue: Queue[bytes | None] = Queue(maxsize=2 * count)
        self._segments: list[DatedSegment] = []
        self._error: Exception | None = None
        command = [sys.executable, "-c", _PROGRAM, json.dumps(sys.path), str(folder)]
        self._processes = [
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True
            )
            for _ in range(count)
        ]
        self._threads = [
            threading.Thread(target=self._feed, args=(process,), daemon=True) for process in self._processes
        ]
        for thread in self._threads:
            thread.start()

    def add(self, document: Document) -> None:
        """Send a post to one of the processes."""
        self._batch.append(_values_of(document))
        if len(self._batch) == BATCH:
            self._send()

    def finish(self) -> list[DatedSegment]:
        """Wait for the processes to write what they have; their segments."""
        if self._batch:
            self._send()
        for _ in self._threads:
            self._put(None)
        for thread in self._threads:
            thread.join()
        if self._error is not None:
            raise self._error
        return self._segments

    def stop(self) -> None:
        """End the processes, if they have not ended by themselves."""
        for process in self._processes:
            process.kill()
        while any(thread.is_alive() for thread in self._threads):
            with contextlib.suppress(Full):
                self._queue.put_nowait(None)
            self._threads[0].join(0.01)
            self._threads = [thread for thread in self._threads if thread.is_alive()]
        for process in self._processes:
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def _send(self) -> None:
        data = pickle.dumps(self._batch, pickle.HIGHEST_PROTOCOL)
        self._batch = []
        self._put(data)

    def _put(self, data: bytes | None) -> None:
        while self._error is None:
            try:
                self._queue.put(data, timeout=0.5)
            except Full:
                continue
            return
        raise self._error

    def _feed(self, process: "subprocess.Popen[bytes]") -> None:
        """Hand batches to a process as it takes them, and keep what it says in the end. One thread a process."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process.stdin as stdin:
                while (data := self._queue.get()) is not None:
                    stdin.write(SIZE.pack(len(data)))
                    stdin.write(data)
                    stdin.flush()
                stdin.write(SIZE.pack(0))
            with process.stdout as stdout:
                said = stdout.read()
        except OSError:
            said = b""
        answer = pickle.loads(said) if said else _ended(process)
        if isinstance(answer, Exception):
            self._error = self._error or answer
        else:
            self._segments += answer


def _ended(process: "subprocess.Popen[bytes]") -> StorageError:
    """What to say of a process that ended and said nothing."""
    code = process.wait()
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    return StorageError(f"a process that was building the search index {how}", "try again; memory may have run out")
