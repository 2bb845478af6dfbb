"""Escape any text for Markdown, with as few backslashes as possible.

    paragraphs("# of *posts*")      -> "\\\\# of \\\\*posts*"
    paragraphs("see https://a.test") -> "see <https://a.test>"

Escaped is everything that CommonMark and GitHub's tables and strikethrough would read as structure, what Obsidian adds
(wiki links, embeds, comments, highlights, formulas, block ids, tags the post does not have), and the commands of its
plug-in Templater, which would be run. Line breaks stay line breaks, blank lines separate paragraphs, and leading white
space becomes no-break spaces, since Markdown would drop it or read code. Control characters and bidirectional overrides
become visible (``text.control_chars``).
"""

import re
import unicodedata
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from threadkeep.platforms.web import is_web_url
from threadkeep.text.control_chars import escape_controls

_HARD_BREAK = "  \n"

# Markup anywhere in a line. Each match is the one character to escape.
_MARKUP = re.compile(
    r"""
      \\ (?= [!-/:-@\[-`{-~] | [ \t]*+ $ )                          # an escape of the text's own, or a hard break
    | `                                                             # code
    | < (?= [A-Za-z/!?] | [^\s<>@]*+ @ )                            # HTML, automatic links
    | & (?= \#[0-9]{1,7}; | \#[xX][0-9a-fA-F]{1,6}; | [A-Za-z][A-Za-z0-9]{0,31}; )  # entities
    | \] (?= [(:] )                                                 # links, link definitions, footnotes
    | \[ (?= \[ ) | (?<= \[ ) \[                                    # Obsidian: [[a wiki link]]
    | \^ (?= \[ | [A-Za-z0-9-]++ [ \t]*+ $ )                        # Obsidian: ^[a footnote], the id of a block
    | % (?= % ) | (?<= [%<] ) %                                     # Obsidian: %% a comment %%, <% a command %>
    """,
    re.VERBOSE | re.MULTILINE,
)

# Markup at the start of a line. The one group that matches is the character to escape.
_LINE_START = re.compile(
    r"""
    [ \t]*+ (?:
      (\#) \#{0,5} (?= [ \t] | $ )          # a heading
    | (>)                                   # a quotation, an Obsidian callout
    | ([-+*]) (?= [ \t] | $ )               # a list item, a rule such as "* * *"
    | [0-9]{1,9} ([.)]) (?= [ \t] | $ )     # a numbered item
    | ([-_*=]) (?= [-_*= \t]*+ $ )          # a rule, the line under a heading, the fence of front matter
    | (~) (?= ~~ )                          # a code fence
    | ([|:]) (?= [|: \t-]*+ $ )             # the line under a table's head
    | (-) (?= [|: \t-]*+ $ )                # likewise
    )
    """,
    re.VERBOSE,
)

_DELIMITERS = re.compile(r"\*+|_+|~+|={2,}|\$+")
_HEADING_END = re.compile(r"(?<!\S)#(?=#*+\Z)")
_LABEL_MARKUP = re.compile(r"[\[\]]|\A\^|\|(?=[ 0-9x]++\Z)")  # in the end Obsidian reads the size of a picture
_TAG = re.compile(r"(?<!\S)#([^\s!-,.:-@\[-^`{-~]+)")
_UNSAFE_IN_URL = re.compile('[\x00-\x20"<>\\\\^`{|}\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufffd]')
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]{1,32};)")


@dataclass(frozen=True, slots=True)
class Span:
    """A link in a text: code points ``start`` up to ``end``, leading to ``url``."""

    start: int
    end: int
    url: str


def paragraphs(text: str, spans: Sequence[Span] = (), tags: Collection[str] = ()) -> str:
    """Return a post's text as Markdown. ``spans`` become links: in order, not overlapping, none over a line's end.

    ``tags`` are the hashtags that may stay Obsidian tags.
    """
    text, known = escape_controls(text), _folded(tags)
    left = deque(trimmed(text, spans))
    blocks = []
    for start, end in _paragraphs(text):
        inside = []
        while left and left[0].end <= end:
            span = left.popleft()
            inside.append(Span(span.start - start, span.end - start, span.url))
        blocks.append(_paragraph(text[start:end], inside, known))
    return "\n\n".join(blocks)


def heading(text: str, tags: Collection[str] = ()) -> str:
    """Return text for one line of heading, after its ``#``."""
    text = one_line(text)
    marks = _marks(text, _folded(tags))
    marks.update(match.start() for match in _HEADING_END.finditer(text))
    return _with_backslashes(text, 0, len(text), sorted(marks))


def label(text: str) -> str:
    """Return text as one line within other Markdown: between the brackets of a link or the stars of bold."""
    text = one_line(text)
    marks = _marks(text, ())
    marks.update(match.start() for match in _LABEL_MARKUP.finditer(text))
    for run in _DELIMITERS.finditer(text):
        if not _is_inside_word(text, run):
            marks.update(range(run.start(), run.end()))
    return _with_backslashes(text, 0, len(text), sorted(marks))


def one_line(text: str) -> str:
    """Return text on one line, white space folded and control characters visible, but nothing escaped."""
    return " ".join(escape_controls(text).split())


def link(text: str | None, url: str) -> str:
    """Return a link shown as ``text`` or as its address; only the text if ``url`` is not a web address."""
    shown = one_line(url if text is None or not text.strip() else text)
    if not is_web_url(url):
        return label(shown)
    return f"<{url}>" if shown == url and not _UNSAFE_IN_URL.search(url) else f"[{label(shown)}]({destination(url)})"


def destination(url: str) -> str:
    """Return a link's target, for between its parentheses."""
    safe = web_address(url)
    safe = _ENTITY.sub(r"\&", safe)
    return f"<{safe}>" if "(" in safe or ")" in safe else safe


def web_address(url: str) -> str:
    """Return a URL with invalid characters (white space, quotes, controls) percent-encoded."""
    return _UNSAFE_IN_URL.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)


def block_quote(markdown: str) -> str:
    """Return Markdown as a block quotation."""
    return "\n".join(f"> {row}" if row else ">" for row in markdown.split("\n"))


def trimmed(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield ``spans`` without white space at their ends; drop those that are blank or contain a line break."""
    for span in spans:
        shown = text[span.start : span.end]
        start = span.start + len(shown) - len(shown.lstrip())
        words = shown.strip()
        if words and "\n" not in words:
            yield Span(start, start + len(words), span.url)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of non-blank lines."""
    start, position = None, 0
    for row in text.split("\n"):
        if row.isspace() or not row:
            if start is not None:
                yield start, position - 1
            start = None
        elif start is None:
            start = position
        position += len(row) + 1
    if start is not None:
        yield start, len(text)


def _paragraph(text: str, spans: Sequence[Span], tags: tuple[str, ...]) -> str:
    """Return one paragraph as Markdown.

    Links and characters already escaped at a line start are replaced by commas while looking for markup: they must not
    count as the closing half of a pair.
    """
    masked = _masked(text, [(span.start, span.end) for span in spans])
    shown = [link(text[span.start : span.end], span.url) for span in spans]
    marks = set(_line_marks(masked))
    masked = _masked(masked, [(mark, mark + 1) for mark in sorted(marks)])
    marks |= _marks(masked, tags)
    for span, markdown in zip(spans, shown, strict=True):
        if markdown.startswith("[") and masked[span.start - 1 : span.start] in ("!", "[", "^"):
            marks.add(span.start - 1)  # it would make a picture, a wiki link or a footnote of the link
    ordered = sorted(marks)
    output: list[str] = []
    position = 0
    for span, markdown in zip(spans, shown, strict=True):
        output += [_with_backslashes(text, position, span.start, ordered), markdown]
        position = span.end
    output.append(_with_backslashes(text, position, len(text), ordered))
    return _HARD_BREAK.join(_indented(row.rstrip(" \t")) for row in "".join(output).split("\n"))


def _masked(text: str, places: Iterable[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in places:
        pieces += [text[position:start], "," * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def _indented(row: str) -> str:
    body = row.lstrip(" \t")
    return row[: len(row) - len(body)].replace("\t", " " * 4).replace(" ", "\u00a0") + body


def _with_backslashes(text: str, start: int, end: int, marks: Sequence[int]) -> str:
    """Return ``text[start:end]`` with a backslash before each of ``marks``, which are sorted."""
    pieces, position = [], start
    for mark in marks[bisect_left(marks, start) : bisect_left(marks, end)]:
        pieces += [text[position:mark], "\\"]
        position = mark
    return "".join([*pieces, text[position:end]])


def _marks(text: str, tags: tuple[str, ...]) -> set[int]:
    """Return the positions that need a backslash wherever in a line they are."""
    marks = {match.start() for match in _MARKUP.finditer(text)}
    marks.update(_delimiter_marks(text))
    marks.update(match.start() for match in _TAG.finditer(text) if _is_strange_tag(match[1], tags))
    return marks


def _line_marks(text: str) -> Iterator[int]:
    position = 0
    for row in text.split("\n"):
        match = _LINE_START.match(row)
        if match and match.lastindex:
            yield position + match.start(match.lastindex)
        position += len(row) + 1


def _delimiter_marks(text: str) -> Iterator[int]:
    """Yield the positions in runs of ``*``, ``_``, ``~``, ``==``, ``$`` that open something a later run closes."""
    opening: dict[str, list[re.Match[str]]] = {}
    last_closing: dict[str, int] = {}
    for match in _DELIMITERS.finditer(text):
        opens, closes = _flanks(text, match)
        if opens:
            opening.setdefault(match[0][0], []).append(match)
        if closes:
            last_closing[match[0][0]] = match.start()
    for character, runs in opening.items():
        for run in runs:
            # A run of several can close itself in Obsidian: "$$" and "====" are a pair.
            if run.start() < last_closing.get(character, -1) or (len(run[0]) > 1 and character in "$="):
                yield from range(run.start(), run.end())


def _flanks(text: str, run: re.Match[str]) -> tuple[bool, bool]:
    """Return whether a run can open and whether it can close, by any of the dialects.

    CommonMark 0.30 and 0.31 disagree on whether symbols are punctuation; for ``$`` and ``==`` Obsidian looks at white
    space only. One dialect is enough: a backslash too many does less harm than one too few.
    """
    before = text[run.start() - 1] if run.start() else "\n"
    after = text[run.end()] if run.end() < len(text) else "\n"
    if _is_inside_word(text, run):
        return False, False
    loose = run[0][0] in "$="
    opens = not after.isspace() and (
        loose or not _is_punctuation(after) or before.isspace() or _is_punctuation(before, symbols=True)
    )
    closes = not before.isspace() and (
        loose or not _is_punctuation(before) or after.isspace() or _is_punctuation(after, symbols=True)
    )
    return opens, closes


def _is_inside_word(text: str, run: re.Match[str]) -> bool:
    """Whether a run is the underscore of a name such as ``snake_case``."""
    around = text[max(run.start() - 1, 0) : run.start()], text[run.end() : run.end() + 1]
    return run[0][0] == "_" and all(character.isalnum() for character in around)


def _is_punctuation(character: str, symbols: bool = False) -> bool:
    kind = unicodedata.category(character)[0]
    return kind == "P" or (kind == "S" and (symbols or character.isascii()))


def _folded(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(tag.casefold() for tag in tags)


def _is_strange_tag(written: str, tags: tuple[str, ...]) -> bool:
    """Whether Obsidian would read a tag (any word that is not a number) that the post does not have."""
    is_tag = any(c.isalnum() for c in written) and not written.isdigit()
    return is_tag and not written.casefold().startswith(tags)
