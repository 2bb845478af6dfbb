"""Parse a large source in a worker process, so that one core parses while another stores.

    this process -> worker   a pickled Task
    worker -> this process   u32 size, a batch as MessagePack; repeated; u32 0; the exception that ended it, pickled

The results and their order are those of ``run_parser``. The worker ends when its pipe is closed.
"""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from threadkeep.ingest.runner import ParseResult, StoreMedia, run_parser
from threadkeep.parsers.entry import Parser
from threadkeep.records import Account, Boundary, Exported, Gap, Parsed, Pin, Post, Problem, Repost, Skipped
from threadkeep.sources.source import Source
from threadkeep.store.media_files import MediaFolder
from threadkeep.subprocess_workers import SIZE, start_worker, worker_count, worker_error

LARGE_BYTES = 4 << 20
"""Sources of this size or more are parsed by a worker: starting one takes as long as parsing some thousand posts."""

PIPE_BYTES = 1 << 20
"""How far the worker may run ahead, where the system lets us set it: about what is stored in one batch."""

KINDS: dict[str, type[Parsed | Problem]] = {
    kind.__name__: kind for kind in (Account, Post, Repost, Pin, Gap, Skipped, Boundary, Exported, Problem)
}


@dataclass(frozen=True, slots=True)
class Task:
    """Parse ``source`` with the parser in ``module``, and store media in the folder ``media``, or only name them."""

    module: str
    source: Source
    media: Path | None


class Batch(msgspec.Struct, array_like=True):
    """Some results: the kind, locator and record of each; names of the media files stored; bytes read so far."""

    items: list[tuple[str, str, msgspec.Raw]]
    media: list[str]
    streamed: int


def uses_worker(source: Source) -> bool:
    """Return whether ``source`` should be parsed by a worker: large, cheap to open again, and a core is free."""
    return source.size >= LARGE_BYTES and source.opens_fast and worker_count(1) > 0


@contextlib.contextmanager
def parse_results(
    parser: Parser, source: Source, store_media: StoreMedia, media: MediaFolder | None
) -> Iterator[Iterator[ParseResult]]:
    """Yield the results of ``run_parser``, from a worker where that pays, as long as the context lasts.

    A worker stores files of media itself, or only names them where ``media`` is None; each is noted in ``media``
    before the post that names it is yielded.
    """
    if not uses_worker(source):
        yield run_parser(parser, source, store_media)
        return
    process = _start(Task(cast(Any, parser).__name__, source, None if media is None else media.folder))
    try:
        yield _received(process, source, media)
    finally:
        process.kill()
        assert process.stdout is not None
        process.stdout.close()
        process.wait()


def _start(task: Task) -> "subprocess.Popen[bytes]":
    process = start_worker("threadkeep.ingest.worker")
    assert process.stdin is not None
    assert process.stdout is not None
    _widen(process.stdout)
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:  # a worker that ended at once is reported later
        stdin.write(pickle.dumps(task))
    return process


def _widen(pipe: Any) -> None:
    """Enlarge the pipe beyond the usual 64 KiB, so that the worker need not wait while this process stores."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _received(process: "subprocess.Popen[bytes]", source: Source, media: MediaFolder | None) -> Iterator[ParseResult]:
    stream = cast(BinaryIO, process.stdout)
    batches = msgspec.msgpack.Decoder(Batch)
    decoders = {name: msgspec.msgpack.Decoder(kind) for name, kind in KINDS.items()}
    while (data := _next_frame(stream)) is not None:
        batch = batches.decode(data)
        for name in batch.media:
            if media is not None:
                media.note(name)
        source.streamed = batch.streamed
        for kind, locator, raw in batch.items:
            yield locator, decoders[kind].decode(raw)
    said = stream.read()
    error = pickle.loads(said) if said else worker_error(process, "reading the dump")
    if error is not None:
        raise error


def _next_frame(stream: BinaryIO) -> bytes | None:
    """Return the next batch; None after the last, and where the worker broke off."""
    head = stream.read(SIZE.size)
    size = SIZE.unpack(head)[0] if len(head) == SIZE.size else 0
    data = stream.read(size) if size else b""
    return data if size and len(data) == size else None
