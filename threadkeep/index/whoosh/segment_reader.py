"""Read an index: its segments, their terms, and the doc values of their posts by doc id."""

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from threadkeep.index.whoosh.doc_values import ColumnValues, column_extents
from threadkeep.index.whoosh.mmap_file import MappedFile
from threadkeep.index.whoosh.segment_format import (
    BY_ROW_ID,
    CODES,
    CREATED,
    DOC_VALUES_EXT,
    LENGTH,
    POSTINGS_EXT,
    ROW_ID,
    TERM_LIST_EXT,
    TERMS_EXT,
    UNDATED,
    IndexMeta,
    SegmentMeta,
)
from threadkeep.index.whoosh.term_dictionary import TermDictionary
from threadkeep.index.whoosh.term_scan import TermList


class Segment:
    """A part of the index: posts by doc id, from 0 on, and a ``dictionary`` of their terms. See ``SegmentMeta``."""

    def __init__(self, folder: str, meta: SegmentMeta) -> None:
        self.size = meta.size
        self.words = meta.words
        self.in_date_order = meta.in_date_order
        self.deleted = frozenset(meta.deleted)
        # All files are opened now, even if they are not read: another process may delete them.
        terms, postings, term_list, doc_values = (
            MappedFile(f"{folder}{os.sep}{meta.name}{extension}")
            for extension in (TERMS_EXT, POSTINGS_EXT, TERM_LIST_EXT, DOC_VALUES_EXT)
        )
        self.dictionary = TermDictionary(terms, postings, TermList(term_list))
        extents = column_extents(doc_values)
        self._columns = {name: ColumnValues(doc_values, *extents[name], code) for name, code in CODES.items()}
        self._by_row_id = ColumnValues(doc_values, *extents[BY_ROW_ID], "I")

    def column(self, name: str) -> "array[int]":
        """Return the values of a column by doc id, for reading many of them."""
        return self._columns[name].values

    @cached_property
    def row_ids(self) -> "memoryview[int] | array[int]":
        """The row id of each post in the store, by doc id."""
        return self._columns[ROW_ID].view

    @cached_property
    def created(self) -> "memoryview[int] | array[int]":
        """The date of each post, by doc id; ``UNDATED`` if it has none."""
        return self._columns[CREATED].view

    @cached_property
    def first_created(self) -> int:
        """The date of the first post: the newest, if the segment is in date order. ``UNDATED`` without posts."""
        return self.created[0] if self.size else UNDATED

    @cached_property
    def lengths(self) -> "array[int]":
        """The number of words of each post, by doc id."""
        return self.column(LENGTH)

    def doc_ids_of(self, row_ids: Iterable[int]) -> set[int]:
        """Return the doc ids of those posts of ``row_ids`` that the segment has, deleted ones included."""
        by_row_id, held = self._by_row_id.view, self.row_ids
        found: set[int] = set()
        if not self.size:
            return found
        least, greatest = held[by_row_id[0]], held[by_row_id[-1]]
        for row_id in row_ids:
            if least <= row_id <= greatest:
                at = bisect_left(by_row_id, row_id, key=held.__getitem__)
                if held[by_row_id[at]] == row_id:
                    found.add(by_row_id[at])
        return found


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """The segments of one generation of an index; later commits are not visible in it."""

    segments: tuple[Segment, ...]
    generation: int

    @property
    def size(self) -> int:
        """The number of posts, including those deleted but not yet merged away."""
        return sum(segment.size for segment in self.segments)

    @property
    def average(self) -> float:
        """The average number of words of a post; 1 if there are none."""
        return sum(segment.words for segment in self.segments) / max(self.size, 1) or 1.0


def open_index(folder: Path, meta: IndexMeta) -> OpenIndex:
    """Open the segments ``meta`` of the index in ``folder``. Raises FileNotFoundError if one of them is gone.

    A damaged index may raise anything in ``DAMAGE``.
    """
    return OpenIndex(tuple(Segment(str(folder), segment) for segment in meta.segments), meta.generation)
