"""Read repositories as an archive would: what they give, and what is wrong with them."""

from collections import Counter
from pathlib import Path
from typing import Any

import car_writer as writer

from threadkeep.errors import DumpError
from threadkeep.parsers.bluesky import repository as bluesky_car
from threadkeep.records import Parsed, Post, Skipped
from threadkeep.sources.source import Options, Source

POST = "app.bsky.feed.post"
CREATED = "2024-05-01T12:30:00.250Z"


def read(source: Source) -> tuple[list[Parsed], list[tuple[str, str]]]:
    """Everything a repository gives, and what is wrong with it, as an archive would keep both."""
    given: list[Parsed] = []
    problems = []
    try:
        for entry in bluesky_car.entries(source):
            try:
                given += bluesky_car.parse(entry)
            except ValueError as error:
                problems.append((entry.locator, str(error)))
    except DumpError as error:
        problems.append(("file", str(error)))
    return given, problems


def read_bytes(folder: Path, data: bytes, **options: Any) -> tuple[list[Parsed], list[tuple[str, str]]]:
    path = folder / "repo.car"
    path.write_bytes(data)
    return read(Source.from_path(path, Options(**options)))


def post(text: str = "Frost.", **more: Any) -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": CREATED, **more}


def tree_of(nodes: list[bytes], root: writer.Cid) -> bytes:
    """A repository with that root of its tree."""
    commit = writer.encode({"did": writer.DID, "version": 3, "rev": "3l", "prev": None, "data": root, "sig": b""})
    blocks = [(writer.cid_of(block), block) for block in (commit, *nodes)]
    return writer.Car([writer.cid_of(commit)], blocks).to_bytes()


def many(count: int) -> writer.Car:
    """A repository large enough to have several layers of nodes."""
    keys = (f"{POST}/{writer.tid(1_714_521_600_000_000 + 1_000_000 * number)}" for number in range(count))
    return writer.repository(writer.DID, {key: post(f"Note {number}.") for number, key in enumerate(keys)})


def only_post(folder: Path, record: Any, rkey: str = "3krf6piv22222") -> Post:
    given, problems = read_bytes(folder, writer.repository(writer.DID, {f"{POST}/{rkey}": record}).to_bytes())
    assert not problems
    return next(item for item in given if isinstance(item, Post))


def texts(given: list[Parsed]) -> list[str]:
    return [item.text for item in given if isinstance(item, Post)]


def summary(given: list[Parsed]) -> dict[str, int]:
    return dict(Counter(item.reason if isinstance(item, Skipped) else type(item).__name__ for item in given))
