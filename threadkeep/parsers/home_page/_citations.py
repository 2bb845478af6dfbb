"""Read the title out of an entry that stands on one line: a citation, or an item of a list.

A. Byron, J. Gray. Tiny Looms. WEAVE 2021. [pdf]      -> Tiny Looms
Tiny Looms. Ada Byron and Jo Gray. WEAVE, 2021.       -> Tiny Looms
Tiny Looms (with Jo Gray), Review of Threads, 2021    -> Tiny Looms
On Weaving Slowly, June 2021                          -> On Weaving Slowly
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadkeep.parsers.home_page._dates import find_date, is_date, last_date, leading_date
from threadkeep.parsers.home_page._line_kinds import capital_share, ends_sentence, is_prose, is_venue
from threadkeep.parsers.home_page._link_labels import trailing_labels
from threadkeep.parsers.home_page._people import authors_of, is_name
from threadkeep.parsers.home_page._titles import is_title_like, titled
from threadkeep.records import When

_LIMIT = 2000
"""No citation is longer."""
_QUOTED = re.compile(r"(?P<before>[^\"“”«»]{0,600}?)[\"“«](?P<title>[^\"“”«»]{6,300})[\"”»](?P<after>.*)", re.S)
_SENTENCE_END = re.compile(r"(?<=[.?!])[\"”’)]?\s+(?=[^\W_a-z]|[\"“(\[])")
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\bal|\b(?:Proc|Conf|Trans|Int|Intl|Vol|No|pp|vs|Dr|Prof|St|Jr|Sr|Mr|Ms|Mrs|Eds?|Univ|Symp|Adv|Inf|Comput|"
    r"Sci|Soc|Rev|Lett|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Assoc|Dept|Ann|Ph|etc|approx|Nat|Phys|Math))\.\Z"
)
_YEAR_AFTER_AUTHORS = re.compile(r"[\s,.]*\(?\b(?:19|20)\d\d[a-z]?\)?[\s:.,]*\Z")
_WITH = re.compile(
    r"(?P<title>.{4,220}?),? ?(?:\((?:joint(?:ly)?(?: work)? )?(?:with|w/) (?P<inner>[^()]{3,300})\)"
    r"|, (?:joint(?:ly)?(?: work)? )?with (?P<open>.{3,300}))(?P<after>.*)",
    re.S,
)
_BREAKS = re.compile(r",\s+|\s+(?=\()|\s+[–—|·•-]\s+|\.\s+|\s{2,}|\t")
_DASHED = re.compile(r"(?P<title>[^–—|\n]{2,80}?)\s+[–—|-]\s+(?P<text>\S.*)", re.S)
_JOINTS = " \t,.;:–—|·•-"


@dataclass(frozen=True, slots=True)
class OneLine:
    """An entry on one line: ``text`` is the whole where the title stands in its middle, else what follows the title."""

    title: str
    text: str
    created: When | None


def citation(text: str) -> OneLine | None:
    """A citation with authors, in any of the usual orders; None where the line is no such thing."""
    if len(text) > _LIMIT or not ((last_date(text) is not None) or trailing_labels(text)[1] or is_venue(text[-120:])):
        return None
    return _quoted(text) or _by_sentences(text) or with_coauthors(text)


def list_entry(text: str) -> OneLine | None:
    """A list item that is a title with its date, place, links or description; None for any other item."""
    if len(text) > _LIMIT:
        return None
    found = citation(text) or with_coauthors(text) or _dated_first(text) or _described(text)
    return found or _before_labels(text) or _before_venue(text)


def described(text: str) -> OneLine | None:
    """``Title: text``, with the date that a sentence of the text or brackets in the title may be."""
    match = titled(text)
    if match is None:
        return None
    rest = text[match.start("text") :]
    return OneLine(_bare(match["title"]), rest, find_date(match["title"]) or _date_alone(rest))


def _quoted(text: str) -> OneLine | None:
    match = _QUOTED.match(text)
    if match is None or len(match["title"].split()) < 2:
        return None
    before = _YEAR_AFTER_AUTHORS.sub("", match["before"]).strip(_JOINTS)
    title = match["title"].strip().rstrip(",.;")
    if not before:
        after = match["after"].strip(" \t,.;")
        if not after or not (find_date(after) or authors_of(_first(after)) or is_venue(after)):
            return None
        return OneLine(title, match["after"].lstrip(_JOINTS), last_date(match["after"]))
    if len(authors_of(before)) < 1 and len(authors_of(f"{before}, et al.")) < 1:
        return None
    return OneLine(title, text, last_date(match["after"]) or last_date(match["before"]))


def _by_sentences(text: str) -> OneLine | None:
    sentences = list(_sentences(text))
    if len(sentences) < 2:
        return _after_colon(text)
    (_, end), (start, stop) = sentences[:2]
    first, second = text[:end], text[start:stop]
    authors = _YEAR_AFTER_AUTHORS.sub("", first)
    if _lists_people(authors) and not _lists_people(second.rstrip(".")):
        if is_date(second) and len(sentences) > 2:
            start, stop = sentences[2]
            second = text[start:stop]
        title = _bare(second)
        return OneLine(title, text, last_date(text[stop:]) or last_date(first)) if _is_title(title) else None
    if _lists_people(second.rstrip(".")) and _is_title(_bare(first)):
        return OneLine(_bare(first), text[start:], last_date(text[start:]))
    return _after_colon(text)


def _after_colon(text: str) -> OneLine | None:
    """DBLP's order: ``Ada Byron, Jo Gray: Tiny Looms. WEAVE 2021: 97-102``."""
    authors, colon, rest = text.partition(": ")
    if not colon or not _lists_people(authors):
        return None
    end = next((end for _, end in _sentences(rest)), len(rest))
    title = _bare(rest[:end])
    return OneLine(title, text, last_date(rest[end:])) if _is_title(title) else None


def with_coauthors(text: str) -> OneLine | None:
    """``Tiny Looms (with Jo Gray), Review of Threads, 2021``, as economists have it."""
    match = _WITH.match(text)
    if match is None or not _is_title(_bare(match["title"])):
        return None
    people = match["inner"] or _first(match["open"]).partition("(")[0]
    named = people.split(". ")[0].strip(_JOINTS)
    if not authors_of(f"with {named}") and not authors_of(f"with {named.partition(',')[0]}"):
        return None
    end = match.end("title")
    return OneLine(_bare(match["title"]), text[end:].lstrip(_JOINTS), last_date(text[end:]))


def _dated_first(text: str) -> OneLine | None:
    """``2021-05-03 On Weaving Slowly``."""
    dated = leading_date(text)
    if dated is None:
        return None
    when, start = dated
    rest = text[start:]
    if is_title_like(rest) and not is_prose(rest) and len(rest) >= 2:
        return OneLine(_bare(rest), text[:start].strip(), when)
    found = described(rest)
    return OneLine(found.title, text[:start] + found.text, when) if found else None


def _before_labels(text: str) -> OneLine | None:
    """``Tiny Looms [pdf] [code]``."""
    start, spans = trailing_labels(text)
    rest = text[:start].rstrip(_JOINTS)
    if not spans or not rest:
        return None
    dated = _before_venue(rest)
    if dated is not None:
        begin = len(rest) - len(dated.text)
        return OneLine(dated.title, text[begin:], dated.created)
    is_one = len(list(_sentences(rest))) == 1 and is_title_like(rest) and _is_title(_bare(rest))
    return OneLine(_bare(rest), text[start:], None) if is_one else None


def _before_venue(text: str) -> OneLine | None:
    """``On Weaving Slowly, June 2021``; ``Tiny Looms (WEAVE 2021)``: from the first break on, it is place and time."""
    if len(text) > 400 or find_date(text) is None:
        return None
    for match in _BREAKS.finditer(text):
        title, rest = text[: match.start()], text[match.end() :]
        if not find_date(rest) or len(rest.split()) > 14 or title.count("(") != title.count(")"):
            continue
        if len(list(_sentences(title))) > 1 or any(quote in title for quote in '"“«'):
            return None
        if (is_date(rest) or is_venue(rest.strip("() "))) and _is_title(title) and not _lists_people(title):
            return OneLine(_bare(title), rest, find_date(rest))
    return None


def _described(text: str) -> OneLine | None:
    """``tinybuild – a build system``, ``Tiny Looms: we weave``."""
    found = described(text)
    match = _DASHED.match(text)
    if found is not None or match is None or len(match["title"].split()) > 8 or len(match["text"].split()) < 3:
        return found
    title, rest = match["title"].strip(), match["text"]
    if title[-1] in ",.;:" or find_date(title) or not _describes(rest):
        return None
    is_title = capital_share(title) >= 0.5 or len(title.split()) == 1
    return OneLine(title, rest, _date_alone(rest)) if is_title else None


def _describes(text: str) -> bool:
    """Whether what follows a dash says what the thing is: it begins in small letters or ends as a sentence."""
    end, _ = trailing_labels(text)
    return text[0].islower() or text.startswith(("A ", "An ", "The ")) or ends_sentence(text[:end].rstrip())


def _date_alone(text: str) -> When | None:
    """The date that a sentence of ``text`` consists of: ``A puzzle game. 2019. [app store]``."""
    if len(text) > _LIMIT:
        return None
    return next((find_date(text[a:b]) for a, b in _sentences(text) if b - a < 40 and is_date(text[a:b])), None)


def _lists_people(text: str) -> bool:
    names = authors_of(text)
    return (
        len(names) > 1 or (len(names) == 1 and bool(re.search(r"\bet al|\bwith\b|\bby\b", text, re.I))) or is_name(text)
    )


def _is_title(text: str) -> bool:
    count = len(text.split())
    return (
        1 <= count <= 40
        and len(text) >= 3
        and not (ends_sentence(text) and text[-1] in ".:;")
        and any(map(str.isalpha, text))
    )


def _bare(text: str) -> str:
    """A title without the quotes around it and the full stop or comma after it."""
    bare = text.strip().rstrip(",;: ").removesuffix(".") if not text.rstrip().endswith("...") else text.strip()
    for opening, closing in (('"', '"'), ("“", "”"), ("«", "»")):
        inner = bare.rstrip(",.")
        if inner.startswith(opening) and inner.endswith(closing) and opening not in inner[1:-1]:
            bare = inner[1:-1].rstrip(",.")
    return bare.strip()


def _first(text: str) -> str:
    return text[: next((end for _, end in _sentences(text)), len(text))].rstrip(".")


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a citation; initials and ``Proc.`` end none."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATED.search(text, max(0, match.start() - 12), match.start()):
            yield start, match.start()
            start = match.end()
    if start < len(text):
        yield start, len(text)
