"""The fields table, the parser and docs/query.md say the same."""

import re
from pathlib import Path

import pytest

from threadkeep.query import parse
from threadkeep.query.ast import DateRange, Node, Not, Term
from threadkeep.query.fields import ELSEWHERE, FIELDS, Field, field_named

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "query.md").read_text("utf-8")


def row(field: Field) -> str:
    """The line of the table in docs/query.md."""
    names = " ".join([f"`{name}:`" for name in (field.name, *field.aliases)] + [f"`{field.sign}`"] * bool(field.sign))
    value = " ".join(f"`{choice}`" for choice in field.choices) or field.kind
    return f"| {names} | {value} | {field.meaning} | `{field.example}` |"


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_page_shows_each_operator_as_the_table_has_it(field: Field) -> None:
    assert row(field) in PAGE


def test_the_page_shows_no_other_operator() -> None:
    assert len(re.findall(r"^\| `", PAGE, re.M)) == len(FIELDS)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_an_operator_parses_to_itself(field: Field) -> None:
    root = parse(field.example).root
    assert isinstance(root, DateRange) if field.kind == "date" else isinstance(root, Term) and root.op == field.name
    for choice in field.choices:
        assert parse(f"{field.name}:{choice}").root == Term(field.name, choice)
    for alias in field.aliases:
        assert field_named(alias.upper()) is field


def test_what_others_call_an_operator_is_none_of_ours() -> None:
    assert not [name for name in ELSEWHERE if field_named(name)]
    assert all(field_named(name) for name in ELSEWHERE.values())


def test_the_queries_of_the_page_mean_something() -> None:
    examples = PAGE.split("```")[1].strip().splitlines()
    queries = [re.split(r" {2,}", line)[0] for line in examples]
    assert len(queries) > 5
    for query in queries:
        assert parse(query).warnings == ()


def test_the_mistake_of_the_page_is_told_as_shown() -> None:
    from threadkeep.errors import QueryError

    with pytest.raises(QueryError) as raised:
        parse("is:replie")
    assert f"{raised.value.pointed()}\n{raised.value}" in PAGE


def test_a_minus_before_any_operator_leaves_it_out() -> None:
    for field in FIELDS:
        positive: Node = parse(field.example).root
        assert parse(f"-{field.example}").root == Not(positive)
