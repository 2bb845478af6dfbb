"""The state of an index, in a small file beside it: read first, so that only a complete index of ours is opened.

    {"version_key": "4 2 15.0.0 …", "token": "5f0c…", "revision": 812, "generation": 3,
     "files": {"_MAIN_3.toc": 4120, …},
     "segments": [{"name": "MAIN_e2ity004xjfhl2hj", "size": 400000, "words": 7812004, …}]}

Each commit also writes its list of segments to ``_MAIN_3.json``, before the TOC that makes the commit visible.

Whoosh keeps the same list in its TOC as a pickle, which can run programs when it is read. We write it for Whoosh's own
tools and never read it: an archive may come from someone else.
"""

import json
import os
import re
import stat
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from threadkeep.files.atomic_files import write_file
from threadkeep.index.whoosh.segment_format import NAME, IndexMeta, SegmentMeta

FILE = "state.json"
LOCK = "lock"
_INDEX_FILE = re.compile(rf"_?{NAME}_[0-9a-z]+\.")
_SEGMENT_NAME = re.compile(rf"{NAME}_[0-9a-z]+")
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


def write_segments(folder: Path, meta: IndexMeta) -> None:
    """Write the list of segments of a generation that is about to be committed. Raises OSError."""
    found = {"segments": [asdict(segment) for segment in meta.segments]}
    write_file(_segments_path(folder, meta.generation), json.dumps(found).encode())


def read_segments(folder: Path) -> IndexMeta:
    """Read the list of segments of the last commit. Raises OSError, and ValueError or others if it is damaged."""
    generation = _generation(_sizes(folder))
    found = _read_json(_segments_path(folder, generation))
    return IndexMeta(tuple(map(_segment_meta, found["segments"])), generation)


def drop_segments_before(folder: Path, generation: int) -> None:
    """Delete the lists of segments of earlier generations."""
    for path in folder.glob(f"_{NAME}_*.json"):
        if path != _segments_path(folder, generation):
            path.unlink(missing_ok=True)


def _segments_path(folder: Path, generation: int) -> Path:
    return folder / f"_{NAME}_{generation}.json"


def _read_json(path: Path) -> dict[str, Any]:
    """Read a plain file: a link is not followed, and a pipe would never end. Raises OSError, ValueError."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError(f"{path}: not a file")
    with path.open(encoding="utf-8") as file:
        found = json.load(file)
    if not isinstance(found, dict):
        raise ValueError(f"{path}: not an object")
    return found


def read(folder: Path) -> IndexState | None:
    """Read the state; ``None`` if it is missing or damaged."""
    try:
        found = _read_json(folder / FILE)
        segments = found.pop("segments", None)
        state = IndexState(**found, segments=None if segments is None else tuple(map(_segment_meta, segments)))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    kinds = (str, str, int, int, dict)
    values = (state.version_key, state.token, state.revision, state.generation, state.files)
    return state if all(type(value) is kind for value, kind in zip(values, kinds, strict=True)) else None


def _segment_meta(found: dict[str, Any]) -> SegmentMeta:
    meta = SegmentMeta(**{**found, "deleted": tuple(found["deleted"])})
    if not _SEGMENT_NAME.fullmatch(meta.name) or not all(
        type(n) is int for n in (meta.size, meta.words, *meta.deleted)
    ):
        raise ValueError(f"{meta.name!r} is no segment of ours")
    return meta


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
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file(follow_symlinks=False)}
    except FileNotFoundError:
        return {}
