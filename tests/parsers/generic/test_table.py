"""Any table can be read once a person says which column is what."""

from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import ImportReport
from threadkeep.errors import DumpError
from threadkeep.records import Post, Ref
from threadkeep.sources.source import Options, Source

COLUMNS = (("text", "body"), ("author", "user"), ("created", "ts"), ("id", "no"))


def read(tmp_path: Path, text: str, columns: tuple[tuple[str, str], ...] = COLUMNS) -> tuple[ImportReport, list[Post]]:
    path = tmp_path / "dump"
    path.write_text(text, encoding="utf-8")
    with Archive(tmp_path / "archive") as archive:
        report = archive.import_(Source.from_path(path, Options(columns=columns)), "table")
        with archive.selection() as selection:
            return report, [stored.post for stored in selection.posts()]


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_columns_are_read_by_their_heads(tmp_path: Path, comma: str) -> None:
    rows = [("no", "user", "ts", "other", "body"), ("7", "@mira", "2024-05-01T06:00:00Z", "x", '"a #b\nc"')]
    report, [post] = read(tmp_path, "\ufeff" + "\n".join(comma.join(row) for row in rows))
    assert report.adds_up()
    assert (post.ref, post.author, post.text, post.tags) == (Ref("text", "7"), Ref("text", "~mira"), "a #b\nc", ("b",))
    assert post.created is not None
    assert post.created.instant.isoformat() == "2024-05-01T06:00:00+00:00"


def test_lines_of_json_are_read_by_their_keys(tmp_path: Path) -> None:
    lines = '{"no": 12345678901234567890, "body": "one", "ts": 1714540800}\n{"body": ["x"]}\n{"user": "a"}\n[1]\n{"bo'
    report, [post] = read(tmp_path, lines)
    assert (post.ref.id, post.created and post.created.precision) == ("12345678901234567890", "second")
    assert [problem.locator for problem in report.problems] == ["line 2", "line 3", "line 4", "line 5"]
    assert report.adds_up()


@pytest.mark.parametrize(
    ("stated", "precision"),
    [
        ("2024-05-01", "day"),
        ("2024-05-01 10:00:00", "day"),
        ("2024-05-01T10:00:00+02:00", "second"),
        ("1714540800000", "second"),
    ],
)
def test_a_time_is_as_precise_as_it_is_stated(tmp_path: Path, stated: str, precision: str) -> None:
    _, [post] = read(tmp_path, f"body,user,ts,no\nx,,{stated},\n")
    assert post.created is not None
    assert (post.created.precision, post.created.instant.date().isoformat()) == (precision, "2024-05-01")
    assert post.author is None


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((("text", "nope"),), "no column nope"),
        ((("author", "user"),), "where the text is"),
        ((("tezt", "body"),), "tezt"),
    ],
)
def test_a_wrong_map_is_told(tmp_path: Path, columns: tuple[tuple[str, str], ...], said: str) -> None:
    with pytest.raises(DumpError, match=said):
        read(tmp_path, "body,user\nx,y\n", columns)
