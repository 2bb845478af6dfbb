"""The Python interface: paths of either kind, no archive made by mistake, results to read, print and convert."""

import subprocess
import sys
from pathlib import Path

import pytest

import threadkeep
from threadkeep import Archive, NotFound, QueryError, ThreadkeepError, open_archive

FORMS = pytest.mark.parametrize("form", [str, Path])


@pytest.fixture
def archive(folder: Path) -> Archive:
    return open_archive(folder)


def test_importing_threadkeep_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import threadkeep; print(*sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in run.stdout.split() if name.startswith("threadkeep")] == ["threadkeep"]
    assert len(run.stdout.split()) < 10


def test_opening_an_archive_loads_neither_sqlalchemy_nor_whoosh_nor_pandas(folder: Path) -> None:
    code = (
        "import sys; from threadkeep import open_archive\n"
        f"with open_archive({str(folder)!r}) as archive: assert len(archive.search('glaze'))\n"
        "print(*{'sqlalchemy', 'whoosh', 'pandas', 'bs4'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("name", threadkeep.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert name in dir(threadkeep)
    assert getattr(threadkeep, name).__doc__


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'open_archives'"):
        _ = threadkeep.open_archives  # type: ignore[attr-defined]


@FORMS
def test_a_folder_without_an_archive_is_an_error(form: type, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="create=True"):
        open_archive(form(tmp_path / "mistyped"))
    assert not (tmp_path / "mistyped").exists()


@FORMS
def test_paths_are_strings_or_path_objects(form: type, tmp_path: Path, seeds: Path) -> None:
    with open_archive(form(tmp_path / "archive"), create=True) as archive:
        [report] = archive.import_paths(form(seeds / "bluesky-text" / "bluesky-profile.txt"))
        assert report.posts == 7
        assert archive.export(to=form(tmp_path / "notes")).posts == 7
    assert open_archive(form(tmp_path / "archive")).count("glaze") == 3


def test_without_a_folder_it_opens_the_archive_of_the_command_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREADKEEP_ARCHIVE", str(folder))
    assert open_archive().folder == folder


def test_a_folder_of_sources_is_one_import_with_a_report_each(tmp_path: Path, seeds: Path) -> None:
    with open_archive(tmp_path / "archive", create=True) as archive:
        reports = archive.import_paths(seeds / "x-archive", seeds / "bluesky-text")
        assert len(reports) > 1
        assert [report.format for report in reports][:1] == ["x-archive"]
        assert reports.posts == sum(report.posts for report in reports)
        assert reports.failed == ()
        assert archive.import_paths(seeds / "x-archive").new == 0


def test_a_source_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path, seeds: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "picture.jpg").write_bytes(b"\xff\xd8\xff\x00")
    (mixed / "paste.txt").write_text("A kiln post.", encoding="utf-8")
    with open_archive(tmp_path / "archive", create=True) as archive:
        reports = archive.import_paths(tmp_path / "not there", mixed)
        assert [report.failed for report in reports] == [True, False]
        assert reports.failed[0].error is not None
        assert reports.ignored_paths == (str(mixed / "picture.jpg"),)
        assert archive.count("kiln") == 1


def test_a_dry_run_stores_nothing(tmp_path: Path, seeds: Path) -> None:
    with open_archive(tmp_path / "archive", create=True) as archive:
        assert archive.import_paths(seeds / "bluesky-text", dry_run=True).posts
        assert archive.count("") == 0


def test_a_page_knows_how_many_hits_there_are(archive: Archive) -> None:
    page = archive.search("glaze", limit=1)
    assert (len(page), page.total) == (1, archive.count("glaze"))
    everything = archive.search("glaze", limit=None)
    assert len(everything) == everything.total == page.total
    assert everything[0] == page[0]
    assert list(archive.search("glaze", limit=1, offset=1)) == list(everything[1:2])


def test_hits_can_be_sorted_by_date(archive: Archive) -> None:
    dates = [hit.created for hit in archive.search("", sort="newest", limit=None)]
    known = [date for date in dates if date]
    assert known == sorted(known, reverse=True)


def test_a_hit_leads_to_its_thread_in_every_way(archive: Archive) -> None:
    hit = next(hit for hit in archive.search("", limit=None) if hit.thread_size > 1 and hit.url)
    thread = archive.thread(hit)
    assert len(thread) == hit.thread_size
    assert thread.id == hit.thread
    assert [post.id for post in thread] == [post.id for post in archive.thread(hit.id)]
    assert [post.id for post in thread] == [post.id for post in archive.thread(hit.url or "")]


def test_counts_add_up(archive: Archive) -> None:
    assert sum(archive.counts("", by="platform").values()) == archive.count("") == len(list(archive.posts()))


def test_a_hit_converts_to_the_object_of_the_command_line(archive: Archive) -> None:
    hit = archive.search("glaze", limit=1)[0]
    found = hit.to_dict()
    assert (found["text"], found["type"]) == (hit.text, "post")
    assert "**" in found["snippet"]
    assert next(post.to_dict() for post in archive.posts() if post.id == hit.id).items() <= found.items()


def test_exports_in_every_format(archive: Archive, tmp_path: Path) -> None:
    for name in ("markdown", "html", "jsonl", "csv"):
        assert archive.export("glaze", format=name, to=tmp_path / name).posts
        assert (tmp_path / name).exists()


def test_a_data_frame_has_a_row_for_each_post(archive: Archive) -> None:
    pytest.importorskip("pandas")
    frame = archive.to_pandas()
    assert len(frame) == archive.count("")
    assert str(frame["created"].dt.tz) == "UTC"
    assert list(archive.to_pandas("wistfulzzz").columns) == list(frame.columns)
    assert str(frame["likes"].dtype) == "Int64"


def test_without_pandas_the_error_says_what_to_install(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ThreadkeepError, match="pip install pandas"):
        archive.to_pandas()


def test_a_query_that_cannot_be_understood_says_where(archive: Archive) -> None:
    with pytest.raises(QueryError) as caught:
        archive.search("(glaze")
    assert "^" in caught.value.pointed()
