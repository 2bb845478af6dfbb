"""Parse a query into a tree, or raise an error that points at the code point where it goes wrong.

'clay glaze'              -> both words, in any order
'clay OR glaze kiln'      -> clay, or glaze and kiln
'-glaze'                  -> everything without the word
'"wood fired"'            -> the words in a row
'"wood kiln"~5'           -> the words at most five apart
'glaz*'                   -> glaze, glazing, Glazunov
'gl?ze glase~'            -> words of that shape, words of nearly that spelling
'from:mira -is:reply'     -> Mira's posts that answer nobody
'from:(mira OR juno)'     -> either's
'thread:{kiln glaze}'     -> the threads in which some post says kiln and some post says glaze
'since:2024-05 until:2025'-> from May 2024 on, and before 2025
'colour:red 12:30'        -> two words of text, and a warning about the first
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from threadkeep.errors import QueryError
from threadkeep.query.ast import QUOTES, And, DateRange, Everything, InThread, Node, Not, Or, Phrase, Query
from threadkeep.query.fields import ELSEWHERE, FIELDS, Field, field_named
from threadkeep.query.values import NEAR, BadValue, QueryContext, near, nearest, parse_value
from threadkeep.query.wildcards import TRAILING, parse_prefix, parse_wildcard
from threadkeep.text.cashtags import CASHTAG

LENGTH_LIMIT = 10_000
NESTING_LIMIT = 100

_SPACE = re.compile(r"\s*+")
_QUOTE = re.compile(f"[{QUOTES}]")
_OPERATOR = re.compile(r"([A-Za-z][A-Za-z_]*+):")
_ENDS = rf"\s(){QUOTES}"
_DISTANCE = rf"~([0-9]{{1,4}})(?![^{_ENDS}}}])"
_SCHEMES = frozenset({"arxiv", "did", "doi", "isbn", "mailto", "tel", "urn"})
"""Schemes of identifiers that people paste: not misspelt operators."""
_SIGNS = {"@": "mentions", "＠": "mentions", "#": "tag", "＃": "tag", "$": "cash", "＄": "cash"}
_CASH = rf"{CASHTAG}\*?|[A-Za-z]{{1,6}}\*"


@lru_cache(maxsize=2)
def _patterns(in_braces: bool) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a link, a run of text, and ``OR``. Between braces a ``}`` ends them."""
    ends = _ENDS + "}" if in_braces else _ENDS
    # A link may hold one level of balanced parentheses, as Wikipedia's do; elsewhere they group.
    link = rf"[A-Za-z][A-Za-z0-9+.-]*+://[^{ends}]*+(?:\([^{ends}]*+\)[^{ends}]*+)*+"
    return re.compile(link), re.compile(rf"[^{ends}]++"), re.compile(rf"OR(?![^{ends}])")


def parse(text: str, context: QueryContext | None = None) -> Query:
    """Parse ``text`` into a query; without a ``context`` nobody in particular asks, now.

    Raises only QueryError, for a text that is not a query.
    """
    if len(text) > LENGTH_LIMIT:
        raise QueryError(
            f"the query is longer than {LENGTH_LIMIT:,} characters",
            text[: LENGTH_LIMIT + 1],
            LENGTH_LIMIT,
            "search for a part of it",
        )
    parser = _Parser(text, context or QueryContext())
    root = parser.parse()
    return Query(text, root, (*parser.warnings, *_contradictions(root)))


@dataclass(slots=True)
class _Branch:
    """An alternative: its parts so far, and the position of the ``OR`` before it."""

    parts: list[Node]
    after: int | None


class _Group(NamedTuple):
    """Where a group was opened and what closes it. In ``from:(…)`` words are values of ``field``."""

    opened: int | None = None
    closing: str = ""
    field: Field | None = None


class _Scanner:
    """A position in a query's text, what can be taken there, and the warnings so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.braces = 0
        self.warnings: list[str] = []
        self._patterns = _patterns(False)

    def _count_braces(self, more: int) -> None:
        self.braces += more
        self._patterns = _patterns(self.braces > 0)

    def _take_run(self, link: re.Match[str] | None = None) -> str:
        """Take the link or the run of text at the position."""
        found = (
            link
            or self._patterns[0].match(self.text, self.position)
            or self._patterns[1].match(self.text, self.position)
        )
        if found is None:
            raise AssertionError(f"no run of text at {self.position}")
        self.position = found.end()
        return found[0]

    def _take_phrase(self) -> str:
        start = self.position
        closing = _QUOTE.search(self.text, start + 1)
        if closing is None:
            raise self._error("the quote is never closed", start, 'add a "')
        phrase = self.text[start + 1 : closing.start()]
        if not phrase.strip():
            raise self._error("nothing stands between the quotes", start)
        self.position = closing.end()
        return phrase

    def _warn_of_unknown_operator(self, operator: re.Match[str]) -> None:
        """Warn that ``colour:red`` is not an operator, though it looks like one; ``Re:`` alone and ``C:\\`` do not."""
        name = operator[1].lower()
        following = self.text[operator.end() : operator.end() + 1]
        if len(name) < 2 or name in _SCHEMES or not following or following.isspace() or following in "()":
            return
        known = ELSEWHERE.get(name) or nearest(name, [one for field in FIELDS for one in (field.name, *field.aliases)])
        suggested = f"; did you mean {known}:?" if known else ""
        self._warn(f"{operator[0]} is no operator, so it is searched for as text{suggested}")

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _error(self, message: str, position: int, hint: str | None = None) -> QueryError:
        return QueryError(message, self.text, position, hint)


class _Parser(_Scanner):
    """A recursive descent parser: each ``_parse`` method reads what begins at the position and moves behind it.

    ``depth`` counts open brackets and saved searches, ``within`` names the saved searches being read.
    """

    def __init__(self, text: str, context: QueryContext, depth: int = 0, within: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.context = context
        self.depth = depth
        self.within = within

    def parse(self) -> Node:
        """Parse the whole text. Raises QueryError."""
        return _or_of(self._parse_alternatives(_Group()))

    def _parse_alternatives(self, group: _Group) -> list[list[Node]]:
        """Return the parts of each alternative, up to what closes ``group`` or the end of the text."""
        branches = [_Branch([], None)]
        while self._has_more(group):
            found = self._patterns[2].match(self.text, self.position)
            if found is None:
                branches[-1].parts.append(self._parse_operand(group.field))
            elif branches[-1].parts:
                branches.append(_Branch([], self.position))
                self.position = found.end()
            else:
                raise self._error("nothing stands before OR", self.position, 'write "OR" to search for the word')
        last = branches[-1]
        if not last.parts:
            if last.after is not None:
                raise self._error("nothing follows OR", last.after, 'write "OR" to search for the word')
            if group.opened is not None:
                empty = "the parentheses are empty" if group.closing == ")" else "the braces are empty"
                raise self._error(empty, group.opened)
            return [[Everything()]]
        return [branch.parts for branch in branches]

    def _has_more(self, group: _Group) -> bool:
        """Skip white space and return whether the group goes on; if not, its closing bracket is consumed."""
        self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr] # it matches everywhere
        here = self.text[self.position : self.position + 1]
        if not here or (here == "}" and self.braces and group.closing == ")"):
            if group.opened is not None:
                what = "parenthesis" if group.closing == ")" else "brace"
                raise self._error(f"the {what} is never closed", group.opened, f"add a {group.closing}")
            return False
        if here == group.closing:
            self.position += 1
            return False
        if here == ")":
            raise self._error("this ) closes nothing", self.position, "quote it to search for it")
        return True

    def _parse_operand(self, field: Field | None) -> Node:
        start = self.position
        if self.text[start] == "-" and not self.text.startswith("--", start):
            return self._parse_negation(field)
        if self.text[start] == "(":
            return self._parse_group(field)
        if self.text[start] in QUOTES:
            return self._parse_quoted(field)
        return self._parse_run(start) if field is None else self._parse_term(field, self._take_run(), start)

    def _parse_negation(self, field: Field | None) -> Node:
        start = self.position
        following = self.text[start + 1 : start + 2]
        if not following or following.isspace() or following == ")" or (following == "}" and self.braces):
            raise self._error("nothing follows the minus", start, "write -word to leave a word out")
        self.position += 1
        return Not(self._parse_operand(field))

    def _parse_group(self, field: Field | None) -> Node:
        return _or_of(self._parse_bracketed(_Group(self.position, ")", field)))

    def _parse_bracketed(self, group: _Group) -> list[list[Node]]:
        """Return the alternatives within the parentheses or braces that open here."""
        if self.depth == NESTING_LIMIT:
            raise self._error(f"parentheses are nested deeper than {NESTING_LIMIT}", self.position)
        self.depth += 1
        self._count_braces(group.closing == "}")
        self.position += 1
        branches = self._parse_alternatives(group)
        self._count_braces(-(group.closing == "}"))
        self.depth -= 1
        return branches

    def _parse_thread(self) -> Node:
        """Parse ``thread:{…}``: each part must match some post of the thread, a negated part none of them."""
        branches = self._parse_bracketed(_Group(self.position, "}"))
        parts = branches[0] if len(branches) == 1 else [_or_of(branches)]
        wanted = tuple(part for part in parts if not isinstance(part, Not))
        found: list[Node] = [InThread(wanted)] if wanted else []
        found += (Not(InThread((part.part,))) for part in parts if isinstance(part, Not))
        return _flattened(And, found)

    def _parse_quoted(self, field: Field | None) -> Node:
        """Parse a phrase, or ``"words near"~5``; after a colon the value of ``field``."""
        start = self.position
        phrase = self._take_phrase()
        if field is not None and field.kind != "words":
            return self._parse_term(field, phrase, start)
        distance = re.compile(_DISTANCE).match(self.text, self.position)
        if distance is None and field is not None and self.text.startswith("~", self.position):
            raise self._error("no number says how far the words may be apart", self.position, 'as in near:"kiln ash"~5')
        if distance is None and field is None:
            return Phrase(phrase)
        self.position = distance.end() if distance else self.position
        try:
            return near(phrase, int(distance[1]) if distance else NEAR)
        except BadValue as bad:
            raise self._error(bad.message, start, bad.hint) from None

    def _parse_run(self, start: int) -> Node:
        """Parse a word, ``#tag``, ``@mention``, ``word*``, link, or an operator with its value."""
        link = self._patterns[0].match(self.text, start)
        operator = None if link else _OPERATOR.match(self.text, start)
        if operator is not None:
            field = field_named(operator[1])
            if field is not None:
                self.position = operator.end()
                return self._parse_operator(field, start)
            self._warn_of_unknown_operator(operator)
        run = self._take_run(link)
        if run in ("AND", "NOT"):
            instead = "words stand together without it" if run == "AND" else "write -word to leave a word out"
            self._warn(f"{run} is searched for as a word; {instead}")
        return self._parse_sigil(run, start) or (parse_prefix(run) if link else self._parse_wildcard(run, start))

    def _parse_sigil(self, run: str, start: int) -> Node | None:
        """Return ``#tag``, ``@mention``, ``$cash``, or the saved search ``@name``; None for any other run."""
        op, value = _SIGNS.get(run[0]), run[1:].rstrip(TRAILING)
        if op is None or not value or value[0] in _SIGNS or (op == "cash" and not re.fullmatch(_CASH, value)):
            return None
        if op == "mentions" and value.lower() in (self.context.saved or ()):
            return self._parse_saved_search(value.lower(), start)
        field = field_named(op)
        assert field is not None
        return self._parse_term(field, run[0] + value, start)

    def _parse_saved_search(self, name: str, start: int) -> Node:
        """Return the tree of the saved search ``name``."""
        hint = f"threadkeep save {name} QUERY replaces it"
        if name in self.within or self.depth == NESTING_LIMIT:
            raise self._error(f"the saved search @{name} asks for itself", start, hint)
        text = (self.context.saved or {})[name]
        parser = _Parser(text, self.context, self.depth + 1, (*self.within, name))
        try:
            root = parser.parse()
        except QueryError as error:
            message = f"the saved search @{name} cannot be understood: {error.message}"
            raise self._error(message, start, hint) from None
        for warning in parser.warnings:
            self._warn(warning)
        return root

    def _parse_wildcard(self, run: str, start: int) -> Node:
        try:
            node, warning = parse_wildcard(run)
        except BadValue as bad:
            raise self._error(bad.message, start, bad.hint) from None
        if warning:
            self._warn(warning)
        return node

    def _parse_operator(self, field: Field, start: int) -> Node:
        """Parse what follows the colon of ``field``."""
        following = self.text[self.position : self.position + 1]
        if not following or following.isspace() or following == ")" or (following == "}" and self.braces):
            hint = f"write its value right after the colon, as in {field.example}"
            raise self._error(f"{field.name}: has no value", start, hint)
        if following == "(":
            return self._parse_group(field)
        if following == "{" and field.name == "thread":
            return self._parse_thread()
        if following in QUOTES:
            return self._parse_quoted(field)
        value_start = self.position
        return self._parse_term(field, self._take_run(), value_start)

    def _parse_term(self, field: Field, value: str, start: int) -> Node:
        try:
            return parse_value(field, value, self.context)
        except BadValue as bad:
            raise self._error(bad.message, start, bad.hint) from None


def _contradictions(root: Node) -> Iterator[str]:
    """Yield a warning if the dates of a query exclude each other."""
    ranges = [part for part in root.parts if isinstance(part, DateRange)] if isinstance(root, And) else []
    since = max((part.since for part in ranges if part.since), default=None, key=_moment)
    until = min((part.until for part in ranges if part.until), default=None, key=_moment)
    if since and until and _moment(since) >= _moment(until):
        yield f"no day is both since {since} and before {until}"


def _moment(day: date | datetime) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _or_of(branches: list[list[Node]]) -> Node:
    return _flattened(Or, [_flattened(And, parts) for parts in branches])


def _flattened(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """Return ``parts`` under one node of ``kind``, with nested nodes of that kind flattened."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(flat))
