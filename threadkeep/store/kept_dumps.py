"""The dumps as they came: gzipped files in ``sources/``, named by the SHA-256 of their contents.

    sources/3f/3fa9…c1.gz

Any tool that knows gzip reads them. A dump is written once, whole or not at all, and never changed.
"""

import contextlib
import gzip
import os
import shutil
import tempfile
from pathlib import Path

from threadkeep.errors import NotFound, StorageError
from threadkeep.sources import Options, Source


def keep_dump(folder: Path, source: Source) -> Path:
    """Put a copy of ``source`` under ``folder``, unless it is there. Raises StorageError."""
    path = dump_path(folder, source.sha256)
    if path.exists():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as raw:
                with gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed, source.open() as dump:
                    shutil.copyfileobj(dump, packed, 1 << 20)
                raw.flush()
                os.fsync(raw.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}", "free some space or check your rights; nothing was lost"
        ) from error
    return path


def kept_source(folder: Path, sha256: str, name: str, options: Options) -> Source:
    """The kept dump with that hash, open to be read again. Raises NotFound."""
    path = dump_path(folder, sha256)
    if not path.exists():
        raise NotFound(f"{path}: the kept copy of {name} is not there")
    return Source.of_kept(name, path, options)


def dump_path(folder: Path, sha256: str) -> Path:
    """Where the dump with that hash lies."""
    return folder / sha256[:2] / f"{sha256}.gz"
