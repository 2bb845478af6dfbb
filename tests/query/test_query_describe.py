"""A query's tree in plain words."""

from datetime import UTC, datetime

import pytest

from threadkeep.query.ast import RowIdSet, Term
from threadkeep.query.describe import describe
from threadkeep.query.fields import FIELDS
from threadkeep.query.flags import FLAGS
from threadkeep.query.parser import parse
from threadkeep.query.values import QueryContext

NOON = QueryContext(datetime(2024, 5, 2, 12, tzinfo=UTC))


def lines(query: str) -> list[str]:
    return list(describe(parse(query, NOON).root, lambda text: " (!)" if text == "odd" else ""))


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("", "every post"),
        ("clay", "the word “clay”"),
        ("odd", "the word “odd” (!)"),
        ('"a b"', "the words “a b” in a row"),
        ('near:"a b"~3', "the words “a b” at most 3 words apart"),
        ("cl*", "a word that begins with “cl”"),
        ("c?ay", "a word of the shape “c?ay”"),
        ("clai~", "a word at most 1 letter away from “clai”"),
        ("clai~2", "a word at most 2 letters away from “clai”"),
        ("from:mira", "written by mira"),
        ("-from:mira", "not: written by mira"),
        ("#po*", "tagged what begins with po"),
        ("tag:*", "tagged anything"),
        ("$CLAY", "with the cashtag $CLAY"),
        ("$cl*", "with the cashtag what begins with $cl"),
        ('title:"a kiln"', "with “a kiln” in the title"),
        ("title:ki*", "with what begins with “ki” in the title"),
        ("alt:*", "with anything in the description of a picture"),
        ("is:reply", "it answers another post"),
        ("min_faves:1k", "1,000 likes or more"),
        ("year:2024", "from 2024-01-01 on and before 2025-01-01"),
        ("until:2024-05-01", "before 2024-05-01"),
        ("within_time:1d", "from 2024-05-01 12:00:00 UTC on"),
    ],
)
def test_a_part_is_a_line(query: str, line: str) -> None:
    assert lines(query) == [line]


def test_parts_stand_below_what_joins_them() -> None:
    assert lines("a OR -(b thread:{c (d e)})") == [
        "any of these:",
        "  the word “a”",
        "  not: all of these:",
        "    the word “b”",
        "    in a thread with all of these, each in any of its posts:",
        "      the word “c”",
        "      all of these:",
        "        the word “d”",
        "        the word “e”",
    ]


def test_posts_looked_up_are_counted() -> None:
    assert list(describe(RowIdSet(Term("id", "x:1"), frozenset({5})), str)) == ["the post x:1 (1 post)"]
    assert list(describe(RowIdSet(Term("source", "a.txt"), frozenset()), str)) == ["seen in the dump a.txt (0 posts)"]


def test_every_operator_and_flag_can_be_told() -> None:
    for query in (*(field.example for field in FIELDS), *(f"is:{flag.name}" for flag in FLAGS)):
        [line] = lines(query)
        assert "{" not in line
        assert line != "{}"
