"""Show why a post was found: the passage of its text that answers a query best, with the hits marked.

    snippet("…", parse("kiln fir*"))  ->  Snippet("… fired the kiln twice …", ((2, 7), (12, 16)))

Works on the text alone, with the analysis of the index and whatever the engine.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from threadkeep.index.analysis import TOKEN, analyze, fold, is_spaceless, query_terms, split_prefix, words
from threadkeep.index.fuzzy_terms import TermPattern, fuzzy_pattern, wildcard_patterns
from threadkeep.index.keyword_terms import host_of, normalize_name
from threadkeep.index.query_rewrite import prefix_terms, scoring_leaves
from threadkeep.query.ast import Fuzzy, Near, Node, Phrase, Prefix, Query, Term, Wildcard, Word
from threadkeep.text.cashtags import cashtag_matches

WIDTH = 180
"""How many code points a snippet takes, about: two lines of a terminal."""

SCANNED = 100_000
"""In how much of a text hits are looked for; a longer one, found by what comes later, shows its beginning."""

_MENTION = re.compile(r"(?<![\w@＠])[@＠][\w.@-]*\w")
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage on one line, ``…`` where text was left out, and in it the hits: code points, ascending, apart."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A hit in the text, and which part of the query it answers."""

    start: int
    end: int
    part: int


@dataclass(frozen=True, slots=True)
class _TextWord:
    """A word as it shows in the text, its place among the words of the text, and the code points it takes."""

    word: str
    place: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _LeafTerms:
    """Words in a row each, the beginning of a word, and words told by their looks: what one part of a query looks for.

    With ``far``, only rows of which all begin within so many words.
    """

    rows: tuple[tuple[tuple[str, int], ...], ...]
    start: str = ""
    patterns: tuple[TermPattern, ...] = ()
    far: int | None = None

    @property
    def initials(self) -> set[str]:
        """The first letters of all words that are looked for; among them the empty string where any will do."""
        words = {word[0] for row in self.rows for word, _ in row}
        return words | ({self.start[0]} if self.start else set()) | {pattern.prefix[:1] for pattern in self.patterns}


def snippet(text: str, query: Query, width: int = WIDTH) -> Snippet:
    """The passage of ``text`` with most of what ``query`` asks for; the beginning where it shows none of it."""
    flat = " ".join(text.split())
    hits = sorted(_hits(flat[:SCANNED], query.root), key=lambda hit: (hit.start, hit.end))
    start, end = _passage(flat, hits, max(width, 1))
    before, after = _CUT if start else "", _CUT if end < len(flat) else ""
    shift = len(before) - start
    return Snippet(f"{before}{flat[start:end]}{after}", tuple(_merged_spans(hits, start, end, shift)))


def marked(passage: Snippet, before: str, after: str) -> str:
    """The snippet's text with ``before`` and ``after`` around each hit."""
    parts: list[str] = []
    at = 0
    for start, end in passage.spans:
        parts += (passage.text[at:start], before, passage.text[start:end], after)
        at = end
    return "".join((*parts, passage.text[at:]))


def _hits(text: str, root: Node) -> Iterator[_Hit]:
    leaves = list(enumerate(scoring_leaves(root)))
    wanted = [(part, found) for part, node in leaves if (found := _leaf_terms(node)) is not None]
    initials = {initial for _, found in wanted for initial in found.initials}
    shown = list(_text_words(text, initials)) if wanted else []
    by_word: dict[str, list[_TextWord]] = {}
    for word in shown:
        by_word.setdefault(word.word, []).append(word)
    for part, found in wanted:
        yield from (_Hit(word.start, word.end, part) for word in _found(found, shown, by_word))
    for part, node in leaves:
        if isinstance(node, Term):
            yield from (_Hit(begin, end, part) for begin, end in _name_spans(text, node))


def _found(wanted: _LeafTerms, shown: list[_TextWord], by_word: dict[str, list[_TextWord]]) -> Iterator[_TextWord]:
    rows = [list(_sequence(row, by_word)) for row in wanted.rows]
    if wanted.far is not None:
        yield from _near_words(rows, wanted.far)
    else:
        yield from (word for row in rows for word in row)
    if wanted.start:
        yield from _prefix_words(wanted.start, shown)
    for pattern in wanted.patterns:
        yield from (word for word in shown if pattern.matches(word.word))


def _near_words(rows: list[list[_TextWord]], far: int) -> Iterator[_TextWord]:
    """The words of ``rows`` that stand where all rows begin within ``far`` words."""
    places = [sorted({word.place for word in row}) for row in rows]

    def follows(first: int, row: list[int]) -> bool:
        at = bisect_left(row, first)
        return at < len(row) and row[at] <= first + far

    firsts = [first for first in sorted(set().union(*places)) if all(follows(first, row) for row in places)]
    for word in (word for row in rows for word in row):
        at = bisect_right(firsts, word.place)
        if at and word.place <= firsts[at - 1] + far:
            yield word


def _prefix_words(start: str, shown: list[_TextWord]) -> Iterator[_TextWord]:
    """The words that begin with ``start``."""
    # In a run without spaces the pair that begins with the last character would show one too many.
    whole = is_spaceless(start)
    yield from (word for word in shown if word.word.startswith(start) and not (whole and word.word != start))


def _leaf_terms(node: Node) -> _LeafTerms | None:
    """What ``node`` looks for in the text."""
    match node:
        case Word(text) | Phrase(text):
            return _LeafTerms((query_terms(text),))
        case Near(text, far):
            return _LeafTerms(tuple(analyze(token).query_terms for token in TOKEN.findall(text)), far=far)
        case Prefix(text):
            row, start = split_prefix(text)
            return _LeafTerms((row,), start)
        case Term("url" | "alt", value):
            row, start = prefix_terms(value)
            return _LeafTerms((row,), start)
        case Wildcard(pattern):
            wholes, patterns = wildcard_patterns(pattern)
            return _LeafTerms(tuple(query_terms(whole) for whole in wholes), patterns=patterns)
        case Fuzzy(text, edits):
            phrase, fuzzy = fuzzy_pattern(text, edits)
            return _LeafTerms((phrase,), patterns=(fuzzy,) if fuzzy else ())
    return None


def _sequence(row: tuple[tuple[str, int], ...], shown: dict[str, list[_TextWord]]) -> Iterator[_TextWord]:
    """The words of the text that stand as ``row`` says, each as far behind the first."""
    if not row or any(word not in shown for word, _ in row):
        return
    starts = set.intersection(*({found.place - place for found in shown[word]} for word, place in row))
    for word, place in row:
        yield from (found for found in shown[word] if found.place - place in starts)


def _text_words(text: str, initials: set[str]) -> Iterator[_TextWord]:
    """The words of ``text`` as they are indexed, and where each stands; those before reduction have place -1.

    Plain words that begin with none of ``initials`` are passed over: reducing a word never changes how it begins.
    """
    place, skips = 0, "" not in initials
    for found in TOKEN.finditer(text):
        token, start = found[0], found.start()
        if skips and token.isascii() and token.isalnum() and token[0].lower() not in initials:
            place += 1
            continue
        spelling = analyze(token)
        parts = [(start + at, part, analyze(part)) for at, part in words(token)]
        if sum(len(part.positions) for _, _, part in parts) != len(spelling.positions):
            parts = [(start, token, spelling)]  # a tag, a link, an emoji: all of it shows each of its words
        at_place = place
        for at, part, spelling_of_part in parts:
            yield from _steps(part, spelling_of_part.positions, at_place, at)
            yield from (_TextWord(form, -1, at, at + len(part)) for form in spelling_of_part.surface_forms)
            at_place += len(spelling_of_part.positions)
        place = at_place


def _steps(part: str, positions: tuple[tuple[str, ...], ...], place: int, start: int) -> Iterator[_TextWord]:
    apart = is_spaceless(part) and len(positions) == len(part)
    for i, step in enumerate(positions):
        for word in step:
            # In a run without spaces each character stands for itself, and a pair for two.
            at, length = (i, len(word)) if apart else (0, len(part))
            yield _TextWord(word, place + i, start + at, start + at + length)


def _name_spans(text: str, term: Term) -> Iterator[tuple[int, int]]:
    """Where a tag, a mention or a link to a site stands in ``text``."""
    wanted, begun = fold(normalize_name(term.value.rstrip("*"))), term.value.endswith("*")

    def is_meant(name: str) -> bool:
        return name.startswith(wanted) if begun else name == wanted

    if term.op in ("to", "mentions"):
        for found in _MENTION.finditer(text):
            handle = fold(normalize_name(found[0].lstrip("@＠")))
            if is_meant(handle) or is_meant(re.split("[.@]", handle)[0]):
                yield found.span()
    elif term.op == "cash":
        yield from (found.span() for found in cashtag_matches(text) if is_meant(fold(normalize_name(found[1]))))
    elif term.op in ("tag", "domain"):
        for found in TOKEN.finditer(text):
            if term.op == "tag" and found[0][0] in "#＃" and is_meant(fold(normalize_name(found[0][1:]))):
                yield found.span()
            host = host_of(found[0]) if term.op == "domain" and "://" in found[0] else None
            if host and (is_meant(host) or (not begun and host.endswith(f".{wanted}"))):
                yield found.span()


def _passage(text: str, hits: list[_Hit], width: int) -> tuple[int, int]:
    """Where to cut: around the hits that answer most parts of the query within ``width``, at ends of words."""
    if len(text) <= width:
        return 0, len(text)
    first, last = _densest(hits, width) if hits else (0, 0)
    room = max(width - (last - first), 0)
    start = max(0, min(first - room // 3, len(text) - width))
    end = min(len(text), max(start + width, last))
    if start and (space := text.find(" ", start - 1, first)) >= 0:
        start = space + 1
    elif start:
        start = _between_characters(text, start)
    if end < len(text) and (space := text.rfind(" ", max(last, start + width // 2), end + 1)) >= 0:
        return start, space
    return start, end if end == len(text) else max(_between_characters(text, end), start + 1)


def _densest(hits: list[_Hit], width: int) -> tuple[int, int]:
    """The first and last code point of the densest stretch of hits: most parts of the query, then most hits."""
    best, stretch = (0, 0), (hits[0].start, min(hits[0].end, hits[0].start + width))
    parts: Counter[int] = Counter()
    behind = 0
    for ahead, hit in enumerate(hits):
        parts[hit.part] += 1
        while hit.end - hits[behind].start > width and behind < ahead:
            parts[hits[behind].part] -= 1
            behind += 1
        worth = (sum(count > 0 for count in parts.values()), ahead - behind + 1)
        if worth > best:
            best, stretch = worth, (hits[behind].start, min(hit.end, hits[behind].start + width))
    return stretch


def _between_characters(text: str, at: int) -> int:
    """``at``, or the place before it that parts no accent from its letter and no emoji of several from itself."""
    lowest = max(at - 16, 0)
    while at > lowest and (
        text[at - 1] == "\u200d" or text[at] == "\u200d" or unicodedata.category(text[at])[0] == "M"
    ):
        at -= 1
    return at


def _merged_spans(hits: list[_Hit], start: int, end: int, shift: int) -> Iterator[tuple[int, int]]:
    """The spans of ``hits`` between ``start`` and ``end``, clipped, those that touch as one, moved by ``shift``."""
    open_span: tuple[int, int] | None = None
    for hit in hits:
        span = max(hit.start, start) + shift, min(hit.end, end) + shift
        if span[0] >= span[1]:
            continue
        if open_span is None or span[0] > open_span[1]:
            if open_span:
                yield open_span
            open_span = span
        else:
            open_span = open_span[0], max(open_span[1], span[1])
    if open_span:
        yield open_span
