"""Write one segment's files: its words and their postings, and what is known of its posts."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from threadkeep.index.whoosh.doc_values import columns_written
from threadkeep.index.whoosh.postings_writer import Written
from threadkeep.index.whoosh.segment_reader import BY_NUMBER, CREATED, DOCUMENTS_EXT, LENGTH, NAME, NUMBER
from threadkeep.index.whoosh.term_dictionary import WORDS
from threadkeep.index.whoosh.term_dictionary_writer import write_dictionary
from threadkeep.index.whoosh.term_scan import LEXICON_EXT, LexiconWriter
from threadkeep.index.whoosh.whoosh_codec import Codec, DatedSegment

_BUFFERED = 1 << 20


def write_segment(
    folder: Path, columns: "Mapping[str, array[int]]", entries: Iterable[tuple[bytes, Written]]
) -> DatedSegment:
    """Write a segment of the posts in ``columns`` and the words in ``entries``, which ascend by their keys.

    When it returns, its files are on the disk. Raises OSError, and leaves what is written by then.
    """
    numbers, created = columns[NUMBER], columns[CREATED]
    segment = Codec().new_segment(None, NAME)
    segment.set_doc_count(len(numbers))
    segment.in_date_order = all(map(int.__ge__, created, created[1:]))
    segment._fieldlengths = {WORDS: sum(columns[LENGTH])}
    by_number = array("I", sorted(range(len(numbers)), key=numbers.__getitem__))
    with (
        (folder / segment.make_filename(Codec.TERMS_EXT)).open("wb", _BUFFERED) as words,
        (folder / segment.make_filename(Codec.POSTS_EXT)).open("wb", _BUFFERED) as postings,
        (folder / segment.make_filename(DOCUMENTS_EXT)).open("wb") as documents,
        (folder / segment.make_filename(LEXICON_EXT)).open("wb") as texts,
    ):
        documents.write(columns_written({**columns, BY_NUMBER: by_number}))
        lexicon = LexiconWriter()
        write_dictionary(_noted(entries, lexicon), words, postings)
        texts.write(lexicon.written())
        for file in (words, postings, documents, texts):
            file.flush()
            os.fsync(file.fileno())
    return segment


def _noted(entries: Iterable[tuple[bytes, Written]], lexicon: LexiconWriter) -> Iterator[tuple[bytes, Written]]:
    for entry in entries:
        lexicon.add(entry[0])
        yield entry
