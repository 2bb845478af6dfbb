"""Change an index: add posts, forget posts, keep the number of segments small, all in one commit."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.writing import PostingPool, SegmentWriter

from threadkeep.index import Document
from threadkeep.index.whoosh.codec import Codec, Item
from threadkeep.index.whoosh.gathering import FORMS, KEYS, WORDS, Gathering
from threadkeep.index.whoosh.mapped import MappedStorage
from threadkeep.index.whoosh.merging import kept_items, merged, renumbered, worth_merging
from threadkeep.index.whoosh.segments import COLUMNS, CREATED, LENGTH, NAME, NUMBER, UNDATED, Segment

GATHERED_LIMIT = 2_000_000
"""How many words are gathered before a segment is written: some 50,000 posts, and less than 150 MB of memory."""


def create(folder: Path) -> None:
    """Make an empty index in ``folder``, which holds none."""
    TOC.create(FileStorage(str(folder)), _schema(), NAME)


def _schema() -> fields.Schema:
    searched = {name: fields.ID() for name in (WORDS, FORMS, KEYS)}
    return fields.Schema(**searched, **{name: fields.COLUMN(column) for name, column in COLUMNS.items()})


class Change:
    """A change to the index in ``folder``: nothing shows before ``commit``, and nothing of it ever without."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer = SegmentWriter(FileIndex(FileStorage(str(folder)), indexname=NAME), codec=Codec(), compound=False)
        self._gathering = Gathering()
        self._writer.pool = _Pool(self._gathering)
        self._numbers: set[int] = set()

    def __contains__(self, number: int) -> bool:
        """Whether this change adds the post of that number. It cannot take two forms of one post."""
        return number in self._numbers

    @property
    def is_full(self) -> bool:
        """Whether so much is gathered that it ought to be committed."""
        return self._gathering.size >= GATHERED_LIMIT

    def add(self, document: Document) -> None:
        """Add a post, or replace its earlier form."""
        self._numbers.add(document.number)
        length = self._gathering.add(self._writer.docnum, document)
        created = UNDATED if document.created is None else document.created
        self._writer.add_document(**{NUMBER: document.number, CREATED: created, LENGTH: length})

    def commit(self, removed: set[int]) -> None:
        """Write what was added, and forget the posts numbered in ``removed`` and the earlier forms of those added."""
        before = set(os.listdir(self._folder))  # noqa: PTH208 - names only, of one folder
        forgotten = self._numbers | removed
        if forgotten:
            for segment in self._writer.segments:
                _forget(self._folder, segment, forgotten)
        self._writer.commit(mergetype=self._merge)
        for name in set(os.listdir(self._folder)) - before:  # noqa: PTH208
            _sync(self._folder / name)
        _sync(self._folder)

    def cancel(self) -> None:
        """Leave the index as it was; a commit that failed may have done so by itself."""
        if not self._writer.is_closed:
            self._writer.cancel()

    def _merge(self, writer: SegmentWriter, segments: list[Any]) -> list[Any]:
        """Whoosh's merge policy: which segments stay. What is to be written again joins what was gathered."""
        segments = [segment for segment in segments if segment.doc_count()]
        sizes = [segment.doc_count_all() for segment in segments]
        chosen = worth_merging([segment.doc_count() for segment in segments], sizes)
        again: list[Iterator[Item]] = []
        for i in sorted(chosen):
            segment = Segment(MappedStorage(str(self._folder)), segments[i])
            new_ids = renumbered(segment, writer.docnum)
            again.append(kept_items(segment, new_ids))
            columns = [(name, segment.column(name)) for name in COLUMNS]
            for id_ in range(segment.size):
                if new_ids[id_] >= 0:
                    writer.add_document(**{name: column[id_] for name, column in columns})
        writer.pool = _Pool(self._gathering, again)
        return [segment for i, segment in enumerate(segments) if i not in chosen]


class _Pool(PostingPool):
    """What a Whoosh writer takes a segment's postings from, in the shape our codec takes them. Nothing is on disk."""

    def __init__(self, gathering: Gathering, again: list[Iterator[Item]] | None = None) -> None:
        self._gathering = gathering
        self._again = again or []

    def iter_postings(self) -> Iterator[Item]:
        """All words of the segment in order."""
        return merged(self._gathering.items(), *self._again)

    def cleanup(self) -> None:
        """There is nothing to clean up."""


def _forget(folder: Path, segment: Any, numbers: set[int]) -> None:
    held = Segment(MappedStorage(str(folder)), segment).numbers
    if not numbers.isdisjoint(held):
        for id_, number in enumerate(held):
            if number in numbers:
                segment.delete_document(id_)


def _sync(path: Path) -> None:
    """Have the system write ``path`` to the disk now, so that losing power later does not lose it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        return  # Windows opens no folder
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems know no such thing; the index can be made again
    finally:
        os.close(handle)
