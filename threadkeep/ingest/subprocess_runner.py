"""Read a large dump in a process of its own: this process starts it, and takes what it has read, batch by batch.

    this process -> reader   a pickled Task
    reader -> this process   u32 size, a batch as MessagePack; again and again; u32 0; what ended it, pickled

The reader is started as a program, not as a copy of this process, and ends when nobody takes what it has.
"""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from threadkeep.ingest.parse_runner import KeepMedia, Read, read
from threadkeep.parsers.entry import Parser
from threadkeep.records import Account, Boundary, Gap, Parsed, Pin, Post, Problem, Repost, Skipped
from threadkeep.sources.source import Source
from threadkeep.subprocess_workers import SIZE, start_worker, worker_count, worker_error

LARGE_BYTES = 4 << 20
"""From this size on a dump is read apart: starting a process takes as long as reading some thousand posts."""

PIPE_BYTES = 1 << 20
"""How far the reader may be ahead, where the system lets us say so: about what is stored at one go."""

KINDS: dict[str, type[Parsed | Problem]] = {
    kind.__name__: kind for kind in (Account, Post, Repost, Pin, Gap, Skipped, Boundary, Problem)
}


@dataclass(frozen=True, slots=True)
class Task:
    """What a reader is to do: read ``source`` with the parser in ``module``, and keep files in ``media``, if any."""

    module: str
    source: Source
    media: Path | None


class Batch(msgspec.Struct, array_like=True):
    """Some of what was read: each thing's kind, locator and self; the files of media kept; how much was read."""

    items: list[tuple[str, str, msgspec.Raw]]
    kept: list[str]
    streamed: int


def is_worth_while(source: Source) -> bool:
    """Whether ``source`` should be read apart: it is large, cheap to open again, and there is a core for it."""
    return source.size >= LARGE_BYTES and source.opens_fast and worker_count(1) > 0


@contextlib.contextmanager
def reading(
    parser: Parser, source: Source, keep_media: KeepMedia, folder: Path | None, note: Callable[[str], None]
) -> Iterator[Iterator[Read]]:
    """What ``read`` gives, read apart where that is worth while, as long as the context lasts.

    A reader keeps files of media in ``folder`` itself, or only names them where there is none; ``note`` is told of
    each before the post that names it is given.
    """
    if not is_worth_while(source):
        yield read(parser, source, keep_media)
        return
    process = _started(Task(cast(Any, parser).__name__, source, folder))
    try:
        yield _received(process, source, note)
    finally:
        process.kill()
        assert process.stdout is not None
        process.stdout.close()
        process.wait()


def _started(task: Task) -> "subprocess.Popen[bytes]":
    process = start_worker("threadkeep.ingest.worker")
    assert process.stdin is not None
    assert process.stdout is not None
    _widen(process.stdout)
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:  # one that ended at once is told of later
        stdin.write(pickle.dumps(task))
    return process


def _widen(pipe: Any) -> None:
    """Let the pipe hold more than the 64 KiB that are usual, so that the reader need not wait while others store."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _received(process: "subprocess.Popen[bytes]", source: Source, note: Callable[[str], None]) -> Iterator[Read]:
    stream = cast(BinaryIO, process.stdout)
    batches = msgspec.msgpack.Decoder(Batch)
    decoders = {name: msgspec.msgpack.Decoder(kind) for name, kind in KINDS.items()}
    while (data := _frame(stream)) is not None:
        batch = batches.decode(data)
        for name in batch.kept:
            note(name)
        source.streamed = batch.streamed
        for kind, locator, raw in batch.items:
            yield locator, decoders[kind].decode(raw)
    said = stream.read()
    error = pickle.loads(said) if said else worker_error(process, "reading the dump")
    if error is not None:
        raise error


def _frame(stream: BinaryIO) -> bytes | None:
    """The next batch; None after the last, and where the reader broke off."""
    head = stream.read(SIZE.size)
    size = SIZE.unpack(head)[0] if len(head) == SIZE.size else 0
    data = stream.read(size) if size else b""
    return data if size and len(data) == size else None
