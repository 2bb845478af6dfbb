"""What an index holds, in a small file beside it, so that it is not opened unless it is ours and whole.

    {"made": "1 1 15.0.0 …", "token": "5f0c…", "revision": 812, "generation": 3, "files": {"_MAIN_3.toc": 4120, …}}

Whoosh unpickles what it opens, so an index from elsewhere must never be opened: ``token`` is known to the archive only.
"""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from threadkeep.index.whoosh.segments import NAME

FILE = "state.json"
LOCK = "lock"
_OF_INDEX = re.compile(rf"_?{NAME}_[0-9a-z]+\.")
_CONTENTS = re.compile(rf"_{NAME}_([0-9]+)\.toc")


@dataclass(frozen=True, slots=True)
class State:
    """``made`` names the versions that made the index, ``files`` its files and their sizes in bytes."""

    made: str
    token: str
    revision: int
    generation: int
    files: dict[str, int]


def written(folder: Path, made: str, token: str, revision: int) -> State:
    """Write down that the index in ``folder`` as it is now holds ``revision``, at once or not at all."""
    files = {name: size for name, size in _sizes(folder).items() if _OF_INDEX.match(name)}
    state = State(made, token, revision, _generation(files), files)
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
        state = State(**found)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    kinds = (str, str, int, int, dict)
    values = (state.made, state.token, state.revision, state.generation, state.files)
    return state if all(type(value) is kind for value, kind in zip(values, kinds, strict=True)) else None


def is_whole(folder: Path, state: State) -> bool:
    """Whether the files of the index are those that ``state`` knows, or those of a later generation.

    A later one was written by an update that ended before it could write its state down. It holds more than ``state``
    says, never less, so feeding it from there heals it.
    """
    found = _sizes(folder)
    generation = _generation(found)
    return generation > state.generation or all(found.get(name) == size for name, size in state.files.items())


def _generation(names: dict[str, int]) -> int:
    return max((int(found[1]) for name in names if (found := _CONTENTS.fullmatch(name))), default=-1)


def _sizes(folder: Path) -> dict[str, int]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    except FileNotFoundError:
        return {}
