"""Whoosh's own list of an index's segments, told in our words: reading it takes Whoosh, and unpickles what it says.

So it is read by what writes, which has it noted in ``state``, and else only where that note is behind.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

from pathlib import Path

from whoosh.filedb.filetables import FileFormatError
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshError

from threadkeep.index.whoosh.segment_reader import NAME, Contents, Outline
from threadkeep.index.whoosh.whoosh_codec import DatedSegment
from threadkeep.index.whoosh.whoosh_storage import MappedStorage


def contents_of(folder: Path) -> Contents:
    """The list of the index in ``folder``, as last written. What is damaged may raise anything in ``DAMAGE``."""
    try:
        found = TOC.read(MappedStorage(str(folder)), NAME)
    except (WhooshError, FileFormatError) as error:
        raise ValueError(str(error)) from error
    return Contents(tuple(map(_outline, found.segments)), found.generation)


def _outline(segment: DatedSegment) -> Outline:
    return Outline(
        segment.segment_id(),
        segment.doc_count_all(),
        segment.words(),
        segment.in_date_order,
        tuple(sorted(segment.deleted_docs())),
    )
