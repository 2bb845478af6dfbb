"""The CSV export is read back cell by cell, and no cell is a formula."""

import csv
import io
import string
from pathlib import Path

import pytest
from export_samples import RECORDS, alone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from records_in_memory import Records

from threadkeep.exporters import csv_table
from threadkeep.exporters.csv_table import COLUMNS, FORMULA, guarded
from threadkeep.record_json.encode import post_object
from threadkeep.records import Post, Ref
from threadkeep.text.control_chars import escape_controls

texts = st.text(
    st.one_of(st.sampled_from("=+-@＝＋－＠'\t\r\n ,;\"\x00\x1b\u200b\ufeff"), st.characters()), max_size=12
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_each_post_is_a_row_with_every_key_of_its_object(tmp_path: Path) -> None:
    written = csv_table.write(RECORDS, tmp_path / "posts.csv")
    rows = rows_of(tmp_path / "posts.csv")
    assert (written.files, written.posts, len(rows)) == (1, 6, 6)
    assert set(COLUMNS) == set(post_object(next(RECORDS.posts()))) - {"type"} | {"poll", "edited"}
    assert rows[0]["text"] == next(RECORDS.posts()).post.text
    assert rows[0]["author"] == "mira.example.com"
    assert rows[0]["created"] == "2024-05-01T12:30:00Z"
    assert rows[1]["tags"] == "pottery Salt"
    assert rows[1]["links"] == "https://example.org/long/path (t.co/abc…)"
    assert rows[4]["author"] == rows[4]["created"] == rows[4]["counts"] == ""


def test_excel_is_told_the_encoding(tmp_path: Path) -> None:
    csv_table.write(RECORDS, tmp_path / "posts.csv")
    assert (tmp_path / "posts.csv").read_bytes().startswith(b"\xef\xbb\xbfplatform,id,")


def test_a_pipe_gets_the_same_rows_without_the_mark(tmp_path: Path) -> None:
    csv_table.write(RECORDS, tmp_path / "posts.csv")
    assert "".join(csv_table.lines(RECORDS)).encode() == (tmp_path / "posts.csv").read_bytes()[3:]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1+1",
        "－1",
        "\u3000＠x",
        "'=1",
        "\n=1",
        "\ufeff=1",
        "\x00=1",
    ],
)
def test_a_formula_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "'tis", "a=b", "1-2", "Hi @mira", "“=”", "#=", "'"])
def test_what_is_no_formula_stays(cell: str) -> None:
    assert guarded(cell) == cell


@given(texts)
@settings(max_examples=200, deadline=None)
def test_taking_the_guard_off_gives_back_the_cell(text: str) -> None:
    cell = guarded(text)
    assert (cell[1:] if FORMULA.match(cell) else cell) == text
    assert cell.lstrip(string.whitespace + "\u3000\ufeff\u200b")[:1] not in tuple("=+-@＝＋－＠")


@given(texts)
@settings(max_examples=100, deadline=None)
@example('"\r\n",=cmd|"/c calc"!A1')
def test_any_text_is_one_cell(text: str) -> None:
    written = "".join(csv_table.lines(Records((), (alone(Post(Ref("x", "-1"), None, text)),))))
    header, row = csv.reader(io.StringIO(written, newline=""), strict=True)
    cells = dict(zip(header, row, strict=True))
    assert cells["text"] == guarded(escape_controls(text))
    assert cells["id"] == "'-1"
