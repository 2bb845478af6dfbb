"""The state of an index, in a small file beside it: read first, so that only a complete index of ours is opened.

    {"version_key": "4 2 15.0.0 …", "token": "5f0c…", "revision": 812, "generation": 3,
     "files": {"_MAIN_3.toc": 4120, …},
     "segments": [{"name": "MAIN_e2ity004xjfhl2hj", "size": 400000, "words": 7812004, …}]}

Whoosh unpickles what it opens, so an index of unknown origin must never be opened: only the archive knows ``token``.
The segments of the TOC are repeated here, so that a search neither imports Whoosh nor unpickles the TOC.
"""

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from threadkeep.files.atomic_files import write_file
from threadkeep.index.whoosh.segment_format import NAME, IndexMeta, SegmentMeta

FILE = "state.json"
LOCK = "lock"
_INDEX_FILE = re.compile(rf"_?{NAME}_[0-9a-z]+\.")
_TOC_FILE = re.compile(rf"_{NAME}_([0-9]+)\.toc")


@dataclass(frozen=True, slots=True)
class IndexState:
    """``version_key`` names the versions that wrote the index, ``files`` its files and their sizes in bytes.

    ``segments`` are ``None`` if only Whoosh's TOC has them.
    """

    version_key: str
    token: str
    revision: int
    generation: int
    files: dict[str, int]
    segments: tuple[SegmentMeta, ...] | None = None

    @property
    def meta(self) -> IndexMeta | None:
        """The list of segments, if the state has it."""
        return None if self.segments is None else IndexMeta(self.segments, self.generation)


def write(folder: Path, version_key: str, token: str, revision: int, meta: IndexMeta) -> IndexState:
    """Write atomically that the index in ``folder``, as it is now, is at ``revision``. Raises OSError."""
    files = {name: size for name, size in _sizes(folder).items() if _INDEX_FILE.match(name)}
    state = IndexState(version_key, token, revision, meta.generation, files, meta.segments)
    write_file(folder / FILE, json.dumps(asdict(state)).encode())
    return state


def read(folder: Path) -> IndexState | None:
    """Read the state; ``None`` if it is missing or damaged."""
    try:
        with (folder / FILE).open(encoding="utf-8") as file:
            found = json.load(file)
        segments = found.pop("segments", None)
        state = IndexState(**found, segments=None if segments is None else tuple(map(_segment_meta, segments)))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    kinds = (str, str, int, int, dict)
    values = (state.version_key, state.token, state.revision, state.generation, state.files)
    return state if all(type(value) is kind for value, kind in zip(values, kinds, strict=True)) else None


def _segment_meta(found: dict[str, Any]) -> SegmentMeta:
    return SegmentMeta(**{**found, "deleted": tuple(found["deleted"])})


def verify(folder: Path, state: IndexState) -> IndexState | None:
    """Return ``state`` if the index has the files it names, or is of a later generation; else ``None``.

    A later generation was committed by an update that ended before it wrote its state. It holds more than the state
    says, never less, so updating it from ``state.revision`` repairs it; the state is then returned without segments.
    """
    found = _sizes(folder)
    if _generation(found) > state.generation:
        return replace(state, segments=None)
    return state if all(found.get(name) == size for name, size in state.files.items()) else None


def _generation(names: dict[str, int]) -> int:
    return max((int(found[1]) for name in names if (found := _TOC_FILE.fullmatch(name))), default=-1)


def _sizes(folder: Path) -> dict[str, int]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    except FileNotFoundError:
        return {}
