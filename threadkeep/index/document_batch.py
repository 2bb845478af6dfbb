"""Batches of documents as columns, one a field: cheaper to send and to index than one by one."""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from threadkeep.index.engine import Document


class Batch(NamedTuple):
    """The fields of several documents, the values in document order. See ``Document``."""

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
    """Return the columns of one or more documents."""
    return Batch(*zip(*map(_values, documents), strict=True))
