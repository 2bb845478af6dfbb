"""Word numbers, dates and marked passages for people: the same on the terminal and in exports.

plural(1200, "post")                                -> "1,200 posts"
date_text(When(…, "month"))                         -> "2024-05"
mark_spans("a kiln", [(2, 6)], lambda hit: f"*{hit}*") -> "a *kiln*"
"""

from collections.abc import Callable, Iterable

from threadkeep.records import When

_DATE_LENGTHS = {"second": 10, "day": 10, "month": 7, "year": 4}


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> plural(1, "reply", "replies"), plural(1200, "post")
    ('1 reply', '1,200 posts')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def date_text(when: When | None) -> str | None:
    """Return the day, month or year in UTC, as far as it is known: ``2024-05-01``, ``2024-05``, ``2024``."""
    return None if when is None else when.instant.date().isoformat()[: _DATE_LENGTHS[when.precision]]


def minute_text(when: When | None) -> str | None:
    """Return ``2024-05-01 12:30 UTC``, or the date as far as it is known."""
    if when is None or when.precision != "second":
        return date_text(when)
    return f"{when.instant.replace(tzinfo=None).isoformat(sep=' ', timespec='minutes')} UTC"


def mark_spans(
    text: str,
    spans: Iterable[tuple[int, int]],
    mark: Callable[[str], str],
    between: Callable[[str], str] = str,
) -> str:
    """Return ``text`` with ``mark`` applied to each span and ``between`` to the rest.

    ``spans`` are code points, ascending and not overlapping.
    """
    parts: list[str] = []
    last = 0
    for start, end in spans:
        parts += (between(text[last:start]), mark(text[start:end]))
        last = end
    return "".join((*parts, between(text[last:])))
