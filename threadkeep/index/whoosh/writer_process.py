"""What a process does that builds a part of an index: take posts from its parent, and say which segments it wrote.

    parent -> worker   u32 number of bytes, the pickled columns of a ``Batch``; again and again; u32 0
    worker -> parent   a pickled list of the segments written, or the exception that kept them from being written

A worker whose parent ends says nothing and ends too.
"""

import gc
import os
import pickle
import sys
from pathlib import Path
from typing import BinaryIO

from threadkeep.errors import StorageError
from threadkeep.index.document_batch import Batch
from threadkeep.index.whoosh.parallel_writer import InProcessBuilder
from threadkeep.subprocess_workers import SIZE


def work(folder: str) -> None:
    """Build segments in ``folder`` of what comes from standard input, and answer on standard output."""
    gc.disable()  # nothing here goes in circles, and looking for what does takes a tenth of the time
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    try:
        segments = InProcessBuilder(Path(folder))
        if not _receive(sys.stdin.buffer, segments):
            return
        said: object = segments.finish()
    except OSError as error:
        said = OSError(error.errno, error.strerror)
    except MemoryError:
        said = StorageError("building the search index needs more memory than there is", "close other programs")
    with answer:
        pickle.dump(said, answer)


def _receive(posts: BinaryIO, segments: InProcessBuilder) -> bool:
    """Take all posts in; false where they broke off."""
    while True:
        head = posts.read(SIZE.size)
        if len(head) < SIZE.size:
            return False
        (size,) = SIZE.unpack(head)
        if not size:
            return True
        data = posts.read(size)
        if len(data) < size:
            return False
        segments.add(Batch(*pickle.loads(data)))
