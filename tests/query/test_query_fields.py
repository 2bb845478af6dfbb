"""The fields table, the parser and docs/query.md say the same.

After a change of the table, ``UPDATE=1 pytest tests/query`` writes the page's tables anew.
"""

import os
import re
from pathlib import Path

import pytest

from threadkeep.errors import QueryError
from threadkeep.platforms.registry import all_platforms
from threadkeep.query.ast import AtLeast, DateRange, Near, Not, Term
from threadkeep.query.fields import ELSEWHERE, FIELDS, Field, field_named
from threadkeep.query.flags import FLAGS, NOT_KEPT, Flag, flag_named
from threadkeep.query.parser import parse

PATH = Path(__file__).resolve().parents[2] / "docs" / "query.md"
PAGE = PATH.read_text("utf-8")


def operators_table() -> str:
    rows = ["| Operator | Finds | Example |", "|---|---|---|"]
    for field in FIELDS:
        names = [f"`{name}:`" for name in (field.name, *field.aliases)] + [f"`{field.sign}`"] * bool(field.sign)
        rows.append(f"| {' '.join(names)} | {field.meaning} | `{field.example}` |")
    return "\n".join(rows)


def flags_table() -> str:
    rows = ["| Value | True of a post where | Also |", "|---|---|---|"]
    for flag in FLAGS:
        also = " ".join(f"`{alias}`" for alias in flag.aliases)
        rows.append(f"| `{flag.op}:{flag.name}` | {flag.meaning} | {also} |")
    return "\n".join(rows)


@pytest.mark.parametrize(("name", "table"), [("operators", operators_table()), ("flags", flags_table())])
def test_the_page_shows_the_tables_as_they_are(name: str, table: str) -> None:
    written = PATH.read_text("utf-8")
    there = re.search(rf"<!-- {name}:[^\n]*-->\n(.*?)<!-- end -->", written, re.S)
    assert there is not None
    if os.environ.get("UPDATE"):
        PATH.write_text(f"{written[: there.start(1)]}{table}\n{written[there.end(1) :]}", "utf-8")
    else:
        assert there[1].rstrip("\n") == table


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_an_operator_parses_to_itself(field: Field) -> None:
    query = parse(field.example)
    assert query.warnings == ()
    root = query.root
    by_kind = {"number": AtLeast, "words": Near} | dict.fromkeys(("date", "seconds", "age", "year"), DateRange)
    if kind := by_kind.get(field.kind):
        assert isinstance(root, kind)
    else:
        assert isinstance(root, Term)
        assert root.op == field.name
    for alias in field.aliases:
        assert field_named(alias.upper()) is field


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)
def test_every_flag_goes_by_every_operator_and_name_in_singular_and_plural(flag: Flag) -> None:
    spellings = [form for name in (flag.name, *flag.aliases) for form in (name, f"{name}s", name.replace("_", "-"))]
    for op in ("is", "has", "FILTER"):
        for spelling in spellings:
            assert parse(f"{op}:{spelling}").root == Term(flag.op, flag.name)


def test_the_values_that_x_has_are_known_or_said_to_be_no_use() -> None:
    known = (
        "replies self_threads quote reposts pinned media image images video videos links hashtags mentions alt poll "
        "edited truncated warning gap nativeretweets retweets twimg native_video consumer_video pro_video"
    ).split()
    assert [value for value in known if flag_named(value) is None] == []
    for value in NOT_KEPT:
        with pytest.raises(QueryError, match="cannot answer"):
            parse(f"filter:{value}")


def test_no_name_means_two_things() -> None:
    fields = [name for field in FIELDS for name in (field.name, *field.aliases)]
    flags = [name for flag in FLAGS for name in (flag.name, *flag.aliases)]
    platforms = [name for platform in all_platforms() for name in (platform.NAME, *platform.ALIASES)]
    for names in (fields, flags, platforms):
        assert len(set(names)) == len(names)
    assert not set(flags) & set(NOT_KEPT)


def test_what_others_call_an_operator_is_none_of_ours() -> None:
    assert not [name for name in ELSEWHERE if field_named(name)]
    assert all(field_named(name) for name in ELSEWHERE.values())


def test_the_queries_of_the_page_mean_something() -> None:
    examples = PAGE.split("```")[1].strip().splitlines()
    queries = [re.split(r" {2,}", line)[0] for line in examples]
    assert len(queries) > 10
    for query in queries:
        assert parse(query).warnings == ()


def test_the_mistake_of_the_page_is_told_as_shown() -> None:
    with pytest.raises(QueryError) as raised:
        parse("is:replie")
    assert f"{raised.value.pointed()}\n{raised.value.message}; {(raised.value.hint or '').split('?')[0]}?" in PAGE


def test_a_minus_before_any_operator_leaves_it_out() -> None:
    for field in FIELDS:
        if field.kind != "age":  # which counts from the moment it is asked
            assert parse(f"-{field.example}").root == Not(parse(field.example).root)
