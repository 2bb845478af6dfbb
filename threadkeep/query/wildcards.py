"""Parse wildcards: a star, a question mark or a tilde in a run of text.

'glaz*' -> Prefix("glaz")      'gl?ze', '*ware' -> Wildcard      'glase~', 'porcelane~2' -> Fuzzy
'why?' -> Word("why?")         'a.b*' -> Prefix("a.b")           '*' -> Everything()
"""

import re

from threadkeep.query.ast import Everything, Fuzzy, Node, Prefix, Wildcard, Word
from threadkeep.query.values import BadValue

TRAILING = ".,;:!?…"
"""Punctuation that ends a sentence, not part of its last word."""

_LETTER = r"[^\W_]"
_SEPARATOR = r"[/\\.:;,=&%@#$+|<>\[\]{}!…_~-]"
"""Separates the words of a run of text."""

_FUZZY = r"([^*?~]+)~([0-9]*)"
_EDITS = 2


def parse_wildcard(run: str) -> tuple[Node, str | None]:
    """Return the node of ``run``, which is not a link, and a warning if it may not mean what it looks like.

    Raises BadValue.
    """
    if (fuzzy := re.fullmatch(_FUZZY, run)) and re.search(_LETTER, fuzzy[1]):
        return _fuzzy(run, fuzzy[1], fuzzy[2])
    pattern = re.sub(r"\*+", "*", run.rstrip(TRAILING))
    has_star_inside = "*" in pattern.rstrip("*")
    if ("?" not in pattern and not has_star_inside) or not re.search(_LETTER, pattern):
        return parse_prefix(run), None
    if not re.search(_SEPARATOR, pattern):
        return Wildcard(pattern), None
    if has_star_inside:
        return Word(run), f"{run} is searched for as text: * and ? stand for letters within one word"
    return parse_prefix(run), None


def parse_prefix(run: str) -> Node:
    """Return a ``Prefix`` for ``word*``, else a ``Word``; ``Everything`` for stars alone."""
    if not run.endswith("*"):
        return Word(run)
    start = run.rstrip("*")
    return Prefix(start) if start else Everything()


def _fuzzy(run: str, text: str, edits: str) -> tuple[Node, str | None]:
    if re.search(_SEPARATOR, text):
        return Word(run), f"{run} is searched for as text: ~ stands after one word"
    if edits and not 1 <= int(edits) <= _EDITS:
        raise BadValue(
            f"{edits} wrong letters make another word", f"write {text}~ for one wrong letter, {text}~2 for two"
        )
    return Fuzzy(text, int(edits or 1)), None
