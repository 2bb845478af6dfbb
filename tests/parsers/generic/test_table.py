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


def test_a_platform_is_one_by_name_or_the_row_is_a_problem(tmp_path: Path) -> None:
    lines = "where,body\nTwitter,one\nmyspace,two\nx \x1b]0;owned\x07,three\n"
    report, posts = read(tmp_path, lines, (("text", "body"), ("platform", "where")))
    assert sorted(post.ref.platform for post in posts) == ["myspace", "x"]
    assert ["no name of a platform" in problem.reason for problem in report.problems] == [True]


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


IDS = "no,user,ts,body,link\n"


@pytest.mark.parametrize("lost", ["1.82303E+18", '"1,82303E+18"', "1823034567890120000", "1823034567890123520.0"])
def test_rows_whose_ids_lost_digits_stay_posts_of_their_own(tmp_path: Path, lost: str) -> None:
    rows = [("mira", "10", "Frost again"), ("finn", "11", "Salt glaze"), ("mira", "12", "Frost again")]
    text = IDS + "".join(f"{lost},{who},2024-08-12T{hour}:00:00Z,{said},\n" for who, hour, said in rows)
    report, posts = read(tmp_path, text)
    assert (report.adds_up(), report.posts, report.skipped) == (True, 3, {})
    assert sorted((post.author and post.author.id, post.text) for post in posts) == [
        ("~finn", "Salt glaze"),
        ("~mira", "Frost again"),
        ("~mira", "Frost again"),
    ]
    assert all(post.inferred == ("id",) and not post.ref.is_native for post in posts)
    assert read(tmp_path, text)[0].new == 0


@pytest.mark.parametrize("lost", ["1.82303E+18", "1823034567890120000", "1823034567890123500"])
def test_an_id_that_lost_digits_is_taken_from_the_address_in_its_row(tmp_path: Path, lost: str) -> None:
    link = "https://twitter.com/mira/status/1823034567890123456"
    _, [post] = read(tmp_path, f"{IDS}{lost},mira,2024-08-12,Frost,{link}\n")
    assert (post.ref, post.author, post.inferred) == (Ref("x", "1823034567890123456"), Ref("x", "~mira"), ())


def test_an_address_of_another_post_is_no_id_of_the_row(tmp_path: Path) -> None:
    link = "https://twitter.com/mira/status/1723034567890123456"
    _, [post] = read(tmp_path, f"{IDS}1.82303E+18,mira,2024-08-12,Frost,{link}\n")
    assert (post.ref.is_native, post.inferred) == (False, ("id",))


def test_an_answer_to_an_id_that_lost_digits_answers_nothing(tmp_path: Path) -> None:
    columns = (*COLUMNS, ("reply_to", "link"))
    _, posts = read(tmp_path, f"{IDS}1,mira,,a,1.82303E+18\n2,mira,,b,7.0\n", columns)
    assert {post.ref.id: post.reply_to for post in posts} == {"1": None, "2": Ref("text", "7")}


def test_a_retweet_in_a_table_of_x_is_no_post_of_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('net,user,body\nTwitter,mira,"RT @finn: Salt gla…"\nx,mira,"So it is: RT @finn: Salt"\n')
    columns = (("text", "body"), ("author", "user"), ("platform", "net"))
    with Archive(tmp_path / "archive") as archive:
        report = archive.import_(Source.from_path(path, Options(columns=columns)), "table")
        with archive.selection() as selection:
            said = {post.text: (post.author, post.inferred) for post in (one.post for one in selection.posts())}
    assert (report.posts, report.reposts, report.adds_up()) == (2, 1, True)
    assert said == {
        "Salt gla…": (Ref("x", "~finn"), ("truncated",)),
        "So it is: RT @finn: Salt": (Ref("x", "~mira"), ()),
    }
