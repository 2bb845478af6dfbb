"""Documents by the hundred as columns, one a field: so they are sent and taken in at less cost than one by one."""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from threadkeep.index.engine import Document


class Batch(NamedTuple):
    """The fields of several documents, of each the values in the order of the documents. See ``Document``."""

    row_id: tuple[int, ...]
    thread: tuple[int, ...]
    platform: tuple[str, ...]
    text: tuple[str, ...]
    title: tuple[str | None, ...]
    alts: tuple[tuple[str, ...], ...]
    cards: tuple[tuple[str, ...], ...]
    authors: tuple[tuple[str, ...], ...]
    addressees: tuple[tuple[str, ...], ...]
    mentions: tuple[tuple[str, ...], ...]
    tags: tuple[tuple[str, ...], ...]
    urls: tuple[tuple[str, ...], ...]
    language: tuple[str | None, ...]
    created: tuple[int | None, ...]
    likes: tuple[int | None, ...]
    reposts: tuple[int | None, ...]
    replies: tuple[int | None, ...]
    flags: tuple[frozenset[str], ...]


_values = attrgetter(*Batch._fields)


def batch_of(documents: Iterable[Document]) -> Batch:
    """The columns of some documents, of one at least."""
    return Batch(*zip(*map(_values, documents), strict=True))
