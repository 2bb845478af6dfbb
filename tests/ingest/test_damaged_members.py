"""A damaged, missing or cut off file of an archive costs that file alone, and one problem names it."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import ImportReport
from threadkeep.ingest.runner import run_parser
from threadkeep.parsers.registry import parser_for
from threadkeep.records import Post, Problem, Repost
from threadkeep.sources.source import Options, Source

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ARCHIVES = ("x-archive/x-export", "grailbird/x-export-2013", "mastodon-archive/mastodon-export")

Files = dict[str, bytes]


def files_of(name: str) -> Files:
    folder = SEEDS / name
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def as_folder(path: Path, files: Files) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def as_zip(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def as_tar(path: Path, files: Files) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def parsed(path: Path, **options: str) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """The problems by locator, and the posts and reposts with their texts."""
    problems: dict[str, str] = {}
    held: set[tuple[str, str]] = set()
    source = Source.from_path(path, Options(**options))  # type: ignore[arg-type]
    for locator, item in run_parser(parser_for(source), source, lambda _source, member: Path(member).name):
        if isinstance(item, Problem):
            problems[locator] = item.reason
        elif isinstance(item, Post):
            held.add((str(item.ref), item.text))
        elif isinstance(item, Repost):
            held.add((str(item.post), ""))
    source.close()
    return problems, held


def imported(path: Path, to: Path, **options: str) -> ImportReport:
    source = Source.from_path(path, Options(**options))  # type: ignore[arg-type]
    with Archive(to) as archive, contextlib.closing(source):
        report = archive.import_(source)
    assert report.adds_up()
    return report


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda _: b"",
    "zeros": lambda data: bytes(len(data)),
    "noise": lambda data: os.urandom(len(data)),
    "not JSON": lambda _: b"<html>429 Too Many Requests</html>",
}
MEMBERS = [
    (archive, member)
    for archive in ARCHIVES
    for member in files_of(archive)
    if not member.endswith((".png", ".jpg", "payload_details.js", "follower.js", "like.js"))
]


@pytest.mark.parametrize(("archive", "member"), MEMBERS)
def test_a_damaged_file_costs_itself_and_one_problem_names_it(archive: str, member: str, tmp_path: Path) -> None:
    files = files_of(archive)
    known, held = parsed(as_folder(tmp_path / "whole", files))
    rest = {name: data for name, data in files.items() if name != member}
    without = parsed(as_folder(tmp_path / "without", rest), owner="mira")[1] if member != "outbox.json" else set()
    for name, damage in DAMAGES.items():
        bad = as_folder(tmp_path / name, files | {member: damage(files[member])})
        problems, left = parsed(bad)
        said = [locator for locator in problems if locator not in known]
        assert {Path(locator.partition(" ")[0]).name for locator in said} == {Path(member).name}, name
        assert len(said) == 1, name
        ids = {id_ for id_, _ in left}
        assert {id_ for id_, _ in without & held} <= ids, name


@pytest.mark.parametrize(("archive", "member"), MEMBERS)
def test_a_flipped_bit_in_a_packed_file_costs_no_other(archive: str, member: str, tmp_path: Path) -> None:
    files = files_of(archive)
    _, held = parsed(as_folder(tmp_path / "whole", files))
    rest = {name: data for name, data in files.items() if name != member}
    without = parsed(as_folder(tmp_path / "without", rest), owner="mira")[1] if member != "outbox.json" else set()
    path = as_zip(tmp_path / "packed.zip", files)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive_:
        info = archive_.getinfo(member)
    start = info.header_offset + 30 + len(member)
    for at in range(start, start + info.compress_size, max(1, info.compress_size // 5)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        problems, left = parsed(path)
        assert member in problems, at
        assert {id_ for id_, _ in without & held} <= {id_ for id_, _ in left}


@pytest.mark.parametrize("archive", ARCHIVES)
@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_a_cut_archive_says_so_once(archive: str, pack: Callable[[Path, Files], Path], tmp_path: Path) -> None:
    files = files_of(archive)
    path = pack(tmp_path / "packed", files)
    data = path.read_bytes()
    whole = imported(path, tmp_path / "whole")
    for cut in (40, len(data) // 6):
        path.write_bytes(data[:-cut])
        report = imported(path, tmp_path / str(cut))
        assert sum("cut off" in problem.reason for problem in report.problems) == 1, report.problems
        assert whole.posts >= report.posts


def test_a_file_that_the_manifest_lists_and_that_is_missing_is_one_problem(tmp_path: Path) -> None:
    files = files_of(ARCHIVES[0])
    listed = {
        "account": "account.js",
        "tweets": "tweets.js",
        "note_tweet": "note-tweet.js",
        "direct_messages": "direct-messages.js",
    }
    types = {
        kind: {"files": [{"fileName": f"data/{name}", "globalName": f"YTD.{kind}.part0", "count": "3"}]}
        for kind, name in listed.items()
    }
    types["tweets"]["files"].append(
        {"fileName": "data/tweets-part1.js", "globalName": "YTD.tweets.part1", "count": "3456"}
    )
    files["data/manifest.js"] = f"window.__THAR_CONFIG = {json.dumps({'dataTypes': types})}".encode()
    del files["data/note-tweet.js"]
    report = imported(as_folder(tmp_path / "export", files), tmp_path / "a")
    said = {problem.locator: problem.reason for problem in report.problems}
    assert "3,456 records" in said["tweets-part1.js"]
    assert {"note-tweet.js", "tweets-part1.js", "direct-messages.js"} <= said.keys()
    assert report.posts


def test_an_archive_without_its_owner_asks_for_it(tmp_path: Path) -> None:
    files = {name: data for name, data in files_of(ARCHIVES[0]).items() if name.endswith("tweets.js")}
    files["data/tweets.js"] = files["data/tweets.js"].replace(b"/photo/", b"/other/").replace(b"/video/", b"/other/")
    path = as_folder(tmp_path / "export", files)
    report = imported(path, tmp_path / "a")
    assert any("--owner HANDLE" in problem.reason for problem in report.problems)
    report = imported(path, tmp_path / "b", owner="mira")
    assert not any("--owner" in problem.reason for problem in report.problems)
    assert report.posts


def test_months_that_the_list_of_months_names_are_missed(tmp_path: Path) -> None:
    files = files_of(ARCHIVES[1])
    month = {"file_name": "data/js/tweets/2015_07.js", "year": 2015, "month": 7, "tweet_count": 12}
    files["data/js/tweet_index.js"] = f"var tweet_index = {json.dumps([month])}".encode()
    report = imported(as_folder(tmp_path / "export", files), tmp_path / "a")
    assert ("data/js/tweets/2015_07.js", "12 posts") in [(p.locator, p.reason[-8:]) for p in report.problems]


def test_an_archive_of_mastodon_without_its_outbox_says_so(tmp_path: Path) -> None:
    files = files_of(ARCHIVES[2])
    del files["outbox.json"]
    report = imported(as_folder(tmp_path / "export", files), tmp_path / "a")
    assert ("outbox.json", "it is missing, and with it all posts") in [(p.locator, p.reason) for p in report.problems]


def test_names_that_are_not_utf8_go_all_the_way(tmp_path: Path) -> None:
    """Through import, its JSON report, a backup to such a path, and its restoration."""
    name = b"caf\xe9".decode("utf-8", "surrogateescape")
    path = as_folder(tmp_path / name, files_of(ARCHIVES[0]))

    def run(*arguments: object) -> str:
        command = (sys.executable, "-m", "threadkeep", "--archive", str(tmp_path / "archive"), *map(str, arguments))
        return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")

    [line] = run("import", "--json", path).splitlines()
    assert json.loads(line)["source"].endswith("caf\\xe9")
    run("backup", tmp_path / f"backup-{name}")
    run("verify", tmp_path / f"backup-{name}")
    assert "caf\\xe9" in run("sources")
