"""From what a person typed to what an engine is asked: who ``me`` is, which posts ``id:`` names, what stays private."""

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
"""What is asked for besides, unless a person wants also what was not for everyone."""


@dataclass(frozen=True, slots=True)
class ResolvedQuery:
    """A query with its names looked up (``typed``), and as the engine is asked it (``query``): more where ``added``."""

    typed: Query
    query: Query
    added: bool

    def as_typed(self, suggestion: Query | None) -> str | None:
        """A suggestion of the engine's, without what was asked for besides."""
        if suggestion is None:
            return None
        return str(Query("", without_filter(suggestion.root, PUBLIC)) if self.added else suggestion)


def parse_query(text: str, folder: Path) -> Query:
    """What ``text`` means to the person whose archive is in ``folder``. Raises QueryError, ArchiveError."""
    # Their files are read for queries that may need them: most do not, and a search should not wait.
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
    "source": "no dump here is called “{}”, or it showed no post; threadkeep sources lists them",
}


def _public_in_threads(node: Node) -> Node:
    """``node`` with no thread found by a post that was not for everyone."""
    match node:
        case InThread(parts):
            return InThread(tuple(with_filter(Query("", _public_in_threads(part)), PUBLIC).root for part in parts))
        case And(parts) | Or(parts):
            return type(node)(tuple(map(_public_in_threads, parts)))
        case Not(part):
            return Not(_public_in_threads(part))
        case _:
            return node
