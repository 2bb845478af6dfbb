"""Show long output on a terminal in a pager, as git does.

The pager is THREADKEEP_PAGER, else PAGER, else ``less``; empty or ``cat`` means none. Where LESS is not set, ``less``
gets ``FRX``: it ends by itself if everything fits on the screen, shows colours, and leaves the text where it is.
"""

import contextlib
import os
import shlex
import shutil
import subprocess
import sys

_LESS_OPTIONS = "FRX"


class Pager:
    """A pager that stdout, and stderr if it is a terminal, go to from the first line of results on."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._terminals: dict[int, int] = {}
        self._has_tried = False

    @property
    def is_open(self) -> bool:
        """Whether the output goes to the pager."""
        return self._process is not None

    def start(self) -> None:
        """Start the pager, once; do nothing where stdout is not a terminal or there is no pager."""
        if self._has_tried:
            return
        self._has_tried = True
        command = _command()
        if command is None or not sys.stdout.isatty():
            return
        sys.stdout.flush()
        sys.stderr.flush()
        environment = {"LESS": _LESS_OPTIONS, **os.environ}
        streams = [stream for stream in (sys.stdout, sys.stderr) if stream.isatty()]
        try:
            self._process = subprocess.Popen(["/bin/sh", "-c", command], stdin=subprocess.PIPE, env=environment)
        except OSError:
            return
        assert self._process.stdin is not None
        for stream in streams:
            self._terminals[stream.fileno()] = os.dup(stream.fileno())
            os.dup2(self._process.stdin.fileno(), stream.fileno())
        self._process.stdin.close()

    def close(self) -> None:
        """Give the pager the end of its input, wait until the person leaves it, and take the terminal back."""
        if self._process is None:
            return
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.flush()
        for stream, terminal in self._terminals.items():
            os.dup2(terminal, stream)
            os.close(terminal)
        while True:
            try:
                self._process.wait()
                break
            except KeyboardInterrupt:  # it is for the pager, which goes on
                continue
        self._process = None


def _command() -> str | None:
    """Return the command of the pager, if there is one to be had."""
    named = next((os.environ[name] for name in ("THREADKEEP_PAGER", "PAGER") if name in os.environ), "less").strip()
    if named in ("", "cat") or os.environ.get("TERM") == "dumb" or not os.path.exists("/bin/sh"):  # noqa: PTH110
        return None
    try:
        words = [word for word in shlex.split(named) if "=" not in word]
    except ValueError:
        return None
    return named if words and shutil.which(words[0]) else None
