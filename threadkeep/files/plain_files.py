"""Plain files in an archive's folder, which may come from someone else.

A link in it may lead anywhere, and a pipe may never end.
"""

import os
import stat
from pathlib import Path

SETTINGS_LIMIT_BYTES = 1 << 20
"""No settings or saved searches of a person are larger."""


def is_plain(path: Path) -> bool:
    """Whether there is a file at ``path`` that is no link, pipe or device."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def read_settings(path: Path) -> bytes:
    """The contents of a small file. Raises OSError, and ValueError where it is not plain or not small."""
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        raise ValueError("it is a link, a pipe or a folder, which is not read")
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        data = file.read(SETTINGS_LIMIT_BYTES + 1)
    if len(data) > SETTINGS_LIMIT_BYTES:
        raise ValueError("it is larger than a megabyte")
    return data
