"""The format of an index: file names, dictionary fields and doc-value columns of a segment, and its metadata.

MAIN_<id>.trm   the term dictionary: see ``term_dictionary``
MAIN_<id>.pst   postings too long for the dictionary, one after the other: see ``postings_reader``
MAIN_<id>.doc   doc values, a column a field: see ``doc_values``
MAIN_<id>.lex   the terms once more, for regular expressions: see ``term_scan``
_MAIN_<n>.json  the list of segments, generation n
_MAIN_<n>.toc   the same as Whoosh pickles it, written for Whoosh's own tools and never read
state.json      the same list and the revision of the store: see ``index_meta``
"""

from dataclasses import dataclass

NAME = "MAIN"
"""Whoosh's default name for an index within its folder."""

TERMS_EXT, POSTINGS_EXT, DOC_VALUES_EXT, TERM_LIST_EXT = ".trm", ".pst", ".doc", ".lex"
"""The file name extensions of a segment."""

FORMS, KEYS, WORDS = "forms", "keys", "words"
"""The fields of the dictionary: unstemmed words and keywords, both without positions, and stems with positions."""

FIELDS = {FORMS: 0, KEYS: 1, WORDS: 2}
"""The numbers of the fields, in dictionary order."""

KEY_START = {field: number.to_bytes(2, "big") for field, number in FIELDS.items()}
"""The first bytes of the dictionary keys of a field."""

UNDATED = -(2**63)
"""The ``created`` value of a post without a date."""

UNCOUNTED = -1
"""The value of likes, reposts or replies that no source counted."""

ROW_ID, CREATED, LENGTH, THREAD = "row_id", "created", "length", "thread"
COUNTS = ("likes", "reposts", "replies")
CODES = {ROW_ID: "q", CREATED: "q", LENGTH: "H", THREAD: "q", **dict.fromkeys(COUNTS, "i")}
"""The columns of a segment (see ``Document``) and their type codes, as in the ``array`` module.

``LENGTH`` is the number of words of a post, at most 65,535.
"""

BY_ROW_ID = "by_row_id"
"""One more column: the doc ids sorted by row id."""


@dataclass(frozen=True, slots=True)
class SegmentMeta:
    """The metadata of a segment: the stem of its file names, and what those files do not say.

    ``size`` counts its posts, ``deleted`` are the doc ids of those replaced or removed since, ``words`` counts the
    words of all texts. ``in_date_order``: the newest post comes first, and those without a date come last.
    """

    name: str
    size: int
    words: int
    in_date_order: bool
    deleted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IndexMeta:
    """The segments of an index as of one generation (commit)."""

    segments: tuple[SegmentMeta, ...]
    generation: int
