"""Gather the words and names of many posts in memory, until they are written as one segment.

Every word's places go to an array of its piece of text (see ``pieces``), every post's id to arrays of the names that it
is filed under. Which words are indexed of a piece, and which keys of a name, is worked out when all is written: then
arrays of the same word come together.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import add

from threadkeep.index.document_batch import Batch
from threadkeep.index.keyword_terms import index_keys, keyword_values
from threadkeep.index.whoosh import positions
from threadkeep.index.whoosh.doc_values import value_range
from threadkeep.index.whoosh.postings_writer import (
    EncodedPostings,
    encode_ids,
    encode_postings,
    encode_presence,
    merge_runs,
)
from threadkeep.index.whoosh.segment_format import (
    CODES,
    COUNTS,
    CREATED,
    FORMS,
    KEY_START,
    KEYS,
    LENGTH,
    ROW_ID,
    THREAD,
    UNCOUNTED,
    UNDATED,
    WORDS,
)
from threadkeep.index.whoosh.token_accumulator import TokenAccumulator

MAX_LENGTH = 65_535
"""The greatest length that is told apart from greater ones."""

_append = array.append
_RANGES = {name: value_range(code) for name, code in CODES.items()}


class SegmentBuffer:
    """The postings of the posts added so far."""

    def __init__(self) -> None:
        self.columns = {name: array(code) for name, code in CODES.items()}
        self._places = 0
        self._pieces = TokenAccumulator()
        self._names: dict[str, _DocIdsByName] = {}

    def __len__(self) -> int:
        """How many posts there are."""
        return len(self.columns[ROW_ID])

    @property
    def size(self) -> int:
        """About how many bytes of memory what was gathered takes, which tells when to write it out."""
        names = sum(map(len, self._names.values()))
        return 9 * self._places + 100 * len(self) + 350 * (len(self._pieces) + names)

    def add(self, batch: Batch) -> None:
        """Add some posts; the first one's id is how many there were before."""
        first = len(self)
        lengths: list[int] = []
        zones: dict[str, list[int]] = {"title": [], "alt": [], "url": []}
        links = self._pieces.links
        around = zip(batch.text, batch.title, batch.alts, batch.cards, batch.urls, strict=True)
        for doc_id, (text, title, alts, cards, urls) in enumerate(around, first):
            base = doc_id << 32
            length = self._text(base, positions.TEXT, (text,))
            if title:
                titled = self._text(base, positions.TITLE, (title,))
                length += titled
                if titled:
                    zones["title"].append(doc_id)
            if alts and self._text(base, positions.ALTS, alts):
                zones["alt"].append(doc_id)
            if cards:
                self._text(base, positions.CARDS, cards)
            for url in urls:
                self._text(base, positions.LINKS, (url if "://" in url else f"https://{url}",))
            if links:
                self._add_links(base, links)
                zones["url"].append(doc_id)
            lengths.append(length if length < MAX_LENGTH else MAX_LENGTH)
        for op, names, at in keyword_values(batch):
            self._file(op, names, map(add, at, repeat(first)))
        for zone, ids in zones.items():
            self._file("zone", [zone] * len(ids), ids)
        self._note(batch, lengths)

    def entries(self) -> Iterator[tuple[bytes, EncodedPostings]]:
        """The words of all fields in order, with their postings; they are let go of on the way."""
        stems, surface_forms = self._pieces.words()
        self._pieces.forget()
        start = KEY_START[FORMS]
        for form in sorted(surface_forms):
            yield start + form.encode(), encode_presence(merge_runs(surface_forms.pop(form)))
        yield from self._keys()
        start, lengths = KEY_START[WORDS], self.columns[LENGTH].tolist()
        for word in sorted(stems):
            yield start + word.encode(), encode_postings(merge_runs(stems.pop(word)), lengths)

    def _keys(self) -> Iterator[tuple[bytes, EncodedPostings]]:
        keys: dict[str, list[array[int]]] = {}
        for op, normalize_name in self._names.items():
            for name, ids in normalize_name.items():
                for key in index_keys(op, name):
                    keys.setdefault(key, []).append(ids)
        self._names.clear()
        start = KEY_START[KEYS]
        for key in sorted(keys):
            found = keys.pop(key)
            yield start + key.encode(), encode_ids(found[0] if len(found) == 1 else array("I", sorted(chain(*found))))

    def _text(self, base: int, zone: range, texts: Sequence[str]) -> int:
        """Add ``texts`` to a zone of the post, with a place between them, and return how many places they take."""
        place = zone.start
        for text in texts:
            arrays = self._pieces.arrays_in(text)
            self._append(base, place, arrays, zone.stop)
            place += len(arrays) + 1
        return min(place, zone.stop) - zone.start - 1 if texts else 0

    def _add_links(self, base: int, links: "list[list[array[int]]]") -> None:
        """Add the links of a post, once all else is: they stand behind all other zones, and places must ascend."""
        place = positions.LINKS.start
        for arrays in links:
            self._append(base, place, arrays, positions.LINKS.stop)
            place += len(arrays) + 1
        links.clear()

    def _append(self, base: int, place: int, arrays: "list[array[int]]", stop: int) -> None:
        """Add a place to each of ``arrays``, one after the other. Past the end of a zone all stand at its end."""
        self._places += len(arrays)
        end = place + len(arrays)
        numbers: Iterable[int] = range(base + place, base + end)
        if end > stop:
            numbers = chain(range(base + place, base + stop), repeat(base + stop - 1))
        # To append returns nothing, so that this appends all, without a step of Python for each.
        any(map(_append, arrays, numbers))

    def _file(self, op: str, names: Iterable[str], ids: Iterable[int]) -> None:
        """Add an id to each of ``names``, one after the other. One that is added again right away counts once."""
        normalize_name = self._names.get(op)
        if normalize_name is None:
            normalize_name = self._names[op] = _DocIdsByName()
        any(map(_append, map(normalize_name.__getitem__, names), ids))

    def _note(self, batch: Batch, lengths: list[int]) -> None:
        columns = self.columns
        columns[ROW_ID].extend(batch.row_id)
        columns[CREATED].extend(UNDATED if created is None else created for created in batch.created)
        columns[LENGTH].extend(lengths)
        columns[THREAD].extend(batch.thread)
        for name in COUNTS:
            least, greatest = _RANGES[name]
            counts: tuple[int | None, ...] = getattr(batch, name)
            columns[name].extend(UNCOUNTED if count is None else min(max(count, least), greatest) for count in counts)


class _DocIdsByName(dict[str, "array[int]"]):
    """The ids of the posts filed under each name."""

    def __missing__(self, name: str) -> "array[int]":
        found = self[name] = array("I")
        return found
