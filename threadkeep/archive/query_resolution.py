"""Resolve a query: ``me``, saved searches, ``id:``, ``thread:`` and ``source:``; leave private posts out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from threadkeep.archive.config import CONFIG, owners, saved_searches
from threadkeep.query.ast import (
    And,
    InThread,
    Node,
    Not,
    Or,
    Query,
    RowIdSet,
    Term,
    map_leaves,
    with_filter,
    without_filter,
)
from threadkeep.query.parser import parse
from threadkeep.query.values import QueryContext
from threadkeep.store.name_lookup import NameLookup
from threadkeep.store.store import Store

PUBLIC = Not(Term("is", "private"))
"""The filter added to a query unless private posts are asked for."""


@dataclass(frozen=True, slots=True)
class ResolvedQuery:
    """The query as ``typed``, its names looked up, and the ``query`` to run; they differ where PUBLIC was ``added``."""

    typed: Query
    query: Query
    added: bool

    def as_typed(self, suggestion: Query | None) -> str | None:
        """Return the engine's suggestion as text, without the added filter."""
        if suggestion is None:
            return None
        return str(Query("", without_filter(suggestion.root, PUBLIC)) if self.added else suggestion)


def parse_query(text: str, folder: Path) -> Query:
    """What ``text`` means to the person whose archive is in ``folder``. Raises QueryError, ArchiveError."""
    # The files are read only for queries that may need them: a search should not wait for the disk.
    saved = saved_searches(folder) if "@" in text or "＠" in text else {}
    asks_for_me = any(":" in words and re.search(r"(?i)\bme\b", words) for words in (text, *saved.values()))
    me = owners(folder) if asks_for_me else ()
    return parse(text, QueryContext(me=me, saved=saved, config=str(folder / CONFIG)))


def resolve(text: str, folder: Path, store: Store, *, private: bool) -> ResolvedQuery:
    """``text``, its ``id:``, ``thread:`` and ``source:`` looked up, and without private posts unless ``private``.

    Raises QueryError, ArchiveError.
    """
    typed = _looked_up(parse_query(text, folder), store)
    if private or not store.has_private():
        return ResolvedQuery(typed, typed, False)
    return ResolvedQuery(typed, with_filter(replace(typed, root=_public_in_threads(typed.root)), PUBLIC), True)


def _looked_up(query: Query, store: Store) -> Query:
    """``query`` with the rows of the posts that its names mean; a name of nothing is warned about and finds nothing."""
    if not any(f"{op}:" in str(query) for op in _LOOK_UP):
        return query
    warnings = list(query.warnings)

    def look_up(node: Node) -> Node:
        if not isinstance(node, Term) or node.op not in _LOOK_UP:
            return node
        numbers = _LOOK_UP[node.op](naming, node.value)
        if not numbers:
            warnings.append(_UNKNOWN[node.op].format(node.value))
        return RowIdSet(node, numbers or frozenset())

    with store.name_lookup() as naming:
        root = map_leaves(query.root, look_up)
    return replace(query, root=root, warnings=tuple(dict.fromkeys(warnings)))


_LOOK_UP: dict[str, Callable[[NameLookup, str], frozenset[int] | None]] = {
    "id": NameLookup.posts,
    "thread": NameLookup.in_threads,
    "source": NameLookup.in_sources,
}
_UNKNOWN = {
    "id": "no post here is called “{}”",
    "thread": "no post here is called “{}”; thread:{{…}} looks for words in whole threads",
    "source": "no source here is called “{}”, or it holds no post; threadkeep sources lists them",
}


def _public_in_threads(node: Node) -> Node:
    """Return ``node`` with private posts left out of the parts of ``thread:{}``."""
    match node:
        case InThread(parts):
            return InThread(tuple(with_filter(Query("", _public_in_threads(part)), PUBLIC).root for part in parts))
        case And(parts) | Or(parts):
            return type(node)(tuple(map(_public_in_threads, parts)))
        case Not(part):
            return Not(_public_in_threads(part))
        case _:
            return node
