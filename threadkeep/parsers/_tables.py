"""Tell tables from prose, and find what the columns of a table hold.

"user,ts,body\\nmira,2024-05-01,\\"Frost, again\\"\\n"   -> Table(heads=("user", "ts", "body"), delimiter=",")
"Frost, again\\nand, again, tomorrow\\n"                 -> None

A table is what Python's ``csv`` reads as one: the rows have as many cells as the first, which names the columns.
"""

import csv
import io
import re
from dataclasses import dataclass

from threadkeep.platforms import x
from threadkeep.sources.source import HEAD_BYTES, Source

DELIMITERS = ",\t;|"

_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_ROWS_READ = 200
_HEAD = re.compile(r"[^\W\d][\w .:/()#-]{0,60}")
_WORDS_IN_HEAD = 4

_ALIASES: dict[str, tuple[str, ...]] = {
    "text": (
        "full_text",
        "fulltext",
        "rawcontent",
        "tweet_text",
        "tweet",
        "text",
        "content",
        "body",
        "message",
        "post",
    ),
    "author": (
        *("username", "user_username", "user_screen_name", "screen_name", "screenname", "author_username", "handle"),
        *("author_handle", "user", "author", "from"),
    ),
    "name": ("name", "display_name", "displayname", "author_name", "user_name"),
    "created": ("created_at", "createdat", "created", "timestamp", "datetime", "date", "time", "ts", "published"),
    "id": ("id_str", "tweet_id", "tweetid", "status_id", "post_id", "id"),
    "url": ("tweet_url", "tweeturl", "permalink", "permanenturl", "url", "link", "address"),
    "title": ("title", "subject"),
    "reply_to": ("in_reply_to_status_id_str", "in_reply_to_status_id", "inreplytotweetid"),
    "language": ("lang", "language"),
}
_OF_X = frozenset(
    "id_str full_text conversation_id_str favorite_count in_reply_to_screen_name in_reply_to_status_id_str user_id_str "
    "in_reply_to_status_id retweet_count quote_count tweet_id tweet_url screen_name user_screen_name rawcontent "
    "retweeted_status_id".split()
)
"""Columns that only tables of posts from X have."""
_CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Table:
    """The names of a table's columns, and what separates its cells."""

    heads: tuple[str, ...]
    delimiter: str

    def suggested(self) -> dict[str, str]:
        """Return the columns that seem to hold what is known of a post, by what they hold."""
        by_name = {_folded(head): head for head in reversed(self.heads)}
        found = {
            field: next((by_name[alias] for alias in aliases if alias in by_name), None)
            for field, aliases in _ALIASES.items()
        }
        return {field: head for field, head in found.items() if head is not None}

    def known(self) -> tuple[str, dict[str, str]] | None:
        """Return the platform, and the column of each fact, where the names of the columns leave no doubt."""
        columns = self.suggested()
        if len({_folded(head) for head in self.heads} & _OF_X) < _CERTAIN or not {"text", "id", "created"} <= set(
            columns
        ):
            return None
        return x.NAME, columns


def find_table(source: Source) -> Table | None:
    """Return the table in ``source``; None for prose, for JSON and for what is no text."""
    head = source.head
    if head is None or head.lstrip("\ufeff \n")[:1] in ("{", "[", "<", ""):
        return None
    is_cut = len(head.encode("utf-8", "replace")) >= HEAD_BYTES // 4 * 3 and len(head) > _ROWS_READ
    is_named = source.path.suffix.lower() in _SUFFIXES
    tables = (_table(head, delimiter, is_cut=is_cut, is_named=is_named) for delimiter in DELIMITERS)
    return max((table for table in tables if table), key=lambda table: len(table.heads), default=None)


def _table(text: str, delimiter: str, *, is_cut: bool, is_named: bool) -> Table | None:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True):
            if row:
                rows.append(row)
            if len(rows) > _ROWS_READ:
                break
    except csv.Error:
        if not is_cut:  # an open quote may be closed beyond the head
            return None
    if is_cut and rows:
        rows.pop()
    if len(rows) < 2 or not _are_heads(rows[0]):
        return None
    table = Table(tuple(head.strip() for head in rows[0]), delimiter)
    fitting = sum(len(row) == len(rows[0]) for row in rows)
    names_text = "text" in table.suggested() and len(table.suggested()) > 1
    if is_named or names_text:
        return table if fitting * 10 >= len(rows) * 9 else None
    return table if len(rows[0]) > 2 and len(rows) > 2 and fitting == len(rows) else None


def _are_heads(row: list[str]) -> bool:
    """Whether the cells are names of columns: different, short, and without the blanks and stops of a sentence."""
    if len(row) < 2 or len(set(row)) < len(row) or any(cell[:1] == " " for cell in row):
        return False
    return all(_HEAD.fullmatch(cell.strip()) and len(cell.split()) <= _WORDS_IN_HEAD for cell in row)


def _folded(head: str) -> str:
    return head.strip().lower().replace(" ", "_").replace(".", "_")
