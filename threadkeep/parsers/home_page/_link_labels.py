"""Find the rows of link labels on a home page, whose addresses a paste has lost, and the ways to reach a person.

[paper] [project page]     project page / arXiv / video     CCS 2023 | arXiv | code     Email / Google Scholar
"""

import re

from threadkeep.parsers.home_page._dates import find_date, is_date
from threadkeep.parsers.home_page._line_kinds import ends_sentence, is_venue, section_of, words
from threadkeep.parsers.home_page._vocabulary import CONTACT_WORDS, LABEL_WORDS, STRONG_CONTACTS, STRONG_LABELS

_BRACKETED = re.compile(r"\[([^\[\]]{1,60})\]|\(([^()]{1,60})\)")
_SEPARATORS = re.compile(r"\s*(?:[|/·•∙⋅,;]|\s[-–—]\s|\t)\s*")
_BARS = re.compile(r"\s+[|/·•∙⋅]\s+")
_WORD = re.compile(r"\S+")


def is_label(text: str) -> bool:
    """Whether ``text`` names a link as pages do: ``project page``, ``PDF``, ``arXiv``."""
    parts = words(text)
    return 1 <= len(parts) <= 4 and all(part in LABEL_WORDS for part in parts)


def label_spans(text: str) -> list[tuple[int, int]]:
    """Where the link labels of a row stand: ``[paper] [project page]`` -> (1, 6), (9, 21). Empty for no such row."""
    if not text or len(text) > 300:
        return []
    bracketed = list(_BRACKETED.finditer(text))
    if bracketed and not _BRACKETED.sub("", text).strip(" \t|/·•,;.-–—&"):
        spans = [match.span(1) if match[1] else match.span(2) for match in bracketed]
        labels = [text[start:end] for start, end in spans]
        is_row = text.lstrip()[0] == "[" or any(is_label(label) for label in labels)
        if is_row and all(_is_bracket_label(label) for label in labels):
            return [span for outer in spans for span in _split_span(text, outer)]
        return []
    spans = _split_span(text, (0, len(text)))
    return spans if len(spans) > 1 and all(is_label(text[start:end]) for start, end in spans) else []


def _is_bracket_label(label: str) -> bool:
    return len(label.split()) <= 5 and any(c.isalpha() for c in label) and not is_date(label)


def _split_span(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The parts of a span that separators set off: ``pdf / code`` inside one pair of brackets, or none."""
    start, end = span
    spans = []
    for separator in [*_SEPARATORS.finditer(text, start, end), None]:
        stop = separator.start() if separator else end
        part = text[start:stop]
        inner = part.strip(" \t[]()")
        if inner:
            offset = start + part.index(inner)
            spans.append((offset, offset + len(inner)))
        start = separator.end() if separator else end
    return spans


def is_link_row(text: str, after_entry: bool = False) -> bool:
    """Whether the line is nothing but link labels; ``after_entry``: below a title or authors one bare label will do."""
    if label_spans(text):
        return True
    parts = words(text)
    if not parts or any(part not in LABEL_WORDS for part in parts) or len(parts) > 8 or ends_sentence(text):
        return False
    strong = sum(part in STRONG_LABELS for part in parts)
    return strong >= 1 if after_entry else strong >= 2 and len(parts) >= 3 and section_of(text) is None


def trailing_labels(text: str) -> tuple[int, list[tuple[int, int]]]:
    """Where the links that close a line begin, and their labels: ``Foo. 2020. [pdf] [code]``, ``CCS 2023 | code``.

    The whole length and no labels for a line without. The spans are without brackets.
    """
    spans: list[tuple[int, int]] = []
    end = len(text.rstrip())
    for match in reversed(list(_BRACKETED.finditer(text))):
        if text[match.end() : end].strip(" \t.,;|/·•&"):
            break
        parts = _split_span(text, match.span(1) if match[1] else match.span(2))
        if not parts or not all(is_label(text[start:stop]) for start, stop in parts):
            break
        spans = [*parts, *spans]
        end = match.start()
    return (end, spans) if spans else _labels_after_bars(text)


def _labels_after_bars(text: str) -> tuple[int, list[tuple[int, int]]]:
    cut, spans = len(text), list[tuple[int, int]]()
    for match in reversed(list(_BARS.finditer(text))) if len(text) <= 300 else []:
        part = text[match.end() : cut]
        if not is_label(part):
            break
        spans = [(match.end(), match.end() + len(part.rstrip())), *spans]
        cut = match.start()
    before = text[:cut]
    return (cut, spans) if spans and (find_date(before) or is_venue(before)) else (len(text), [])


def inline_labels(text: str) -> list[tuple[int, int]]:
    """Where bracketed link labels stand inside a line: ``the game [code] and its talk [video]``."""
    found = []
    for match in _BRACKETED.finditer(text):
        if match[1]:
            parts = _split_span(text, match.span(1))
            if all(is_label(text[start:end]) for start, end in parts):
                found += parts
    return found


def label_links(text: str, bare: bool) -> list[tuple[int, int]]:
    """The spans of all link labels in a text of several lines, in code points of the whole.

    Those in brackets, and where ``bare`` also those of rows without: ``pdf / code``, ``Abs PDF Code``.
    """
    found: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        spans = inline_labels(line)
        if line.startswith("[") or bare:
            spans = label_spans(line) or sorted({*spans, *trailing_labels(line)[1]})
        if not spans and bare and is_link_row(line, after_entry=True):
            parts = list(_WORD.finditer(line))
            spans = [part.span() for part in parts] if len(parts) > 2 else [(parts[0].start(), parts[-1].end())]
        found += [(offset + start, offset + end) for start, end in spans]
        offset += len(line) + 1
    return found


def is_contact_row(text: str) -> bool:
    """Whether the line lists ways to reach a person: ``Email / Google Scholar / Twitter``."""
    parts = words(text)
    if not 2 <= len(parts) <= 25 or ends_sentence(text.rstrip(". ")):
        return False
    names = [part.removeprefix("https://").removeprefix("www.").partition(".")[0] for part in parts]
    known = sum(name in CONTACT_WORDS or "@" in part for name, part in zip(names, parts, strict=True))
    strong = {name for name in names if name in STRONG_CONTACTS} | {part for part in parts if "@" in part}
    return len(strong) >= 2 and known >= 0.7 * len(parts)
