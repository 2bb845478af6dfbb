"""Tell titles on a home page from sentences and from the labels of fields.

Plait Pattern Language: a typed compiler     a title and its text
Office: Room 12        More on Github: see ...   neither
"""

import re

from threadkeep.parsers.home_page._dates import is_date
from threadkeep.parsers.home_page._line_kinds import capital_share, ends_sentence, words
from threadkeep.parsers.home_page._link_labels import is_contact_row, label_spans
from threadkeep.parsers.home_page._vocabulary import (
    CONTACT_WORDS,
    FIELD_WORDS,
    HEADING_FILLERS,
    NEWS_WORDS,
    PROSE_WORDS,
    RECORD_WORDS,
    SECTION_WORDS,
    SMALL_WORDS,
)

_TITLED = re.compile(r"(?P<title>[^\s:][^:\n]{0,110}?)(?P<colon>\s?:\s+)(?P<text>\S)")
_INSIDE_TITLE = re.compile(r"[.!;?]\s|[.;!,]\Z|\bhttps?\b")
_ABBREVIATED_END = re.compile(r"\b(?:Inc|Ltd|Co|Corp|LLC|Jr|Sr|Bros|Dept|Univ|al|[A-Z](?:\.[A-Z])+|Ph\.D)\.\Z")
_POINTER_NAMES = "more see also visit click check find follow note contact email e-mail"
_OPENING_NAMES = (
    "i i'm i've my we our you your he she they it its this that these those here there and or but so if because while "
    "since then when where who what why how in on at by as with from to after before during for"
)
_POINTERS = frozenset(_POINTER_NAMES.split())
_OPENINGS = frozenset(_OPENING_NAMES.split())
"""With these, few titles begin and many sentences."""
_FIELD_PARTS = (
    FIELD_WORDS | SMALL_WORDS | HEADING_FILLERS | CONTACT_WORDS | NEWS_WORDS | RECORD_WORDS | PROSE_WORDS
    | (SECTION_WORDS - {"games", "stories", "poems", "tools", "apps"})
)  # fmt: skip


def is_title_like(text: str) -> bool:
    """Whether the line has the shape of a title: short, begins like one, and does not end like a sentence."""
    bare = text.strip()
    if not 1 <= len(bare.split()) <= 32 or not 2 <= len(bare) <= 240 or not any(c.isalpha() for c in bare):
        return False
    if bare[-1] in ".,;:" and not _ABBREVIATED_END.search(bare):
        return False
    if bare[0] in ",.;:)]}/|" or bare.startswith(("* ", "(*", "http")):
        return False
    return not is_contact_row(bare) and not label_spans(bare)


def titled(text: str) -> re.Match[str] | None:
    """``Title: text`` at the start of a paragraph; None where the colon belongs to a sentence or opens a field.

    A title has twelve words at most and begins as titles do; ``Email: …`` and ``More on Github: …`` are no titles.
    """
    match = _TITLED.match(text)
    if match is None:
        return None
    title, rest = match["title"].strip("\"'“”* "), text[match.start("text") :]
    parts = title.split()
    if not 1 <= len(parts) <= 12 or not (title[:1].isupper() or title[:1].isdigit()) or _INSIDE_TITLE.search(title):
        return None
    if is_date(title) or len(rest.split()) < 4 or _is_field(title) or _is_in_capitals(rest):
        return None
    return match


def opens_field(text: str) -> bool:
    """Whether the line begins with what it is about, and that is no title: ``Abstract: We …``, ``Office: Room 12``."""
    label, colon, _ = text[:40].partition(": ")
    return bool(colon) and _is_field(label)


def _is_field(title: str) -> bool:
    """Whether what stands before a colon only says what follows: ``Office hours``, ``More on Github``, ``In short``."""
    parts = words(title)
    if not parts or parts[0] in _POINTERS or all(part in _FIELD_PARTS for part in parts):
        return True
    return parts[0] in _OPENINGS and (len(parts) <= 3 or capital_share(title) < 0.9)


def _is_in_capitals(text: str) -> bool:
    """Whether what follows a colon is the second half of a title: ``Idle-time Weaving: Before the Loom Is Free``."""
    opening = " ".join(text.split()[:12])
    return capital_share(opening) > 0.75 and not ends_sentence(text)
