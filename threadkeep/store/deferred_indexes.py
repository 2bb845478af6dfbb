"""The first large dump of an archive: the indexes that only later steps need are made once all its rows are there.

Row by row an index is written all over, and again and again; of all rows it is sorted and written once. Everything
happens in the transaction of the loading: nobody else ever sees the tables without their indexes.
"""

from sqlalchemy import Connection

_LATER = ("posts", "captures")
"""The tables with most rows. What makes their keys unique stays: records are found by it."""


def holds_posts(connection: Connection) -> bool:
    """Whether there is any post yet."""
    return connection.exec_driver_sql("SELECT 1 FROM posts LIMIT 1").first() is not None


def drop_indexes(connection: Connection) -> list[str]:
    """Drop the indexes of large tables; the statements that make them again."""
    places = ", ".join("?" * len(_LATER))
    query = f"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql <> '' AND tbl_name IN ({places})"
    found = connection.exec_driver_sql(f"{query} ORDER BY rowid", _LATER).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [statement for _, statement in found]
