"""``threadkeep import`` as people meet it: reports that add up, clear words for bad input, and nothing lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KEYS = ["source", "format", "sha256", "read", "new", "updated", "unchanged", "skipped", "problems"]
KEYS += ["accounts", "posts", "reposts", "pins"]

PASTE = """Frost took the early beans again last night. 🧵(1/3)
Thread on what a garden diary taught me: https://t.co/aaaaaaaaaa
Notes from @mira_grows and @oldpaths on saving #seeds for next spring!
"""

Threadkeep = Callable[..., Any]


def adds_up(report: dict[str, Any]) -> bool:
    parts = report["new"] + report["updated"] + report["unchanged"] + sum(report["skipped"].values())
    return bool(report["read"] == parts + len(report["problems"]))


def test_the_samples_import_and_every_report_adds_up(threadkeep: Threadkeep, seeds: Path) -> None:
    run = threadkeep("import", "--json", str(seeds))
    assert run.code == 0
    assert len(run.objects) == len(list(seeds.glob("*/*.expected.jsonl")))
    for report in run.objects:
        assert list(report) == KEYS
        assert adds_up(report)
        assert report["problems"] == []


def test_importing_twice_changes_nothing(threadkeep: Threadkeep, seeds: Path) -> None:
    threadkeep("import", str(seeds))
    before = threadkeep("export", "--format", "jsonl", "--to", "-").out
    run = threadkeep("import", "--json", str(seeds))
    assert all(report["new"] == report["updated"] == 0 and adds_up(report) for report in run.objects)
    assert threadkeep("export", "--format", "jsonl", "--to", "-").out == before


def test_a_paste_may_come_on_standard_input(threadkeep: Threadkeep) -> None:
    run = threadkeep("import", "--author", "@mira", "-", given=PASTE)
    assert run.code == 0
    assert "problem" not in run.out
    posts = threadkeep("search", "from:mira", "--json").objects
    assert {post["author"] for post in posts} == {"mira"}
    assert sorted("".join("".join(post["text"].split()) for post in posts)) == sorted("".join(PASTE.split()))


def test_telling_how_many_posts_there_are_is_believed_and_remembered(threadkeep: Threadkeep, tmp_path: Path) -> None:
    (tmp_path / "paste.txt").write_text(PASTE, encoding="utf-8")
    assert threadkeep("import", "paste.txt", "--split", "line", "--json").objects[0]["posts"] == 3
    again = threadkeep("import", "paste.txt", "--json").objects[0]
    assert (again["posts"], again["unchanged"]) == (3, again["read"])
    told = threadkeep("import", "paste.txt", "--posts", "2", "--json").objects[0]
    assert told["posts"] == 2


def test_a_dry_run_shows_the_posts_and_stores_nothing(threadkeep: Threadkeep, tmp_path: Path) -> None:
    (tmp_path / "paste.txt").write_text(PASTE, encoding="utf-8")
    short = threadkeep("import", "--dry-run", "paste.txt")
    assert "garden diary" not in short.out
    assert "records: " in short.out
    assert "nothing was stored" in short.out
    run = threadkeep("import", "--dry-run", "--verbose", "paste.txt")
    assert run.code == 0
    assert "garden diary" in run.out
    assert any(band in run.out for band in ("(sure)", "(likely)", "(check)"))
    assert not (tmp_path / "archive").exists()


def test_a_guess_is_never_silent(threadkeep: Threadkeep, shared: Path) -> None:
    [dump] = (shared / "seeds").glob("001_*")
    run = threadkeep("import", str(dump))
    last = run.out.rstrip().splitlines()[-1]
    assert "to check: threadkeep review" in last


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "nothing in it"),
        (bytes(range(256)) * 40, "no text"),
    ],
)
def test_bad_files_are_told_apart_and_do_not_stop_the_others(
    threadkeep: Threadkeep, tmp_path: Path, data: bytes, said: str
) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(PASTE, encoding="utf-8")
    run = threadkeep("import", "bad.txt", "good.txt", "--json")
    assert run.code == 1
    assert said in run.err
    bad, good = run.objects
    assert (bad["format"], len(bad["problems"]), adds_up(bad)) == (None, 1, True)
    assert good["posts"] >= 1


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_encodings_are_recognized(threadkeep: Threadkeep, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "paste.txt").write_bytes("Über Gärten: naïve “ideas” in the café #green\n".encode(encoding))
    assert threadkeep("import", "paste.txt").code == 0
    [post] = threadkeep("search", "naive", "--json").objects
    assert post["text"] == "Über Gärten: naïve “ideas” in the café #green"


def test_a_path_that_is_not_there_is_told(threadkeep: Threadkeep) -> None:
    run = threadkeep("import", "nowhere.txt")
    assert (run.code, run.out) == (1, "")
    assert "nowhere.txt: No such file" in run.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_path_that_may_not_be_read_is_told(threadkeep: Threadkeep, tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(PASTE, encoding="utf-8")
    path.chmod(0)
    run = threadkeep("import", "secret.txt")
    assert run.code == 1
    assert "Permission denied" in run.err


@pytest.mark.parametrize("address", ["https://x.com/mira/status/1750", "x.com/mira/status/1750", "www.example.org"])
def test_an_address_is_answered_with_how_to_save_the_page(threadkeep: Threadkeep, address: str) -> None:
    run = threadkeep("import", address)
    assert (run.code, run.out) == (1, "")
    assert f"{address}: it is an address, and threadkeep fetches nothing" in run.err
    assert "Save page as" in run.err


def test_many_sources_are_summed_up(threadkeep: Threadkeep, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        post = {"type": "post", "platform": "x", "id": str(number), "text": "words"}
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(post) + "\n", encoding="utf-8")
    run = threadkeep("import", "1.jsonl", "2.jsonl", "3.jsonl", "nowhere.jsonl")
    assert run.out.endswith("4 sources in all, 1 not read\n  3 records: 3 new\n")
    assert "in all" not in threadkeep("import", "1.jsonl").out


def test_own_exports_and_archives_are_passed_over_by_name(threadkeep: Threadkeep, tmp_path: Path) -> None:
    post = {"type": "post", "platform": "x", "id": "1", "text": "words"}
    (tmp_path / "1.jsonl").write_text(json.dumps(post) + "\n", encoding="utf-8")
    threadkeep("import", "1.jsonl")
    threadkeep("export", "--format", "markdown", "--to", "notes")
    threadkeep("export", "--format", "html", "--to", "pages")
    threadkeep("export", "--format", "csv", "--to", "posts.csv")
    threadkeep("backup", "kept")
    run = threadkeep("import", ".")
    assert run.code == 0
    assert "passed over: 3 own exports (notes, pages, posts.csv), 1 backup (kept), 1 archive (archive)\n" in run.err
    assert [source["source"] for source in threadkeep("sources", "--json").objects] == ["1.jsonl"]


@pytest.mark.parametrize(("format_name", "to"), [("markdown", "no/such/notes"), ("csv", "no/such/posts.csv")])
def test_an_export_names_the_folder_that_is_missing(
    threadkeep: Threadkeep, tmp_path: Path, format_name: str, to: str
) -> None:
    threadkeep("import", "-", given=PASTE)
    run = threadkeep("export", "--format", format_name, "--to", to)
    assert (run.code, "no/such: there is no such folder" in run.err) == (1, True)
    assert not (tmp_path / "no").exists()


def test_a_folder_without_dumps_is_told(threadkeep: Threadkeep, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    run = threadkeep("import", "pictures")
    assert run.code == 1
    assert "no source found in pictures" in run.err


def test_a_text_of_200_megabytes_is_refused_in_a_moment(threadkeep: Threadkeep, tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        for _ in range(200):
            file.write(b"words and more words\n" * 50_000)
    run = threadkeep("import", "huge.txt")
    assert run.code == 1
    assert "more than pasted text can have" in run.err


def test_wrong_usage_is_exit_2(threadkeep: Threadkeep, tmp_path: Path) -> None:
    assert threadkeep("import").code == 2
    assert threadkeep("import", "x", "--split", "sideways").code == 2
    run = threadkeep("imprt", "x")
    assert (run.code, "Did you mean 'import'?" in run.err) == (2, True)
    (tmp_path / "a.txt").write_text(PASTE, encoding="utf-8")
    run = threadkeep("import", "a.txt", "--format", "no-such-format")
    assert run.code == 1
    assert "no format is called 'no-such-format'" in run.err


def test_strict_stores_nothing_of_a_dump_with_problems(threadkeep: Threadkeep, tmp_path: Path) -> None:
    good = json.dumps({"type": "gap", "platform": "x", "id": "1", "reason": "deleted"})
    (tmp_path / "export.jsonl").write_text(f"{good}\nnot json\n", encoding="utf-8")
    run = threadkeep("import", "--strict", "export.jsonl", "--json")
    assert (run.code, len(run.objects[0]["problems"])) == (1, 1)
    assert "nothing of it was stored" in run.err
    assert threadkeep("stats", "--json").objects[0]["gaps"] == 0
    assert threadkeep("import", "export.jsonl").code == 0
    assert threadkeep("stats", "--json").objects[0]["gaps"] == 1
    [problem] = threadkeep("problems", "--json").objects
    assert (problem["locator"], problem["raw"]) == ("line 2", "not json")


def test_an_archive_of_a_newer_threadkeep_is_refused(threadkeep: Threadkeep, tmp_path: Path) -> None:
    import sqlite3

    threadkeep("import", "-", given=PASTE)
    with sqlite3.connect(tmp_path / "archive" / "threadkeep.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    run = threadkeep("search", "garden")
    assert run.code == 1
    assert "made by a newer threadkeep" in run.err
    assert "update threadkeep" in run.err


def test_no_archive_yet_is_told(threadkeep: Threadkeep) -> None:
    run = threadkeep("search", "garden")
    assert run.code == 1
    assert "there is no archive" in run.err


def many_posts(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            post = {"type": "post", "platform": "x", "id": str(number), "text": f"post number {number}"}
            file.write(json.dumps(post) + "\n")


def listen_to_interrupts() -> None:
    """What runs in the background is told to ignore Ctrl-C, and so would its children be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_an_import_stopped_in_the_middle_leaves_what_was_there(threadkeep: Threadkeep, tmp_path: Path) -> None:
    threadkeep("import", "-", given=PASTE)
    before = threadkeep("stats", "--json").objects
    many_posts(tmp_path / "many.jsonl", 60_000)
    command = [sys.executable, "-m", "threadkeep", "--archive", str(tmp_path / "archive"), "import", "many.jsonl"]
    for stop in (signal.SIGINT, signal.SIGKILL):
        pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, cwd=tmp_path, preexec_fn=listen_to_interrupts, **pipes) as process:  # noqa: PLW1509 - no threads here
            time.sleep(1.5)
            process.send_signal(stop)
            said = process.communicate()[1].decode()
        assert process.returncode == (1 if stop is signal.SIGINT else -signal.SIGKILL)
        if stop is signal.SIGINT:
            assert "stopped" in said
            assert "Traceback" not in said
        assert threadkeep("stats", "--json").objects == before
        assert len(threadkeep("search", "garden", "--json").objects) >= 1


@pytest.mark.slow
def test_two_imports_at_once_both_arrive(threadkeep: Threadkeep, tmp_path: Path) -> None:
    threadkeep("import", "-", given=PASTE)
    held = threadkeep("stats", "--json").objects[0]["posts"]
    commands = []
    for name in ("one", "two"):
        with (tmp_path / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(5000):
                post = {"type": "post", "platform": "x", "id": f"{name}{number}", "text": f"{name} {number}"}
                file.write(json.dumps(post) + "\n")
        command = [sys.executable, "-m", "threadkeep", "--archive", str(tmp_path / "archive")]
        commands.append(subprocess.Popen([*command, "import", f"{name}.jsonl"], cwd=tmp_path, stdout=subprocess.PIPE))
    assert [process.communicate() and process.returncode for process in commands] == [0, 0]
    assert threadkeep("stats", "--json").objects[0]["posts"] == held + 10_000
    counted = threadkeep("search", "one OR two", "--count-by", "platform", "--json").objects
    assert counted == [{"platform": "x", "count": 10_000}]


def test_a_copied_page_is_dated_once_it_is_said_when_it_was_copied(threadkeep: Threadkeep, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Ada Rivers\n@ada_rivers\n·\n2d\nThe weir is open.\n1\n2\n3\n4\n", "utf-8")
    threadkeep("import", str(page))
    (post,) = threadkeep("search", "weir", "--json").objects
    assert post["created"] is None
    report = threadkeep("import", "--json", "--saved-on", "2031-07-10", str(page)).objects[0]
    assert adds_up(report)
    (post,) = threadkeep("search", "weir", "--json").objects
    assert (post["created"], post["precision"]) == ("2031-07-08T00:00:00Z", "day")
    threadkeep("reread")
    (post,) = threadkeep("search", "weir", "--json").objects
    assert post["created"] == "2031-07-08T00:00:00Z"
    assert threadkeep("import", "--saved-on", "next Tuesday", str(page)).code == 2
