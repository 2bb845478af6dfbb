"""Read a query: from text to a tree, or to an error that points at the code point where it went wrong.

'clay glaze'              -> both words, in any order
'clay OR glaze kiln'      -> clay, or glaze and kiln
'-glaze'                  -> everything without the word
'"wood fired"'            -> the words in a row
'glaz*'                   -> glaze, glazing, Glazunov
'from:mira -is:reply'     -> Mira's posts that answer nobody
'from:(mira OR juno)'     -> either's
'since:2024-05 until:2025'-> from May 2024 on, and before 2025
'colour:red 12:30'        -> two words of text, and a warning about the first
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from threadkeep.errors import QueryError
from threadkeep.query.ast import QUOTES, And, DateRange, Everything, Node, Not, Or, Phrase, Prefix, Query, Term, Word
from threadkeep.query.fields import ELSEWHERE, FIELDS, Field, field_named
from threadkeep.query.values import BadValue, value_of

LENGTH_LIMIT = 10_000
NESTING_LIMIT = 100

_SPACE = re.compile(r"\s*+")
_RUN = re.compile(rf"[^\s(){QUOTES}]++")
_QUOTE = re.compile(f"[{QUOTES}]")
_OPERATOR = re.compile(r"([A-Za-z][A-Za-z_]*+):")
# A link may hold one level of balanced parentheses, as Wikipedia's do; elsewhere they group.
_LINK = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*+://[^\s(){QUOTES}]*+(?:\([^\s(){QUOTES}]*+\)[^\s(){QUOTES}]*+)*+",
)
_OR = re.compile(rf"OR(?![^\s(){QUOTES}])")
_TRAILING = ".,;:!?…"
_SCHEMES = frozenset({"arxiv", "did", "doi", "isbn", "mailto", "tel", "urn"})
"""They begin identifiers that people paste; none is a misspelt operator."""
_SIGNS = {"@": "to", "＠": "to", "#": "tag", "＃": "tag"}


def parse(text: str, *, now: date | None = None) -> Query:
    """What ``text`` asks for. ``now`` is the day that ``since:7d`` counts from: today in UTC unless given.

    Raises QueryError, and nothing else, for a text that makes no sense.
    """
    if len(text) > LENGTH_LIMIT:
        raise QueryError(
            f"the query is longer than {LENGTH_LIMIT:,} characters",
            text[: LENGTH_LIMIT + 1],
            LENGTH_LIMIT,
            "search for a part of it",
        )
    reader = _Reader(text, now)
    root = reader.group(None, None)
    return Query(text, root, (*reader.warnings, *_contradictions(root)))


@dataclass(slots=True)
class _Branch:
    """What stands between two ``OR``: its parts so far, and where the ``OR`` before it is."""

    parts: list[Node]
    after: int | None


class _Reader:
    """A place in a query's text, moving on as parts are read."""

    def __init__(self, text: str, now: date | None) -> None:
        self.text = text
        self.now = now
        self.at = 0
        self.depth = 0
        self.warnings: list[str] = []

    def group(self, opened: int | None, field: Field | None) -> Node:
        """Everything up to the ``)`` that answers the ``(`` at ``opened``, or up to the end.

        In the group of ``from:(…)`` the words are values of ``field``.
        """
        branches = [_Branch([], None)]
        while self._more(opened):
            found = _OR.match(self.text, self.at)
            if found is None:
                branches[-1].parts.append(self._one(field))
            elif branches[-1].parts:
                branches.append(_Branch([], self.at))
                self.at = found.end()
            else:
                raise self._error("nothing stands before OR", self.at, 'write "OR" to search for the word')
        last = branches[-1]
        if not last.parts:
            if last.after is not None:
                raise self._error("nothing follows OR", last.after, 'write "OR" to search for the word')
            if opened is not None:
                raise self._error("the parentheses are empty", opened)
            return Everything()
        return _joined(Or, [_joined(And, branch.parts) for branch in branches])

    def _more(self, opened: int | None) -> bool:
        """Whether the group goes on after white space; where it does not, its ``)`` has been read."""
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr] # it matches everywhere
        if self.at == len(self.text):
            if opened is not None:
                raise self._error("the parenthesis is never closed", opened, "add a )")
            return False
        if self.text[self.at] != ")":
            return True
        if opened is None:
            raise self._error("this ) closes nothing", self.at, "quote it to search for it")
        self.at += 1
        return False

    def _one(self, field: Field | None) -> Node:
        start = self.at
        if self.text[start] == "-" and not self.text.startswith("--", start):
            return self._negated(field)
        if self.text[start] == "(":
            return self._nested(field)
        if self.text[start] in QUOTES:
            phrase = self._quoted()
            return Phrase(phrase) if field is None else self._term(field, phrase, start)
        return self._run(start) if field is None else self._term(field, self._taken(_LINK, _RUN), start)

    def _negated(self, field: Field | None) -> Node:
        start = self.at
        following = self.text[start + 1 : start + 2]
        if not following or following.isspace() or following == ")":
            raise self._error("nothing follows the minus", start, "write -word to leave a word out")
        self.at += 1
        return Not(self._one(field))

    def _nested(self, field: Field | None) -> Node:
        if self.depth == NESTING_LIMIT:
            raise self._error(f"parentheses are nested deeper than {NESTING_LIMIT}", self.at)
        opened = self.at
        self.depth += 1
        self.at += 1
        node = self.group(opened, field)
        self.depth -= 1
        return node

    def _quoted(self) -> str:
        start = self.at
        closing = _QUOTE.search(self.text, start + 1)
        if closing is None:
            raise self._error("the quote is never closed", start, 'add a "')
        phrase = self.text[start + 1 : closing.start()]
        if not phrase.strip():
            raise self._error("nothing stands between the quotes", start)
        self.at = closing.end()
        return phrase

    def _run(self, start: int) -> Node:
        """A word, ``#tag``, ``@mention``, ``word*``, link, or an operator with its value."""
        link = _LINK.match(self.text, start)
        operator = None if link else _OPERATOR.match(self.text, start)
        if operator is not None:
            field = field_named(operator[1])
            if field is not None:
                self.at = operator.end()
                return self._valued(field, start)
            self._warn_of_unknown(operator)
        run = self._taken(_LINK, _RUN)
        if run in ("AND", "NOT"):
            instead = "words stand together without it" if run == "AND" else "write -word to leave a word out"
            self._warn(f"{run} is searched for as a word; {instead}")
        op = _SIGNS.get(run[0])
        if op is not None and (value := run[1:].rstrip(_TRAILING)) and value[0] not in _SIGNS:
            field = field_named(op)
            assert field is not None
            return self._term(field, value, start)
        if run.endswith("*"):
            begun = run.rstrip("*")
            return Prefix(begun) if begun else Everything()
        return Word(run)

    def _valued(self, field: Field, start: int) -> Node:
        """What stands after ``field``'s colon."""
        following = self.text[self.at : self.at + 1]
        if not following or following.isspace() or following == ")":
            hint = f"write its value right after the colon, as in {field.example}"
            raise self._error(f"{field.name}: has no value", start, hint)
        if following == "(":
            return self._nested(field)
        value_start = self.at
        value = self._quoted() if following in QUOTES else self._taken(_LINK, _RUN)
        return self._term(field, value, value_start)

    def _term(self, field: Field, value: str, start: int) -> Node:
        try:
            meant = value_of(field, value, self.now)
        except BadValue as bad:
            raise self._error(bad.message, start, bad.hint) from None
        if isinstance(meant, str):
            return Term(field.name, meant)
        return DateRange(since=meant) if field.name == "since" else DateRange(until=meant)

    def _taken(self, *patterns: re.Pattern[str]) -> str:
        """The text that the first fitting pattern matches here, and move past it."""
        for pattern in patterns:
            found = pattern.match(self.text, self.at)
            if found is not None:
                self.at = found.end()
                return found[0]
        raise AssertionError(f"no run of text at {self.at}")

    def _warn_of_unknown(self, operator: re.Match[str]) -> None:
        """Warn that ``colour:red`` is no operator, though it looks like one; ``Re:`` alone and ``C:\\`` do not."""
        name = operator[1].lower()
        following = self.text[operator.end() : operator.end() + 1]
        if len(name) < 2 or name in _SCHEMES or not following or following.isspace() or following in "()":
            return
        near = ELSEWHERE.get(name) or _nearest(name, [field.name for field in FIELDS])
        meant = f"; did you mean {near}:?" if near else ""
        self._warn(f"{operator[0]} is no operator, so it is searched for as text{meant}")

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _error(self, message: str, position: int, hint: str | None = None) -> QueryError:
        return QueryError(message, self.text, position, hint)


def _contradictions(root: Node) -> Iterator[str]:
    """A warning where the dates of a query leave no day between them."""
    ranges = [part for part in root.parts if isinstance(part, DateRange)] if isinstance(root, And) else []
    since = max((part.since for part in ranges if part.since), default=None)
    until = min((part.until for part in ranges if part.until), default=None)
    if since and until and since >= until:
        yield f"no day is both since {since} and before {until}"


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """``parts`` under one node of ``kind``, those of its own kind taken apart."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(flat))


def _nearest(name: str, names: list[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, names, n=1, cutoff=0.7)), None)
