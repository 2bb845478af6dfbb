"""Compare an archive of X with its ``manifest.js``, present since 2019, which names the owner and every file.

window.__THAR_CONFIG = {"userInfo": {"accountId": "12", "userName": "mira", "displayName": "Mira"},
    "archiveInfo": {"isPartialArchive": false, "generationDate": "2024-05-01T06:00:00.000Z", …},
    "dataTypes": {"tweets": {"mediaDirectory": "data/tweets_media",
    "files": [{"fileName": "data/tweets.js", "globalName": "YTD.tweets.part0", "count": "3456"}]}, …}}
"""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from threadkeep.errors import DumpError
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.values import Object, get_count, get_flag, get_object, get_objects, get_str, object_of
from threadkeep.parsers.entry import Entry, damage
from threadkeep.parsers.x._ids_and_times import parse_time
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import Source
from threadkeep.text.formatting import plural

_NAME = "manifest.js"
_OWNER_KEYS = {"accountId": "accountId", "username": "userName", "accountDisplayName": "displayName"}


@dataclass(frozen=True, slots=True)
class Promise:
    """A file that the manifest lists: its name, the kind of its items, and how many it has."""

    name: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The owner with the keys of ``account.js``, the files, and a problem of the manifest itself."""

    owner: Object
    promises: tuple[Promise, ...] = ()
    is_partial: bool = False
    problem: Entry | None = None
    exported: datetime | None = None

    def count_of(self, name: str) -> int:
        """Return how many items the file called ``name`` should have; 0 if the manifest does not say."""
        return next((promise.count for promise in self.promises if promise.name == name), 0)

    def missing(self, source: Source, wanted: Collection[str]) -> Iterator[Entry]:
        """Yield an entry for each missing file of one of the kinds ``wanted``, and one for all others."""
        if not self.promises:
            return
        there = {name.rpartition("/")[2] for name in (*source.members, *(name for name, _ in source.refused))}
        lost = [promise for promise in self.promises if promise.count and promise.name not in there]
        for promise in lost:
            if promise.kind in wanted:
                yield damage(promise.name, f"it is missing: {self._says(promise)}")
        if others := [promise for promise in lost if promise.kind not in wanted]:
            first, names = others[0], ", ".join(f"{promise.name} ({promise.count:,})" for promise in others)
            says = self._says(first) if len(others) == 1 else f"{_NAME} lists {names}{self._perhaps()}"
            yield damage(first.name if len(others) == 1 else _NAME, f"missing: {says}")

    def _says(self, promise: Promise) -> str:
        return f"{_NAME} lists it with {plural(promise.count, 'record')}{self._perhaps()}"

    def _perhaps(self) -> str:
        return "; the archive is partial, and the rest of it may be in other files" if self.is_partial else ""


def read_manifest(source: Source) -> Manifest:
    """Return the manifest nearest to the top; an empty one if there is none, or if it is damaged."""
    found = sorted((name for name in source.members if name.endswith(_NAME)), key=len)
    name = next((name for name in found if name.rpartition("/")[2] == _NAME), None)
    if name is None:
        return Manifest({})
    try:
        with source.open_member(name) as file:
            held = object_of(loads(next(items(file), b"")), _NAME)
        problem = None
    except (ValueError, DumpError) as error:
        return Manifest({}, problem=damage(name, str(error)))
    user: Object = {}
    with contextlib.suppress(ValueError):
        user = get_object(held, "userInfo")
    try:
        promises = tuple(_promises(get_object(held, "dataTypes")))
    except ValueError as error:
        promises, problem = (), damage(name, str(error))
    archive = held.get("archiveInfo")
    is_partial = isinstance(archive, dict) and get_flag(archive, "isPartialArchive")
    exported = None
    with contextlib.suppress(ValueError):  # only of two archives with different texts it says which is newer
        exported = parse_time(get_str(archive, "generationDate") or "") if isinstance(archive, dict) else None
    about = {ours: user.get(theirs) for ours, theirs in _OWNER_KEYS.items()}
    return Manifest(about, promises, is_partial, problem, exported)


def _promises(types: Object) -> Iterator[Promise]:
    """Yield the files of all types. Raises ValueError."""
    for type_ in types:
        for file in get_objects(get_object(types, type_), "files"):
            name = get_str(file, "fileName")
            if name:
                # "YTD.note_tweet.part0"
                kind = (get_str(file, "globalName") or "").removeprefix("YTD.").rpartition(".")[0]
                yield Promise(PurePosixPath(name).name, kind, get_count(file, "count") or 0)
