"""Make segments of new posts: in this process, or of many posts in two more, each of which writes its own.

Posts are kept in batches until there are so many that other processes pay. Those are then started, and get all batches,
each of them as it can take more; so each gets its posts in the order in which they came. Workers are started as
programs, not as copies of this process, and end when it does.
"""

import contextlib
import pickle
import subprocess
import threading
from pathlib import Path
from queue import Full, Queue

from threadkeep.index.document_batch import Batch, batch_of
from threadkeep.index.engine import Document
from threadkeep.index.whoosh.segment_buffer import SegmentBuffer
from threadkeep.index.whoosh.segment_writer import write_segment
from threadkeep.index.whoosh.whoosh_compat import DatedSegment
from threadkeep.subprocess_workers import SIZE, start_worker, worker_count, worker_error

MAX_WORKERS = 2
"""How many processes build at most: one a core, and no more than memory has room for."""

IN_PROCESS_MAX = 10_000
"""So many posts are kept at most before others work on them: starting those takes as long as they take here."""

BUFFER_LIMIT = 410_000_000
"""How many bytes a process gathers, by its own estimate, before it writes a segment: some 530,000 posts."""

BATCH_SIZE = 500
"""How many posts are taken in at a time."""


class InProcessBuilder:
    """Gathers posts in this process and writes a segment whenever there are enough."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gathering = SegmentBuffer()
        self._written: list[DatedSegment] = []

    def add(self, batch: Batch) -> None:
        """Take some posts in."""
        self._gathering.add(batch)
        if self._gathering.size >= BUFFER_LIMIT:
            self._write()

    def finish(self) -> list[DatedSegment]:
        """Write what is left; all segments written."""
        if len(self._gathering):
            self._write()
        return self._written

    def _write(self) -> None:
        buffer, self._gathering = self._gathering, SegmentBuffer()
        self._written.append(write_segment(self._folder, buffer.columns, buffer.entries()))


class IndexBuilder:
    """Takes new posts in and makes segments of them, with as many processes as are worth while."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents: list[Document] = []
        self._batches: list[Batch] = []
        self._builder: InProcessBuilder | WorkerPool | None = None

    def add(self, document: Document) -> None:
        """Take a post in. Raises StorageError where a worker process has ended."""
        self._documents.append(document)
        if len(self._documents) == BATCH_SIZE:
            self._take(batch_of(self._documents))
            self._documents = []

    def finish(self) -> list[DatedSegment]:
        """Write all posts; the segments that hold them, their files on the disk. Raises OSError, StorageError."""
        if self._documents:
            self._take(batch_of(self._documents))
        return (self._builder or self._started(0)).finish()

    def stop(self) -> None:
        """End the worker processes, whatever they are at. What they wrote is no part of any index."""
        if isinstance(self._builder, WorkerPool):
            self._builder.stop()

    def _take(self, batch: Batch) -> None:
        if self._builder is not None:
            self._builder.add(batch)
            return
        self._batches.append(batch)
        if len(self._batches) * BATCH_SIZE >= IN_PROCESS_MAX:
            self._started(worker_count(MAX_WORKERS))

    def _started(self, processes: int) -> "InProcessBuilder | WorkerPool":
        """What takes the posts from now on; those so far it has taken."""
        builder = self._builder = WorkerPool(self._folder, processes) if processes else InProcessBuilder(self._folder)
        for batch in self._batches:
            builder.add(batch)
        self._batches = []
        return builder


class WorkerPool:
    """Processes that gather posts and write a segment each."""

    def __init__(self, folder: Path, count: int) -> None:
        self._queue: Queue[bytes | None] = Queue(maxsize=2 * count)
        self._segments: list[DatedSegment] = []
        self._error: Exception | None = None
        self._processes = [start_worker("threadkeep.index.whoosh.writer_process", str(folder)) for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._feed, args=(process,), daemon=True) for process in self._processes
        ]
        for thread in self._threads:
            thread.start()

    def add(self, batch: Batch) -> None:
        """Send some posts to one of the processes."""
        self._put(pickle.dumps(tuple(batch), pickle.HIGHEST_PROTOCOL))

    def finish(self) -> list[DatedSegment]:
        """Wait for the processes to write what they have; their segments."""
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
        answer = pickle.loads(said) if said else worker_error(process, "building the search index")
        if isinstance(answer, Exception):
            self._error = self._error or answer
        else:
            self._segments += answer
