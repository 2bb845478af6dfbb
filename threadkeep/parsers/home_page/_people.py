"""Find people on a home page: the name of whose page it is, how they present themselves, and lists of authors.

Dr. Ada Byron (she/her)     Hi, I'm Ada Byron, a weaver.     Kim Lee*, Ada Byron and J. E. Gray
"""

import re

from threadkeep.parsers.home_page._line_kinds import EDGES, is_prose, section_of, words
from threadkeep.parsers.home_page._vocabulary import NO_AUTHOR_WORDS, NO_NAME_WORDS, PARTICLES, ROLE_WORDS

_LONGEST_LIST = 3000
"""Characters: some papers have two hundred authors."""
_LONGEST_NAME_LINE = 200
_AUTHOR_MARKS = re.compile(r"[*†‡§¶∗⋆#^~✉∙⁎¹²³⁴⁵]+|(?<=[a-z.])\d(?:,\d)*|\\")
_AUTHOR_SPLIT = re.compile(r"\s*[,;·•]\s*(?:and\s+|&\s*)?|\s+(?:and|&|und|et|y|with)\s+")
_AUTHOR_OPENING = re.compile(r"\A(?:by|with|w/|authors?:|joint with|joint work with)\s+", re.I)
_PARENTHESES = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]")
_ET_AL = re.compile(r"(?:,?\s*(?:and\s+)?(?:et al\.?|others|\.\.\.|…|\d+ others))\s*\Z", re.I)
_NAME_PART = re.compile(r"[^\W\d_](?:[^\W\d_]|[-'’.‐‑·])*\Z")
_IS_SOMEBODY = re.compile(
    r"(?:\b(?:I am|I'm|I’m|I was|I've been|I’ve been)\b|\A[^.!?]{3,60}? (?:is|are) (?:currently )?(?:an?|the)\b)"
    r"(?=(?P<after>.{0,120}))"
)
_WORKS = re.compile(
    r"\bI (?:currently |also |mostly )?"
    r"(?:work (?:at|on|as|in|with|for)|study|lead|direct|run|teach|research|write|design|build|make)\b"
)
_NAME = r"(?P<name>[^\W\d_a-z][\w.’'-]*(?: (?:[^\W\d_a-z][\w’'-]*\.?|van|von|de|der|den|da|di|la|le|bin|al)){1,4})"
_PRESENTED = re.compile(rf"\b(?:[Mm]y name is|I am|I'm|I’m) {_NAME}(?=\s*[,.;!(–—]|\s+(?:and|-|an?|the)\s|\s*\Z)")
_THIRD_PERSON = re.compile(rf"{_NAME},? (?:is|works as|was) (?:an?|the|currently)\b")
_NOT_A_NAME = re.compile(r"[\d@/|:;!?&+=\[\]{}<>#_\"“”]|\.\Z(?<![A-Z]\.)(?<!Jr\.)(?<!Sr\.)")


def is_name(text: str) -> bool:
    """Whether the line can be a person's name and nothing else: ``Ada M. Byron``, ``Lu van Beek``, ``李明``."""
    bare = text.strip()
    if not 2 <= len(bare) <= 50 or section_of(bare) or _NOT_A_NAME.search(bare):
        return False
    parts = bare.replace(",", " ").split()
    if len(parts) == 1:
        is_without_case = not bare.isascii() and bare.isalpha() and bare.casefold() == bare.upper()
        return is_without_case and len(bare) <= 6
    if not 2 <= len(parts) <= 5 or any(part.strip(EDGES).casefold() in NO_NAME_WORDS for part in parts):
        return False
    return _is_person(bare)


def name_part(text: str) -> str | None:
    """The name in a line that is a name and little else: ``Dr. Ada Byron (she/her), PhD`` -> ``Ada Byron``."""
    if is_prose(text) or len(text) > _LONGEST_NAME_LINE:
        return None
    bare = re.sub(r"\s*[(\[（].*", "", text.strip())
    bare = re.sub(r"(?:['’]s)? (?:personal )?(?:home ?page|web ?site|site|page|blog)\b.*", "", bare, flags=re.I)
    bare = re.sub(r"^(?:welcome to|dr\.?|prof\.?|professor)\s+", "", bare, flags=re.I)
    bare = re.split(r"\s*(?:,|\s[|–—·-]\s|\|)", bare, maxsplit=1)[0].strip()
    return bare if is_name(bare) and len(text) - len(bare) < 80 and not authors_of(text) else None


def name_in(text: str) -> str | None:
    """The name with which a person presents themself: ``Hi, I'm Ada Byron, a weaver``; ``Ada Byron is a weaver``."""
    match = _PRESENTED.search(text[:400]) or _THIRD_PERSON.match(text[:200])
    return match["name"] if match and is_name(match["name"]) else None


def _is_person(text: str) -> bool:
    parts = text.replace(".", ". ").split()
    if not 1 <= len(parts) <= 6:
        return False
    named = 0
    for part in parts:
        if part.casefold().strip(".'’") in PARTICLES and part.islower():
            continue
        if not _NAME_PART.match(part.rstrip(".")) or part[0].islower():
            return False
        named += 1
    return named >= 1


def authors_of(text: str) -> list[str]:
    """The names of a line that lists authors, ``[]`` for any other line: ``Kim Lee*, J. Gray et al.``"""
    if len(text) > _LONGEST_LIST:
        return []
    bare = _AUTHOR_OPENING.sub("", text.strip(), count=1)
    opened = bare != text.strip()
    bare = _PARENTHESES.sub("", _AUTHOR_MARKS.sub("", bare))
    cut = _ET_AL.sub("", bare.rstrip("., "))
    names = [name for part in _AUTHOR_SPLIT.split(cut) if (name := part.strip(" .,;:"))]
    if not names:
        return []
    persons = [name for name in names if name.casefold() in {"me", "myself"} or _is_author(name)]
    if len(persons) < max(1, 0.8 * len(names)):
        return []
    # in "Byron, A., Gray, J." the initials make names of what stands before them
    whole = sum(2 if len(name) <= 4 and name.isupper() else len(name.split()) > 1 for name in persons)
    listed = len(names) > 1 or opened or cut != bare.rstrip("., ")
    return persons if listed and 2 * whole >= len(persons) else []


def _is_author(name: str) -> bool:
    """One name among others: ``J. E. Gray``, ``Gray JE``, ``van der Berg``; no word of prose."""
    if len(name) > 45 or not _is_person(name):
        return False
    return not any(part.casefold() in NO_AUTHOR_WORDS for part in name.split() if len(part.strip(".")) > 1)


def opens_bio(text: str) -> bool:
    """Whether the line presents a person: ``I am a PhD student at …``, ``I work on …``, ``Ada Byron is a writer``."""
    head = text[:2000]
    if _WORKS.search(head) or _PRESENTED.search(head):
        return True
    return any(not ROLE_WORDS.isdisjoint(words(match["after"])[:10]) for match in _IS_SOMEBODY.finditer(head))
