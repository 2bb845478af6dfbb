"""Cut text into the words that are indexed and searched for: one function for both sides, whatever the engine.

    "I've been running, café!"  ->  ive been run cafe
    "#ThreadOfTheDay"           ->  thread (and threadofthedai), of, the, day
    "東京都"                     ->  東 東京, 京 京都, 都
    "l'IA"                      ->  l (and lia), ia
    "🧑‍🍳 https://www.example.org/kiln"  ->  🧑 🍳, and apart from the running text: exampl org kiln

Words are compared in Unicode NFKC without case; accents do not count in Latin and Greek (in other scripts a mark makes
another letter: й is no и); words in Latin letters are reduced to their English stem. Scripts without spaces, and
Hangul, are indexed by single characters and by pairs. Stop words are kept: phrases need them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from Stemmer import Stemmer

VERSION = 3
"""Counted up whenever the same post would give other words or other keys, so that indexes are made anew."""

TERM_LENGTH = 64
"""No word is longer; what is, in a blob of base64, is cut."""

_SPACELESS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ed9\u1000-\u1049\u1050-\u109d\u1100-\u11ff\u1780-\u17d3\u17dd\u3005-\u3007"
    "\u3021-\u3029\u3031-\u3035\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff"
    "\uff66-\uff9f\uffa0-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, bopomofo, Han and Hangul: their words are not told apart by spaces."""

# Python's \w leaves out combining marks. These ranges hold all of them; the letters between are no harm.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07b0\u07eb-\u07f3\u07fd\u0816-\u082d\u0859-\u085b\u0898-\u0963"
    "\u0971-\u0df3\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fc6\u135d-\u135f\u1712-\u1734\u1752-\u1773"
    "\u180b-\u180f\u1885-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37"
    "\u1cd0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\ua66f-\ua672\ua674-\ua67d\ua69e-\ua6f1"
    "\ua802-\ua82c\ua880-\ua8c5\ua8e0-\ua8ff\ua926-\ua92d\ua947-\ua953\ua980-\ua9c0\ua9e5\uaa29-\uaa4d\uaa7b-\uaac1"
    "\uaaeb-\uaaf6\uabe3-\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\U000101fd-\U000102e0\U00010376-\U0001037a"
    "\U00010a01-\U00010a3f\U00010ae5\U00010ae6\U00010d24-\U00010d27\U00010d69-\U00010d6d\U00010eab-\U00010eff"
    "\U00010f46-\U00010f85\U00011000-\U00011f42\U00013440-\U00013455\U0001611e-\U0001612f\U00016af0-\U00016b36"
    "\U00016f4f-\U00016ff1\U0001bc9d\U0001bc9e\U0001cf00-\U0001cf46\U0001d165-\U0001d172\U0001d17b-\U0001d1ad"
    "\U0001d242-\U0001d244\U0001da00-\U0001e2ef\U0001e4ec-\U0001e4ef\U0001e5ee\U0001e5ef\U0001e8d0-\U0001e94a"
    "\U000e0100-\U000e01ef"
)
_SPACELESS_MARKS = "\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecd\u102b-\u109d\u17b4-\u17dd\u3099\u309a"
_INVISIBLE = "\u00ad\u034f\u061c\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_APOSTROPHES = "'’＇"
_SYMBOLS = "¢£¤¥©¬®±×÷‼⁉\u20a0-\u20cf№℗℠™\u2190-\u23ff\u24b6-\u24ea\u2500-\u2bff〰〽㊗㊙\U0001f000-\U0001fbff"
"""Currencies, signs of mathematics, arrows, pictures. A degree sign is none: ``900°C`` is ``900`` and ``C``."""
_KEY = "\u20e3"
"""Makes a key of the character before it: 1️⃣."""
_MODIFIERS = "\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"

_RUN = rf"[\w{_MARKS}{_SPACELESS_MARKS}{_INVISIBLE}]++"
_PAST_LINK = '<>"“”„«»\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uffef'
TOKEN = re.compile(
    rf"(?:[hH][tT]{{2}}[pP][sS]?|at)://[^\s{_PAST_LINK}]++"
    r"|[0-9#*]\ufe0f?\u20e3"
    rf"|ℹ[{_MODIFIERS}]*+(?!\w)"
    rf"|[#＃]?{_RUN}(?:[{_APOSTROPHES}](?=\w){_RUN})*+"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|[{_SYMBOLS}](?:[{_MODIFIERS}]|\u200d[{_SYMBOLS}]?)*+"
)
"""A link, a hashtag, an emoji, or a run of letters, which holds several words in scripts without spaces."""

_ASCII_WORD = re.compile(r"[A-Za-z0-9]++(?:['’][A-Za-z0-9]++)*+")
_SYMBOL = re.compile(rf"[{_SYMBOLS}\U0001f1e6-\U0001f1ff]|[0-9#*]\ufe0f?\u20e3\Z|ℹ[{_MODIFIERS}]*+\Z")
_MODIFIER = re.compile(f"[{_MODIFIERS}\u200d]")
_HUMP = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_+")

_ENDINGS = frozenset({"", "d", "ll", "m", "re", "s", "t", "ve"})
"""What English joins to a word by an apostrophe, and no word of its own: ``we'll``, ``don't``."""

# Letters of their own in Unicode, typed as their neighbours by those who lack the key.
_ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ё": "е"}
)
_DROPPED = re.compile(rf"[{_INVISIBLE}{_APOSTROPHES}ʼ\u0640\u200b]")


@dataclass(frozen=True, slots=True)
class TokenTerms:
    """The terms of one token, as indexed and as queried.

    ``positions``: the terms at the first position of the token, at the second, and so on. ``surface_forms``: the words
    before stemming, where that changed them; prefix queries search them too. ``query_terms``: the terms that a query
    must find, each with its offset. ``link``: the token is a link and takes no position in the running text.
    """

    positions: tuple[tuple[str, ...], ...]
    surface_forms: tuple[str, ...]
    query_terms: tuple[tuple[str, int], ...]
    link: bool = False


def fold(text: str) -> str:
    """``text`` without case, accents and invisible characters: what two spellings of one word have in common.

    >>> folded("Ça")
    'ca'
    """
    if text.isascii():
        return text.lower().replace("'", "")
    text = _DROPPED.sub("", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))
    kept, base = [], ""
    for char in unicodedata.normalize("NFD", text):
        if not unicodedata.category(char).startswith("M"):
            base = char
        elif base < "\u0400" or "\u0590" <= char < "\u0700" or "\ufe00" <= char <= "\ufe0f":
            continue  # an accent of Latin and Greek, a point of Hebrew and Arabic, a choice between glyphs
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_ALIKE)


_stem = Stemmer("english", 0).stemWord
"""Snowball's English stemmer in C. Without a cache: stemming a word takes no longer than looking it up in one."""


def stem_term(form: str) -> str:
    """Return the term for the folded word ``form``: cut to ``TERM_LENGTH`` and, in ASCII letters, stemmed."""
    form = form[:TERM_LENGTH]
    return _stem(form) if form.isascii() and form.isalpha() else form


def words(text: str) -> list[tuple[int, str]]:
    """The words of ``text`` and where they begin; a run of a script without spaces counts as one."""
    pattern = _ASCII_WORD if text.replace("’", "'").isascii() else _word_pattern()
    return [(found.start(), found[0]) for found in pattern.finditer(text)]


def analyze(token: str) -> TokenTerms:
    """What is indexed and sought of ``token``, a match of ``TOKEN``."""
    return _analyze_cached(token) if len(token) <= TERM_LENGTH else _analyze(token)


def _analyze(token: str) -> TokenTerms:
    if token.isascii() and token.isalnum():
        return _analyze_word(token)
    if _SYMBOL.match(token):
        return _emoji(token)
    if token[0] in "#＃":
        return _tag(token[1:])
    if "://" in token:
        return _sequence(_link_words(token), link=True)
    return _sequence([word for _, word in words(token)])


_analyze_cached = lru_cache(maxsize=10_000)(_analyze)


@lru_cache(maxsize=1_000)
def query_terms(text: str) -> tuple[tuple[str, int], ...]:
    """The words that a query for ``text`` looks for, each with its place counted from the first.

    >>> query_terms("wood-fired")
    (('wood', 0), ('fire', 1))
    """
    found: list[tuple[str, int]] = []
    place = 0
    for token in TOKEN.findall(text):
        spelling = analyze(token)
        found += ((word, place + offset) for word, offset in spelling.query_terms)
        place += len(spelling.positions)
    return tuple(found)


def split_prefix(text: str) -> tuple[tuple[tuple[str, int], ...], str]:
    """The whole words before the last one of ``text``, and the beginning of that: what ``text*`` looks for.

    >>> beginning("wood-fir")
    ((('wood', 0),), 'fir')
    """
    before, last = "", ""
    for found in TOKEN.finditer(text):
        before, last = text[: found.start()], found[0]
    parts = words(last)
    if not parts or is_spaceless(parts[-1][1]):
        # Of pairs of characters all but the last must be there; that one is a whole word, and so its own beginning.
        pairs = query_terms(text)
        return pairs[:-1], pairs[-1][0] if pairs else ""
    start, word = parts[-1]
    return query_terms(before + last[:start]), fold(word)[:TERM_LENGTH]


def is_spaceless(word: str) -> bool:
    """Whether ``word`` is a run of a script that does not part its words."""
    return word[0] >= _SPACELESS[0] and _spaceless_pattern().match(word) is not None


@lru_cache(maxsize=1)
def _spaceless_pattern() -> re.Pattern[str]:
    return re.compile(f"[{_SPACELESS}]")


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    # Compiled when text first asks for it: most queries are ASCII, and this takes 4 ms.
    letter, joining = rf"[^\W_{_SPACELESS}]", rf"[{_MARKS}{_INVISIBLE}]"
    return re.compile(
        rf"{letter}++(?:(?:{joining}++|[{_APOSTROPHES}](?={letter})){letter}*+)*+"
        rf"|[{_SPACELESS}](?:[{_SPACELESS}]|{joining})*+"
    )


def _emoji(token: str) -> TokenTerms:
    """A flag, a key, or the pictures that an emoji is made of, without skin tones and the like.

    The flag of a region (🏴 and letters that do not show) is found as a black flag too, a key by what is on it.
    """
    whole = token.replace("\ufe0f", "")[:TERM_LENGTH]
    if len(whole) > 1 and (whole[1] == _KEY or "\U000e0020" <= whole[1] <= "\U000e007f"):
        base = (whole[0],) if whole[0] not in "#*" else ()
        return TokenTerms(((whole, *base),), (), ((whole, 0),))
    is_flag = "\U0001f1e6" <= token[0] <= "\U0001f1ff" and len(token) == 2
    parts = [token] if is_flag else [char for char in token if not _MODIFIER.match(char)]
    return TokenTerms(tuple((part,) for part in parts), (), tuple((part, i) for i, part in enumerate(parts)))


def _tag(body: str) -> TokenTerms:
    """A hashtag: the words it is made of, and all of it as one."""
    spelling = _sequence([word for part in _camel_parts(body) for _, word in words(part)])
    return _with_joined(spelling, fold(body.replace("_", ""))) if len(spelling.positions) > 1 else spelling


def _camel_parts(body: str) -> Iterator[str]:
    """``ThreadOfTheDay`` and ``thread_of_the_day`` in their parts; ``AIForGood`` begins with ``AI``."""
    for part in _HUMP.split(body):
        start = 0
        for i in range(1, len(part)):
            if part[i].isupper() and (not part[i - 1].isupper() or part[i + 1 : i + 2].islower()):
                yield part[start:i]
                start = i
        if part[start:]:
            yield part[start:]


def _link_words(link: str) -> list[str]:
    rest = link.partition("://")[2]
    if "%" in rest:
        from urllib.parse import unquote

        rest = unquote(rest)
    return [word for _, word in words(rest.removeprefix("www."))]


def _sequence(parts: list[str], *, link: bool = False) -> TokenTerms:
    """The words ``parts`` one after the other."""
    positions: list[tuple[str, ...]] = []
    surface_forms: list[str] = []
    wanted: list[tuple[str, int]] = []
    for part in parts:
        spelling = _analyze_word(part)
        wanted += ((word, len(positions) + place) for word, place in spelling.query_terms)
        surface_forms += spelling.surface_forms
        positions += spelling.positions
    return TokenTerms(tuple(positions), tuple(surface_forms), tuple(wanted), link)


def _analyze_word(word: str) -> TokenTerms:
    if is_spaceless(word):
        return _bigrams(word)
    parts = [word] if word.isascii() and "'" not in word else re.split(f"[{_APOSTROPHES}]", word)
    if len(parts) > 1 and parts[-1] in ("s", "S"):
        parts.pop()
    if len(parts) > 1 and fold(parts[-1]) not in _ENDINGS:
        # l'homme, l'IA, O'Brien: what an apostrophe joins is found apart too, unless it is an ending as in we're.
        apart = _sequence(parts)
        return _with_joined(apart, fold("".join(parts))) if apart.positions else apart
    form = fold("".join(parts))[:TERM_LENGTH]
    if not form:
        return TokenTerms((), (), ())
    reduced = stem_term(form)
    return TokenTerms(((reduced,),), () if form == reduced else (form,), ((reduced, 0),))


def _bigrams(run: str) -> TokenTerms:
    """A run of a script without spaces: its characters and, at each but the last, the pair it begins."""
    characters = list(fold(run))
    pairs = [first + second for first, second in pairwise(characters)]
    positions = (*zip(characters, pairs, strict=False), *((char,) for char in characters[-1:]))
    return TokenTerms(positions, (), tuple((word, place) for place, word in enumerate(pairs or characters)))


def _with_joined(spelling: TokenTerms, form: str) -> TokenTerms:
    """``spelling`` found also by all of its words written as one, which is what a query for it looks for."""
    form = form[:TERM_LENGTH]
    reduced = stem_term(form)
    first, *rest = spelling.positions
    surface_forms = (*spelling.surface_forms, form) if form != reduced else spelling.surface_forms
    return TokenTerms(((*first, reduced), *rest), surface_forms, ((reduced, 0),), spelling.link)
