"""What a process does that reads a dump for another: see ``apart`` for what the two say to each other."""

import gc
import importlib
import os
import pickle
import signal
import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from threadkeep.errors import StorageError
from threadkeep.ingest.parse_runner import read
from threadkeep.ingest.subprocess_runner import Batch, Task
from threadkeep.records import Parsed, Problem
from threadkeep.sources.source import Source
from threadkeep.subprocess_workers import SIZE

if TYPE_CHECKING:
    from threadkeep.store.media_files import MediaFolder

BATCH_RECORDS, BATCH_BYTES = 250, 1 << 18
"""How many records are sent at a time at most, and after how many bytes."""

GC_THRESHOLD = 100_000
"""After how many new objects garbage is looked for: records have no cycles."""


def work() -> None:
    """Do the task that comes on standard input, and say on standard output what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the process that started this one, and ends it
    gc.set_threshold(GC_THRESHOLD, *gc.get_threshold()[1:])
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    task: Task = pickle.load(sys.stdin.buffer)
    packing = Packing(task, answer)
    ended: Exception | None = None
    try:
        for locator, item in read(importlib.import_module(task.module), task.source, packing.keep_media):
            packing.add(locator, item)
    except BrokenPipeError:
        os._exit(1)  # nobody is there any more, to tell or to be told
    except MemoryError:
        ended = StorageError("reading the dump needs more memory than there is", "close other programs")
    except Exception as error:  # noqa: BLE001 - nothing is hidden: the process that asked raises it
        ended = error
    packing.send()
    with answer:
        answer.write(SIZE.pack(0))
        answer.write(pickle.dumps(ended))


class Packing:
    """What was read on its way to the process that asked for it, in batches."""

    def __init__(self, task: Task, answer: BinaryIO) -> None:
        self._source = task.source
        self._folder = task.media
        self._answer = answer
        self._media: MediaFolder | None = None
        self._encode = msgspec.msgpack.Encoder().encode
        self._items: list[tuple[str, str, msgspec.Raw]] = []
        self._kept: list[str] = []
        self._size = 0

    def add(self, locator: str, item: Parsed | Problem) -> None:
        """Send something that was read, soon."""
        data = self._encode(item)
        self._items.append((type(item).__name__, locator, msgspec.Raw(data)))
        self._size += len(data)
        if len(self._items) >= BATCH_RECORDS or self._size >= BATCH_BYTES:
            self.send()

    def send(self) -> None:
        """Send what has come together."""
        data = self._encode(Batch(self._items, self._kept, self._source.streamed))
        self._answer.write(SIZE.pack(len(data)))
        self._answer.write(data)
        self._answer.flush()
        self._items, self._kept, self._size = [], [], 0

    def keep_media(self, source: Source, member: str) -> str:
        """Keep a file that came with the dump; where there is no folder for it, only name it."""
        from threadkeep.store.media_files import MediaFolder, media_name  # brings the library of the database with it

        with source.open_member(member) as file:
            if self._folder is None:
                return media_name(member, file)
            self._media = self._media or MediaFolder(self._folder)
            name = self._media.keep(member, file)
        self._kept.append(name)
        return name
