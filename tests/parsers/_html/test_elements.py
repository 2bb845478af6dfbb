"""Saved pages: real ones give what an independent counter found, and hostile ones neither hang nor crash."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from seed_samples import SEEDS

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import ImportReport
from threadkeep.errors import DumpError
from threadkeep.parsers.registry import all_parsers
from threadkeep.records import StoredPost
from threadkeep.sources.source import Source

PAGES = sorted(path.name for path in SEEDS.glob("*.html"))


def read(path: Path, folder: Path) -> tuple[ImportReport, list[StoredPost]]:
    with Archive(folder) as archive:
        report = archive.import_(Source.from_path(path))
        assert report.adds_up()
        with archive.selection() as selection:
            return report, list(selection.posts())


def facts_of(shared: Path, name: str) -> tuple[Path, dict[str, object]]:
    facts = json.loads((shared / "dumps" / "FACTS.json").read_text("utf-8"))
    return shared / "dumps" / name, facts[name]


def test_a_nitter_profile_of_2020(shared: Path, tmp_path: Path) -> None:
    path, facts = facts_of(shared, "html-nitter/nitter_scraper_profile_2020.html")
    report, posts = read(path, tmp_path)
    assert (report.format, report.reposts, report.pins) == ("nitter-page", facts["retweets"], facts["pinned"])
    assert len(posts) == facts["nitter_dates"]
    assert all(stored.post.created for stored in posts)
    # One of the four quoted posts is not available any more, and the page names no id for it.
    assert sum(bool(stored.post.quotes) for stored in posts) + report.skipped["unavailable post without an id"] == 4
    passed_on = [stored for stored in posts if stored.author and stored.author.handle != facts["profile"]]
    assert len(passed_on) >= report.reposts


def test_a_mastodon_thread(shared: Path, tmp_path: Path) -> None:
    path, facts = facts_of(shared, "html-mastodon/defuddle_mastodon_thread.html")
    report, posts = read(path, tmp_path)
    assert (report.format, len(posts)) == ("mastodon-page", facts["statuses"])
    assert posts[0].author is not None
    assert posts[0].author.handle == facts["author"]
    assert posts[0].post.ref.id.endswith(f"/{facts['focal']}")
    assert {stored.thread for stored in posts} == {posts[0].post.ref}


def test_a_page_of_twitter_in_2016(shared: Path, tmp_path: Path) -> None:
    path, facts = facts_of(shared, "html-x/postlight_twitter_2016_thread.html")
    report, posts = read(path, tmp_path)
    assert (report.format, len(posts)) == ("x-page-2016", facts["tweets"])
    by_author = [stored.author and stored.author.handle for stored in posts]
    assert by_author.count(str(facts["thread_author"])) == facts["thread_tweets"]
    assert posts[0].post.ref.id == facts["root_id"]
    assert all(stored.post.created and stored.post.created.origin == "stated" for stored in posts)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("part", [1 / 3, 2 / 3, 0.95])
def test_a_page_cut_off_gives_some_of_what_it_had(name: str, part: float, tmp_path: Path) -> None:
    whole = (SEEDS / name).read_text("utf-8")
    _, before = read(SEEDS / name, tmp_path / "whole")
    cut = tmp_path / name
    cut.write_text(whole[: int(len(whole) * part)], encoding="utf-8")
    _, posts = read(cut, tmp_path / "cut")
    assert len(posts) <= len(before)


@pytest.mark.parametrize("name", PAGES)
def test_nesting_beyond_reason_neither_crashes_nor_hangs(name: str, tmp_path: Path) -> None:
    whole = (SEEDS / name).read_text("utf-8")
    head, tag, body = whole.partition("<body")
    nested = tmp_path / name
    nested.write_text(f"{head}{tag}{body.replace('>', '>' + '<div>' * 10_000, 1)}", encoding="utf-8")
    try:
        report, _ = read(nested, tmp_path / "archive")
    except DumpError as error:
        assert str(error)
    else:
        assert report.read >= 1


@pytest.mark.parametrize("name", PAGES)
def test_broken_addresses_are_no_reason_to_stop(name: str, tmp_path: Path) -> None:
    broken = tmp_path / name
    broken.write_text(
        (SEEDS / name).read_text("utf-8").replace('href="http', 'href="http://[::1/http'), encoding="utf-8"
    )
    source = Source.from_path(broken)
    [parser] = [parser for parser in all_parsers().values() if parser.recognizes(source)]
    with Archive(tmp_path / "archive") as archive:
        report = archive.import_(source, parser.NAME)
    assert report.adds_up()
    assert not any("Error:" in problem.reason for problem in report.problems)


IMPORT = """
import sys
from pathlib import Path
from threadkeep.archive.archive import Archive
from threadkeep.errors import ThreadkeepError
from threadkeep.sources.source import Source

with Archive(Path(sys.argv[2])) as archive:
    try:
        print(archive.import_(Source.from_path(Path(sys.argv[1]))).posts)
    except ThreadkeepError as error:
        print(error)
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(peak.split()[1])
"""
STATUS = Path("/proc/self/status")
"""Where Linux tells a process the most memory it had."""


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="the system does not tell how much memory a process had")
@pytest.mark.parametrize(("filling", "said"), [("posts", "50 MB is more than a saved page can have"), ("picture", "5")])
def test_a_page_of_fifty_megabytes_takes_no_more_memory_than_any_other_dump(
    filling: str, said: str, tmp_path: Path
) -> None:
    head, cell, rest = (
        (SEEDS / "x-page/x-thread.html").read_text("utf-8").partition('<div class="css-175oi2r" data-testid="cell')
    )
    posts, end, foot = rest.partition("</div></div></section>")
    times = 50_000_000 // len(cell + posts)
    more = (cell + posts) * times if filling == "posts" else f'<img src="data:image/png;base64,{"A" * 50_000_000}">'
    page = tmp_path / "page.html"
    page.write_text(head + more + cell + posts + end + foot, encoding="utf-8")
    command = [sys.executable, "-c", IMPORT, str(page), str(tmp_path / "archive")]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said in found[0]
    assert int(found[1]) / 1024 < 600
