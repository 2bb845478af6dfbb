"""Tell the shape of a line of a home page: a section's heading, a sentence, a venue, a list item.

    Side Projects / Open Source    a heading          WEAVE 2021    a venue

Each cue looks at one line alone; what a line is among its neighbours is for ``_home_place`` to say.
"""

import re
from typing import Literal

from threadkeep.parsers.home_page._dates import find_date, is_date
from threadkeep.parsers.home_page._vocabulary import (
    HEADING_FILLERS,
    NEWS_WORDS,
    PROSE_WORDS,
    RECORD_WORDS,
    SECTION_WORDS,
    SMALL_WORDS,
    STRONG_LABELS,
)

Section = Literal["works", "news", "records", "prose"]

MARKER = re.compile(r"(?:[-*+•◦▪▸►‣·○●■□→»]|\(?\d{1,3}[.)]|\[[A-Z]{0,3}\d{1,3}\]|[A-Z]{1,2}\d{1,3}[.:])(?:\s+|\Z)")
"""What opens a list item: ``- ``, ``3. ``, ``[C12] ``."""
EDGES = " \t.,:;|/·•()[]{}<>*_~#\"'“”‘’"
_LONGEST_HEADING = 60
_HEADING_SPLIT = re.compile(r"[\s,/|&+]+")
_DECORATION = re.compile(r"^[^\w(\[\"'“]+|[^\w)\]!?\"'”.]+$")
_TERMINAL = re.compile(r"[.!?:;…][\"'”’)\]]*\Z")
_WORD = re.compile(r"[^\s]+")
_VENUE_WORDS = re.compile(
    r"\b(?:arxiv|preprint|under review|in submission|submitted to|to appear|in press|working paper|technical report|"
    r"proceedings|proc\.|conference|journal|transactions|workshop|symposium|forthcoming|accepted (?:to|at|by)|"
    r"revise and resubmit|r&r|ph\.?d\.? thesis|master'?s thesis|dissertation|magazine|oral|spotlight|best paper|"
    r"letters)\b",
    re.I,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|my|My|we|We|our|Our|me)\b")
_YEAR_AT_END = re.compile(r"(?:\b(?:19|20)\d\d|['’]\d\d)\b[^\w]*(?:[(\[,;|–—-].{0,60})?\Z")


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case, without the punctuation at their edges."""
    return [word for part in _WORD.findall(text) if (word := part.strip(EDGES).casefold())]


def ends_sentence(text: str) -> bool:
    """Whether ``text`` closes with a full stop or the like, quotes and brackets aside."""
    return _TERMINAL.search(text[-20:]) is not None


def section_of(text: str) -> Section | None:
    """What kind of section ``text`` is the heading of: ``Selected Publications`` -> works; None for no heading."""
    bare = _DECORATION.sub("", text.strip()).rstrip(":").strip() if len(text) <= _LONGEST_HEADING else ""
    if not bare or not bare[0].isalnum() or bare[-1] in '.,;!"”’':
        return None
    if bare[0].islower() and (not bare.islower() or len(bare.split()) > 3 or STRONG_LABELS.issuperset(words(bare))):
        return None
    parts = [part.strip(EDGES).casefold() for part in _HEADING_SPLIT.split(bare)]
    parts = [part for part in parts if part]
    if not 1 <= len(parts) <= 8 or not any(c.isalpha() for c in bare):
        return None
    kinds = [_kind(part) for part in parts]
    if "unknown" in kinds:
        return None
    for kind in ("news", "works", "records", "prose"):
        if kind in kinds:
            return kind
    return None


def _kind(word: str) -> Literal["works", "news", "records", "prose", "filler", "unknown"]:
    if word in NEWS_WORDS:
        return "news"
    if word in SECTION_WORDS:
        return "works"
    if word in RECORD_WORDS:
        return "records"
    if word in PROSE_WORDS:
        return "prose"
    return "filler" if word in HEADING_FILLERS or re.fullmatch(r"(?:19|20)\d\d[-–—]?", word) else "unknown"


def is_menu(text: str) -> bool:
    """Whether the line is a menu: one section's name or several, ``Home  Publications  CV``, or ``Skip to content``."""
    kinds = [_kind(word) for word in words(text)]
    if text.casefold().startswith(("skip to", "toggle", "menu", "profile photo", "profile picture")):
        return True
    if len(kinds) == 1 and kinds[0] not in ("unknown", "filler"):
        return True
    return len(kinds) >= 3 and "unknown" not in kinds and "filler" not in kinds


def is_venue(text: str) -> bool:
    """Whether the line says where and when something appeared: ``NeurIPS Workshop on Knots 2020``, ``arXiv``."""
    bare = text.strip()
    parts = bare.split()
    if not bare or len(parts) > 24 or len(bare) > 180 or _FIRST_PERSON.search(bare) or is_date(bare):
        return False
    if not (bare[0].isupper() or bare[0].isdigit() or bare[0] in "[(*" or bare.startswith(("arXiv", "bioRxiv", "in "))):
        return False
    content = [part.strip(EDGES) for part in parts]
    content = [part for part in content if part and part.casefold() not in SMALL_WORDS and part[0].isalpha()]
    capital = sum(not part[0].islower() for part in content)
    if content and capital < 0.6 * len(content):
        return len(parts) <= 12 and _VENUE_WORDS.match(bare) is not None
    if _VENUE_WORDS.search(bare) and len(parts) <= 20:
        return True
    return _ends_in_year(bare)


def _ends_in_year(text: str) -> bool:
    return len(text.split()) <= 16 and _YEAR_AT_END.search(text) is not None and find_date(text) is not None


def is_prose(text: str) -> bool:
    """Whether the line is a sentence or more."""
    bare = text.strip()
    count = len(bare.split())
    return count >= 30 or (count >= 5 and ends_sentence(bare))


def capital_share(text: str) -> float:
    """How much of ``text`` is in capitals as titles are, from 0 to 1; words that titles leave small do not count."""
    content = [part for word in text.split() if (part := word.strip(EDGES)) and part.casefold() not in SMALL_WORDS]
    content = [part for part in content if part[0].isalpha()]
    return sum(not part[0].islower() for part in content) / len(content) if content else 1.0


def speaks_in_first_person(text: str) -> bool:
    """Whether the line says I, my, we or our, as prose does and titles seldom do."""
    return _FIRST_PERSON.search(text) is not None
