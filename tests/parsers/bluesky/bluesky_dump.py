"""What the Bluesky parser makes of a text, by kind of record, for the tests of it."""

from collections.abc import Callable
from pathlib import Path

from threadkeep.parsers.bluesky import pasted as bluesky_text
from threadkeep.records import Account, Parsed, Pin, Post, Repost, Skipped
from threadkeep.sources.source import Options, Source

MIRA = "mira.example.com"
PROFILE = "Mira Lane\n@mira.example.com\n370 followers 320 following 8 posts\nPotter in Ghent.\nPosts Replies Media\n"

Read = Callable[..., "Dump"]


class Dump:
    """What the parser made of a text, by kind."""

    def __init__(self, source: Source) -> None:
        self.recognized = bluesky_text.recognizes(source)
        self.entries = list(bluesky_text.entries(source))
        self.records: list[Parsed] = [record for entry in self.entries for record in bluesky_text.parse(entry)]
        self.posts = [record for record in self.records if isinstance(record, Post)]
        self.accounts = [record for record in self.records if isinstance(record, Account)]
        self.reposts = [record for record in self.records if isinstance(record, Repost)]
        self.pins = [record for record in self.records if isinstance(record, Pin)]
        self.skipped = [record for record in self.records if isinstance(record, Skipped)]

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.posts]

    @property
    def handles(self) -> list[str | None]:
        return [post.author.id.lstrip("~") if post.author else None for post in self.posts]

    def post(self, beginning: str) -> Post:
        (found,) = (post for post in self.posts if post.text.startswith(beginning))
        return found

    def thread(self, beginning: str) -> list[str]:
        """The texts of the chain of replies that begins with a post, in its order."""
        chain, post = [], self.post(beginning)
        answers = {reply.reply_to: reply for reply in self.posts if reply.reply_to is not None}
        while True:
            chain.append(post.text)
            if post.ref not in answers:
                return chain
            post = answers[post.ref]


def dump_of(path: Path) -> Dump:
    return Dump(Source.from_path(path))


def reader(folder: Path) -> Read:
    """A function that reads a text as a dump in ``folder``."""

    def read(text: str, **options: str) -> Dump:
        path = folder / "paste.txt"
        path.write_text(text, "utf-8", newline="")
        return Dump(Source(str(path), path, Options(**options)))  # type: ignore[arg-type]

    return read


def head(name: str, handle: str, time: str) -> str:
    """An author as Chrome copies it from bsky.app: each part on a line, between direction marks."""
    return f"{name}\n\xa0\u202a@{handle}\u202c\n·\n{time}\n"
