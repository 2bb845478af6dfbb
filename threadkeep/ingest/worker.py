"""The worker process that parses a large source: see ``subprocess_runner`` for the protocol."""

import gc
import importlib
import os
import pickle
import signal
import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from threadkeep.errors import StorageError
from threadkeep.ingest.runner import run_parser
from threadkeep.ingest.subprocess_runner import Batch, Task
from threadkeep.records import Parsed, Problem
from threadkeep.sources.source import Source
from threadkeep.subprocess_workers import SIZE

if TYPE_CHECKING:
    from threadkeep.store.media_files import MediaFolder

BATCH_RECORDS, BATCH_BYTES = 250, 1 << 18
"""A batch is sent at so many records or so many bytes."""

GC_THRESHOLD = 100_000
"""Garbage collection threshold (generation 0): records have no cycles."""


def work() -> None:
    """Run the task from standard input and write its results to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles it, and ends this process
    gc.set_threshold(GC_THRESHOLD, *gc.get_threshold()[1:])
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    task: Task = pickle.load(sys.stdin.buffer)
    sender = BatchSender(task, answer)
    ended: Exception | None = None
    try:
        for locator, item in run_parser(importlib.import_module(task.module), task.source, sender.store_media):
            sender.add(locator, item)
    except BrokenPipeError:
        os._exit(1)  # the parent closed the pipe
    except MemoryError:
        ended = StorageError("reading the dump needs more memory than there is", "close other programs")
    except Exception as error:  # noqa: BLE001 - nothing is hidden: the parent raises it
        ended = error
    sender.send()
    with answer:
        answer.write(SIZE.pack(0))
        answer.write(pickle.dumps(ended))


class BatchSender:
    """Sends results to the parent in batches."""

    def __init__(self, task: Task, answer: BinaryIO) -> None:
        self._source = task.source
        self._folder = task.media
        self._answer = answer
        self._media: MediaFolder | None = None
        self._encode = msgspec.msgpack.Encoder().encode
        self._items: list[tuple[str, str, msgspec.Raw]] = []
        self._names: list[str] = []
        self._size = 0

    def add(self, locator: str, item: Parsed | Problem) -> None:
        """Add a result to the batch, and send the batch once it is full."""
        data = self._encode(item)
        self._items.append((type(item).__name__, locator, msgspec.Raw(data)))
        self._size += len(data)
        if len(self._items) >= BATCH_RECORDS or self._size >= BATCH_BYTES:
            self.send()

    def send(self) -> None:
        """Send the batch."""
        data = self._encode(Batch(self._items, self._names, self._source.streamed))
        self._answer.write(SIZE.pack(len(data)))
        self._answer.write(data)
        self._answer.flush()
        self._items, self._names, self._size = [], [], 0

    def store_media(self, source: Source, member: str) -> str:
        """Store a file that came with the source and return its name; without a folder, only return the name."""
        from threadkeep.store.media_files import MediaFolder, media_name

        with source.open_member(member) as file:
            if self._folder is None:
                return media_name(member, file)
            self._media = self._media or MediaFolder(self._folder)
            name = self._media.keep(member, file)
        self._names.append(name)
        return name
