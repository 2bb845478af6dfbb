"""One at a time: a lock on a folder that the system lets go of when its holder ends, however it ends."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from threadkeep.errors import ArchiveBusy

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = ".lock"
WAIT_SECONDS = 10.0


@contextlib.contextmanager
def exclusive_lock(folder: Path, what: str) -> Iterator[None]:
    """Hold the lock of ``folder``. Raises ArchiveBusy, saying ``what``, where another process has it for too long."""
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        end = time.monotonic() + WAIT_SECONDS
        while not _locked(handle):
            if time.monotonic() > end:
                raise ArchiveBusy(f"{folder}: {what}", "wait for it, then try again")
            time.sleep(0.1)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
