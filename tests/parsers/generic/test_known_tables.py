"""Tables are told from prose, and read where the names of their columns leave no doubt, else refused with the map."""

from pathlib import Path

import pytest

from threadkeep.errors import UnknownFormat
from threadkeep.parsers._tables import find_table
from threadkeep.parsers.registry import parser_for
from threadkeep.records import Account, Post
from threadkeep.sources.source import Options, Source
from threadkeep.text.dates import read_time

OF_X = """conversation_id_str,created_at,favorite_count,full_text,id_str,lang,tweet_url,username
1750000000000000000,Wed Jan 24 03:38:00 +0000 2024,3,"Frost, again

and a second line #kiln",1750000000000000000,en,https://x.com/mira/status/1750000000000000000,mira
1750000000000000001,Wed Jan 24 03:38:01 +0000 2024,3,"@mira she said ""wait"" again",1750000000000000001,en,,odo
1750000000000000002,Wed Jan 24 03:38:02 +0000 2024,3,one line,1750000000000000002,en,,odo
"""


def source(folder: Path, text: str, name: str = "t.csv", encoding: str = "utf-8", **options: object) -> Source:
    (folder / name).write_bytes(text.encode(encoding))
    return Source.from_path(folder / name, Options(**options))  # type: ignore[arg-type] # the options of one test


def posts(given: Source) -> list[Post]:
    parser = parser_for(given)
    assert parser.NAME == "table"
    found = [record for entry in parser.entries(given) for record in parser.parse(entry)]
    return [record for record in found if isinstance(record, Post)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_table_from_x_is_read_without_a_map(tmp_path: Path, encoding: str, delimiter: str, ends: str) -> None:
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows(csv.reader(io.StringIO(OF_X, newline="")))
    first, second, third = posts(source(tmp_path, out.getvalue(), encoding=encoding))
    assert str(first.ref) == "x:1750000000000000000"
    assert first.text == "Frost, again\n\nand a second line #kiln"
    assert first.created is not None
    assert first.created.instant.isoformat() == "2024-01-24T03:38:00+00:00"
    assert second.text == '@mira she said "wait" again'
    assert str(third.ref) == "x:1750000000000000002"


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("t.csv", 'who,said,at\nmira,"Frost, again\nand more",2024\nodo,b,2025\n', "--map text=COLUMN"),
        ("t.csv", "user;ts;body\nmira;1714566600;Frost again\n", "--map text=body,author=user,created=ts"),
        ("t.tsv", "Date\tComment text\n2024-05-02\ta b\n", "--map text=COLUMN,created=Date"),
        ("t.txt", "text,ts\nash rule,1714566600\nother,1714566601\n", "--map text=text,created=ts"),
        ("t.csv", "Tweet Text,Created At\na,b\n", '--map "text=Tweet Text,created=Created At"'),
    ],
)
def test_any_other_table_is_refused_with_the_map_to_type(tmp_path: Path, name: str, text: str, hint: str) -> None:
    with pytest.raises(UnknownFormat) as refused:
        parser_for(source(tmp_path, text, name))
    assert "it is a table" in refused.value.message
    assert hint in str(refused.value.hint)


@pytest.mark.parametrize(
    "prose",
    [
        "Milk, bread\nEggs, butter\nAsh, clay\n",
        "We fired the kiln, at last, with oak.\nIt held, more or less, until dawn.\nThen, at noon, we slept.\n",
        "Hello, world\n",
        "a | b\nc | d\ne | f\n",
        "- one, two, three\n- four, five, six\n- seven, eight, nine\n",
        '{"text": 1, "ts": 2}\n{"text": 1, "ts": 2}\n',
        "<p>a,b,c</p>\n<p>a,b,c</p>\n<p>a,b,c</p>\n",
        "",
    ],
)
def test_prose_with_commas_is_no_table(tmp_path: Path, prose: str) -> None:
    assert find_table(source(tmp_path, prose, "notes.txt")) is None


def test_a_map_reads_the_dates_of_x(tmp_path: Path) -> None:
    [post, _, _] = posts(source(tmp_path, OF_X, columns=(("text", "full_text"), ("created", "created_at"))))
    assert post.created is not None
    assert post.created.precision == "second"


def test_the_cases_of_the_tables(shared: Path) -> None:
    cases = shared / "cases"
    if not cases.is_dir():
        pytest.skip("the cases do not lie beside this checkout")
    assert len(posts(Source.from_path(cases / "table-with-multiline-cells.csv"))) == 4
    dates = Source.from_path(cases / "formats" / "dates.csv", Options(columns=(("text", "text"), ("created", "ts"))))
    assert [post.created is not None for post in posts(dates)] == [True] * 4


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("1714566600", "2024-05-01T12:30:00", "second"),
        ("1714566600.0", "2024-05-01T12:30:00", "second"),
        ("1714566600000", "2024-05-01T12:30:00", "second"),
        ("1714566600000000", "2024-05-01T12:30:00", "second"),
        ("2024-05-01T12:30:00Z", "2024-05-01T12:30:00", "second"),
        ("2024-05-01T14:30:00+02:00", "2024-05-01T12:30:00", "second"),
        ("2024-05-01 12:30:00+00:00", "2024-05-01T12:30:00", "second"),
        ("2024-05-01 12:30:00 UTC", "2024-05-01T12:30:00", "second"),
        ("2024-05-01 12:30:00 +0000", "2024-05-01T12:30:00", "second"),
        ("2024/05/01 12:30:00 UTC", "2024-05-01T12:30:00", "second"),
        ("Wed May 01 12:30:00 +0000 2024", "2024-05-01T12:30:00", "second"),
        ("Wed, 01 May 2024 12:30:00 GMT", "2024-05-01T12:30:00", "second"),
        ("Wed, 1 May 2024 14:30:00 +0200", "2024-05-01T12:30:00", "second"),
        ("2024-05-01 12:30:00", "2024-05-01T00:00:00", "day"),
        ("2024-05-01", "2024-05-01T00:00:00", "day"),
        ("2024/5/1", "2024-05-01T00:00:00", "day"),
        ("May 1, 2024 · 12:30 PM UTC", "2024-05-01T00:00:00", "day"),
        ("1 May 2024", "2024-05-01T00:00:00", "day"),
        ("1. Mai 2024", "2024-05-01T00:00:00", "day"),
        ("5/13/2024 12:30", "2024-05-13T00:00:00", "day"),
        ("2024", "2024-01-01T00:00:00", "year"),
        ("2024-05", "2024-05-01T00:00:00", "month"),
    ],
)
def test_times_are_read_in_the_forms_that_programs_write(text: str, instant: str, precision: str) -> None:
    when = read_time(text)
    assert when is not None
    assert (when.instant.isoformat()[:19], when.precision) == (instant, precision)


@pytest.mark.parametrize("text", ["", "soon", "Frost again", "12", "2024-13-45", "Wed", "99999999999999999"])
def test_what_names_no_time_is_none(text: str) -> None:
    assert read_time(text) is None


def test_authors_of_known_tables_are_accounts_of_x(tmp_path: Path) -> None:
    given = source(tmp_path, OF_X)
    parser = parser_for(given)
    found = [record for entry in parser.entries(given) for record in parser.parse(entry)]
    assert {str(one.ref) for one in found if isinstance(one, Account)} == {"x:~mira", "x:~odo"}
