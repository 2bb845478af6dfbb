"""The pictures, videos and sounds that came with dumps: files in ``media/``, named by the SHA-256 of their contents.

media/3f/3fa9…c1.jpg
"""

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from threadkeep.errors import StorageError


def media_name(name: str, file: BinaryIO) -> str:
    """The name that ``keep_media`` would give a copy, without making one."""
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest() + _ending(name)


def _ending(name: str) -> str:
    match = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return match[0].lower() if match else ""


def keep_media(folder: Path, name: str, file: BinaryIO) -> str:
    """Put a copy of ``file`` under ``folder``; ``name`` gives it its ending. Returns its name there.

    Raises StorageError where it cannot be written, DumpError where ``file`` cannot be read to its end.
    """
    digest = hashlib.sha256()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as copy:
                while block := file.read(1 << 20):
                    digest.update(block)
                    copy.write(block)
            kept = digest.hexdigest() + _ending(name)
            path = folder / kept[:2] / kept
            path.parent.mkdir(exist_ok=True)
            Path(part).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(part).unlink()
            raise
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror or error}", "free some space; nothing was lost") from error
    return kept
