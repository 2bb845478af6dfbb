"""Reading dumps of X in tests: whole ones from disk, and single values written down on the spot."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from threadkeep.errors import DumpError
from threadkeep.ingest.runner import AccountDeduplicator
from threadkeep.parsers.entry import Parser
from threadkeep.records import Account, Gap, Parsed, Pin, Post, Problem, Repost, Skipped
from threadkeep.sources.source import Source

R = TypeVar("R")


@dataclass
class Reading:
    """What a dump gave: everything in order, the problems by locator, and what broke it off."""

    parsed: list[Parsed] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    broken: DumpError | None = None

    def all(self, kind: type[R]) -> list[R]:
        return [item for item in self.parsed if isinstance(item, kind)]

    @property
    def posts(self) -> list[Post]:
        """The posts, each once, the last reading of it."""
        return list({post.ref: post for post in self.all(Post)}.values())

    def post(self, id_: str) -> Post:
        return next(post for post in self.posts if post.ref.id == id_)

    @property
    def accounts(self) -> list[Account]:
        return self.all(Account)

    @property
    def reposts(self) -> list[Repost]:
        return self.all(Repost)

    @property
    def pins(self) -> list[Pin]:
        return self.all(Pin)

    @property
    def gaps(self) -> dict[str, str]:
        return {gap.ref.id: gap.reason for gap in self.all(Gap)}

    @property
    def skipped(self) -> list[str]:
        return [item.reason for item in self.all(Skipped)]


def passed_on(items: Iterable[Parsed]) -> list[Parsed]:
    """What the runner passes on of what a parser yields: an account once, and again only with something new."""
    accounts = AccountDeduplicator()
    return [item for item in items if not isinstance(item, Account) or accounts.is_new(item)]


def read(parser: Parser, path: Path) -> Reading:
    reading = Reading()
    try:
        for entry in parser.entries(Source.from_path(path)):
            if isinstance(entry.data, Problem):
                reading.problems[entry.locator] = entry.data.reason
                continue
            try:
                found = list(parser.parse(entry))
            except ValueError as error:
                reading.problems[entry.locator] = str(error)
                continue
            reading.parsed += found
    except DumpError as error:
        reading.broken = error
    reading.parsed = passed_on(reading.parsed)
    return reading


def read_json(parser: Parser, folder: Path, *values: object, indent: int | None = None) -> Reading:
    """The reading of a dump of ``values``, one a line, or of one value printed over several."""
    path = folder / "dump.json"
    path.write_text("".join(json.dumps(value, indent=indent) + "\n" for value in values), encoding="utf-8")
    return read(parser, path)


def is_sound(reading: Reading) -> bool:
    """Whether every link stands where it says, and no ``t.co`` in a text lacks its link."""
    for post in reading.posts:
        placed = [link for link in post.links if link.start is not None]
        if any(post.text[link.start : link.end] != link.text for link in placed):
            return False
        if post.text.count("https://t.co/") > len(placed):
            return False
    return True
