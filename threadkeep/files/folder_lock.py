"""One at a time: locks that the system releases when their holder ends, however it ends.

with exclusive_lock(folder, "another doctor is repairing the archive"):
    ...

A folder is locked by a file in it, and a file that is being written by itself (see ``atomic_files``). Where a file
system has no locks, everyone holds them: nothing could tell two holders apart.
"""

import contextlib
import errno
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

_POLL_SECONDS = 0.05
_HELD = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
"""What the system says of a lock that another process holds: flock, fcntl (NFS) and Windows."""


@contextlib.contextmanager
def exclusive_lock(folder: Path, what: str, name: str = NAME, seconds: float | None = None) -> Iterator[None]:
    """Hold the lock ``name`` of ``folder``; another process may keep us waiting for ``seconds``, else WAIT_SECONDS.

    Raises ArchiveBusy, saying ``what`` that process does, and OSError where the lock's file cannot be made.
    """
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        end = time.monotonic() + (WAIT_SECONDS if seconds is None else seconds)
        while try_lock(handle) is False:
            if time.monotonic() > end:
                raise ArchiveBusy(f"{folder}: {what}", "wait for it, then try again")
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(handle)


def try_lock(handle: int) -> bool | None:
    """Lock the open file ``handle`` for this process until it is closed, without waiting.

    Returns False if another process holds the lock, and None where the file system has none.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _HELD else None
    return True
