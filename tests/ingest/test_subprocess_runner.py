"""A large dump is read by a process of its own, and gives the same, in the same order, or the same error."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from seed_samples import SEEDS, seed

from threadkeep.archive.archive import Archive
from threadkeep.errors import DumpError, StorageError, ThreadkeepError
from threadkeep.ingest import subprocess_runner
from threadkeep.ingest.runner import ParseResult, run_parser
from threadkeep.ingest.subprocess_runner import parse_results, uses_worker
from threadkeep.parsers.generic import jsonl
from threadkeep.parsers.registry import parser_for
from threadkeep.parsers.x import archive as x_archive
from threadkeep.records import Post, Problem
from threadkeep.sources.source import Options, Source
from threadkeep.store.media_files import MediaFolder, media_name

PICTURE = b"\xff\xd8 a picture"


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every dump apart, however small it is and however many cores there are."""
    monkeypatch.setattr(subprocess_runner, "uses_worker", lambda source: True)


def named(source: Source, member: str) -> str:
    with source.open_member(member) as file:
        return media_name(member, file)


def outcome(found: Iterator[ParseResult]) -> list[object]:
    """What is read, and what ends it."""
    got: list[object] = []
    try:
        got += found
    except ThreadkeepError as error:
        got += [type(error), error.message, error.hint]
    return got


def here(source: Source) -> list[object]:
    return outcome(run_parser(parser_for(source), source, named))


def there(source: Source) -> list[object]:
    with parse_results(parser_for(source), source, named, None) as found:
        return outcome(found)


def tweet(number: int, text: str, **more: object) -> dict[str, object]:
    about = {"id_str": str(number), "full_text": text, "created_at": "Mon Oct 03 00:23:22 +0000 2022"}
    return {"tweet": {**about, **more}}


def account_archive(path: Path, tweets: list[dict[str, object]]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        about = [{"account": {"username": "mira", "accountId": "12"}}]
        archive.writestr("data/account.js", f"window.YTD.account.part0 = {json.dumps(about)}")
        archive.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps(tweets)}")
        archive.writestr("data/tweets_media/7-A.jpg", PICTURE)
    return path


def many(count: int) -> list[dict[str, object]]:
    return [tweet(10**18 + number, f"kiln {number}") for number in range(count)]


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("name", ["x-export", "bluesky-repo.car", "mastodon-export", "x-profile.txt", "export.jsonl"])
def test_what_is_read_apart_is_what_is_read_here(name: str) -> None:
    with closing(Source.from_path(seed(name), Options(author="mira"))) as source:
        assert there(source) == here(source) != []


@pytest.mark.usefixtures("always")
def test_many_records_keep_their_order_and_problems_their_places(tmp_path: Path) -> None:
    items = many(1200)
    items[700] = {"tweet": {"id_str": "1.5", "full_text": "x \ud800"}}
    items[701] = tweet(9, "a lone \ud800 and a NUL \0")
    with closing(Source.from_path(account_archive(tmp_path / "x.zip", items))) as source:
        found = there(source)
        assert found == here(source)
    assert len(found) == 1201
    assert isinstance(found[701], tuple)
    assert isinstance(found[701][1], Problem)


@pytest.mark.usefixtures("always")
def test_what_ends_the_reading_comes_after_what_was_read(tmp_path: Path) -> None:
    dump = tmp_path / "tweets.js"
    dump.write_text(f"window.YTD.tweets.part0 = {json.dumps(many(3))[:-20]}", "utf-8")
    with closing(Source.from_path(dump, Options(owner="mira"))) as source:
        found = there(source)
        assert found == here(source)
    assert DumpError in found
    assert isinstance(found[0], tuple)


@pytest.mark.usefixtures("always")
def test_files_of_media_are_kept_apart_and_settled_here(tmp_path: Path) -> None:
    url = "https://pbs.twimg.com/media/A.jpg"
    media = {"media": [{"type": "photo", "media_url_https": url, "url": "https://t.co/a", "indices": [5, 19]}]}
    items = [tweet(7, "kiln https://t.co/a", extended_entities=media)]
    dump = account_archive(tmp_path / "x.zip", items)
    with Archive(tmp_path / "archive") as archive:
        report = archive.import_(Source.from_path(dump))
        assert (report.posts, report.problems) == (1, ())
        [post] = [stored.post for stored in archive.store.posts([1]).values()]
    name = post.media[0].file
    assert name is not None
    assert (tmp_path / "archive" / "media" / name[:2] / name).read_bytes() == PICTURE


def test_a_file_that_another_process_kept_is_settled_and_must_be_there(tmp_path: Path) -> None:
    media = MediaFolder(tmp_path)
    media.note("ab.jpg")
    with pytest.raises(StorageError):
        media.fsync_all()


@pytest.mark.usefixtures("always")
def test_media_that_cannot_be_kept_are_an_error_of_storage(tmp_path: Path) -> None:
    media = {"media": [{"type": "photo", "media_url_https": "https://pbs.twimg.com/media/A.jpg"}]}
    dump = account_archive(tmp_path / "x.zip", [tweet(7, "kiln", extended_entities=media)])
    (tmp_path / "media").write_text("no folder", "utf-8")
    with closing(Source.from_path(dump)) as source:
        folder = MediaFolder(tmp_path / "media")
        with parse_results(x_archive, source, named, folder) as found:
            assert StorageError in outcome(found)
        folder.fsync_all()


@pytest.mark.usefixtures("always")
def test_a_reader_that_is_killed_is_told_of_and_nothing_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_worker = subprocess_runner._start

    def killed(task: subprocess_runner.Task) -> "subprocess.Popen[bytes]":
        process = start_worker(task)
        process.kill()
        return process

    monkeypatch.setattr(subprocess_runner, "_start", killed)
    dump = account_archive(tmp_path / "x.zip", many(10))
    with Archive(tmp_path / "archive") as archive:
        with pytest.raises(StorageError, match=r"was killed by signal|ended with code"):
            archive.import_(Source.from_path(dump))
        assert archive.store.counts()["posts"] == archive.store.revision() == 0
        assert archive.store.sources() == []
        monkeypatch.setattr(subprocess_runner, "_start", start_worker)
        assert archive.import_(Source.from_path(dump)).posts == 10


@pytest.mark.usefixtures("always")
def test_no_reader_is_left_when_the_import_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_worker, processes = subprocess_runner._start, []

    def watched(task: subprocess_runner.Task) -> "subprocess.Popen[bytes]":
        processes.append(start_worker(task))
        return processes[-1]

    def interrupting(locator: str, item: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess_runner, "_start", watched)
    dump = account_archive(tmp_path / "x.zip", many(5000))
    with Archive(tmp_path / "archive") as archive:
        with pytest.raises(KeyboardInterrupt):
            archive.import_(Source.from_path(dump), watch=interrupting)
        assert archive.store.counts()["posts"] == 0
    assert [process.returncode is not None for process in processes] == [True]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="looks at processes as Unix has them")
def test_a_reader_ends_when_nobody_takes_what_it_has(tmp_path: Path) -> None:
    dump = account_archive(tmp_path / "x.zip", many(20_000))
    script = (
        "import sys\nfrom pathlib import Path\nfrom threadkeep.parsers.x import archive\n"
        "from threadkeep.ingest import subprocess_runner as apart\nfrom threadkeep.sources.source import Source\n"
        "process = apart._start(apart.Task(archive.__name__, Source.from_path(Path(sys.argv[1])), None))\n"
        "print(process.pid, flush=True)\nprocess.stdout.read(1)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(dump)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        reader = int(parent.stdout.readline())
        os.kill(reader, signal.SIGINT)  # as a terminal sends to all: the one that asked decides
        os.kill(reader, 0)
        parent.kill()
    for _ in range(500):
        try:
            os.kill(reader, 0)
        except ProcessLookupError:
            return
        if _is_dead(reader):
            return
        time.sleep(0.01)
    raise AssertionError("it is still there")


def _is_dead(pid: int) -> bool:
    """Whether a process has ended and only waits for somebody to ask what became of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def test_small_dumps_and_packed_tars_are_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess_runner, "worker_count", lambda most: most)
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    small.write_bytes(b"{}\n")
    large.write_bytes(b"{}\n" * (subprocess_runner.LARGE_BYTES // 3 + 1))
    assert not judged(small)
    assert judged(large)
    monkeypatch.setattr(subprocess_runner, "LARGE_BYTES", 0)
    assert judged(account_archive(tmp_path / "x.zip", []))
    assert judged(SEEDS / "mastodon-archive/mastodon-export")
    with tarfile.open(tmp_path / "x.tar.gz", "w:gz") as packed:
        packed.add(SEEDS / "mastodon-archive/mastodon-export", "export")
    assert not judged(tmp_path / "x.tar.gz")


def judged(path: Path) -> bool:
    with closing(Source.from_path(path)) as source:
        return uses_worker(source)


def test_without_a_second_core_or_an_interpreter_dumps_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess_runner, "LARGE_BYTES", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert not judged(SEEDS / "x-text/x-profile.txt")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert judged(SEEDS / "x-text/x-profile.txt")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert not judged(SEEDS / "x-text/x-profile.txt")


@pytest.mark.usefixtures("always")
def test_how_much_was_read_is_known_here_too(tmp_path: Path) -> None:
    dump = tmp_path / "posts.jsonl"
    lines = [{"type": "post", "id": str(n), "platform": "x", "author": "mira", "text": f"kiln {n}"} for n in range(900)]
    dump.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    source = Source.from_path(dump)
    with parse_results(jsonl, source, named, None) as found:
        posts = [item for _, item in found if isinstance(item, Post)]
    assert [post.ref.id for post in posts] == [str(number) for number in range(900)]
    assert source.fraction_read() == pytest.approx(1.0, abs=0.02)
