"""Whoosh's third codec with postings of our own: its files and dictionary, our bytes in the postings file."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

from collections.abc import Iterable
from struct import Struct
from typing import Any

from whoosh.codec.base import FieldWriter
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo, W3TermsReader
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.matching.mcore import ListMatcher

from threadkeep.index.whoosh.postings import Postings, joined, loaded, stored

Item = tuple[str, bytes, list[Postings]]
"""A field, a word, and its postings in parts that follow each other."""

_FIELD_NUMBER = Struct("!H")


def _extent(info: W3TermInfo) -> tuple[int, int]:
    """Where the postings lie, and how long they are; Whoosh reads the length back as a tuple of one."""
    offset, length = info.extent()
    return offset, length[0] if isinstance(length, tuple) else length


class Codec(W3Codec):
    """What segments are written and read with. Whoosh pickles it into the list of segments, so it holds nothing."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> "PostingsWriter":
        """What writes a segment's words."""
        return PostingsWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "PostingsReader":
        """What reads a segment's words."""
        name = segment.make_filename(self.TERMS_EXT)
        return PostingsReader(
            self, storage.open_file(name), storage.file_length(name), segment.open_file(storage, self.POSTS_EXT)
        )

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> ListMatcher:
        """For Whoosh's own queries, which work on such an index; the engine does not use them."""
        postings = loaded(dbfile.get(*_extent(terminfo)))
        weights = postings.weights or [1.0] * len(postings.ids)
        return ListMatcher(postings.ids, weights, postings.places, format_, scorer, term=term, terminfo=terminfo)


class PostingsReader(W3TermsReader):
    """The words of a segment and their postings."""

    def read(self, info: W3TermInfo, with_places: bool = False) -> Postings:
        """The postings that ``info``, from this reader's dictionary, points at."""
        return loaded(self._postfile.get(*_extent(info)), with_places)


class PostingsWriter(FieldWriter):
    """Writes a segment's words, given in order and each with all its postings."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._words = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._numbers: dict[str, int] = {}
        self._words.extras["fieldmap"] = self._numbers
        self._file = segment.create_file(storage, W3Codec.POSTS_EXT)
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Item]) -> None:
        """Write ``items``, which are in order. Neither the schema nor lengths are needed."""
        offset = self._file.tell()
        for field, word, parts in items:
            postings = joined(parts)
            data = stored(postings)
            self._file.write(data)
            info = W3TermInfo(
                weight=sum(postings.weights) if postings.weights else len(postings.ids),
                df=len(postings.ids),
                maxweight=max(postings.weights) if postings.weights else 1.0,
                minid=postings.ids[0],
                maxid=postings.ids[-1],
            )
            info.set_extent(offset, len(data))
            offset += len(data)
            number = self._numbers.setdefault(field, len(self._numbers))
            self._words.add(_FIELD_NUMBER.pack(number) + word, info.to_bytes())

    def close(self) -> None:
        """Finish the files."""
        self._words.close()
        self._file.close()
        self.is_closed = True

    # FieldWriter demands these; add_postings does without them.

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        """Not used."""
        raise NotImplementedError

    def start_term(self, text: bytes) -> None:
        """Not used."""
        raise NotImplementedError

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        """Not used."""
        raise NotImplementedError

    def finish_term(self) -> None:
        """Not used."""
        raise NotImplementedError
