"""Run threadkeep's commands, each in a process of its own that is made to stop, or to fail, at one file operation.

Started with ``faults.c`` preloaded. A line of JSON on standard input is a command to run; a line of JSON comes back.
Everything is imported once and each process forked from there: hundreds of them then take seconds.
"""

import ctypes
import importlib
import json
import os
import pkgutil
import sys
import traceback
from typing import Any, NoReturn

import threadkeep

LAYER = ctypes.CDLL(None)
LAYER.faults_count.restype = ctypes.c_long


def run(order: dict[str, Any]) -> NoReturn:
    """Run one command as the installed script does, with its output in files, and never return."""
    for descriptor, name in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), descriptor)
    sys.argv = ["threadkeep", *order["argv"]]
    log = os.fsencode(order["log"] or "")
    below = os.fsencode(order["below"])
    LAYER.faults_arm(below, ctypes.c_long(order["at"]), order["action"], order["error"], log)
    code = 70
    try:
        importlib.import_module("threadkeep.cli.main").main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process is to say so and end here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(order["counted"], str(LAYER.faults_count()).encode())
        os._exit(code)


def main() -> None:
    for module in pkgutil.walk_packages(threadkeep.__path__, "threadkeep."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for line in sys.stdin:
        order = json.loads(line)
        reading, order["counted"] = os.pipe()
        child = os.fork()
        if child == 0:
            run(order)
        os.close(order["counted"])
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as pipe:
            counted = pipe.read()
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), "operations": int(counted or 0)}), flush=True)


main()
