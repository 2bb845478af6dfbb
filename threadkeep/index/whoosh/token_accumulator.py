"""The words of many texts in memory: for each piece of text that is one word, at which places it stands.

This is where indexing spends its time, so that nearly all of it happens in C, a text at a time. A text is cut at white
space and at what else of ASCII no word holds; nearly every piece is then one word in lower case, whose array a look-up
gives. What words are indexed of a piece (its stem, its form) is worked out once, when all is written. Of the rest, a
piece that is several words (a tag, a text in a script without spaces) stands for the arrays of its steps, and links are
kept apart, since they take no place in the running text. What all of them hold is told by ``analysis``.
"""

import re
from array import array
from string import ascii_letters, ascii_lowercase, ascii_uppercase

from threadkeep.index.analysis import TERM_LENGTH, TOKEN, TokenTerms, analyze, stem_term

Numbers = "array[int]"
"""Where a word stands: of each place, the id of the post << 32 | the place."""

CODE = "L" if array("L").itemsize == 8 else "Q"
"""The array's type: 64 bits, of the two kinds the one that is quicker to append to, where there are two."""

Unit = tuple[tuple[str, ...], tuple[str, ...]]
"""The words at one place, and the words before they were reduced: what ``TokenTerms`` calls a step, and forms."""

_LONG = 24
"""Longer pieces of text that are not one plain word are not remembered: few come twice."""

_REMEMBERED = 250_000
"""How many pieces of text that are not one plain word are remembered at a time."""

_SIMPLE_LINK = re.compile(r"(?:https?|at)://[A-Za-z0-9./:?=&~+_#@,;!$()*-]+")
"""A link of ASCII without anything coded or quoted in it: nearly all links."""

_SEPARATORS = bytes(range(128)).translate(None, b"'_0123456789" + ascii_letters.encode())
_SPACES = b"\x85\xa0"
_PLAIN = bytes.maketrans(
    ascii_uppercase.encode() + _SEPARATORS + _SPACES, ascii_lowercase.encode() + b" " * len(_SEPARATORS) + b"\xfe\xff"
)
"""ASCII in lower case, and a space for what parts tokens. Two bytes of UTF-8 that would be spaces become two others."""

_WHOLE = bytes.maketrans(b"\xfe\xff", _SPACES)


def _split(text: str) -> list[str]:
    """What stands between white space and other separators of ASCII, in lower case where it is ASCII.

    Letters past ASCII are bytes of UTF-8, each a character: strings of one byte a character are the quickest to part.
    """
    return text.encode("utf-8", "surrogatepass").translate(_PLAIN).decode("latin-1").split()


def _decode(piece: str) -> str:
    """A piece that ``_split`` gave, with its letters past ASCII."""
    return piece.encode("latin-1").translate(_WHOLE).decode("utf-8", "surrogatepass")


def _is_plain(piece: str) -> bool:
    """Whether a piece is one word as it is, whatever else stands around it."""
    return piece.isascii() and piece.isalnum()


class TokenAccumulator(dict[str, "array[int] | list[array[int]]"]):
    """The arrays of all pieces of the texts so far; asked for a new piece, it works out what that is."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[list[array[int]]] = []
        self._units: dict[Unit, array[int]] = {}
        self._rows: dict[str, list[array[int]]] = {}
        self._aliases = 0
        self._odd = False

    def arrays_in(self, text: str) -> "list[array[int]]":
        """The arrays of the words of ``text``, one a place. Those of links are put into ``links``, a list a link."""
        if "\u20e3" in text:
            return self._row(text)  # a key has no separator before it: 1️⃣, *️⃣
        if "#" in text or "://" in text:
            return self._mixed(text)
        return self._plain(text)

    def words(self) -> "tuple[dict[str, list[array[int]]], dict[str, list[array[int]]]]":
        """The arrays of each word that is indexed, and of each unreduced form. Several words may have one array."""
        stems: dict[str, list[array[int]]] = {}
        surface_forms: dict[str, list[array[int]]] = {}
        for piece, numbers in self.items():
            if piece.isascii() and piece.isalnum():
                word = stem_term(piece)
                if word != piece:
                    surface_forms[piece] = [numbers]  # type: ignore[list-item] # a plain word's are never a list
                held = stems.get(word)
                if held is None:
                    stems[word] = [numbers]  # type: ignore[list-item]
                else:
                    held.append(numbers)  # type: ignore[arg-type]
        for (step, unreduced), numbers in self._units.items():
            for word in step:
                stems.setdefault(word, []).append(numbers)
            for form in unreduced:
                surface_forms.setdefault(form, []).append(numbers)
        return stems, surface_forms

    def forget(self) -> None:
        """Let go of all pieces. Arrays that others have stay."""
        self.clear()
        self._units.clear()
        self._rows.clear()

    def _plain(self, text: str) -> "list[array[int]]":
        found = list(map(self.__getitem__, _split(text)))
        if not self._odd:
            return found  # type: ignore[return-value] # without odd pieces there are only arrays
        self._odd = False
        arrays: list[array[int]] = []
        for one in found:
            if isinstance(one, list):
                arrays += one
            else:
                arrays.append(one)
        return arrays

    def __missing__(self, piece: str) -> "array[int] | list[array[int]]":
        if _is_plain(piece):
            word = piece[:TERM_LENGTH]
            found = self.get(word)
            if found is None:
                found = self[word] = array(CODE)
            return found
        row = self._rows.get(piece)
        if row is None:
            text = _decode(piece)
            row = self._row(text)
            if len(text) <= _LONG:
                if len(row) == 1:
                    return self._alias(piece, row[0])
                self._remember(piece, row)
        self._odd = True
        return row

    def _alias(self, piece: str, numbers: "array[int]") -> "array[int]":
        if self._aliases >= _REMEMBERED:
            for alias in [one for one in self if not _is_plain(one)]:
                del self[alias]
            self._aliases = 0
        self._aliases += 1
        self[piece] = numbers
        return numbers

    def _remember(self, piece: str, row: "list[array[int]]") -> None:
        if len(self._rows) >= _REMEMBERED:
            self._rows.clear()
        self._rows[piece] = row

    def _mixed(self, text: str) -> "list[array[int]]":
        """The arrays of a text that may hold tags and links: these are taken out whole."""
        arrays: list[array[int]] = []
        done, tag, link = 0, text.find("#"), text.find("://")
        while tag >= 0 or link >= 0:
            at = min(tag, link) if tag >= 0 and link >= 0 else max(tag, link)
            start, end = text.rfind(" ", done, at) + 1 or done, text.find(" ", at)
            end = len(text) if end < 0 else end
            if start > done:
                arrays += self._plain(text[done:start])
            for piece in text[start:end].split():
                arrays += self._special(piece) if "#" in piece or "://" in piece else self._plain(piece)
            done = end
            tag, link = (text.find("#", end) if tag >= 0 else -1), (text.find("://", end) if link >= 0 else -1)
        if done < len(text):
            arrays += self._plain(text[done:])
        return arrays

    def _special(self, piece: str) -> "list[array[int]]":
        """The arrays of a piece with a tag or a link in it."""
        row = self._rows.get(piece)
        if row is not None:
            return row
        if _SIMPLE_LINK.fullmatch(piece):
            self.links.append(self._plain(piece.partition("://")[2].removeprefix("www.").replace("_", " ")))
            return []
        links = len(self.links)
        row = self._row(piece)
        if len(piece) <= _LONG and len(self.links) == links:
            self._remember(piece, row)
        return row

    def _row(self, text: str) -> "list[array[int]]":
        """The arrays of a text, token by token."""
        row: list[array[int]] = []
        for token in TOKEN.findall(text):
            terms = analyze(token)
            if terms.link:
                self.links.append(self._steps(terms))
            else:
                row += self._steps(terms)
        return row

    def _steps(self, terms: TokenTerms) -> "list[array[int]]":
        """An array a step; what forms there are go with the first."""
        row: list[array[int]] = []
        surface_forms = terms.surface_forms
        for step in terms.positions:
            numbers = self._units.get((step, surface_forms))
            if numbers is None:
                numbers = self._units[step, surface_forms] = array(CODE)
            row.append(numbers)
            surface_forms = ()
        return row
