"""Gather the words of many posts in memory, word by word, until they are written as one segment.

This is where indexing spends its time: the loop in ``_text`` sees every word of every post. A plain word costs it a
dictionary look-up and an append to the array of its stem; the rest (links, tags, scripts without spaces) is rarer and
goes through ``analysis`` each time.
"""

from array import array
from collections.abc import Callable, Iterator

from threadkeep.index import Document
from threadkeep.index.analysis import TOKEN, Spelling, is_spaceless, spelled
from threadkeep.index.keys import keys_of
from threadkeep.index.whoosh import places
from threadkeep.index.whoosh.codec import Item
from threadkeep.index.whoosh.postings import Postings

WORDS, FORMS, KEYS = "words", "forms", "keys"
"""The fields of the index: stems with their places, unreduced words, and keys; both of the latter by presence only."""

_LONG = 24
"""Longer tokens are not remembered: few come twice."""

Append = Callable[[int], None]


class Gathering:
    """The postings of the posts added so far. ``size`` counts the places taken, and tells when to write them out."""

    def __init__(self) -> None:
        self.size = 0
        self._words: dict[str, array[int]] = {}
        self._forms: dict[str, array[int]] = {}
        self._keys: dict[str, array[int]] = {}
        self._known = _Known(self._words, self._forms)

    def add(self, id_: int, document: Document) -> int:
        """Add a post under its id within the segment, ids ascending, and return the length of its text in words."""
        self._link_place = places.LINKS.start
        length = self._text(id_, places.TEXT, (document.text,))
        titled = self._text(id_, places.TITLE, (document.title,) if document.title else ())
        aside = self._text(id_, places.ASIDE, (*document.alts, *document.cards))
        self._text(id_, places.LINKS, (url if "://" in url else f"https://{url}" for url in document.urls))
        self.size += length + titled + aside
        zones = ("zone=title",) * (titled > 0) + ("zone=url",) * (self._link_place > places.LINKS.start)
        for key in (*keys_of(document), *zones):
            self._keys.setdefault(key, array("I")).append(id_)
        return length + titled

    def items(self) -> Iterator[Item]:
        """What was gathered, field by field and word by word in order; it is let go of on the way."""
        for field, gathered in ((FORMS, self._forms), (KEYS, self._keys)):
            for word in sorted(gathered):
                yield field, word.encode(), [Postings(gathered.pop(word))]
        self._known.clear()
        for word in sorted(self._words):
            yield WORDS, word.encode(), [_postings(self._words.pop(word))]

    def _text(self, id_: int, zone: range, texts: Iterator[str] | tuple[str, ...]) -> int:
        """Add ``texts`` to a zone of the post, with a place between them, and return how many places they take."""
        known, base, place = self._known, id_ << places.BITS, zone.start
        for text in texts:
            fits = place + len(text) < zone.stop
            for token in TOKEN.findall(text):
                append, forms = known[token]
                if append is not None and fits:
                    append(base | place)
                    place += 1
                    if forms is not None and (not forms or forms[-1] != id_):
                        forms.append(id_)
                else:
                    place = self._spelling(id_, spelled(token), place, zone)
            place += 1
        return min(place, zone.stop) - zone.start - 1 if place > zone.start else 0

    def _spelling(self, id_: int, spelling: Spelling, place: int, zone: range) -> int:
        """Add a token of any kind, and return the place after it. Past the end of a zone all stands at its end."""
        start, base = place, id_ << places.BITS
        if spelling.link:
            start, zone = self._link_place, places.LINKS
            self._link_place += len(spelling.steps) + 1
        for offset, step in enumerate(spelling.steps):
            for word in step:
                self._words.setdefault(word, array("Q")).append(base | min(start + offset, zone.stop - 1))
        for form in spelling.forms:
            ids = self._forms.setdefault(form, array("I"))
            if not ids or ids[-1] != id_:
                ids.append(id_)
        return place if spelling.link else place + len(spelling.steps)


class _Known(dict[str, tuple[Append | None, "array[int] | None"]]):
    """For a plain word, where its places go and where its form; for any other token nothing."""

    def __init__(self, words: "dict[str, array[int]]", forms: "dict[str, array[int]]") -> None:
        super().__init__()
        self._words = words
        self._forms = forms

    def __missing__(self, token: str) -> "tuple[Append | None, array[int] | None]":
        if len(token) > _LONG or not token[0].isalnum() or is_spaceless(token):
            return None, None
        spelling = spelled(token)
        if len(spelling.steps) != 1 or len(spelling.steps[0]) != 1 or len(spelling.forms) > 1:
            return None, None
        append = self._words.setdefault(spelling.steps[0][0], array("Q")).append
        forms = self._forms.setdefault(spelling.forms[0], array("I")) if spelling.forms else None
        self[token] = append, forms
        return append, forms


def _postings(gathered: "array[int]") -> Postings:
    """Ascending numbers, each an id and a place, as postings."""
    ids = [number >> places.BITS for number in gathered]
    if len(ids) == 1 or len(set(ids)) == len(ids):
        return Postings(ids, *places.of_singles([number & places.MASK for number in gathered]))
    grouped: dict[int, list[int]] = {}
    for number, id_ in zip(gathered, ids, strict=True):
        if id_ in grouped:
            grouped[id_].append(number & places.MASK)
        else:
            grouped[id_] = [number & places.MASK]
    for found in grouped.values():
        found.sort()
    weights = [places.weight(found) for found in grouped.values()]
    return Postings(list(grouped), weights, [places.packed(found) for found in grouped.values()])
