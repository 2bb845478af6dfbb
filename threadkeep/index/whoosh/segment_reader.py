"""An index opened for reading: its segments, their words, and what is known of each post by its id within a segment."""

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from threadkeep.index.whoosh.doc_values_reader import Numbers, columns_in
from threadkeep.index.whoosh.mmap_file import MappedFile
from threadkeep.index.whoosh.term_dictionary_reader import Dictionary
from threadkeep.index.whoosh.term_scan import LEXICON_EXT, Lexicon

NAME = "MAIN"
"""What Whoosh calls an index within its folder unless told otherwise."""

WORDS_EXT, POSTINGS_EXT, DOCUMENTS_EXT = ".trm", ".pst", ".doc"
"""How the names of a segment's files end, beside ``LEXICON_EXT``: see ``codec``."""

UNDATED = -(2**63)
"""The date of a post that has none."""

UNCOUNTED = -1
"""The count of likes, reposts or replies of a post of which no dump told one."""

NUMBER, CREATED, LENGTH, THREAD = "number", "created", "length", "thread"
COUNTS = ("likes", "reposts", "replies")
CODES = {NUMBER: "q", CREATED: "q", LENGTH: "H", THREAD: "q", **dict.fromkeys(COUNTS, "i")}
"""What is known of each post (see ``Document``), and of what size its numbers are, as in the ``array`` module.

A text of more than 65,535 words counts as one of so many.
"""

BY_NUMBER = "by_number"
"""A column beside them: the ids in the order of the posts' numbers."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A segment as the list of segments has it: what its files' names begin with, and what they do not tell.

    ``size`` counts its posts, ``forgotten`` are the ids of those that were replaced or removed; ``words`` counts the
    words of all texts. ``in_date_order``: the newest post comes first, and those without a date come last.
    """

    name: str
    size: int
    words: int
    in_date_order: bool
    forgotten: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of segments: an index as it was written for the ``generation``th time."""

    segments: tuple[Outline, ...]
    generation: int


class Segment:
    """Some of the index's posts, known by ids from 0 on; what they hold is in its ``dictionary``.

    The rest is as in its ``Outline``.
    """

    def __init__(self, folder: str, outline: Outline) -> None:
        self.size = outline.size
        self.words = outline.words
        self.in_date_order = outline.in_date_order
        self.forgotten = frozenset(outline.forgotten)
        # The files are opened now, though they may not be read: another process may delete them.
        words, postings, lexicon, posts = (
            MappedFile(f"{folder}{os.sep}{outline.name}{ending}")
            for ending in (WORDS_EXT, POSTINGS_EXT, LEXICON_EXT, DOCUMENTS_EXT)
        )
        self.dictionary = Dictionary(words, postings, Lexicon(lexicon))
        extents = columns_in(posts)
        self._columns = {name: Numbers(posts, *extents[name], code) for name, code in CODES.items()}
        self._by_number = Numbers(posts, *extents[BY_NUMBER], "I")

    def column(self, name: str) -> "array[int]":
        """The values of a column, by id, for many of them."""
        return self._columns[name].values

    @cached_property
    def numbers(self) -> "memoryview[int] | array[int]":
        """The number of each post in the store, by id."""
        return self._columns[NUMBER].view

    @cached_property
    def created(self) -> "memoryview[int] | array[int]":
        """When each post was written, by id; ``UNDATED`` where that is unknown."""
        return self._columns[CREATED].view

    @cached_property
    def first_moment(self) -> int:
        """When the first post was written: the newest, where they are in date order. ``UNDATED`` without any."""
        return self.created[0] if self.size else UNDATED

    @cached_property
    def lengths(self) -> "array[int]":
        """How many words each post has, by id."""
        return self.column(LENGTH)

    def ids_of(self, numbers: Iterable[int]) -> set[int]:
        """The ids of the posts of these numbers, as far as the segment has them; forgotten ones may be among them."""
        by_number, held = self._by_number.view, self.numbers
        found: set[int] = set()
        for number in numbers:
            at = bisect_left(by_number, number, key=held.__getitem__)
            if at < self.size and held[by_number[at]] == number:
                found.add(by_number[at])
        return found


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """The segments of one generation of an index; what is written later does not show in them."""

    segments: tuple[Segment, ...]
    generation: int

    @property
    def size(self) -> int:
        """How many posts there are, those forgotten but not yet gone included."""
        return sum(segment.size for segment in self.segments)

    @property
    def average(self) -> float:
        """How many words a post's text has, on average; 1 where there is none."""
        return sum(segment.words for segment in self.segments) / max(self.size, 1) or 1.0


def opened(folder: Path, contents: Contents | None = None) -> OpenIndex:
    """The index in ``folder`` as it is now, or as ``contents`` have it. Raises FileNotFoundError where that is gone.

    What is damaged may raise anything in ``DAMAGE``.
    """
    if contents is None:
        from threadkeep.index.whoosh.whoosh_toc import contents_of

        contents = contents_of(folder)
    return OpenIndex(tuple(Segment(str(folder), outline) for outline in contents.segments), contents.generation)
