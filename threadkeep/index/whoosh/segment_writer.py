"""Write the files of one segment: its terms, their postings, and the doc values of its posts."""

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from threadkeep.index.whoosh.doc_values import encode_columns
from threadkeep.index.whoosh.postings_writer import EncodedPostings
from threadkeep.index.whoosh.segment_format import (
    BY_ROW_ID,
    CREATED,
    DOC_VALUES_EXT,
    LENGTH,
    POSTINGS_EXT,
    ROW_ID,
    TERM_LIST_EXT,
    TERMS_EXT,
)
from threadkeep.index.whoosh.term_dictionary_writer import write_dictionary
from threadkeep.index.whoosh.term_scan import TermListWriter
from threadkeep.index.whoosh.whoosh_compat import DatedSegment, new_segment

_BUFFER_SIZE = 1 << 20


def write_segment(
    folder: Path, columns: "Mapping[str, array[int]]", entries: Iterable[tuple[bytes, EncodedPostings]]
) -> DatedSegment:
    """Write a segment of the posts in ``columns`` and the terms in ``entries``, ascending by key.

    On return the files are on the disk. Raises OSError and leaves what is written by then.
    """
    row_ids, created = columns[ROW_ID], columns[CREATED]
    in_date_order = all(map(int.__ge__, created, created[1:]))
    segment = new_segment(len(row_ids), sum(columns[LENGTH]), in_date_order=in_date_order)
    by_row_id = array("I", sorted(range(len(row_ids)), key=row_ids.__getitem__))
    stem = segment.meta().name
    with (
        (folder / f"{stem}{TERMS_EXT}").open("wb", _BUFFER_SIZE) as terms,
        (folder / f"{stem}{POSTINGS_EXT}").open("wb", _BUFFER_SIZE) as postings,
        (folder / f"{stem}{DOC_VALUES_EXT}").open("wb") as doc_values,
        (folder / f"{stem}{TERM_LIST_EXT}").open("wb") as term_texts,
    ):
        doc_values.write(encode_columns({**columns, BY_ROW_ID: by_row_id}))
        term_list = TermListWriter()
        write_dictionary(_noted(entries, term_list), terms, postings)
        term_texts.write(term_list.encode())
        for file in (terms, postings, doc_values, term_texts):
            file.flush()
            os.fsync(file.fileno())
    return segment


def _noted(
    entries: Iterable[tuple[bytes, EncodedPostings]], term_list: TermListWriter
) -> Iterator[tuple[bytes, EncodedPostings]]:
    for entry in entries:
        term_list.add(entry[0])
        yield entry
