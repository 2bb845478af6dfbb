"""What an index holds, in a small file beside it, so that it is not opened unless it is ours and whole.

    {"made": "1 1 15.0.0 …", "token": "5f0c…", "revision": 812, "generation": 3, "files": {"_MAIN_3.toc": 4120, …},
     "segments": [{"name": "MAIN_e2ity004xjfhl2hj", "size": 400000, "words": 7812004, …}]}

Whoosh unpickles what it opens, so an index from elsewhere must never be opened: ``token`` is known to the archive only.
The segments stand here once more, so that a search neither loads Whoosh nor unpickles its list of them.
"""

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from threadkeep.index.whoosh.segment_reader import NAME, Contents, Outline

FILE = "state.json"
LOCK = "lock"
_OF_INDEX = re.compile(rf"_?{NAME}_[0-9a-z]+\.")
_CONTENTS = re.compile(rf"_{NAME}_([0-9]+)\.toc")


@dataclass(frozen=True, slots=True)
class State:
    """``made`` names the versions that made the index, ``files`` its files and their sizes in bytes.

    ``segments`` are ``None`` where nothing tells them but Whoosh's own list.
    """

    made: str
    token: str
    revision: int
    generation: int
    files: dict[str, int]
    segments: tuple[Outline, ...] | None = None

    @property
    def contents(self) -> Contents | None:
        """The list of segments, where it is known."""
        return None if self.segments is None else Contents(self.segments, self.generation)


def written(folder: Path, made: str, token: str, revision: int, contents: Contents) -> State:
    """Write down that the index in ``folder`` as it is now holds ``revision``, at once or not at all."""
    files = {name: size for name, size in _sizes(folder).items() if _OF_INDEX.match(name)}
    state = State(made, token, revision, contents.generation, files, contents.segments)
    temporary = folder / f"{FILE}.new"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / FILE)
    return state


def read(folder: Path) -> State | None:
    """What was written down; ``None`` where that is missing or damaged."""
    try:
        with (folder / FILE).open(encoding="utf-8") as file:
            found = json.load(file)
        segments = found.pop("segments", None)
        state = State(**found, segments=None if segments is None else tuple(map(_outline, segments)))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    kinds = (str, str, int, int, dict)
    values = (state.made, state.token, state.revision, state.generation, state.files)
    return state if all(type(value) is kind for value, kind in zip(values, kinds, strict=True)) else None


def _outline(told: dict[str, Any]) -> Outline:
    return Outline(**{**told, "forgotten": tuple(told["forgotten"])})


def whole(folder: Path, state: State) -> State | None:
    """``state`` if the files of the index are those that it knows, or those of a later generation; else ``None``.

    A later one was written by an update that ended before it could write its state down. It holds more than ``state``
    says, never less, so feeding it from there heals it; ``state`` is then given without the segments, which are others.
    """
    found = _sizes(folder)
    if _generation(found) > state.generation:
        return replace(state, segments=None)
    return state if all(found.get(name) == size for name, size in state.files.items()) else None


def _generation(names: dict[str, int]) -> int:
    return max((int(found[1]) for name in names if (found := _CONTENTS.fullmatch(name))), default=-1)


def _sizes(folder: Path) -> dict[str, int]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    except FileNotFoundError:
        return {}
