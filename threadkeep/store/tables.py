"""The tables as SQLAlchemy Core sees them; ``migrations/`` makes them, and says what every column means."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text

metadata = MetaData()

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("encoding", Text),
    Column("format", Text, nullable=False),
    Column("parser_version", Integer, nullable=False),
    Column("options", Text, nullable=False),
    Column("owner", Text),
    Column("imported", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("skipped", Text, nullable=False),
    Column("to_check", Integer, nullable=False),
    Column("exported", Text),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("handle", Text),
    Column("name", Text),
    Column("bio", Text),
    Column("url", Text),
    Column("followers", Integer),
    Column("following", Integer),
    Column("posts", Integer),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("author", Integer, ForeignKey("accounts.id")),
    Column("title", Text),
    Column("text", Text, nullable=False),
    Column("created", Text),
    Column("precision", Text),
    Column("origin", Text),
    Column("url", Text),
    Column("reply_to", Text),
    Column("root", Text),
    Column("above", Integer, ForeignKey("posts.id")),
    Column("thread", Integer, nullable=False),
    Column("language", Text),
    Column("warning", Text),
    Column("visibility", Text),
    Column("counts", Text, nullable=False),
    Column("edits", Text, nullable=False),
    Column("inferred", Text, nullable=False),
    Column("words", Text),
    Column("revision", Integer, nullable=False),
    Column("poll", Text, nullable=False),
    Column("edited", Text),
)


circles = Table("circles", metadata, Column("post", Integer, ForeignKey("posts.id"), primary_key=True))


def _part_of_post(name: str, *columns: Column[str] | Column[int]) -> Table:
    """A table whose rows are the ordered parts of a post."""
    return Table(
        name,
        metadata,
        Column("post", Integer, ForeignKey("posts.id"), primary_key=True),
        Column("position", Integer, primary_key=True),
        *columns,
    )


links = _part_of_post(
    "links",
    Column("url", Text),
    Column("text", Text),
    Column("title", Text),
    Column("start", Integer),
    Column("end", Integer),
    Column("description", Text),
)
media = _part_of_post(
    "media", Column("kind", Text, nullable=False), Column("url", Text), Column("file", Text), Column("alt", Text)
)
tags = _part_of_post("tags", Column("tag", Text, nullable=False))
mentions = _part_of_post("mentions", Column("handle", Text, nullable=False))
quotes = _part_of_post("quotes", Column("platform", Text, nullable=False), Column("ref", Text, nullable=False))

PARTS = (links, media, tags, mentions, quotes)

reposts = Table(
    "reposts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("created", Text),
    Column("precision", Text),
    Column("origin", Text),
)

pins = Table(
    "pins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("ref", Text, nullable=False),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

aliases = Table(
    "aliases",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("record", Integer, nullable=False),
)

captures = Table(
    "captures",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("record", Integer, primary_key=True),
    Column("source", Integer, ForeignKey("sources.id"), primary_key=True),
    Column("locator", Text, nullable=False),
    Column("payload", Text),
    Column("origins", Text),
)

problems = Table(
    "problems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Integer, ForeignKey("sources.id"), nullable=False),
    Column("locator", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raw", Text, nullable=False),
)

removed = Table(
    "removed", metadata, Column("post", Integer, primary_key=True), Column("revision", Integer, nullable=False)
)
