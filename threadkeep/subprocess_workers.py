"""A part of threadkeep as a process of its own: started as a program, not as a copy of this process.

So nothing depends on ``fork`` or on the ``__main__`` of whoever calls. What the two tell each other over its standard
input and output is theirs; where that comes in pieces, ``SIZE`` precedes each.
"""

import json
import os
import subprocess
import sys
from struct import Struct

from threadkeep.errors import StorageError

SIZE = Struct("<I")
"""How many bytes the next piece has; 0 after the last."""

_PROGRAM = """
import importlib, json, sys
sys.path[:] = json.loads(sys.argv[1])
importlib.import_module(sys.argv[2]).work(*sys.argv[3:])
"""


def worker_count(most: int) -> int:
    """How many processes pay here: no more than ``most`` and one a core; none on one core, or where none can start."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    can_start = bool(sys.executable) and not getattr(sys, "frozen", False)
    return min(most, cores) if can_start and cores > 1 else 0


def start_worker(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """A process that calls ``work`` in ``module``, with pipes to and from it; what it complains of goes nowhere."""
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, json.dumps(sys.path), module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        close_fds=True,
    )


def worker_error(process: "subprocess.Popen[bytes]", doing: str) -> StorageError:
    """What to say of a process that ended and did not say why; ``doing`` is what it was at."""
    code = process.wait()
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    return StorageError(f"the process that was {doing} {how}", "try again; memory may have run out")
