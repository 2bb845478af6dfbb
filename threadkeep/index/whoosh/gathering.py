"""Gather the words of many posts in memory, word by word, until they are written as one segment.

This is where indexing spends its time: the loop in ``_text`` sees every word of every post. Text is cut at white space,
which no token holds; what stands between is nearly always one plain word, whatever case and punctuation, and costs a
look-up and an append to the array of its unreduced form. Forms of one stem come together when they are written. The
rest (links, tags, words in scripts without spaces) goes through ``analysis``.
"""

import re
from array import array
from collections.abc import Callable, Iterator
from itertools import chain
from operator import call
from string import ascii_letters, ascii_lowercase, ascii_uppercase

from threadkeep.index import Document
from threadkeep.index.analysis import TERM_LENGTH, TOKEN, Spelling, is_spaceless, spelled, term
from threadkeep.index.keys import keys_by, names_of
from threadkeep.index.whoosh import places
from threadkeep.index.whoosh.dictionary import FORMS, KEY_START, KEYS, WORDS
from threadkeep.index.whoosh.postings_writing import Written, distinct_ids, written, written_ids
from threadkeep.index.whoosh.segments import COLUMNS, COUNTS, CREATED, LENGTH, NUMBER, THREAD, UNCOUNTED, UNDATED

_LONG = 24
"""Longer pieces of text are not remembered: few come twice."""

_REMEMBERED = 250_000
"""How many pieces of text are remembered at a time."""

_PUNCTUATION = "!\"$%&'()*+,-./:;<=>?@[\\]^`{|}~"
"""What of ASCII is no part of a token at its ends."""

Append = Callable[[int], None]

_stem = term.__wrapped__
"""Without its memory of words: here each is asked for once."""

_SPANS = {name: column.span for name, column in COLUMNS.items()}

_SIMPLE_LINK = re.compile(r"(?:https?|at)://[A-Za-z0-9./:?=&~+_#@,;!$()*-]+")
"""A link of ASCII without anything coded or quoted in it: nearly all links."""

_SEPARATORS = bytes(range(128)).translate(None, b"'_0123456789" + ascii_letters.encode())
_PLAIN = bytes.maketrans(ascii_uppercase.encode() + _SEPARATORS, ascii_lowercase.encode() + b" " * len(_SEPARATORS))
"""ASCII in lower case, and a space for what parts tokens."""


def _pieces(text: str) -> list[str]:
    """What stands between white space in ``text``, which holds the same tokens, links and tags whole.

    Of ASCII it is what stands between any separators, in lower case: of "Fired, (fired)" the same piece twice.
    """
    if not text.isascii():
        return text.split()
    if "#" not in text and "://" not in text:
        return _parted(text)
    pieces: list[str] = []
    plain: list[str] = []
    for piece in text.split():
        if "#" in piece or "://" in piece:
            pieces += _parted(" ".join(plain))
            pieces.append(piece)
            plain.clear()
        else:
            plain.append(piece)
    return pieces + _parted(" ".join(plain))


def _parted(text: str) -> list[str]:
    return text.encode().translate(_PLAIN).decode().split()


class Gathering:
    """The postings of the posts added so far."""

    def __init__(self) -> None:
        self._places = 0
        self.columns = {name: array(column.code) for name, column in COLUMNS.items()}
        self._stems: dict[str, array[int]] = {}
        self._forms: dict[str, array[int]] = {}
        self._stem_of: dict[str, str] = {}
        self._adding: dict[str, Append] = {}
        self._form_ids: dict[str, array[int]] = {}
        self._keys: dict[str, array[int]] = {}
        self._filed: dict[tuple[str, str], tuple[array[int], ...]] = {}
        self._known = _Known(self)
        self._compiled: dict[str, _Compiled] = {}
        self._links: list[tuple[int, Spelling | list[str]]] = []

    def __len__(self) -> int:
        """How many posts there are."""
        return len(self.columns[NUMBER])

    @property
    def size(self) -> int:
        """About how many bytes of memory what was gathered takes, which tells when to write it out."""
        words = len(self._stems) + len(self._forms) + len(self._form_ids) + len(self._keys)
        return 9 * self._places + 150 * len(self) + 350 * words

    def add(self, document: Document) -> None:
        """Add a post; its id is how many there were before."""
        id_ = len(self)
        base = id_ << 32
        self._link_place = places.LINKS.start
        length = self._text(base, places.TEXT, (document.text,))
        titled = self._text(base, places.TITLE, (document.title,)) if document.title else 0
        alts = self._text(base, places.ALTS, document.alts) if document.alts else 0
        cards = self._text(base, places.CARDS, document.cards) if document.cards else 0
        for url in document.urls:
            self._text(base, places.LINKS, (url if "://" in url else f"https://{url}",))
        self._places += length + titled + alts + cards
        held = {"title": titled, "alt": alts, "url": self._link_place - places.LINKS.start}
        zones = [("zone", name) for name, count in held.items() if count]
        if self._links:
            self._add_links(base)
        for name in chain(names_of(document), zones):
            for ids in self._filed.get(name) or self._file(name):
                if not ids or ids[-1] != id_:
                    ids.append(id_)
        self._note(document, length + titled)

    def entries(self) -> Iterator[tuple[bytes, Written]]:
        """The words of all fields in order, with their postings; they are let go of on the way."""
        self._known.clear()
        self._compiled.clear()
        self._adding.clear()
        self._filed.clear()
        start = KEY_START[FORMS]
        for form in sorted(self._forms.keys() | self._form_ids.keys()):
            ids = distinct_ids(self._forms[form]) if form in self._forms else []
            if form in self._form_ids:
                ids = sorted({*ids, *self._form_ids.pop(form)})
            yield start + form.encode(), written_ids(ids)
        start = KEY_START[KEYS]
        for key in sorted(self._keys):
            yield start + key.encode(), written_ids(self._keys.pop(key))
        for form, stem in self._stem_of.items():
            self._stems.setdefault(stem, array("Q")).extend(self._forms.pop(form))
        merged = set(self._stem_of.values())
        start, lengths = KEY_START[WORDS], self.columns[LENGTH]
        for word in sorted(self._stems):
            numbers = self._stems.pop(word)
            if word in merged:
                numbers = array("Q", sorted(numbers))
            yield start + word.encode(), written(numbers, lengths)

    def _note(self, document: Document, length: int) -> None:
        columns = self.columns
        columns[NUMBER].append(document.number)
        columns[CREATED].append(UNDATED if document.created is None else document.created)
        columns[LENGTH].append(min(length, 65_535))
        columns[THREAD].append(document.thread)
        for name in COUNTS:
            count: int | None = getattr(document, name)
            least, greatest = _SPANS[name]
            columns[name].append(UNCOUNTED if count is None else min(max(count, least), greatest))

    def _text(self, base: int, zone: range, texts: tuple[str, ...]) -> int:
        """Add ``texts`` to a zone of the post, with a place between them, and return how many places they take."""
        known, place = self._known, zone.start
        for text in texts:
            pieces = _pieces(text)
            if place + len(text) >= zone.stop:
                appends: list[Append | None] = [None] * len(pieces)
            else:
                appends = list(map(known.__getitem__, pieces))
            appends.append(None)
            done = 0
            while True:
                end = appends.index(None, done)
                number = base | place
                # An append returns nothing, so that this calls them all, without a step of Python for each.
                any(map(call, appends[done:end], range(number, number + end - done)))  # type: ignore[arg-type] # none is None
                place += end - done
                if end == len(pieces):
                    break
                place = self._piece(base, pieces[end], place, zone)
                done = end + 1
            place += 1
        return min(place, zone.stop) - zone.start - 1 if place > zone.start else 0

    def _piece(self, base: int, piece: str, place: int, zone: range) -> int:
        """Add a piece of text of any kind, and return the place after it."""
        compiled = self._compiled.get(piece)
        if compiled is None or place + len(piece) >= zone.stop:
            if _SIMPLE_LINK.fullmatch(piece):
                self._link(_parted(piece.partition("://")[2].removeprefix("www.").replace("_", " ")))
                return place
            for token in TOKEN.findall(piece):
                place = self._spelling(base, spelled(token), place, zone)
            return place
        number, id_ = base | place, base >> 32
        appends, forms, steps = compiled
        for offset, append in appends:
            append(number + offset)
        for ids in forms:
            if not ids or ids[-1] != id_:
                ids.append(id_)
        return place + steps

    def _spelling(self, base: int, spelling: Spelling, place: int, zone: range) -> int:
        """Add a token of any kind, and return the place after it. Past the end of a zone all stand at its end."""
        if spelling.link:
            self._link(spelling)
            return place
        self._steps(base, spelling, place, zone.stop - 1)
        return place + len(spelling.steps)

    def _link(self, words: Spelling | list[str]) -> None:
        """Add a link, or the words of one, once all else is: they stand behind all zones, and places must ascend."""
        self._links.append((self._link_place, words))
        self._link_place += (len(words) if isinstance(words, list) else len(words.steps)) + 1

    def _add_links(self, base: int) -> None:
        end = places.LINKS.stop - 1
        for place, words in self._links:
            if isinstance(words, Spelling):
                self._steps(base, words, place, end)
            else:
                for number, word in enumerate(words, base | place):
                    self.word(word[:TERM_LENGTH])(min(number, base | end))
        self._links.clear()

    def _steps(self, base: int, spelling: Spelling, place: int, end: int) -> None:
        for step in spelling.steps:
            for word in step:
                self.stem(word).append(base | min(place, end))
            place += 1
        id_ = base >> 32
        for form in spelling.forms:
            ids = self.form_ids(form)
            if not ids or ids[-1] != id_:
                ids.append(id_)

    def _file(self, name: tuple[str, str]) -> "tuple[array[int], ...]":
        """Where the ids of posts go that are filed under a name: one array a key."""
        keys = keys_by(*name)
        for key in keys:
            if key not in self._keys:
                self._keys[key] = array("I")
        if len(self._filed) >= _REMEMBERED:
            self._filed.clear()
        found = self._filed[name] = tuple(self._keys[key] for key in keys)
        return found

    # Where the places of a word go; ``_Known`` asks too.

    def stem(self, word: str) -> "array[int]":
        """Where the places of a stem go."""
        found = self._stems.get(word)
        if found is None:
            found = self._stems[word] = array("Q")
        return found

    def form_ids(self, form: str) -> "array[int]":
        """Where the ids of an unreduced word go whose stem is added by itself."""
        found = self._form_ids.get(form)
        if found is None:
            found = self._form_ids[form] = array("I")
        return found

    def word(self, form: str) -> Append:
        """What adds a place of a folded word, the word as it is and its stem."""
        return self._adding.get(form) or self._add_to(form, _stem(form))

    def plain(self, spelling: Spelling) -> Append:
        """The same for what has one step and at most one form."""
        (stem,) = spelling.steps[0]
        form = spelling.forms[0] if spelling.forms else stem
        return self._adding.get(form) or self._add_to(form, stem)

    def _add_to(self, form: str, stem: str) -> Append:
        if form == stem:
            append = self.stem(stem).append
        else:
            self._forms[form], self._stem_of[form] = array("Q"), stem
            append = self._forms[form].append
        self._adding[form] = append
        return append

    def compile(self, piece: str, spellings: list[Spelling]) -> None:
        """Remember what to do about a piece of text of several words."""
        appends: list[tuple[int, Append]] = []
        forms: list[array[int]] = []
        steps = 0
        for spelling in spellings:
            if _is_plain(spelling):
                appends.append((steps, self.plain(spelling)))
            else:
                appends += (
                    (steps + offset, self.stem(word).append)
                    for offset, step in enumerate(spelling.steps)
                    for word in step
                )
                forms += map(self.form_ids, spelling.forms)
            steps += len(spelling.steps)
        if len(self._compiled) >= _REMEMBERED:
            self._compiled.clear()
        self._compiled[piece] = tuple(appends), tuple(forms), steps


_Compiled = tuple[tuple[tuple[int, Append], ...], tuple["array[int]", ...], int]
"""Where places go and how far behind the first, where the id goes, how many places are taken."""


class _Known(dict[str, Append | None]):
    """For a piece of text that is one plain word, where its places go; ``None`` for any other."""

    def __init__(self, gathering: Gathering) -> None:
        super().__init__()
        self._gathering = gathering

    def __missing__(self, piece: str) -> Append | None:
        if len(piece) > _LONG:
            return None
        if len(self) >= _REMEMBERED:
            self.clear()
        if piece.isascii() and "#" not in piece and "://" not in piece:
            word = piece.strip(_PUNCTUATION)
            if word.isalnum():
                self[piece] = append = self._gathering.word(word.lower())
                return append
        tokens = TOKEN.findall(piece)
        if any(is_spaceless(token) for token in tokens):
            return None
        spellings = list(map(spelled, tokens))
        if any(spelling.link for spelling in spellings):
            return None
        if len(spellings) == 1 and _is_plain(spellings[0]):
            self[piece] = self._gathering.plain(spellings[0])
        else:
            self._gathering.compile(piece, spellings)
            self[piece] = None
        return self[piece]


def _is_plain(spelling: Spelling) -> bool:
    """Whether it is one word at one place, whose form, if any, is that word's."""
    return len(spelling.steps) == 1 and len(spelling.steps[0]) == 1 and len(spelling.forms) <= 1
