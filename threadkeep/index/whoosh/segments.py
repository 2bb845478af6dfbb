"""An index opened for reading: its segments, their words, and what is known of each post by its id within a segment."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh.index import TOC
from whoosh.reading import TermNotFound

from threadkeep.index.whoosh.codec import PostingsReader
from threadkeep.index.whoosh.columns import Int64Column
from threadkeep.index.whoosh.mapped import MappedStorage
from threadkeep.index.whoosh.postings import Postings

NAME = "MAIN"
"""What Whoosh calls an index within its folder unless told otherwise."""

UNDATED = -(2**63)
"""The date of a post that has none."""

NUMBER, CREATED, LENGTH = "number", "created", "length"
COLUMNS = {NUMBER: Int64Column(), CREATED: Int64Column(UNDATED), LENGTH: Int64Column()}


class Segment:
    """Some of the index's posts, known by ids from 0 on, with the words they hold."""

    def __init__(self, storage: MappedStorage, segment: Any) -> None:
        self.size: int = segment.doc_count_all()
        self.forgotten = frozenset(segment.deleted_docs())
        posts = segment.codec().per_document_reader(storage, segment)
        # The columns are opened now, as the words are, though they may not be read: another process may delete them.
        self._columns = {name: posts.column_reader(name, column) for name, column in COLUMNS.items()}
        self._words: PostingsReader = segment.codec().terms_reader(storage, segment)

    @cached_property
    def ids(self) -> set[int]:
        """The ids of all posts that are not forgotten. Not to be changed."""
        return set(range(self.size)) - self.forgotten

    def column(self, name: str) -> "array[int]":
        """The values of a column, by id."""
        values: array[int] = self._columns[name].values
        return values

    @cached_property
    def numbers(self) -> "array[int]":
        """The number of each post in the store, by id."""
        return self.column(NUMBER)

    @cached_property
    def created(self) -> "array[int]":
        """When each post was written, by id; ``UNDATED`` where that is unknown."""
        return self.column(CREATED)

    @cached_property
    def lengths(self) -> "array[int]":
        """How many words each post has, by id."""
        return self.column(LENGTH)

    def count(self, field: str, word: str) -> int:
        """How many posts hold ``word``, the forgotten ones included."""
        try:
            count: int = self._words.doc_frequency(field, word.encode())
        except (KeyError, TermNotFound):
            return 0
        return count

    def postings(self, field: str, word: str, with_places: bool = False) -> Postings | None:
        """The postings of ``word``; ``None`` where no post holds it. The forgotten posts are among them."""
        try:
            return self._words.read(self._words.term_info(field, word.encode()), with_places)
        except (KeyError, TermNotFound):
            return None

    def beginning(self, field: str, start: str) -> Iterator[tuple[str, int, Any]]:
        """The words that begin with ``start``, in order, each with how many posts hold it and what ``ids_of`` takes."""
        prefix = start.encode()
        for (found_field, word), info in self._words.items_from(field, prefix):
            if found_field != field or not word.startswith(prefix):
                return
            yield word.decode(), info.doc_frequency(), info

    def ids_of(self, info: Any) -> list[int]:
        """The ids of the posts that hold the word of which ``beginning`` gave ``info``."""
        if info.doc_frequency() <= 2:
            return [info.min_id(), info.max_id()]
        return list(self._words.read(info).ids)

    def items(self) -> Iterator[tuple[str, bytes, Postings]]:
        """All words of all fields in order, with their postings."""
        for (field, word), info in self._words.items():
            yield field, word, self._words.read(info, with_places=True)


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """The segments of one generation of an index; what is written later does not show in them."""

    segments: tuple[Segment, ...]
    generation: int

    @property
    def size(self) -> int:
        """How many posts there are, those forgotten but not yet gone included."""
        return sum(segment.size for segment in self.segments)


def opened(folder: Path) -> OpenIndex:
    """The index in ``folder`` as it is now. What is damaged may raise anything in ``DAMAGE``."""
    storage = MappedStorage(str(folder))
    contents = TOC.read(storage, NAME)
    return OpenIndex(tuple(Segment(storage, segment) for segment in contents.segments), contents.generation)
