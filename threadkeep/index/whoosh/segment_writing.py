"""Write one segment's files: its words and their postings, and what is known of its posts."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.

import os
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path

from threadkeep.index.whoosh.codec import DOCUMENTS_EXT, Codec, DatedSegment
from threadkeep.index.whoosh.columns import columns_written
from threadkeep.index.whoosh.dictionary import WORDS
from threadkeep.index.whoosh.dictionary_writing import DictionaryWriter
from threadkeep.index.whoosh.lexicon import LEXICON_EXT, LexiconWriter
from threadkeep.index.whoosh.postings_writing import Written
from threadkeep.index.whoosh.segments import BY_NUMBER, CREATED, LENGTH, NAME, NUMBER


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
        (folder / segment.make_filename(Codec.TERMS_EXT)).open("wb") as words,
        (folder / segment.make_filename(Codec.POSTS_EXT)).open("wb") as postings,
        (folder / segment.make_filename(DOCUMENTS_EXT)).open("wb") as documents,
        (folder / segment.make_filename(LEXICON_EXT)).open("wb") as texts,
    ):
        documents.write(columns_written({**columns, BY_NUMBER: by_number}))
        writer, lexicon = DictionaryWriter(words, postings), LexiconWriter()
        for key, written in entries:
            writer.add(key, written)
            lexicon.add(key)
        writer.close()
        texts.write(lexicon.written())
        for file in (words, postings, documents, texts):
            file.flush()
            os.fsync(file.fileno())
    return segment
