"""An index opened for reading: its segments, their words, and what is known of each post by its id within a segment."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh.index import TOC

from threadkeep.index.whoosh.codec import Codec
from threadkeep.index.whoosh.columns import NumberColumn
from threadkeep.index.whoosh.dictionary_reading import Dictionary
from threadkeep.index.whoosh.lexicon import LEXICON_EXT, Lexicon
from threadkeep.index.whoosh.mapped import MappedStorage

NAME = "MAIN"
"""What Whoosh calls an index within its folder unless told otherwise."""

UNDATED = -(2**63)
"""The date of a post that has none."""

UNCOUNTED = -1
"""The count of likes, reposts or replies of a post of which no dump told one."""

NUMBER, CREATED, LENGTH, THREAD = "number", "created", "length", "thread"
COUNTS = ("likes", "reposts", "replies")
COLUMNS = {
    NUMBER: NumberColumn("q"),
    CREATED: NumberColumn("q", UNDATED),
    LENGTH: NumberColumn("H"),
    THREAD: NumberColumn("q"),
    **dict.fromkeys(COUNTS, NumberColumn("i", UNCOUNTED)),
}
"""What is known of each post: see ``Document``. A text of more than 65,535 words counts as one of so many."""

BY_NUMBER = "by_number"
"""A column beside them: the ids in the order of the posts' numbers."""


class Segment:
    """Some of the index's posts, known by ids from 0 on; what they hold is in its ``dictionary``.

    ``in_date_order``: the newest post comes first, and those without a date come last. ``words`` counts those of all
    texts, ``forgotten`` are the ids of posts that were replaced or removed.
    """

    def __init__(self, storage: MappedStorage, segment: Any) -> None:
        self.size: int = segment.doc_count_all()
        self.words: int = segment.words()
        self.in_date_order: bool = segment.in_date_order
        self.forgotten = frozenset(segment.deleted_docs())
        # The files are opened now, though they may not be read: another process may delete them.
        posts = segment.codec().per_document_reader(storage, segment)
        self._columns = {name: posts.column_reader(name, column) for name, column in COLUMNS.items()}
        self._by_number = posts.column_reader(BY_NUMBER, NumberColumn("I"))
        self.dictionary = Dictionary(
            segment.open_file(storage, Codec.TERMS_EXT),
            segment.open_file(storage, Codec.POSTS_EXT),
            Lexicon(segment.open_file(storage, LEXICON_EXT)),
        )

    def column(self, name: str) -> "array[int]":
        """The values of a column, by id, for many of them."""
        values: array[int] = self._columns[name].values
        return values

    @cached_property
    def numbers(self) -> "memoryview[int] | array[int]":
        """The number of each post in the store, by id."""
        return self._columns[NUMBER].view  # type: ignore[no-any-return] # Whoosh's readers are of any kind

    @cached_property
    def created(self) -> "memoryview[int] | array[int]":
        """When each post was written, by id; ``UNDATED`` where that is unknown."""
        return self._columns[CREATED].view  # type: ignore[no-any-return]

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


def opened(folder: Path) -> OpenIndex:
    """The index in ``folder`` as it is now. What is damaged may raise anything in ``DAMAGE``."""
    storage = MappedStorage(str(folder))
    contents = TOC.read(storage, NAME)
    return OpenIndex(tuple(Segment(storage, segment) for segment in contents.segments), contents.generation)
