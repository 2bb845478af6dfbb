"""What an import writes beside its records: the row of its dump, and the archive's revision."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, delete, func, insert, literal, select, update

from threadkeep.sources.source import Source
from threadkeep.store import row_mapping, tables

if TYPE_CHECKING:
    from threadkeep.store.record_writer import ImportCounts


def revision_of(connection: Connection) -> int:
    """Counted up by every change."""
    query = select(tables.meta.c.value).where(tables.meta.c.name == "revision")
    return int(connection.execute(query).scalar_one())


def set_revision(connection: Connection, revision: int) -> None:
    """Write down that the archive has come to ``revision``."""
    connection.execute(update(tables.meta).where(tables.meta.c.name == "revision").values(value=str(revision)))


def upsert_source(
    connection: Connection, source: Source, format_name: str, version: int, imported: datetime | None = None
) -> int:
    """The row of a dump about to be read: a new one, or its old one brought up to date."""
    table = tables.sources
    told = {
        "format": format_name,
        "parser_version": version,
        "options": msgspec.json.encode(source.options).decode(),
        "owner": source.options.owner or source.options.author,
    }
    number = connection.execute(select(table.c.id).where(table.c.sha256 == source.sha256)).scalar()
    if number is not None:
        connection.execute(update(table).where(table.c.id == number).values(**told))
        return int(number)
    number = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one() + 1
    row = {
        "id": number,
        "sha256": source.sha256,
        "path": source.name,
        "bytes": source.size,
        "encoding": source.encoding,
        "imported": row_mapping.instant_text(imported or datetime.now(UTC)),
        "entries": 0,
        "skipped": "{}",
        "to_check": 0,
    }
    connection.execute(insert(table), [{**row, **told}])
    return int(number)


def finish_source(connection: Connection, number: int, counts: "ImportCounts") -> None:
    """Write down what the reading of the dump in the row ``number`` came to."""
    table = tables.sources
    connection.execute(
        update(table)
        .where(table.c.id == number)
        .values(
            entries=counts.read,
            skipped=json.dumps(counts.skipped),
            to_check=counts.to_check,
            exported=row_mapping.instant_text(counts.exported) if counts.exported else None,
        )
    )


def delete_everything(connection: Connection, revision: int) -> None:
    """Take out every row; the index will forget the posts at ``revision``."""
    posts, removed = tables.posts, tables.removed
    gone = select(posts.c.id, literal(revision)).where(posts.c.id.not_in(select(removed.c.post)))
    connection.execute(insert(removed).from_select(["post", "revision"], gone))
    for table in reversed(tables.metadata.sorted_tables):
        if table not in (tables.meta, removed):
            connection.execute(delete(table))
